"""Ce qu'une image, un graphique intégré ou un fichier de courbe dit de lui-même: en phrases. Pur: ignore Django."""

import datetime

from barometre.chiffres import Chiffre
from barometre.phrases.chiffres import cible, part, unite, verdict
from indicateurs.langue import _, gettext_noop
from indicateurs.mots import date, trimestre, typographier

FICTIF = gettext_noop("Données de démonstration : les chiffres sont fictifs.")


def source(code: str, jour: datetime.date) -> str:
    """D'où vient une courbe, de quelle édition, de quel jour, sous quelle licence."""
    dite = _("Source : Baromètre numérique, édition %(code)s, publiée le %(jour)s. Licence CC BY 4.0.")
    return typographier(dite % {"code": code, "jour": date(jour)})


def image(chiffre: Chiffre) -> str:
    """Ce que montre l'image d'un indicateur."""
    faits = {
        "intitule": chiffre.regle.intitule,
        "part": chiffre.texte,
        "trimestre": trimestre(chiffre.trimestre),
        "verdict": verdict(chiffre),
    }
    globale = _("%(intitule)s : %(part)s au %(trimestre)s. %(verdict)s.")
    des_organisations = _("%(intitule)s : %(part)s des organisations au %(trimestre)s. %(verdict)s.")
    return typographier((des_organisations if unite(chiffre) else globale) % faits)


def en_bref(chiffre: Chiffre) -> str:
    """« 61,4 % au 1er trimestre de 2023; cible 75 % fin 2023. »; vide sans part."""
    if chiffre.part is None:
        return ""
    faits = {"part": part(chiffre), "trimestre": trimestre(chiffre.trimestre), "cible": cible(chiffre.regle)}
    sans_cible, avec_cible = _("%(part)s au %(trimestre)s."), _("%(part)s au %(trimestre)s; %(cible)s.")
    return (avec_cible if faits["cible"] else sans_cible) % faits


def permanence(code: str, *, est_ancree: bool) -> str:
    """Ce que montrera un graphique intégré ailleurs, plus tard."""
    if est_ancree:
        return _("Ce code montrera toujours l'édition %s.") % code
    return _("Ce code montrera toujours l'édition la plus récente.")
