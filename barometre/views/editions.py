"""Les éditions elles-mêmes: leur liste, ce qu'elles révisent, leurs fichiers, leur annonce."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from barometre import depot, entre_editions, pages
from barometre.entre_editions import Jalon
from barometre.flux import Flux, FluxDUneOrganisation
from barometre.formats import FICHIERS, SOMMES
from barometre.http import publique
from barometre.models import Edition
from barometre.revisions import Revision
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
def toutes(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """Toutes les éditions, chacune telle qu'elle a paru."""
    if edition is None:
        return rien_encore(requete)
    return render(requete, "pages/editions.html", pages.editions.contexte(edition))


@publique
def revisions(requete: HttpRequest, edition: Edition | None, avant: str, apres: str) -> HttpResponse:
    """Ce qui diffère entre deux éditions, et pourquoi."""
    ancienne, neuve = _deux_editions(avant, apres)
    if ancienne.rang > neuve.rang:
        return HttpResponsePermanentRedirect(pages.revisions.entre(apres, avant))
    changees = _changees(ancienne, neuve)
    contexte = pages.revisions.contexte(edition or neuve, ancienne, neuve, changees, requete.GET)
    return render(requete, "pages/revisions.html", contexte, status=503 if changees is None else 200)


@login_not_required
def revisions_csv(requete: HttpRequest, avant: str, apres: str) -> HttpResponse:
    """Le même journal, en données ouvertes."""
    reponse = _journal_en_csv(requete, avant=avant, apres=apres)
    nom = f"barometre-revisions-{avant}...{apres}.csv"
    if reponse.status_code == 200:
        reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
        reponse.headers["Access-Control-Allow-Origin"] = "*"
    return reponse


@publique
def _journal_en_csv(requete: HttpRequest, edition: Edition | None, avant: str, apres: str) -> HttpResponse:
    ancienne, neuve = _deux_editions(avant, apres)
    if ancienne.rang > neuve.rang:
        return HttpResponsePermanentRedirect(reverse("revisions_csv", args=[apres, avant]))
    changees = _changees(ancienne, neuve)
    if changees is None:
        raise Http404("Ce journal ne se lit pas.")
    octets = pages.revisions.fichier(ancienne, neuve, changees)
    return HttpResponse(octets, content_type=pages.donnees.type_de("revisions.csv"))


def _changees(avant: Edition, apres: Edition) -> list[Revision] | None:
    return entre_editions.revisions(Jalon.de(avant), Jalon.de(apres))


def _deux_editions(avant: str, apres: str) -> tuple[Edition, Edition]:
    """Ces deux éditions, qui peuvent être la même; une requête."""
    trouvees = {e.code: e for e in Edition.objects.select_related("trimestre").filter(code__in=[avant, apres])}
    if not {avant, apres} <= trouvees.keys():
        raise Http404("Une de ces éditions n'est pas publiée.")
    return trouvees[avant], trouvees[apres]


@publique
def flux(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """L'annonce des éditions."""
    return Flux()(requete, edition)


@publique
def flux_d_une_organisation(requete: HttpRequest, edition: Edition | None, slug: str) -> HttpResponse:
    """Chaque édition où quelque chose d'une organisation paraît ou change."""
    fiche = pages.organisation.trouver(edition, slug)
    if fiche is None:
        raise Http404("Cette organisation n'est pas publiée.")
    return FluxDUneOrganisation(fiche)(requete, edition)


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
