"""Ce qu'une image, un graphique intégré ou un fichier de courbe dit de lui-même: en phrases. Pur: ignore Django."""

import datetime

from barometre.chiffres import Chiffre
from barometre.phrases.chiffres import verdict
from indicateurs.mots import date, trimestre, typographier

FICTIF = typographier("Données de démonstration : les chiffres sont fictifs.")


def source(code: str, jour: datetime.date) -> str:
    """D'où vient une courbe, de quelle édition, de quel jour, sous quelle licence."""
    return typographier(f"Source : Baromètre numérique, édition {code}, publiée le {date(jour)}. Licence CC BY 4.0.")


def image(chiffre: Chiffre) -> str:
    """Ce que montre l'image d'un indicateur."""
    quand = trimestre(chiffre.trimestre)
    return typographier(f"{chiffre.regle.intitule} : {chiffre.texte} au {quand}. {verdict(chiffre)}.")


def permanence(code: str, *, est_ancree: bool) -> str:
    """Ce que montrera un graphique intégré ailleurs, plus tard."""
    if est_ancree:
        return f"Ce code montrera toujours l'édition {code}."
    return "Ce code montrera toujours l'édition la plus récente."
