"""L'administration du catalogue: stratégies, organisations, portefeuilles attribués, formules de renvoi."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, QuerySet, URLField
from django.http import HttpRequest
from django.utils import timezone

from organisations.admin.base import AvecFiges, SansRaccourci, SansSuppression
from organisations.admin.echanges import Echanges
from organisations.admin.histoire import AvecHistoire
from organisations.admin.invitations import ParSigle
from organisations.catalogue.organisations import Organisations
from organisations.catalogue.strategies import Strategies
from organisations.horloge import maintenant
from organisations.models import Attribution, FormuleDeRenvoi, Organisation, Strategie, Utilisateur


class Assujettissement(admin.SimpleListFilter):
    """Celles qui doivent déclarer aujourd'hui, ou les autres."""

    title = "doit déclarer"
    parameter_name = "declare"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Oui, non."""
        return [("oui", "Oui"), ("non", "Non")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Selon les dates de chacune."""
        attendues = Organisation.objects.attendues(timezone.localdate(maintenant()))
        if self.value() == "oui":
            return queryset.filter(pk__in=attendues)
        return queryset.exclude(pk__in=attendues) if self.value() == "non" else queryset


@admin.register(Strategie)
class StrategieAdmin(Echanges, AvecHistoire, SansSuppression):
    """Une stratégie, ses années."""

    ressource = Strategies
    list_display = ("code", "titre", "debut", "fin")
    search_fields = ("code", "titre")
    ordering = ("-debut", "code")


@admin.register(Organisation)
class OrganisationAdmin(Echanges, SansRaccourci, AvecFiges, AvecHistoire, SansSuppression):
    """Qui existe, de qui elle relève, quand elle déclare, qui l'a remplacée."""

    ressource = Organisations
    list_display = ("sigle", "nom", "categorie", "tutelle", "assujettie_du", "assujettie_au", "remplacante")
    list_select_related = ("ministere", "remplacee_par")
    list_filter = (Assujettissement, "categorie")
    search_fields = ("sigle", "nom")
    ordering = ("sigle",)
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    fieldsets = (
        ("Qui elle est", {"fields": ("sigle", "nom", "categorie", "ministere", "site_web")}),
        ("Quand elle déclare", {"fields": ("assujettie_du", "assujettie_au", "remplacee_par")}),
    )

    @admin.display(description="ministère de tutelle", ordering="ministere__sigle")
    def tutelle(self, organisation: Organisation) -> str:
        """Le sigle de la tête de son portefeuille."""
        return organisation.ministere.sigle if organisation.ministere else ""

    @admin.display(description="remplacée par", ordering="remplacee_par__sigle")
    def remplacante(self, organisation: Organisation) -> str:
        """Le sigle de celle qui la remplace."""
        return organisation.remplacee_par.sigle if organisation.remplacee_par else ""

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Les organisations, par sigle; de tutelle, les seules têtes de portefeuille."""
        choix = Organisation.objects.order_by("sigle")
        if db_field.name == "ministere":
            choix = choix.tetes()
        return super().formfield_for_foreignkey(db_field, request, **kwargs, queryset=choix, form_class=ParSigle)


@admin.register(Attribution)
class AttributionAdmin(SansRaccourci, AvecHistoire):
    """Qui, au CQEN, relit quel portefeuille. Rien n'en dépend: une attribution se retire."""

    list_display = ("portefeuille", "relecteur")
    list_select_related = ("portefeuille", "relecteur")
    search_fields = ("portefeuille__sigle", "portefeuille__nom", "relecteur__nom")
    ordering = ("portefeuille__sigle", "relecteur__nom", "pk")

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Les têtes de portefeuille par sigle; les personnes de l'équipe qui peuvent entrer."""
        if db_field.name == "portefeuille":
            kwargs |= {"queryset": Organisation.objects.tetes().order_by("sigle")}
            kwargs |= {"form_class": ParSigle}
        else:
            kwargs["queryset"] = Utilisateur.objects.filter(is_staff=True, is_active=True).order_by("nom", "email")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(FormuleDeRenvoi)
class FormuleDeRenvoiAdmin(admin.ModelAdmin):
    """Les raisons de renvoi qui reviennent, dans l'ordre où elles se proposent."""

    list_display = ("texte", "ordre")
    ordering = ("ordre", "texte")
