"""Ce que l'équipe du CQEN a fait dans l'administration: qui, quoi, quand, d'où."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Trace(models.Model):
    """Un geste de l'administration, accepté ou refusé. On l'ajoute, on ne le change jamais.

    `adresse` est tronquée: le réseau (/24 en IPv4, /48 en IPv6), et non le poste.
    """

    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="par", related_name="+")
    le = models.DateTimeField("le")
    adresse = models.CharField("réseau", max_length=43, blank=True)
    requete = models.CharField("demande", max_length=36, blank=True)
    page = models.CharField("page", max_length=250)
    objet = models.CharField("objet", max_length=250, blank=True)
    geste = models.TextField("geste")
    statut = models.PositiveSmallIntegerField("réponse")

    class Meta:
        verbose_name = "trace"
        verbose_name_plural = "traces"
        permissions = [("exporter_trace", "Peut exporter les traces")]
        indexes = [models.Index(fields=["-le", "-id"], name="trace_recentes")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(page="") & ~models.Q(geste=""),
                name="trace_dit_le_geste",
                violation_error_message="Une trace dit la page et le geste.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.par}, {timezone.localtime(self.le):%Y-%m-%d %H:%M} : {self.geste}"
