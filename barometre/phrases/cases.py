"""La réponse d'une organisation, ou son absence: en phrases. Pur: ignore Django."""

import datetime

from barometre.chiffres import Case, Chiffre
from indicateurs import affichage
from indicateurs.arithmetique import Etat
from indicateurs.mots import abreger, retard, typographier


def case(chiffre: Chiffre, arretee_le: datetime.date) -> str:
    """La part d'une organisation, ou pourquoi il n'y en a pas: jamais vide, jamais zéro pour dire l'absence."""
    if chiffre.part is not None or chiffre.case is None:
        return chiffre.texte
    return absence(chiffre.case, arretee_le, court=True)


def sur(partie: int, tout: int) -> str:
    """« 614 sur 1 000 », d'un seul tenant."""
    return f"{affichage.nombre(partie)}\xa0sur\xa0{affichage.nombre(tout)}"


def absence(case_: Case, arretee_le: datetime.date, court: bool = False) -> str:
    """Pourquoi il n'y a pas de part: « non disponible : systèmes en migration »."""
    if case_.etat == Etat.EN_RETARD:
        return retard((arretee_le - datetime.date.fromisoformat(case_.echeance)).days)
    mots = {Etat.PAS_ENCORE_DUE: "pas encore due", Etat.NON_DISPONIBLE: "non disponible"}.get(
        Etat(case_.etat), "sans objet"
    )
    motif = abreger(case_.motif) if court else case_.motif
    return typographier(f"{mots} : {motif}") if motif else mots
