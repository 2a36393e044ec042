"""Ce qui est mesuré, quand, par qui, et ce que le CQEN en partage."""

from indicateurs.models.accompagnement import DemandeAccompagnement, MessageAccompagnement
from indicateurs.models.collaboration import ContenuDeFiche, EvenementFiche, FicheExpertise
from indicateurs.models.indicateur import Agregation, Cible, Definition, Indicateur
from indicateurs.models.prolongation import DemandeProlongation, Prolongation
from indicateurs.models.rappel import LigneDeRappel, Palier, Rappel
from indicateurs.models.soumission import EvenementSoumission, Soumission
from indicateurs.models.trimestre import Trimestre
from indicateurs.models.valeur import Absence, Saisie, Valeur

__all__ = [
    "Absence",
    "Agregation",
    "Cible",
    "ContenuDeFiche",
    "Definition",
    "DemandeAccompagnement",
    "DemandeProlongation",
    "EvenementFiche",
    "EvenementSoumission",
    "FicheExpertise",
    "Indicateur",
    "LigneDeRappel",
    "MessageAccompagnement",
    "Palier",
    "Prolongation",
    "Rappel",
    "Saisie",
    "Soumission",
    "Trimestre",
    "Valeur",
]
