"""L'arithmétique du baromètre: exacte et pure.

Entrent des entiers, sortent des entiers et des `Fraction`; aucun flottant, aucun import de Django. Un trimestre y est
un rang (`rang("2023-T1")`), une part une fraction entre 0 et 1, une organisation son sigle.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import NamedTuple

TRIMESTRES_DU_PANEL = 8
TRIMESTRES_POUR_PROJETER = 4
TRIMESTRES_DU_PROGRES = 4
HORIZON = 40  # trimestres: au-delà de dix ans, une projection ne dit plus rien
PANEL_MINIMAL = 2  # organisations


class Etat(StrEnum):
    """Ce qu'une organisation attendue répond, ou ne répond pas, pour un indicateur et un trimestre."""

    VALEUR = "VALEUR"
    NON_DISPONIBLE = "NON_DISPONIBLE"
    SANS_OBJET = "SANS_OBJET"
    PAS_ENCORE_DUE = "PAS_ENCORE_DUE"
    EN_RETARD = "EN_RETARD"


class Verdict(StrEnum):
    """Où en est une part face à son chemin."""

    ATTEINTE = "ATTEINTE"
    EN_VOIE = "EN_VOIE"
    EN_RETARD = "EN_RETARD"
    NON_JUGEABLE = "NON_JUGEABLE"


class Reponse(NamedTuple):
    """La case d'une organisation attendue: son état et, s'il y a un nombre, ses deux comptes."""

    organisation: str
    etat: str
    numerateur: int | None = None
    denominateur: int | None = None

    @property
    def est_calculable(self) -> bool:
        """Un nombre, et un dénominateur supérieur à zéro."""
        return bool(self.denominateur)


@dataclass(frozen=True, slots=True)
class Comptes:
    """Les comptes d'un indicateur, d'un trimestre et d'un périmètre: tout ce qui est conservé d'un agrégat."""

    attendues: int = 0
    repondantes: int = 0
    calculables: int = 0
    numerateur: int = 0
    denominateur: int = 0
    au_dessus: int = 0
    sans_objet: int = 0
    non_disponibles: int = 0

    @property
    def part_globale(self) -> Fraction | None:
        """Σ numérateurs / Σ dénominateurs des calculables; jamais une moyenne de parts."""
        return quotient(self.numerateur, self.denominateur)

    @property
    def part_organisations(self) -> Fraction | None:
        """Organisations au-dessus du seuil / calculables."""
        return quotient(self.au_dessus, self.calculables)

    @property
    def couverture(self) -> Fraction | None:
        """Répondantes / attendues."""
        return quotient(self.repondantes, self.attendues)

    @property
    def silencieuses(self) -> int:
        """Attendues dont rien n'est parvenu."""
        return self.attendues - self.repondantes

    @property
    def bornes(self) -> tuple[Fraction, Fraction] | None:
        """La part d'organisations si toutes les silencieuses étaient sous le seuil, puis toutes au-dessus."""
        possibles = self.calculables + self.silencieuses
        if not possibles:
            return None
        return Fraction(self.au_dessus, possibles), Fraction(self.au_dessus + self.silencieuses, possibles)


class Ecart(NamedTuple):
    """Un verdict et la distance au chemin du jour, positive au-dessus (fraction de 1, `None` sans chemin)."""

    verdict: Verdict
    distance: Fraction | None


class Projection(NamedTuple):
    """Le rang du trimestre où la cible serait atteinte à la pente observée; `None`: pas à ce rythme."""

    rang: int | None


def rang(code: str) -> int:
    """Le rang d'un trimestre `AAAA-Tn`: deux trimestres qui se suivent ont deux rangs qui se suivent."""
    annee, numero = code.split("-T")
    return int(annee) * 4 + int(numero) - 1


def code_du_rang(valeur: int) -> str:
    """Le code `AAAA-Tn` d'un rang."""
    return f"{valeur // 4}-T{valeur % 4 + 1}"


def quotient(numerateur: int, denominateur: int) -> Fraction | None:
    """La fraction, ou rien quand le dénominateur est nul: 0/0 n'est ni 0 % ni 100 %."""
    return Fraction(numerateur, denominateur) if denominateur else None


def depasse(numerateur: int, denominateur: int, seuil: Fraction) -> bool:
    """La part est-elle strictement au-dessus du seuil? La moitié exacte n'est pas une majorité."""
    return numerateur * seuil.denominator > seuil.numerator * denominateur


def compter(reponses: Iterable[Reponse], seuil: Fraction) -> Comptes:
    """Les comptes d'un ensemble de réponses, une par organisation attendue."""
    attendues = repondantes = calculables = numerateur = denominateur = au_dessus = sans_objet = non_disponibles = 0
    for _, etat, n, d in reponses:
        attendues += 1
        if etat == Etat.VALEUR:
            repondantes += 1
            if d:
                calculables += 1
                numerateur += n or 0
                denominateur += d
                au_dessus += depasse(n or 0, d, seuil)
            else:
                sans_objet += 1
        elif etat == Etat.SANS_OBJET:
            repondantes += 1
            sans_objet += 1
        elif etat == Etat.NON_DISPONIBLE:
            repondantes += 1
            non_disponibles += 1
    return Comptes(
        attendues, repondantes, calculables, numerateur, denominateur, au_dessus, sans_objet, non_disponibles
    )


