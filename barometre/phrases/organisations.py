"""L'histoire d'une organisation, ses transmissions, ses semblables: en phrases. Pur: ignore Django."""

import datetime
from collections.abc import Sequence
from fractions import Fraction

from barometre.chiffres import Chiffre
from indicateurs import affichage
from indicateurs.mots import date, retard, trimestre, typographier

REPRISE = "reprise de l'historique"


def depuis(jour: str) -> str:
    """« Elle doit déclarer depuis le 1er avril 2019. »"""
    return f"Elle doit déclarer depuis le {date(jour)}."


def jusqu_au(jour: str) -> str:
    """« Cette organisation ne déclare plus depuis le 31 décembre 2022. »"""
    return f"Cette organisation ne déclare plus depuis le {date(jour)}."


def remplace(nom: str, le: str) -> str:
    """« Le 1er janvier 2024, Ministère du Numérique la remplace. »"""
    return f"Le {date(le)}, {nom} la remplace."


def se_nommait(nom: str, au: str) -> str:
    """« Jusqu'au 2 mai 2022, elle se nommait Ministère des Forêts. »"""
    return f"Jusqu'au {date(au)}, elle se nommait {nom}."


def continue_la_serie(nom: str, sigle: str, au: str) -> str:
    """« Jusqu'au 30 août 2020, elle déclarait sous le nom « Régie du logement » (RDL). »"""
    return typographier(f"Jusqu'au {date(au)}, elle déclarait sous le nom « {nom} » ({sigle}).")


def integre(nom: str, sigle: str, le: str, par: str = "") -> str:
    """« Le 1er janvier 2022, elle a intégré Infrastructures technologiques Québec (ITQ). »"""
    return f"Le {date(le)}, {par or 'elle'} a intégré {nom} ({sigle})."


def transmission(transmise: datetime.date | None, echeance: str) -> str:
    """« 12 avril 2023, à temps », « 20 mai 2023, en retard de 5 jours »; sans date, une reprise."""
    if transmise is None:
        return REPRISE
    jours = (transmise - datetime.date.fromisoformat(echeance)).days
    return f"{date(transmise)}, {retard(jours) if jours > 0 else 'à temps'}"


def part_et_compte(chiffre: Chiffre) -> str:
    """La part globale d'un périmètre et ses comptes: « 61,4 % (614 sur 1 000) »."""
    comptes = chiffre.comptes
    if comptes.part_globale is None:
        return "aucun chiffre"
    # Écrite comme sur la page du périmètre: seule la part principale se compare à sa cible.
    ecrire = affichage.pourcentage if chiffre.regle.compte_des_organisations else chiffre.ecrire
    numerateur, denominateur = affichage.nombre(comptes.numerateur), affichage.nombre(comptes.denominateur)
    return typographier(f"{ecrire(comptes.part_globale)} ({numerateur}\xa0sur\xa0{denominateur})")


def etendue(chiffres: Sequence[Chiffre]) -> str:
    """« Au 1er trimestre de 2023, les parts vont de 48,1 % à 66,7 %. »; vide sans chiffre."""
    quand = max((chiffre.trimestre for chiffre in chiffres), default="")
    connus = [c for c in chiffres if c.part is not None and c.trimestre == quand]
    if len(connus) < 2:
        return f"Au {trimestre(quand)}, il n'y a pas deux parts à comparer." if quand else ""
    bas, haut = min(connus, key=_part), max(connus, key=_part)
    if _part(bas) == _part(haut):
        return f"Au {trimestre(quand)}, les parts sont égales, à {bas.texte}."
    return f"Au {trimestre(quand)}, les parts vont de {bas.texte} à {haut.texte}."


def denominateurs(petit: int, grand: int) -> str:
    """Pourquoi se méfier: l'une compte bien plus de cas que l'autre."""
    return f"Leurs dénominateurs vont de {affichage.nombre(petit)} à {affichage.nombre(grand)}."


def _part(chiffre: Chiffre) -> Fraction:
    return chiffre.part if chiffre.part is not None else Fraction(0)
