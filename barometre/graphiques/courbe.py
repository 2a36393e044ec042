"""La géométrie d'une courbe: les relevés d'une `Serie` deviennent une `Courbe` en pixels. Pur: ignore Django."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from barometre.chiffres import Serie
from barometre.graphiques.releves import Releve, en_bandes, relever
from indicateurs.affichage import cible_en_texte
from indicateurs.arithmetique import rang
from indicateurs.langue import _

ECART_DES_NOMS = 14  # pixels entre deux noms de lignes
ECART_DES_ANNEES = 40


class Point(NamedTuple):
    """Une part placée."""

    rang: int
    part: Fraction
    x: float
    y: float


class Nom(NamedTuple):
    """Le nom d'une ligne, à sa droite, et le fil qui l'y relie s'il a fallu l'écarter."""

    texte: str
    x: float
    y: float
    fil: str


@dataclass(frozen=True)
class Trace:
    """Une ligne du dessin: des segments de trimestres qui se suivent; un trou n'est jamais franchi."""

    cle: str
    segments: tuple[tuple[Point, ...], ...]
    nom: Nom

    @property
    def points(self) -> list[Point]:
        """Tous ses points, en ordre."""
        return [point for segment in self.segments for point in segment]

    @property
    def ligne(self) -> str:
        """Le tracé SVG des segments; vide si aucun trimestre n'en suit un autre."""
        return "".join(_polyligne([(p.x, p.y) for p in segment]) for segment in self.segments if len(segment) > 1)

    @property
    def marques(self) -> str:
        """Le tracé SVG des points: des traits de longueur nulle, au bout rond ou carré."""
        return "".join(f"M{p.x:g} {p.y:g}h0" for p in self.points)


class Repere(NamedTuple):
    """Un texte placé: graduation, année ou rupture."""

    x: float
    y: float
    texte: str
    ancre: str = "middle"

    @property
    def dx(self) -> int:
        """Le blanc entre un trait et son nom."""
        return {"start": 5, "end": -5}.get(self.ancre, 0)


@dataclass(frozen=True)
class Cadre:
    """Les dimensions d'un dessin."""

    largeur: int
    hauteur: int
    gauche: int = 52
    droite: int = 116
    haut: int = 12
    bas: int = 28
    abrege: bool = False  # les noms des lignes y sont courts

    @property
    def bord(self) -> int:
        """Le bord droit de l'aire tracée."""
        return self.largeur - self.droite

    @property
    def plancher(self) -> int:
        """L'ordonnée de 0 %."""
        return self.hauteur - self.bas

    def y(self, part: Fraction) -> float:
        """L'ordonnée d'une part; l'axe va toujours de 0 à 100 %."""
        return round(self.plancher - float(part) * (self.plancher - self.haut), 1)

    def abscisses(self, debut: int, fin: int) -> Callable[[float], float]:
        """La fonction qui place un rang; un trimestre seul se place au milieu."""
        if debut == fin:
            return lambda quand: round((self.gauche + self.bord) / 2, 1)
        pas = (self.bord - self.gauche - 12) / (fin - debut)
        return lambda quand: round(self.gauche + 6 + (quand - debut) * pas, 1)


LARGE = Cadre(720, 300)
MOYEN = Cadre(480, 260)
ETROIT = Cadre(280, 230, gauche=46, droite=84, abrege=True)


@dataclass(frozen=True)
class Courbe:
    """Un dessin complet, prêt à écrire en SVG."""

    cadre: Cadre
    releves: tuple[Releve, ...]
    traces: tuple[Trace, ...]
    bandes: tuple[str, ...]
    graduations: tuple[Repere, ...]
    annees: tuple[Repere, ...]
    ruptures: tuple[Repere, ...]


def dessiner(serie: Serie, cadre: Cadre) -> Courbe:
    """La courbe d'une série dans ce cadre."""
    releves = relever(serie)
    debut, fin = releves[0].rang, releves[-1].rang
    x = cadre.abscisses(debut, fin)
    dernier = rang(serie.dernier.trimestre)
    coupures = [r for r in serie.regle.coupures if debut < r <= dernier]
    return Courbe(
        cadre,
        releves,
        _tracer(releves, cadre, x, coupures),
        tuple(_bandes(releves, cadre, x, coupures)),
        tuple(_graduations(cadre)),
        tuple(_annees(debut, fin, cadre, x)),
        tuple(_ruptures(coupures, cadre, x)),
    )


def _graduations(cadre: Cadre):
    """Les quarts de l'axe."""
    for part in (Fraction(quart, 4) for quart in range(5)):
        yield Repere(cadre.gauche - 6, cadre.y(part), cible_en_texte(part), "end")


