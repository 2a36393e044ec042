"""Plus de temps: le CQEN répond aux demandes des organisations, et prolonge de lui-même."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from indicateurs import courriels, mots
from indicateurs.models import DemandeProlongation, Prolongation, Trimestre
from indicateurs.models.prolongation import DejaAccordee
from organisations.admin.base import SousUneSeulePermission
from organisations.admin.invitations import ParSigle
from organisations.champs import Texte, plusieurs_lignes, une_date
from organisations.horloge import maintenant
from organisations.models import Organisation, TransitionInterdite

ACCORDER, REFUSER = "accorder", "refuser"


class ReponseDuCqen(forms.ModelForm):
    """Accorder, jusqu'à quand; ou refuser, et pourquoi."""

    decision = forms.ChoiceField(
        label="Réponse", choices=[(ACCORDER, "Accorder"), (REFUSER, "Refuser")], widget=forms.RadioSelect
    )
    echeance_le = forms.DateField(label="Nouvelle échéance, si accordée", required=False, widget=une_date())
    pourquoi = Texte(
        label="Raison, si refusée",
        help_text="L'organisation lira cette raison.",
        required=False,
        max_length=1000,
        widget=plusieurs_lignes(3),
    )

    class Meta:
        model = DemandeProlongation
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["echeance_le"] = self.instance.echeance_souhaitee

    def clean(self) -> dict[str, Any]:
        """Une date qui repousse vraiment l'échéance; un refus dit pourquoi."""
        champs = super().clean() or {}
        if self.instance.repondue_le:
            return champs  # le verbe le dira
        if champs.get("decision") == ACCORDER and "echeance_le" in champs:
            self._exiger_une_date_plus_lointaine(champs["echeance_le"])
        if champs.get("decision") == REFUSER and not champs.get("pourquoi"):
            self.add_error("pourquoi", "Dites à l'organisation pourquoi l'échéance ne change pas.")
        return champs

    def _exiger_une_date_plus_lointaine(self, voulue) -> None:
        """Les bornes d'une demande, sauf qu'on peut excuser un retard jusqu'à un jour passé."""
        if faute := _hors_des_bornes(voulue, self.instance.organisation, self.instance.trimestre):
            self.add_error("echeance_le", faute)


@admin.register(DemandeProlongation)
class DemandeProlongationAdmin(SousUneSeulePermission):
    """Lire les demandes, celles qui attendent d'abord, et y répondre une fois."""

    permission = "indicateurs.add_prolongation"
    form = ReponseDuCqen
    list_display = ("organisation", "trimestre", "etat", "echeance_souhaitee", "demandee")
    list_select_related = ("organisation", "trimestre", "prolongation", "demandee_par")
    search_fields = ("organisation__sigle", "organisation__nom", "trimestre__code")
    ordering = (F("repondue_le").desc(nulls_first=True), "demandee_le")
    demande = ("organisation", "trimestre", "echeance_souhaitee", "motif", "demandee")
    reponse_dite = ("etat", "reponse", "repondue")
    readonly_fields = demande + reponse_dite

    def has_change_permission(self, request: HttpRequest, obj: DemandeProlongation | None = None) -> bool:
        """Tant que rien n'est répondu; envoyée après une autre, une réponse reçoit la phrase du verbe."""
        attend = obj is None or obj.repondue_le is None or request.method == "POST"
        return attend and self.has_view_permission(request)

    def get_fieldsets(self, request: HttpRequest, obj: DemandeProlongation | None = None) -> Any:
        """La demande, puis la réponse: à écrire, ou déjà écrite."""
        a_ecrire = self.has_change_permission(request, obj)
        reponse = tuple(ReponseDuCqen.declared_fields) if a_ecrire else self.reponse_dite
        return [("Demande", {"fields": self.demande}), ("Réponse", {"fields": reponse})]

    @admin.display(description="état")
    def etat(self, demande: DemandeProlongation) -> str:
        """Ce que le CQEN a répondu."""
        if demande.prolongation:
            return f"Accordée jusqu'au {mots.date(demande.prolongation.echeance_le)}"
        return "Refusée" if demande.repondue_le else "En attente"

    @admin.display(description="demandée par")
    def demandee(self, demande: DemandeProlongation) -> str:
        """Qui a demandé, et quand."""
        return _signature(demande.demandee_par, demande.demandee_le)

    @admin.display(description="répondue par")
    def repondue(self, demande: DemandeProlongation) -> str:
        """Qui a répondu, et quand."""
        return _signature(demande.repondue_par, demande.repondue_le)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """La page d'une demande; ce que le verbe refuse se dit sur la page, relue."""
        try:
            return super().change_view(request, object_id, form_url, {"show_save_and_continue": False})
        except TransitionInterdite as refus:
            self.message_user(request, str(refus), messages.ERROR)
            return HttpResponseRedirect(request.path)

    def log_change(self, request: HttpRequest, obj: DemandeProlongation, message: Any) -> Any:
        """Le journal de l'administration garde la réponse, et non les champs du formulaire."""
        return super().log_change(request, obj, f"{self.etat(obj)}.")

    def save_model(self, request: HttpRequest, obj: DemandeProlongation, form: Any, change: bool) -> None:
        """Répond par le verbe, et l'écrit à qui a demandé."""
        dit, par, le = form.cleaned_data, request.user, maintenant()
        if dit["decision"] == ACCORDER:
            obj.accorder(par=par, le=le, echeance_le=dit["echeance_le"])
        else:
            obj.refuser(par=par, le=le, motif=dit["pourquoi"])
        courriels.repondre_a_la_demande(obj)


