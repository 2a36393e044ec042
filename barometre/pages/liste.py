"""La liste des organisations, cherchée, filtrée et triée par son adresse, sans jamais échouer."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from barometre import phrases
from barometre.chiffres import Chiffre
from barometre.models import Edition
from barometre.pages.cadre import Lien, Page, vers
from barometre.pages.filtres import Option, options
from barometre.pages.organisation import CATEGORIES
from barometre.pages.pistes import Piste, ailleurs, pister
from barometre.pages.rangs import NOM, Demande, Rang, montres, presentes, retenus
from barometre.tableaux import CHIFFRE, Colonne, Ligne, Tableau
from indicateurs.affichage import accorder, nombre
from indicateurs.mots import replier, trimestre


def contexte(edition: Edition, champs: Mapping[str, str]) -> dict[str, Any]:
    """La page de la liste; deux requêtes."""
    demande = Demande.lire(champs, edition)
    rangs = retenus(edition, demande)
    adresse = vers(edition, "organisations")
    return {
        "page": Page.de(edition, "Organisations", "organisations"),
        "demande": demande,
        "compte": f"{accorder(len(rangs), 'organisation')} sur {nombre(len(edition.attendues))}.",
        "tableau": _tableau(rangs, edition, demande) if rangs else None,
        "piste": None if rangs else _piste(edition, demande),
        "portefeuille": _portefeuille(edition, demande),
        "portefeuilles": _portefeuilles(edition, demande),
        "categories": _categories(edition, demande),
        "exports": _exports(edition, demande),
        "comparer": Lien("Comparer des organisations", vers(edition, "comparer")),
        "tout": Lien("Voir toutes les organisations", adresse),
    }


def _piste(edition: Edition, demande: Demande) -> Piste | None:
    """Où chercher encore, quand rien ne répond: sans les filtres, sous un nom d'avant, ou un nom qui ressemble."""
    if not demande.q:
        return None
    partout = demande.lien(portefeuille="", categorie="")
    return ailleurs(edition, demande.q, f"{vers(edition, 'organisations')}{partout}") or pister(edition, demande.q)


def _exports(edition: Edition, demande: Demande) -> list[Lien]:
    """Les mêmes organisations, dans le même ordre, en fichiers."""
    champs = demande.lien().removesuffix("?")
    formats = (("CSV", "organisations_csv"), ("XLSX", "organisations_xlsx"))
    return [Lien(texte, f"{vers(edition, nom)}{champs}") for texte, nom in formats]


def _tableau(rangs: Iterable[Rang], edition: Edition, demande: Demande) -> Tableau:
    arret = timezone.localdate(edition.arretee_le)
    regles = [edition.regles[code] for code in montres(edition)]
    colonnes = [
        _triable("Organisation", NOM, demande),
        Colonne("Catégorie"),
        Colonne("Portefeuille"),
        *(_triable(regle.intitule, regle.code, demande, CHIFFRE) for regle in regles),
    ]
    modele = vers(edition, "organisation", "-")  # une adresse par ligne, faite une fois
    lignes = [_ligne(rang, colonnes, [regle.code for regle in regles], modele, arret) for rang in rangs]
    return Tableau(f"Les organisations au {trimestre(edition.trimestre.code)}", colonnes, lignes, ample=True)


def _ligne(rang: Rang, colonnes: Sequence[Colonne], codes: Sequence[str], modele: str, arret: datetime.date) -> Ligne:
    fiche, chiffres = rang
    textes = [CATEGORIES.get(fiche["categorie"], fiche["categorie"]), fiche["portefeuille"] or "aucun"]
    textes += [_part(chiffres.get(code), arret) for code in codes]
    adresse = f"{modele[:-2]}{fiche['slug']}/"
    return Ligne(f"{fiche['nom']} ({fiche['sigle']})", list(zip(colonnes[1:], textes, strict=True)), adresse)


def _part(chiffre: Chiffre | None, arret: datetime.date) -> str:
    return phrases.case(chiffre, arret) if chiffre else "non demandé"


def _triable(titre: str, cle: str, demande: Demande, est_chiffree: bool = False) -> Colonne:
    """Une colonne dont l'en-tête trie; une part se trie d'abord de la plus haute à la plus basse."""
    active = demande.tri == cle
    descend = not demande.descend if active else est_chiffree
    ordre = ("descending" if demande.descend else "ascending") if active else ""
    aide = "trier par ordre décroissant" if descend else "trier par ordre croissant"
    return Colonne(titre, est_chiffree, demande.lien(tri=cle, descend=descend), ordre, aide)


def _portefeuille(edition: Edition, demande: Demande) -> Lien | None:
    """La page du portefeuille choisi."""
    tete = edition.organisations.get(demande.portefeuille)
    return Lien(f"Portefeuille de {tete['sigle']}", vers(edition, "portefeuille", tete["slug"])) if tete else None


def _portefeuilles(edition: Edition, demande: Demande) -> list[Option]:
    noms = ((s, f"{edition.organisations[s]['nom']} ({s})") for s in presentes(edition, "portefeuille"))
    return options(sorted(noms, key=lambda n: replier(n[1])), demande.portefeuille)


def _categories(edition: Edition, demande: Demande) -> list[Option]:
    connues = presentes(edition, "categorie")
    return options(((c, nom) for c, nom in CATEGORIES.items() if c in connues), demande.categorie)