def _tracer(releves: Sequence[Releve], cadre: Cadre, x: Callable, coupures: Sequence[int]) -> tuple[Trace, ...]:
    """Les lignes présentes, nommées à leur droite, le panel par-dessus; la cible ne connaît pas les ruptures."""
    cibles = [r.cible for r in releves if r.cible is not None]
    observee, panel = (_("observée"), _("panel")) if cadre.abrege else (_("part observée"), _("panel constant"))
    cible = _("cible %s") % cible_en_texte(cibles[-1]) if cibles else ""
    lignes = (
        ("cible", cible, [(r.rang, r.cible) for r in releves], ()),
        ("observe", observee, [(r.rang, r.observe) for r in releves], coupures),
        ("panel", panel, [(r.rang, r.panel) for r in releves], coupures),
    )
    segments = {}
    for cle, nom, suite, cuts in lignes:
        if morceaux := tuple(_segments(suite, cadre, x, cuts)):
            segments[cle] = (nom, morceaux)
    hauteurs = ecarter([morceaux[-1][-1].y for nom, morceaux in segments.values()], cadre.haut, cadre.plancher)
    return tuple(
        Trace(cle, morceaux, _nommer(texte, morceaux[-1][-1], cadre, hauteur))
        for (cle, (texte, morceaux)), hauteur in zip(segments.items(), hauteurs, strict=True)
    )


def _segments(suite: Iterable[tuple[int, Fraction | None]], cadre: Cadre, x: Callable, coupures: Sequence[int]):
    """Les suites de points qu'aucun trou ni aucune rupture ne coupe."""
    segment: list[Point] = []
    for quand, part in suite:
        if segment and (part is None or quand in coupures):
            yield tuple(segment)
            segment = []
        if part is not None:
            segment.append(Point(quand, part, x(quand), cadre.y(part)))
    if segment:
        yield tuple(segment)


def ecarter(hauteurs: Sequence[float], haut: float, bas: float, ecart: float = ECART_DES_NOMS) -> list[float]:
    """Les mêmes hauteurs, dans le même ordre, séparées d'au moins `ecart` et tenues entre `haut` et `bas`."""
    ordre = sorted(range(len(hauteurs)), key=lambda i: hauteurs[i])
    places = [max(haut, hauteurs[i]) for i in ordre]
    for avant, apres in pairwise(range(len(places))):
        places[apres] = max(places[apres], places[avant] + ecart)
    plafond = bas
    for i in reversed(range(len(places))):
        places[i] = min(places[i], plafond)
        plafond = places[i] - ecart
    rangees = dict(zip(ordre, places, strict=True))
    return [round(rangees[i], 1) for i in range(len(hauteurs))]


def _nommer(texte: str, bout: Point, cadre: Cadre, hauteur: float) -> Nom:
    loin = cadre.bord - bout.x > 10 or abs(hauteur - bout.y) > 4
    depart = min(bout.x + 6, cadre.bord)
    fil = _polyligne([(depart, bout.y), (cadre.bord - 2, bout.y), (cadre.bord + 4, hauteur)]) if loin else ""
    return Nom(texte, cadre.bord + 7, hauteur, fil)


def _bandes(releves: Sequence[Releve], cadre: Cadre, x: Callable, coupures: Sequence[int]):
    """Le contour de chaque suite de bornes; un trimestre isolé est un trait vertical."""
    for suite in en_bandes(releves, coupures):
        dessous, dessus = ([(x(r.rang), cadre.y(r.bornes[cote])) for r in suite if r.bornes] for cote in (0, 1))
        yield _polyligne([*dessus, *reversed(dessous)]) + "Z"


def _annees(debut: int, fin: int, cadre: Cadre, x: Callable):
    """Les années, sous leur premier trimestre, là où elles ne se touchent pas."""
    premiers = [r for r in range(debut, fin + 1) if r % 4 == 0] or [debut]
    precedente = float("-inf")
    for quand in premiers:
        if x(quand) - precedente >= ECART_DES_ANNEES:
            precedente = x(quand)
            yield Repere(precedente, cadre.plancher + 20, str(quand // 4))


def _ruptures(coupures: Sequence[int], cadre: Cadre, x: Callable):
    """Un trait entre deux trimestres, et son nom du côté où il y a de la place."""
    nom = _("rupture") if cadre.abrege else _("nouvelle définition")
    for numero, quand in enumerate(coupures):
        place = round((x(quand - 1) + x(quand)) / 2, 1)
        ancre = "start" if place < (cadre.gauche + cadre.bord) / 2 else "end"
        yield Repere(place, cadre.haut + 10 + numero * ECART_DES_NOMS, nom, ancre)


def _polyligne(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{a:g} {b:g}" for a, b in points)
