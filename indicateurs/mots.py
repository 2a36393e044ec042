"""Les mots du temps et du nombre, en français du Québec et en anglais du Canada. Pur: ignore Django."""

import datetime
import unicodedata

from indicateurs import affichage
from indicateurs.affichage import accorder
from indicateurs.langue import _, est_anglais

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
MOIS_ANGLAIS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
EN_LETTRES = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"]
EN_LETTRES_ANGLAISES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
ESPACES = ((" :", "\xa0:"), (" %", "\xa0%"), ("« ", "«\xa0"), (" »", "\xa0»"))


def typographier(texte: str) -> str:
    """Le texte avec les espaces insécables de l'OQLF; l'anglais n'en a pas besoin."""
    for simple, insecable in ESPACES:
        texte = texte.replace(simple, insecable)
    return texte


def lettres(nombre: int, feminin: bool = False) -> str:
    """Un nombre en lettres jusqu'à neuf, en chiffres ensuite."""
    if nombre == 1 and feminin and not est_anglais():
        return "une"
    mots = EN_LETTRES_ANGLAISES if est_anglais() else EN_LETTRES
    return mots[nombre] if nombre < len(mots) else affichage.nombre(nombre)


def trimestre(code: str) -> str:
    """« 1er trimestre de 2023 »; « Q1 2023 » en anglais."""
    annee, numero = code.split("-T")
    if est_anglais():
        return f"Q{numero} {annee}"
    return f"{numero}{'er' if numero == '1' else 'e'} trimestre de {annee}"


def mois(code: str) -> str:
    """Le dernier mois d'un trimestre: « mars 2023 »."""
    annee, numero = code.split("-T")
    return mois_de(datetime.date(int(annee), int(numero) * 3, 1))


def mois_de(jour: datetime.date) -> str:
    """« mars 2023 »."""
    return f"{_mois()[jour.month - 1]} {jour.year}"


def terme(code: str) -> str:
    """L'échéance d'une cible: « fin 2023 », ou le trimestre."""
    return _("fin %s") % code[:4] if code.endswith("T4") else trimestre(code)


def date(jour: str | datetime.date) -> str:
    """« 18 mai 2023 »; « May 18, 2023 » en anglais."""
    lue = datetime.date.fromisoformat(jour) if isinstance(jour, str) else jour
    nom = _mois()[lue.month - 1]
    if est_anglais():
        return f"{nom} {lue.day}, {lue.year}"
    return f"{'1er' if lue.day == 1 else lue.day} {nom} {lue.year}"


def duree(trimestres: int) -> str:
    """« trois ans », « un trimestre », « 11 trimestres »."""
    if trimestres and trimestres % 4 == 0:
        mot = _("ans") if trimestres > 4 else _("an")
        return f"{lettres(trimestres // 4)} {mot}"
    est_pluriel = trimestres != 1 if est_anglais() else trimestres > 1
    mot = _("trimestres") if est_pluriel else _("trimestre")
    return f"{lettres(trimestres)} {mot}"


def retard(jours: int) -> str:
    """« en retard de 12 jours », « en retard de 5 mois », « en retard de 3 ans »."""
    if jours < 60:
        return _("en retard d'un jour") if jours == 1 else _("en retard de %d jours") % jours
    if jours < 730:
        return _("en retard de %d mois") % (jours // 30)
    return _("en retard de %d ans") % (jours // 365)


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
        return accorder(octets, _("octet"))
    nombre, unite = (octets / 1000, _("ko")) if octets < 1_000_000 else (octets / 1_000_000, _("Mo"))
    ecrit = f"{nombre:.1f}\xa0{unite}"
    return ecrit if est_anglais() else ecrit.replace(".", ",")


def _mois() -> list[str]:
    return MOIS_ANGLAIS if est_anglais() else MOIS
