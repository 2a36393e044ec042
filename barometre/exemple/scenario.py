"""Le scénario de l'exemple: dates, trajectoires, incidents. Les chiffres sont fictifs, les deux cibles sont vraies."""

import datetime
from typing import Any, NamedTuple

JOUR = datetime.timedelta(days=1)

REPRIS = (
    *("2019-T2", "2019-T3", "2019-T4", "2020-T1", "2020-T2", "2020-T3", "2020-T4", "2021-T1", "2021-T2", "2021-T3"),
)
SUIVIS = ("2021-T4", "2022-T1", "2022-T2", "2022-T3", "2022-T4", "2023-T1")
DERNIER, EN_COURS = SUIVIS[-1], "2023-T2"
A_VENIR = ("2023-T3", "2023-T4")
TRIMESTRES = (*REPRIS, *SUIVIS, EN_COURS)

# La part visée à chaque trimestre, en millièmes.
TRAJECTOIRES = {
    "sans-papier": (224, 251, 276, 301, 349, 372, 401, 437, 390, 420, 448, 478, 505, 532, 566, 595, 620),
    "formation-academie": (0, 0, 0, 8, 14, 25, 41, 60, 82, 101, 121, 144, 165, 188, 209, 231, 252),
    "formation-enap": (10, 18, 31, 44, 52, 71, 90, 112, 131, 150, 172, 190, 212, 229, 251, 270, 288),
}
# Combien d'organisations diffusent la majorité de leurs données au départ, et combien de plus par an.
MAJORITES_AU_DEPART, MAJORITES_PAR_AN = 9, 7

INDICATEURS: tuple[dict[str, Any], ...] = (
    {
        "code": "sans-papier",
        "intitule": "Processus administratifs sans papier",
        "libelle_numerateur": "Processus administratifs sans papier",
        "libelle_denominateur": "Processus administratifs",
        "intitule_en": "Paperless administrative processes",
        "libelle_numerateur_en": "Paperless administrative processes",
        "libelle_denominateur_en": "Administrative processes",
        "agregation": "PART_GLOBALE",
        "denominateur_minimal": 10,
    },
    {
        "code": "donnees-ouvertes",
        "intitule": "Données à haut potentiel de réutilisation diffusées",
        "libelle_numerateur": "Jeux de données à haut potentiel de réutilisation diffusés",
        "libelle_denominateur": "Jeux de données à haut potentiel de réutilisation détenus",
        "intitule_en": "Data with high reuse potential released",
        "libelle_numerateur_en": "Datasets with high reuse potential released",
        "libelle_denominateur_en": "Datasets with high reuse potential held",
        "agregation": "PART_ORGANISATIONS",
        "denominateur_minimal": 3,
    },
    {
        "code": "formation-academie",
        "intitule": "Fonctionnaires formés à l'Académie de la transformation numérique",
        "libelle_numerateur": "Fonctionnaires formés à l'Académie de la transformation numérique",
        "libelle_denominateur": "Fonctionnaires",
        "intitule_en": "Public servants trained by the Académie de la transformation numérique",
        "libelle_numerateur_en": "Public servants trained by the Académie de la transformation numérique",
        "libelle_denominateur_en": "Public servants",
        "agregation": "PART_GLOBALE",
        "denominateur_minimal": 20,
    },
    {
        "code": "formation-enap",
        "intitule": "Gestionnaires formés à l'École nationale d'administration publique (ENAP)",
        "libelle_numerateur": "Gestionnaires formés à l'ENAP",
        "libelle_denominateur": "Gestionnaires",
        "intitule_en": "Managers trained by the École nationale d'administration publique (ENAP)",
        "libelle_numerateur_en": "Managers trained by ENAP",
        "libelle_denominateur_en": "Managers",
        "agregation": "PART_GLOBALE",
    },
)


class Texte(NamedTuple):
    """Une définition, à partir d'un jour, dans les deux langues; une explication dit qu'elle rompt la série."""

    indicateur: str
    du: str
    texte: str
    texte_en: str
    rupture: str = ""
    rupture_en: str = ""


DEFINITIONS = (
    Texte(
        "sans-papier",
        "2019-04-01",
        "Un processus est sans papier quand il se fait du début à la fin sans imprimer.",
        "A process is paperless when it runs from start to finish without printing.",
    ),
    Texte(
        "sans-papier",
        "2021-04-01",
        "Un processus est sans papier quand il se fait du début à la fin sans imprimer, signature comprise.",
        "A process is paperless when it runs from start to finish without printing, signature included.",
        "Depuis le 1er avril 2021, un processus signé à la main n'est plus compté comme sans papier.",
        "Since April 1, 2021, a process signed by hand no longer counts as paperless.",
    ),
    Texte(
        "donnees-ouvertes",
        "2019-04-01",
        "Un jeu de données a un haut potentiel quand sa diffusion sert la transparence, la recherche ou l'économie.",
        "A dataset has high potential when releasing it serves transparency, research or the economy.",
    ),
    Texte(
        "formation-academie",
        "2020-01-01",
        "Compte les fonctionnaires en poste qui ont terminé au moins une formation de l'Académie.",
        "Counts the public servants in office who have completed at least one course of the Académie.",
    ),
    Texte(
        "formation-enap",
        "2019-04-01",
        "Compte les gestionnaires en poste qui ont terminé une formation numérique de l'ENAP.",
        "Counts the managers in office who have completed a digital course of ENAP.",
    ),
)


