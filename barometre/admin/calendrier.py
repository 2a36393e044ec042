"""L'administration du calendrier: annoncer le jour d'une édition, ou le changer en disant pourquoi."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.formats import date_format

from barometre.admin.simulation import ParCode, Phrases
from barometre.models import Edition, Parution
from barometre.models.calendrier import PREAVIS
from indicateurs.models import Trimestre
from organisations.admin.base import SousUneSeulePermission
from organisations.champs import une_date
from organisations.horloge import maintenant
from organisations.models import TransitionInterdite


class Annonce(forms.ModelForm):
    """Quelle édition, quel jour; et pourquoi, si une date était déjà annoncée."""

    trimestre = ParCode(None, label="Dernier trimestre de l'édition")
    jour = forms.DateField(label="Jour de publication", widget=une_date())
    motif = Phrases(label="Raison du changement", help_text="Si une date était déjà annoncée. Le public la lira.")

    class Meta:
        model = Parution
        fields = ("trimestre", "jour", "motif")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        derniere = Edition.objects.derniere()
        a_venir = Trimestre.objects.order_by("code")
        trimestre: Any = self.fields["trimestre"]
        trimestre.queryset = a_venir.filter(code__gt=derniere.trimestre.code) if derniere else a_venir

    def clean(self) -> dict[str, Any]:
        """Ce que le verbe refuserait se dit ici, sans perdre la saisie."""
        champs = super().clean() or {}
        if not self.errors:
            try:
                Parution.objects.exiger_annoncable(le=maintenant(), **champs)
            except TransitionInterdite as refus:
                raise forms.ValidationError(str(refus)) from refus
        return champs

    def _post_clean(self) -> None:
        """Ce qui est demandé, sans les contraintes: le verbe sait si cette annonce en change une autre."""
        self.instance = forms.models.construct_instance(self, self.instance)


@admin.register(Parution)
class ParutionAdmin(SousUneSeulePermission):
    """Chaque annonce est une ligne de plus; la plus récente vaut."""

    permission = "barometre.add_parution"
    form = Annonce
    list_display = ("trimestre", "date", "faite", "par", "motif")
    list_display_links = None
    list_select_related = ("trimestre", "annoncee_par")
    ordering = ("-annoncee_le", "-pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Annoncer est tout ce que la permission permet."""
        return self.has_view_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """La liste, sous son nom."""
        return super().changelist_view(request, {"title": "Calendrier des publications"})

    @admin.display(description="annoncée par")
    def par(self, parution: Parution) -> str:
        """Qui l'a annoncée."""
        return str(parution.annoncee_par)

    @admin.display(description="jour de publication", ordering="jour")
    def date(self, parution: Parution) -> str:
        """Le jour annoncé."""
        return date_format(parution.jour)

    @admin.display(description="annoncée le", ordering="annoncee_le")
    def faite(self, parution: Parution) -> str:
        """Le jour de l'annonce, à Montréal."""
        return date_format(timezone.localdate(parution.annoncee_le))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Le formulaire; si une autre annonce vient de se faire, la page est relue."""
        options = {"show_save_and_add_another": False, "show_save_and_continue": False}
        try:
            return super().add_view(request, form_url, options | {"title": "Annoncer le jour d'une édition"})
        except TransitionInterdite as refus:
            self.message_user(request, str(refus), messages.ERROR)
            return HttpResponseRedirect(request.path, status=303)

    def save_model(self, request: HttpRequest, obj: Parution, form: Any, change: bool) -> None:
        """Annonce par le verbe; dit si le préavis est trop court."""
        annonce = Parution.objects.annoncer(par=request.user, le=maintenant(), **form.cleaned_data)
        obj.pk = annonce.pk  # que le journal de l'administration cite
        if annonce.preavis < PREAVIS:
            phrase = "Ce jour vient dans moins de quatre semaines : publier demandera de dire pourquoi."
            self.message_user(request, phrase, messages.WARNING)
