"""Qui existe, qui peut parler, ce qui fut promis."""

from organisations.models.dossier import Dossier, DossierQuerySet, en_vigueur_au, une_seule_vivante
from organisations.models.habilitation import Habilitation, Role
from organisations.models.journal import Evenement
from organisations.models.organisation import Categorie, Organisation
from organisations.models.plan import EvenementPlan, Initiative, PlanTransformation
from organisations.models.statut import MODIFIABLES, TRANSITIONS, Statut, TransitionInterdite
from organisations.models.strategie import Strategie
from organisations.models.utilisateur import Utilisateur

__all__ = [
    "MODIFIABLES",
    "TRANSITIONS",
    "Categorie",
    "Dossier",
    "DossierQuerySet",
    "Evenement",
    "EvenementPlan",
    "Habilitation",
    "Initiative",
    "Organisation",
    "PlanTransformation",
    "Role",
    "Statut",
    "Strategie",
    "TransitionInterdite",
    "Utilisateur",
    "en_vigueur_au",
    "une_seule_vivante",
]
