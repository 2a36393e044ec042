"""Les rappels envoyés: à qui, quand, pour quoi. Un courriel par personne et par jour, et un par palier d'échéance."""

from django.conf import settings
from django.db import models

from indicateurs.models.trimestre import Trimestre
from organisations.models import Organisation


class Palier(models.IntegerChoices):
    """Combien de jours avant l'échéance (négatif) ou après."""

    UN_MOIS = -30, "30 jours avant"
    DIX_JOURS = -10, "10 jours avant"
    DEUX_JOURS = -2, "2 jours avant"
    EN_RETARD = 3, "3 jours après"
    A_LA_MAIN = 1000, "à la demande du CQEN"  # aucun nombre de jours n'y mène


class Rappel(models.Model):
    """Le courriel de rappel d'une personne, un jour."""

    personne = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="rappels")
    jour = models.DateField("jour")
    envoye_le = models.DateTimeField("envoyé le")

    class Meta:
        verbose_name = "rappel"
        verbose_name_plural = "rappels"
        permissions = [("rappeler", "Peut envoyer un rappel à des organisations")]
        constraints = [
            models.UniqueConstraint(
                fields=["personne", "jour"],
                name="rappel_un_par_jour",
                violation_error_message="Cette personne a déjà reçu un rappel ce jour-là.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.personne}, {self.jour}"


class LigneDeRappel(models.Model):
    """Un trimestre d'une organisation, rappelé à un palier d'une échéance; prolongé, il en a d'autres."""

    rappel = models.ForeignKey(Rappel, models.PROTECT, related_name="lignes")
    # celle du rappel, redite ici: deux lancements à cheval sur minuit n'écrivent pas deux fois la même ligne
    personne = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    trimestre = models.ForeignKey(Trimestre, models.PROTECT, related_name="+")
    echeance_le = models.DateField("échéance")
    palier = models.SmallIntegerField("palier", choices=Palier.choices)

    class Meta:
        verbose_name = "ligne de rappel"
        verbose_name_plural = "lignes de rappel"
        constraints = [
            models.UniqueConstraint(
                fields=["personne", "organisation", "trimestre", "echeance_le", "palier"],
                condition=~models.Q(palier=Palier.A_LA_MAIN),  # qui peut se répéter, un jour sur l'autre
                name="lignederappel_unique",
                violation_error_message="Ce palier est déjà rappelé à cette personne.",
            ),
            models.CheckConstraint(
                condition=models.Q(palier__in=Palier.values),
                name="lignederappel_palier",
                violation_error_message="Ce palier n'existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.sigle}, {self.trimestre.code}, {self.get_palier_display()}"
