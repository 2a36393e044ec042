"""Ce qui change d'une réponse à une autre se dit par un mot, et seulement ce qui change."""

import pytest

from indicateurs.ecarts import Case, comparer, part
from indicateurs.models import Saisie

LIBELLES = ("Numérateur", "Dénominateur")


def dit(*reponse) -> dict:
    return Saisie(*reponse).en_json()


def lignes(ici, *autres) -> dict[str, tuple]:
    return {ligne.nom: (ligne.texte, *ligne.autres) for ligne in comparer(LIBELLES, ici, autres)}


def test_une_part_qui_monte_ou_baisse_dit_de_combien():
    assert lignes(dit(6, 10), dit(5, 10))["Part"][1] == Case("50,0\xa0%", "changé, 10,0\xa0points de plus depuis")
    assert lignes(dit(4, 10), dit(5, 10))["Part"][1] == Case("50,0\xa0%", "changé, 10,0\xa0points de moins depuis")


def test_la_meme_part_sur_d_autres_comptes_ne_change_que_les_comptes():
    faits = lignes(dit(5, 10), dit(50, 100))
    assert [faits[nom][1].change for nom in ("Numérateur", "Dénominateur", "Part")] == ["changé", "changé", ""]


def test_zero_n_est_pas_rien():
    faits = lignes(dit(0, 10), dit(None, None, "SANS_OBJET"))
    assert faits["Numérateur"] == ("0", Case("", "changé"))
    assert faits["Part"] == ("0\xa0%", Case("", "changé"))
    assert faits["Absence"] == ("", Case("Sans objet", "changé"))
    assert lignes(dit(0, 0))["Dénominateur"] == ("0",)
    assert part(dit(0, 0)) is None


def test_sans_reponse_a_cote_rien_n_est_dit_change():
    assert lignes(dit(5, 10), None) == {
        "Numérateur": ("5", Case("")),
        "Dénominateur": ("10", Case("")),
        "Part": ("50,0\xa0%", Case("")),
    }


@pytest.mark.parametrize(
    ("champ", "nom"),
    [
        ("note", "Note publique"),
        ("preuve", "Preuve"),
        ("justification", "Justification au CQEN"),
        ("motif", "Raison publique"),
    ],
)
def test_un_texte_qui_change_ou_disparait_se_marque(champ, nom):
    avec = Saisie(5, 10, **{champ: "https://a"}).en_json()
    assert lignes(avec, dit(5, 10))[nom] == ("https://a", Case("", "changé"))
    assert lignes(dit(5, 10), avec)[nom] == ("", Case("https://a", "changé"))
    assert lignes(avec, avec)[nom] == ("https://a", Case("https://a"))


def test_deux_absences_se_comparent():
    faits = lignes(dit(None, None, "NON_DISPONIBLE", "Une panne."), dit(None, None, "SANS_OBJET"))
    assert faits["Absence"] == ("Non disponible", Case("Sans objet", "changé"))
    assert faits["Raison publique"] == ("Une panne.", Case("", "changé"))
    assert "Part" not in faits


def test_une_reponse_muette_se_compare_encore():
    assert lignes({}, dit(5, 10))["Part"] == ("", Case("50,0\xa0%", "changé"))
    assert lignes({}, None) == {}
