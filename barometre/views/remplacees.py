"""L'adresse d'une organisation remplacée mène à la même adresse de celle qui la remplace."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from barometre import pages
from barometre.http import FRAICHEUR
from barometre.models import Edition


def d_une_organisation(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """`vue(requete, edition, fiche, …)`: la fiche de cette adresse. Lève `Http404` si l'édition ne la publie pas."""

    @wraps(vue)
    def enveloppe(requete: HttpRequest, edition: Edition | None, slug: str, **reste: str) -> HttpResponse:
        fiche = pages.cadre.trouver(edition, slug)
        if edition is None or fiche is None:
            raise Http404("Cette organisation n'est pas publiée.")
        suite = pages.organisation.suite(edition, fiche)
        return mener(requete, suite) if suite else vue(requete, edition, fiche, **reste)

    return enveloppe


def mener(requete: HttpRequest, suite: str) -> HttpResponse:
    """La même adresse pour cette organisation: pour toujours, mais un navigateur la redemandera."""
    ici = requete.resolver_match
    assert ici  # noqa: S101 - une vue répond: Django a trouvé son adresse
    reponse = redirect(ici.view_name, permanent=True, **ici.kwargs | {"slug": suite})
    reponse.headers["Cache-Control"] = FRAICHEUR
    return reponse
