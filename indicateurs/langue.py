"""La langue où l'on écrit: le français, ou l'anglais d'une page qui le demande. Pur: ignore Django.

Une phrase s'écrit en français et passe par `_`. Le site branche ici, à son démarrage, de quoi la traduire et de quoi
savoir la langue de la page; sans lui, tout est en français.
"""

from collections.abc import Callable

FRANCAIS, ANGLAIS = "fr", "en"


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


def gettext_noop(phrase: str) -> str:
    """La phrase telle quelle, relevée par `make traduire`; `_` la traduira au moment de l'écrire."""
    return phrase
