"""Une carte: un chiffre en grand, sa barre, son verdict, sa courbe et le tableau des mêmes points."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from barometre import graphiques, phrases, tableaux
from barometre.chiffres import Chiffre, Serie
from barometre.graphiques import Barre, Cadre, Courbe
from barometre.models import Edition
from barometre.pages.cadre import vers
from barometre.tableaux import Tableau
from indicateurs import mots


@dataclass(frozen=True)
class Figure:
    """Une courbe dans deux largeurs, une phrase vraie, des notes, et le tableau des mêmes points."""

    titre: str
    phrase: str
    courbes: Sequence[tuple[str, Courbe]]
    notes: Sequence[str]
    tableau: Tableau


@dataclass(frozen=True)
class Carte:
    """Un chiffre, sa cible, son verdict, en mots et en barre."""

    code: str
    titre: str
    adresse: str
    chiffre: Chiffre
    verdict: str
    figure: Figure | None = None
    complements: Sequence[str] = ()
    absence: str = ""  # pour une organisation: pourquoi il n'y a pas de part

    @property
    def part(self) -> str:
        """Le grand chiffre, ou pourquoi il n'y en a pas."""
        return self.absence or self.chiffre.texte

    @property
    def est_connue(self) -> bool:
        """Y a-t-il une part?"""
        return self.chiffre.part is not None

    @property
    def unite(self) -> str:
        """De quoi la part est une part, quand ce n'est pas dans le titre."""
        return "des organisations" if self.est_connue and self.chiffre.regle.compte_des_organisations else ""

    @property
    def cible(self) -> str:
        """La cible et son terme."""
        return phrases.cible(self.chiffre.regle)

    @property
    def etat(self) -> str:
        """La classe du verdict."""
        return self.chiffre.verdict.lower().replace("_", "-")

    @property
    def barre(self) -> Barre:
        """La barre."""
        return graphiques.mesurer(self.chiffre)

    @property
    def reperes(self) -> str:
        """Ce que marquent les traits de la barre."""
        return phrases.reperes(self.chiffre)

    @property
    def couverture(self) -> str:
        """Qui a répondu."""
        return phrases.couverture(self.chiffre.comptes)


def composer(edition: Edition, serie: Serie, cadre: Cadre) -> Carte:
    """La carte d'un indicateur, sa projection et sa courbe."""
    projection = phrases.projection(serie)
    nature = [phrases.NATURE_DE_LA_PROJECTION] if serie.projection else []
    return Carte(
        serie.regle.code,
        serie.regle.intitule,
        vers(edition, "indicateur", serie.regle.code),
        serie.dernier,
        phrases.verdict(serie.dernier),
        dessiner(serie, cadre, tableaux.des_releves),
        [projection, *nature] if projection else [],
    )


def dessiner(serie: Serie, large: Cadre, dresser: Callable[..., Tableau], *reste: Any) -> Figure:
    """La figure d'une série; la courbe et le tableau viennent des mêmes relevés."""
    courbes = [("large", graphiques.dessiner(serie, large)), ("etroite", graphiques.dessiner(serie, graphiques.ETROIT))]
    titre = serie.regle.intitule
    debut = courbes[0][1].releves[0].trimestre
    legende = f"{titre}, depuis le {mots.trimestre(debut)}"
    tableau = dresser(courbes[0][1].releves, legende, *reste)
    return Figure(titre, phrases.evolution(serie), courbes, phrases.notes(serie), tableau)
