"""La stratégie que les organisations déclinent: une ligne, jamais du code."""

from django.db import models


class Strategie(models.Model):
    """Une stratégie gouvernementale et ses années."""

    code = models.SlugField("code", max_length=40, unique=True)
    titre = models.CharField("titre", max_length=250)
    debut = models.DateField("début")
    fin = models.DateField("fin")

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
