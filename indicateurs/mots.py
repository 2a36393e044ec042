"""Les mots du temps et du nombre, en français du Québec. Pur: ignore Django."""

import datetime
import unicodedata

from indicateurs import affichage
from indicateurs.affichage import accorder

MOIS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
EN_LETTRES = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"]
ESPACES = ((" :", "\xa0:"), (" %", "\xa0%"), ("« ", "«\xa0"), (" »", "\xa0»"))


def typographier(texte: str) -> str:
    """Le texte avec les espaces insécables de l'OQLF."""
    for simple, insecable in ESPACES:
        texte = texte.replace(simple, insecable)
    return texte


def lettres(nombre: int, feminin: bool = False) -> str:
    """Un nombre en lettres jusqu'à neuf, en chiffres ensuite."""
    if nombre == 1 and feminin:
        return "une"
    return EN_LETTRES[nombre] if nombre < len(EN_LETTRES) else affichage.nombre(nombre)


def trimestre(code: str) -> str:
    """« 1er trimestre de 2023 »."""
    annee, numero = code.split("-T")
    return f"{numero}{'er' if numero == '1' else 'e'} trimestre de {annee}"


def mois(code: str) -> str:
    """Le dernier mois d'un trimestre: « mars 2023 »."""
    annee, numero = code.split("-T")
    return f"{MOIS[int(numero) * 3 - 1]} {annee}"


def terme(code: str) -> str:
    """L'échéance d'une cible: « fin 2023 », ou le trimestre."""
    return f"fin {code[:4]}" if code.endswith("T4") else trimestre(code)


def date(jour: str | datetime.date) -> str:
    """« 18 mai 2023 »."""
    lue = datetime.date.fromisoformat(jour) if isinstance(jour, str) else jour
    return f"{'1er' if lue.day == 1 else lue.day} {MOIS[lue.month - 1]} {lue.year}"


def duree(trimestres: int) -> str:
    """« trois ans », « un trimestre », « 11 trimestres »."""
    if trimestres and trimestres % 4 == 0:
        return f"{lettres(trimestres // 4)} an{'s' if trimestres > 4 else ''}"
    return f"{lettres(trimestres)} trimestre{'s' if trimestres > 1 else ''}"


def retard(jours: int) -> str:
    """« en retard de 12 jours », « en retard de 5 mois », « en retard de 3 ans »."""
    if jours < 60:
        return "en retard d'un jour" if jours == 1 else f"en retard de {jours} jours"
    if jours < 730:
        return f"en retard de {jours // 30} mois"
    return f"en retard de {jours // 365} ans"


def abreger(texte: str, longueur: int = 48) -> str:
    """Le début d'un texte, coupé entre deux mots."""
    return texte if len(texte) <= longueur else texte[: longueur + 1].rsplit(" ", 1)[0][:longueur] + "…"


def replier(texte: str) -> str:
    """Le texte sans accents ni majuscules, pour chercher et ranger."""
    decompose = unicodedata.normalize("NFKD", texte)
    return "".join(c for c in decompose if not unicodedata.combining(c)).casefold()


def taille(octets: int) -> str:
    """« 812 octets », « 12,3 ko », « 1,2 Mo »."""
    if octets < 1000:
        return accorder(octets, "octet")
    nombre, unite = (octets / 1000, "ko") if octets < 1_000_000 else (octets / 1_000_000, "Mo")
    return f"{nombre:.1f}\xa0{unite}".replace(".", ",")
