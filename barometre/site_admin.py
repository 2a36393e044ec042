"""L'administration: l'équipe du CQEN, entrée avec son deuxième facteur."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache


class Administration(AdminConfig):
    """L'administration de Django, avec notre site."""

    default_site = "barometre.site_admin.SiteDeLEquipe"


class SiteDeLEquipe(AdminSite):
    """Celui de Django, qui demande ce que la séance a prouvé, et non seulement ce que la personne possède."""

    site_title = "Baromètre numérique"
    site_header = "Baromètre numérique"
    index_title = "Administration"
    index_template = "admin/accueil.html"

    def register(self, model_or_iterable, admin_class=None, **options) -> None:
        """Laisse de côté les tables d'allauth: une adresse ne vaut que dans le compte, un secret ne se montre pas."""
        if not getattr(admin_class, "__module__", "").startswith(
            ("allauth.account", "allauth.socialaccount", "allauth.mfa")
        ):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """L'équipe, entrée avec son deuxième facteur s'il est exigé."""
        return super().has_permission(request) and (not settings.MFA_EXIGEE or _facteur_prouve(request))

    def index(self, request: HttpRequest, extra_context=None) -> Any:
        """Ce qui attend la personne, puis les listes."""
        from barometre.pages.administration import questions  # ses modèles ne sont pas prêts avant

        return super().index(request, {**(extra_context or {}), "questions": questions(request.user)})

    def password_change(self, request: HttpRequest, extra_context=None) -> Any:
        """Un mot de passe se change au compte, qui redemande l'ancien et avise la personne."""
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context=None) -> Any:
        """De même."""
        return redirect("account_change_password")

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """Mène à la connexion commune, ou au deuxième facteur s'il ne manque que lui."""
        suite = request.GET.get(REDIRECT_FIELD_NAME, reverse("admin:index"))
        if not request.user.is_authenticated:
            return redirect(reverse("account_login", query={REDIRECT_FIELD_NAME: suite}))
        if not super().has_permission(request):
            raise PermissionDenied
        return _vers_le_facteur(request, suite)


def _facteur_prouve(request: HttpRequest) -> bool:
    from allauth.account.authentication import get_authentication_records  # ses modèles ne sont pas prêts avant

    return any(preuve["method"] == "mfa" for preuve in get_authentication_records(request, request.user))


def _vers_le_facteur(request: HttpRequest, suite: str) -> HttpResponse:
    """À la page où prouver son facteur; sinon à celle où en activer un."""
    from allauth.account.adapter import get_adapter

    for moyen in get_adapter().get_reauthentication_methods(request.user):
        if moyen["id"].startswith("mfa"):
            return redirect(f"{moyen['url']}?{urlencode({REDIRECT_FIELD_NAME: suite})}")
    messages.warning(request, "L'administration demande un deuxième facteur. Activez-en un, puis revenez-y.")
    return redirect("mfa_index")
