"""La page du classeur: ce que le fichier déposé changerait, avant d'enregistrer."""

from typing import Any

from indicateurs import phrases
from indicateurs.affichage import accorder
from indicateurs.controles import Compte
from indicateurs.forms import Brute, Carte, FormulaireDuTrimestre
from indicateurs.nombres import NombreIllisible, lire_entier
from indicateurs.tableur import PRECISIONS, Depot

MONTREES = 200  # erreurs
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def contexte(formulaire: FormulaireDuTrimestre, depot: Depot | None) -> dict[str, Any]:
    """Avant un dépôt, l'invitation à déposer; après, ses erreurs ou ses changements."""
    soumission = formulaire.soumission
    page: dict[str, Any] = {
        "organisation": soumission.organisation,
        "trimestre": soumission.trimestre,
        "formulaire": formulaire,
        "erreurs": [("", erreur) for erreur in depot.erreurs[:MONTREES]] if depot else [],
        "titre_des_erreurs": _titre(len(depot.erreurs)) if depot else "",
        "changements": [],
        "caches": [],
    }
    if depot and not depot.erreurs:
        page |= _apercu(formulaire, depot)
    return page


def _apercu(formulaire: FormulaireDuTrimestre, depot: Depot) -> dict[str, Any]:
    """Ce que le fichier changerait, et de quoi l'enregistrer.

    Le brouillon s'enregistre par la porte ordinaire: le formulaire du trimestre, ici rempli par le fichier.
    """
    avant, apres = formulaire.actuel, formulaire.actuel | depot.reponses
    etonnements = formulaire.soumission.etonnements(depot.saisies, formulaire.historique)
    return {
        "caches": [(f"{code}-{nom}", texte) for code, brute in apres.items() for nom, texte in brute.items()],
        "changements": [
            {
                "intitule": i.intitule,
                "avant": _dite(avant.get(i.code, {})),
                "apres": _dite(apres.get(i.code, {})),
                "precisions": _precisions(avant.get(i.code, {}), apres.get(i.code, {})),
                "etonnements": etonnements.get(i, []),
            }
            for i in formulaire.indicateurs
        ],
    }


def _titre(combien: int) -> str:
    montrees = f", dont voici les {MONTREES} premiers" if combien > MONTREES else ""
    return f"Rien n'est enregistré : {accorder(combien, 'point')} à corriger{montrees}"


def _precisions(avant: Brute, apres: Brute) -> list[tuple[str, str]]:
    """Le nom et le nouveau texte de chaque précision qui change."""
    return [
        (str(Carte.base_fields[nom].label), apres.get(nom, ""))
        for nom in PRECISIONS
        if avant.get(nom, "") != apres.get(nom, "")
    ]


def _dite(brute: Brute) -> str:
    """Une réponse en mots, ou telle que tapée si ce n'en est pas encore une."""
    if not brute:
        return "rien"
    compte = _compte(brute)
    if compte is None and not brute.get("absence"):
        return "une ébauche"
    return phrases.reponse(compte, brute.get("absence", ""), brute.get("motif", ""))


def _compte(brute: Brute) -> Compte | None:
    """Les deux nombres, s'ils se lisent et tiennent ensemble."""
    try:
        compte = Compte("", *(lire_entier(brute.get(nom, "")) for nom in ("numerateur", "denominateur")))
    except NombreIllisible:
        return None
    return compte if compte.numerateur <= compte.denominateur else None
