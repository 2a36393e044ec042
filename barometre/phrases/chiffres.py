"""Un chiffre, sa cible et son verdict: en phrases. Pur: ignore Django."""

from barometre.chiffres import Chiffre, Regle
from indicateurs import affichage
from indicateurs.arithmetique import Verdict, code_du_rang
from indicateurs.langue import _
from indicateurs.mots import terme, trimestre, typographier


def verdict(chiffre: Chiffre) -> str:
    """Le verdict en mots: « En retard de 4,1 points sur le chemin »."""
    decision, distance = chiffre.ecart
    if decision == Verdict.EN_RETARD and distance is not None:
        return _("En retard de %s sur le chemin") % affichage.points(distance)
    if decision == Verdict.NON_JUGEABLE:
        return typographier(_("Non jugeable : %s") % _pourquoi(chiffre))
    return _("Atteinte") if decision == Verdict.ATTEINTE else _("En voie")


def _pourquoi(chiffre: Chiffre) -> str:
    regle = chiffre.regle
    if chiffre.part is None:
        return _("aucun chiffre à ce trimestre")
    if not regle.points:
        return _("aucune cible n'est fixée")
    if chiffre.cible is None:
        return _("le chemin commence au %s") % trimestre(code_du_rang(regle.points[0][0]))
    return _("trop peu de cas, moins de %s") % affichage.nombre(regle.denominateur_minimal)


def cible(regle: Regle) -> str:
    """« cible 75 % fin 2023 », ou rien."""
    if regle.cible is None:
        return ""
    quand = code_du_rang(regle.points[-1][0])
    phrase = _("cible %(cible)s %(terme)s") if quand.endswith("T4") else _("cible %(cible)s au %(terme)s")
    return phrase % {"cible": affichage.cible_en_texte(regle.cible), "terme": terme(quand)}


def unite(chiffre: Chiffre) -> str:
    """De quoi la part est une part, quand ce n'est pas dans son titre."""
    return _("des organisations") if chiffre.part is not None and chiffre.regle.compte_des_organisations else ""


def part(chiffre: Chiffre) -> str:
    """La part et son unité, d'un trait: « 55,1 % des organisations »."""
    return _("%s des organisations") % chiffre.texte if unite(chiffre) else chiffre.texte


def majorite(chiffre: Chiffre) -> str:
    """Pour une organisation, si sa part passe le seuil qui la fait compter."""
    seuil = chiffre.regle.majorite
    if seuil is None or chiffre.part is None:
        return ""
    phrase = _("Au-dessus du seuil de %s") if chiffre.part > seuil else _("Pas au-dessus du seuil de %s")
    return phrase % affichage.cible_en_texte(seuil)


def reperes(chiffre: Chiffre) -> str:
    """Ce que marquent les traits de la barre."""
    if chiffre.cible is None or chiffre.regle.cible is None:
        return ""
    trous = {
        "chemin": affichage.pourcentage(chiffre.cible),
        "cible": affichage.cible_en_texte(chiffre.regle.cible),
    }
    phrase = _("Trait fin : le chemin à ce trimestre, %(chemin)s. Trait épais : la cible, %(cible)s.")
    return typographier(phrase % trous)


def bornes(chiffre: Chiffre) -> str:
    """Ce que la part deviendrait selon les réponses qui manquent; vide quand il n'en manque pas."""
    silencieuses = chiffre.comptes.silencieuses
    if chiffre.bornes is None or not silencieuses:
        return ""
    bas, haut = (affichage.pourcentage(borne) for borne in chiffre.bornes)
    trous = {"combien": affichage.nombre(silencieuses), "bas": bas, "haut": haut}
    une = _("Selon ce que dirait l'organisation silencieuse, la part irait de %(bas)s à %(haut)s.")
    plusieurs = _(
        "Selon ce que diraient les %(combien)s organisations silencieuses, la part irait de %(bas)s à %(haut)s."
    )
    return (une if silencieuses == 1 else plusieurs) % trous


def dont_depassent(chiffre: Chiffre) -> str:
    """« 26 organisations sur 54 dépassent 50 %. »"""
    comptes, seuil = chiffre.comptes, affichage.cible_en_texte(chiffre.regle.seuil)
    if comptes.calculables == 0:
        return _("Aucune organisation n'a de chiffre.")
    combien, tout = affichage.nombre(comptes.au_dessus), affichage.nombre(comptes.calculables)
    if comptes.au_dessus == 0:
        return _("Aucune organisation sur %(tout)s ne dépasse %(seuil)s.") % {"tout": tout, "seuil": seuil}
    une = _("%(combien)s organisation sur %(tout)s dépasse %(seuil)s.")
    plusieurs = _("%(combien)s organisations sur %(tout)s dépassent %(seuil)s.")
    return (une if comptes.au_dessus == 1 else plusieurs) % {"combien": combien, "tout": tout, "seuil": seuil}
