"""Les pages publiques: quel objet, quelle page; le reste vit ailleurs."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from barometre import depot, pages
from barometre.formats import FICHIERS, SOMMES
from barometre.http import publique
from barometre.models import Edition

POUR_TOUJOURS = "public, max-age=31536000, immutable"


@publique
def accueil(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """Où en sont les cibles."""
    if edition is None:
        return _rien_encore(requete)
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
        return _rien_encore(requete)
    return render(requete, "pages/organisations.html", pages.liste.contexte(edition, requete.GET))


@publique
def organisation(requete: HttpRequest, edition: Edition | None, slug: str) -> HttpResponse:
    """Une organisation."""
    fiches = edition.organisations.values() if edition else ()
    fiche = next((f for f in fiches if f["slug"] == slug), None)
    if edition is None or fiche is None:
        raise Http404("Cette organisation n'est pas publiée.")
    return render(requete, "pages/organisation.html", pages.organisation.contexte(edition, fiche))


@publique
def les_donnees(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """Les données ouvertes de toutes les éditions."""
    if edition is None:
        return _rien_encore(requete)
    return render(requete, "pages/donnees.html", pages.donnees.index(edition))


@publique
def donnees_de_l_edition(requete: HttpRequest, edition: Edition | None, code: str) -> HttpResponse:
    """Les fichiers d'une édition."""
    voulue = get_object_or_404(Edition.objects.select_related("precedente"), code=code)
    return render(requete, "pages/edition.html", pages.donnees.de_l_edition(edition or voulue, voulue))


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


def _rien_encore(requete: HttpRequest) -> HttpResponse:
    return render(requete, "pages/vide.html", {"page": pages.Page("Rien n'est encore publié")})


# --- les erreurs -----------------------------------------------------------------------------------------------------
def demande_invalide(requete: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _erreur(requete, 400, "Cette demande est mal formée", "L'adresse ou le formulaire contient une erreur.")


def acces_refuse(requete: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _erreur(requete, 403, "Cette page vous est fermée", "Elle demande un droit que vous n'avez pas.")


def formulaire_refuse(requete: HttpRequest, reason: str = "") -> HttpResponse:
    """403, quand le jeton d'un formulaire manque ou a expiré; `reason` n'est dite à personne."""
    explication = "Rechargez la page d'où vous venez, puis recommencez."
    return _erreur(requete, 403, "Ce formulaire n'est plus valide", explication)


def page_introuvable(requete: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    explication = "L'adresse contient peut-être une faute, ou la page n'est pas publiée."
    return _erreur(requete, 404, "Cette page n'existe pas", explication)


def panne(requete: HttpRequest) -> HttpResponse:
    """500."""
    return _erreur(requete, 500, "Le site a une panne", "Ce n'est pas vous. Réessayez dans quelques minutes.")


def _erreur(requete: HttpRequest, statut: int, titre: str, explication: str) -> HttpResponse:
    contexte = {"page": pages.Page(titre), "explication": explication}
    return render(requete, "pages/erreur.html", contexte, status=statut)
