"""Où en est une case: ce qu'une organisation doit encore, a dit, ou n'a pas à dire. Dérivé, jamais gardé.

Pur: ignore Django. D'abord l'état du dossier du trimestre, par ses versions et ses dates; puis celui de chaque case.
"""

import datetime
from enum import StrEnum
from typing import NamedTuple

from indicateurs import mots


class EtatDeCase(StrEnum):
    """Les neuf états, dans l'ordre où on les compte."""

    PAS_ENCORE_DUE = "PAS_ENCORE_DUE"  # le trimestre n'est pas ouvert
    ATTENDUE = "ATTENDUE"  # ouvert, et l'échéance n'est pas passée
    PROLONGEE = "PROLONGEE"  # de même, une prolongation ayant repoussé l'échéance
    EN_RETARD = "EN_RETARD"
    A_RELIRE = "A_RELIRE"
    A_CORRIGER = "A_CORRIGER"
    VALIDEE = "VALIDEE"
    NON_DISPONIBLE = "NON_DISPONIBLE"  # validée, sans nombre, avec une raison
    SANS_OBJET = "SANS_OBJET"  # validée, par une absence ou un dénominateur nul

    @property
    def mot(self) -> str:
        """L'état, en mots."""
        return MOTS[self]

    @property
    def classe(self) -> str:
        """Le nom de son signe et de sa couleur, dans la feuille de style."""
        return self.lower().replace("_", "-")


MOTS = {
    EtatDeCase.PAS_ENCORE_DUE: "pas encore due",
    EtatDeCase.ATTENDUE: "attendue",
    EtatDeCase.PROLONGEE: "prolongée",
    EtatDeCase.EN_RETARD: "en retard",
    EtatDeCase.A_RELIRE: "à relire",
    EtatDeCase.A_CORRIGER: "à corriger",
    EtatDeCase.VALIDEE: "validée",
    EtatDeCase.NON_DISPONIBLE: "non disponible",
    EtatDeCase.SANS_OBJET: "sans objet",
}
RAPPELABLES = frozenset({EtatDeCase.ATTENDUE, EtatDeCase.PROLONGEE, EtatDeCase.EN_RETARD, EtatDeCase.A_CORRIGER})
CORRECTIONS = {
    "BROUILLON": "correction en préparation",
    "SOUMIS": "correction à relire",
    "A_CORRIGER": "correction renvoyée",
}
MOTIF_MONTRE = 80  # caractères; la relecture et le fichier donnent le reste


class Delai(NamedTuple):
    """Un jour, et les dates d'un trimestre pour une organisation."""

    jour: datetime.date
    ouvre_le: datetime.date
    echeance_commune: datetime.date
    echeance: datetime.date  # la sienne, prolongation comprise

    @property
    def retard(self) -> int:
        """Les jours passés depuis l'échéance; zéro tant qu'elle n'est pas passée."""
        return max((self.jour - self.echeance).days, 0)


class Versions(NamedTuple):
    """Les statuts d'un dossier: celui de sa dernière version, et s'il en a une en vigueur."""

    derniere: str = ""  # vide si rien n'est commencé
    en_vigueur: bool = False


class Situation(NamedTuple):
    """Un état, et ce qui le précise."""

    etat: EtatDeCase
    retard: int = 0  # en jours
    motif: str = ""
    correction: str = ""

    @property
    def texte(self) -> str:
        """« en retard de 12 jours », « non disponible : panne », « validée, correction à relire »."""
        base = mots.retard(self.retard) if self.etat == EtatDeCase.EN_RETARD else self.etat.mot
        if self.motif:
            base = f"{base}\N{NO-BREAK SPACE}: {mots.abreger(self.motif, MOTIF_MONTRE)}"
        if self.etat == EtatDeCase.A_CORRIGER and self.retard:
            base = f"{base}, {mots.retard(self.retard)}"
        return f"{base}, {self.correction}" if self.correction else base


def silence(delai: Delai) -> Situation:
    """Rien n'est parvenu: ce que disent les dates."""
    if delai.jour < delai.ouvre_le:
        return Situation(EtatDeCase.PAS_ENCORE_DUE)
    if delai.retard:
        return Situation(EtatDeCase.EN_RETARD, delai.retard)
    prolongee = delai.echeance > delai.echeance_commune
    return Situation(EtatDeCase.PROLONGEE if prolongee else EtatDeCase.ATTENDUE)


def du_dossier(versions: Versions, delai: Delai) -> Situation:
    """Le trimestre d'une organisation. Une correction en cours n'ôte rien à la version en vigueur."""
    if versions.en_vigueur:
        return Situation(EtatDeCase.VALIDEE, correction=CORRECTIONS.get(versions.derniere, ""))
    if versions.derniere == "SOUMIS":
        return Situation(EtatDeCase.A_RELIRE)
    if versions.derniere == "A_CORRIGER":
        return Situation(EtatDeCase.A_CORRIGER, delai.retard)
    return silence(delai)


class Reponse(NamedTuple):
    """Ce que la version en vigueur dit d'un indicateur."""

    absence: str = ""
    denominateur: int | None = None
    motif: str = ""


def de_la_case(dossier: Situation, reponse: Reponse | None, delai: Delai) -> Situation:
    """La case d'un indicateur. Validée sans réponse (une reprise d'historique le permet), elle reste un silence."""
    if dossier.etat != EtatDeCase.VALIDEE:
        return dossier
    if reponse is None:
        return silence(delai)._replace(correction=dossier.correction)
    if reponse.absence == "NON_DISPONIBLE":
        return dossier._replace(etat=EtatDeCase.NON_DISPONIBLE, motif=reponse.motif)
    if reponse.absence or reponse.denominateur == 0:
        return dossier._replace(etat=EtatDeCase.SANS_OBJET, motif=reponse.motif)
    return dossier
