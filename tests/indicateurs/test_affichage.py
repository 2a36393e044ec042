"""Un nombre écrit ne dit jamais plus que le nombre exact: aucun arrondi ne franchit une ligne."""

import decimal
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from indicateurs.affichage import (
    INSECABLE,
    accorder,
    cible_en_texte,
    dixiemes,
    nombre,
    points,
    pour_cent_exact,
    pourcentage,
)

PARTS = st.fractions(0, 1, max_denominator=10**9)
LIGNES = st.integers(0, 10_000).map(lambda centieme: Fraction(centieme, 10_000))  # ce que la base peut contenir


def pc(texte: str) -> Fraction:
    return Fraction(texte) / 100


@pytest.mark.parametrize(
    ("part", "ecrit"),
    [
        ("0", "0"),
        ("0.04", "0,1"),
        ("0.0000001", "0,1"),
        ("0.05", "0,1"),
        ("0.14", "0,1"),
        ("0.15", "0,2"),
        ("61.44", "61,4"),
        ("61.45", "61,5"),
        ("99.94", "99,9"),
        ("99.95", "99,9"),
        ("99.96", "99,9"),
        ("99.9999999", "99,9"),
        ("100", "100"),
    ],
)
def test_une_part_s_ecrit_a_une_decimale_et_seuls_zero_et_cent_s_ecrivent_zero_et_cent(part, ecrit):
    assert pourcentage(pc(part)) == f"{ecrit}\u00a0%"


@pytest.mark.parametrize(
    ("part", "sous", "ecrit"),
    [
        ("74.99", "75", "74,9"),
        ("74.95", "75", "74,9"),
        ("75", "75", "75,0"),
        ("75.04", "75", "75,0"),
        ("41.19", "41.2", "41,1"),
    ],
)
def test_une_part_juste_sous_sa_cible_ne_s_ecrit_jamais_comme_elle(part, sous, ecrit):
    assert pourcentage(pc(part), sous=[pc(sous)]) == f"{ecrit}\u00a0%"


@pytest.mark.parametrize(("part", "ecrit"), [("50", "50,0"), ("50.01", "50,1"), ("50.04", "50,1"), ("49.96", "50,0")])
def test_une_part_juste_au_dessus_du_seuil_ne_s_ecrit_jamais_comme_lui(part, ecrit):
    assert pourcentage(pc(part), sur=[pc("50")]) == f"{ecrit}\u00a0%"


def test_une_ligne_absente_ne_gene_pas():
    assert pourcentage(pc("61.44"), sous=[None], sur=[None]) == "61,4\u00a0%"


@given(PARTS, LIGNES)
@example(pc("74.99999"), pc("75"))
@example(pc("99.96"), pc("100"))
def test_sous_une_ligne_une_part_s_ecrit_sous_elle(part, ligne):
    assume(part < ligne and ligne > Fraction(1, 1000))  # sous 0,1 %, il reste à écrire que ce n'est pas zéro

    assert dixiemes(part, sous=[ligne]) < ligne * 1000


@given(PARTS, LIGNES)
@example(pc("99.95"), pc("99.97"))
def test_sous_une_ligne_une_part_s_ecrit_autrement_qu_elle(part, ligne):
    assume(part < ligne and ligne >= Fraction(15, 10_000))

    ecrite = pourcentage(part, sous=[ligne])
    assert ecrite != pourcentage(ligne)  # un chemin
    assert ecrite.replace(",0\u00a0", "\u00a0") != cible_en_texte(ligne)


@given(PARTS, LIGNES)
@example(pc("0.06"), pc("0.04"))
@example(pc("66.68"), pc("66.67"))
def test_au_dessus_d_une_ligne_une_part_s_ecrit_au_dessus_d_elle(part, ligne):
    assume(part > ligne and ligne < Fraction(999, 1000))

    assert dixiemes(part, sur=[ligne]) > ligne * 1000


