"""Les adresses du site, et une page d'essai de l'espace."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from barometre.urls import handler400, handler403, handler404, handler429, handler500, urlpatterns
from organisations.comptes import seances

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500"]


def essai(requete: HttpRequest) -> HttpResponse:
    repris = seances.reprendre_le_formulaire(requete) if requete.method == "GET" else None
    return JsonResponse({"repris": repris and dict(repris.lists()), "recu": dict(requete.POST.lists())})


urlpatterns = [
    path("espace/essai/", essai),
    path("espace/autre/", essai),
    *urlpatterns,
    path("espace/", essai, name="espace"),
]
