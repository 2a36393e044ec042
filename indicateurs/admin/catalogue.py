"""L'administration du catalogue: indicateurs et leurs définitions datées, cibles, trimestres."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Field, ForeignKey, QuerySet, TextField
from django.http import HttpRequest

from indicateurs.catalogue import Cibles, Definitions, Indicateurs, Trimestres
from indicateurs.models import Cible, Definition, Indicateur, Trimestre
from indicateurs.models.trimestre import TrimestreInconnu
from organisations.admin.base import AvecFiges, SansRaccourci, SansSuppression
from organisations.admin.echanges import Echanges
from organisations.admin.histoire import AvecHistoire
from organisations.admin.invitations import ParSigle
from organisations.champs import plusieurs_lignes
from organisations.models import Organisation


class DefinitionEnLigne(admin.StackedInline):
    """Ce que l'indicateur compte, à partir d'un jour; la première dit depuis quand il est attendu."""

    model = Definition
    extra = 1
    can_delete = False
    ordering = ("applicable_du",)
    formfield_overrides = {TextField: {"widget": plusieurs_lignes(3)}}
    fieldsets = (
        (None, {"fields": ("applicable_du", "texte", "rupture", "explication")}),
        ("En anglais", {"fields": ("texte_en", "explication_en")}),
    )


class CheminNational(forms.BaseInlineFormSet):
    """Un point par trimestre."""

    def clean(self) -> None:
        """La contrainte ne vaut que sans organisation, champ que la rangée n'a pas: elle se dit ici."""
        super().clean()
        pris = {rangee.initial["trimestre"]: rangee for rangee in self.initial_forms}
        for rangee in self.forms:
            trimestre = getattr(rangee, "cleaned_data", {}).get("trimestre")
            if trimestre and pris.setdefault(trimestre.pk, rangee) is not rangee:
                rangee.add_error("trimestre", "Ce trimestre a déjà un point : changez celui-là.")


class CibleNationale(SansRaccourci, admin.TabularInline):
    """Les points du chemin national; ceux d'une organisation sont dans la liste des cibles."""

    model = Cible
    formset = CheminNational
    extra = 1
    can_delete = False
    fields = ("trimestre", "pourcentage")
    ordering = ("trimestre__code",)
    verbose_name = "point du chemin national"
    verbose_name_plural = "chemin national"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Sans celles des organisations."""
        return super().get_queryset(request).filter(organisation__isnull=True)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Dans un tableau, l'en-tête de la colonne ne nomme pas la case: elle se nomme elle-même."""
        champ = super().formfield_for_dbfield(db_field, request, **kwargs)
        if champ:
            champ.widget.attrs["aria-label"] = champ.label
        return champ

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Les trimestres, lus une fois pour toutes les rangées."""
        champ = super().formfield_for_foreignkey(
            db_field, request, **kwargs, queryset=Trimestre.objects.order_by("-code")
        )
        if champ:
            champ.choices = [*champ.choices]  # type: ignore[misc]
        return champ


@admin.register(Indicateur)
class IndicateurAdmin(Echanges, AvecFiges, AvecHistoire, SansSuppression):
    """Ce qui est mesuré, comment, depuis quand, vers quoi."""

    ressource = Indicateurs
    histoire_de = ("definitions", "cibles")
    list_display = ("code", "intitule", "agregation", "ordre", "retire_le")
    list_filter = ("agregation", ("retire_le", admin.EmptyFieldListFilter))
    search_fields = ("code", "intitule")
    ordering = ("ordre", "code")
    inlines = (DefinitionEnLigne, CibleNationale)
    fieldsets = (
        ("Ce qui est mesuré", {"fields": ("code", "intitule", "libelle_numerateur", "libelle_denominateur")}),
        ("En anglais", {"fields": ("intitule_en", "libelle_numerateur_en", "libelle_denominateur_en")}),
        ("Le chiffre", {"fields": ("agregation", "seuil", "denominateur_minimal")}),
        ("Sa place", {"fields": ("ordre", "retire_le")}),
    )


@admin.register(Definition)
class DefinitionAdmin(Echanges, SansRaccourci, AvecHistoire, SansSuppression):
    """Les définitions de tous les indicateurs, à importer ou à exporter; chacune se tient aussi sur sa page."""

    ressource = Definitions
    list_display = ("indicateur", "applicable_du", "rupture", "texte")
    list_select_related = ("indicateur",)
    list_filter = ("indicateur", "rupture")
    search_fields = ("indicateur__code", "texte")
    ordering = ("indicateur__code", "applicable_du")
    formfield_overrides = {TextField: {"widget": plusieurs_lignes(3)}}
    fieldsets = ((None, {"fields": ("indicateur",)}), *DefinitionEnLigne.fieldsets)

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Les indicateurs, dans leur ordre."""
        kwargs["queryset"] = Indicateur.objects.order_by("ordre", "code")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Cible)
