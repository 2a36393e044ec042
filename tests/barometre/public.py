"""Un monde publié, de la taille voulue, et de quoi lire ses pages."""

import datetime
import html
import re

from barometre.models import Edition
from indicateurs.models import Definition, Saisie
from tests import fabrique as f

CODES = ["2020-T4"] + [f"{annee}-T{q}" for annee in (2021, 2022) for q in (1, 2, 3, 4)] + ["2023-T1"]
ABSENT = Saisie(absence="NON_DISPONIBLE", motif="systèmes en migration")


def publier(organisations: int = 3, **champs) -> Edition:
    """Deux cibles, une formation, un ministère et ses organismes, dix trimestres, des trous et des silences."""
    papier = f.indicateur("sans-papier", intitule="Processus sans papier", ordre=1)
    ouvertes = f.indicateur("donnees-ouvertes", intitule="Données diffusées", agregation="PART_ORGANISATIONS", ordre=2)
    formation = f.indicateur("formation", intitule="Personnes formées", ordre=3)
    Definition.objects.create(
        indicateur=ouvertes,
        applicable_du=datetime.date(2021, 7, 1),
        texte="Autrement compté.",
        rupture=True,
        explication="Le périmètre change.",
    )
    for sur, but in ((papier, "75"), (ouvertes, "60")):
        f.cible(sur, "2021-T1", "20")
        f.cible(sur, "2023-T4", but)
    tete = f.ministere("MCN", nom="Ministère de la Cybersécurité")
    toutes = [tete]
    toutes += [f.organisation(f"O{n}", nom=f"Régie numéro {n}", ministere=tete) for n in range(organisations - 1)]
    trimestres = {code: f.trimestre(code) for code in CODES}
    f.reprendre(
        {
            (o, trimestres[code]): {
                papier: (24 + 11 * n % 20 + 3 * t, 100),
                ouvertes: ABSENT if (n, t) == (2, 9) else (33 + 5 * n % 20 + 2 * t, 90),
                formation: (n, 50) if n else (0, 0),
            }
            for n, o in enumerate(toutes)
            for t, code in enumerate(CODES)
            if code != "2021-T1" and (n, t) != (1, 9)
        },
        f.instant("2023-05-02"),
    )
    return paraitre("2023-05-18", **champs)


def paraitre(jour: str, **champs) -> Edition:
    """L'édition d'un jour, désignée comme après une transaction réelle."""
    edition = f.edition(f.trimestre(CODES[-1]), f.instant(jour), **champs)
    edition.designer()
    return edition


def texte(reponse) -> str:
    """Le texte d'une page, sans balises; les espaces insécables restent."""
    sans = re.sub(r"<(svg|head)\b.*?</\1>", " ", reponse.content.decode(), flags=re.DOTALL)
    return re.sub(r"[ \n\t]+", " ", html.unescape(re.sub(r"<[^>]+>", " ", sans)))
