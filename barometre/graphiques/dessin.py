"""Un dessin qui se suffit: des tracés, des marques et des textes placés, que le SVG et le PNG écrivent. Pur."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from barometre.graphiques.couleurs import AXE
from indicateurs.langue import nu

CHASSE = 0.56  # la largeur moyenne d'un caractère, en cadratins; le SVG s'affiche aussi avec des polices plus larges


class Chemin(NamedTuple):
    """Un tracé, dans le langage de l'attribut `d`: M, L, H, V et Z seulement."""

    d: str
    couleur: str = "none"
    epaisseur: float = 0
    tirets: tuple[float, ...] = ()
    fond: str = "none"
    bout: str = "butt"
    cle: str = ""

    @property
    def tirets_svg(self) -> str:
        """Les tirets, pour `stroke-dasharray`."""
        return " ".join(f"{tiret:g}" for tiret in self.tirets)


class Marque(NamedTuple):
    """Un point, rond ou carré, et ce qu'il dit."""

    cle: str
    x: float
    y: float
    cote: float
    couleur: str
    est_ronde: bool
    titre: str

    @property
    def rayon(self) -> float:
        """La moitié de sa largeur."""
        return self.cote / 2

    @property
    def coin(self) -> tuple[float, float]:
        """Son coin, en haut à gauche."""
        return round(self.x - self.rayon, 1), round(self.y - self.rayon, 1)


class Texte(NamedTuple):
    """Un texte posé sur sa ligne de base; `halo` l'entoure de blanc."""

    x: float
    y: float
    texte: str
    corps: int
    couleur: str = AXE
    est_gras: bool = False
    ancre: str = "start"
    halo: bool = False

    @property
    def graisse(self) -> int:
        """Sa graisse, pour `font-weight`."""
        return 700 if self.est_gras else 400


@dataclass(frozen=True)
class Dessin:
    """Un dessin complet, avec son titre et ce qu'il dit en une phrase."""

    largeur: int
    hauteur: int
    titre: str
    description: str
    chemins: Sequence[Chemin]
    marques: Sequence[Marque]
    textes: Sequence[Texte]


def couper(texte: str, largeur: float, corps: int, lignes: int = 6, chasse: float = CHASSE) -> list[str]:
    """Le texte en lignes qui tiennent dans cette largeur; ce qui dépasse s'abrège."""
    par_ligne = max(int(largeur / (corps * chasse)), 8)
    mots = nu(texte).replace("\xa0", "\0")  # une insécable ne se coupe pas
    morceaux = textwrap.wrap(mots, par_ligne, max_lines=lignes, placeholder="…")
    return [morceau.replace("\0", "\xa0") for morceau in morceaux]
