"""Une édition, ses réponses, son bilan: en phrases. Pur: ignore Django."""

import datetime
from collections.abc import Sequence

from barometre.chiffres import Chiffre
from indicateurs import affichage
from indicateurs.affichage import accorder
from indicateurs.arithmetique import Comptes, Verdict, code_du_rang
from indicateurs.mots import date, lettres, mois, terme, trimestre, typographier


def reponses(repondantes: int, attendues: int) -> str:
    """« 54 organisations sur 60 ont répondu. »"""
    if attendues == 0:
        return "Aucune organisation ne devait répondre."
    if attendues == 1:
        verbe = "a" if repondantes else "n'a pas"
        return f"La seule organisation attendue {verbe} répondu."
    if repondantes == attendues:
        return f"Les {accorder(attendues, 'organisation')} ont répondu."
    if repondantes == 0:
        return f"Aucune des {accorder(attendues, 'organisation')} n'a répondu."
    sujet = "Une organisation" if repondantes == 1 else accorder(repondantes, "organisation")
    return f"{sujet} sur {affichage.nombre(attendues)} {'a' if repondantes == 1 else 'ont'} répondu."


def trop_tot(echeance: datetime.date, jour: datetime.date, repondantes: int, attendues: int) -> str:
    """L'alerte de qui publierait avant l'échéance, ou sans la moitié des réponses; vide sinon."""
    if jour > echeance and repondantes * 2 >= attendues:
        return ""
    verbe = "était" if jour > echeance else "est"
    return f"L'échéance {verbe} le {date(echeance)}. {reponses(repondantes, attendues)}"


def couverture(comptes: Comptes) -> str:
    """Qui a répondu, sur combien d'attendues."""
    return reponses(comptes.repondantes, comptes.attendues)


def edition(code: str, publiee_le: datetime.date) -> str:
    """« Édition 2023-T1, publiée le 18 mai 2023. »"""
    return f"Édition {code}, publiée le {date(publiee_le)}."


def prochaine(jour: str) -> str:
    """« Prochaine : 17 août 2023. », ou rien si aucune n'est annoncée."""
    return typographier(f"Prochaine : {date(jour)}.") if jour else ""


def hors_calendrier(raison: str) -> str:
    """Pourquoi l'édition a paru un jour qui n'était pas annoncé."""
    return typographier(f"Parue hors du calendrier annoncé : {raison}")


def changement(avant: datetime.date, apres: datetime.date, le: datetime.date) -> str:
    """« Le 6 octobre 2022, la date est passée du 10 novembre 2022 au 17 novembre 2022. »"""
    return f"Le {date(le)}, la date est passée du {date(avant)} au {date(apres)}."


def bilan(chiffres: Sequence[Chiffre], quand: str) -> str:
    """La phrase d'accueil: combien de cibles, pour quand, et où elles en sont."""
    if not chiffres:
        return "Aucune cible nationale n'est fixée."
    termes = sorted({c.regle.points[-1][0] for c in chiffres})
    dates = " et ".join(_pour(code_du_rang(t)) for t in termes) if len(termes) < 3 else f"d'ici {termes[-1] // 4}"
    nombre = lettres(len(chiffres), feminin=True).capitalize()
    annonce = f"{nombre} cible{'s' if len(chiffres) > 1 else ''} {dates}."
    return typographier(f"{annonce} En {mois(quand)}, {_etats([c.verdict for c in chiffres])}.")


def _pour(code: str) -> str:
    return f"pour la {terme(code).replace('fin ', 'fin de ')}" if code.endswith("T4") else f"pour le {trimestre(code)}"


def _etats(verdicts: Sequence[Verdict]) -> str:
    """Où en sont une, deux ou plusieurs cibles."""
    if len(verdicts) == 1:
        return f"elle {_etat(verdicts[0])}"
    if len(verdicts) == 2 and verdicts[0] != verdicts[1]:
        return f"l'une {_etat(verdicts[0])}, l'autre {_etat(verdicts[1])}"
    if len(set(verdicts)) == 1:
        return f"{'les deux' if len(verdicts) == 2 else 'toutes'} {_etat(verdicts[0], pluriel=True)}"
    nombres = [(v, verdicts.count(v)) for v in Verdict if v in verdicts]
    return ", ".join(f"{lettres(n, feminin=True)} {_etat(v, pluriel=n > 1)}" for v, n in nombres)


def _etat(verdict_: Verdict, pluriel: bool = False) -> str:
    s, est = ("s", "sont") if pluriel else ("", "est")
    return {
        Verdict.ATTEINTE: f"{est} atteinte{s}",
        Verdict.EN_VOIE: f"{est} en voie d'être atteinte{s}",
        Verdict.EN_RETARD: f"{est} en retard",
        Verdict.NON_JUGEABLE: f"ne {'peuvent' if pluriel else 'peut'} être jugée{s}",
    }[verdict_]
