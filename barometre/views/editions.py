"""Les éditions elles-mêmes: leur liste, ce qu'elles révisent, leurs fichiers, leur annonce."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import get_conditional_response

from barometre import depot, entre_editions, pages
from barometre.entetes import OUVERTE, avec
from barometre.entre_editions import Jalon
from barometre.flux import Flux, FluxDUneOrganisation
from barometre.formats import FICHIERS, SOMMES
from barometre.http import en_lecture, publique
from barometre.lignees import Fiche
from barometre.models import Edition
from barometre.revisions import Revision
from barometre.views.remplacees import d_une_organisation
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


@publique(lit=("q", "trimestre"))
def revisions(requete: HttpRequest, edition: Edition | None, avant: str, apres: str) -> HttpResponse:
    """Ce qui diffère entre deux éditions, et pourquoi."""
    ancienne, neuve = _deux_editions(avant, apres)
    if ancienne.rang > neuve.rang:
        return HttpResponsePermanentRedirect(pages.revisions.entre(apres, avant))
    changees = _changees(ancienne, neuve)
    contexte = pages.revisions.contexte(edition or neuve, ancienne, neuve, changees, requete.GET)
    return render(requete, "pages/revisions.html", contexte, status=503 if changees is None else 200)


@avec(OUVERTE, "revisions-{avant}...{apres}.csv")
@publique
def revisions_csv(requete: HttpRequest, edition: Edition | None, avant: str, apres: str) -> HttpResponse:
    """Le même journal, en données ouvertes."""
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
@d_une_organisation
def flux_d_une_organisation(requete: HttpRequest, edition: Edition, fiche: Fiche) -> HttpResponse:
    """Chaque édition où quelque chose d'une organisation paraît ou change."""
    return FluxDUneOrganisation(edition, fiche)(requete, edition)


@avec(OUVERTE)
@en_lecture
def fichier(requete: HttpRequest, code: str, nom: str) -> HttpResponseBase:
    """Un fichier d'une édition, le même pour toujours."""
    if nom not in (*FICHIERS, SOMMES):
        raise Http404("Ce fichier n'existe pas.")
    edition = get_object_or_404(Edition.objects.only("code", "empreinte"), code=code)
    etag = f'"{edition.empreinte[:32]}-{nom}"'
    reponse = get_conditional_response(requete, etag=etag) or _telecharger(edition, nom)
    reponse.headers["ETag"] = etag
    reponse.headers["Cache-Control"] = POUR_TOUJOURS
    return reponse


def _telecharger(edition: Edition, nom: str) -> FileResponse:
    try:
        octets = (depot.dossier(edition.code) / nom).open("rb")
    except OSError as absent:
        raise Http404("Ce fichier manque au dépôt.") from absent
    nom_local = pages.donnees.nom_telecharge(edition, nom)
    return FileResponse(octets, as_attachment=True, filename=nom_local, content_type=pages.donnees.type_de(nom))
