"""Une vignette de 1200 × 630: ce qu'un réseau social montre d'un indicateur ou d'une organisation. Pur."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from barometre.graphiques import couleurs
from barometre.graphiques.barre import Barre
from barometre.graphiques.dessin import Chemin, Dessin, Texte, couper

LARGEUR, HAUTEUR, MARGE = 1200, 630, 64
UTILE = LARGEUR - 2 * MARGE
BAS = HAUTEUR - 64  # la ligne du pied
CHASSE = 0.5  # une vignette n'existe qu'en PNG, dans notre police, qui est étroite


class Rangee(NamedTuple):
    """Un chiffre d'une vignette; sans titre, c'est celui de la vignette; sans barre, rien ne s'y mesure."""

    titre: str
    part: str
    cible: str
    verdict: str
    etat: str
    barre: Barre | None
    unite: str = ""  # de quoi la part est une part, écrit dessous


class Vignette(NamedTuple):
    """Ce qu'une vignette dit."""

    entete: str
    titre: str
    description: str
    rangees: Sequence[Rangee]
    pied: str
    avis: str = ""  # en clair sur une bande foncée, tout en bas


def composer(vignette: Vignette) -> Dessin:
    """Le dessin d'une vignette: le chiffre de son titre y est grand, d'autres s'y rangent."""
    seule = len(vignette.rangees) == 1 and not vignette.rangees[0].titre
    corps = 58 if seule else 50
    titre = couper(vignette.titre, UTILE, corps, 2, CHASSE)
    textes = [Texte(MARGE, 80, vignette.entete, 28, couleurs.LIEN, est_gras=True)]
    haut = 90 if len(titre) > 1 else 120
    for ligne in titre:
        haut += round(corps * 1.16)
        textes.append(Texte(MARGE, haut, ligne, corps, couleurs.TEXTE, est_gras=True))
    formes = [*(_grande(vignette.rangees[0], haut) if seule else _petites(vignette.rangees, haut)), *_pied(vignette)]
    chemins = [forme for forme in formes if isinstance(forme, Chemin)]
    textes += [forme for forme in formes if isinstance(forme, Texte)]
    return Dessin(LARGEUR, HAUTEUR, vignette.titre, vignette.description, chemins, [], textes)


def _grande(rangee: Rangee, haut: float) -> Iterator[Chemin | Texte]:
    """La part en très grand, la cible à droite, la barre, le verdict."""
    absente = rangee.barre is None or rangee.barre.valeur is None
    base = haut + (84 if absente else 132)
    corps = 60 if absente else 140
    for rang, ligne in enumerate(couper(rangee.part, UTILE, corps, 2, CHASSE)):
        yield Texte(MARGE, base + rang * 68, ligne, corps, couleurs.TEXTE, est_gras=True)
    if rangee.cible:
        yield Texte(LARGEUR - MARGE, base, rangee.cible, 38, couleurs.TEXTE, est_gras=True, ancre="end")
    if rangee.unite:
        base += 54
        yield Texte(MARGE, base, rangee.unite, 30, couleurs.TEXTE)
    if rangee.barre:
        yield from _barre(rangee.barre, base + 50, 34)
    if rangee.verdict:
        encre, fond = couleurs.VERDICTS[rangee.etat]
        bas = base + (98 if rangee.barre else 100)
        yield Chemin(f"M{MARGE} {bas:g}H{LARGEUR - MARGE}V{bas + 52:g}H{MARGE}Z", fond=fond)
        texte = couper(rangee.verdict, UTILE - 40, 30, 1, CHASSE)[0]
        yield Texte(MARGE + 20, bas + 37, texte, 30, encre, est_gras=True)


def _petites(rangees: Sequence[Rangee], haut: float) -> Iterator[Chemin | Texte]:
    """Une ligne par chiffre: son nom, sa part, sa barre."""
    pas = min((BAS - 40 - haut) / max(len(rangees), 1), 130)
    for numero, rangee in enumerate(rangees):
        base = haut + 62 + numero * pas
        droite = couper(
            f"{rangee.part}, {rangee.cible}" if rangee.cible and rangee.barre else rangee.part, 560, 30, 1, CHASSE
        )[0]
        reste = UTILE - len(droite) * 30 * CHASSE - 30
        yield Texte(MARGE, base, couper(rangee.titre, reste, 30, 1, CHASSE)[0], 30, couleurs.TEXTE)
        yield Texte(LARGEUR - MARGE, base, droite, 30, couleurs.TEXTE, True, "end")
        if rangee.unite:
            base += 22
            yield Texte(LARGEUR - MARGE, base, rangee.unite, 20, couleurs.TEXTE, ancre="end")
        if rangee.barre:
            yield from _barre(rangee.barre, base + 32, 22)


def _barre(barre: Barre, y: float, epaisseur: float) -> Iterator[Chemin]:
    """Une barre remplie jusqu'à la part, un trait fin au chemin, un trait épais à la cible."""

    def x(millieme: int) -> float:
        return round(MARGE + millieme * UTILE / 1000, 1)

    def trait(millieme: int | None, large: float) -> Iterator[Chemin]:
        if millieme is not None:
            d = f"M{x(millieme):g} {y - epaisseur / 2 - 8:g}V{y + epaisseur / 2 + 8:g}"
            yield Chemin(d, couleurs.FOND, large + 6)
            yield Chemin(d, couleurs.TEXTE, large)

    yield Chemin(f"M{MARGE} {y:g}H{LARGEUR - MARGE}", couleurs.PALE, epaisseur)
    if barre.valeur:
        yield Chemin(f"M{MARGE} {y:g}H{x(barre.valeur):g}", couleurs.LIEN, epaisseur)
    yield from trait(barre.chemin, 3)
    yield from trait(barre.cible, 9)


def _pied(vignette: Vignette) -> Iterator[Chemin | Texte]:
    """L'édition, et l'avis sur sa bande."""
    if not vignette.avis:
        yield Texte(MARGE, HAUTEUR - 36, vignette.pied, 26)
        return
    haut = HAUTEUR - 56
    yield Chemin(f"M0 {haut}H{LARGEUR}V{HAUTEUR}H0Z", fond=couleurs.TEXTE)
    yield Texte(MARGE, HAUTEUR - 19, vignette.avis, 26, couleurs.FOND)
    yield Texte(LARGEUR - MARGE, 80, vignette.pied, 26, ancre="end")
