"""Ce qui étonne dans deux comptes: les bornes exactes, et des phrases qui se lisent."""

import pytest

from indicateurs.controles import Compte, etonnements


def dites(compte: tuple[int, int], *precedents: tuple[int, int]) -> list[str]:
    """Ce qui étonne au 2e trimestre; les précédents vont du plus récent au plus ancien."""
    codes = ["2023-T1", "2022-T4", "2022-T3", "2022-T2"]
    avant = [Compte(code, *precedent) for code, precedent in zip(codes, precedents, strict=False)]
    return list(etonnements(Compte("2023-T2", *compte), avant))


def test_sans_passe_rien_n_etonne():
    assert dites((0, 10)) == dites((10, 10)) == dites((0, 0)) == []


@pytest.mark.parametrize(
    ("apres", "avant", "etonne"),
    [
        ((70, 100), (50, 100), False),
        ((30, 100), (50, 100), False),
        ((7001, 10000), (5000, 10000), True),
        ((2999, 10000), (5000, 10000), True),
        ((7 * 10**14, 10**15), (5 * 10**14, 10**15), False),
        ((7 * 10**14 + 1, 10**15), (5 * 10**14, 10**15), True),
    ],
    ids=[
        "20 points",
        "-20 points",
        "plus de 20",
        "moins de -20",
        "20 points, grands",
        "un cheveu de plus",
    ],
)
def test_une_part_etonne_a_plus_de_vingt_points_exactement(apres, avant, etonne):
    assert [phrase.startswith("La part") for phrase in dites(apres, avant)] == [True] * etonne


@pytest.mark.parametrize(("denominateur", "etonne"), [(130, False), (131, True), (70, False), (69, True), (100, False)])
def test_un_denominateur_etonne_a_plus_de_trente_pour_cent_exactement(denominateur, etonne):
    assert [p.startswith("Le dénominateur") for p in dites((0, denominateur), (0, 100))] == [True] * etonne


@pytest.mark.parametrize(
    ("precedents", "etonne"),
    [
        ([(5, 10)], False),
        ([(5, 10), (5, 10)], True),
        ([(5, 10), (5, 10), (5, 10)], True),
        ([(5, 10), (6, 10)], False),
        ([(6, 10), (5, 10), (5, 10)], False),
        ([(5, 10), (6, 12), (5, 10)], False),
    ],
    ids=[
        "deux fois",
        "trois",
        "quatre",
        "deux, une autre avant",
        "une autre entre",
        "même part, autres nombres",
    ],
)
def test_les_memes_nombres_etonnent_la_troisieme_fois_de_suite(precedents, etonne):
    assert ["troisième fois" in phrase for phrase in dites((5, 10), *precedents)] == [True] * etonne


def test_zero_sur_zero_n_a_ni_part_ni_repetition():
    assert dites((0, 0), (0, 0), (0, 0), (0, 0)) == []
    assert [p.split(" passe")[0] for p in dites((0, 0), (9, 10))] == ["Le dénominateur"]
    assert [p.split(" passe")[0] for p in dites((1, 1), (0, 0))] == ["Le dénominateur"]


def test_tout_ce_qui_etonne_se_dit_d_un_coup_et_se_lit():
    assert dites((1, 2000), (900, 1000)) == [
        "La part passe de 90,0\xa0% à 0,1\xa0% depuis le 1er trimestre de 2023, soit 90,0\xa0points d'écart.",
        "Le dénominateur passe de 1\xa0000 à 2\xa0000 depuis le 1er trimestre de 2023.",
    ]
    assert dites((0, 7), (0, 7), (0, 7)) == ["Ces deux nombres sont les mêmes pour la troisième fois de suite."]
