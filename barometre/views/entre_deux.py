"""Ce qui paraît entre deux éditions: les plans, les fiches d'expertise, le calendrier."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response

from barometre import fraicheur, pages
from barometre.calendrier import parutions
from barometre.http import FRAICHEUR, en_lecture, publique
from barometre.models import Edition, Parution
from barometre.pages.sorties import demonstration
from barometre.views.remplacees import mener
from organisations.horloge import maintenant
from organisations.models import PlanTransformation


@publique(vivant=fraicheur.des_plans, lit=("q", "portefeuille"))
def plans(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """Les plans acceptés, sans attendre l'édition suivante."""
    return render(requete, "pages/plans.html", pages.plans.liste(edition, requete.GET))


@publique(vivant=fraicheur.des_plans)
def plan(requete: HttpRequest, edition: Edition | None, slug: str) -> HttpResponse:
    """Le plan d'une organisation."""
    contexte = pages.plan.contexte(edition, slug)
    if contexte is None:
        raise Http404("Cette organisation n'est pas publiée.")
    if contexte["plan"] is None and (suite := _suite(edition, slug)):
        return mener(requete, suite)
    return render(requete, "pages/plan.html", contexte)


def _suite(edition: Edition | None, slug: str) -> str:
    """Le nom d'adresse de celle qui remplace cette organisation; vide si rien ne la remplace."""
    fiche = pages.cadre.trouver(edition, slug)
    return pages.organisation.suite(edition, fiche) if edition and fiche else ""


@en_lecture
def document_du_plan(requete: HttpRequest, slug: str) -> HttpResponseBase:
    """Le document du plan en vigueur, sous un nom que nous choisissons."""
    plan = pages.plan.en_vigueur(slug)
    if plan is None or not plan.document:
        raise Http404("Cette organisation n'a pas de plan accepté, ou il n'a pas de document.")
    etag = f'"{plan.document.name}"'
    reponse = get_conditional_response(requete, etag=etag) or _telecharger_le_document(plan)
    reponse.headers["ETag"], reponse.headers["Cache-Control"] = etag, FRAICHEUR
    return reponse


def _telecharger_le_document(plan: PlanTransformation) -> FileResponse:
    try:
        octets = plan.document.open()
    except OSError as absent:
        raise Http404("Ce document manque au dépôt.") from absent
    nom = f"plan-{plan.organisation.slug}.pdf"
    return FileResponse(octets, as_attachment=True, filename=nom, content_type="application/pdf")


@publique(vivant=fraicheur.des_fiches, lit=("q", "indicateur", "portefeuille", "page"))
def expertise(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """Les fiches d'expertise acceptées, sans attendre l'édition suivante."""
    return render(requete, "pages/expertises.html", pages.expertise.liste(edition, requete.GET))


@publique(vivant=fraicheur.des_fiches)
def fiche(requete: HttpRequest, edition: Edition | None, slug: str, reference: str) -> HttpResponse:
    """Une fiche d'expertise."""
    contexte = pages.expertise.contexte(edition, slug, reference)
    if contexte is None:
        raise Http404("Cette fiche n'est pas publiée.")
    return render(requete, "pages/expertise.html", contexte)


@publique(vivant=pages.calendrier.etat)
def calendrier(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """Les jours annoncés des éditions."""
    return render(requete, "pages/calendrier.html", pages.calendrier.contexte(edition, maintenant()))


@publique(vivant=pages.calendrier.etat)
def calendrier_ics(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """Les mêmes jours, pour un agenda."""
    agenda = parutions(Parution.objects.en_vigueur(maintenant()).values(), demonstration(edition))
    return HttpResponse(agenda, content_type="text/calendar; charset=utf-8")
