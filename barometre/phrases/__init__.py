"""Les phrases calculées du site, sans HTML: un seul endroit où un chiffre devient une phrase. Pur: ignore Django."""

from barometre.phrases.cases import absence, case, sur
from barometre.phrases.chiffres import bornes, cible, dont_depassent, majorite, reperes, verdict
from barometre.phrases.editions import (
    bilan,
    changement,
    couverture,
    edition,
    hors_calendrier,
    prochaine,
    reponses,
    trop_tot,
)
from barometre.phrases.series import NATURE_DE_LA_PROJECTION, evolution, notes, panel, projection, rupture, tendance

__all__ = [
    "NATURE_DE_LA_PROJECTION",
    "absence",
    "bilan",
    "bornes",
    "case",
    "changement",
    "cible",
    "couverture",
    "dont_depassent",
    "edition",
    "evolution",
    "hors_calendrier",
    "majorite",
    "notes",
    "panel",
    "prochaine",
    "projection",
    "reperes",
    "reponses",
    "rupture",
    "sur",
    "tendance",
    "trop_tot",
    "verdict",
]
