"""Valider plusieurs soumissions d'un coup: une page dit exactement lesquelles, puis le verbe les prend une à une.

Une signalée n'y est jamais, ni ce qu'on a transmis soi-même.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern
from django.utils.http import urlencode

from indicateurs.models import Soumission
from indicateurs.pages.relecture import reponses_en_bref
from organisations.admin.base import est_une_cle
from organisations.admin.file import FILTRES
from organisations.admin.relecture import Relecture
from organisations.models import Statut, TransitionInterdite

LOT = 500  # soumissions d'un coup, au plus


class Bilan(NamedTuple):
    """Ce qu'un lot a fait: acceptées, déjà acceptées par ce même envoi, ou par un autre geste avant lui."""

    acceptees: list[Soumission]
    refaites: list[Soumission]
    devancees: list[Soumission]


class EnLot(Relecture):
    """Ce qu'un lot ajoute à la relecture."""

    actions = ("valider_ensemble",)

    def get_urls(self) -> list[URLPattern]:
        """Celles d'une relecture, et la page d'un lot."""
        return [self.adresse("ensemble/", "ensemble", self.page_du_lot), *super().get_urls()]

    def ensemble(self, request: HttpRequest) -> str:
        """La page du lot, pour le choix de cette liste."""
        return f"{self.vers('ensemble')}?{urlencode({FILTRES: request.GET.urlencode()})}"

    @admin.action(description="Valider ensemble")
    def valider_ensemble(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        """Les lignes cochées: énumérées, rien n'est encore fait."""
        return self._enumerer(request, queryset, request.GET.urlencode())

    def page_du_lot(self, request: HttpRequest) -> HttpResponse:
        """En lecture, ce qui serait validé; en POST, le valider."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._valider(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        choisis = self.choisis(request).filter(statut=Statut.SOUMIS)
        return self._enumerer(request, choisis, self.filtres(request))

    def _enumerer(self, request: HttpRequest, choisis: Any, filtres: str) -> HttpResponse:
        """Exactement ce qui sera validé, avec le jeton de chacune; et combien sont écartées."""
        relisibles = Soumission.objects.relisibles_par(request.user).sans_signalement()
        prenables = choisis.filter(pk__in=relisibles.values("pk"))
        soumissions, nombre = list(prenables[:LOT]), prenables.count()
        ecartees = choisis.count() - nombre
        indicateurs, lignes = reponses_en_bref(soumissions)
        contexte = {
            **self.admin_site.each_context(request),
            "title": f"Valider ensemble {self.dire(len(soumissions)).lower()}",
            "subtitle": None,
            "opts": self.opts,
            "indicateurs": indicateurs,
            "lignes": [{"nom": self.nommer(s), "soumission": s, "reponses": dites} for s, dites in lignes],
            "ecartees": self.dire(ecartees) if ecartees else "",
            "apres": self.dire(nombre - LOT) if nombre > LOT else "",
            "lot": LOT,
            "filtres": filtres,
            "adresse": self.vers("ensemble"),
            "liste": self.vers("changelist", filtres=filtres),
        }
        return render(request, "admin/relecture/ensemble.html", contexte)

    def _valider(self, request: HttpRequest) -> HttpResponse:
        """Une à une, par le verbe: un refus n'empêche pas les autres; une panne ne tait pas celles d'avant."""
        choix = [dit.partition(":") for dit in request.POST.getlist("choix")[:LOT]]
        cles = [cle for cle, _, _ in choix if est_une_cle(cle)]
        trouvees = self.get_queryset(request).select_related("organisation", "trimestre").in_bulk(cles)
        bilan = Bilan([], [], [])
        try:
            for cle, _, jeton in choix:
                self._prendre(request, trouvees.get(int(cle)) if cle in cles else None, jeton, bilan)
        finally:
            self.annoncer(bilan.acceptees)
            self._dire_le_bilan(request, bilan)
        return HttpResponseRedirect(self.vers("changelist", filtres=self.filtres(request)), status=303)

    def _prendre(self, request: HttpRequest, soumission: Soumission | None, jeton: str, bilan: Bilan) -> None:
        """L'accepte, ou dit pourquoi non."""
        try:
            self._valider_une(request, soumission, jeton)
        except TransitionInterdite as refus:
            if soumission and self.est_deja_fait(request, soumission, Statut.VALIDE, jeton):
                bilan.refaites.append(soumission)
            elif soumission and soumission.statut == Statut.VALIDE:
                bilan.devancees.append(soumission)
            else:
                self._dire(request, soumission, refus)
        else:
            bilan.acceptees.append(cast(Soumission, soumission))

    def _valider_une(self, request: HttpRequest, soumission: Soumission | None, jeton: str) -> None:
        if soumission is None:
            raise TransitionInterdite("Cette soumission n'existe pas.")
        if soumission.signalements:
            raise TransitionInterdite("Elle est signalée : relisez-la seule.")
        self.accepter(request, soumission, jeton)

    def _dire(self, request: HttpRequest, soumission: Soumission | None, refus: TransitionInterdite) -> None:
        nom = self.nommer(soumission) if soumission else "Une soumission demandée"
        phrase = self.dire_le_refus(request, soumission, refus) if soumission else refus
        self.message_user(request, f"{nom} n'est pas validée. {phrase}", messages.ERROR)

    def _dire_le_bilan(self, request: HttpRequest, bilan: Bilan) -> None:
        if faites := len(bilan.acceptees):
            self.message_user(request, f"{self.dire(faites)} acceptée{'s' * (faites > 1)}.", messages.SUCCESS)
        if bilan.refaites:
            self.message_user(request, f"{self.dire(len(bilan.refaites))} : c'était déjà fait.", messages.INFO)
        if n := len(bilan.devancees):
            etait = "étaient déjà acceptées" if n > 1 else "était déjà acceptée"
            self.message_user(request, f"{self.dire(n)} {etait}{_par(request, bilan.devancees)}.", messages.INFO)
        if not any(bilan):
            self.message_user(request, "Rien n'a été validé.", messages.WARNING)


def _par(request: HttpRequest, acceptees: Sequence[Soumission]) -> str:
    """« par Ève Côté », si une seule personne les a toutes acceptées; sinon rien."""
    if len({soumission.valide_par_id for soumission in acceptees}) > 1:
        return ""
    qui = acceptees[0].valide_par
    return " par vous" if qui == request.user else f" par {qui}"
