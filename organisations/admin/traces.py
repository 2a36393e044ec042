"""Les traces dans l'administration: toute l'équipe les lit, qui en a le droit les emporte, personne ne les change."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.module_loading import import_string
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from organisations.admin.base import SousUneSeulePermission
from organisations.catalogue import Tableau
from organisations.horloge import maintenant
from organisations.models import Trace, Utilisateur

COLONNES = ("le", "par", "reseau", "demande", "page", "objet", "geste", "reponse")


class ParPersonne(admin.SimpleListFilter):
    """Les personnes qui ont laissé une trace, et elles seules."""

    title = "personne"
    parameter_name = "par"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Par nom."""
        ont_agi = Utilisateur.objects.filter(Exists(Trace.objects.filter(par=OuterRef("pk"))))
        return [(str(personne.pk), str(personne)) for personne in ont_agi.order_by("nom", "email")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Celles de la personne choisie."""
        choisie = self.value()
        return queryset.filter(par=choisie) if choisie in dict(self.lookup_choices) else queryset


class ParObjet(admin.SimpleListFilter):
    """Ce que le geste touchait: une sorte d'objet que l'administration connaît."""

    title = "objet"
    parameter_name = "objet"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Les sortes d'objets, par nom."""
        sortes = {str(modele._meta.verbose_name) for modele in model_admin.admin_site._registry}
        return [(sorte, sorte) for sorte in sorted(sortes, key=slugify)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Les gestes sur cette sorte d'objet, ou sur l'un d'eux."""
        choisi = self.value()
        return queryset.filter(objet__startswith=choisi) if choisi in dict(self.lookup_choices) else queryset


@admin.register(Trace)
class TraceAdmin(SousUneSeulePermission):
    """Lire les traces, les plus récentes d'abord; les emporter en CSV."""

    permission = "organisations.view_trace"
    exporter_permission = "organisations.exporter_trace"
    change_list_template = "admin/traces/liste.html"
    list_display = ("le", "par", "geste", "objet", "statut", "adresse")
    list_filter = (ParPersonne, ParObjet)
    date_hierarchy = "le"
    search_fields = ("=requete", "objet", "geste")
    search_help_text = "Un numéro de demande, un objet ou un geste."
    list_select_related = ("par",)
    ordering = ("-le", "-id")
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_urls(self) -> list:
        """Le fichier, en plus des pages."""
        exporter = self.admin_site.admin_view(self.exporter)
        return [path("exporter/", exporter, name="organisations_trace_exporter"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """La liste, et le lien du fichier pour qui peut l'emporter."""
        peut = request.user.has_perm(self.exporter_permission)
        return super().changelist_view(request, {"title": "Traces", "peut_exporter": peut} | (extra_context or {}))

    @method_decorator(require_safe)
    def exporter(self, request: HttpRequest) -> HttpResponse:
        """Les traces que la liste montre, avec les mêmes filtres, en CSV; ce geste aussi est tracé."""
        if not request.user.has_perms([self.permission, self.exporter_permission]):
            raise PermissionDenied
        try:
            montrees = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:  # un filtre qui n'existe pas: la liste entière
            return HttpResponseRedirect(reverse(f"{self.admin_site.name}:organisations_trace_changelist"))
        tableau = Tableau(headers=COLONNES)
        for trace in montrees.iterator(chunk_size=2_000):
            tableau.append(_rangee(trace))
        ecrire = import_string(settings.EXPORT_FORMATS[0])()
        nom = f"traces-{maintenant():%Y-%m-%d}.csv"
        return HttpResponse(
            ecrire.export_data(tableau),
            content_type=ecrire.CONTENT_TYPE,
            headers={"Content-Disposition": f'attachment; filename="{nom}"'},
        )


def _rangee(trace: Trace) -> tuple[Any, ...]:
    """Dans l'ordre de `COLONNES`; la personne par son adresse, qui ne change pas comme un nom."""
    ou = (trace.adresse, trace.requete, trace.page)
    return (trace.le.isoformat(), trace.par.email, *ou, trace.objet, trace.geste, trace.statut)
