"""Où en est un chiffre, ce qui y entre et par quelle règle: en phrases qu'un enfant comprend. Pur: ignore Django."""

from barometre.chiffres import Chiffre
from indicateurs.affichage import accorder, cible_en_texte, nombre, points, pourcentage
from indicateurs.arithmetique import Comptes, Verdict, code_du_rang
from indicateurs.langue import _
from indicateurs.mots import mois, trimestre, typographier


def situation(chiffre: Chiffre) -> str:
    """Où l'on est, où l'on devrait être, ce qui manque; vide sans cible."""
    if chiffre.regle.cible is None:
        return ""
    trous = {"mois": mois(chiffre.trimestre), "part": chiffre.texte, "cible": cible_en_texte(chiffre.regle.cible)}
    decision, distance = chiffre.ecart
    if chiffre.part is None:
        phrase = _("En %(mois)s, aucun chiffre n'est connu : on ne peut pas dire ce qui manque.")
    elif decision == Verdict.ATTEINTE:
        phrase = _("En %(mois)s, la part est de %(part)s : la cible de %(cible)s est atteinte, il ne manque rien.")
    elif chiffre.cible is None:
        trous["debut"] = trimestre(code_du_rang(chiffre.regle.points[0][0]))
        phrase = _("En %(mois)s, la part est de %(part)s : le chemin vers la cible commence au %(debut)s.")
    elif distance is None:
        phrase = _("En %(mois)s, la part est de %(part)s, mais sur trop peu de cas pour la juger.")
    else:
        trous["chemin"] = pourcentage(chiffre.cible)
        manque = distance if decision == Verdict.EN_RETARD else chiffre.regle.cible - chiffre.part
        phrase, trous["points"] = _face_au_chemin(decision), points(manque)
    return typographier(phrase % trous)


def _face_au_chemin(decision: Verdict) -> str:
    """La phrase d'une part sous son chemin, ou au-dessus."""
    if decision == Verdict.EN_RETARD:
        return _("En %(mois)s, la part est de %(part)s au lieu de %(chemin)s : il manque %(points)s.")
    return _(
        "En %(mois)s, la part est de %(part)s, le chemin demandait %(chemin)s : il reste %(points)s jusqu'à la cible."
    )


def expliquer(chiffre: Chiffre) -> list[str]:
    """Qui est compté, qui ne l'est pas, et par quelle règle."""
    phrases = [_comptees(chiffre.comptes.calculables), _non_comptees(chiffre.comptes), *_regle(chiffre)]
    return [typographier(phrase) for phrase in phrases]


def _comptees(calculables: int) -> str:
    if not calculables:
        return _("Aucune organisation n'est comptée : aucune n'a donné de nombre.")
    if calculables == 1:
        return _("Une seule organisation est comptée : elle a donné un nombre.")
    return _("%s sont comptées : elles ont donné un nombre.") % accorder(calculables, _("organisation"))


def _non_comptees(comptes: Comptes) -> str:
    if comptes.calculables == comptes.attendues:
        return _("Aucune de celles qui devaient répondre n'est laissée de côté.")
    silences, sans_objet, absentes = map(nombre, (comptes.silencieuses, comptes.sans_objet, comptes.non_disponibles))
    phrase = _(
        "Ne sont pas comptées : celles sans réponse (%(silences)s), sans objet (%(sans_objet)s) "
        "ou sans chiffre disponible (%(absentes)s)."
    )
    return phrase % {"silences": silences, "sans_objet": sans_objet, "absentes": absentes}


def _regle(chiffre: Chiffre) -> list[str]:
    """La règle du chiffre principal."""
    if not chiffre.regle.compte_des_organisations:
        return [_("La règle : le premier total ci-dessous divisé par le second. Ce n'est jamais une moyenne de parts.")]
    seuil = cible_en_texte(chiffre.regle.seuil)
    regle = _("La règle : le nombre d'organisations au-dessus de %s, divisé par le nombre d'organisations comptées.")
    return [regle % seuil, _("Une organisation à %s exactement n'est pas au-dessus.") % seuil]
