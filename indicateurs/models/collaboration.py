"""Ce que la mission de partage du CQEN demande: des expériences à faire connaître, des demandes d'appui."""

import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q

from indicateurs.models.indicateur import Indicateur
from organisations.models import (
    Dossier,
    Evenement,
    Organisation,
    TransitionInterdite,
    une_seule_vivante,
)


class FicheExpertise(Dossier):
    """Ce qu'une organisation a fait, pour quel indicateur, et ce que cela a donné."""

    CLE: ClassVar = ("organisation", "reference")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="fiches")
    indicateur = models.ForeignKey(Indicateur, models.PROTECT, related_name="fiches")
    reference = models.SlugField("référence", max_length=80)
    titre = models.CharField("titre", max_length=250)
    realisation = models.TextField("ce qui a été fait")
    resultat = models.TextField("ce que cela a donné", blank=True)
    contact = models.EmailField("adresse pour en savoir plus", blank=True)

    class Meta:
        verbose_name = "fiche d'expertise"
        verbose_name_plural = "fiches d'expertise"
        permissions = [("relire_ficheexpertise", "Peut relire et valider les fiches d'expertise")]
        constraints = [
            *Dossier.Meta.constraints,
            *une_seule_vivante("organisation", "reference"),
            models.CheckConstraint(
                condition=~Q(titre="") & ~Q(reference=""),
                name="fiche_titree",
                violation_error_message="Une fiche a un titre.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre

    def _verifier_completude(self, *, le: datetime.datetime) -> None:
        if not (self.realisation.strip() and self.resultat.strip() and self.contact):
            raise TransitionInterdite("La fiche est incomplète : dites ce qui a été fait, le résultat et un contact.")


class EvenementFiche(Evenement):
    """Une ligne du journal d'une fiche."""

    dossier = models.ForeignKey(FicheExpertise, models.PROTECT, related_name="journal")

    class Meta(Evenement.Meta):
        verbose_name = "événement d'une fiche"
        verbose_name_plural = "événements des fiches"


class DemandeAccompagnement(models.Model):
    """Une organisation demande l'appui du CQEN; le fil des messages suit. Ouverte tant qu'elle n'est pas close."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="demandes")
    indicateur = models.ForeignKey(Indicateur, models.PROTECT, related_name="demandes", null=True, blank=True)
    objet = models.CharField("objet", max_length=250)
    demandee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    demandee_le = models.DateTimeField("demandée le")
    suivie_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    close_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    close_le = models.DateTimeField("close le", null=True, blank=True)

    class Meta:
        verbose_name = "demande d'accompagnement"
        verbose_name_plural = "demandes d'accompagnement"
        constraints = [
            models.CheckConstraint(
                condition=~Q(objet=""),
                name="demande_a_un_objet",
                violation_error_message="Dites l'objet de la demande.",
            ),
            models.CheckConstraint(
                condition=Q(close_le__isnull=True, close_par__isnull=True)
                | Q(close_le__isnull=False, close_le__gte=F("demandee_le"), close_par__isnull=False),
                name="demande_cloture_signee",
                violation_error_message="Une clôture a une date, après la demande, et une personne.",
            ),
        ]

    def __str__(self) -> str:
        return self.objet

    @transaction.atomic
    def repondre(self, texte: str, *, par, le: datetime.datetime) -> "MessageAccompagnement":
        """Ajoute un message au fil; lève `TransitionInterdite` si la demande est close ou le message vide."""
        if not texte.strip():
            raise TransitionInterdite("Écrivez un message.")
        self._exiger_ouverte()
        return self.messages.create(texte=texte, par=par, le=le)

    @transaction.atomic
    def clore(self, *, par, le: datetime.datetime) -> None:
        """Ferme la demande; lève `TransitionInterdite` si elle l'est déjà."""
        self._exiger_ouverte()
        self.close_par, self.close_le = par, le
        self.save(update_fields=["close_par", "close_le"])

    def _exiger_ouverte(self) -> None:
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update(of=("self",)))
        if self.close_le:
            raise TransitionInterdite("Cette demande est close.")


class MessageAccompagnement(models.Model):
    """Un message du fil d'une demande."""

    demande = models.ForeignKey(DemandeAccompagnement, models.PROTECT, related_name="messages")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    le = models.DateTimeField("écrit le")
    texte = models.TextField("message")

    class Meta:
        verbose_name = "message"
        verbose_name_plural = "messages"
        constraints = [
            models.CheckConstraint(
                condition=~Q(texte=""), name="message_non_vide", violation_error_message="Écrivez un message."
            )
        ]

    def __str__(self) -> str:
        return f"{self.par}, {self.le:%Y-%m-%d}"
