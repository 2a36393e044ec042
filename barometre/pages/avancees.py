"""Les organisations d'un indicateur: leur répartition, et les plus et les moins avancées de chaque catégorie."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any, NamedTuple

from barometre import graphiques, phrases
from barometre.chiffres import Chiffre, Regle
from barometre.graphiques import repartition
from barometre.models import Edition
from barometre.pages.mouvements import Propres, nommer, ranger
from barometre.phrases import sur
from barometre.tableaux import CHIFFRE, Colonne, Tableau, dresser
from indicateurs import mots
from indicateurs.affichage import accorder, nombre
from organisations.models.organisation import Categorie

CATEGORIES = dict(Categorie.choices)
AU_BOUT = 3  # organisations nommées à chaque bout d'une catégorie
COMPARABLES = 4  # organisations sans lesquelles une catégorie n'a ni plus ni moins avancées
DISSEMBLABLES = "Les organisations sans catégorie précise sont trop différentes pour se comparer."
PLUS, MOINS = "les plus avancées", "les moins avancées"


class Figure(NamedTuple):
    """La répartition dans deux largeurs, une phrase vraie, et le tableau des mêmes comptes."""

    titre: str
    phrase: str
    dessins: Sequence[tuple[str, graphiques.Repartition]]
    limites: str
    tableau: Tableau


def repartir(propres: Propres, regle: Regle, quand: str) -> Figure | None:
    """Combien d'organisations dans chaque tranche de leur propre part; rien quand aucune n'a de chiffre."""
    parts = [chiffre.part for chiffre in propres.values() if chiffre.part is not None]
    if not parts:
        return None
    comptes = graphiques.repartir(parts)
    colonnes = [Colonne("Part de l'organisation"), Colonne("Organisations", CHIFFRE)]
    lignes = [(phrases.tranche(rang), nombre(compte)) for rang, compte in enumerate(comptes)]
    tableau = dresser(f"Les organisations par tranche au {mots.trimestre(quand)}", colonnes, lignes)
    dessins = [
        (classe, graphiques.elever(comptes, cadre))
        for classe, cadre in (("large", repartition.LARGE), ("etroite", repartition.ETROIT))
    ]
    return Figure(regle.intitule, phrases.repartition(comptes), dessins, phrases.LIMITES, tableau)


@dataclass(frozen=True)
class Groupe:
    """Les plus et les moins avancées d'une catégorie; sans tableau quand trop d'entre elles sont ex æquo."""

    titre: str
    tableau: Tableau | None
    phrases: Sequence[str]


def par_categorie(edition: Edition, regle: Regle, propres: Propres, quand: str) -> dict[str, Any]:
    """Un groupe par catégorie qui a assez d'organisations comparables; une phrase pour les autres."""
    comparables: dict[str, list[str]] = defaultdict(list)
    presentes = {edition.organisations[sigle]["categorie"] for sigle in propres}
    for sigle in ranger(edition, propres):
        chiffre = propres[sigle]
        if chiffre.part is not None and chiffre.comptes.denominateur >= regle.denominateur_minimal:
            comparables[edition.organisations[sigle]["categorie"]].append(sigle)
    semblables = [c for c in CATEGORIES if c in presentes and c != Categorie.AUTRE]
    suffisantes = [c for c in semblables if len(comparables[c]) >= COMPARABLES]
    trop_peu = [CATEGORIES[c] for c in semblables if c not in suffisantes]
    minimum = regle.denominateur_minimal
    notes = (
        f"Une organisation qui a moins de {nombre(minimum)} cas n'y paraît pas." if minimum > 1 else "",
        phrases.sans_groupe(trop_peu, COMPARABLES),
        DISSEMBLABLES if Categorie.AUTRE in presentes else "",
    )
    return {
        "groupes": [_groupe(edition, c, comparables[c], propres, quand) for c in suffisantes],
        "notes_des_groupes": [note for note in notes if note],
    }


def _groupe(edition: Edition, categorie: str, sigles: Sequence[str], propres: Propres, quand: str) -> Groupe:
    """Au plus `AU_BOUT` organisations à chaque bout, et jamais la même aux deux."""
    ex_aequo = _ex_aequo(sigles, propres)
    place = min(AU_BOUT, len(sigles) // 2)
    dites, lignes = [], []
    for ou, suite in ((PLUS, ex_aequo), (MOINS, ex_aequo[::-1])):
        if len(suite[0]) > place:
            part = propres[suite[0][0]].texte
            dites.append(f"{accorder(len(suite[0]), 'organisation')} sont ex æquo à {part}, parmi {ou}.")
            continue
        retenues = [(sigle, ou) for sigle in _bout(suite, place)]
        lignes += retenues if ou == PLUS else retenues[::-1]
    if len(ex_aequo) == 1:
        dites = [f"Les {accorder(len(sigles), 'organisation')} sont ex æquo à {propres[sigles[0]].texte}."]
    egales = {sigle for suite in ex_aequo if len(suite) > 1 for sigle in suite}
    legende = f"{CATEGORIES[categorie]}, au {mots.trimestre(quand)}"
    tableau = _tableau(edition, legende, lignes, propres, egales) if lignes else None
    return Groupe(CATEGORIES[categorie], tableau, dites)


def _bout(suite: Sequence[Sequence[str]], place: int) -> list[str]:
    """Les premières de la suite, tant que les ex æquo y tiennent ensemble."""
    retenues: list[str] = []
    for egales in suite:
        if len(retenues) + len(egales) > place:
            break
        retenues += egales
    return retenues


def _ex_aequo(sigles: Sequence[str], propres: Mapping[str, Chiffre]) -> list[list[str]]:
    """Les organisations de la plus haute part à la plus basse, les parts exactement égales ensemble."""

    def part(sigle: str) -> Fraction:
        return propres[sigle].part or Fraction(0)

    rangees = sorted(sigles, key=part, reverse=True)
    return [list(egales) for _, egales in groupby(rangees, part)]


def _tableau(edition, legende: str, lignes: Sequence[tuple[str, str]], propres: Propres, egales: set[str]) -> Tableau:
    """Chaque organisation nommée, sa part, son compte et son bout."""
    colonnes = [Colonne("Organisation"), Colonne("Part", CHIFFRE), Colonne("Compte", CHIFFRE), Colonne("Parmi")]
    textes, liens = [], []
    for sigle, ou in lignes:
        lien, comptes = nommer(edition, sigle), propres[sigle].comptes
        place = f"{ou}, ex æquo" if sigle in egales else ou
        textes.append((lien.texte, propres[sigle].texte, sur(comptes.numerateur, comptes.denominateur), place))
        liens.append(lien.adresse)
    return dresser(legende, colonnes, textes, liens)
