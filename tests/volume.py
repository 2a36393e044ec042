"""Le volume des épreuves: court à chaque commit, grand la nuit. Deux réglages, lus ici seulement.

`EPREUVES=nuit` (`make epreuves`) demande les grands nombres et ce qui ne tourne que la nuit; `GRAINE` change le tirage.
"""

import os
import random

NUIT = os.environ.get("EPREUVES") == "nuit"
GRAINE = int(os.environ.get("GRAINE", "2023"))


def volume(commit: int, nuit: int) -> int:
    """Combien de cas: l'un à chaque commit, l'autre la nuit."""
    return nuit if NUIT else commit


def tirage() -> random.Random:
    """Un tirage que la graine, écrite en tête de chaque essai, suffit à refaire."""
    return random.Random(GRAINE)
