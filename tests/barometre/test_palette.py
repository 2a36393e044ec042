"""Les couleurs des lignes d'une courbe se distinguent, aussi pour qui voit mal les couleurs.

Écart CIEDE2000 (Sharma, Wu et Dalal, 2005), vision simulée par Machado, Oliveira et Fernandes (2009), contraste WCAG.
"""

import re
from itertools import combinations
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt
from pathlib import Path

import pytest

CSS = (Path(__file__).resolve().parents[2] / "static" / "barometre.css").read_text()
VISIONS = {
    "normale": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopie": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopie": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopie": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
Triplet = tuple[float, float, float]


def couleurs_des_lignes() -> dict[str, str]:
    """Les couleurs que la feuille de style donne aux trois lignes."""
    return {nom: re.search(rf"--{nom}:\s*(#[0-9a-f]{{6}})", CSS)[1] for nom in ("lien", "panel", "texte")}


def lineaire(couleur: str) -> Triplet:
    canaux = [int(couleur[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux)


def vue(rgb: Triplet, vision: str) -> Triplet:
    return tuple(min(max(sum(m * c for m, c in zip(ligne, rgb, strict=True)), 0), 1) for ligne in VISIONS[vision])


def luminance(rgb: Triplet) -> float:
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def lab(rgb: Triplet) -> Triplet:
    r, v, b = rgb
    x = (0.4124564 * r + 0.3575761 * v + 0.1804375 * b) / 0.95047
    z = (0.0193339 * r + 0.1191920 * v + 0.9503041 * b) / 1.08883
    f = [c ** (1 / 3) if c > 0.008856 else 7.787 * c + 16 / 116 for c in (x, luminance(rgb), z)]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def ciede2000(un: Triplet, deux: Triplet) -> float:
    """L'écart perçu entre deux couleurs CIELAB."""
    (l1, a1, b1), (l2, a2, b2) = un, deux
    moyen = (hypot(a1, b1) + hypot(a2, b2)) / 2
    g = 0.5 * (1 - sqrt(moyen**7 / (moyen**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = degrees(atan2(b1, a1)) % 360, degrees(atan2(b2, a2)) % 360
    dh = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0
    l, c, h = (l1 + l2) / 2, (c1 + c2) / 2, (h1 + dh / 2) % 360  # noqa: E741
    t = 1 - 0.17 * cos(radians(h - 30)) + 0.24 * cos(radians(2 * h))
    t += 0.32 * cos(radians(3 * h + 6)) - 0.20 * cos(radians(4 * h - 63))
    sl = 1 + 0.015 * (l - 50) ** 2 / sqrt(20 + (l - 50) ** 2)
    sc, sh = 1 + 0.045 * c, 1 + 0.015 * c * t
    rt = -sin(radians(60 * exp(-(((h - 275) / 25) ** 2)))) * 2 * sqrt(c**7 / (c**7 + 25**7))
    ecarts = (l2 - l1) / sl, (c2 - c1) / sc, 2 * sqrt(c1 * c2) * sin(radians(dh / 2)) / sh
    return sqrt(sum(e**2 for e in ecarts) + rt * ecarts[1] * ecarts[2])


def test_la_formule_donne_les_ecarts_publies():
    assert ciede2000((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert ciede2000((50, 2.5, 0), (73, 25, -18)) == pytest.approx(27.1492, abs=1e-4)
    assert ciede2000((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514)) == pytest.approx(0.9082, abs=1e-4)


@pytest.mark.parametrize("vision", VISIONS)
def test_deux_lignes_sont_toujours_distinctes(vision):
    vues = {nom: lab(vue(lineaire(couleur), vision)) for nom, couleur in couleurs_des_lignes().items()}
    for un, deux in combinations(vues, 2):
        assert ciede2000(vues[un], vues[deux]) >= 10, (un, deux)


@pytest.mark.parametrize("nom", ["lien", "panel", "texte"])
def test_chaque_ligne_tranche_sur_le_fond(nom):
    assert 1.05 / (luminance(lineaire(couleurs_des_lignes()[nom])) + 0.05) >= 3


def test_la_couleur_n_est_jamais_seule_chaque_ligne_a_son_trait():
    traits = {nom: re.search(rf"path\.{nom} {{[^}}]*}}", CSS) for nom in ("observe", "panel", "cible")}
    assert all(traits.values())
    assert len({trait[0].split("{")[1] for trait in traits.values()}) == 3
