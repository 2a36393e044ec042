"""L'administration des éditions: les lire, les vérifier, simuler la suivante, la publier."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from barometre import verification
from barometre.admin.progres import ICI, raconter
from barometre.admin.simulation import FormulaireDeSimulation, simulation
from barometre.models import Edition, PublicationRefusee
from barometre.models.projet import JETON
from indicateurs.models import Trimestre
from organisations.admin.base import SousUneSeulePermission
from organisations.horloge import maintenant

SIMULER = "admin:barometre_edition_simuler"
SIMULEZ = "Simulez d'abord l'édition : on ne publie que ce qu'on a vu."


@admin.register(Edition)
class EditionAdmin(SousUneSeulePermission):
    """Les éditions ne changent plus; la suivante se simule, puis se publie."""

    permission = "barometre.publier_edition"
    change_list_template = "admin/publication/editions.html"
    list_display = ("code", "parue", "par", "note", "hors_calendrier", "liens")
    list_display_links = None
    list_select_related = ("publiee_par",)
    ordering = ("-rang",)
    fields = ("code", "trimestre", "parue", "par", "note", "hors_calendrier", "empreinte", "liens")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        """Sans leur catalogue, qui est lourd."""
        return super().get_queryset(request).defer("catalogue")

    def get_urls(self) -> list[URLPattern]:
        """Celles de Django, et les trois gestes."""
        tenir = self.admin_site.admin_view
        return [
            path("simuler/", tenir(self.simuler), name="barometre_edition_simuler"),
            path("publier/", tenir(self.publier), name="barometre_edition_publier"),
            path("<int:object_id>/verifier/", tenir(self.verifier), name="barometre_edition_verifier"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """La liste, sous son nom."""
        return super().changelist_view(request, {"title": "Éditions publiées"})

    @admin.display(description="publiée par")
    def par(self, edition: Edition) -> str:
        """Qui l'a publiée."""
        return str(edition.publiee_par)

    @admin.display(description="publiée le", ordering="arretee_le")
    def parue(self, edition: Edition) -> str:
        """Le jour de sa publication, à Montréal."""
        return date_format(timezone.localdate(edition.arretee_le))

    @admin.display(description="voir")
    def liens(self, edition: Edition) -> SafeString:
        """Sa page, ses données, sa vérification; chaque lien nomme l'édition."""
        adresses = {
            "Page": reverse("dossier", args=[edition.code]),
            "Données": reverse("fichier", args=[edition.code, "chiffres.csv"]),
            "Vérification": reverse("admin:barometre_edition_verifier", args=[edition.pk]),
        }
        lien = format_html('<a href="{{}}" aria-label="{{}}, édition {}">{{}}</a>', edition.code)
        return format_html_join(" · ", lien, ((vers, nom, nom) for nom, vers in adresses.items()))

    @method_decorator(require_safe)
    def simuler(self, request: HttpRequest) -> HttpResponse:
        """Ce que dirait l'édition demandée; rien n'est écrit."""
        self._exiger(request)
        formulaire = FormulaireDeSimulation(request.GET or None, le=maintenant())
        contexte = simulation(formulaire, request.user) if formulaire.is_valid() else {}
        return self._page(
            request, "admin/publication/simuler.html", "Simuler une édition", contexte | {"formulaire": formulaire}
        )

    @method_decorator(require_POST)
    def publier(self, request: HttpRequest) -> HttpResponseBase:
        """Publie ce que la page montrait, en disant chaque étape; ce qui se refuse d'avance ramène à la simulation."""
        self._exiger(request)
        jeton, formulaire = request.POST.get("jeton", ""), FormulaireDeSimulation(request.POST, le=maintenant())
        if refus := self._refus_d_avance(request, formulaire, jeton):
            return refus
        code = jeton.partition(".")[0]
        cadre = self._page(
            request, "admin/publication/publier.html", f"Publier l'édition {code}", {"ici": ICI}
        ).render()
        recit = raconter(request, formulaire, cadre.content.decode(), self._consigner)
        return StreamingHttpResponse(recit, headers={"X-Accel-Buffering": "no"})

    @method_decorator(require_safe)
    def verifier(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Ce qu'une édition promet tient-il encore?"""
        self._exiger(request)
        edition = get_object_or_404(Edition.objects.select_related("trimestre", "precedente"), pk=object_id)
        contexte = {"edition": edition, "problemes": list(verification.verifier(edition))}
        return self._page(request, "admin/publication/verifier.html", f"Vérifier l'édition {edition.code}", contexte)

    def _exiger(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _refus_d_avance(
        self, request: HttpRequest, formulaire: FormulaireDeSimulation, jeton: str
    ) -> HttpResponse | None:
        """Ce qui se refuse sans rien calculer, avant le premier octet; le verbe le redira sous verrou."""
        simuler = reverse(SIMULER) + formulaire.suite
        if not (montre := JETON.fullmatch(jeton)):
            return self._ramener(request, SIMULEZ, simuler)
        try:
            Edition.exiger_inedite(jeton)
        except PublicationRefusee as refus:
            return self._ramener(request, str(refus), reverse("admin:barometre_edition_changelist"))
        try:
            if not formulaire.is_valid():
                Edition.preparer(trimestre=get_object_or_404(Trimestre, code=montre[1]), le=formulaire.le)
                return self._ramener(request, SIMULEZ, simuler)
            Edition.preparer(**formulaire.faits).exiger_publiable(request.user)
        except PublicationRefusee as refus:
            return self._ramener(request, str(refus), simuler)
        return None

    def _ramener(self, request: HttpRequest, phrase: str, adresse: str) -> HttpResponse:
        self.message_user(request, phrase, messages.ERROR)
        return HttpResponseRedirect(adresse, status=303)

    def _consigner(self, request: HttpRequest, edition: Edition) -> None:
        """Le journal de l'administration garde la publication."""
        self.log_addition(request, edition, f"Publiée, empreinte {edition.empreinte[:12]}.")

    def _page(self, request: HttpRequest, gabarit: str, titre: str, contexte: dict[str, Any]) -> TemplateResponse:
        commun = {**self.admin_site.each_context(request), "title": titre, "opts": self.opts}
        return TemplateResponse(request, gabarit, commun | contexte)
