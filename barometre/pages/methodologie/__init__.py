"""La méthode: chaque règle, et son exemple tiré de l'édition montrée."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils import timezone

from barometre import phrases
from barometre.chiffres import Case, Chiffre, Regle, Serie
from barometre.models import Edition
from barometre.pages.cadre import Lien, Page, vers
from barometre.pages.cartes import rangees, suivies
from barometre.pages.methodologie.regles import GLOSSAIRE, REGLES
from barometre.phrases import methode
from indicateurs import mots
from indicateurs.arithmetique import Etat
from indicateurs.langue import _, gettext_noop

SANS_EXEMPLE = gettext_noop("Cette édition n'en a pas d'exemple.")


class Section(NamedTuple):
    """Une règle à citer: son ancre, son titre, ce qu'elle dit, et ce qu'elle donne dans cette édition."""

    ancre: str
    titre: str
    regle: str
    exemple: str


def contexte(edition: Edition) -> dict[str, Any]:
    """Chaque règle, son exemple, les indicateurs, le glossaire; trois requêtes de plus que le cadre."""
    exemples = _exemples(edition)
    return {
        "page": Page.de(edition, _("Méthodologie"), "methodologie"),
        "quand": mots.trimestre(edition.trimestre.code),
        "sections": [
            Section(ancre, _(titre), " ".join(map(_, dites)), " ".join(exemples.get(ancre, ())) or _(SANS_EXEMPLE))
            for ancre, titre, dites in REGLES
        ],
        "indicateurs": [_indicateur(edition, regle) for regle in edition.regles.values()],
        "glossaire": sorted(((_(mot), _(sens)) for mot, sens in GLOSSAIRE), key=lambda entree: mots.replier(entree[0])),
    }


def _exemples(edition: Edition) -> dict[str, list[str]]:
    """Par ancre, l'exemple de chaque règle; vide là où l'édition n'en a pas."""
    code = edition.trimestre.code
    dernieres = suivies(edition, rangees(edition))
    dits = {
        "ruptures": methode.ruptures(edition.regles.values(), edition.trimestre.code),
        "editions": _de_l_edition(edition),
    }
    if not dernieres:
        return dits
    somme = _premiere(dernieres, lambda s: not s.regle.compte_des_organisations and s.dernier.part is not None)
    majorite = _premiere(dernieres, lambda s: s.regle.compte_des_organisations and s.dernier.part is not None)
    visee = _premiere(dernieres, lambda s: bool(s.regle.points) and s.dernier.part is not None)
    cases = edition.cases_du(code)
    return dits | _des_comptes(edition, somme, majorite, cases) | _du_temps(visee)


def _premiere(series: Sequence[Serie], convient: Callable[[Serie], bool]) -> Serie:
    """La première série qui convient, ou à défaut la première."""
    return next(filter(convient, series), series[0])


def _des_comptes(edition: Edition, somme: Serie, majorite: Serie, cases: Iterable[Case]) -> dict[str, list[str]]:
    """Ce que comptent les règles d'un trimestre."""
    chiffre, autre = somme.dernier, majorite.dernier
    les_unes = [case for case in cases if case.indicateur == chiffre.regle.code]
    les_autres = [case for case in cases if case.indicateur == autre.regle.code]
    return {
        "attendues": methode.attendues(chiffre),
        "repondantes": methode.repondantes(chiffre),
        "calculables": methode.calculables(chiffre, _nom(edition, les_unes, _est_sans_objet)),
        "part-propre": _part_propre(edition, chiffre.regle, les_unes),
        "part-globale": methode.part_globale(chiffre),
        "part-des-organisations": methode.part_des_organisations(autre, _a_son_seuil(edition, autre, les_autres)),
        "couverture": methode.couverture(autre),
        "absences": methode.absences(autre, _une_absence(edition, les_autres)),
        "affichage": methode.affichage(chiffre),
    }


def _du_temps(serie: Serie) -> dict[str, list[str]]:
    """Ce que disent les règles qui comparent des trimestres."""
    return {
        "panel-constant": methode.panel(serie),
        "chemin": methode.chemin(serie.dernier),
        "verdict": methode.jugement(serie.dernier),
        "projection": methode.projection(serie),
    }


def _est_sans_objet(case: Case) -> bool:
    return case.etat == Etat.SANS_OBJET or (case.etat == Etat.VALEUR and not case.denominateur)


def _nom(edition: Edition, cases: Iterable[Case], convient: Callable[[Case], bool]) -> str:
    """Le nom de la première organisation dont la réponse convient; vide s'il n'y en a pas."""
    case = next(filter(convient, cases), None)
    return edition.organisations[case.sigle]["nom"] if case else ""


def _part_propre(edition: Edition, regle: Regle, cases: Iterable[Case]) -> list[str]:
    case = next((c for c in cases if c.denominateur), None)
    if case is None:
        return []
    return methode.d_une_organisation(
        edition.organisations[case.sigle]["nom"], Chiffre.propre(regle.pour(case.sigle), case)
    )


def _a_son_seuil(edition: Edition, chiffre: Chiffre, cases: Iterable[Case]) -> str:
    """Une organisation qui égale le seuil sans le dépasser."""
    propres = {case.sigle: Chiffre.propre(chiffre.regle.pour(case.sigle), case) for case in cases}
    egales = (c.case for c in propres.values() if c.case and c.part == chiffre.regle.seuil)
    return _nom(edition, egales, lambda case: True)


def _une_absence(edition: Edition, cases: Iterable[Case]) -> str:
    """Une organisation qui dit pourquoi son chiffre manque."""
    jour = timezone.localdate(edition.arretee_le)
    case = next((c for c in cases if c.etat == Etat.NON_DISPONIBLE), None)
    if case is None:
        return ""
    pourquoi = phrases.absence(case._replace(motif=case.motif.removesuffix(".")), jour)
    return _("%(nom)s, %(absence)s.") % {"nom": edition.organisations[case.sigle]["nom"], "absence": pourquoi}


def _de_l_edition(edition: Edition) -> list[str]:
    return [
        phrases.edition(edition.code, timezone.localdate(edition.arretee_le)),
        _("Son empreinte commence par %s.") % edition.empreinte[:12],
    ]


def _en_vigueur(regle: Regle, jour: str) -> Mapping[str, Any]:
    """La définition de ce jour; l'édition en fige aussi d'à venir."""
    return [d for d in regle.definitions if d["applicable_du"] <= jour][-1]


def _indicateur(edition: Edition, regle: Regle) -> dict[str, Any]:
    """Ce qu'un indicateur compte, tel que l'édition l'a figé."""
    principal = _("Son chiffre principal est la part globale.")
    if regle.compte_des_organisations:
        principal = _("Son chiffre principal est la part des organisations.")
    return {
        "lien": Lien(regle.intitule, vers(edition, "indicateur", regle.code)),
        "definition": _en_vigueur(regle, edition.trimestre.fin.isoformat()),
        "langue": regle.langue,
        "numerateur": regle.libelle_numerateur,
        "denominateur": regle.libelle_denominateur,
        "principal": principal,
    }
