"""Une planche: la courbe d'un indicateur, son titre, ce qu'elle dit, ses notes et sa source, en un seul dessin. Pur."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from barometre.chiffres import Serie
from barometre.graphiques import couleurs
from barometre.graphiques.courbe import Cadre, Courbe, Trace, dessiner
from barometre.graphiques.dessin import Chemin, Dessin, Marque, Texte, couper
from indicateurs.affichage import cible_en_texte
from indicateurs.arithmetique import code_du_rang
from indicateurs.langue import _
from indicateurs.mots import trimestre, typographier

LARGEUR, MARGE, AIRE = 800, 24, 270
EPAISSEURS = {"cible": 2, "observe": 3, "panel": 2}
TIRETS: dict[str, tuple[float, ...]] = {"cible": (0.5, 5), "panel": (6, 3)}
COTES = {"cible": 2, "observe": 7, "panel": 6}


class Legende(NamedTuple):
    """Ce qu'une planche dit autour de sa courbe."""

    titre: str
    phrase: str
    pied: Sequence[str]


def composer(serie: Serie, legende: Legende) -> Dessin:
    """La planche d'une série."""
    tete = _empiler(legende.titre, 22, couleurs.TEXTE, est_gras=True) + _empiler(legende.phrase, 15, couleurs.TEXTE)
    pied = [ligne for texte in legende.pied for ligne in _empiler(texte, 13, couleurs.AXE)]
    haut = MARGE + _hauteur(tete) + 20
    dessous = 34 + _hauteur(pied) + MARGE
    cadre = Cadre(LARGEUR, haut + AIRE + dessous, MARGE + 46, MARGE + 112, haut, dessous)
    courbe = dessiner(serie, cadre)
    textes = [*_poser(tete, MARGE), *_poser(pied, cadre.plancher + 34), *_textes(courbe)]
    chemins, marques = list(_chemins(courbe)), [m for trace in courbe.traces for m in _marques(trace, serie)]
    return Dessin(LARGEUR, cadre.hauteur, legende.titre, legende.phrase, chemins, marques, textes)


def _empiler(texte: str, corps: int, couleur: str, *, est_gras: bool = False) -> list[Texte]:
    """Les lignes d'un texte, sans hauteur encore."""
    lignes = couper(texte, LARGEUR - 2 * MARGE, corps)
    return [Texte(MARGE, 0, ligne, corps, couleur, est_gras) for ligne in lignes]


def _interligne(texte: Texte) -> int:
    return round(texte.corps * 1.4)


def _hauteur(textes: Sequence[Texte]) -> int:
    return sum(map(_interligne, textes))


def _poser(textes: Sequence[Texte], haut: float) -> Iterator[Texte]:
    """Les mêmes, les uns sous les autres."""
    for texte in textes:
        haut += _interligne(texte)
        yield texte._replace(y=haut - 4)


def _chemins(courbe: Courbe) -> Iterator[Chemin]:
    """La bande, la grille, les ruptures, puis les lignes."""
    cadre = courbe.cadre
    for bande in courbe.bandes:
        yield Chemin(bande, couleurs.BANDE, 1, fond=couleurs.PALE)
    for g in courbe.graduations:
        yield Chemin(f"M{cadre.gauche} {g.y:g}H{cadre.bord}", couleurs.GRILLE, 1)
    for annee in courbe.annees:
        yield Chemin(f"M{annee.x:g} {cadre.plancher}V{cadre.plancher + 6}", couleurs.GRILLE, 1)
    for r in courbe.ruptures:
        yield Chemin(f"M{r.x:g} {cadre.haut}V{cadre.plancher}", couleurs.AXE, 1.5, (2, 4))
    for trace in courbe.traces:
        bout = "round" if trace.cle == "cible" else "butt"
        if trace.ligne:
            ligne = Chemin(trace.ligne, couleurs.LIGNES[trace.cle], EPAISSEURS[trace.cle], TIRETS.get(trace.cle, ()))
            yield ligne._replace(bout=bout, cle=trace.cle)
        if trace.nom.fil:
            yield Chemin(trace.nom.fil, couleurs.BORD, 1)


def _marques(trace: Trace, serie: Serie) -> Iterator[Marque]:
    """Un point par trimestre, qui dit sa part."""
    chiffres = {c.trimestre: c for c in serie.chiffres}
    couleur, est_ronde = couleurs.LIGNES[trace.cle], trace.cle != "panel"
    for point in trace.points:
        code = code_du_rang(point.rang)
        part = cible_en_texte(point.part) if trace.cle == "cible" else chiffres[code].ecrire(point.part)
        dit = typographier(_("%(trimestre)s : %(part)s") % {"trimestre": trimestre(code), "part": part})
        yield Marque(trace.cle, point.x, point.y, COTES[trace.cle], couleur, est_ronde, dit)


def _textes(courbe: Courbe) -> Iterator[Texte]:
    """Les graduations, les années, les ruptures et les noms des lignes."""
    for g in courbe.graduations:
        yield Texte(g.x, g.y + 4.5, g.texte, 13, ancre="end")
    for annee in courbe.annees:
        yield Texte(annee.x, annee.y, annee.texte, 13, ancre="middle")
    for r in courbe.ruptures:
        yield Texte(r.x + r.dx, r.y, r.texte, 13, ancre=r.ancre, halo=True)
    for trace in courbe.traces:
        nom = trace.nom
        yield Texte(nom.x, nom.y + 4.5, nom.texte, 13, couleurs.LIGNES[trace.cle], halo=True)
