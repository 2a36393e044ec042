"""Un chiffre, sa cible et son verdict: en phrases. Pur: ignore Django."""

from barometre.chiffres import Chiffre, Regle
from indicateurs import affichage
from indicateurs.affichage import accorder
from indicateurs.arithmetique import Verdict, code_du_rang
from indicateurs.mots import terme, trimestre, typographier


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


def dont_depassent(chiffre: Chiffre) -> str:
    """« 26 organisations sur 54 dépassent 50 %. »"""
    comptes, seuil = chiffre.comptes, affichage.cible_en_texte(chiffre.regle.seuil)
    if comptes.calculables == 0:
        return "Aucune organisation n'a de chiffre."
    sujet = "Aucune organisation" if comptes.au_dessus == 0 else accorder(comptes.au_dessus, "organisation")
    verbe = "dépassent" if comptes.au_dessus > 1 else "ne dépasse" if comptes.au_dessus == 0 else "dépasse"
    return f"{sujet} sur {affichage.nombre(comptes.calculables)} {verbe} {seuil}."
