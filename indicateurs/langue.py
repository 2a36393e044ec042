"""La langue où l'on écrit: le français, ou l'anglais d'une page qui le demande. Pur: ignore Django.

Une phrase s'écrit en français et passe par `_`. Le site branche ici, à son démarrage, de quoi la traduire et de quoi
savoir la langue de la page; sans lui, tout est en français.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

FRANCAIS, ANGLAIS = "fr", "en"
ISOLATS = re.compile("[\u2068\u2069]")  # First Strong Isolate, Pop Directional Isolate: ils entourent une citation


class _Langue:
    """Ce que le site a branché."""

    traduire: Callable[[str], str] = staticmethod(str)
    courante: Callable[[], str | None] = staticmethod(lambda: FRANCAIS)


def brancher(*, traduire: Callable[[str], str], courante: Callable[[], str | None]) -> None:
    """Fait traduire par `traduire`, dans la langue que dit `courante`."""
    _Langue.traduire, _Langue.courante = staticmethod(traduire), staticmethod(courante)


def _(phrase: str) -> str:
    """La phrase, dans la langue de la page."""
    return _Langue.traduire(phrase)


def est_anglais() -> bool:
    """Écrit-on en anglais?"""
    return _Langue.courante() == ANGLAIS


def lire(fiche: Mapping[str, Any]) -> dict[str, Any]:
    """Une fiche du catalogue dans la langue de la page, ou en français si elle n'a pas d'anglais; `langue` le dit."""
    if est_anglais() and "anglais" in fiche:
        return {**fiche, **fiche["anglais"], "langue": ANGLAIS}
    return {**fiche, "langue": FRANCAIS}


def citer(texte: str, langue: str = FRANCAIS) -> str:
    """Un texte dans une phrase; s'il est français et elle anglaise, entre deux isolats: la page en fait `lang="fr"`."""
    return f"\u2068{nu(texte)}\u2069" if texte and langue == FRANCAIS and est_anglais() else texte


def nu(texte: str) -> str:
    """Le texte sans isolats: hors du corps d'une page, rien ne les lit."""
    return ISOLATS.sub("", texte)


def gettext_noop(phrase: str) -> str:
    """La phrase telle quelle, relevée par `make traduire`; `_` la traduira au moment de l'écrire."""
    return phrase
