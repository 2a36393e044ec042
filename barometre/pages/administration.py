"""L'accueil de l'équipe: ce qui l'attend, en questions, selon ce que chacune peut faire."""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse

from indicateurs.affichage import accorder
from indicateurs.models import DemandeAccompagnement, DemandeProlongation, FicheExpertise, Soumission
from organisations.models import PlanTransformation


class Question(NamedTuple):
    """Ce qu'on vient faire: le titre, ce qui attend, et où c'est."""

    titre: str
    attend: str
    adresse: str


def questions(personne) -> list[Question]:
    """Celles auxquelles cette personne peut répondre."""
    return [
        Question(titre, attend(), reverse(page))
        for permission, titre, attend, page in TOUTES
        if personne.has_perm(permission)
    ]


def _a_relire() -> str:
    transmises = Soumission.objects.transmis()
    signalees = transmises.exclude(signalements=[]).count()
    dont = f", dont {accorder(signalees, 'signalée')}" if signalees else ""
    return f"{accorder(transmises.count(), 'soumission')}{dont}"


def _compter(lignes: Callable[[], QuerySet], nom: str) -> Callable[[], str]:
    return lambda: accorder(lignes().count(), nom)


def _rien() -> str:
    return ""


TOUTES: tuple[tuple[str, str, Callable[[], str], str], ...] = (
    ("indicateurs.relire_soumission", "À relire", _a_relire, "admin:indicateurs_soumission_changelist"),
    (
        "indicateurs.add_prolongation",
        "Demandes de prolongation en attente",
        _compter(DemandeProlongation.objects.en_attente, "demande"),
        "admin:indicateurs_demandeprolongation_changelist",
    ),
    (
        "organisations.relire_plantransformation",
        "Plans à relire",
        _compter(PlanTransformation.objects.transmis, "plan"),
        "admin:organisations_plantransformation_changelist",
    ),
    (
        "indicateurs.relire_ficheexpertise",
        "Fiches à relire",
        _compter(FicheExpertise.objects.transmis, "fiche"),
        "admin:indicateurs_ficheexpertise_changelist",
    ),
    (
        "indicateurs.accompagner",
        "Demandes d'accompagnement ouvertes",
        _compter(DemandeAccompagnement.objects.ouvertes, "demande"),
        "admin:indicateurs_demandeaccompagnement_changelist",
    ),
    ("indicateurs.view_soumission", "Qui doit quoi", _rien, "suivi_courant"),
    ("barometre.publier_edition", "Publier", _rien, "admin:barometre_edition_changelist"),
)
