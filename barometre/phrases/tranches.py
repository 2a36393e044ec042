"""Combien d'organisations par tranche de parts: en phrases. Pur: ignore Django."""

from collections.abc import Sequence
from fractions import Fraction

from indicateurs.affichage import accorder, cible_en_texte, nombre
from indicateurs.langue import _, gettext_noop
from indicateurs.mots import lettres, typographier

LIMITES = gettext_noop("Une part qui tombe juste sur une limite entre dans la tranche qui commence là.")


def tranche(rang: int, combien: int = 10) -> str:
    """« de 60 à moins de 70 % »; la dernière comprend 100 %."""
    largeur = 100 // combien
    est_derniere = rang == combien - 1
    phrase = _("de %(debut)s à %(fin)s") if est_derniere else _("de %(debut)s à moins de %(fin)s")
    return phrase % {"debut": nombre(rang * largeur), "fin": cible_en_texte(Fraction((rang + 1) * largeur, 100))}


def repartition(comptes: Sequence[int]) -> str:
    """La tranche qui réunit le plus d'organisations."""
    total, plus = sum(comptes), max(comptes)
    ou = [tranche(rang, len(comptes)) for rang, compte in enumerate(comptes) if compte == plus]
    if total == 1:
        return typographier(_("La seule organisation qui a un chiffre est dans la tranche « %s ».") % ou[0])
    if plus == 1:
        return _("Aucune tranche ne réunit plus d'une organisation.")
    trous = {"tranche": ou[0], "qui": accorder(plus, _("organisation")), "total": nombre(total)}
    if len(ou) > 1:
        trous["tranches"] = accorder(len(ou), _("tranche"))
        return _("%(tranches)s sont les plus fournies, avec %(qui)s sur %(total)s chacune.") % trous
    return typographier(_("La tranche la plus fournie, « %(tranche)s », réunit %(qui)s sur %(total)s.") % trous)


def sans_groupe(categories: Sequence[str], minimum: int) -> str:
    """Les catégories trop peu nombreuses pour nommer les plus et les moins avancées; vide s'il n'y en a pas."""
    if not categories:
        return ""
    une = _(
        "Dans la catégorie « %(categories)s », moins de %(minimum)s organisations se comparent : aucune n'est nommée."
    )
    plusieurs = _(
        "Aucune n'est nommée dans ces catégories, où moins de %(minimum)s organisations se comparent : %(categories)s."
    )
    trous = {"categories": ", ".join(categories), "minimum": lettres(minimum)}
    return typographier((une if len(categories) == 1 else plusieurs) % trous)


def effectif(combien: int) -> str:
    """« Ce portefeuille réunit 13 organisations. »"""
    if not combien:
        return _("Ce portefeuille ne réunit plus d'organisation qui doive déclarer.")
    return _("Ce portefeuille réunit %s.") % accorder(combien, _("organisation"))
