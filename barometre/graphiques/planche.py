"""Une planche: une courbe ou plusieurs, leur titre, ce qu'elles disent, leurs notes, leur source, en un dessin. Pur."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from barometre.chiffres import Regle, Serie
from barometre.graphiques import comparaison, couleurs
from barometre.graphiques.comparaison import Ligne
from barometre.graphiques.courbe import Cadre, Courbe, Trace, dessiner
from barometre.graphiques.dessin import Chemin, Dessin, Marque, Texte, couper
from indicateurs.affichage import pourcentage
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
    cadre, textes = _mettre_en_page(legende, droite=112)
    courbe = dessiner(serie, cadre)
    noms = [_nommer(t.nom.x, t.nom.y, t.nom.texte, couleurs.LIGNES[t.cle]) for t in courbe.traces]
    marques = [m for trace in courbe.traces for m in _marques(trace, serie)]
    chemins = [*_fond(courbe), *_lignes(courbe)]
    return _dessin(legende, cadre, chemins, marques, [*textes, *_reperes(courbe), *noms])


def superposer(series: Mapping[str, Serie], commune: Regle, repere: str, legende: Legende) -> Dessin:
    """La planche de plusieurs organisations, par sigle; `repere` nomme le chemin de `commune`."""
    cadre, textes = _mettre_en_page(legende, droite=172)
    dessin = comparaison.superposer(series, commune, cadre)
    noms = [_nommer(ligne.x_du_nom, ligne.hauteur, ligne.nom, couleurs.TEXTE) for ligne in dessin.lignes]
    chemins = [chemin for ligne in dessin.lignes for chemin in _superposees(ligne)]
    if dessin.chemin:
        noms.append(_nommer(cadre.bord + 22, dessin.hauteur_du_chemin, repere, couleurs.LIGNES["cible"]))
        chemins = [*_ligne(dessin.chemin), *chemins]
    return _dessin(legende, cadre, [*_fond(dessin.fond), *chemins], [], [*textes, *_reperes(dessin.fond), *noms])


def _mettre_en_page(legende: Legende, droite: int) -> tuple[Cadre, list[Texte]]:
    """Le cadre de la courbe, et ce qui se lit au-dessus et au-dessous."""
    tete = _empiler(legende.titre, 22, couleurs.TEXTE, est_gras=True) + _empiler(legende.phrase, 15, couleurs.TEXTE)
    pied = [ligne for texte in legende.pied for ligne in _empiler(texte, 13, couleurs.AXE)]
    haut = MARGE + _hauteur(tete) + 20
    dessous = 34 + _hauteur(pied) + MARGE
    cadre = Cadre(LARGEUR, haut + AIRE + dessous, MARGE + 46, MARGE + droite, haut, dessous)
    return cadre, [*_poser(tete, MARGE), *_poser(pied, cadre.plancher + 34)]


def _dessin(legende: Legende, cadre: Cadre, chemins: list, marques: list, textes: list) -> Dessin:
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


def _fond(courbe: Courbe) -> Iterator[Chemin]:
    """La bande, la grille, les ruptures."""
    cadre = courbe.cadre
    for bande in courbe.bandes:
        yield Chemin(bande, couleurs.BANDE, 1, fond=couleurs.PALE)
    for g in courbe.graduations:
        yield Chemin(f"M{cadre.gauche} {g.y:g}H{cadre.bord}", couleurs.GRILLE, 1)
    for annee in courbe.annees:
        yield Chemin(f"M{annee.x:g} {cadre.plancher}V{cadre.plancher + 6}", couleurs.GRILLE, 1)
    for r in courbe.ruptures:
        yield Chemin(f"M{r.x:g} {cadre.haut}V{cadre.plancher}", couleurs.AXE, 1.5, (2, 4))


def _lignes(courbe: Courbe) -> Iterator[Chemin]:
    """Les lignes, et le fil de chacune à son nom."""
    for trace in courbe.traces:
        yield from _ligne(trace)
        if trace.nom.fil:
            yield Chemin(trace.nom.fil, couleurs.BORD, 1)


def _ligne(trace: Trace) -> Iterator[Chemin]:
    """Rien si aucun trimestre n'en suit un autre."""
    if trace.ligne:
        trait = Chemin(trace.ligne, couleurs.LIGNES[trace.cle], EPAISSEURS[trace.cle], TIRETS.get(trace.cle, ()))
        yield trait._replace(bout="round" if trace.cle == "cible" else "butt", cle=trace.cle)


def _superposees(ligne: Ligne) -> Iterator[Chemin]:
    """La ligne d'une organisation, ses marques, le fil et la marque qui mènent à son nom."""
    couleur = ligne.style.couleur
    if ligne.trace.ligne:
        tirets = () if ligne.style.tirets == "none" else tuple(map(float, ligne.style.tirets.split()))
        yield Chemin(ligne.trace.ligne, couleur, 2.5, tirets, cle="organisation")
    yield Chemin(ligne.fil, couleurs.BORD, 1)
    for marque in (*ligne.marques, ligne.cle):
        yield Chemin("M" + marque.replace(" ", "L").replace(",", " ") + "Z", fond=couleur)


def _marques(trace: Trace, serie: Serie) -> Iterator[Marque]:
    """Un point par trimestre, qui dit sa part."""
    chiffres = {c.trimestre: c for c in serie.chiffres}
    couleur, est_ronde = couleurs.LIGNES[trace.cle], trace.cle != "panel"
    for point in trace.points:
        code = code_du_rang(point.rang)
        part = pourcentage(point.part) if trace.cle == "cible" else chiffres[code].ecrire(point.part)
        dit = typographier(_("%(trimestre)s : %(part)s") % {"trimestre": trimestre(code), "part": part})
        yield Marque(trace.cle, point.x, point.y, COTES[trace.cle], couleur, est_ronde, dit)


def _reperes(courbe: Courbe) -> Iterator[Texte]:
    """Les graduations, les années, les ruptures."""
    for g in courbe.graduations:
        yield Texte(g.x, g.y + 4.5, g.texte, 13, ancre="end")
    for annee in courbe.annees:
        yield Texte(annee.x, annee.y, annee.texte, 13, ancre="middle")
    for r in courbe.ruptures:
        yield Texte(r.x + r.dx, r.y, r.texte, 13, ancre=r.ancre, halo=True)


def _nommer(x: float, y: float, nom: str, couleur: str) -> Texte:
    """Le nom d'une ligne, à sa droite."""
    return Texte(x, y + 4.5, nom, 13, couleur, halo=True)
