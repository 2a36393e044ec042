"""Qui continue qui: un renommage poursuit la série, une fusion la laisse à chacune."""

import pytest

from barometre import lignees

FINS = ["2020-06-30", "2020-09-30", "2020-12-31", "2021-03-31"]


def fiches(*lignes: tuple[str, str, str, str]) -> dict:
    """sigle, du, au, remplacée par; toutes de même catégorie."""
    noms = ("sigle", "assujettie_du", "assujettie_au", "remplacee_par")
    return {ligne[0]: {"categorie": "TRIBUNAL", **dict(zip(noms, ligne, strict=True))} for ligne in lignes}


RENOMMEE = fiches(("RDL", "2019-04-01", "2020-08-30", "TAL"), ("TAL", "2020-08-31", "", ""))
FUSION = fiches(
    ("A", "2019-04-01", "2020-09-30", "C"), ("B", "2019-04-01", "2020-09-30", "C"), ("C", "2020-10-01", "", "")
)


def test_une_organisation_renommee_continue_la_serie_de_son_ancien_nom():
    assert lignees.lignee(RENOMMEE, "TAL", FINS) == ("RDL", "TAL")
    assert lignees.jointes(RENOMMEE, "TAL", FINS) == []


def test_celle_d_une_autre_categorie_reprend_l_ancienne_sans_continuer_sa_serie():
    reprise = {sigle: dict(fiche) for sigle, fiche in RENOMMEE.items()}
    reprise["TAL"]["categorie"] = "MINISTERE"
    assert lignees.lignee(reprise, "TAL", FINS) == ("TAL",)
    assert lignees.jointes(reprise, "TAL", FINS) == [("RDL",)]


def test_une_organisation_n_est_publiee_que_si_elle_a_commence_a_declarer():
    assert set(lignees.publiees(RENOMMEE, "2020-08-30")) == {"RDL"}
    assert set(lignees.publiees(RENOMMEE, "2020-08-31")) == {"RDL", "TAL"}


def test_deux_renommages_de_suite_font_une_seule_serie():
    suite = fiches(
        ("A", "2019-04-01", "2020-06-30", "B"), ("B", "2020-07-01", "2020-12-31", "C"), ("C", "2021-01-01", "", "")
    )
    assert lignees.lignee(suite, "C", FINS) == ("A", "B", "C")


def test_une_fusion_de_deux_organisations_ne_continue_ni_l_une_ni_l_autre():
    assert lignees.lignee(FUSION, "C", FINS) == ("C",)
    assert lignees.jointes(FUSION, "C", FINS) == [("A",), ("B",)]


@pytest.mark.parametrize(
    ("du", "raison"),
    [
        ("2019-04-01", "elles sont nées ensemble"),
        ("2019-01-01", "elle est plus ancienne"),
        ("2020-05-01", "elles ont dû déclarer aux mêmes trimestres"),
        ("2021-04-01", "deux trimestres les séparent"),
    ],
)
def test_qui_rejoint_une_organisation_qui_existait_deja_ou_bien_plus_tard_ne_la_continue_pas(du, raison):
    deux = fiches(("A", "2019-04-01", "2020-09-30", "C"), ("C", du, "", ""))
    assert lignees.lignee(deux, "C", FINS) == ("C",), raison
    assert lignees.jointes(deux, "C", FINS) == [("A",)]


def test_une_organisation_nee_quelques_jours_plus_tot_sans_trimestre_commun_continue_la_serie():
    deux = fiches(("A", "2019-04-01", "2020-09-20", "C"), ("C", "2020-09-10", "", ""))
    assert lignees.lignee(deux, "C", FINS) == ("A", "C")


def test_une_organisation_nee_quelques_jours_plus_tard_continue_la_serie():
    for fin, du in (("2020-09-30", "2020-10-02"), ("2020-09-29", "2020-10-01")):
        deux = fiches(("A", "2019-04-01", fin, "C"), ("C", du, "", ""))
        assert lignees.lignee(deux, "C", FINS) == ("A", "C"), (fin, du)


def test_une_fusion_apres_un_renommage_garde_la_lignee_de_celle_qui_se_joint():
    toutes = fiches(
        ("VIEILLE", "2019-04-01", "2020-06-30", "B"),
        ("B", "2020-07-01", "2020-12-31", "C"),
        ("C", "2019-04-01", "", ""),
    )
    assert lignees.jointes(toutes, "C", FINS) == [("VIEILLE", "B")]


def test_on_suit_la_chaine_jusqu_a_celle_qui_declare_encore():
    chaine = fiches(("A", "2019", "2020", "B"), ("B", "2020", "2021", "C"), ("C", "2021", "", ""))
    assert lignees.suivre(chaine, "A", {"C"}) == "C"
    assert lignees.suivre(chaine, "A", {"B", "C"}) == "B"
    assert lignees.suivre(chaine, "B", {"B"}) == "B"


def test_une_boucle_ne_fait_pas_tourner_en_rond():
    boucle = fiches(("A", "2019-04-01", "2020-06-30", "B"), ("B", "2020-07-01", "2020-09-30", "A"))
    assert lignees.suivre(boucle, "A", set()) == "B"
    assert set(lignees.lignee(boucle, "A", FINS)) <= {"A", "B"}
    assert lignees.jointes(boucle, "A", FINS) in ([], [("B",)])
