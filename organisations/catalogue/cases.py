"""Ce qu'une case du catalogue peut dire; ce qu'elle ne peut pas dire est une phrase."""

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import models
from import_export.widgets import Widget

from organisations.catalogue.tableau import Refusee
from organisations.champs import INGARDABLES

DECIMAL = re.compile("-?[0-9]{1,9}(?:[.,][0-9]{1,9})?")


class Texte(Widget):
    """Un texte, tel qu'écrit."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Ce que dit la case; lève `ValueError` avec une phrase."""
        if isinstance(value, Refusee):
            raise ValueError(value.raison)  # noqa: TRY004 - c'est ce que la bibliothèque attrape
        if INGARDABLES.search(value):
            raise ValueError("Un caractère invisible ne peut pas être gardé : récrivez cette case.")
        return self.lire(str(value))

    def lire(self, texte: str) -> Any:
        """La valeur de ce texte."""
        return texte

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Ce que la case montre."""
        return "" if value is None else str(value)


class Jour(Texte):
    """Une date, ou rien."""

    def lire(self, texte: str) -> datetime.date | None:
        """Le jour AAAA-MM-JJ."""
        if not texte:
            return None
        try:
            return datetime.datetime.strptime(texte, "%Y-%m-%d").date()  # noqa: DTZ007 - un jour, sans heure
        except ValueError:
            raise ValueError("Une date est attendue, comme 2023-04-01.") from None


class Nombre(Texte):
    """Un nombre; rien vaut le défaut du champ."""

    def __init__(self, *, entier: bool = False, defaut: Any = None) -> None:
        super().__init__()
        self.entier, self.defaut = entier, defaut

    def lire(self, texte: str) -> Decimal | int | None:
        """Le nombre, avec point ou virgule."""
        if not texte:
            return self.defaut
        if self.entier:
            if not (texte.isascii() and texte.isdigit() and len(texte) <= 9):
                raise ValueError("Un nombre entier est attendu.")
            return int(texte)
        if not DECIMAL.fullmatch(texte):
            raise ValueError("Un nombre est attendu, comme 41,25.")
        return Decimal(texte.replace(",", "."))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Sans zéros de trop."""
        return format(value.normalize(), "f") if isinstance(value, Decimal) else super().render(value)


class Choix(Texte):
    """L'un des mots d'une liste, par son code ou par son nom."""

    def __init__(self, choix: Iterable[tuple[str, str]], defaut: str) -> None:
        super().__init__()
        self.codes, self.defaut = dict(choix), defaut

    def lire(self, texte: str) -> str:
        """Le code."""
        for code, nom in self.codes.items():
            if texte.casefold() in (code.casefold(), nom.casefold()):
                return code
        if not texte:
            return self.defaut
        raise ValueError(f"L'un de ces mots est attendu : {', '.join(self.codes)}.")


class OuiOuNon(Texte):
    """Oui, non; rien vaut non."""

    def lire(self, texte: str) -> bool:
        """Vrai pour oui."""
        if texte.casefold() not in ("oui", "non", ""):
            raise ValueError("Oui ou non est attendu.")
        return texte.casefold() == "oui"

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """En un mot."""
        return "oui" if value else "non"


class ParCle(Texte):
    """Une ligne d'une autre table, par sa clé publique; ou rien."""

    def __init__(self, lignes: models.QuerySet, cle: str, absente: str) -> None:
        super().__init__()
        self.lignes, self.cle, self.absente = lignes, cle, absente
        self._connues: dict[str, Any] = {}

    def lire(self, texte: str) -> Any:
        """La ligne; elle a pu être écrite plus haut dans le même fichier."""
        if not texte:
            return None
        if texte not in self._connues:
            trouvee = self.lignes.all().filter(**{self.cle: texte}).first()
            if trouvee is None:
                raise ValueError(self.absente)
            self._connues[texte] = trouvee
        return self._connues[texte]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Sa clé."""
        return "" if value is None else str(getattr(value, self.cle))