def panel_constant(serie: Mapping[int, Sequence[Reponse]], seuil: Fraction) -> dict[int, Comptes]:
    """Les comptes, aux huit derniers trimestres montrés, des organisations calculables à chacun d'eux.

    `serie` va d'un rang à ses réponses. Avec moins de deux organisations, les comptes n'ont que leur effectif.
    """
    derniers = sorted(serie)[-TRIMESTRES_DU_PANEL:]
    if not derniers:
        return {}
    fideles = set.intersection(*({r.organisation for r in serie[q] if r.est_calculable} for q in derniers))
    if len(fideles) < PANEL_MINIMAL:
        return dict.fromkeys(derniers, Comptes(attendues=len(fideles)))
    return {q: compter((r for r in serie[q] if r.organisation in fideles), seuil) for q in derniers}


def cible_au(points: Sequence[tuple[int, Fraction]], quand: int) -> Fraction | None:
    """La cible au rang `quand`, sur le chemin des points datés (rang, part), en ordre.

    Linéaire entre deux points; aucune avant le premier; après le dernier, le dernier vaut toujours.
    """
    if not points or quand < points[0][0]:
        return None
    for (debut, depart), (fin, arrivee) in pairwise(points):
        if quand < fin:
            return depart + (arrivee - depart) * Fraction(quand - debut, fin - debut)
    return points[-1][1]


def suffit(base: int, denominateur_minimal: int) -> bool:
    """Y a-t-il assez de cas pour juger une part, la comparer, la prolonger?"""
    return base >= denominateur_minimal


def juger(
    part: Fraction | None,
    denominateur: int,
    points: Sequence[tuple[int, Fraction]],
    quand: int,
    denominateur_minimal: int = 0,
) -> Ecart:
    """Le verdict d'une part à un trimestre passé, comparé en fractions: jamais par un nombre arrondi."""
    chemin = cible_au(points, quand)
    if part is None or chemin is None or not suffit(denominateur, denominateur_minimal):
        return Ecart(Verdict.NON_JUGEABLE, None)
    if part >= points[-1][1]:
        return Ecart(Verdict.ATTEINTE, part - chemin)
    return Ecart(Verdict.EN_VOIE if part >= chemin else Verdict.EN_RETARD, part - chemin)


def a_prolonger(observes: Sequence[tuple[int, Fraction]]) -> list[tuple[int, Fraction]]:
    """Les parts connues des huit derniers trimestres, en ordre: celles qu'une projection prolonge."""
    return [(q, part) for q, part in observes if q > observes[-1][0] - TRIMESTRES_DU_PANEL]


def projeter(observes: Sequence[tuple[int, Fraction]], cible: Fraction) -> Projection | None:
    """Quand la cible serait atteinte si les huit derniers trimestres se prolongeaient; `None` sous quatre trimestres.

    Pente de Theil-Sen: la médiane des pentes de toutes les paires, qu'un trimestre aberrant ne renverse pas
    (P. K. Sen, 1968); l'ordonnée est la médiane des restes. Rien n'est projeté d'une cible déjà atteinte.
    """
    fenetre = a_prolonger(observes)
    if len(fenetre) < TRIMESTRES_POUR_PROJETER or fenetre[-1][1] >= cible:
        return None
    pente = median((b - a) / (q - p) for i, (p, a) in enumerate(fenetre) for q, b in fenetre[i + 1 :])
    if pente <= 0:
        return Projection(None)
    origine = median(part - pente * q for q, part in fenetre)
    dernier = fenetre[-1][0]
    atteinte = max(-((origine - cible) // pente), dernier + 1)  # le plus petit entier q où origine + pente·q ≥ cible
    return Projection(int(atteinte) if atteinte <= dernier + HORIZON else None)


class Progres(NamedTuple):
    """Ce qu'une part a gagné, du rang `du` au rang `au`; négatif si elle a reculé."""

    du: int
    au: int
    depart: Fraction
    arrivee: Fraction

    @property
    def gain(self) -> Fraction:
        """La différence des deux parts."""
        return self.arrivee - self.depart


def progres(observes: Sequence[tuple[int, Fraction]]) -> Progres | None:
    """Le progrès sur les quatre derniers trimestres observés, en ordre; il en faut au moins deux."""
    derniers = observes[-TRIMESTRES_DU_PROGRES:]
    if len(derniers) < 2:
        return None
    (du, depart), (au, arrivee) = derniers[0], derniers[-1]
    return Progres(du, au, depart, arrivee)
