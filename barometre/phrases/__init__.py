"""Les phrases calculées du site, sans HTML: un seul endroit où un chiffre devient une phrase. Pur: ignore Django."""

from barometre.phrases.cases import absence, absence_datee, case, sur
from barometre.phrases.changements import (
    AUCUN_PASSAGE,
    commence_une_definition,
    mouvements,
    passages,
    precedent,
    tendance_d_un_perimetre,
)
from barometre.phrases.chiffres import bornes, cible, dont_depassent, majorite, part, reperes, unite, verdict
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
from barometre.phrases.explications import expliquer, situation
from barometre.phrases.images import FICTIF, en_bref, image, permanence, source
from barometre.phrases.series import (
    evolution,
    nature_de_la_projection,
    notes,
    panel,
    projection,
    rupture,
    tendance,
)
from barometre.phrases.tranches import LIMITES, effectif, repartition, sans_groupe, tranche

__all__ = [
    "AUCUN_PASSAGE",
    "FICTIF",
    "LIMITES",
    "absence",
    "absence_datee",
    "bilan",
    "bornes",
    "case",
    "changement",
    "cible",
    "commence_une_definition",
    "couverture",
    "dont_depassent",
    "edition",
    "effectif",
    "en_bref",
    "evolution",
    "expliquer",
    "hors_calendrier",
    "image",
    "majorite",
    "mouvements",
    "nature_de_la_projection",
    "notes",
    "panel",
    "part",
    "passages",
    "permanence",
    "precedent",
    "prochaine",
    "projection",
    "repartition",
    "reperes",
    "reponses",
    "rupture",
    "sans_groupe",
    "situation",
    "source",
    "sur",
    "tendance",
    "tendance_d_un_perimetre",
    "tranche",
    "trop_tot",
    "unite",
    "verdict",
]
