"""Ce qui entoure chaque demande: numéro, langue, en-têtes, taille, méthode refusée, porte, panne du cache."""

from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import translation
from redis.exceptions import RedisError

from barometre.views import erreurs
from organisations.requete import identifiee

LECTURES = ("GET", "HEAD")
ENTETES = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class DemandeIdentifiee:
    """Donne à chaque demande un identifiant, que citent le journal des dossiers et la page de panne."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        with identifiee(uuid4().hex):
            return self.suite(requete)


class LangueDeLAdresse:
    """L'anglais sous /en/, le français ailleurs: l'adresse seule en décide, et la réponse ne varie pas.

    Le `LocaleMiddleware` de Django, lui, lit un témoin et l'en-tête `Accept-Language`, et prend /EN/ pour de l'anglais.
    """

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        premier = requete.path_info.removeprefix("/").partition("/")[0]
        langue = premier if premier in dict(settings.LANGUAGES) else "fr"
        with translation.override(langue):
            reponse = self.suite(requete)
        reponse.headers.setdefault("Content-Language", f"{langue}-CA")
        return reponse


class EntetesDeSecurite:
    """Pose `ENTETES` sur chaque réponse, et dit quand réessayer, sauf où la vue en a décidé autrement."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        reponse = self.suite(requete)
        for nom, valeur in ENTETES.items():
            reponse.headers.setdefault(nom, valeur)
        if reponse.status_code in (429, 503):
            reponse.headers.setdefault("Retry-After", "60")
        return reponse


class ConnexionExigee(LoginRequiredMiddleware):
    """Celle de Django, sauf qu'une vue publique passe avant que la session soit lue: sa réponse ne varie pas."""

    def process_view(self, requete, vue, args, kwargs):
        """Laisse passer une vue publique; demande à Django pour les autres."""
        return super().process_view(requete, vue, args, kwargs) if getattr(vue, "login_required", True) else None


class DemandeBornee:
    """Refuse une demande trop lourde, ou qui se dit écrite autrement qu'en UTF-8, avant d'en lire un octet."""

    MAXIMUM = 12 * 1024 * 1024

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        longueur = requete.META.get("CONTENT_LENGTH") or "0"
        if longueur.isdecimal() and int(longueur) > self.MAXIMUM:
            return erreurs.demande_trop_lourde(requete)
        if (requete.content_params or {}).get("charset", "").lower() not in ("", "utf-8"):
            return erreurs.demande_invalide(requete)
        return self.suite(requete)


class MethodeRefusee:
    """Refuse d'écrire là où l'on ne fait que lire, avant de chercher un jeton, et donne une page à tous les 405."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def process_view(self, requete: HttpRequest, vue: Callable, args: object, kwargs: object) -> HttpResponse | None:
        """405, si la vue est `en_lecture` et que la demande n'en est pas une."""
        est_permise = requete.method in LECTURES or not getattr(vue, "en_lecture", False)
        return None if est_permise else HttpResponseNotAllowed(LECTURES)

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        reponse = self.suite(requete)
        if isinstance(reponse, HttpResponseNotAllowed) and not reponse.content:
            reponse.content = erreurs.methode_refusee(requete).content  # l'en-tête Allow reste
        return reponse


class CacheEnPanne:
    """Sans Redis, les essais de connexion ne se comptent plus: on n'entre pas, et une page le dit."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        return self.suite(requete)

    def process_exception(self, requete: HttpRequest, exception: Exception) -> HttpResponse | None:
        """503, si c'est Redis."""
        return erreurs.service_indisponible(requete) if isinstance(exception, RedisError) else None
