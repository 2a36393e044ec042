"""Une carte: un chiffre en grand, sa barre, son verdict, sa courbe et le tableau des mêmes points."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from barometre import graphiques, phrases, tableaux
from barometre.chiffres import Chiffre, Serie
from barometre.graphiques import Barre, Cadre, Courbe
from barometre.models import Edition
from barometre.pages.cadre import vers
from barometre.pages.sorties import Sorties
from barometre.tableaux import Tableau
from indicateurs import mots
from indicateurs.langue import _


@dataclass(frozen=True)
class Figure:
    """Une courbe dans deux largeurs, une phrase vraie, des notes, et le tableau des mêmes points.

    Sans aucune part, il n'y a pas de courbe: la phrase le dit.
    """

    titre: str
    phrase: str
    courbes: Sequence[tuple[str, Courbe]]
    notes: Sequence[str]
    tableau: Tableau
    sorties: Sorties | None = None


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
        return phrases.unite(self.chiffre)

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

    @property
    def image(self) -> str:
        """Ce que montre son image."""
        return phrases.image(self.chiffre)

    @property
    def situation(self) -> str:
        """Où l'on est, où l'on devrait être, ce qui manque."""
        return phrases.situation(self.chiffre)

    @property
    def explication(self) -> Sequence[str]:
        """Qui est compté, qui ne l'est pas, et par quelle règle."""
        return phrases.expliquer(self.chiffre)

    @property
    def comptes(self) -> Tableau:
        """Tout ce qui fait le chiffre."""
        return tableaux.des_comptes(self.chiffre)


def composer(edition: Edition, serie: Serie, cadre: Cadre, *, emportable: bool = False) -> Carte:
    """La carte d'un indicateur, sa projection et sa courbe; `emportable`, celle-ci offre ses fichiers."""
    projection = phrases.projection(serie)
    figure = dessiner(serie, cadre, tableaux.des_releves)
    if emportable and figure.courbes:
        figure = replace(figure, sorties=Sorties.de(edition, serie.regle))
    complements = (projection, phrases.nature_de_la_projection(serie))
    return Carte(
        serie.regle.code,
        serie.regle.intitule,
        vers(edition, "indicateur", serie.regle.code),
        serie.dernier,
        phrases.verdict(serie.dernier),
        figure,
        list(filter(None, complements)),
    )


def dessiner(serie: Serie, large: Cadre, dresser: Callable[..., Tableau], *reste: Any) -> Figure:
    """La figure d'une série; la courbe et le tableau viennent des mêmes relevés."""
    cadres = {"large": large, "etroite": graphiques.ETROIT} if serie.observes else {}
    courbes = [(largeur, graphiques.dessiner(serie, cadre)) for largeur, cadre in cadres.items()]
    titre, releves = serie.regle.intitule, graphiques.relever(serie)
    depuis = {"titre": titre, "trimestre": mots.trimestre(releves[0].trimestre)}
    tableau = dresser(releves, _("%(titre)s, depuis le %(trimestre)s") % depuis, *reste)
    return Figure(titre, phrases.evolution(serie), courbes, phrases.notes(serie), tableau)
