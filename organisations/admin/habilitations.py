"""L'administration des habilitations: qui parle pour quelle organisation, accordé et révoqué par les verbes."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from organisations.admin.base import SousUneSeulePermission
from organisations.admin.invitations import ParSigle
from organisations.comptes.personnes import personne_de
from organisations.horloge import maintenant
from organisations.models import Habilitation, Organisation
from organisations.models.invitation import prendre_l_equipe

DEJA_TENU = "Cette personne tient déjà ce rôle, ou un rôle plus large."
INCONNUE = "Aucun compte n'a cette adresse. Invitez plutôt la personne."


class HabilitationAAccorder(forms.ModelForm):
    """À qui, pour quelle organisation, pour quoi faire."""

    par: Any = None
    courriel = forms.EmailField(label="Adresse de la personne")
    organisation = ParSigle(Organisation.objects.order_by("sigle"), label="Organisation")

    class Meta:
        model = Habilitation
        fields = ("organisation", "role")

    def clean_courriel(self) -> str:
        """Une personne qui a un compte et peut entrer; l'admin dit laquelle au verbe."""
        personne = personne_de(self.cleaned_data["courriel"])
        if personne is None or not personne.is_active:
            raise forms.ValidationError(INCONNUE)
        if personne == self.par:
            raise forms.ValidationError("Une autre personne du CQEN vous habilite.")
        self.instance.personne = personne
        return self.cleaned_data["courriel"]

    def clean(self) -> dict[str, Any]:
        """Ce qui est déjà tenu ne s'accorde pas de nouveau."""
        dits = super().clean() or {}
        if {"courriel", "organisation", "role"} <= dits.keys():
            tenues = Habilitation.objects.actives().qui_permettent(dits["role"])
            if tenues.filter(personne=self.instance.personne, organisation=dits["organisation"]).exists():
                raise forms.ValidationError(DEJA_TENU)
        return dits


@admin.register(Habilitation)
class HabilitationAdmin(SousUneSeulePermission):
    """Voir les habilitations, en accorder, en révoquer. Une révocation reste écrite."""

    permission = "organisations.habiliter"
    form = HabilitationAAccorder
    list_display = ("personne", "organisation", "role", "accordee", "revoquee")
    list_display_links = None
    list_select_related = ("personne", "organisation", "accordee_par", "revoquee_par")
    list_filter = ("role", ("revoquee_le", admin.EmptyFieldListFilter))
    search_fields = ("personne__email", "personne__nom", "organisation__sigle", "organisation__nom")
    ordering = ("-accordee_le", "-pk")
    actions = ("revoquer",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Accorder est ce que la permission permet."""
        return self.has_view_permission(request)

    def get_fields(self, request: HttpRequest, obj: Habilitation | None = None) -> Any:
        """À accorder, ou telle qu'elle est."""
        return (
            ("personne", "organisation", "role", "accordee", "revoquee")
            if obj
            else ("courriel", "organisation", "role")
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Qui accorde ne s'accorde rien."""
        formulaire = super().get_form(request, obj, change, **kwargs)
        formulaire.par = request.user  # type: ignore[attr-defined]
        return formulaire

    @admin.display(description="accordée", ordering="accordee_le")
    def accordee(self, habilitation: Habilitation) -> str:
        """Quand, et par qui."""
        return _signature(habilitation.accordee_le, habilitation.accordee_par)

    @admin.display(description="révoquée", ordering="revoquee_le")
    def revoquee(self, habilitation: Habilitation) -> str:
        """Quand, et par qui."""
        return _signature(habilitation.revoquee_le, habilitation.revoquee_par)

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Habilitation, form: Any, change: bool) -> None:
        """Accorde par le verbe; un moindre rôle laisse la place."""
        prendre_l_equipe(obj.organisation, request.user)
        faite = Habilitation.objects.accorder(
            personne=obj.personne, organisation=obj.organisation, role=obj.role, par=request.user, le=maintenant()
        )
        obj.pk = faite.pk  # que le journal de l'administration cite

    @admin.action(description="Révoquer")
    def revoquer(self, request: HttpRequest, queryset: QuerySet[Habilitation]) -> None:
        """Révoque celles qui valent; dit les autres."""
        for choisie in queryset.order_by("organisation", "pk"):
            with transaction.atomic():
                prendre_l_equipe(choisie.organisation, request.user)
                habilitation = Habilitation.objects.select_related("personne", "organisation").get(pk=choisie.pk)
                if habilitation.revoquee_le:
                    messages.info(request, f"L'habilitation de {habilitation.personne} était déjà révoquée.")
                    continue
                habilitation.revoquer(par=request.user, le=maintenant())
                self.log_change(request, habilitation, "Révoquée.")
            messages.success(request, f"{habilitation.personne} ne parle plus pour {habilitation.organisation}.")


def _signature(le: Any, par: Any) -> str:
    """« 4 août 2023, Relectrice de démonstration »; rien si ce n'est pas arrivé."""
    return f"{date_format(timezone.localdate(le))}, {par}" if le else ""
