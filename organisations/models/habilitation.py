"""Le seul droit d'une personne qui déclare: une habilitation, accordée et révoquée par quelqu'un, à une date."""

import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import F, Q

from organisations.models.organisation import Organisation
from organisations.models.statut import TransitionInterdite

PAS_SOI_MEME = "On ne s'habilite pas soi-même : une autre personne le fait."


class Role(models.TextChoices):
    """Ce que l'habilitation permet; qui transmet peut aussi rédiger."""

    REDACTION = "REDACTION", "Rédiger"
    TRANSMISSION = "TRANSMISSION", "Rédiger et transmettre"


class HabilitationQuerySet(models.QuerySet["Habilitation"]):
    """Les choix d'habilitations."""

    def actives(self) -> "HabilitationQuerySet":
        """Celles qui n'ont pas été révoquées."""
        return self.filter(revoquee_le__isnull=True)

    def qui_permettent(self, role: str) -> "HabilitationQuerySet":
        """Celles de ce rôle, ou de celui qui le comprend."""
        return self.filter(role__in={role, Role.TRANSMISSION})

    def permettent(self, personne, organisation: Organisation, *roles: str) -> bool:
        """La personne, si elle peut encore entrer, tient-elle l'un de ces rôles pour cette organisation?"""
        tenues = self.actives().filter(personne=personne, organisation=organisation, role__in=roles)
        return tenues.filter(personne__is_active=True).exists()

    def destinataires(self, organisation: Organisation, voulues: Q) -> models.QuerySet:
        """À qui écrire: les personnes voulues qui parlent encore pour elle; à défaut, celles qui transmettent."""
        personnes = get_user_model().objects.filter(is_active=True).order_by("pk")
        tenues = self.actives().filter(organisation=organisation)
        siennes = personnes.filter(pk__in=tenues.filter(voulues).values("personne"))
        qui_transmettent = tenues.filter(role=Role.TRANSMISSION).values("personne")
        return siennes if siennes.exists() else personnes.filter(pk__in=qui_transmettent)

    def accorder(
        self, *, personne, organisation: Organisation, role: str, par, le: datetime.datetime
    ) -> "Habilitation":
        """Donne le rôle à la place du moindre; rend tel quel celui qui est déjà tenu, ou qui le comprend.

        Lève `TransitionInterdite` si `par` s'habilite: une autre personne le fait.
        """
        if personne == par:
            raise TransitionInterdite(PAS_SOI_MEME)
        with transaction.atomic():
            tenues = self.actives().filter(personne=personne, organisation=organisation)
            if deja := tenues.qui_permettent(role).first():
                return deja
            for moindre in tenues:
                moindre.revoquer(par=par, le=le)
            return self.create(
                personne=personne, organisation=organisation, role=role, accordee_par=par, accordee_le=le
            )


class Habilitation(models.Model):
    """Le droit d'une personne de parler pour une organisation."""

    personne = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="habilitations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="habilitations")
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    accordee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    accordee_le = models.DateTimeField("accordée le")
    revoquee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    revoquee_le = models.DateTimeField("révoquée le", null=True, blank=True)

    objects = HabilitationQuerySet.as_manager()

    class Meta:
        verbose_name = "habilitation"
        verbose_name_plural = "habilitations"
        permissions = [("habiliter", "Peut inviter et habiliter des personnes")]
        constraints = [
            models.UniqueConstraint(
                fields=["personne", "organisation", "role"],
                condition=Q(revoquee_le__isnull=True),
                name="habilitation_active_unique",
                violation_error_message="Cette personne tient déjà ce rôle.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="habilitation_role",
                violation_error_message="Ce rôle n'existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(revoquee_le__isnull=True, revoquee_par__isnull=True)
                | Q(revoquee_le__isnull=False, revoquee_le__gte=F("accordee_le"), revoquee_par__isnull=False),
                name="habilitation_revocation_signee",
                violation_error_message="Une révocation a une date, après l'octroi, et une personne.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.personne} : {self.get_role_display()}, {self.organisation}"

    def revoquer(self, *, par, le: datetime.datetime) -> None:
        """Retire le droit; sans effet s'il l'est déjà."""
        if self.revoquee_le is None:
            self.revoquee_par, self.revoquee_le = par, le
            self.save(update_fields=["revoquee_par", "revoquee_le"])
