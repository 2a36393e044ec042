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
from barometre.pages.cadre import CATEGORIES, categorie
from barometre.pages.indicateur.mouvements import Propres, nommer, ranger
from barometre.phrases import sur
from barometre.tableaux import CHIFFRE, Colonne, Tableau, dresser
from indicateurs import mots
from indicateurs.affichage import accorder, nombre
from indicateurs.langue import _, gettext_noop
from organisations.models.organisation import Categorie

AU_BOUT = 3  # organisations nommées à chaque bout d'une catégorie
COMPARABLES = 4  # organisations sans lesquelles une catégorie n'a ni plus ni moins avancées
DISSEMBLABLES = gettext_noop("Les organisations sans catégorie précise sont trop différentes pour se comparer.")
PLUS, MOINS = gettext_noop("les plus avancées"), gettext_noop("les moins avancées")


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
    colonnes = [Colonne(_("Part de l'organisation")), Colonne(_("Organisations"), CHIFFRE)]
    lignes = [(phrases.tranche(rang), nombre(compte)) for rang, compte in enumerate(comptes)]
    tableau = dresser(_("Les organisations par tranche au %s") % mots.trimestre(quand), colonnes, lignes)
    dessins = [
        (classe, graphiques.elever(comptes, cadre))
        for classe, cadre in (("large", repartition.LARGE), ("etroite", repartition.ETROIT))
    ]
    return Figure(regle.intitule, phrases.repartition(comptes), dessins, _(phrases.LIMITES), tableau)


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
    trop_peu = [categorie(c) for c in semblables if c not in suffisantes]
    minimum = regle.denominateur_minimal
    notes = (
        _("Une organisation qui a moins de %s cas n'y paraît pas.") % nombre(minimum) if minimum > 1 else "",
        phrases.sans_groupe(trop_peu, COMPARABLES),
        _(DISSEMBLABLES) if Categorie.AUTRE in presentes else "",
    )
    return {
        "groupes": [_groupe(edition, c, comparables[c], propres, quand) for c in suffisantes],
        "notes_des_groupes": [note for note in notes if note],
    }


def _groupe(edition: Edition, code: str, sigles: Sequence[str], propres: Propres, quand: str) -> Groupe:
    """Au plus `AU_BOUT` organisations à chaque bout, et jamais la même aux deux."""
    ex_aequo = _ex_aequo(sigles, propres)
    place = min(AU_BOUT, len(sigles) // 2)
    dites, lignes = [], []
    for ou, suite in ((PLUS, ex_aequo), (MOINS, ex_aequo[::-1])):
        if len(suite[0]) > place:
            part = propres[suite[0][0]].texte
            dites.append(_("%(combien)s sont ex æquo à %(part)s, parmi %(ou)s.") % _combien(suite[0], part, ou=_(ou)))
            continue
        retenues = [(sigle, ou) for sigle in _bout(suite, place)]
        lignes += retenues if ou == PLUS else retenues[::-1]
    if len(ex_aequo) == 1:
        dites = [_("Les %(combien)s sont ex æquo à %(part)s.") % _combien(sigles, propres[sigles[0]].texte)]
    egales = {sigle for suite in ex_aequo if len(suite) > 1 for sigle in suite}
    legende = _("%(categorie)s, au %(quand)s") % {"categorie": categorie(code), "quand": mots.trimestre(quand)}
    tableau = _tableau(edition, legende, lignes, propres, egales) if lignes else None
    return Groupe(categorie(code), tableau, dites)


def _combien(sigles: Sequence[str], part: str, **reste: str) -> dict[str, str]:
    """De quoi écrire combien d'organisations ont exactement cette part."""
    return {"combien": accorder(len(sigles), _("organisation")), "part": part, **reste}


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
    return [list(egales) for _part, egales in groupby(rangees, part)]


def _tableau(edition, legende: str, lignes: Sequence[tuple[str, str]], propres: Propres, egales: set[str]) -> Tableau:
    """Chaque organisation nommée, sa part, son compte et son bout."""
    colonnes = [
        Colonne(_("Organisation")),
        Colonne(_("Part"), CHIFFRE),
        Colonne(_("Compte"), CHIFFRE),
        Colonne(_("Parmi")),
    ]
    textes, liens = [], []
    for sigle, ou in lignes:
        lien, comptes = nommer(edition, sigle), propres[sigle].comptes
        place = _("%s, ex æquo") % _(ou) if sigle in egales else _(ou)
        textes.append((lien.texte, propres[sigle].texte, sur(comptes.numerateur, comptes.denominateur), place))
        liens.append(lien.adresse)
    return dresser(legende, colonnes, textes, liens)
