"""Une organisation demande l'appui du CQEN; le fil reste ouvert jusqu'à sa clôture, signée."""

import pytest

from indicateurs.models import DemandeAccompagnement
from organisations.models import TransitionInterdite
from tests import fabrique as f

pytestmark = pytest.mark.django_db
LE = f.instant("2023-05-01")
APRES = f.instant("2023-05-02")


@pytest.fixture
def demande() -> DemandeAccompagnement:
    organisation = f.organisation()
    return DemandeAccompagnement.objects.create(
        organisation=organisation, objet="Signer sans papier", demandee_par=f.declarant(organisation), demandee_le=LE
    )


def test_le_fil_garde_qui_ecrit_quoi_et_quand(demande):
    cqen = f.relecteur()
    demande.repondre("Parlons-en mardi.", par=cqen, le=APRES)
    message = demande.messages.get()
    assert (message.texte, message.par, message.le) == ("Parlons-en mardi.", cqen, APRES)


def test_un_message_vide_est_refuse(demande):
    with pytest.raises(TransitionInterdite, match="Écrivez"):
        demande.repondre("  ", par=f.relecteur(), le=APRES)
    assert not demande.messages.exists()


def test_une_demande_close_ne_recoit_plus_rien_et_ne_se_clot_qu_une_fois(demande):
    cqen = f.relecteur()
    demande.clore(par=cqen, le=APRES)
    relue = DemandeAccompagnement.objects.get()
    assert (relue.close_par, relue.close_le) == (cqen, APRES)
    assert demande.clore(par=cqen, le=APRES) is False
    autre = f.relecteur()
    for geste in (lambda: demande.repondre("Encore", par=cqen, le=APRES), lambda: demande.clore(par=autre, le=APRES)):
        with pytest.raises(TransitionInterdite, match="close"):
            geste()
