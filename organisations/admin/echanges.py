"""Importer et exporter le catalogue: d'abord ce qui changerait, ensuite, si on confirme, exactement cela."""

import re
from secrets import token_hex
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.module_loading import import_string
from django.views.decorators.http import require_http_methods, require_POST
from import_export.admin import ImportExportMixin
from import_export.tmp_storages import BaseStorage

from organisations.catalogue import Apercu, Ressource
from organisations.horloge import maintenant

OCTETS_MAXIMAUX = 2 * 1024**2
JETON = re.compile("[0-9a-f]{32}")
PERIME = "Cet aperçu a déjà servi, ou il est trop vieux. Déposez le fichier de nouveau."
APPLIQUE = "Cet aperçu est déjà appliqué."
AUTRE = "Le catalogue a changé depuis l'aperçu. Rien n'est écrit. Voici ce que le fichier changerait maintenant."
IMPORTEE = "Importée d'un fichier."

lire_ou_deposer = method_decorator(require_http_methods(["GET", "HEAD", "POST"]))


class DepotDuCatalogue(forms.Form):
    """Le fichier à comparer au catalogue."""

    fichier = forms.FileField(
        label="Fichier CSV ou XLSX",
        help_text="2 Mio et 1 000 lignes au plus. Rien n'est écrit avant votre confirmation.",
        allow_empty_file=True,
        error_messages={"required": "Choisissez le fichier à comparer.", "invalid": "Choisissez le fichier."},
    )

    def clean_fichier(self) -> Any:
        """Un fichier trop gros ne se lit pas."""
        fichier = self.cleaned_data["fichier"]
        if fichier.size > OCTETS_MAXIMAUX:
            raise forms.ValidationError("Ce fichier pèse plus de 2 Mio : gardez le seul tableau.")
        return fichier


class Exportation(forms.Form):
    """La forme du fichier à recevoir."""

    format = forms.ChoiceField(label="Forme du fichier", widget=forms.RadioSelect, initial="csv")

    def __init__(self, *args: Any, formes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].choices = [(forme, forme.upper()) for forme in formes]  # type: ignore[attr-defined]


