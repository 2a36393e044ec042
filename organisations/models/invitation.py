"""L'invitation d'une personne à parler pour une organisation, par courriel, acceptée une fois, en quatorze jours."""

import datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower

from organisations.models.habilitation import PAS_SOI_MEME, Habilitation, Role
from organisations.models.organisation import Organisation
from organisations.models.statut import TransitionInterdite

DUREE = datetime.timedelta(days=14)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Les choix d'invitations, et le geste d'inviter."""

    def en_attente(self, le: datetime.datetime) -> "InvitationQuerySet":
        """Ni acceptées, ni retirées, ni échues."""
        return self.filter(acceptee_le__isnull=True, retiree_le__isnull=True, invitee_le__gt=le - DUREE)

    @transaction.atomic
    def inviter(
        self, courriel: str, *, organisation: Organisation, role: str, par, le: datetime.datetime
    ) -> "Invitation":
        """Invite une personne; celle d'avant, pour la même adresse, est retirée.

        Lève `TransitionInterdite` si `par` s'invite, ou ne tient ni la transmission pour l'organisation ni le droit
        d'habiliter.
        """
        prendre_l_equipe(organisation, par)  # deux invitations croisées n'en font qu'une
        if courriel.lower() == par.email.lower():
            raise TransitionInterdite(PAS_SOI_MEME)
        anciennes = self.filter(organisation=organisation, courriel__iexact=courriel)
        anciennes.filter(acceptee_le__isnull=True, retiree_le__isnull=True).update(retiree_par=par, retiree_le=le)
        return self.create(
            organisation=organisation, courriel=courriel.lower(), role=role, invitee_par=par, invitee_le=le
        )


class Invitation(models.Model):
    """Une place offerte à une adresse; qui l'ouvre depuis le courriel prouve que l'adresse est la sienne."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    courriel = models.EmailField("adresse de courriel")
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    invitee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invitee_le = models.DateTimeField("invitée le")
    acceptee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    acceptee_le = models.DateTimeField("acceptée le", null=True, blank=True)
    retiree_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        verbose_name_plural = "invitations"
        constraints = [
            models.UniqueConstraint(
                Lower("courriel"),
                "organisation",
                condition=Q(acceptee_le__isnull=True, retiree_le__isnull=True),
                name="invitation_en_attente_unique",
                violation_error_message="Cette personne est déjà invitée.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="invitation_role",
                violation_error_message="Ce rôle n'existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(acceptee_le__isnull=True, acceptee_par__isnull=True)
                | Q(
                    acceptee_le__isnull=False,
                    acceptee_le__gte=F("invitee_le"),
                    acceptee_par__isnull=False,
                    retiree_le__isnull=True,
                ),
                name="invitation_acceptation_signee",
                violation_error_message="Une acceptation a une date et une personne.",
            ),
            models.CheckConstraint(
                condition=Q(retiree_le__isnull=True, retiree_par__isnull=True)
                | Q(retiree_le__isnull=False, retiree_le__gte=F("invitee_le"), retiree_par__isnull=False),
                name="invitation_retrait_signe",
                violation_error_message="Un retrait a une date et une personne.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.courriel} : {self.get_role_display()}, {self.organisation}"

    @property
    def echoit_le(self) -> datetime.datetime:
        """L'instant où l'invitation ne vaut plus."""
        return self.invitee_le + DUREE

    @transaction.atomic
    def accepter(self, *, par, le: datetime.datetime) -> Habilitation:
        """Habilite la personne invitée. Lève `TransitionInterdite` si elle ne vaut plus ou vise quelqu'un d'autre."""
        prendre_l_equipe(self.organisation, self.invitee_par)  # qui invitait doit en avoir encore le droit
        self._exiger_en_attente(le)
        if par.email.lower() != self.courriel.lower():
            raise TransitionInterdite("Cette invitation s'adresse à une autre personne.")
        self.acceptee_par, self.acceptee_le = par, le
        self.save(update_fields=["acceptee_par", "acceptee_le"])
        return Habilitation.objects.accorder(
            personne=par, organisation=self.organisation, role=self.role, par=self.invitee_par, le=le
        )

    @transaction.atomic
    def retirer(self, *, par, le: datetime.datetime) -> None:
        """Reprend une invitation restée sans réponse. Lève `TransitionInterdite` si elle ne vaut plus."""
        prendre_l_equipe(self.organisation, par)
        self._exiger_en_attente(le)
        self.retiree_par, self.retiree_le = par, le
        self.save(update_fields=["retiree_par", "retiree_le"])

    def _exiger_en_attente(self, le: datetime.datetime) -> None:
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update(of=("self",)))
        if self.acceptee_le or self.retiree_le or le >= self.echoit_le:
            raise TransitionInterdite("Cette invitation ne vaut plus. Demandez-en une autre à qui vous a invité.")


def prendre_l_equipe(organisation: Organisation, par) -> None:
    """Fait attendre les autres gestes sur cette équipe, puis exige que `par` la gère.

    C'est toujours le premier verrou pris: deux gestes ne s'attendent pas l'un l'autre. `no_key` laisse passer ce
    qui ne fait que citer l'organisation, comme une ligne d'une autre table.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    exiger_gerer(par, organisation)


def exiger_gerer(personne, organisation: Organisation) -> None:
    """Lève `TransitionInterdite` si la personne ne gère pas l'équipe de l'organisation."""
    if personne.has_perm("organisations.habiliter"):
        return
    if not Habilitation.objects.permettent(personne, organisation, Role.TRANSMISSION):
        raise TransitionInterdite(f"Vous ne pouvez pas gérer l'équipe de {organisation}.")
