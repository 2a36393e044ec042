"""Les en-têtes de sécurité que ni Django ni django-csp ne posent, et une porte qui ne lit pas les témoins pour rien."""

from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse

ENTETES = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class EntetesDeSecurite:
    """Pose `ENTETES` sur chaque réponse, sauf où la vue en a décidé autrement."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        reponse = self.suite(requete)
        for nom, valeur in ENTETES.items():
            reponse.headers.setdefault(nom, valeur)
        return reponse


class ConnexionExigee(LoginRequiredMiddleware):
    """Celle de Django, sauf qu'une vue publique passe avant que la session soit lue: sa réponse ne varie pas."""

    def process_view(self, requete, vue, args, kwargs):
        """Laisse passer une vue publique; demande à Django pour les autres."""
        return super().process_view(requete, vue, args, kwargs) if getattr(vue, "login_required", True) else None
