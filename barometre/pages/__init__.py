"""Ce que chaque page montre: une édition devient des textes, des barres, des courbes et des tableaux prêts à écrire."""

from barometre.pages import (
    accueil,
    calendrier,
    donnees,
    expertise,
    indicateur,
    liste,
    organisation,
    plan,
    plans,
    publication,
)
from barometre.pages.cadre import Page

__all__ = [
    "Page",
    "accueil",
    "calendrier",
    "donnees",
    "expertise",
    "indicateur",
    "liste",
    "organisation",
    "plan",
    "plans",
    "publication",
]
