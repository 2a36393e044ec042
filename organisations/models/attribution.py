"""Qui relit quoi: au CQEN, un portefeuille a une ou plusieurs personnes attitrées."""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from organisations.models.organisation import TETES, Organisation


class Attribution(models.Model):
    """Un portefeuille confié à une personne du CQEN, qui le relit d'ordinaire; une autre le peut aussi."""

    portefeuille = models.ForeignKey(
        Organisation, models.PROTECT, related_name="attributions", limit_choices_to={"categorie__in": TETES}
    )
    relecteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="relit",
        related_name="attributions",
        limit_choices_to={"is_staff": True},
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "attribution d'un portefeuille"
        verbose_name_plural = "attributions des portefeuilles"
        constraints = [
            models.UniqueConstraint(
                fields=["portefeuille", "relecteur"],
                name="attribution_unique",
                violation_error_message="Cette personne relit déjà ce portefeuille.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.portefeuille.sigle} : {self.relecteur}"
