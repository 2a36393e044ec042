"""L'administration des organisations: le CQEN invite une personne à parler pour l'une d'elles."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from organisations import courriels
from organisations.admin.base import SousUneSeulePermission
from organisations.equipe.forms import FormulaireDInvitation
from organisations.horloge import maintenant
from organisations.models import Invitation, Organisation, TransitionInterdite


class ParSigle(forms.ModelChoiceField):
    """Une organisation, par ordre de sigle: le navigateur y mène en tapant les premières lettres."""

    def label_from_instance(self, obj: Any) -> str:
        """« RAMQ, Régie de l'assurance maladie »."""
        return f"{obj.sigle}, {obj.nom}"


class InvitationDuCqen(forms.ModelForm):
    """Qui inviter, pour quelle organisation, pour quoi faire."""

    organisation = ParSigle(Organisation.objects.order_by("sigle"), label="Organisation")

    class Meta:
        model = Invitation
        fields = ("organisation", "courriel", "role")

    def clean(self) -> dict[str, Any]:
        """Les règles de l'espace, et pas deux fois la même invitation."""
        champs = super().clean() or {}
        if champs.keys() >= {"organisation", "courriel", "role"}:
            redite = FormulaireDInvitation(champs["organisation"], champs)
            for nom, fautes in redite.errors.as_data().items():
                self.add_error(nom, fautes)
            if champs["organisation"].invitations.en_attente(maintenant()).filter(**redite.cleaned_data).exists():
                self.add_error(None, "Cette personne est déjà invitée. Pour lui récrire, retirez d'abord l'invitation.")
        return champs


@admin.register(Invitation)
class InvitationAdmin(SousUneSeulePermission):
    """Inviter, voir où en est chaque invitation, en retirer."""

    permission = "organisations.habiliter"
    form = InvitationDuCqen
    list_display = ("courriel", "organisation", "role", "invitee", "etat")
    list_display_links = None
    search_fields = ("courriel", "organisation__sigle", "organisation__nom")
    ordering = ("-invitee_le",)
    actions = ("retirer",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Inviter est tout ce que la permission permet."""
        return self.has_view_permission(request)

    @admin.display(description="invitée le", ordering="invitee_le")
    def invitee(self, invitation: Invitation) -> str:
        """Le jour où elle fut invitée, à Montréal."""
        return date_format(timezone.localdate(invitation.invitee_le))

    @admin.display(description="état")
    def etat(self, invitation: Invitation) -> str:
        """Où en est l'invitation, en un mot."""
        if invitation.acceptee_le:
            return "Acceptée"
        if invitation.retiree_le:
            return "Retirée"
        return "En attente" if maintenant() < invitation.echoit_le else "Échue"

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        """Invite par le verbe, et envoie le lien."""
        faits = {nom: form.cleaned_data[nom] for nom in ("organisation", "courriel", "role")}
        invitation = Invitation.objects.inviter(par=request.user, le=maintenant(), **faits)
        obj.pk = invitation.pk  # que le journal de l'administration cite
        courriels.inviter(invitation)

    @admin.action(description="Retirer")
    def retirer(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        """Retire celles qui attendent; dit les autres."""
        for invitation in queryset.select_related("organisation"):
            try:
                with transaction.atomic():
                    invitation.retirer(par=request.user, le=maintenant())
                    self.log_change(request, invitation, "Retirée.")
                self.message_user(request, f"L'invitation de {invitation.courriel} est retirée.", messages.SUCCESS)
            except TransitionInterdite:
                self.message_user(
                    request, f"L'invitation de {invitation.courriel} n'attend plus de réponse.", messages.ERROR
                )
