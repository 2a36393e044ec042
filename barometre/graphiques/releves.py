"""Ce qu'une courbe et son tableau disent: les relevés, seule source, qui ne peuvent donc se contredire. Pur."""

from collections.abc import Container, Iterable
from fractions import Fraction
from typing import NamedTuple

from barometre.chiffres import Chiffre, Serie
from indicateurs.arithmetique import cible_au, code_du_rang, rang


class Releve(NamedTuple):
    """Ce que la courbe et son tableau disent d'un trimestre."""

    rang: int
    chiffre: Chiffre | None
    cible: Fraction | None
    dernier: int

    @property
    def trimestre(self) -> str:
        """Le code du trimestre."""
        return code_du_rang(self.rang)

    @property
    def est_a_venir(self) -> bool:
        """Est-il après le dernier trimestre publié?"""
        return self.rang > self.dernier

    @property
    def observe(self) -> Fraction | None:
        """La part observée."""
        return self.chiffre.part if self.chiffre else None

    @property
    def panel(self) -> Fraction | None:
        """La part du panel constant."""
        return self.chiffre.part_du_panel if self.chiffre else None

    @property
    def bornes(self) -> tuple[Fraction, Fraction] | None:
        """Ce que la part deviendrait selon les réponses qui manquent; la part elle-même quand il n'en manque pas."""
        return self.chiffre.bornes if self.chiffre and self.observe is not None else None

    @property
    def a_une_bande(self) -> bool:
        """Des réponses qui manquent changeraient-elles la part?"""
        return bool(self.bornes and self.bornes[0] < self.bornes[1])


def relever(serie: Serie) -> tuple[Releve, ...]:
    """Un relevé par trimestre, du premier connu au dernier, ou à la cible si elle est plus loin."""
    chiffres = {rang(c.trimestre): c for c in serie.chiffres}
    points = serie.regle.points
    fin = max([*chiffres, *(quand for quand, _ in points)])
    return tuple(Releve(r, chiffres.get(r), cible_au(points, r), max(chiffres)) for r in range(min(chiffres), fin + 1))


def en_bandes(releves: Iterable[Releve], coupures: Container[int]) -> list[list[Releve]]:
    """Les suites de bornes qu'aucun trou ni aucune rupture ne coupe, sauf celles où toutes sont connues."""
    suites: list[list[Releve]] = [[]]
    for releve in releves:
        if releve.bornes is None or releve.rang in coupures:
            suites.append([])
        if releve.bornes is not None:
            suites[-1].append(releve)
    return [suite for suite in suites if any(r.a_une_bande for r in suite)]
