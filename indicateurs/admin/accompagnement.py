"""L'administration des demandes d'accompagnement: le CQEN y répond, et met les organisations en relation."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from indicateurs import courriels, pages
from indicateurs.accompagnement.forms import FormulaireDeMessage, cle_lue
from indicateurs.affichage import accorder
from indicateurs.models import DemandeAccompagnement, Indicateur
from indicateurs.models.accompagnement import ACCOMPAGNER
from organisations.admin.base import SousUneSeulePermission
from organisations.comptes.seances import reprendre_le_formulaire
from organisations.horloge import maintenant
from organisations.models import TransitionInterdite

RELATION = "admin:indicateurs_demandeaccompagnement_relation"


class EtatDeLaDemande(admin.SimpleListFilter):
    """Où en est la demande, et qui la suit."""

    title = "état"
    parameter_name = "etat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Ce qu'on peut y choisir."""
        return [("nouvelle", "Nouvelle"), ("mienne", "Suivie par moi"), ("ouverte", "Ouverte"), ("close", "Close")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Les demandes de ce choix."""
        choix: dict[str | None, dict[str, Any]] = {
            "nouvelle": {"suivie_par__isnull": True, "close_le__isnull": True},
            "mienne": {"suivie_par": request.user, "close_le__isnull": True},
            "ouverte": {"close_le__isnull": True},
            "close": {"close_le__isnull": False},
        }
        return queryset.filter(**choix.get(self.value(), {}))


@admin.register(DemandeAccompagnement)
class DemandeAccompagnementAdmin(SousUneSeulePermission):
    """Les ouvertes d'abord, celle qui attend depuis le plus longtemps en tête; un message ne se récrit jamais."""

    permission = ACCOMPAGNER
    list_display = ("objet", "sigle", "etat", "attente", "suivie_par", "relation")
    list_select_related = ("organisation", "indicateur", "suivie_par")
    list_filter = (EtatDeLaDemande,)
    search_fields = ("objet", "organisation__sigle", "organisation__nom")
    search_help_text = "L'objet, le sigle ou le nom d'une organisation."

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Chaque demande, et depuis quand elle attend une réponse."""
        return DemandeAccompagnement.objects.avec_attente()

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Ouvertes d'abord, la plus longue attente en tête; puis les closes, la plus récente en tête."""
        return [F("close_le").desc(nulls_first=True), F("attend_depuis").asc(nulls_last=True), "-demandee_le", "-pk"]

    def get_urls(self) -> list[Any]:
        """Une page de plus: la mise en relation, par indicateur."""
        relation, nom = self.admin_site.admin_view(self.mettre_en_relation), RELATION.partition(":")[2]
        return [path("mise-en-relation/<slug:code>/", relation, name=nom), *super().get_urls()]

    @admin.display(description="organisation", ordering="organisation__sigle")
    def sigle(self, demande: DemandeAccompagnement) -> str:
        """Qui demande."""
        return demande.organisation.sigle

    @admin.display(description="indicateur")
    def relation(self, demande: DemandeAccompagnement) -> str:
        """L'indicateur, qui mène à la mise en relation."""
        if demande.indicateur is None:
            return "Aucun en particulier"
        page = reverse(RELATION, args=[demande.indicateur.code])
        return format_html('<a href="{}">{}</a>', page, demande.indicateur.intitule)

    @admin.display(description="état")
    def etat(self, demande: DemandeAccompagnement) -> str:
        """Nouvelle, en cours ou close."""
        return demande.etat

    @admin.display(description="sans réponse")
    def attente(self, demande: DemandeAccompagnement) -> str:
        """« Depuis 3 jours »; vide si le CQEN a répondu, ou si la demande est close."""
        return attente(demande)

    # --- les pages ---------------------------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """La liste, sous son nom."""
        return super().changelist_view(request, {"title": "Demandes d'accompagnement"} | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Le fil d'une demande: le lire, la prendre en charge, y répondre, la clore."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        demande = self.get_object(request, unquote(object_id))
        if demande is None:
            self.message_user(request, "Cette demande n'existe pas.", messages.WARNING)
            return redirect("admin:index")
        if request.method == "POST":
            if request.POST.get("geste") == "repondre":
                return self._repondre(request, demande)
            return self._agir(request, demande, request.POST.get("geste", ""))
        return self._page(request, demande)

    def mettre_en_relation(self, request: HttpRequest, code: str) -> HttpResponse:
        """Qui demande, et qui a le plus progressé, pour un indicateur."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        contexte = pages.relation.contexte(get_object_or_404(Indicateur, code=code), maintenant())
        contexte["demandes"] = [(demande, attente(demande)) for demande in contexte["demandes"]]
        titre = {"title": f"Mettre en relation : {contexte['indicateur'].intitule}", "opts": self.opts}
        commun = self.admin_site.each_context(request)
        return TemplateResponse(request, "admin/accompagnement/relation.html", commun | titre | contexte)

    def _page(
        self, request: HttpRequest, demande: DemandeAccompagnement, forme: Any = None, statut: int = 200
    ) -> HttpResponse:
        if forme is None:
            forme = FormulaireDeMessage(demande.messages.avec_auteur(), repris=reprendre_le_formulaire(request))
        forme.fields["texte"].widget.attrs["class"] = "vLargeTextField"
        contexte = self.admin_site.each_context(request) | {
            "title": demande.objet,
            "opts": self.opts,
            "demande": demande,
            "fil": forme.fil,
            "attente": attente(demande),
            "form": forme,
            "la_suit": demande.suivie_par == request.user,
        }
        return TemplateResponse(request, "admin/accompagnement/fil.html", contexte, status=statut)

    # --- les gestes --------------------------------------------------------------------------------------------------

    def _repondre(self, request: HttpRequest, demande: DemandeAccompagnement) -> HttpResponse:
        """Ajoute un message; refusée, la page revient avec ce qui était tapé."""
        forme = FormulaireDeMessage(demande.messages.avec_auteur(), request.POST)
        if not forme.is_valid():
            return self._page(request, demande, forme, 400)
        try:
            with transaction.atomic():
                if demande.repondre(**forme.cleaned_data, par=request.user, le=maintenant()):
                    courriels.prevenir_l_organisation(demande, courriels.REPONSE)
                    self._dire(request, demande, "Réponse envoyée à l'organisation.")
        except TransitionInterdite as refus:
            forme.add_error(None, str(refus))
            return self._page(request, self.get_queryset(request).get(pk=demande.pk), forme, 409)
        return _relue(request)

    def _agir(self, request: HttpRequest, demande: DemandeAccompagnement, geste: str) -> HttpResponse:
        """Prend en charge ou clôt; ce que le verbe refuse se dit sur la page, relue."""
        try:
            with transaction.atomic():
                suivie_par = cle_lue(request.POST, "suivie_par")
                if geste == "prendre" and demande.prendre_en_charge(par=request.user, lu=suivie_par):
                    self._dire(request, demande, "Prise en charge.")
                elif geste == "clore":
                    self._clore(request, demande)
        except TransitionInterdite as refus:
            self.message_user(request, str(refus), messages.ERROR)
        return _relue(request)

    def _clore(self, request: HttpRequest, demande: DemandeAccompagnement) -> None:
        """Clôt la demande telle que la page la montrait; un double clic ne refait rien."""
        if demande.clore(par=request.user, le=maintenant(), lu=cle_lue(request.POST, "lu") or 0):
            courriels.prevenir_l_organisation(demande, courriels.CLOTURE)
            self._dire(request, demande, "Close.")
        else:
            self.message_user(request, "C'était déjà fait.", messages.INFO)

    def _dire(self, request: HttpRequest, demande: DemandeAccompagnement, fait: str) -> None:
        """Au journal de l'administration, et à la personne."""
        self.log_change(request, demande, fait)
        self.message_user(request, fait, messages.SUCCESS)


def attente(demande: Any) -> str:
    """« Depuis 3 jours », tant que l'organisation attend une réponse."""
    if demande.close_le or not demande.attend_depuis:
        return ""
    jours = (timezone.localdate(maintenant()) - timezone.localdate(demande.attend_depuis)).days
    return f"Depuis {accorder(jours, 'jour')}" if jours > 0 else "Depuis aujourd'hui"


def _relue(request: HttpRequest) -> HttpResponse:
    """303: la page, relue après le geste."""
    return HttpResponseRedirect(request.path, status=303)
