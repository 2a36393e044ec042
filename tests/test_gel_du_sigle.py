"""Une édition fige le sigle de chaque organisation qu'elle nomme, quoi qu'on change ensuite."""

import pytest
from django.db import IntegrityError, transaction

from organisations.figes import FIGES
from organisations.models import Organisation
from tests import fabrique as f

pytestmark = pytest.mark.django_db


def changer(organisation, **champs) -> None:
    with transaction.atomic():
        Organisation.objects.filter(pk=organisation.pk).update(**champs)


@pytest.mark.parametrize("sigle", ["RAMQ", "É-L'Île & Cie"])
def test_repousser_l_assujettissement_ne_degele_ni_le_sigle_ni_la_ligne(sigle):
    muette, trimestre = f.organisation(sigle), f.trimestre()
    f.edition(trimestre)
    changer(muette, assujettie_du="2030-01-01")
    muette.refresh_from_db()

    assert FIGES.de(muette)
    with pytest.raises(IntegrityError):
        changer(muette, sigle="AUTRE")
    with pytest.raises(IntegrityError), transaction.atomic():
        muette.delete()


def test_une_remplacante_que_l_edition_nomme_est_figee_et_une_inconnue_ne_l_est_pas():
    neuve, inconnue = (f.organisation(sigle, assujettie_du="2030-01-01") for sigle in ("NEUVE", "INCONNUE"))
    f.organisation("VIEILLE", assujettie_au="2023-02-01", remplacee_par=neuve)
    f.edition(f.trimestre())

    assert (bool(FIGES.de(neuve)), bool(FIGES.de(inconnue))) == (True, False)
    with pytest.raises(IntegrityError):
        changer(neuve, sigle="AUTRE")
    changer(inconnue, sigle="AUTRE")