@given(PARTS, st.lists(LIGNES, max_size=3), st.lists(LIGNES, max_size=3))
@example(Fraction(1), [], [pc("99.96")])
@example(pc("99.995"), [], [pc("99.99")])
@example(pc("0.01"), [pc("0.03")], [])
def test_aucune_ligne_ne_fait_ecrire_moins_que_zero_ni_plus_que_cent_ni_l_un_pour_l_autre(part, sous, sur):
    ecrit = dixiemes(part, sous, sur)

    assert 0 <= ecrit <= 1000
    if part < 1:
        assert ecrit < 1000
    if part > 0:
        assert ecrit > 0


@given(PARTS)
def test_une_part_et_ce_qui_s_ecrit_ne_sont_jamais_a_plus_d_un_dixieme(part):
    assert abs(dixiemes(part) - part * 1000) <= 1


@given(PARTS, PARTS)
def test_l_ecriture_respecte_l_ordre(a, b):
    if a <= b:
        assert dixiemes(a) <= dixiemes(b)


@pytest.mark.parametrize(
    ("part", "ecrit"),
    [("75", "75"), ("41.2", "41,2"), ("0", "0"), ("100", "100"), ("10", "10"), ("41.25", "41,25"), ("99.97", "99,97")],
)
def test_une_cible_s_ecrit_comme_elle_fut_fixee(part, ecrit):
    assert cible_en_texte(pc(part)) == f"{ecrit}\u00a0%"


@pytest.mark.parametrize(
    ("distance", "ecrit"),
    [
        ("0", "0,0\u00a0point"),
        ("0.0001", "0,1\u00a0point"),
        ("-0.0001", "0,1\u00a0point"),
        ("1.9", "1,9\u00a0point"),
        ("-2", "2,0\u00a0points"),
        ("4.14", "4,1\u00a0points"),
    ],
)
def test_un_ecart_s_ecrit_sans_signe_et_deux_font_un_pluriel(distance, ecrit):
    assert points(pc(distance)) == ecrit


@given(st.fractions(-1, 1, max_denominator=10**9))
def test_un_ecart_qui_n_est_pas_nul_ne_s_ecrit_jamais_zero(distance):
    assert points(distance).startswith("0,0") == (distance == 0)


@pytest.mark.parametrize(
    ("valeur", "ecrit"), [(0, "0"), (999, "999"), (1234, "1\u00a0234"), (10**15, "1\u00a0000" + "\u00a0000" * 4)]
)
def test_un_grand_nombre_s_ecrit_par_milliers_insecables(valeur, ecrit):
    assert nombre(valeur) == ecrit


@given(st.integers(0, 10**15), PARTS)
def test_aucune_espace_ecrite_ne_se_coupe_en_fin_de_ligne(valeur, part):
    for ecrit in (nombre(valeur), pourcentage(part), points(part), cible_en_texte(part)):
        assert " " not in ecrit
    assert INSECABLE in pourcentage(part)


@given(st.integers(0, 10**15), st.integers(1, 10**15))
@example(1, 3)
@example(2, 3)
@example(1, 2 * 10**8)
def test_une_part_ouverte_a_six_decimales_justes(n, d):
    assume(n <= d)
    with decimal.localcontext(decimal.Context(prec=60, rounding=decimal.ROUND_HALF_UP)):
        juste = (decimal.Decimal(n) * 100 / decimal.Decimal(d)).quantize(decimal.Decimal("0.000001"))

    assert pour_cent_exact(Fraction(n, d)) == f"{juste:f}"


def test_l_inconnu_s_ecrit_vide_et_le_zero_s_ecrit_zero():
    assert pour_cent_exact(None) == ""
    assert pour_cent_exact(Fraction(0)) == "0.000000"
    assert pour_cent_exact(Fraction(1)) == "100.000000"


@pytest.mark.parametrize(
    ("combien", "attendu"), [(0, "0 ligne"), (1, "1 ligne"), (2, "2 lignes"), (1200, "1\xa0200 lignes")]
)
def test_de_zero_a_un_le_nom_reste_au_singulier(combien, attendu):
    assert accorder(combien, "ligne") == attendu


def test_un_pluriel_irregulier_se_donne():
    assert accorder(2, "édition vérifiée", "éditions vérifiées") == "2 éditions vérifiées"
