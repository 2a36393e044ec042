"""Plusieurs courbes sur une même échelle: celles de quelques organisations, superposées. Pur: ignore Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from barometre.chiffres import ENSEMBLE, Chiffre, Regle, Serie
from barometre.graphiques.courbe import Cadre, Courbe, Trace, dessiner, ecarter
from indicateurs.arithmetique import Comptes, code_du_rang, rang


class Style(NamedTuple):
    """Ce qui distingue une ligne: sa couleur, sûre pour les daltoniens, ses tirets, la forme de ses marques."""

    couleur: str
    tirets: str
    forme: tuple[tuple[float, float], ...]


STYLES = (
    Style("#0072B2", "none", ((-2, -4), (2, -4), (4, -2), (4, 2), (2, 4), (-2, 4), (-4, 2), (-4, -2))),
    Style("#D55E00", "9 4", ((-3.5, -3.5), (3.5, -3.5), (3.5, 3.5), (-3.5, 3.5))),
    Style("#009E73", "4 3", ((0, -4.5), (4.5, 3.5), (-4.5, 3.5))),
    Style("#CC79A7", "13 3 3 3", ((0, -5), (5, 0), (0, 5), (-5, 0))),
    Style("#223654", "16 3 3 3 3 3", ((-4.5, -3.5), (4.5, -3.5), (0, 4.5))),
)


NOM_COURT = 10  # lettres, à droite du dessin


@dataclass(frozen=True)
class Ligne:
    """La ligne d'une organisation, son nom à droite, précédé de sa marque."""

    nom: str
    style: Style
    trace: Trace
    hauteur: float
    cadre: Cadre

    @property
    def marques(self) -> list[str]:
        """Un polygone par trimestre connu."""
        echelle = 0.7 if self.cadre.abrege else 1
        return [_polygone(self.style, point.x, point.y, echelle) for point in self.trace.points]

    @property
    def cle(self) -> str:
        """La marque devant le nom."""
        return _polygone(self.style, self.x_du_nom - 9, self.hauteur)

    @property
    def x_du_nom(self) -> float:
        """L'abscisse du nom."""
        return self.cadre.bord + 22

    @property
    def fil(self) -> str:
        """Le fil du dernier point à la marque du nom."""
        bout = self.trace.points[-1]
        return f"M{bout.x + 6:g} {bout.y:g}L{self.cadre.bord + 6:g} {self.hauteur:g}"


@dataclass(frozen=True)
class Comparaison:
    """Un dessin complet: `fond` en porte l'échelle et le chemin de la cible; `nom_du_chemin` le nomme."""

    fond: Courbe
    lignes: tuple[Ligne, ...]
    chemin: Trace | None
    hauteur_du_chemin: float

    @property
    def cadre(self) -> Cadre:
        """Ses dimensions."""
        return self.fond.cadre


def superposer(series: Mapping[str, Serie], commune: Regle, cadre: Cadre) -> Comparaison:
    """Les séries, par nom, dans ce cadre; le chemin de `commune` y est tracé une fois. Aucune n'est sans point."""
    courbes = {nom: dessiner(serie, cadre) for nom, serie in aligner(series, commune).items()}
    fond = next(iter(courbes.values()))
    traces = {nom: _trace(courbe, "observe") for nom, courbe in courbes.items()}
    presentes = {nom: trace for nom, trace in traces.items() if trace}
    chemin = _trace(fond, "cible")
    bouts = [trace.points[-1].y for trace in (*presentes.values(), *([chemin] if chemin else []))]
    hauteurs = ecarter(bouts, cadre.haut, cadre.plancher)
    lignes = tuple(
        Ligne(_abreger(nom), style, trace, hauteur, cadre)
        for (nom, trace), style, hauteur in zip(presentes.items(), STYLES, hauteurs, strict=False)
    )
    return Comparaison(fond, lignes, chemin, hauteurs[-1] if chemin else 0)


def aligner(series: Mapping[str, Serie], commune: Regle) -> dict[str, Serie]:
    """Les mêmes séries, toutes du premier au dernier trimestre de l'une d'elles, face au même chemin."""
    rangs = [rang(chiffre.trimestre) for serie in series.values() for chiffre in serie.chiffres]
    codes = [code_du_rang(r) for r in range(min(rangs), max(rangs) + 1)]
    return {nom: Serie(tuple(_combler(serie, codes, commune))) for nom, serie in series.items()}


def _combler(serie: Serie, codes: Sequence[str], commune: Regle) -> list[Chiffre]:
    """Un chiffre par trimestre; là où il n'y en a pas, un chiffre sans comptes: un trou dans la ligne."""
    connus = {chiffre.trimestre: replace(chiffre, regle=commune) for chiffre in serie.chiffres}
    return [connus.get(code) or Chiffre(commune, code, ENSEMBLE, Comptes()) for code in codes]


def _trace(courbe: Courbe, cle: str) -> Trace | None:
    return next((trace for trace in courbe.traces if trace.cle == cle), None)


def _abreger(nom: str) -> str:
    """Le début et la fin d'un long sigle: deux voisines ne diffèrent souvent que par la fin."""
    return nom if len(nom) <= NOM_COURT else f"{nom[:5]}…{nom[-4:]}"


def _polygone(style: Style, x: float, y: float, echelle: float = 1) -> str:
    return " ".join(f"{round(x + a * echelle, 1):g},{round(y + b * echelle, 1):g}" for a, b in style.forme)
