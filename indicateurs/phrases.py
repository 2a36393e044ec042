"""Ce que l'espace dit d'un trimestre, du côté de qui le lit. Pur: ignore Django."""

import datetime
from collections.abc import Sequence

from indicateurs import mots
from indicateurs.affichage import INSECABLE, accorder, nombre, pourcentage
from indicateurs.controles import Compte
from organisations.phrases import etat_pour_le_cqen

__all__ = [
    "compte",
    "correction",
    "echeance",
    "etat",
    "etat_pour_le_cqen",
    "presents",
    "reponse",
    "reponses",
]

ABSENCES = {"NON_DISPONIBLE": "non disponible", "SANS_OBJET": "sans objet"}


def etat(statut: str, le: datetime.date | None = None) -> str:
    """Un statut, du côté de qui déclare: « Envoyé le 12 avril 2023, en relecture au CQEN »."""
    quand = f" le {mots.date(le)}" if le else ""
    return {
        "BROUILLON": "En brouillon",
        "SOUMIS": f"Envoyé{quand}, en relecture au CQEN",
        "A_CORRIGER": "Renvoyé par le CQEN, à corriger",
        "VALIDE": f"Accepté{quand}",
        "REMPLACE": f"Remplacé{quand} par une version plus récente",
    }[statut]


def correction(phrase: str) -> str:
    """L'état d'une version qui corrige: ce qui est accepté reste public entre-temps."""
    return f"Accepté; une correction est en cours : {phrase[0].lower()}{phrase[1:]}"


def echeance(jour: datetime.date, aujourdhui: datetime.date | None) -> str:
    """« 14 août 2023, dans 10 jours », « 14 août 2023, en retard de 3 jours »; sans aujourd'hui, la date seule."""
    if aujourdhui is None:
        return mots.date(jour)
    reste = (jour - aujourdhui).days
    if reste < 0:
        return f"{mots.date(jour)}, {mots.retard(-reste)}"
    proche = {0: "c'est aujourd'hui", 1: "c'est demain"}
    return f"{mots.date(jour)}, {proche.get(reste) or 'dans ' + accorder(reste, 'jour')}"


def presents(noms: Sequence[str]) -> str:
    """« Marie écrit peut-être aussi ici », « Marie et Paul écrivent… »; vide s'il n'y a personne."""
    if not noms:
        return ""
    tous = f"{', '.join(noms[:-1])} et {noms[-1]}" if len(noms) > 1 else noms[0]
    return f"{tous} {'écrit' if len(noms) == 1 else 'écrivent'} peut-être aussi dans cette page."


def reponses(faites: int, attendues: int) -> str:
    """« 2 réponses sur 4 », « Aucune réponse sur 4 »."""
    if not faites:
        return f"Aucune réponse sur {attendues}"
    return f"{accorder(faites, 'réponse')} sur {attendues}"


def compte(deux: Compte) -> str:
    """« 12 sur 30, soit 40,0 % »."""
    part = f", soit {pourcentage(deux.part)}" if deux.part is not None else ""
    return f"{nombre(deux.numerateur)} sur {nombre(deux.denominateur)}{part}"


def reponse(deux: Compte | None, absence: str, motif: str) -> str:
    """Une réponse en mots: ses comptes, ou son absence et la raison."""
    if deux is not None and not absence:
        return compte(deux)
    dite = ABSENCES.get(absence, "sans réponse")
    return f"{dite}{INSECABLE}: {motif}" if motif else dite
