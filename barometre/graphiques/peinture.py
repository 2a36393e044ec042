"""Un dessin devient un PNG: mêmes tracés, mêmes marques, mêmes textes que son SVG. Ignore Django."""

import io
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import distribution
from itertools import pairwise
from math import hypot

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from barometre.graphiques import couleurs
from barometre.graphiques.dessin import Chemin, Dessin, Marque, Texte

FINESSE = 2  # chaque trait se peint deux fois trop grand, puis se réduit: ses bords sont lisses
ANCRES = {"start": "ls", "middle": "ms", "end": "rs"}
Point = tuple[float, float]


def peindre(dessin: Dessin, echelle: int = 1) -> bytes:
    """Le PNG d'un dessin, `echelle` fois plus grand; toujours les mêmes octets pour le même dessin."""
    grand = echelle * FINESSE
    image = Image.new("RGB", (dessin.largeur * grand, dessin.hauteur * grand), couleurs.FOND)
    plume = ImageDraw.Draw(image)
    for chemin in dessin.chemins:
        _tracer(plume, chemin, grand)
    for marque in dessin.marques:
        _marquer(plume, marque, grand)
    image = image.reduce(FINESSE)
    plume = ImageDraw.Draw(image)
    for texte in dessin.textes:
        _ecrire(plume, texte, echelle)
    return _octets(image, dessin)


def _octets(image: Image.Image, dessin: Dessin) -> bytes:
    """Le fichier, qui porte son titre; 256 couleurs suffisent à nos dessins."""
    faits = PngInfo()
    faits.add_itxt("Title", dessin.titre)
    faits.add_itxt("Description", dessin.description)
    reduite = image.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette = reduite.getpalette() or []
    reduite.putpalette([255 if ton == 254 else ton for ton in palette])  # l'arrondi ternirait le blanc
    fichier = io.BytesIO()
    reduite.save(fichier, "PNG", pnginfo=faits)
    return fichier.getvalue()


def lire(d: str) -> list[tuple[list[Point], bool]]:
    """Les lignes d'un tracé (M, L, H, V, Z), et si chacune est fermée."""
    lignes: list[tuple[list[Point], bool]] = []
    for ordre, suite in re.findall(r"([MLHVZ])([^MLHVZ]*)", d):
        nombres = [float(n) for n in suite.split()]
        if ordre == "M":
            lignes.append(([(nombres[0], nombres[1])], False))
            continue
        points, _ = lignes[-1]
        x, y = points[-1]
        if ordre == "Z":
            lignes[-1] = (points, True)
        else:
            points.append({"L": (nombres[0], nombres[-1]), "H": (nombres[0], y), "V": (x, nombres[0])}[ordre])
    return lignes


def _tracer(plume: ImageDraw.ImageDraw, chemin: Chemin, echelle: int) -> None:
    for ligne, fermee in lire(chemin.d):
        points = [(x * echelle, y * echelle) for x, y in ligne]
        if chemin.fond != "none":
            plume.polygon(points, fill=chemin.fond)
        if chemin.couleur != "none":
            contour = [*points, points[0]] if fermee else points
            for tiret in _en_tirets(contour, [t * echelle for t in chemin.tirets]):
                _trait(plume, tiret, chemin, echelle)


def _trait(plume: ImageDraw.ImageDraw, points: Sequence[Point], chemin: Chemin, echelle: int) -> None:
    """Un trait continu, aux bouts ronds s'il le faut."""
    epaisseur = round(chemin.epaisseur * echelle)
    plume.line(points, fill=chemin.couleur, width=epaisseur, joint="curve")
    if chemin.bout == "round":
        for x, y in (points[0], points[-1]):
            plume.circle((x, y), epaisseur / 2, fill=chemin.couleur)


def _en_tirets(points: Sequence[Point], tirets: Sequence[float]) -> Iterator[list[Point]]:
    """La ligne entière, ou ses morceaux pleins; les tirets courent d'un segment à l'autre."""
    if not tirets:
        yield list(points)
        return
    reste, rang, morceau = tirets[0], 0, [points[0]]
    for (x1, y1), (x2, y2) in pairwise(points):
        longueur, fait = hypot(x2 - x1, y2 - y1), 0.0
        while longueur - fait > reste:
            fait += reste
            ici = (x1 + (x2 - x1) * fait / longueur, y1 + (y2 - y1) * fait / longueur)
            if rang % 2 == 0:
                yield [*morceau, ici]
            rang += 1
            reste, morceau = tirets[rang % len(tirets)], [ici]
        reste -= longueur - fait
        morceau.append((x2, y2))
    if rang % 2 == 0:
        yield morceau


def _marquer(plume: ImageDraw.ImageDraw, marque: Marque, echelle: int) -> None:
    x, y, rayon = marque.x * echelle, marque.y * echelle, marque.rayon * echelle
    if marque.est_ronde:
        plume.circle((x, y), rayon, fill=marque.couleur)
    else:
        plume.rectangle((x - rayon, y - rayon, x + rayon, y + rayon), fill=marque.couleur)


def _ecrire(plume: ImageDraw.ImageDraw, texte: Texte, echelle: int) -> None:
    police = _police("Bold" if texte.est_gras else "Regular", texte.corps * echelle)
    halo = 2 * echelle if texte.halo else 0
    ou = (texte.x * echelle, texte.y * echelle)
    ancre = ANCRES[texte.ancre]
    plume.text(ou, texte.texte, texte.couleur, police, ancre, stroke_width=halo, stroke_fill=couleurs.FOND)


@cache
def _police(graisse: str, corps: int) -> ImageFont.FreeTypeFont:
    """La police d'un paquet, la même sur toute machine; il ne s'importe pas, son fichier suffit."""
    fichier = f"font_source_sans_pro/files/SourceSansPro-{graisse}.ttf"
    chemin = str(distribution("font-source-sans-pro").locate_file(fichier))
    return ImageFont.truetype(chemin, corps, layout_engine=ImageFont.Layout.BASIC)
