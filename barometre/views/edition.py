"""Les pages d'une édition: la plus récente, ou celle que l'adresse nomme."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from barometre import pages
from barometre.http import publique
from barometre.models import Edition
from barometre.views.site import rien_encore


@publique
def accueil(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """Où en sont les cibles."""
    if edition is None:
        return rien_encore(requete)
    return render(requete, "pages/accueil.html", pages.accueil.contexte(edition))


@publique
def indicateur(requete: HttpRequest, edition: Edition | None, code: str) -> HttpResponse:
    """Un indicateur."""
    if edition is None or code not in edition.regles:
        raise Http404("Cet indicateur n'est pas publié.")
    return render(requete, "pages/indicateur.html", pages.indicateur.contexte(edition, edition.regles[code]))


@publique
def organisations(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """La liste des organisations."""
    if edition is None:
        return rien_encore(requete)
    return render(requete, "pages/organisations.html", pages.liste.contexte(edition, requete.GET))


@publique
def organisation(requete: HttpRequest, edition: Edition | None, slug: str) -> HttpResponse:
    """Une organisation."""
    fiches = edition.organisations.values() if edition else ()
    fiche = next((f for f in fiches if f["slug"] == slug), None)
    if edition is None or fiche is None:
        raise Http404("Cette organisation n'est pas publiée.")
    return render(requete, "pages/organisation.html", pages.organisation.contexte(edition, fiche))
