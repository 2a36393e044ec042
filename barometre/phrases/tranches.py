"""Combien d'organisations par tranche de parts: en phrases. Pur: ignore Django."""

from collections.abc import Sequence

from indicateurs.affichage import accorder, nombre
from indicateurs.mots import lettres, typographier

LIMITES = "Une part qui tombe juste sur une limite entre dans la tranche qui commence là."


def tranche(rang: int, combien: int = 10) -> str:
    """« de 60 à moins de 70 % »; la dernière comprend 100 %."""
    largeur = 100 // combien
    a = "à" if rang == combien - 1 else "à moins de"
    return f"de {rang * largeur} {a} {(rang + 1) * largeur}\xa0%"


def repartition(comptes: Sequence[int]) -> str:
    """La tranche qui réunit le plus d'organisations."""
    total, plus = sum(comptes), max(comptes)
    ou = [tranche(rang, len(comptes)) for rang, compte in enumerate(comptes) if compte == plus]
    if total == 1:
        return typographier(f"La seule organisation qui a un chiffre est dans la tranche « {ou[0]} ».")
    if plus == 1:
        return "Aucune tranche ne réunit plus d'une organisation."
    qui = f"{accorder(plus, 'organisation')} sur {nombre(total)}"
    if len(ou) > 1:
        return f"{accorder(len(ou), 'tranche')} sont les plus fournies, avec {qui} chacune."
    return typographier(f"La tranche la plus fournie, « {ou[0]} », réunit {qui}.")


def sans_groupe(categories: Sequence[str], minimum: int) -> str:
    """Les catégories trop peu nombreuses pour nommer les plus et les moins avancées; vide s'il n'y en a pas."""
    if not categories:
        return ""
    peu = f"moins de {lettres(minimum)} organisations se comparent"
    if len(categories) == 1:
        return typographier(f"Dans la catégorie « {categories[0]} », {peu} : aucune n'est nommée.")
    return typographier(f"Aucune n'est nommée dans ces catégories, où {peu} : {', '.join(categories)}.")


def effectif(combien: int) -> str:
    """« Ce portefeuille réunit 13 organisations. »"""
    if not combien:
        return "Ce portefeuille ne réunit plus d'organisation qui doive déclarer."
    return f"Ce portefeuille réunit {accorder(combien, 'organisation')}."
