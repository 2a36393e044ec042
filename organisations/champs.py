"""Les champs que tout formulaire de l'espace partage."""

import re
from typing import Any
from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError

INGARDABLES = re.compile("[\0\ud800-\udfff]")
LONGUEUR_MAXIMALE = 50_000  # caractères, pour un brouillon; transmis, un texte a sa propre borne


def normaliser(texte: str) -> str:
    """Accents composés (NFC) et fins de ligne simples: renvoyé tel quel, un texte n'a pas changé."""
    return normalize("NFC", texte).replace("\r\n", "\n")


def exiger_gardable(texte: str, champ: str) -> None:
    """Lève `ValidationError` pour ce qui ne se garde pas: un caractère nul, un demi-codet, un texte démesuré."""
    if INGARDABLES.search(texte):
        raise ValidationError(f"{champ} : un caractère invisible ne peut pas être gardé, récrivez ce texte.")
    if len(texte) > LONGUEUR_MAXIMALE:
        raise ValidationError(f"{champ} : ce texte dépasse 50 000 caractères, raccourcissez-le.")


class Texte(forms.CharField):
    """Un texte d'une personne, sous sa forme gardée."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Sans `maxlength`: le navigateur couperait en silence ce qu'on colle."""
        return {}

    def to_python(self, value: Any) -> str:
        """Le texte, normalisé."""
        return normaliser(super().to_python(value) or "")


def plusieurs_lignes(rangees: int) -> forms.Textarea:
    """Une zone de texte de tant de rangées."""
    return forms.Textarea({"rows": rangees})


def une_date() -> forms.DateInput:
    """Le choix d'une date, au format que le navigateur attend."""
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")
