"""Ce qu'une page n'a pas pu lire: elle paraît sans, mais rien ne la garde."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

journal = logging.getLogger(__name__)
_NOTEES: ContextVar[list[Exception] | None] = ContextVar("pannes", default=None)


@contextmanager
def guetter() -> Iterator[list[Exception]]:
    """Les pannes notées pendant ce temps."""
    notees: list[Exception] = []
    jeton = _NOTEES.set(notees)
    try:
        yield notees
    finally:
        _NOTEES.reset(jeton)


def noter(panne: Exception) -> None:
    """Ce qui devait se lire ne s'est pas lu; la page en cours s'en passe."""
    journal.warning("Illisible : %r", panne)
    if (notees := _NOTEES.get()) is not None:
        notees.append(panne)
