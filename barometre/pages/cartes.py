"""Une carte: un chiffre en grand, sa barre, son verdict, sa courbe et le tableau des mêmes points."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from barometre import graphiques, phrases, tableaux
from barometre.chiffres import ENSEMBLE, Chiffre, Perimetre, Serie
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
    notes: Sequence[str] = ()
    valeurs: str = ""  # où lire les réponses qui font le chiffre

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


def composer(edition: Edition, serie: Serie, cadre: Cadre, sorties: Sorties) -> Carte:
    """La carte d'un indicateur, sa projection, sa courbe et les fichiers qu'on en emporte."""
    figure = dessiner(serie, cadre, tableaux.des_releves)
    code = serie.regle.code
    return Carte(
        code,
        serie.regle.intitule,
        vers(edition, "indicateur", code),
        serie.dernier,
        phrases.verdict(serie.dernier),
        replace(figure, sorties=sorties) if figure.courbes else figure,
        list(filter(None, [phrases.projection(serie)])),
        notes=list(filter(None, [phrases.nature_de_la_projection(serie)])),
        valeurs=vers(edition, "valeurs_csv", code),
    )


def dessiner(serie: Serie, large: Cadre, dresser: Callable[..., Tableau], *reste: Any) -> Figure:
    """La figure d'une série; la courbe et le tableau viennent des mêmes relevés."""
    cadres = {"large": large, "etroite": graphiques.ETROIT} if serie.observes else {}
    courbes = [(largeur, graphiques.dessiner(serie, cadre)) for largeur, cadre in cadres.items()]
    titre, releves = serie.regle.intitule, graphiques.relever(serie)
    depuis = {"titre": titre, "trimestre": mots.trimestre(releves[0].trimestre)}
    tableau = dresser(releves, _("%(titre)s, depuis le %(trimestre)s") % depuis, *reste)
    return Figure(titre, phrases.evolution(serie), courbes, phrases.notes(serie), tableau)


def rangees(edition: Edition, perimetre: Perimetre = ENSEMBLE) -> list[Serie]:
    """Les séries d'un périmètre, dans l'ordre des indicateurs; une requête."""
    series = edition.series(perimetre)
    return [series[code, perimetre] for code in edition.regles if (code, perimetre) in series]


def suivies(edition: Edition, series: Iterable[Serie]) -> list[Serie]:
    """Celles qui vont jusqu'au dernier trimestre de l'édition."""
    return [serie for serie in series if serie.dernier.trimestre == edition.trimestre.code]


def visees(edition: Edition, series: Iterable[Serie]) -> list[Serie]:
    """Celles dont une cible nationale est suivie dans cette édition."""
    return [serie for serie in suivies(edition, series) if serie.regle.points]
