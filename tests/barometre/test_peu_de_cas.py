"""Sur trop peu de cas, une part ne se compare ni ne se prolonge, comme elle ne se juge pas. Sans base."""

from dataclasses import replace

import pytest

from barometre import phrases, tableaux
from barometre.chiffres import Serie
from indicateurs.arithmetique import Comptes
from tests.barometre.suites import serie

PARTS = {"2022-T1": 20, "2022-T2": 25, "2022-T3": 30, "2022-T4": 35, "2023-T1": 40}
PEU = {"PART_GLOBALE": Comptes(1, 1, 1, 1, 1, 1), "PART_ORGANISATIONS": Comptes(1, 1, 1, 400, 1000, 1)}


def petite(rang: int, agregation: str) -> Serie:
    """Une série de dix organisations et de cent cas, sauf à un trimestre, où il n'y en a qu'un."""
    une = serie(PARTS, agregation=agregation, minimum=5)
    chiffres = list(une.chiffres)
    chiffres[rang] = replace(chiffres[rang], comptes=PEU[agregation])
    return Serie(tuple(chiffres))


@pytest.mark.parametrize("agregation", PEU)
@pytest.mark.parametrize("rang", [0, -1])
def test_un_ecart_ne_se_dit_pas_quand_un_bout_a_trop_peu_de_cas(rang, agregation):
    assert phrases.tendance(serie(PARTS, agregation=agregation, minimum=5)).startswith("en hausse de ")
    assert phrases.tendance(petite(rang, agregation)) == "non comparable"
    assert phrases.tendance(petite(2, agregation)).startswith("en hausse de ")


@pytest.mark.parametrize("agregation", PEU)
@pytest.mark.parametrize(
    ("alors", "dit"),
    [
        (Comptes(10, 10, 10, 20, 100, 2), "en hausse de 20,0\xa0points"),
        (Comptes(10, 5, 5, 20, 100, 1), "de 5 à 10 organisations"),
        (Comptes(10), "non comparable"),
    ],
)
def test_l_ecart_d_un_perimetre_ne_se_dit_qu_entre_autant_d_organisations(agregation, alors, dit):
    premier, *ensuite = serie(PARTS, agregation=agregation).chiffres
    une = Serie((replace(premier, comptes=alors), *ensuite))
    [ligne] = tableaux.des_perimetres("Les catégories", "Catégorie", [("Ministère", une)], []).lignes
    assert ligne.cellules[-1][1] == dit


def test_au_singulier_un_perimetre_dit_une_organisation():
    *avant, dernier = serie(PARTS).chiffres
    seule = replace(dernier, comptes=replace(dernier.comptes, calculables=1))
    assert phrases.tendance_d_un_perimetre(Serie((*avant, seule))) == "de 10 à 1 organisation"


@pytest.mark.parametrize("agregation", PEU)
def test_ce_qui_a_change_ne_compare_pas_une_part_de_trop_peu_de_cas(agregation):
    dite = phrases.mouvements(petite(-1, agregation))[0]
    assert dite.endswith("elle ne se compare pas à celle du trimestre précédent.")


@pytest.mark.parametrize("agregation", PEU)
def test_un_dernier_chiffre_de_trop_peu_de_cas_ne_se_prolonge_pas(agregation):
    assert serie(PARTS, agregation=agregation, minimum=5).projection is not None
    # La cible n'est pas atteinte: seul le nombre de cas retient.
    derniere = replace(serie(PARTS, agregation=agregation, minimum=5).dernier, comptes=Comptes(9, 2, 2, 1, 4, 0))
    une = Serie((*serie(PARTS, agregation=agregation, minimum=5).chiffres[:-1], derniere))
    assert une.projection is None
    assert phrases.projection(une) == phrases.nature_de_la_projection(une) == ""


def test_la_projection_compte_les_trimestres_qu_elle_prolonge():
    dite = "C'est la tendance des %s derniers trimestres connus prolongée, non une prévision."
    quatre = {code: PARTS[code] for code in list(PARTS)[:4]}
    dix = {f"{annee}-T{q}": 4 * (annee - 2020) + q for annee in (2020, 2021, 2022) for q in (1, 2, 3, 4)}
    troue = {**dix, "2022-T2": None}
    for parts, combien in ((quatre, "quatre"), (PARTS, "cinq"), (dix, "huit"), (troue, "sept")):
        assert phrases.nature_de_la_projection(serie(parts)) == dite % combien
    rompue = serie(dix, ruptures=["2021-10-01"])
    assert phrases.nature_de_la_projection(rompue) == dite % "cinq"
    assert phrases.nature_de_la_projection(serie({"2022-T1": 20})) == ""
