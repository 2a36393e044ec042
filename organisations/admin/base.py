"""Ce que les pages d'administration de toutes les applications partagent."""

import re
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME as COCHEES
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Field, Model
from django.http import HttpRequest, HttpResponse

from organisations.figes import FIGES


def est_une_cle(dit: str) -> bool:
    """Une clé que la base sait chercher: une autre ne désigne rien."""
    return dit.isdecimal() and len(dit) < 19


class SousUneSeulePermission(admin.ModelAdmin):
    """Des pages qu'ouvre une seule permission. Rien ne s'y change ni ne s'y supprime que par les verbes."""

    permission = ""

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        """Qui tient la permission voit tout; les autres, rien."""
        return request.user.has_perm(self.permission)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """De même, au sommaire."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Jamais, sauf où c'est redit."""
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        """Jamais, sauf où c'est redit."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        """Jamais."""
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Les filtres que la liste montre, et rien d'autre; aucun nombre que la base ne saurait lire."""
        declares = [f[0] if isinstance(f, tuple) else f for f in (*self.list_filter, self.date_hierarchy or "")]
        connus = {getattr(f, "parameter_name", f) for f in declares}
        nom = lookup if lookup in connus else lookup.rpartition("__")[0]
        return nom.removesuffix("__id") in connus - {""} and not re.search(r"\d{10}", str(value))

    def response_action(  # type: ignore[override]  # celle de Django 5.2, qui ignore où l'action se trouve
        self, request: HttpRequest, queryset: Any
    ) -> HttpResponse | None:
        """Les lignes cochées, sauf celles dont la clé ne désigne rien."""
        envoi = request.POST.copy()
        envoi.setlist(COCHEES, [cle for cle in envoi.getlist(COCHEES) if est_une_cle(cle)])
        request.POST = envoi  # type: ignore[assignment]
        return super().response_action(request, queryset)


class SansSuppression(admin.ModelAdmin):
    """Ce dont des chiffres dépendent se termine ou se désactive: il ne se supprime pas."""

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        """Jamais."""
        return False


class SansRaccourci(admin.options.BaseModelAdmin):
    """Un lien se choisit parmi ce qui existe, sans passer par le formulaire d'une autre page."""

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Le champ, sans les boutons que Django met autour."""
        champ = super().formfield_for_dbfield(db_field, request, **kwargs)
        if champ and isinstance(champ.widget, RelatedFieldWidgetWrapper):
            champ.widget = champ.widget.widget
        return champ


class AvecFiges(admin.ModelAdmin):
    """Ce qu'une édition publiée fige se lit, et la page dit pourquoi."""

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Les champs figés de cette ligne, en plus des autres."""
        fige = FIGES.de(obj)
        return (*super().get_readonly_fields(request, obj), *(fige.champs if fige else ()))

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """La raison d'abord."""
        (titre, options), *suite = super().get_fieldsets(request, obj)
        if fige := FIGES.de(obj):
            noms = ", ".join(str(obj._meta.get_field(nom).verbose_name) for nom in fige.champs)  # type: ignore[union-attr]
            options = {**options, "description": f"{noms.capitalize()}. {fige.raison}"}
        return [(titre, options), *suite]