class Point(NamedTuple):
    """Un point du chemin d'un indicateur, national ou propre à une organisation."""

    indicateur: str
    trimestre: str
    pourcentage: int
    sigle: str = ""


CIBLES = (
    Point("sans-papier", "2019-T2", 18),
    Point("sans-papier", "2023-T4", 75),
    Point("donnees-ouvertes", "2019-T2", 12),
    Point("donnees-ouvertes", "2023-T4", 60),
    Point("sans-papier", "2021-T2", 45, "RAMQ"),
    Point("sans-papier", "2023-T4", 90, "RAMQ"),
    Point("sans-papier", "2021-T2", 15, "BC"),
    Point("sans-papier", "2023-T4", 50, "BC"),
)


class Report(NamedTuple):
    """Une échéance repoussée de tant de jours, accordée tant de jours après la fin du trimestre."""

    trimestre: str
    sigle: str
    jours: int
    motif: str
    accorde_apres: int = 33


PROLONGATIONS = (
    Report("2022-T2", "CMQ", 10, "Une panne a retardé la collecte."),
    Report("2023-T1", "STQ-TRAV", 45, "Le système de gestion est en migration pendant la période de collecte."),
)


class Erreur(NamedTuple):
    """Un chiffre accepté puis corrigé: `sans-papier` comptait trop, de tant de millièmes, pour un trimestre publié."""

    trimestre: str
    sigle: str
    trop: int
    motif: str


CORRIGEES = (
    Erreur("2022-T1", "SAAQ", 90, "Six processus en attente de signature électronique avaient été comptés."),
    Erreur("2022-T3", "MNBAQ", 160, "Le compte comprenait des processus abandonnés."),
    Erreur("2022-T4", "RAMQ", 120, "Les processus d'une direction avaient été comptés deux fois."),
)
CORRECTIONS_OUVERTES = (
    Erreur("2022-T4", "MSP", 30, "Deux processus d'un établissement sont revenus au papier."),  # transmise
    Erreur("2023-T1", "CNESST", 15, "Un processus a été classé dans la mauvaise catégorie."),  # en brouillon
)
CORRIGENT = {erreur.sigle for erreur in (*CORRIGEES, *CORRECTIONS_OUVERTES)}

# Qui n'a rien de validé au dernier trimestre, et pourquoi.
PROLONGEE, EN_BROUILLON, MUETTE = "STQ-TRAV", "CMQ", "CPTAQ"
EN_RELECTURE, RENVOYEE = ("RBQ", "BAPE"), "SODEC"
SANS_REPONSE = {PROLONGEE, EN_BROUILLON, MUETTE, RENVOYEE, *EN_RELECTURE}
BROUILLONS_EN_COURS = ("RAMQ", "MAPAQ", "SHQ", "AMF", "ENPQ")
TRANSMISES_EN_COURS = ("OPC", "ISQ")

# Le 1er juin 2022, la langue française a son ministère.
RATTACHEMENTS = {"2022-T2": {"OQLF": "MLF", "CTOP": "MLF"}}

PUBLICATIONS = {
    "2021-T4": "2022-02-17",
    "2022-T1": "2022-05-19",
    "2022-T2": "2022-08-18",
    "2022-T3": "2022-11-17",
    "2022-T4": "2023-02-16",
    "2023-T1": "2023-05-18",
}
# Le calendrier: le trimestre, le jour où l'on annonce, le jour annoncé; une date changée dit pourquoi.
ANNONCES = (
    ("2021-T4", "2021-12-09", "2022-02-17", ""),
    ("2022-T1", "2021-12-09", "2022-05-19", ""),
    ("2022-T2", "2021-12-09", "2022-08-18", ""),
    ("2022-T3", "2021-12-09", "2022-11-10", ""),
    ("2022-T3", "2022-10-06", "2022-11-17", "Le ministère de la Langue française entre dans le portrait."),
    ("2022-T4", "2022-12-08", "2023-02-16", ""),
    ("2023-T1", "2022-12-08", "2023-05-18", ""),
    ("2023-T2", "2022-12-08", "2023-08-17", ""),
    ("2023-T3", "2022-12-08", "2023-11-16", ""),
)
CORRECTIVES = {
    "2022-T4": (
        "2023-03-09",
        "La Régie de l'assurance maladie du Québec a corrigé son nombre de processus sans papier. "
        "Les réponses tardives sont ajoutées.",
    )
}

PLANS_VALIDES = ("MAMH", "MESS", "MELCCFP", "MFQ", "MJQ", "MSSS", "MTMD", "SHQ", "FADQ", "SQI", "BANQ", "RAMQ", "SAAQ")
PLANS_CORRIGES = ("RAMQ", "SAAQ")
PLANS_EN_RELECTURE = ("MCN", "CNESST", "ISQ")
PLANS_RENVOYES = ("MSP", "OPC")
PLANS_EN_BROUILLON = ("MLF", "CTQ")
PLAN_EN_CORRECTION = "MAMH"

CONFIES = ("MSSS", "MTRAV", "MELCCFP")  # les portefeuilles que la relectrice relit d'ordinaire


def instant(jour: str | datetime.date, heure: int = 14) -> datetime.datetime:
    """Une heure UTC d'un jour, AAAA-MM-JJ ou date."""
    return datetime.datetime.fromisoformat(f"{jour}T{heure:02}:00:00+00:00")
