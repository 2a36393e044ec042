"""Les graphiques: ce qu'ils disent, puis leur géométrie. Pur: ignore Django."""

from barometre.graphiques.barre import Barre, mesurer
from barometre.graphiques.courbe import ETROIT, LARGE, MOYEN, Cadre, Courbe, Trace, dessiner, ecarter
from barometre.graphiques.releves import Releve, relever
from barometre.graphiques.repartition import Repartition, elever, repartir

__all__ = [
    "ETROIT",
    "LARGE",
    "MOYEN",
    "Barre",
    "Cadre",
    "Courbe",
    "Releve",
    "Repartition",
    "Trace",
    "dessiner",
    "ecarter",
    "elever",
    "mesurer",
    "relever",
    "repartir",
]
