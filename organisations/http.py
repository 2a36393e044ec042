"""Ce que les vues de l'espace partagent: qui peut ouvrir quoi, et où l'on va ensuite."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from organisations.models import Organisation, TransitionInterdite

lire_ou_ecrire = require_http_methods(["GET", "HEAD", "POST"])


def organisation_de(requete: HttpRequest, slug: str) -> Organisation:
    """L'organisation de cette adresse, si la personne y est habilitée; 404 sinon, comme si elle n'existait pas."""
    return get_object_or_404(Organisation.objects.pour(requete.user), slug=slug)


def vers(nom: str, *cle: str) -> HttpResponseRedirect:
    """303: après un geste, la page qui le montre; la recharger ne le refait pas."""
    return HttpResponseRedirect(reverse(nom, args=cle), status=303)


def saisi(requete: HttpRequest) -> QueryDict | None:
    """Ce qui est envoyé; rien pour une simple lecture, et le formulaire est alors vierge."""
    return requete.POST if requete.method == "POST" else None


def repondre(
    requete: HttpRequest, forme: Form, faire: Callable[[], HttpResponse], gabarit: str, contexte: dict[str, Any]
) -> HttpResponse:
    """Un formulaire simple: montré; fait, et l'on va où dit `faire`; mal rempli (400); refusé par le domaine (409)."""
    statut = 200
    if requete.method == "POST":
        statut = 400
        if forme.is_valid():
            try:
                return faire()
            except TransitionInterdite as refus:
                forme.add_error(None, str(refus))
                statut = 409
    return render(requete, gabarit, contexte | {"form": forme}, status=statut)
