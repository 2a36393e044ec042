"""Qui continue qui, qui s'est jointe à qui, d'après les fiches d'une édition. Pur: ignore Django.

Une organisation continue celle qu'elle remplace quand elle n'en remplace qu'une, de même catégorie, qu'elle n'existait
pas avant elle et qu'elles n'ont jamais dû déclarer au même trimestre: c'est un renommage, et la série ne s'interrompt
pas. Sinon, c'est une fusion ou une reprise: les séries restent séparées.
"""

import datetime
from collections.abc import Collection, Iterator, Mapping
from typing import Any

Fiche = Mapping[str, Any]
Fiches = Mapping[str, Fiche]
Lignee = tuple[str, ...]  # des sigles, du plus ancien au plus récent

UN_JOUR = datetime.timedelta(days=1)


def publiees(fiches: Fiches, fin: str) -> Fiches:
    """Celles qui ont commencé à déclarer au plus tard ce jour-là; les autres ne sont que nommées."""
    return {sigle: fiche for sigle, fiche in fiches.items() if fiche["assujettie_du"] <= fin}


def suivre(fiches: Fiches, sigle: str, attendues: Collection[str]) -> str:
    """Celle qui la remplace, la chaîne suivie jusqu'à une qui déclare encore; elle-même si rien ne la remplace."""
    vues = {sigle}
    while sigle not in attendues and (suite := fiches[sigle]["remplacee_par"]) in fiches and suite not in vues:
        vues.add(suite)
        sigle = suite
    return sigle


def lignee(fiches: Fiches, sigle: str, fins: Collection[str]) -> Lignee:
    """L'organisation et celles dont elle continue la série; `fins` sont les derniers jours des trimestres."""
    suite = [sigle]
    while (avant := _continuee(fiches, suite[-1], fins)) and avant not in suite:
        suite.append(avant)
    return tuple(reversed(suite))


def jointes(fiches: Fiches, sigle: str, fins: Collection[str]) -> list[Lignee]:
    """Les lignées qui se sont jointes à elle, ou à celles qu'elle continue, ou l'une à l'autre; sans elle."""
    trouvees: list[Lignee] = []
    vues: set[str] = set()
    file = [sigle]
    while file:
        actuelle = lignee(fiches, file.pop(0), fins)
        vues.update(actuelle)
        if sigle not in actuelle:
            trouvees.append(actuelle)
        file += [avant for membre in actuelle for avant in devancieres(fiches, membre) if avant not in vues]
    return trouvees


def devancieres(fiches: Fiches, sigle: str) -> list[str]:
    """Celles qu'elle remplace, dans l'ordre où elles ont cessé de déclarer."""
    avant = (fiche for fiche in fiches.values() if fiche["remplacee_par"] == sigle)
    return [fiche["sigle"] for fiche in sorted(avant, key=lambda f: (f["assujettie_au"], f["sigle"]))]


def lendemain(jour: str) -> str:
    """Le jour d'après, AAAA-MM-JJ."""
    return (datetime.date.fromisoformat(jour) + UN_JOUR).isoformat()


def _continuee(fiches: Fiches, sigle: str, fins: Collection[str]) -> str:
    """Celle que l'organisation continue sous un autre nom; vide s'il n'y en a pas."""
    avant = devancieres(fiches, sigle)
    if len(avant) != 1 or not fiches[avant[0]]["assujettie_au"]:
        return ""
    ancienne, neuve = fiches[avant[0]], fiches[sigle]
    if ancienne["categorie"] != neuve["categorie"]:
        return ""
    naissance, fin = neuve["assujettie_du"], ancienne["assujettie_au"]
    existait = naissance <= ancienne["assujettie_du"] or any(_communs(fins, naissance, fin))
    bien_plus_tard = sum(fin < jour < naissance for jour in fins) > 1  # plus d'un trimestre sans personne
    return "" if existait or bien_plus_tard else avant[0]


def _communs(fins: Collection[str], du: str, au: str) -> Iterator[str]:
    """Les trimestres que l'une et l'autre devaient déclarer."""
    return (fin for fin in fins if du <= fin <= au)
