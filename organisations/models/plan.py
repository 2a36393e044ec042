"""Ce que chaque organisation a promis: son plan de transformation numérique (PTN)."""

import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from organisations.models.dossier import Dossier, une_seule_vivante
from organisations.models.journal import Evenement
from organisations.models.organisation import Organisation
from organisations.models.statut import TransitionInterdite
from organisations.models.strategie import Strategie


class PlanTransformation(Dossier):
    """Une version du plan d'une organisation pour une stratégie."""

    CLE: ClassVar = ("organisation", "strategie")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="plans")
    strategie = models.ForeignKey(Strategie, models.PROTECT, related_name="plans")
    debut = models.DateField("début")
    fin = models.DateField("fin")
    resume = models.TextField("résumé")
    document = models.FileField("document", upload_to="plans/", blank=True)

    class Meta:
        verbose_name = "plan de transformation"
        verbose_name_plural = "plans de transformation"
        permissions = [("relire_plantransformation", "Peut relire et valider les plans")]
        constraints = [
            *Dossier.Meta.constraints,
            *une_seule_vivante("organisation", "strategie"),
            models.CheckConstraint(
                condition=Q(fin__gt=F("debut")),
                name="plan_dates_en_ordre",
                violation_error_message="Le plan finit après avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return f"Plan de {self.organisation.sigle}, version {self.version}"

    def _verifier_completude(self, *, le: datetime.datetime) -> None:
        if not self.resume.strip() or not self.initiatives.exists():
            raise TransitionInterdite("Le plan est incomplet : il faut un résumé et au moins une initiative.")

    def _copier_contenu(self, nouvelle: "PlanTransformation") -> None:
        for initiative in self.initiatives.all():
            initiative.pk, initiative.plan = None, nouvelle
            initiative.save(force_insert=True)


class Avancement(models.TextChoices):
    """Où en est une initiative."""

    PREVUE = "PREVUE", "Prévue"
    EN_COURS = "EN_COURS", "En cours"
    TERMINEE = "TERMINEE", "Terminée"
    ABANDONNEE = "ABANDONNEE", "Abandonnée"


class Initiative(models.Model):
    """Un projet du plan: ce qu'il change, quand, et où il en est."""

    plan = models.ForeignKey(PlanTransformation, models.CASCADE, related_name="initiatives")
    rang = models.PositiveSmallIntegerField("rang")
    titre = models.CharField("titre", max_length=250)
    changement = models.TextField("ce qui change pour la population", blank=True)
    debut = models.DateField("début")
    fin = models.DateField("fin")
    etat = models.CharField("état", max_length=12, choices=Avancement.choices, default=Avancement.PREVUE)
    progres = models.PositiveSmallIntegerField("progrès (%)", default=0)

    class Meta:
        verbose_name = "initiative"
        verbose_name_plural = "initiatives"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "rang"],
                name="initiative_rang_unique",
                violation_error_message="Deux initiatives ont le même rang.",
            ),
            models.CheckConstraint(
                condition=Q(fin__gte=F("debut")) & ~Q(titre=""),
                name="initiative_datee_et_titree",
                violation_error_message="Une initiative a un titre et finit après avoir commencé.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=Avancement.values, progres__lte=100),
                name="initiative_avancement",
                violation_error_message="Le progrès va de 0 à 100.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre


class EvenementPlan(Evenement):
    """Une ligne du journal d'un plan."""

    dossier = models.ForeignKey(PlanTransformation, models.PROTECT, related_name="journal")

    class Meta(Evenement.Meta):
        verbose_name = "événement d'un plan"
        verbose_name_plural = "événements des plans"
