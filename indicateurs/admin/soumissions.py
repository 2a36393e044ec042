"""La relecture des soumissions: les signalées d'abord, une à une; les autres, plusieurs d'un coup."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest

from indicateurs import mots
from indicateurs.admin.lot import EnLot
from indicateurs.models import Soumission, Trimestre
from indicateurs.pages import relecture as page
from organisations.admin.relecture import Relecture
from organisations.courriels import adresse


class ParTrimestre(admin.SimpleListFilter):
    """Un trimestre."""

    title = "trimestre"
    parameter_name = "trimestre"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Ceux où quelque chose fut commencé, le plus récent d'abord."""
        codes = Trimestre.objects.filter(soumissions__isnull=False).distinct().order_by("-code")
        return [(code, code) for code in codes.values_list("code", flat=True)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Celles du trimestre choisi."""
        connu = self.value() in dict(self.lookup_choices)
        return queryset.filter(trimestre__code=self.value()) if connu else queryset


class ParSignalement(admin.SimpleListFilter):
    """Signalée ou non."""

    title = "signalement"
    parameter_name = "signalee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Oui ou non."""
        return [("1", "Signalées"), ("0", "Sans signalement")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Celles du choix."""
        return queryset.filter(signalee=self.value()) if self.value() in ("0", "1") else queryset


@admin.register(Soumission)
class SoumissionAdmin(EnLot, Relecture):
    """Les signalées d'abord, chacune sur sa page; les autres aussi, ou plusieurs d'un coup."""

    libelles = ("Aucune soumission", "soumission", "soumissions")
    gabarit = "admin/relecture/soumission.html"
    list_display = ("dossier", "etat", "signale", "correction")
    list_filter = (*Relecture.list_filter, ParTrimestre, ParSignalement)
    list_select_related = ("organisation", "trimestre")
    ordering = ()

    def get_queryset(self, request: HttpRequest) -> Any:
        """Avec ce que la liste range et compte."""
        return super().get_queryset(request).signalees_d_abord()

    def get_ordering(self, request: HttpRequest) -> Any:
        """Les signalées d'abord, puis les plus anciennes."""
        return ("-signalee", "soumis_le", "pk")

    def nommer(self, dossier: Any) -> str:
        """« RAMQ, 2e trimestre de 2023 »."""
        return f"{dossier.organisation.sigle}, {mots.trimestre(dossier.trimestre.code)}"

    def chez_l_organisation(self, dossier: Any) -> str:
        """La page du trimestre, dans l'espace."""
        return adresse("saisie", dossier.organisation.slug, dossier.trimestre.code)

    def contexte(self, dossier: Any) -> dict[str, Any]:
        """La différence, les signalements, les séries."""
        return page.contexte(dossier)

    def resumer(self, choisis: Any) -> str:
        """« 60 soumissions à relire, dont 20 signalées. »"""
        combien = choisis.transmis().aggregate(toutes=Count("pk"), signalees=Count("pk", filter=Q(signalee=1)))
        dont = f", dont {combien['signalees']} signalée{'s' * (combien['signalees'] > 1)}"
        return f"{self.dire(combien['toutes'])} à relire{dont if combien['toutes'] else ''}."

    @admin.display(description="signalement", ordering="signalee")
    def signale(self, soumission: Soumission) -> str:
        """Ce qui est signalé, en quelques mots."""
        return page.en_bref(soumission.signalements) or "Aucun"

    @admin.display(description="correction")
    def correction(self, soumission: Soumission) -> str:
        """La raison, si cette version en corrige une autre."""
        return mots.abreger(soumission.motif_de_correction) or "Non"
