"""Un tableau lu d'un fichier: ses lignes gardent leur numéro, et ce que la lecture en a déjà refusé."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tablib


class Refusee(str):
    """Une case que la lecture refuse déjà: ce qui y était écrit, et pourquoi."""

    __slots__ = ("raison",)
    raison: str

    def __new__(cls, texte: str, raison: str) -> "Refusee":
        """Le texte de la case, avec la raison du refus."""
        refusee = super().__new__(cls, texte)
        refusee.raison = raison
        return refusee


class Tableau(tablib.Dataset):
    """Celui de tablib, qui sait à quelle ligne du fichier chaque rangée était."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rangees: list[tuple[int, list[str], str]] = []

    def ajouter(self, numero: int, cases: Sequence[str], fautes: Mapping[str, str]) -> None:
        """Une ligne de plus; `fautes` dit, par colonne (vide: la ligne entière), ce qui en est déjà refusé."""
        nommees = zip(self.headers or (), cases, strict=True)
        gardees = [Refusee(case, fautes[nom]) if nom in fautes else case for nom, case in nommees]
        self.rangees.append((numero, gardees, fautes.get("", "")))

    def ranger(self, ordre: Callable[[list[dict[str, str]]], list[int]]) -> None:
        """Remplit le tableau de ses lignes, dans l'ordre où elles peuvent s'écrire."""
        noms = self.headers or []
        places = ordre([dict(zip(noms, cases, strict=True)) for _, cases, _ in self.rangees])
        self.rangees = [self.rangees[place] for place in places]
        for _, cases, _ in self.rangees:
            self.append(cases)
