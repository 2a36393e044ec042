"""Les chiffres publiés: des objets figés, les mêmes pour la page, la courbe et les fichiers.

Une `Case` est la réponse d'une organisation; une `Regle`, un indicateur tel que l'édition l'a connu; un `Chiffre`, ses
comptes à un trimestre; une `Serie`, ses chiffres dans le temps. Rien ici ne touche la base.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from indicateurs import affichage
from indicateurs.arithmetique import (
    Comptes,
    Ecart,
    Projection,
    Reponse,
    Verdict,
    a_prolonger,
    cible_au,
    compter,
    juger,
    projeter,
    rang,
    suffit,
)
from indicateurs.langue import FRANCAIS, _, lire

Points = tuple[tuple[int, Fraction], ...]


class Case(NamedTuple):
    """Une ligne de `valeurs.csv`: ce qu'une organisation attendue répond, ou ne répond pas."""

    sigle: str
    trimestre: str
    indicateur: str
    etat: str
    numerateur: int | None = None
    denominateur: int | None = None
    motif: str = ""
    note: str = ""
    echeance: str = ""
    version: int | None = None
    valide_le: str = ""


@dataclass(frozen=True)
class Regle:
    """Un indicateur et ses cibles, tels que l'édition les a figés."""

    code: str
    intitule: str
    libelle_numerateur: str
    libelle_denominateur: str
    agregation: str
    seuil: Fraction
    denominateur_minimal: int
    definitions: tuple[Mapping[str, Any], ...]
    points: Points
    points_propres: Mapping[str, Points] = field(default_factory=dict)
    majorite: Fraction | None = None  # le seuil que la part d'une organisation passe, ou non
    langue: str = FRANCAIS  # de l'intitulé et des libellés; chaque définition dit la sienne

    @classmethod
    def depuis(cls, fiche: Mapping[str, Any]) -> "Regle":
        """La règle lue dans une fiche de `indicateurs.json`, avec ses mots dans la langue de la page s'ils y sont."""
        chemins: dict[str, list[tuple[int, Fraction]]] = {}
        for cible in fiche["cibles"]:
            point = (rang(cible["trimestre"]), Fraction(cible["pourcentage"]) / 100)
            chemins.setdefault(cible["organisation"], []).append(point)
        tries = {sigle: tuple(sorted(chemin)) for sigle, chemin in chemins.items()}
        lue = lire(fiche)
        return cls(
            **{mot: lue[mot] for mot in ("code", "intitule", "libelle_numerateur", "libelle_denominateur", "langue")},
            agregation=fiche["agregation"],
            seuil=Fraction(fiche["seuil"]) / 100,
            denominateur_minimal=fiche["denominateur_minimal"],
            definitions=tuple(map(lire, fiche["definitions"])),
            points=tries.pop("", ()),
            points_propres=tries,
        )

    def pour(self, sigle: str) -> "Regle":
        """La règle vue d'une organisation: sa part à elle, face à sa cible ou, à défaut, au chemin national.

        Une cible en part d'organisations ne s'applique pas à une seule: il reste le seuil à passer.
        """
        if self.compte_des_organisations:
            points, majorite = self.points_propres.get(sigle, ()), self.seuil
        else:
            points, majorite = self.points_propres.get(sigle, self.points), None
        return replace(self, agregation="PART_GLOBALE", points=points, majorite=majorite)

    @property
    def compte_des_organisations(self) -> bool:
        """Le chiffre principal est-il la part des organisations au-dessus du seuil?"""
        return self.agregation == "PART_ORGANISATIONS"

    @property
    def cible(self) -> Fraction | None:
        """La cible nationale finale."""
        return self.points[-1][1] if self.points else None

    def chemin_au(self, trimestre: str) -> Fraction | None:
        """Où passe le chemin à ce trimestre; calculé une fois pour toutes les organisations qui le suivent."""
        if trimestre not in self._chemin:
            self._chemin[trimestre] = cible_au(self.points, rang(trimestre))
        return self._chemin[trimestre]

    @cached_property
    def _chemin(self) -> dict[str, Fraction | None]:
        return {}

    @property
    def ruptures(self) -> list[Mapping[str, Any]]:
        """Les définitions qui rompent la série."""
        return [definition for definition in self.definitions if definition["rupture"]]

    @property
    def coupures(self) -> list[int]:
        """Les rangs des trimestres où la série se rompt."""
        return [rang_du_jour(definition["applicable_du"]) for definition in self.ruptures]


class Perimetre(NamedTuple):
    """De qui sont les comptes: d'un portefeuille (le sigle de sa tête), d'une catégorie, ou, vide, de l'ensemble."""

    portefeuille: str = ""
    categorie: str = ""


ENSEMBLE = Perimetre()


