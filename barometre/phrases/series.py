"""Une série dans le temps, et ce qu'il faut savoir pour lire sa courbe: en phrases. Pur: ignore Django."""

from collections.abc import Mapping
from typing import Any

from barometre.chiffres import Serie, rang_du_jour
from indicateurs import affichage
from indicateurs.arithmetique import TRIMESTRES_DU_PANEL, TRIMESTRES_POUR_PROJETER, code_du_rang, rang
from indicateurs.mots import duree, lettres, trimestre, typographier

NATURE_DE_LA_PROJECTION = (
    f"C'est la tendance des {lettres(TRIMESTRES_DU_PANEL)} derniers trimestres prolongée, non une prévision."
)


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


def tendance(serie: Serie, recul: int = 4) -> str:
    """L'écart avec un trimestre plus ancien: le même de l'an dernier, si l'on n'en dit pas d'autre."""
    fin = rang(serie.dernier.trimestre)
    connus = dict(serie.observes)
    if fin not in connus or fin - recul not in connus or serie.debut_comparable > fin - recul:
        return "non comparable"
    ecart = connus[fin] - connus[fin - recul]
    return f"{'en hausse' if ecart > 0 else 'en baisse'} de {affichage.points(ecart)}" if ecart else "sans changement"


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
