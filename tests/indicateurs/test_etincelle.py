"""La petite courbe: ses points sont à leur place, un trou n'est jamais franchi, une phrase dit ce qu'elle montre."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from indicateurs import mots
from indicateurs.arithmetique import code_du_rang, rang
from indicateurs.etincelle import HAUTEUR, LARGEUR, MARGE, Releve, tracer

DEMI = Fraction(1, 2)


def releves(*parts: Fraction | None, debut: str = "2022-T1") -> list[Releve]:
    return [Releve(code_du_rang(rang(debut) + n), part) for n, part in enumerate(parts)]


def places(trace: str) -> list[tuple[float, float]]:
    return [tuple(map(float, point.removesuffix("h0").split())) for point in trace.split("M")[1:]]


def test_zero_est_en_bas_cent_est_en_haut_et_le_temps_va_vers_la_droite():
    courbe = tracer(releves(Fraction(0), DEMI, Fraction(1)))
    assert places(courbe.points) == [
        (MARGE, HAUTEUR - MARGE),
        (LARGEUR / 2, HAUTEUR / 2),
        (LARGEUR - MARGE, MARGE),
    ]
    assert courbe.ligne == "M6 58L120 32L234 6"
    assert places(courbe.dernier) == [(LARGEUR - MARGE, MARGE)]


def test_un_trimestre_sans_part_ou_absent_interrompt_la_ligne():
    sans_part = tracer(releves(DEMI, DEMI, None, DEMI, DEMI))
    un, deux, _, quatre, cinq = releves(*[DEMI] * 5)
    absent = tracer([un, deux, quatre, cinq])
    assert sans_part.ligne.count("M") == absent.ligne.count("M") == 2
    assert places(sans_part.points) == places(absent.points)


def test_un_point_seul_se_voit_et_rien_ne_dessine_rien():
    seul = tracer(releves(DEMI))
    assert (seul.ligne, len(places(seul.points))) == ("", 1)
    assert seul.phrase == "Une seule part est connue\xa0: 50,0\xa0% au 1er trimestre de 2022."
    for vides in ([], releves(None, None)):
        vide = tracer(vides)
        assert (vide.ligne, vide.points, vide.dernier) == ("", "", "")
        assert vide.phrase == "Aucune part n'est connue."


def test_la_phrase_dit_d_ou_a_ou_et_combien_de_trimestres():
    courbe = tracer(releves(Fraction(1, 4), None, DEMI))
    assert courbe.phrase == (
        "De 25,0\xa0% au 1er trimestre de 2022 à 50,0\xa0% au 3e trimestre de 2022 (2 trimestres connus)."
    )
    assert mots.typographier(courbe.phrase) == courbe.phrase


@given(st.lists(st.none() | st.fractions(0, 1, max_denominator=10**6), max_size=40))
def test_tout_point_est_dans_le_cadre_et_il_y_en_a_un_par_part(parts):
    courbe = tracer(releves(*parts))
    dessines = places(courbe.points)
    assert len(dessines) == len([p for p in parts if p is not None])
    assert all(MARGE <= x <= LARGEUR - MARGE and MARGE <= y <= HAUTEUR - MARGE for x, y in dessines)
    assert dessines == sorted(dessines, key=lambda p: p[0])
