"""Une habilitation est le seul droit de parler pour une organisation; révoquée, elle ne permet plus rien."""

import pytest
from django.db import IntegrityError, transaction

from indicateurs.models import Soumission
from organisations.models import Habilitation, Role, TransitionInterdite
from tests import fabrique as f

pytestmark = pytest.mark.django_db

LE = f.instant("2023-05-01")


def permet(personne, organisation, *roles: str) -> bool:
    return Habilitation.objects.permettent(personne, organisation, *(roles or Role.values))


def accorder(personne, organisation, role: str = Role.REDACTION) -> Habilitation:
    with transaction.atomic():
        return Habilitation.objects.create(
            personne=personne, organisation=organisation, role=role, accordee_par=personne, accordee_le=LE
        )


@pytest.mark.parametrize("role", Role)
def test_un_role_permet_ce_role_pour_cette_organisation_et_rien_d_autre(role):
    ici, ailleurs = f.organisation(), f.organisation()
    personne = f.declarant(ici, role)

    assert permet(personne, ici, role)
    assert not permet(personne, ici, *(set(Role.values) - {role}))
    assert not permet(personne, ailleurs)
    assert not permet(f.personne(is_superuser=True), ici)


def test_une_habilitation_revoquee_ne_permet_plus_rien_mais_reste_ecrite():
    organisation = f.organisation()
    personne, chef = f.declarant(organisation), f.personne()
    habilitation = personne.habilitations.get()
    habilitation.revoquer(par=chef, le=LE)

    habilitation.refresh_from_db()
    assert not permet(personne, organisation)
    assert (habilitation.revoquee_par, habilitation.revoquee_le) == (chef, LE)


def test_revoquer_deux_fois_garde_la_premiere_revocation():
    habilitation = f.declarant(f.organisation()).habilitations.get()
    chef = f.personne()
    habilitation.revoquer(par=chef, le=LE)
    habilitation.revoquer(par=f.personne(), le=f.instant("2024-01-01"))

    habilitation.refresh_from_db()
    assert (habilitation.revoquee_par, habilitation.revoquee_le) == (chef, LE)


def test_une_revocation_ne_precede_pas_l_octroi():
    habilitation = f.declarant(f.organisation()).habilitations.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        habilitation.revoquer(par=f.personne(), le=f.instant("2018-12-31"))


def test_le_meme_role_ne_se_tient_pas_deux_fois_mais_se_reaccorde_apres_revocation():
    organisation, personne = f.organisation(), f.personne()
    premiere = accorder(personne, organisation)
    accorder(personne, organisation, Role.TRANSMISSION)
    with pytest.raises(IntegrityError):
        accorder(personne, organisation)

    premiere.revoquer(par=personne, le=LE)
    accorder(personne, organisation)

    assert permet(personne, organisation, Role.REDACTION)


def test_on_ne_voit_que_les_dossiers_des_organisations_pour_lesquelles_on_parle():
    trimestre, indicateur = f.trimestre(), f.indicateur()
    ici = f.brouillon(f.organisation(), trimestre, {indicateur: (1, 2)})
    f.brouillon(f.organisation(), trimestre, {indicateur: (1, 2)})
    personne = f.declarant(ici.organisation)

    assert list(Soumission.objects.pour(personne)) == [ici]
    assert not Soumission.objects.pour(f.personne(is_superuser=True)).exists()
    personne.habilitations.get().revoquer(par=personne, le=LE)
    assert not Soumission.objects.pour(personne).exists()


def test_deux_roles_ne_montrent_pas_deux_fois_le_meme_dossier():
    soumission = f.brouillon(f.organisation(), f.trimestre(), {f.indicateur(): (1, 2)})
    personne = f.declarant(soumission.organisation)
    accorder(personne, soumission.organisation)

    assert list(Soumission.objects.pour(personne)) == [soumission]


def test_une_personne_desactivee_ne_voit_ni_ne_transmet_plus_rien():
    soumission = f.brouillon(f.organisation(), f.trimestre(), {f.indicateur(): (1, 2)})
    personne = soumission.cree_par
    personne.is_active = False
    personne.save()

    assert not Soumission.objects.pour(personne).exists()
    with pytest.raises(TransitionInterdite):
        soumission.soumettre(par=personne, le=soumission.cree_le)
