"""Ce que l'adresse demande de la liste des organisations, et celles qui y répondent, dans l'ordre demandé."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.utils.http import urlencode

from barometre.chiffres import Chiffre
from barometre.models import Edition
from barometre.pages.filtres import contient, ignorer, lire_la_recherche
from indicateurs.langue import _, gettext_noop
from indicateurs.mots import abreger, replier, typographier

INDICATEURS_MONTRES = 4
NOM = "nom"
SUJETS = {
    "portefeuille": gettext_noop("Le portefeuille"),
    "categorie": gettext_noop("La catégorie"),
    "tri": gettext_noop("Le tri"),
}
CHAMPS = ("q", *SUJETS)  # ce que l'adresse peut demander
SANS_MOT = gettext_noop("La recherche « %s » n'a ni lettre ni chiffre, et n'est pas appliquée.")


@dataclass(frozen=True)
class Demande:
    """Ce que l'adresse demande, une fois compris; `ignores` dit ce qui ne l'a pas été."""

    q: str = ""
    portefeuille: str = ""
    categorie: str = ""
    tri: str = NOM
    descend: bool = False
    ignores: tuple[str, ...] = ()

    @classmethod
    def lire(cls, champs: Mapping[str, str], edition: Edition) -> "Demande":
        """La demande comprise; une valeur inconnue est ignorée, et dite."""
        cherche = lire_la_recherche(champs)
        q = cherche if any(map(str.isalnum, cherche)) else ""
        tri = champs.get("tri", NOM)
        permis = {
            "portefeuille": presentes(edition, "portefeuille"),
            "categorie": presentes(edition, "categorie"),
            "tri": {NOM, *montres(edition)},
        }
        lus = {"portefeuille": champs.get("portefeuille", ""), "categorie": champs.get("categorie", "")}
        lus["tri"] = tri.removeprefix("-") or NOM
        ignores = tuple(_ignore(nom, valeur) for nom, valeur in lus.items() if valeur and valeur not in permis[nom])
        ignores += (typographier(_(SANS_MOT) % abreger(cherche, 40)),) if cherche and not q else ()
        gardes = {nom: valeur for nom, valeur in lus.items() if valeur in permis[nom]}
        return cls(q=q, descend=tri.startswith("-") and "tri" in gardes, ignores=ignores, **gardes)

    def lien(self, **changements: Any) -> str:
        """L'adresse de la même demande, changée."""
        d = replace(self, **changements)
        champs = {"q": d.q, "portefeuille": d.portefeuille, "categorie": d.categorie, "tri": d.tri_demande}
        reste = urlencode({nom: valeur for nom, valeur in champs.items() if valeur})
        return f"?{reste}"

    @property
    def filtre(self) -> bool:
        """La liste est-elle réduite?"""
        return bool(self.q or self.portefeuille or self.categorie)

    @property
    def tri_demande(self) -> str:
        """Le tri tel que le formulaire le garde; vide pour l'ordre des noms."""
        tri = f"{'-' if self.descend else ''}{self.tri}"
        return "" if tri == NOM else tri

    def retient(self, fiche: Mapping[str, Any]) -> bool:
        """Cette organisation répond-elle à la demande? Tous les mots cherchés, sans accents ni majuscules."""
        if self.portefeuille and fiche["portefeuille"] != self.portefeuille:
            return False
        if self.categorie and fiche["categorie"] != self.categorie:
            return False
        return contient(f"{fiche['nom']} {fiche['sigle']}", self.q)


def _ignore(nom: str, valeur: str) -> str:
    return ignorer(_(SUJETS[nom]), valeur, _("dans cette édition"), "e" * (nom == "categorie"))


class Rang(NamedTuple):
    """Une organisation de la liste et ses chiffres, par code."""

    fiche: Mapping[str, Any]
    chiffres: Mapping[str, Chiffre]


def retenus(edition: Edition, demande: Demande) -> list[Rang]:
    """Les organisations attendues au dernier trimestre qui répondent à la demande, dans son ordre; deux requêtes."""
    chiffres: dict[str, dict[str, Chiffre]] = {
        sigle: {} for sigle in edition.attendues if demande.retient(edition.organisations[sigle])
    }
    communes = {code: regle.pour("") for code, regle in edition.regles.items()}
    for case in edition.cases_du(edition.trimestre.code):
        if case.sigle in chiffres:
            regle = edition.regles[case.indicateur]
            vue = regle.pour(case.sigle) if case.sigle in regle.points_propres else communes[case.indicateur]
            chiffres[case.sigle][case.indicateur] = Chiffre.propre(vue, case)
    return _trier([Rang(edition.organisations[sigle], propres) for sigle, propres in chiffres.items()], demande)


def montres(edition: Edition) -> list[str]:
    """Les indicateurs qui ont une colonne: sept colonnes au plus."""
    return edition.suivis[:INDICATEURS_MONTRES]


def presentes(edition: Edition, champ: str) -> set[str]:
    """Les valeurs de ce champ parmi les organisations attendues."""
    return {edition.organisations[sigle][champ] for sigle in edition.attendues} - {""}


def _trier(rangs: Iterable[Rang], demande: Demande) -> list[Rang]:
    """Par nom, ou par part: celles qui n'en ont pas viennent toujours en dernier, par nom."""
    par_nom = sorted(rangs, key=lambda r: (replier(r.fiche["nom"]), r.fiche["sigle"]))
    if demande.tri == NOM:
        return par_nom[::-1] if demande.descend else par_nom
    parts = {r.fiche["sigle"]: c.part for r in par_nom if (c := r.chiffres.get(demande.tri)) and c.part is not None}
    connues = [r for r in par_nom if r.fiche["sigle"] in parts]
    connues.sort(key=lambda r: parts[r.fiche["sigle"]], reverse=demande.descend)
    return connues + [r for r in par_nom if r.fiche["sigle"] not in parts]
