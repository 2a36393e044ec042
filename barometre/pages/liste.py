"""La liste des organisations: ce que l'adresse demande, cherché, filtré et trié, sans jamais échouer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.http import urlencode

from barometre import phrases
from barometre.chiffres import Chiffre
from barometre.models import Edition
from barometre.pages.cadre import Lien, Page, vers
from barometre.pages.filtres import Option, contient, ignorer, lire_la_recherche, options
from barometre.pages.organisation import CATEGORIES
from barometre.tableaux import CHIFFRE, Colonne, Ligne, Tableau
from indicateurs.affichage import accorder, nombre
from indicateurs.mots import replier, trimestre

INDICATEURS_MONTRES = 4
NOM = "nom"


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
        q = lire_la_recherche(champs)
        tri = champs.get("tri", NOM)
        permis = {
            "portefeuille": _presentes(edition, "portefeuille"),
            "categorie": _presentes(edition, "categorie"),
            "tri": {NOM, *_montres(edition)},
        }
        lus = {"portefeuille": champs.get("portefeuille", ""), "categorie": champs.get("categorie", "")}
        lus["tri"] = tri.removeprefix("-") or NOM
        ignores = tuple(_ignore(nom, valeur) for nom, valeur in lus.items() if valeur and valeur not in permis[nom])
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
    quoi = {"portefeuille": "Le portefeuille", "categorie": "La catégorie", "tri": "Le tri"}[nom]
    return ignorer(quoi, valeur, "dans cette édition", "e" * (nom == "categorie"))


def _montres(edition: Edition) -> list[str]:
    """Les indicateurs qui ont une colonne: sept colonnes au plus."""
    return list(edition.regles)[:INDICATEURS_MONTRES]


class Rang(NamedTuple):
    """Une organisation de la liste et ses chiffres, par code."""

    fiche: Mapping[str, Any]
    chiffres: Mapping[str, Chiffre]


def contexte(edition: Edition, champs: Mapping[str, str]) -> dict[str, Any]:
    """La page de la liste."""
    demande = Demande.lire(champs, edition)
    rangs = _trier([r for r in _rangs(edition) if demande.retient(r.fiche)], demande)
    attendues = len(edition.attendues)
    return {
        "page": Page.de(edition, "Organisations", "organisations"),
        "demande": demande,
        "compte": f"{accorder(len(rangs), 'organisation')} sur {nombre(attendues)}.",
        "tableau": _tableau(rangs, edition, demande) if rangs else None,
        "portefeuilles": _portefeuilles(edition, demande),
        "categories": _categories(edition, demande),
        "tout": Lien("Voir toutes les organisations", vers(edition, "organisations")),
    }


def _rangs(edition: Edition) -> list[Rang]:
    """Les organisations attendues au dernier trimestre, avec ou sans réponse; deux requêtes."""
    chiffres: dict[str, dict[str, Chiffre]] = {sigle: {} for sigle in edition.attendues}
    montres = set(_montres(edition))
    for case in edition.cases_du(edition.trimestre.code):
        if case.indicateur in montres:
            regle = edition.regles[case.indicateur].pour(case.sigle)
            chiffres[case.sigle][case.indicateur] = Chiffre.propre(regle, case)
    return [Rang(edition.organisations[sigle], propres) for sigle, propres in chiffres.items()]


def _trier(rangs: list[Rang], demande: Demande) -> list[Rang]:
    """Par nom, ou par part: celles qui n'en ont pas viennent toujours en dernier, par nom."""
    par_nom = sorted(rangs, key=lambda r: (replier(r.fiche["nom"]), r.fiche["sigle"]))
    if demande.tri == NOM:
        return par_nom[::-1] if demande.descend else par_nom
    parts = {r.fiche["sigle"]: c.part for r in rangs if (c := r.chiffres.get(demande.tri)) and c.part is not None}
    connues = [r for r in par_nom if r.fiche["sigle"] in parts]
    connues.sort(key=lambda r: parts[r.fiche["sigle"]], reverse=demande.descend)
    return connues + [r for r in par_nom if r.fiche["sigle"] not in parts]


def _tableau(rangs: Iterable[Rang], edition: Edition, demande: Demande) -> Tableau:
    arret = timezone.localdate(edition.arretee_le)
    montres = [edition.regles[code] for code in _montres(edition)]
    colonnes = [
        _triable("Organisation", NOM, demande),
        Colonne("Catégorie"),
        Colonne("Portefeuille"),
        *(_triable(regle.intitule, regle.code, demande, CHIFFRE) for regle in montres),
    ]
    lignes = []
    for fiche, chiffres in rangs:
        textes = [CATEGORIES.get(fiche["categorie"], fiche["categorie"]), fiche["portefeuille"] or "aucun"]
        textes += [_part(chiffres.get(regle.code), arret) for regle in montres]
        adresse = vers(edition, "organisation", fiche["slug"])
        lignes.append(
            Ligne(f"{fiche['nom']} ({fiche['sigle']})", list(zip(colonnes[1:], textes, strict=True)), adresse)
        )
    return Tableau(f"Les organisations au {trimestre(edition.trimestre.code)}", colonnes, lignes, ample=True)


def _part(chiffre: Chiffre | None, arret) -> str:
    return phrases.case(chiffre, arret) if chiffre else "non demandé"


def _triable(titre: str, cle: str, demande: Demande, est_chiffree: bool = False) -> Colonne:
    """Une colonne dont l'en-tête trie; une part se trie d'abord de la plus haute à la plus basse."""
    active = demande.tri == cle
    descend = not demande.descend if active else est_chiffree
    ordre = ("descending" if demande.descend else "ascending") if active else ""
    aide = "trier par ordre décroissant" if descend else "trier par ordre croissant"
    return Colonne(titre, est_chiffree, demande.lien(tri=cle, descend=descend), ordre, aide)


def _presentes(edition: Edition, champ: str) -> set[str]:
    """Les valeurs de ce champ parmi les organisations attendues."""
    return {edition.organisations[sigle][champ] for sigle in edition.attendues} - {""}


def _portefeuilles(edition: Edition, demande: Demande) -> list[Option]:
    noms = ((s, f"{edition.organisations[s]['nom']} ({s})") for s in _presentes(edition, "portefeuille"))
    return options(sorted(noms, key=lambda n: replier(n[1])), demande.portefeuille)


def _categories(edition: Edition, demande: Demande) -> list[Option]:
    presentes = _presentes(edition, "categorie")
    return options(((c, nom) for c, nom in CATEGORIES.items() if c in presentes), demande.categorie)
