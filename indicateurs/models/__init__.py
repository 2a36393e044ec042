"""Ce qui est mesuré, quand, par qui, et ce que le CQEN en partage."""

from indicateurs.models.collaboration import (
    DemandeAccompagnement,
    EvenementFiche,
    FicheExpertise,
    MessageAccompagnement,
)
from indicateurs.models.indicateur import Agregation, Cible, Definition, Indicateur
from indicateurs.models.soumission import EvenementSoumission, Soumission
from indicateurs.models.trimestre import Prolongation, Trimestre
from indicateurs.models.valeur import Absence, Saisie, Valeur

__all__ = [
    "Absence",
    "Agregation",
    "Cible",
    "Definition",
    "DemandeAccompagnement",
    "EvenementFiche",
    "EvenementSoumission",
    "FicheExpertise",
    "Indicateur",
    "MessageAccompagnement",
    "Prolongation",
    "Saisie",
    "Soumission",
    "Trimestre",
    "Valeur",
]