class ProlongationDuCqen(forms.ModelForm):
    """Pour qui, quel trimestre, jusqu'à quand, et pourquoi."""

    organisation = ParSigle(Organisation.objects.order_by("sigle"), label="Organisation")
    trimestre = forms.ModelChoiceField(Trimestre.objects.order_by("-code"), label="Trimestre")
    echeance_le = forms.DateField(label="Nouvelle échéance", widget=une_date())
    motif = Texte(
        label="Raison",
        help_text="Cette raison reste avec la prolongation, que l'on ne change plus.",
        max_length=1000,
        widget=plusieurs_lignes(3),
    )

    class Meta:
        model = Prolongation
        fields = ("organisation", "trimestre", "echeance_le", "motif")

    def clean(self) -> dict[str, Any]:
        """Une organisation attendue, et une date qui repousse vraiment son échéance."""
        champs = super().clean() or {}
        if champs.keys() >= {"organisation", "trimestre"}:
            organisation, trimestre = champs["organisation"], champs["trimestre"]
            if not organisation.est_attendue(trimestre.fin):
                self.add_error("organisation", "Cette organisation n'a pas à déclarer pour ce trimestre.")
            elif faute := self._faute_de_la_date(champs):
                self.add_error("echeance_le", faute)
        return champs

    def _faute_de_la_date(self, champs: dict[str, Any]) -> str:
        """Vide aussi pour la dernière prolongation envoyée deux fois: le verbe le dira."""
        if "echeance_le" not in champs:
            return ""
        if champs.keys() >= set(self.Meta.fields) and Prolongation.objects.est_deja_accordee(**champs):
            return ""
        return _hors_des_bornes(champs["echeance_le"], champs["organisation"], champs["trimestre"])


@admin.register(Prolongation)
class ProlongationAdmin(SousUneSeulePermission):
    """Lire les prolongations et en accorder; aucune ne se change ni ne se supprime."""

    permission = "indicateurs.add_prolongation"
    form = ProlongationDuCqen
    list_display = ("organisation", "trimestre", "echeance", "accordee")
    list_select_related = ("organisation", "trimestre", "accordee_par")
    search_fields = ("organisation__sigle", "organisation__nom", "trimestre__code")
    ordering = ("-accordee_le", "-pk")
    lues = ("organisation", "trimestre", "echeance", "motif", "accordee")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Accorder est tout ce que la permission permet."""
        return self.has_view_permission(request)

    def get_fields(self, request: HttpRequest, obj: Prolongation | None = None) -> Any:
        """À écrire, ou déjà écrite."""
        return self.lues if obj else ProlongationDuCqen.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Prolongation | None = None) -> Any:
        """Écrite, elle ne fait que se lire."""
        return self.lues if obj else ()

    @admin.display(description="nouvelle échéance", ordering="echeance_le")
    def echeance(self, prolongation: Prolongation) -> str:
        """Le jour accordé."""
        return mots.date(prolongation.echeance_le)

    @admin.display(description="accordée par")
    def accordee(self, prolongation: Prolongation) -> str:
        """Qui l'a accordée, et quand."""
        return _signature(prolongation.accordee_par, prolongation.accordee_le)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """La page d'ajout; ce que le verbe refuse se dit sur la page, relue."""
        try:
            return super().add_view(request, form_url, {"show_save_and_continue": False})
        except DejaAccordee as refus:
            self.message_user(request, str(refus), messages.INFO)
            return HttpResponseRedirect(reverse("admin:indicateurs_prolongation_changelist"))
        except TransitionInterdite as refus:
            self.message_user(request, str(refus), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def log_addition(self, request: HttpRequest, obj: Prolongation, message: Any) -> Any:
        """Le journal de l'administration garde ce qui fut accordé, et non les champs du formulaire."""
        repond = " La demande qui attendait a cette réponse." if hasattr(obj, "demande") else ""
        return super().log_addition(request, obj, f"Échéance repoussée au {self.echeance(obj)}.{repond}")

    def save_model(self, request: HttpRequest, obj: Prolongation, form: Any, change: bool) -> None:
        """Accorde par le verbe, et l'écrit à l'organisation."""
        accordee = Prolongation.objects.accorder(**form.cleaned_data, par=request.user, le=maintenant())
        obj.pk = accordee.pk  # que le journal de l'administration cite
        courriels.annoncer_la_prolongation(accordee)
        if hasattr(accordee, "demande"):
            self.message_user(request, "La demande qui attendait a cette réponse.", messages.INFO)


def _hors_des_bornes(voulue: Any, organisation: Organisation, trimestre: Trimestre) -> str:
    """Ce qu'il faut donner si cette date ne peut pas être accordée; vide si elle le peut."""
    premier, dernier = Prolongation.objects.bornes(organisation, trimestre, maintenant())
    convient = voulue is not None and premier <= voulue <= dernier
    return "" if convient else f"Donnez une date du {mots.date(premier)} au {mots.date(dernier)}."


def _signature(personne: Any, le: Any) -> str:
    """« Relectrice de démonstration, le 4 août 2023 »."""
    return f"{personne}, le {mots.date(timezone.localdate(le))}"
