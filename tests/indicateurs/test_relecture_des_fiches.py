"""La page où l'on relit une fiche d'expertise: chaque fait, à côté de celui d'avant."""

import pytest

from tests import fabrique as f
from tests.indicateurs.espace import entree
from tests.relire import JOUR, LE, a_relire, liste, ouvrir

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def jour(settings):
    settings.MFA_EXIGEE, settings.HORLOGE = False, JOUR


@pytest.fixture
def moi():
    return entree(f.relecteur())


def test_une_fiche_se_lit_entiere(moi):
    fiche = a_relire("fiche")
    page = ouvrir(moi, fiche)
    for dit in (fiche.titre, fiche.realisation, fiche.resultat, fiche.contact, fiche.indicateur.intitule):
        assert dit in page.texte
    assert "changé" not in page.texte.split()
    assert liste(moi, type(fiche)) == [fiche]


def test_une_correction_marque_ce_qui_change(moi):
    fiche = a_relire("fiche")
    fiche.valider(par=f.relecteur(), le=LE)
    nouvelle = fiche.corriger(par=fiche.cree_par, le=LE, motif="Un résultat de plus.")
    nouvelle.resultat = "Obtenu, et davantage."
    nouvelle.save(update_fields=["resultat"])
    nouvelle.soumettre(par=fiche.cree_par, le=LE)
    page = ouvrir(moi, nouvelle).texte

    assert "Ce que cela a donné changé Obtenu, et davantage. Obtenu." in page
    assert page.split().count("changé") == 1


def test_la_liste_fait_autant_de_requetes_pour_une_que_pour_vingt(moi, django_assert_max_num_queries):
    fiches = [a_relire("fiche")]
    with django_assert_max_num_queries(15) as une:
        assert liste(moi, type(fiches[0])) == fiches
    fiches += [a_relire("fiche") for _ in range(19)]
    with django_assert_max_num_queries(15) as vingt:
        assert liste(moi, type(fiches[0])) == fiches
    assert len(une) == len(vingt)