class CibleAdmin(Echanges, SansRaccourci, AvecHistoire):
    """Les points des chemins, nationaux ou d'une organisation. Un point se retire; une édition garde le sien."""

    ressource = Cibles
    list_display = ("indicateur", "trimestre", "pour", "pourcentage")
    list_select_related = ("indicateur", "trimestre", "organisation")
    list_filter = ("indicateur", ("organisation", admin.EmptyFieldListFilter))
    search_fields = ("indicateur__code", "organisation__sigle", "trimestre__code")
    ordering = ("indicateur__code", "trimestre__code", "organisation__sigle")

    @admin.display(description="pour", ordering="organisation__sigle")
    def pour(self, cible: Cible) -> str:
        """Le sigle de l'organisation, ou « Tout le monde »."""
        return cible.organisation.sigle if cible.organisation else "Tout le monde"

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Chaque choix dans son ordre."""
        if db_field.name == "organisation":
            kwargs |= {"queryset": Organisation.objects.order_by("sigle"), "form_class": ParSigle}
            kwargs |= {"empty_label": "Tout le monde : cible nationale"}
        elif db_field.name == "trimestre":
            kwargs["queryset"] = Trimestre.objects.order_by("-code")
        else:
            kwargs["queryset"] = Indicateur.objects.order_by("ordre", "code")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class TrimestreDuCatalogue(forms.ModelForm):
    """Un trimestre: son année et son numéro disent son code; sans dates, ce sont les ordinaires."""

    class Meta:
        model = Trimestre
        fields = ("annee", "numero", "ouvre_le", "echeance_le")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom in {"ouvre_le", "echeance_le"} & self.fields.keys():
            self.fields[nom].required = False
            self.fields[nom].help_text = "Laissez vide pour la date ordinaire."

    def clean(self) -> dict[str, Any]:
        """Le code et les dates qui manquent."""
        dits = super().clean() or {}
        annee, numero = (dits.get(nom, getattr(self.instance, nom)) for nom in ("annee", "numero"))
        try:
            ordinaire = Trimestre.objects.du_code(f"{annee}-T{numero}")
        except TrimestreInconnu:
            if not self.errors:
                self.add_error(None, "Un trimestre va de 1 à 4, de 1990 à 2100.")
            return dits
        self.instance.code = ordinaire.code
        for nom in ("ouvre_le", "echeance_le"):
            dits[nom] = dits.get(nom) or getattr(ordinaire, nom)
        return dits


@admin.register(Trimestre)
class TrimestreAdmin(Echanges, AvecFiges, AvecHistoire, SansSuppression):
    """Quand on déclare: l'ouverture et l'échéance de chaque trimestre."""

    ressource = Trimestres
    form = TrimestreDuCatalogue
    list_display = ("code", "ouvre_le", "echeance_le")
    search_fields = ("code",)
    ordering = ("-code",)
    fieldsets = (
        ("Le trimestre", {"fields": ("annee", "numero")}),
        ("Quand on déclare", {"fields": ("ouvre_le", "echeance_le")}),
    )
