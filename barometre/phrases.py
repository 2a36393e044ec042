"""Les phrases calculées du site, sans HTML: un seul endroit où un chiffre devient une phrase. Pur: ignore Django."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from barometre.chiffres import Case, Chiffre, Regle, Serie, rang_du_jour
from indicateurs import affichage
from indicateurs.affichage import accorder
from indicateurs.arithmetique import (
    TRIMESTRES_DU_PANEL,
    TRIMESTRES_POUR_PROJETER,
    Comptes,
    Etat,
    Verdict,
    code_du_rang,
    rang,
)
from indicateurs.mots import abreger, date, duree, lettres, mois, retard, terme, trimestre, typographier

NATURE_DE_LA_PROJECTION = (
    f"C'est la tendance des {lettres(TRIMESTRES_DU_PANEL)} derniers trimestres prolongée, non une prévision."
)


# --- une édition -----------------------------------------------------------------------------------------------------
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


# --- un chiffre et sa cible ------------------------------------------------------------------------------------------
def verdict(chiffre: Chiffre) -> str:
    """Le verdict en mots: « En retard de 4,1 points sur le chemin »."""
    decision, distance = chiffre.ecart
    if decision == Verdict.EN_RETARD and distance is not None:
        return f"En retard de {affichage.points(distance)} sur le chemin"
    if decision == Verdict.NON_JUGEABLE:
        return typographier(f"Non jugeable : {_pourquoi(chiffre)}")
    return "Atteinte" if decision == Verdict.ATTEINTE else "En voie"


def _pourquoi(chiffre: Chiffre) -> str:
    regle = chiffre.regle
    if chiffre.part is None:
        return "aucun chiffre à ce trimestre"
    if not regle.points:
        return "aucune cible n'est fixée"
    if chiffre.cible is None:
        return f"le chemin commence au {trimestre(code_du_rang(regle.points[0][0]))}"
    return f"trop peu de cas, moins de {affichage.nombre(regle.denominateur_minimal)}"


def cible(regle: Regle) -> str:
    """« cible 75 % fin 2023 », ou rien."""
    if regle.cible is None:
        return ""
    quand = code_du_rang(regle.points[-1][0])
    return f"cible {affichage.cible_en_texte(regle.cible)} {'' if quand.endswith('T4') else 'au '}{terme(quand)}"


def majorite(chiffre: Chiffre) -> str:
    """Pour une organisation, si sa part passe le seuil qui la fait compter."""
    seuil = chiffre.regle.majorite
    if seuil is None or chiffre.part is None:
        return ""
    ou = "Au-dessus" if chiffre.part > seuil else "Pas au-dessus"
    return f"{ou} du seuil de {affichage.cible_en_texte(seuil)}"


def reperes(chiffre: Chiffre) -> str:
    """Ce que marquent les traits de la barre."""
    if chiffre.cible is None or chiffre.regle.cible is None:
        return ""
    chemin, but = affichage.cible_en_texte(chiffre.cible), affichage.cible_en_texte(chiffre.regle.cible)
    return typographier(f"Trait fin : le chemin à ce trimestre, {chemin}. Trait épais : la cible, {but}.")


def projection(serie: Serie) -> str:
    """« À ce rythme, la cible serait atteinte au 2e trimestre de 2024. »; vide sans cible ou une fois atteinte."""
    but, projetee = serie.regle.cible, serie.projection
    if projetee is not None:
        if projetee.rang is None:
            return "À ce rythme, la cible ne serait pas atteinte d'ici dix ans."
        return f"À ce rythme, la cible serait atteinte au {trimestre(code_du_rang(projetee.rang))}."
    if but is None or serie.dernier.part is None or serie.dernier.part >= but:
        return ""
    return f"Il faut {lettres(TRIMESTRES_POUR_PROJETER)} trimestres connus pour prolonger la tendance."


def bornes(chiffre: Chiffre) -> str:
    """Ce que la part deviendrait selon les réponses qui manquent; vide quand il n'en manque pas."""
    silencieuses = chiffre.comptes.silencieuses
    if chiffre.bornes is None or not silencieuses:
        return ""
    bas, haut = (affichage.pourcentage(borne) for borne in chiffre.bornes)
    if silencieuses == 1:
        return f"Selon ce que dirait l'organisation silencieuse, la part irait de {bas} à {haut}."
    qui = f"les {accorder(silencieuses, 'organisation')} silencieuses"
    return f"Selon ce que diraient {qui}, la part irait de {bas} à {haut}."


