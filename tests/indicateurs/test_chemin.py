"""Le chemin des cibles, le verdict et la projection: en fractions, jamais par un nombre arrondi."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicateurs.arithmetique import HORIZON, Projection, Verdict, cible_au, juger, projeter

T0 = 8000
POINTS = [(T0, Fraction(30, 100)), (T0 + 3, Fraction(31, 100)), (T0 + 10, Fraction(75, 100))]
PARTS = st.fractions(0, 1, max_denominator=10_000)
CHEMINS = st.lists(st.tuples(st.integers(T0, T0 + 40), PARTS), min_size=1, max_size=6, unique_by=lambda p: p[0]).map(
    sorted
)


# --- le chemin -------------------------------------------------------------------------------------------------------


def test_aucune_cible_avant_le_premier_point():
    assert cible_au(POINTS, T0 - 1) is None


@pytest.mark.parametrize("point", POINTS)
def test_chaque_point_date_vaut_ce_qu_il_dit(point):
    assert cible_au(POINTS, point[0]) == point[1]


def test_entre_deux_points_le_chemin_est_une_fraction_exacte():
    assert cible_au(POINTS, T0 + 1) == Fraction(30, 100) + Fraction(1, 300)
    assert cible_au(POINTS, T0 + 4) == Fraction(31, 100) + Fraction(44, 700)


@pytest.mark.parametrize("plus_tard", [1, 4, 1000])
def test_apres_le_dernier_point_le_dernier_vaut_toujours(plus_tard):
    assert cible_au(POINTS, T0 + 10 + plus_tard) == Fraction(3, 4)


def test_sans_point_il_n_y_a_pas_de_chemin():
    assert cible_au([], T0) is None


def test_un_seul_point_fait_un_palier():
    assert cible_au([(T0, Fraction(1, 2))], T0 + 5) == Fraction(1, 2)


@given(CHEMINS, st.integers(T0 - 2, T0 + 44))
def test_le_chemin_reste_entre_les_points_qui_l_encadrent(points, quand):
    ici = cible_au(points, quand)
    avant = [p for q, p in points if q <= quand]
    apres = [p for q, p in points if q >= quand]

    if not avant:
        assert ici is None
    else:
        autour = [avant[-1], *apres[:1]]
        assert min(autour) <= ici <= max(autour)


@given(CHEMINS, st.integers(T0, T0 + 38))
def test_entre_deux_points_les_pas_sont_egaux(points, quand):
    dates = {q for q, _ in points}
    if quand >= points[0][0] and quand + 1 not in dates and quand + 2 <= points[-1][0]:
        a, b, c = (cible_au(points, quand + pas) for pas in range(3))
        assert b - a == c - b


# --- le verdict ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "quand", "verdict"),
    [
        (Fraction(3, 4), T0, Verdict.ATTEINTE),
        (Fraction(3, 4), T0 + 10, Verdict.ATTEINTE),
        (Fraction(3, 4) - Fraction(1, 10**18), T0 + 10, Verdict.EN_RETARD),
        (Fraction(91, 300), T0 + 1, Verdict.EN_VOIE),
        (Fraction(91, 300) + Fraction(1, 10**18), T0 + 1, Verdict.EN_VOIE),
        (Fraction(91, 300) - Fraction(1, 10**18), T0 + 1, Verdict.EN_RETARD),
        (Fraction(0), T0, Verdict.EN_RETARD),
        (Fraction(1), T0 - 1, Verdict.NON_JUGEABLE),
        (None, T0, Verdict.NON_JUGEABLE),
    ],
)
def test_une_part_se_juge_contre_le_chemin_du_jour_et_l_egalite_suffit(part, quand, verdict):
    assert juger(part, 100, POINTS, quand).verdict == verdict


@pytest.mark.parametrize(
    ("denominateur", "verdict"), [(29, Verdict.NON_JUGEABLE), (30, Verdict.ATTEINTE), (31, Verdict.ATTEINTE)]
)
def test_sous_le_denominateur_minimal_rien_ne_se_juge(denominateur, verdict):
    ecart = juger(Fraction(1), denominateur, POINTS, T0, denominateur_minimal=30)

    assert ecart.verdict == verdict
    assert (ecart.distance is None) == (verdict == Verdict.NON_JUGEABLE)


def test_la_distance_se_compte_depuis_le_chemin_du_jour_meme_une_fois_la_cible_atteinte():
    assert juger(Fraction(80, 100), 1, POINTS, T0).distance == Fraction(50, 100)
    assert juger(Fraction(20, 100), 1, POINTS, T0).distance == Fraction(-10, 100)


@given(PARTS, CHEMINS, st.integers(T0 - 2, T0 + 44))
def test_un_verdict_dit_toujours_la_meme_chose_que_la_distance(part, points, quand):
    verdict, distance = juger(part, 1, points, quand)

    if distance is None:
        assert verdict == Verdict.NON_JUGEABLE
    elif part >= points[-1][1]:
        assert verdict == Verdict.ATTEINTE
    else:
        assert verdict == (Verdict.EN_VOIE if distance >= 0 else Verdict.EN_RETARD)


# --- la projection ---------------------------------------------------------------------------------------------------


def droite(longueur: int, depart: int = 10, pas: int = 2) -> list[tuple[int, Fraction]]:
    return [(T0 + i, Fraction(depart + pas * i, 100)) for i in range(longueur)]


CIBLE = Fraction(50, 100)


def test_une_droite_se_prolonge_jusqu_a_sa_cible_exacte():
    assert projeter(droite(8), CIBLE) == Projection(T0 + 20)
    assert projeter(droite(8), CIBLE + Fraction(1, 10**9)) == Projection(T0 + 21)


@pytest.mark.parametrize(("longueur", "projetee"), [(0, False), (1, False), (3, False), (4, True), (5, True)])
def test_il_faut_quatre_trimestres_pour_projeter(longueur, projetee):
    if longueur:
        assert (projeter(droite(longueur), CIBLE) is not None) == projetee


def test_les_quatre_trimestres_sont_parmi_les_huit_derniers():
    eparpilles = [(T0, Fraction(1, 10)), *((T0 + 8 + i, Fraction(11 + i, 100)) for i in range(3))]

    assert projeter(eparpilles, CIBLE) is None


@pytest.mark.parametrize("aberrant", range(8))
@pytest.mark.parametrize("valeur", [Fraction(0), Fraction(49, 100)])
def test_un_seul_trimestre_aberrant_ne_renverse_pas_la_projection(aberrant, valeur):
    suite = droite(8)
    suite[aberrant] = (suite[aberrant][0], valeur)

    assert abs(projeter(suite, CIBLE).rang - (T0 + 20)) <= 4


@pytest.mark.parametrize("pas", [0, -1])
def test_a_plat_ou_en_baisse_la_cible_ne_vient_pas_a_ce_rythme(pas):
    assert projeter(droite(8, depart=30, pas=pas), CIBLE) == Projection(None)


@pytest.mark.parametrize("dernier", [Fraction(50, 100), Fraction(51, 100)])
def test_une_cible_deja_atteinte_ne_se_projette_pas(dernier):
    assert projeter([*droite(7), (T0 + 7, dernier)], CIBLE) is None


def test_au_dela_de_l_horizon_une_projection_ne_dit_plus_rien():
    lente = [(T0 + i, Fraction(i, 1000)) for i in range(8)]

    assert projeter(lente, Fraction(7 + HORIZON, 1000)) == Projection(T0 + 7 + HORIZON)
    assert projeter(lente, Fraction(8 + HORIZON, 1000)) == Projection(None)


def test_une_projection_est_toujours_apres_le_dernier_trimestre_connu():
    descendante_a_la_fin = [*droite(7, depart=36), (T0 + 7, Fraction(40, 100))]

    assert projeter(descendante_a_la_fin, CIBLE) == Projection(T0 + 8)


def test_ce_qui_precede_les_huit_derniers_trimestres_ne_compte_pas():
    assert projeter([(T0 - 1, Fraction(49, 100)), *droite(8)], CIBLE) == projeter(droite(8), CIBLE)


@given(st.integers(1, 20), st.integers(0, 30), st.integers(4, 8), st.integers(31, 100))
def test_la_projection_d_une_droite_est_la_premiere_fois_qu_elle_touche_la_cible(pas, depart, longueur, cible):
    suite = [(T0 + i, Fraction(depart * 10 + pas * i, 1000)) for i in range(longueur)]
    but = Fraction(cible * 10, 1000)
    quand = next(i for i in range(10_000) if depart * 10 + pas * i >= cible * 10)

    if suite[-1][1] >= but:
        assert projeter(suite, but) is None
    else:
        assert projeter(suite, but) == Projection(T0 + quand if quand <= longueur - 1 + HORIZON else None)
