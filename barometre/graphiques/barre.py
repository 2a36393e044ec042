"""La barre d'une carte. Pur: ignore Django."""

from typing import NamedTuple

from barometre.chiffres import Chiffre


class Barre(NamedTuple):
    """La barre d'une carte, en millièmes de sa longueur; `None`: ce trait n'existe pas."""

    valeur: int | None
    chemin: int | None
    cible: int | None


def mesurer(chiffre: Chiffre) -> Barre:
    """La barre d'un chiffre: remplie jusqu'à la part, un trait fin au chemin, un trait épais à la cible."""
    return Barre(*(None if p is None else round(p * 1000) for p in (chiffre.part, chiffre.cible, chiffre.regle.cible)))
