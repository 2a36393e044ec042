"""Les éditions elles-mêmes: leurs fichiers, leur annonce."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from barometre import depot, pages
from barometre.flux import Flux
from barometre.formats import FICHIERS, SOMMES
from barometre.http import publique
from barometre.models import Edition
from barometre.views.site import rien_encore

POUR_TOUJOURS = "public, max-age=31536000, immutable"


@publique
def les_donnees(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """Les données ouvertes de toutes les éditions."""
    if edition is None:
        return rien_encore(requete)
    return render(requete, "pages/donnees.html", pages.donnees.index(edition))


@publique
def donnees_de_l_edition(requete: HttpRequest, edition: Edition | None, code: str) -> HttpResponse:
    """Les fichiers d'une édition."""
    voulue = get_object_or_404(Edition.objects.select_related("precedente"), code=code)
    return render(requete, "pages/edition.html", pages.donnees.de_l_edition(edition or voulue, voulue))


@publique
def flux(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """L'annonce des éditions."""
    return Flux()(requete, edition)


@login_not_required
@require_safe
def fichier(requete: HttpRequest, code: str, nom: str) -> HttpResponseBase:
    """Un fichier d'une édition, le même pour toujours."""
    if nom not in (*FICHIERS, SOMMES):
        raise Http404("Ce fichier n'existe pas.")
    edition = get_object_or_404(Edition.objects.only("code", "empreinte"), code=code)
    etag = f'"{edition.empreinte[:32]}-{nom}"'
    reponse = get_conditional_response(requete, etag=etag) or _telecharger(edition, nom)
    reponse.headers["ETag"] = etag
    reponse.headers["Cache-Control"] = POUR_TOUJOURS
    reponse.headers["Access-Control-Allow-Origin"] = "*"
    reponse.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return reponse


def _telecharger(edition: Edition, nom: str) -> FileResponse:
    try:
        octets = (depot.dossier(edition.code) / nom).open("rb")
    except OSError as absent:
        raise Http404("Ce fichier manque au dépôt.") from absent
    nom_local = pages.donnees.nom_telecharge(edition, nom)
    return FileResponse(octets, as_attachment=True, filename=nom_local, content_type=pages.donnees.type_de(nom))