def panel(serie: Serie) -> str:
    """Qui est le panel constant, ou pourquoi il n'y en a pas; vide hors d'un agrégat."""
    connus = [c.panel for c in serie.chiffres if c.panel is not None]
    if not connus:
        return ""
    qui, combien = connus[-1].attendues, lettres(len(connus))
    quand = "au dernier trimestre" if len(connus) == 1 else f"à chacun des {combien} derniers trimestres"
    if not connus[-1].calculables:
        return typographier(f"Panel constant : il n'y en a pas. Moins de deux organisations ont un chiffre {quand}.")
    return typographier(f"Panel constant : les {affichage.nombre(qui)} organisations qui ont un chiffre {quand}.")


def dont_depassent(chiffre: Chiffre) -> str:
    """« 26 organisations sur 54 dépassent 50 %. »"""
    comptes, seuil = chiffre.comptes, affichage.cible_en_texte(chiffre.regle.seuil)
    if comptes.calculables == 0:
        return "Aucune organisation n'a de chiffre."
    sujet = "Aucune organisation" if comptes.au_dessus == 0 else accorder(comptes.au_dessus, "organisation")
    verbe = "dépassent" if comptes.au_dessus > 1 else "ne dépasse" if comptes.au_dessus == 0 else "dépasse"
    return f"{sujet} sur {affichage.nombre(comptes.calculables)} {verbe} {seuil}."


# --- le temps d'une série --------------------------------------------------------------------------------------------
def evolution(serie: Serie) -> str:
    """La phrase sous une courbe: d'où la part est partie, où elle est, depuis la dernière rupture."""
    if not serie.comparables:
        return "Aucun chiffre n'est encore connu."
    premier, dernier = serie.comparables[0], serie.comparables[-1]
    if premier is dernier:
        return typographier(f"Un seul trimestre est comparable : {dernier.texte} au {trimestre(dernier.trimestre)}.")
    temps = f"en {duree(rang(dernier.trimestre) - rang(premier.trimestre))}"
    if dernier is not serie.dernier:
        temps = f"du {trimestre(premier.trimestre)} au {trimestre(dernier.trimestre)}"
    if premier.part == dernier.part:
        return f"La part n'a pas changé {temps}, à {dernier.texte}."
    if premier.texte == dernier.texte:
        return f"La part a peu changé {temps}, autour de {dernier.texte}."
    phrase = f"a part est passée de {premier.texte} à {dernier.texte} {temps}."
    apres_rupture = serie.debut_comparable > rang(serie.chiffres[0].trimestre)
    return f"Depuis la nouvelle définition, l{phrase}" if apres_rupture else f"L{phrase}"


def rupture(definition: Mapping[str, Any]) -> str:
    """« 2e trimestre de 2021 : nouvelle définition. » et ce qui change."""
    quand = trimestre(code_du_rang(rang_du_jour(definition["applicable_du"])))
    return typographier(f"{quand} : nouvelle définition. {definition['explication']}")


def tendance(serie: Serie) -> str:
    """L'écart d'un portefeuille avec le même trimestre de l'an dernier."""
    fin = rang(serie.dernier.trimestre)
    connus = dict(serie.observes)
    if fin not in connus or fin - 4 not in connus or serie.debut_comparable > fin - 4:
        return "non comparable"
    ecart = connus[fin] - connus[fin - 4]
    return f"{'en hausse' if ecart > 0 else 'en baisse'} de {affichage.points(ecart)}" if ecart else "sans changement"


# --- une case --------------------------------------------------------------------------------------------------------
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


# --- sous une courbe -------------------------------------------------------------------------------------------------
def notes(serie: Serie) -> list[str]:
    """Ce qu'il faut savoir pour lire une courbe: son panel, sa bande, ses ruptures."""
    phrases = [panel(serie)]
    if any(c.bornes and c.part is not None and c.comptes.silencieuses for c in serie.chiffres):
        phrases.append(typographier("Bande pâle : ce que la part deviendrait selon les réponses qui manquent."))
    premier, dernier = rang(serie.chiffres[0].trimestre), rang(serie.dernier.trimestre)
    phrases += [
        rupture(definition)
        for definition, quand in zip(serie.regle.ruptures, serie.regle.coupures, strict=True)
        if premier < quand <= dernier
    ]
    return [phrase for phrase in phrases if phrase]
