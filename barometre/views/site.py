"""Ce qu'un site public doit à qui le lit, hors de tout chiffre."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from barometre import pages


def rien_encore(requete: HttpRequest) -> HttpResponse:
    """Tant qu'aucune édition n'est publiée."""
    return render(requete, "pages/vide.html", {"page": pages.Page("Rien n'est encore publié")})
