"""La file de relecture d'un genre de dossier: ce qui attend, dans quel ordre, et ce qui suit ce qu'on lit."""

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, ClassVar, NamedTuple

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import SuspiciousOperation
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode

from organisations.admin.base import SousUneSeulePermission
from organisations.admin.filtres import A_RELIRE, TOUS, ParEtat, ParPersonneAttitree, ParPortefeuille, etat_choisi
from organisations.horloge import maintenant
from organisations.models import Statut
from organisations.phrases import etat_pour_le_cqen

LISTE = ("q", "o", "p")  # la recherche, l'ordre et la page, dans l'adresse d'une liste
FILTRES = "_changelist_filters"  # le nom que Django donne, dans ses adresses, aux filtres de la liste


class Place(NamedTuple):
    """Le rang d'un dossier dans la file, et les clés de ses voisins; `reste` ne le compte pas."""

    rang: int
    reste: int
    precedent: int | None
    suivant: int | None


def place_de(cle: int, file: Sequence[int]) -> Place:
    """La place de ce dossier; absent de la file, rien ne le précède et le premier le suit."""
    if cle not in file:
        return Place(0, len(file), None, file[0] if file else None)
    rang = file.index(cle)
    avant, apres = file[:rang], file[rang + 1 :]
    return Place(rang + 1, len(file) - 1, avant[-1] if avant else None, apres[0] if apres else None)


class FileDeRelecture(SousUneSeulePermission):
    """Une liste qui répond à « que reste-t-il à relire? », et où l'on avance d'un dossier au suivant."""

    libelles = ("Aucun dossier", "dossier", "dossiers")
    change_list_template = "admin/relecture/liste.html"
    list_display: Any = ("dossier", "etat")
    list_filter: ClassVar[Any] = (ParEtat, ParPortefeuille, ParPersonneAttitree)
    list_select_related: ClassVar[Any] = ("organisation",)
    search_fields: ClassVar[Any] = ("organisation__sigle", "organisation__nom")
    ordering: ClassVar[Any] = ("soumis_le", "pk")
    actions: Any = None
    list_per_page = 200
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def __init__(self, model: Any, admin_site: Any) -> None:
        super().__init__(model, admin_site)
        self.permission = f"{self.opts.app_label}.relire_{self.opts.model_name}"

    def nommer(self, dossier: Any) -> str:
        """« RAMQ, 2e trimestre de 2023 », pour un titre, un message, un sujet de courriel."""
        raise NotImplementedError

    def resumer(self, choisis: Any) -> str:
        """Ce qui attend dans ce choix, en une phrase."""
        return f"{self.dire(choisis.transmis().count())} à relire."

    def dire(self, nombre: int) -> str:
        """« Aucun dossier », « 1 dossier », « 12 dossiers »."""
        aucun, un, plusieurs = self.libelles
        return f"{nombre} {un if nombre == 1 else plusieurs}" if nombre else aucun

    # --- la liste ----------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> Any:
        """Ce qui fut transmis au moins une fois; la liste le range."""
        dossiers: Any = self.model._default_manager.all()
        return dossiers.connus_du_cqen().avec_leur_renvoi()

    @admin.display(description="dossier", ordering="organisation__sigle")
    def dossier(self, dossier: Any) -> str:
        """Son nom, qui mène à sa page."""
        return self.nommer(dossier)

    @admin.display(description="état", ordering="soumis_le")
    def etat(self, dossier: Any) -> str:
        """« À relire depuis 3 jours »."""
        depuis = dossier.renvoye_le if dossier.statut == Statut.A_CORRIGER else dossier.soumis_le
        jours = timezone.localdate(maintenant()) - timezone.localdate(depuis)
        return etat_pour_le_cqen(dossier.statut, jours.days)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """La file, et ce qui y attend."""
        titre = {"title": f"Relecture des {self.libelles[2]}"}
        reponse = super().changelist_view(request, titre | (extra_context or {}))
        contexte = getattr(reponse, "context_data", None) or {}
        if "cl" in contexte:
            a_relire = etat_choisi(request.GET.get("etat")) == A_RELIRE
            contexte["resume"] = self.resumer(self.choisis(request, request.GET.urlencode()))
            contexte["ensemble"] = self.ensemble(request) if a_relire else ""
        return reponse

    def ensemble(self, request: HttpRequest) -> str:
        """L'adresse où valider d'un coup ce qui s'y prête dans ce choix; aucune si ce genre se relit un à un."""
        return ""

    # --- les adresses ------------------------------------------------------------------------------------------------

    def adresse(self, motif: str, nom: str, vue: Callable[..., Any]) -> URLPattern:
        """Une adresse de plus dans l'administration, sous ce nom."""
        return path(motif, self.admin_site.admin_view(vue), name=self._nom(nom))

    def vers(self, nom: str, *cle: Any, filtres: str = "") -> str:
        """L'une de ces adresses; la page d'un dossier garde les filtres de la liste d'où l'on vient."""
        suite = urlencode({FILTRES: filtres}) if filtres and cle else filtres
        return reverse(f"{self.admin_site.name}:{self._nom(nom)}", args=cle) + (f"?{suite}" if suite else "")

    def _nom(self, nom: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{nom}"

    # --- avancer -----------------------------------------------------------------------------------------------------

    def filtres(self, request: HttpRequest) -> str:
        """Les filtres de la liste d'où l'on vient, tels que la page les porte; ce qu'elle n'offre pas tombe."""
        try:
            portes = QueryDict(request.POST.get("filtres", request.GET.get(FILTRES, "")), mutable=True)
        except SuspiciousOperation:  # plus de champs qu'une adresse n'en a
            return ""
        for nom in set(portes) - {*LISTE, *(filtre.parameter_name for filtre in self.list_filter)}:
            del portes[nom]
        return portes.urlencode()

    def place(self, request: HttpRequest, dossier: Any) -> Place:
        """La place du dossier parmi ceux que la personne peut relire, choisis et rangés comme dans sa liste."""
        relisibles = self.model._default_manager.relisibles_par(request.user)
        ici = self.choisis(request).filter(Q(pk__in=relisibles.values("pk")) | Q(pk=dossier.pk))
        return place_de(dossier.pk, list(ici.values_list("pk", flat=True)))

    def choisis(self, request: HttpRequest, filtres: str | None = None) -> Any:
        """Les dossiers de la liste d'où l'on vient, en tous états; toute la file si les filtres n'existent pas."""
        lecture: Any = copy(request)
        lecture.GET = QueryDict(self.filtres(request) if filtres is None else filtres, mutable=True)
        lecture.GET["etat"] = TOUS
        lecture.GET.pop("p", None)
        try:
            return self.get_changelist_instance(lecture).queryset
        except (IncorrectLookupParameters, SuspiciousOperation):
            return self.get_queryset(request).order_by(*self.get_ordering(request))