class Echanges(ImportExportMixin):
    """Importer demande d'ajouter et de changer; exporter, de voir. Une sous-classe dit sa `ressource`."""

    ressource: type[Ressource]
    import_template_name = "admin/catalogue/importer.html"
    export_template_name = "admin/catalogue/exporter.html"

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Qui peut ajouter et changer une ligne à la main."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Qui peut voir les lignes."""
        return self.has_view_permission(request)

    def get_import_formats(self) -> list[Any]:
        """Les formats que nomment les réglages."""
        return [import_string(nom) for nom in settings.IMPORT_FORMATS]

    def get_export_formats(self) -> list[Any]:
        """De même, pour écrire."""
        return [import_string(nom) for nom in settings.EXPORT_FORMATS]

    # --- importer ---

    @lire_ou_deposer
    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Déposer un fichier, et voir ce qu'il changerait, ou tout ce qui n'y va pas."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, DepotDuCatalogue())
        formulaire = DepotDuCatalogue(request.POST, request.FILES)
        if not formulaire.is_valid():
            return self._page(request, formulaire, 400)
        octets, jeton = formulaire.cleaned_data["fichier"].read(), token_hex(16)
        try:
            apercu = self.ressource().appliquer(self._tableau(octets))
        except ValueError as refus:
            formulaire.add_error("fichier", str(refus))
            return self._page(request, formulaire, 400)
        if apercu.erreurs:
            return self._page(request, formulaire, 400, apercu=apercu)
        self._depot(request, jeton).save(octets)
        return self._page(request, formulaire, apercu=apercu, jeton=jeton)

    @method_decorator(require_POST)
    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Écrire ce que l'aperçu montrait; rien d'autre, et une seule fois."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        jeton = request.POST.get("jeton", "")
        if not JETON.fullmatch(jeton):
            return self._redeposer(request, PERIME)
        if not cache.add(servi := f"apercu-servi-{request.user.pk}-{self._nom}-{jeton}", True):
            return self._redeposer(request, APPLIQUE)
        ecrit = False
        try:
            ecrit, reponse = self._confirmer(request, jeton, request.POST.get("empreinte", ""))
        finally:
            if not ecrit:
                cache.delete(servi)
        return reponse

    def _confirmer(self, request: HttpRequest, jeton: str, vue: str) -> tuple[bool, HttpResponse]:
        """Écrit si c'est bien ce que la personne a vu; dit si c'est fait, et la page qui le lui dit."""
        octets = self._depot(request, jeton).read()
        if octets is None:
            return False, self._redeposer(request, PERIME)
        try:
            tableau = self._tableau(octets)
        except ValueError as refus:
            messages.error(request, str(refus))
            return False, self._page(request, DepotDuCatalogue(), 503, jeton=jeton, empreinte=vue)
        with transaction.atomic():
            apercu = self.ressource().appliquer(tableau, empreinte=vue)
            if not apercu.erreurs and apercu.empreinte == vue:
                return True, self._conclure(request, apercu, jeton)
        messages.warning(request, AUTRE)
        return False, self._page(request, DepotDuCatalogue(), 409, apercu=apercu, jeton=jeton)

    def _tableau(self, octets: bytes) -> Any:
        """Ce que contiennent ces octets; lève `ValueError`, avec une phrase, s'ils ne se lisent pas."""
        return self.get_import_formats()[0]().create_dataset(octets, self.ressource().cle)

    def _redeposer(self, request: HttpRequest, phrase: str) -> HttpResponse:
        messages.error(request, phrase)
        return HttpResponseRedirect(reverse(f"{self.admin_site.name}:{self._nom}_import"))

    def _conclure(self, request: HttpRequest, apercu: Apercu, jeton: str) -> HttpResponse:
        for lignes, geste in ((apercu.ajoutees, ADDITION), (apercu.changees, CHANGE)):
            if lignes:
                LogEntry.objects.log_actions(request.user.pk or 0, lignes, geste, IMPORTEE)
        self._depot(request, jeton).remove()
        nouvelles, changees = len(apercu.ajoutees), len(apercu.changees)
        messages.success(request, f"C'est écrit. Lignes nouvelles : {nouvelles}; changées : {changees}.")
        return HttpResponseRedirect(reverse(f"{self.admin_site.name}:{self._nom}_changelist"))

    def _depot(self, request: HttpRequest, jeton: str) -> BaseStorage:
        """Où le fichier attend: sous un nom que seule cette personne peut redire, pour ce modèle."""
        return self.get_tmp_storage_class()(name=f"{request.user.pk}-{self._nom}-{jeton}")

    @property
    def _nom(self) -> str:
        return "_".join(self.get_model_info())

    def _page(self, request: HttpRequest, formulaire: forms.Form, statut: int = 200, **montre: Any) -> HttpResponse:
        contexte = {
            **self.admin_site.each_context(request),
            "title": f"Importer : {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "form": formulaire,
            "colonnes": self.ressource().colonnes,
            "apercu": None,
            "jeton": "",
        }
        if apercu := montre.get("apercu"):
            montre |= {"empreinte": apercu.empreinte, "jeton": montre.get("jeton") if apercu.a_ecrire else ""}
        return TemplateResponse(request, self.import_template_name, contexte | montre, status=statut)

    # --- exporter ---

    @lire_ou_deposer
    def export_action(self, request: HttpRequest) -> HttpResponse:
        """La liste, telle que filtrée, en fichier."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        formats = {une().get_extension(): une() for une in self.get_export_formats()}
        formulaire = Exportation(request.POST if request.method == "POST" else None, formes=list(formats))
        if formulaire.is_valid():
            try:
                return self._fichier(request, formats[formulaire.cleaned_data["format"]])
            except IncorrectLookupParameters:  # un filtre qui n'existe pas: la liste entière
                return HttpResponseRedirect(reverse(f"{self.admin_site.name}:{self._nom}_changelist"))
        contexte = self.admin_site.each_context(request) | {
            "title": f"Exporter : {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "form": formulaire,
            "colonnes": self.ressource().colonnes,
        }
        return TemplateResponse(request, self.export_template_name, contexte)

    def _fichier(self, request: HttpRequest, forme: Any) -> HttpResponse:
        donnees = self.ressource().export(self.get_export_queryset(request))
        nom = f"{self.opts.verbose_name_plural}-{maintenant():%Y-%m-%d}.{forme.get_extension()}"
        reponse = HttpResponse(forme.export_data(donnees), content_type=forme.get_content_type())
        reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
        return reponse
