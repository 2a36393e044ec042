"""La liste des organisations, cherchée, filtrée et triée par son adresse, sans jamais échouer."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from barometre import phrases
from barometre.chiffres import Chiffre
from barometre.models import Edition
from barometre.pages.cadre import CATEGORIES, Lien, Page, categorie, vers
from barometre.pages.filtres import Option, options
from barometre.pages.liste.pistes import Piste, ailleurs, pister
from barometre.pages.liste.rangs import NOM, Demande, Rang, montres, presentes, retenus
from barometre.tableaux import CHIFFRE, Colonne, Ligne, Tableau
from indicateurs.affichage import accorder, nombre
from indicateurs.langue import _
from indicateurs.mots import replier, trimestre


def contexte(edition: Edition, champs: Mapping[str, str]) -> dict[str, Any]:
    """La page de la liste; deux requêtes."""
    demande = Demande.lire(champs, edition)
    rangs = retenus(edition, demande)
    adresse = vers(edition, "organisations")
    return {
        "page": Page.de(edition, _("Organisations"), "organisations"),
        "demande": demande,
        "compte": _compte(rangs, edition),
        "tableau": _tableau(rangs, edition, demande) if rangs else None,
        "piste": None if rangs else _piste(edition, demande),
        "conseil": _conseil(demande),
        "portefeuille": _portefeuille(edition, demande),
        "portefeuilles": _portefeuilles(edition, demande),
        "categories": _categories(edition, demande),
        "exports": _exports(edition, demande),
        "comparer": Lien(_("Comparer des organisations"), vers(edition, "comparer")),
        "tout": Lien(_("Voir toutes les organisations"), adresse),
    }


def _compte(rangs: Sequence[Rang], edition: Edition) -> str:
    faits = {"retenues": accorder(len(rangs), _("organisation")), "toutes": nombre(len(edition.attendues))}
    return _("%(retenues)s sur %(toutes)s.") % faits


def _piste(edition: Edition, demande: Demande) -> Piste | None:
    """Où chercher encore, quand rien ne répond: sans les filtres, sous un nom d'avant, ou un nom qui ressemble."""
    if not demande.q:
        return None
    partout = demande.lien(portefeuille="", categorie="")
    return ailleurs(edition, demande.q, f"{vers(edition, 'organisations')}{partout}") or pister(edition, demande.q)


def _conseil(demande: Demande) -> str:
    """Que faire d'une liste vide: changer les mots cherchés ou, sans eux, retirer un filtre."""
    if demande.q:
        return _("Aucune organisation ne correspond. Essayez un seul mot du nom, ou le sigle.")
    return _("Aucune organisation ne correspond. Retirez un filtre.")


def _exports(edition: Edition, demande: Demande) -> list[Lien]:
    """Les mêmes organisations, dans le même ordre, en fichiers."""
    champs = demande.lien().removesuffix("?")
    formats = (("CSV", "organisations_csv"), ("XLSX", "organisations_xlsx"))
    return [Lien(texte, f"{vers(edition, nom)}{champs}") for texte, nom in formats]


def _tableau(rangs: Iterable[Rang], edition: Edition, demande: Demande) -> Tableau:
    arret = timezone.localdate(edition.arretee_le)
    regles = [edition.regles[code] for code in montres(edition)]
    colonnes = [
        _triable(_("Organisation"), NOM, demande),
        Colonne(_("Catégorie")),
        Colonne(_("Portefeuille")),
        *(_triable(regle.intitule, regle.code, demande, CHIFFRE) for regle in regles),
    ]
    modele = vers(edition, "organisation", "-")  # une adresse par ligne, faite une fois
    lignes = [_ligne(rang, colonnes, [regle.code for regle in regles], modele, arret) for rang in rangs]
    legende = _("Les organisations au %s") % trimestre(edition.trimestre.code)
    return Tableau(legende, colonnes, lignes, ample=True)


def _ligne(rang: Rang, colonnes: Sequence[Colonne], codes: Sequence[str], modele: str, arret: datetime.date) -> Ligne:
    fiche, chiffres = rang
    textes = [categorie(fiche["categorie"]), fiche["portefeuille"] or _("aucun")]
    textes += [_part(chiffres.get(code), arret) for code in codes]
    adresse = f"{modele[:-2]}{fiche['slug']}/"
    return Ligne(f"{fiche['nom']} ({fiche['sigle']})", list(zip(colonnes[1:], textes, strict=True)), adresse)


def _part(chiffre: Chiffre | None, arret: datetime.date) -> str:
    return phrases.case(chiffre, arret, court=True) if chiffre else _("non demandé")


def _triable(titre: str, cle: str, demande: Demande, est_chiffree: bool = False) -> Colonne:
    """Une colonne dont l'en-tête trie; une part se trie d'abord de la plus haute à la plus basse."""
    active = demande.tri == cle
    descend = not demande.descend if active else est_chiffree
    ordre = ("descending" if demande.descend else "ascending") if active else ""
    aide = _("trier par ordre décroissant") if descend else _("trier par ordre croissant")
    return Colonne(titre, est_chiffree, demande.lien(tri=cle, descend=descend), ordre, aide)


def _portefeuille(edition: Edition, demande: Demande) -> Lien | None:
    """La page du portefeuille choisi."""
    tete = edition.organisations.get(demande.portefeuille)
    if tete is None:
        return None
    return Lien(_("Portefeuille de %s") % tete["sigle"], vers(edition, "portefeuille", tete["slug"]))


def _portefeuilles(edition: Edition, demande: Demande) -> list[Option]:
    noms = ((s, f"{edition.organisations[s]['nom']} ({s})") for s in presentes(edition, "portefeuille"))
    return options(sorted(noms, key=lambda n: replier(n[1])), demande.portefeuille)


def _categories(edition: Edition, demande: Demande) -> list[Option]:
    connues = presentes(edition, "categorie")
    return options(((c, categorie(c)) for c in CATEGORIES if c in connues), demande.categorie)
