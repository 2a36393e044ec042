"""Une série dans le temps, et ce qu'il faut savoir pour lire sa courbe: en phrases. Pur: ignore Django."""

from collections.abc import Mapping
from typing import Any

from barometre.chiffres import Chiffre, Serie, rang_du_jour
from indicateurs import affichage
from indicateurs.arithmetique import TRIMESTRES_POUR_PROJETER, code_du_rang, rang
from indicateurs.langue import _, citer
from indicateurs.mots import duree, lettres, trimestre, typographier


def evolution(serie: Serie) -> str:
    """La phrase sous une courbe: d'où la part est partie, où elle est, depuis la dernière rupture."""
    if not serie.comparables:
        return _("Aucun chiffre n'est encore connu.")
    premier, dernier = serie.comparables[0], serie.comparables[-1]
    if premier is dernier:
        trous = {"part": dernier.texte, "trimestre": trimestre(dernier.trimestre)}
        return typographier(_("Un seul trimestre est comparable : %(part)s au %(trimestre)s.") % trous)
    trous = {"avant": premier.texte, "apres": dernier.texte, "temps": _temps(serie, premier, dernier)}
    trous["seuil"] = affichage.cible_en_texte(serie.regle.seuil)
    evoluer = _evolution_des_organisations if serie.regle.compte_des_organisations else _evolution_globale
    return evoluer(serie, premier, dernier) % trous


def _evolution_globale(serie: Serie, premier: Chiffre, dernier: Chiffre) -> str:
    """La phrase d'une part globale, et ses trous."""
    if premier.part == dernier.part:
        return _("La part n'a pas changé %(temps)s, à %(apres)s.")
    if premier.texte == dernier.texte:
        return _("La part a peu changé %(temps)s, autour de %(apres)s.")
    if _est_rompue(serie):
        return _("Depuis la nouvelle définition, la part est passée de %(avant)s à %(apres)s %(temps)s.")
    return _("La part est passée de %(avant)s à %(apres)s %(temps)s.")


def _evolution_des_organisations(serie: Serie, premier: Chiffre, dernier: Chiffre) -> str:
    """La phrase d'une part d'organisations, qui dit de quoi elle est une part, et ses trous."""
    if premier.part == dernier.part:
        return _("La part des organisations au-dessus de %(seuil)s n'a pas changé %(temps)s, à %(apres)s.")
    if premier.texte == dernier.texte:
        return _("La part des organisations au-dessus de %(seuil)s a peu changé %(temps)s, autour de %(apres)s.")
    if _est_rompue(serie):
        return _(
            "Depuis la nouvelle définition, la part des organisations au-dessus de %(seuil)s est passée "
            "de %(avant)s à %(apres)s %(temps)s."
        )
    return _("La part des organisations au-dessus de %(seuil)s est passée de %(avant)s à %(apres)s %(temps)s.")


def _est_rompue(serie: Serie) -> bool:
    """Une nouvelle définition a-t-elle commencé après le premier chiffre?"""
    return serie.debut_comparable > rang(serie.chiffres[0].trimestre)


def _temps(serie: Serie, premier: Chiffre, dernier: Chiffre) -> str:
    """Depuis quand, ou, si le dernier trimestre n'a pas de chiffre, de quand à quand."""
    if dernier is serie.dernier:
        return _("en %s") % duree(rang(dernier.trimestre) - rang(premier.trimestre))
    bouts = {"premier": trimestre(premier.trimestre), "dernier": trimestre(dernier.trimestre)}
    return _("du %(premier)s au %(dernier)s") % bouts


def rupture(definition: Mapping[str, Any]) -> str:
    """« 2e trimestre de 2021 : nouvelle définition. » et ce qui change."""
    quand = trimestre(code_du_rang(rang_du_jour(definition["applicable_du"])))
    phrase = _("%(quand)s : nouvelle définition. %(explication)s")
    explication = citer(definition["explication"], definition["langue"])
    return typographier(phrase % {"quand": quand, "explication": explication})


def tendance(serie: Serie, recul: int = 4) -> str:
    """L'écart avec un trimestre plus ancien: le même de l'an dernier, si l'on n'en dit pas d'autre."""
    ecart = serie.ecart_avec(recul)
    if ecart is None:
        return _("non comparable")
    if not ecart:
        return _("sans changement")
    return (_("en hausse de %s") if ecart > 0 else _("en baisse de %s")) % affichage.points(ecart)


def notes(serie: Serie) -> list[str]:
    """Ce qu'il faut savoir pour lire une courbe: son panel, sa bande, ses ruptures."""
    phrases = [panel(serie)]
    if any(c.bornes and c.part is not None and c.comptes.silencieuses for c in serie.chiffres):
        bande = _("Bande pâle : ce que la part deviendrait selon les réponses qui manquent.")
        phrases.append(typographier(bande))
    premier, dernier = rang(serie.chiffres[0].trimestre), rang(serie.dernier.trimestre)
    phrases += [
        rupture(definition)
        for definition, quand in zip(serie.regle.ruptures, serie.regle.coupures, strict=True)
        if premier < quand <= dernier
    ]
    return [phrase for phrase in phrases if phrase]


def projection(serie: Serie) -> str:
    """« À ce rythme, la cible serait atteinte au 2e trimestre de 2024. »; vide si rien ne se projette."""
    but, projetee = serie.regle.cible, serie.projection
    if projetee is not None:
        if projetee.rang is None:
            return _("À ce rythme, la cible ne serait pas atteinte d'ici dix ans.")
        return _("À ce rythme, la cible serait atteinte au %s.") % trimestre(code_du_rang(projetee.rang))
    part = serie.dernier.part
    if but is None or part is None or part >= but or not serie.dernier.a_assez_de_cas:
        return ""
    return _("Il faut %s trimestres connus pour prolonger la tendance.") % lettres(TRIMESTRES_POUR_PROJETER)


def nature_de_la_projection(serie: Serie) -> str:
    """« C'est la tendance des quatre derniers trimestres connus prolongée […]. »; vide sans projection."""
    if serie.projection is None:
        return ""
    phrase = _("C'est la tendance des %s derniers trimestres connus prolongée, non une prévision.")
    return phrase % lettres(serie.prolonges)


def panel(serie: Serie) -> str:
    """Qui est le panel constant, ou pourquoi il n'y en a pas; vide hors d'un agrégat."""
    connus = [c.panel for c in serie.chiffres if c.panel is not None]
    if not connus:
        return ""
    qui, combien = connus[-1].attendues, lettres(len(connus))
    quand = _("au dernier trimestre") if len(connus) == 1 else _("à chacun des %s derniers trimestres") % combien
    phrase = _("Panel constant : les %(combien)s organisations qui ont un chiffre %(quand)s.")
    if not connus[-1].calculables:
        phrase = _("Panel constant : il n'y en a pas. Moins de deux organisations ont un chiffre %(quand)s.")
    return typographier(phrase % {"combien": affichage.nombre(qui), "quand": quand})
