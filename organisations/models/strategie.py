"""La stratégie que les organisations déclinent: une ligne, jamais du code."""

import datetime

from django.db import models
from simple_history.models import HistoricalRecords


class StrategieQuerySet(models.QuerySet["Strategie"]):
    """Les choix de stratégies."""

    def en_cours(self, jour: datetime.date) -> "Strategie | None":
        """Celle de ce jour, à défaut la plus récente; rien s'il n'y en a aucune."""
        par_date = self.order_by("-debut", "code")
        return par_date.filter(debut__lte=jour, fin__gte=jour).first() or par_date.first()


class Strategie(models.Model):
    """Une stratégie gouvernementale et ses années."""

    code = models.SlugField("code", max_length=40, unique=True)
    titre = models.CharField("titre", max_length=250)
    debut = models.DateField("début")
    fin = models.DateField("fin")

    objects = StrategieQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "stratégie"
        verbose_name_plural = "stratégies"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(fin__gt=models.F("debut")),
                name="strategie_dates_en_ordre",
                violation_error_message="La stratégie finit après avoir commencé.",
            ),
            models.CheckConstraint(
                condition=~models.Q(code="") & ~models.Q(titre=""),
                name="strategie_nommee",
                violation_error_message="Une stratégie a un code et un titre.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre
