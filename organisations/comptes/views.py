"""La page du compte, et le statut que celles d'allauth ne disent pas."""

from collections.abc import Callable
from functools import wraps
from itertools import chain

from allauth.mfa.utils import is_mfa_enabled
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from organisations.models import Habilitation

TROP = {"too_many_login_attempts", "rate_limited"}


@require_safe
def compte(requete: HttpRequest) -> HttpResponse:
    """Qui je suis, comment j'entre, pour qui je parle."""
    habilitations = Habilitation.objects.actives().filter(personne=requete.user.pk).select_related("organisation")
    contexte = {
        "a_un_facteur": is_mfa_enabled(requete.user),
        "habilitations": habilitations.order_by("organisation__nom"),
    }
    return render(requete, "account/compte.html", contexte)


def avec_son_statut(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """La même vue, dont un refus n'est pas un succès: 400, ou 429 après trop d'essais."""

    @wraps(vue)
    def enveloppe(requete: HttpRequest, *args, **kwargs) -> HttpResponse:
        reponse = vue(requete, *args, **kwargs)
        if isinstance(reponse, TemplateResponse):
            reponse.add_post_render_callback(_dire_le_refus)
        return reponse

    return enveloppe


def _dire_le_refus(reponse: TemplateResponse) -> None:
    """Lit les formulaires que la page a jugés: en juger un ici compterait un essai de plus."""
    formes = [montre for montre in (reponse.context_data or {}).values() if isinstance(montre, BaseForm)]
    jugees = filter(None, (vars(forme)["_errors"] for forme in formes))
    if codes := {erreur.code for erreurs in jugees for erreur in chain(*erreurs.as_data().values())}:
        reponse.status_code = 429 if codes & TROP else 400
