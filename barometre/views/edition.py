"""Les pages d'une édition: la plus récente, ou celle que l'adresse nomme."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from barometre import pages
from barometre.http import publique
from barometre.lignees import Fiche
from barometre.models import Edition
from barometre.pages.comparaison.choisies import CHAMPS as A_COMPARER
from barometre.pages.liste.rangs import CHAMPS as A_LISTER
from barometre.views.remplacees import d_une_organisation
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
def methodologie(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """La méthode, avec les exemples de l'édition."""
    if edition is None:
        return rien_encore(requete)
    return render(requete, "pages/methodologie.html", pages.methodologie.contexte(edition))


@publique(lit=A_LISTER)
def organisations(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """La liste des organisations."""
    if edition is None:
        return rien_encore(requete)
    return render(requete, "pages/organisations.html", pages.liste.contexte(edition, requete.GET))


@publique
@d_une_organisation
def organisation(requete: HttpRequest, edition: Edition, fiche: Fiche) -> HttpResponse:
    """Une organisation, ou celle qui la remplace."""
    return render(requete, "pages/organisation.html", pages.organisation.contexte(edition, fiche))


@publique(lit=A_COMPARER)
def comparer(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """Quelques organisations sur un indicateur."""
    if edition is None:
        return rien_encore(requete)
    return render(requete, "pages/comparer.html", pages.comparaison.contexte(edition, requete.GET))


@publique
def portefeuille(requete: HttpRequest, edition: Edition | None, slug: str) -> HttpResponse:
    """Un portefeuille."""
    tete = pages.portefeuille.tete(edition, slug) if edition else None
    if edition is None or tete is None:
        raise Http404("Ce portefeuille n'est pas publié.")
    return render(requete, "pages/portefeuille.html", pages.portefeuille.contexte(edition, tete))
