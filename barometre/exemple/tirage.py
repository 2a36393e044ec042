"""Les réponses fictives de l'exemple: pures, en entiers, toujours les mêmes.

Chaque tirage a son propre hasard, nommé par ce qu'il tire: l'ordre des tirages ne compte pas.
"""

import random
from enum import Enum, auto
from typing import NamedTuple

from barometre.exemple import textes
from barometre.exemple.scenario import (
    CORRIGENT,
    DERNIER,
    MAJORITES_AU_DEPART,
    MAJORITES_PAR_AN,
    REPRIS,
    SANS_REPONSE,
    TRAJECTOIRES,
    TRIMESTRES,
)

GRAINE = "baromètre"
DEFINI_DU = {
    "sans-papier": "2019-T2",
    "donnees-ouvertes": "2019-T2",
    "formation-academie": "2020-T1",
    "formation-enap": "2019-T2",
}
IRREGULIERES, GRANDE = 3, 2000  # une organisation sur trois oublie parfois un trimestre, jamais une grande
OUBLIS, OUBLIS_AU_DEBUT = 26, 45  # pour cent
NON_DISPONIBLES, NOTES = 3, 4  # pour cent
SANS_JEU = {"BC", "TAQ"}  # 0/0: aucun jeu détenu


class Depot(Enum):
    """Quand une organisation répond: avant la publication, après, ou jamais."""

    A_TEMPS = auto()
    TARD = auto()
    JAMAIS = auto()


class Reponse(NamedTuple):
    """Deux comptes ou une absence, une raison, une note."""

    numerateur: int | None = None
    denominateur: int | None = None
    absence: str = ""
    motif: str = ""
    note: str = ""


class Declarante(NamedTuple):
    """Une organisation et sa place dans la marche vers la majorité de ses données."""

    sigle: str
    effectif: int
    place: int


def hasard(*cle: object) -> random.Random:
    """Le hasard qui porte ce nom."""
    return random.Random("/".join(map(str, (GRAINE, *cle))))  # noqa: S311 - un tirage à refaire, rien à cacher


def numeroter(effectifs: dict[str, int]) -> dict[str, Declarante]:
    """Les déclarantes, chacune à une place tirée au sort."""
    ordre = sorted(effectifs, key=lambda sigle: hasard("place", sigle).random())
    return {sigle: Declarante(sigle, effectifs[sigle], place) for place, sigle in enumerate(ordre)}


def repond(qui: Declarante, trimestre: str) -> Depot:
    """Quand elle répond pour ce trimestre; une réponse reprise de l'historique est toujours à temps."""
    if trimestre == DERNIER:
        return Depot.JAMAIS if qui.sigle in SANS_REPONSE else Depot.A_TEMPS
    if qui.sigle in CORRIGENT or qui.effectif >= GRANDE or hasard("repond", qui.sigle).randrange(IRREGULIERES):
        return Depot.A_TEMPS
    oubli = hasard("repond", qui.sigle, trimestre).randrange(100)
    if oubli >= (OUBLIS_AU_DEBUT if trimestre in REPRIS[:6] else OUBLIS):
        return Depot.A_TEMPS
    return Depot.JAMAIS if oubli % 2 or trimestre in REPRIS else Depot.TARD


def repondre(qui: Declarante, trimestre: str) -> dict[str, Reponse]:
    """Ses réponses à tous les indicateurs du trimestre."""
    return {code: _repondre(qui, trimestre, code) for code, du in DEFINI_DU.items() if trimestre >= du}


def _repondre(qui: Declarante, trimestre: str, code: str) -> Reponse:
    if motif := textes.SANS_OBJET.get((qui.sigle, code)):
        return Reponse(absence="SANS_OBJET", motif=motif)
    h = hasard(qui.sigle, trimestre, code)
    if qui.sigle not in CORRIGENT and h.randrange(100) < NON_DISPONIBLES:
        return Reponse(absence="NON_DISPONIBLE", motif=h.choice(textes.RAISONS[code]))
    rang = TRIMESTRES.index(trimestre)
    denominateur = _denominateur(qui, code, rang)
    part = min(max(_part(qui, code, rang) + h.randint(-9, 9), 0), 1000)
    numerateur = (denominateur * part + 500) // 1000
    if code == "donnees-ouvertes":
        moitie = denominateur // 2
        numerateur = min(numerateur, moitie) if rang < _franchie(qui) else max(numerateur, moitie + 1)
    note = h.choice(textes.NOTES[code]) if h.randrange(100) < NOTES else ""
    return Reponse(min(numerateur, denominateur), denominateur, note=note)


def _denominateur(qui: Declarante, code: str, rang: int) -> int:
    """Un nombre à l'échelle de l'organisation, qui croît un peu d'une année à l'autre."""
    h = hasard(qui.sigle, code, "taille")
    if code == "donnees-ouvertes":
        return 0 if qui.sigle in SANS_JEU else h.randint(3, 9) + qui.effectif // 160 + rang // 5
    base = {
        "sans-papier": 4 + qui.effectif // h.randint(9, 15),
        "formation-academie": qui.effectif,
        "formation-enap": max(2, qui.effectif * h.randint(5, 8) // 100),
    }[code]
    return base + base * rang // 500


def _part(qui: Declarante, code: str, rang: int) -> int:
    """La part visée, en millièmes: la trajectoire et l'écart propre à l'organisation."""
    h = hasard(qui.sigle, code, "ecart")
    if code == "donnees-ouvertes":
        return 530 + (rang - _franchie(qui)) * h.randint(18, 34)
    visee = TRAJECTOIRES[code][rang]
    if code == "sans-papier":
        return visee + (h.randint(-90, 90) + h.randint(-90, 90)) * min(rang + 4, 16) // 16
    return visee * h.randint(550, 1450) // 1000


def _franchie(qui: Declarante) -> int:
    """Le rang du trimestre où elle diffuse la majorité de ses données."""
    return max(0, (qui.place - MAJORITES_AU_DEPART) * 4 // MAJORITES_PAR_AN + 1)
