"""La relecture des plans de transformation: un à un, leurs initiatives à côté de celles d'avant."""

from typing import Any

from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern

from organisations.admin.relecture import Relecture
from organisations.courriels import adresse
from organisations.models import PlanTransformation
from organisations.pages import plan as page


@admin.register(PlanTransformation)
class PlanAdmin(Relecture):
    """Chaque plan sur une page, avec son document."""

    libelles = ("Aucun plan", "plan", "plans")
    gabarit = "admin/relecture/plan.html"
    list_display = ("dossier", "etat", "version")
    list_select_related = ("organisation", "strategie")

    def get_urls(self) -> list[URLPattern]:
        """Celles d'une relecture, et le document joint."""
        document = self.adresse("<path:object_id>/document/", "document", self.document)
        return [document, *super().get_urls()]

    def nommer(self, dossier: Any) -> str:
        """« RAMQ, plan de transformation, version 2 »."""
        return f"{dossier.organisation.sigle}, plan de transformation, version {dossier.version}"

    def chez_l_organisation(self, dossier: Any) -> str:
        """La page du plan, dans l'espace."""
        return adresse("plan", dossier.organisation.slug)

    def contexte(self, dossier: Any) -> dict[str, Any]:
        """Ce que le plan dit, et ce qu'il change."""
        joint = self.vers("document", dossier.pk) if dossier.document else ""
        return page.contexte(dossier) | {"joint": joint}

    def document(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Le document joint, sous un nom que nous choisissons."""
        plan = self.lire(request, object_id)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        try:
            octets = plan.document.open()
        except (ValueError, OSError) as absent:
            raise Http404("Ce plan n'a pas de document.") from absent
        nom = f"plan-{plan.organisation.slug}-v{plan.version}.pdf"
        return FileResponse(octets, as_attachment=True, filename=nom, content_type="application/pdf")
