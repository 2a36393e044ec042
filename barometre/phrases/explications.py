"""Où en est un chiffre, ce qui y entre et par quelle règle: en phrases qu'un enfant comprend. Pur: ignore Django."""

from barometre.chiffres import Chiffre
from indicateurs.affichage import accorder, cible_en_texte, nombre, points
from indicateurs.arithmetique import Comptes, Verdict, code_du_rang
from indicateurs.mots import mois, trimestre, typographier


def situation(chiffre: Chiffre) -> str:
    """Où l'on est, où l'on devrait être, ce qui manque; vide sans cible."""
    if chiffre.regle.cible is None:
        return ""
    quand, but = f"En {mois(chiffre.trimestre)}", cible_en_texte(chiffre.regle.cible)
    decision, distance = chiffre.ecart
    if chiffre.part is None:
        return typographier(f"{quand}, aucun chiffre n'est connu : on ne peut pas dire ce qui manque.")
    part = f"{quand}, la part est de {chiffre.texte}"
    if decision == Verdict.ATTEINTE:
        return typographier(f"{part} : la cible de {but} est atteinte, il ne manque rien.")
    if chiffre.cible is None:
        debut = trimestre(code_du_rang(chiffre.regle.points[0][0]))
        return typographier(f"{part} : le chemin vers la cible commence au {debut}.")
    if distance is None:
        return f"{part}, mais sur trop peu de cas pour la juger."
    chemin = cible_en_texte(chiffre.cible)
    if decision == Verdict.EN_RETARD:
        return typographier(f"{part} au lieu de {chemin} : il manque {points(distance)}.")
    reste = points(chiffre.regle.cible - chiffre.part)
    return typographier(f"{part}, le chemin demandait {chemin} : il reste {reste} jusqu'à la cible.")


def expliquer(chiffre: Chiffre) -> list[str]:
    """Qui est compté, qui ne l'est pas, et par quelle règle."""
    phrases = [_comptees(chiffre.comptes.calculables), _non_comptees(chiffre.comptes), *_regle(chiffre)]
    return [typographier(phrase) for phrase in phrases]


def _comptees(calculables: int) -> str:
    if not calculables:
        return "Aucune organisation n'est comptée : aucune n'a donné de nombre."
    if calculables == 1:
        return "Une seule organisation est comptée : elle a donné un nombre."
    return f"{accorder(calculables, 'organisation')} sont comptées : elles ont donné un nombre."


def _non_comptees(comptes: Comptes) -> str:
    if comptes.calculables == comptes.attendues:
        return "Aucune de celles qui devaient répondre n'est laissée de côté."
    silences, sans_objet, absentes = map(nombre, (comptes.silencieuses, comptes.sans_objet, comptes.non_disponibles))
    return (
        f"Ne sont pas comptées : celles sans réponse ({silences}), sans objet ({sans_objet}) "
        f"ou sans chiffre disponible ({absentes})."
    )


def _regle(chiffre: Chiffre) -> list[str]:
    """La règle du chiffre principal."""
    if not chiffre.regle.compte_des_organisations:
        return ["La règle : le premier total ci-dessous divisé par le second. Ce n'est jamais une moyenne de parts."]
    seuil = cible_en_texte(chiffre.regle.seuil)
    return [
        f"La règle : le nombre d'organisations au-dessus de {seuil}, divisé par le nombre d'organisations comptées.",
        f"Une organisation à {seuil} exactement n'est pas au-dessus.",
    ]
