"""Le journal des rappels, à lire: à qui, quand, pour quoi."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from indicateurs import mots
from indicateurs.models import Rappel
from organisations.admin.base import SousUneSeulePermission


@admin.register(Rappel)
class RappelAdmin(SousUneSeulePermission):
    """Chaque courriel de rappel; on le lit, il ne se change ni ne se supprime."""

    permission = "indicateurs.rappeler"
    list_display = ("personne", "envoye", "pour_quoi")
    list_select_related = ("personne",)
    list_per_page = 50
    search_fields = ("personne__email", "personne__nom", "lignes__organisation__sigle", "lignes__trimestre__code")
    ordering = ("-envoye_le", "-pk")
    fields = readonly_fields = ("personne", "envoye", "pour_quoi")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rappel]:
        """Avec leurs lignes, en trois requêtes de plus quel que soit leur nombre."""
        return super().get_queryset(request).prefetch_related("lignes__organisation", "lignes__trimestre")

    @admin.display(description="envoyé le", ordering="envoye_le")
    def envoye(self, rappel: Rappel) -> str:
        """Le jour et l'heure, à Montréal."""
        ici = timezone.localtime(rappel.envoye_le)
        return f"{mots.date(ici.date())}, {ici.hour} h {ici.minute:02}"

    @admin.display(description="pour quoi")
    def pour_quoi(self, rappel: Rappel) -> str:
        """« RAMQ, 2023-T2, 10 jours avant; SAAQ, 2023-T2, 10 jours avant »."""
        lignes = sorted(rappel.lignes.all(), key=lambda ligne: (ligne.trimestre.code, ligne.organisation.sigle))
        return "; ".join(map(str, lignes))
