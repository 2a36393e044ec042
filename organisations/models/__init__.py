"""Qui existe, qui peut parler, ce qui fut promis."""

from organisations.models.attribution import Attribution
from organisations.models.choix import DossierQuerySet, en_vigueur_au
from organisations.models.contraintes import une_seule_vivante
from organisations.models.dossier import Dossier
from organisations.models.formule import FormuleDeRenvoi
from organisations.models.habilitation import Habilitation, Role
from organisations.models.invitation import Invitation
from organisations.models.journal import Evenement
from organisations.models.organisation import Categorie, Organisation
from organisations.models.plan import (
    Avancement,
    ContenuDInitiative,
    ContenuDuPlan,
    EvenementPlan,
    Initiative,
    PlanTransformation,
)
from organisations.models.statut import MODIFIABLES, TRANSITIONS, Conflit, DroitManquant, Statut, TransitionInterdite
from organisations.models.strategie import Strategie
from organisations.models.trace import Trace
from organisations.models.utilisateur import Utilisateur

__all__ = [
    "MODIFIABLES",
    "TRANSITIONS",
    "Attribution",
    "Avancement",
    "Categorie",
    "Conflit",
    "ContenuDInitiative",
    "ContenuDuPlan",
    "Dossier",
    "DossierQuerySet",
    "DroitManquant",
    "Evenement",
    "EvenementPlan",
    "FormuleDeRenvoi",
    "Habilitation",
    "Initiative",
    "Invitation",
    "Organisation",
    "PlanTransformation",
    "Role",
    "Statut",
    "Strategie",
    "Trace",
    "TransitionInterdite",
    "Utilisateur",
    "en_vigueur_au",
    "une_seule_vivante",
]
