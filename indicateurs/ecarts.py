"""Ce qui change d'une réponse à une autre, en mots. Pur: ignore Django."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from indicateurs.affichage import nombre, points, pourcentage
from indicateurs.phrases import ABSENCES

TEXTES = {
    "absence": "Absence",
    "motif": "Raison publique",
    "note": "Note publique",
    "preuve": "Preuve",
    "justification": "Justification au CQEN",
}


class Case(NamedTuple):
    """Un fait d'une autre réponse, et s'il diffère de celui d'aujourd'hui."""

    texte: str
    change: str = ""  # « changé », « changé, 3,2 points de plus depuis »; vide si c'est le même


class Ligne(NamedTuple):
    """Un fait: son nom, ce qu'en dit la réponse, ce qu'en disaient les autres."""

    nom: str
    texte: str
    autres: tuple[Case, ...]


def comparer(
    libelles: tuple[str, str], ici: Mapping[str, Any], autres: tuple[Mapping[str, Any] | None, ...]
) -> Iterator[Ligne]:
    """Les faits de cette réponse, à côté des autres; les faits que personne ne dit sont tus.

    Une réponse est un dictionnaire de ce qui est dit (`Saisie.en_json`); `None` veut dire qu'il n'y en a pas.
    """
    for nom, cle in zip(libelles, ("numerateur", "denominateur"), strict=True):
        yield from _ligne(nom, ici, autres, lambda dit, cle=cle: nombre(dit[cle]) if cle in dit else "")
    yield from _ligne("Part", ici, autres, _part_dite, _ecart)
    for cle, nom in TEXTES.items():
        yield from _ligne(nom, ici, autres, lambda dit, cle=cle: _texte(cle, dit.get(cle, "")))


def _ligne(nom, ici, autres, dire, ecart=lambda ici, autre: "") -> Iterator[Ligne]:
    texte = dire(ici)
    dits = ["" if autre is None else dire(autre) for autre in autres]
    if texte or any(dits):
        cases = [_case(texte, dit, ici, autre, ecart) for dit, autre in zip(dits, autres, strict=True)]
        yield Ligne(nom, texte, tuple(cases))


def _case(texte: str, dit: str, ici, autre, ecart) -> Case:
    if autre is None:
        return Case("")
    return Case(dit, "" if dit == texte else f"changé{ecart(ici, autre)}")


def _texte(cle: str, dit: str) -> str:
    return ABSENCES.get(dit, dit).capitalize() if cle == "absence" else dit


def part(dit: Mapping[str, Any]) -> Fraction | None:
    """La part exacte d'une réponse, si elle en a une."""
    return Fraction(dit["numerateur"], dit["denominateur"]) if dit.get("denominateur") else None


def _part_dite(dit: Mapping[str, Any]) -> str:
    exacte = part(dit)
    return "" if exacte is None else pourcentage(exacte)


def _ecart(ici: Mapping[str, Any], autre: Mapping[str, Any]) -> str:
    """« , 3,2 points de plus depuis », d'alors à aujourd'hui."""
    maintenant, alors = part(ici), part(autre)
    if maintenant is None or alors is None or maintenant == alors:
        return ""
    return f", {points(maintenant - alors)} de {'plus' if maintenant > alors else 'moins'} depuis"
