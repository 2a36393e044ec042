"""La répartition des organisations par tranche de parts: leurs comptes, puis leurs barres. Pur: ignore Django."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from barometre.graphiques.courbe import Cadre, Repere
from indicateurs.affichage import cible_en_texte, nombre

TRANCHES = 10
BLANC = 2  # pixels entre deux barres
LARGE = Cadre(480, 180, gauche=16, droite=24, haut=22)
ETROIT = Cadre(280, 160, gauche=8, droite=20, haut=22, abrege=True)  # une limite sur deux y est écrite


class Bloc(NamedTuple):
    """La barre d'une tranche; sans hauteur quand elle est vide."""

    x: float
    y: float
    largeur: float
    hauteur: float


@dataclass(frozen=True)
class Repartition:
    """Un dessin complet, prêt à écrire en SVG: les barres, leurs comptes, leurs limites."""

    cadre: Cadre
    blocs: tuple[Bloc, ...]
    comptes: tuple[Repere, ...]
    limites: tuple[Repere, ...]


def repartir(parts: Iterable[Fraction]) -> tuple[int, ...]:
    """Combien de parts dans chaque tranche de dix points: [0, 10[, [10, 20[, jusqu'à [90, 100]."""
    comptes = [0] * TRANCHES
    for part in parts:
        comptes[min(int(part * TRANCHES), TRANCHES - 1)] += 1
    return tuple(comptes)


def elever(comptes: Sequence[int], cadre: Cadre) -> Repartition:
    """Les barres de ces comptes; la plus haute touche le haut du cadre."""
    pas = (cadre.bord - cadre.gauche) / len(comptes)
    plus = max(*comptes, 1)
    blocs, textes = [], []
    for rang, compte in enumerate(comptes):
        y = cadre.y(Fraction(compte, plus))
        x = round(cadre.gauche + rang * pas, 1)
        blocs.append(Bloc(x, y, round(pas - BLANC, 1), round(cadre.plancher - y, 1)))
        textes.append(Repere(round(x + (pas - BLANC) / 2, 1), y - 5, nombre(compte)))
    limites = (
        Repere(round(cadre.gauche - BLANC / 2 + rang * pas, 1), cadre.hauteur - 8, _limite(rang, len(comptes)))
        for rang in range(0, len(comptes) + 1, 2 if cadre.abrege else 1)
    )
    return Repartition(cadre, tuple(blocs), tuple(textes), tuple(limites))


def _limite(rang: int, combien: int) -> str:
    """La part où commence une tranche; la dernière limite porte l'unité."""
    return cible_en_texte(Fraction(1)) if rang == combien else str(rang * 100 // combien)