@dataclass(frozen=True)
class Chiffre:
    """Les comptes publiés d'un indicateur à un trimestre, pour un périmètre."""

    regle: Regle
    trimestre: str
    perimetre: Perimetre
    comptes: Comptes
    panel: Comptes | None = None
    case: Case | None = None  # pour une seule organisation: sa réponse, ou son silence

    @classmethod
    def propre(cls, regle: Regle, case: Case) -> "Chiffre":
        """Le chiffre d'une seule organisation, de la case qu'elle a remplie ou laissée vide."""
        reponse = Reponse(case.sigle, case.etat, case.numerateur, case.denominateur)
        return cls(regle, case.trimestre, ENSEMBLE, compter([reponse], regle.seuil), case=case)

    @cached_property
    def part(self) -> Fraction | None:
        """La part principale, celle que nomme `agregation`."""
        return self._principale(self.comptes)

    @property
    def part_du_panel(self) -> Fraction | None:
        """La part principale du panel constant, s'il y en a un."""
        return self._principale(self.panel) if self.panel else None

    @property
    def cible(self) -> Fraction | None:
        """Où le chemin passe à ce trimestre."""
        return self.regle.chemin_au(self.trimestre)

    @cached_property
    def ecart(self) -> Ecart:
        """Le verdict et la distance au chemin."""
        points, minimum = self.regle.points, self.regle.denominateur_minimal
        return juger(self.part, self._base, points, rang(self.trimestre), minimum)

    @property
    def a_assez_de_cas(self) -> bool:
        """La part est-elle connue, sur assez de cas pour être jugée?"""
        return self.part is not None and suffit(self._base, self.regle.denominateur_minimal)

    @property
    def _base(self) -> int:
        """Les cas de la part principale."""
        return self.comptes.calculables if self.regle.compte_des_organisations else self.comptes.denominateur

    @property
    def verdict(self) -> Verdict:
        """Où en est la part face à son chemin."""
        return self.ecart.verdict

    @property
    def bornes(self) -> tuple[Fraction, Fraction] | None:
        """Pour une part d'organisations, ce que le chiffre pourrait devenir si les silencieuses répondaient."""
        return self.comptes.bornes if self.regle.compte_des_organisations else None

    @property
    def texte(self) -> str:
        """La part, en mots; jamais vide."""
        return self.ecrire(self.part) if self.part is not None else _("non disponible")

    def ecrire(self, part: Fraction) -> str:
        """Une part de cet indicateur; juste sous sa cible ou son chemin, elle ne s'écrit pas comme eux."""
        return affichage.pourcentage(part, sous=(self.regle.cible, self.cible), sur=(self.regle.majorite,))

    def _principale(self, comptes: Comptes) -> Fraction | None:
        return comptes.part_organisations if self.regle.compte_des_organisations else comptes.part_globale


@dataclass(frozen=True)
class Serie:
    """Les chiffres d'un indicateur dans le temps, en ordre; jamais vide."""

    chiffres: tuple[Chiffre, ...]

    @property
    def regle(self) -> Regle:
        """L'indicateur."""
        return self.dernier.regle

    @property
    def dernier(self) -> Chiffre:
        """Le chiffre du dernier trimestre."""
        return self.chiffres[-1]

    @cached_property
    def observes(self) -> list[tuple[int, Fraction]]:
        """Les parts connues: (rang, part)."""
        return [(rang(c.trimestre), c.part) for c in self.chiffres if c.part is not None]

    @property
    def debut_comparable(self) -> int:
        """Le rang du premier trimestre que la définition en vigueur rend comparable au dernier."""
        return max((r for r in self.regle.coupures if r <= rang(self.dernier.trimestre)), default=0)

    @cached_property
    def comparables(self) -> list[Chiffre]:
        """Les chiffres connus depuis la dernière rupture."""
        return [c for c in self.chiffres if c.part is not None and rang(c.trimestre) >= self.debut_comparable]

    def ecart_avec(self, recul: int) -> Fraction | None:
        """La part du dernier trimestre moins celle de `recul` trimestres plus tôt, si elles se comparent.

        Une part ne se compare ni à travers une rupture, ni sur trop peu de cas.
        """
        connues = {rang(c.trimestre): c.part for c in self.comparables if c.a_assez_de_cas}
        fin = rang(self.dernier.trimestre)
        avant, apres = connues.get(fin - recul), connues.get(fin)
        return apres - avant if avant is not None and apres is not None else None

    @cached_property
    def projection(self) -> Projection | None:
        """Quand la cible serait atteinte à ce rythme; rien sans cible, ni sur un chiffre de trop peu de cas.

        Une pente ne se mesure pas à travers une rupture: seuls comptent les trimestres comparables au dernier.
        """
        if self.regle.cible is None or not self.dernier.a_assez_de_cas:
            return None
        return projeter(self._comparees, self.regle.cible)

    @property
    def prolonges(self) -> int:
        """Combien de trimestres connus la projection prolonge."""
        return len(a_prolonger(self._comparees))

    @property
    def _comparees(self) -> list[tuple[int, Fraction]]:
        return [(rang(c.trimestre), c.part) for c in self.comparables if c.part is not None]


def rang_du_jour(jour: str) -> int:
    """Le rang du trimestre d'un jour AAAA-MM-JJ."""
    return int(jour[:4]) * 4 + (int(jour[5:7]) - 1) // 3


def series(chiffres: Iterable[Chiffre]) -> dict[tuple[str, Perimetre], Serie]:
    """Range des chiffres en séries, par code d'indicateur et périmètre."""
    rangees: dict[tuple[str, Perimetre], list[Chiffre]] = {}
    for chiffre in chiffres:
        rangees.setdefault((chiffre.regle.code, chiffre.perimetre), []).append(chiffre)
    return {cle: Serie(tuple(sorted(suite, key=lambda c: c.trimestre))) for cle, suite in rangees.items()}
