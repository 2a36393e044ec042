"""Ce qui lie le statut d'un dossier à ses dates et à ses personnes, tenu par la base."""

from django.db import models
from django.db.models import F, Q

from organisations.models.statut import ACCEPTES, OUVERTS, Statut

DU_CYCLE: list[models.BaseConstraint] = [
    models.CheckConstraint(
        condition=Q(statut__in=Statut.values),
        name="%(class)s_statut",
        violation_error_message="Ce statut n'existe pas.",
    ),
    models.CheckConstraint(
        condition=Q(version=1, motif_de_correction="") | (Q(version__gt=1) & ~Q(motif_de_correction="")),
        name="%(class)s_correction_motivee",
        violation_error_message="Une correction demande un motif; une première version n'en a pas.",
    ),
    models.CheckConstraint(
        condition=Q(statut=Statut.BROUILLON, soumis_le__isnull=True, soumis_par__isnull=True)
        | ~Q(statut=Statut.BROUILLON)
        & Q(soumis_le__isnull=False, soumis_le__gte=F("cree_le"), soumis_par__isnull=False),
        name="%(class)s_transmission_datee",
        violation_error_message="Un dossier transmis dit quand et par qui.",
    ),
    models.CheckConstraint(
        condition=(~Q(statut__in=ACCEPTES) & Q(valide_le__isnull=True, valide_par__isnull=True))
        | Q(
            statut__in=ACCEPTES,
            valide_le__isnull=False,
            valide_le__gte=F("soumis_le"),
            valide_par__isnull=False,
        ),
        name="%(class)s_validation_datee",
        violation_error_message="Un dossier validé dit quand et par qui.",
    ),
    models.CheckConstraint(
        condition=(~Q(statut=Statut.REMPLACE) & Q(remplace_le__isnull=True))
        | Q(statut=Statut.REMPLACE, remplace_le__isnull=False, remplace_le__gte=F("valide_le")),
        name="%(class)s_remplacement_date",
        violation_error_message="Un dossier remplacé dit quand.",
    ),
    models.CheckConstraint(
        condition=Q(valide_par__isnull=True) | ~Q(valide_par=F("soumis_par")),
        name="%(class)s_quatre_yeux",
        violation_error_message="Qui a transmis un dossier ne peut pas le valider.",
    ),
]


def une_seule_vivante(*cle: str) -> list[models.BaseConstraint]:
    """Au plus une version ouverte et une validée pour une clé, et des numéros de version sans doublon."""
    return [
        models.UniqueConstraint(
            fields=[*cle, "version"],
            name="%(class)s_version_unique",
            violation_error_message="Cette version existe déjà.",
        ),
        models.UniqueConstraint(
            fields=cle,
            condition=Q(statut__in=OUVERTS),
            name="%(class)s_une_ouverte",
            violation_error_message="Une version est déjà en préparation ou en relecture.",
        ),
        models.UniqueConstraint(
            fields=cle,
            condition=Q(statut=Statut.VALIDE),
            name="%(class)s_une_validee",
            violation_error_message="Une version est déjà validée.",
        ),
    ]
