"""Deux personnes écrivent la même fiche: ce que l'une n'a pas touché est repris de l'autre, et rien ne s'efface."""

import pytest

from indicateurs.models import FicheExpertise
from tests import fabrique as f
from tests.collaboration import TABLES, fiche, telle_quelle, vers
from tests.indicateurs.espace import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def adresse(ici, papier, personne) -> str:
    return vers("fiche", ici, fiche(ici, papier, personne).reference)


@pytest.fixture
def pages(moi, collegue, adresse) -> tuple:
    """La même page, ouverte par chacune."""
    return moi.get(adresse), collegue.get(adresse)


def dites(reponse) -> dict[str, tuple]:
    return {nom: tuple(dit) for nom, *dit in reponse.context["form"].differences}


def test_un_champ_touche_des_deux_cotes_garde_le_mien_et_montre_celui_de_l_autre(moi, collegue, adresse, pages):
    moi.post(adresse, telle_quelle(pages[0], resultat="Dit la première.", indicateur="ouvert"))
    avant = f.photo(*TABLES)
    reponse = collegue.post(adresse, telle_quelle(pages[1], resultat="Dit la seconde."))

    assert reponse.status_code == 409
    assert f.photo(*TABLES) == avant
    assert "Rien n'est perdu" in Page(reponse).texte
    assert dites(reponse) == {
        "Indicateur": ("Intitulé de papier", "Intitulé de ouvert", True),
        "Ce que cela a donné": ("Dit la seconde.", "Dit la première.", False),
    }
    assert collegue.post(adresse, telle_quelle(reponse)).status_code == 303
    ecrite = FicheExpertise.objects.get()
    assert (ecrite.resultat, ecrite.indicateur.code) == ("Dit la seconde.", "ouvert")
    assert f.rejouer(ecrite) == ecrite.contenu()


@pytest.mark.parametrize("base", ["", "{", "null", "[]", '{"titre": 3}', "[" * 100_000])
def test_une_base_illisible_garde_tout_ce_que_la_personne_a_envoye(moi, collegue, adresse, pages, base):
    moi.post(adresse, telle_quelle(pages[0], resultat="Dit la première."))
    reponse = collegue.post(adresse, telle_quelle(pages[1], base=base))

    assert reponse.status_code == 409
    assert dites(reponse)["Ce que cela a donné"] == ("Deux jours.", "Dit la première.", False)
    assert reponse.context["form"]["resultat"].value() == "Deux jours."


def test_le_meme_enregistrement_rejoue_n_est_pas_un_conflit(moi, adresse, pages):
    for _ in range(2):
        assert moi.post(adresse, telle_quelle(pages[0], resultat="Redit.")).status_code == 303
    assert FicheExpertise.objects.get().journal.count() == 2


def test_la_saisie_d_une_seance_finie_revient_dans_la_page(moi, adresse, pages, personne):
    seance = moi.session
    contenu = "titre=Tap%C3%A9+avant&indicateur=papier&resultat=Gard%C3%A9&jeton=1.1.&base="
    seance["formulaire_garde"] = {"personne": personne.pk, "adresse": adresse, "contenu": contenu}
    seance.save()

    assert moi.get(adresse).context["form"]["resultat"].value() == "Gardé"
    assert moi.get(adresse).context["form"]["resultat"].value() == "Deux jours."
