"""Ce que le journal dit de chaque ligne, et ce qu'il tait."""

import logging
from collections.abc import Callable
from functools import cache

from django.utils.module_loading import import_string

from organisations.requete import requete_courante


class Numero(logging.Filter):
    """Donne à chaque ligne le numéro de sa demande: celui que cite la page de panne."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Laisse tout passer, une fois le numéro ajouté."""
        record.requete = requete_courante() or "-"
        return True


def plus_tard(chemin: str) -> Callable[[logging.LogRecord], bool]:
    """Un filtre importé à la première ligne: le journal se règle avant que les modèles soient prêts."""

    @cache
    def filtre() -> logging.Filter:
        return import_string(chemin)()

    return lambda ligne: filtre().filter(ligne)
