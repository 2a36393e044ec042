"""Les séances: une heure sans activité, douze heures en tout, et rien de ce qui était saisi ne se perd."""

import time
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.account.signals import authentication_step_completed
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

ECRITURE = 60  # secondes: la séance s'écrit au plus une fois par minute
TAILLE = 256 * 1024
GARDE = "formulaire_garde"
# Un renvoi se tape sur la page du dossier: c'est elle qui le remontre.
RELUS = ("organisations_plantransformation", "indicateurs_soumission", "indicateurs_ficheexpertise")
RENVOIS = {f"{dossier}_renvoyer": f"{dossier}_change" for dossier in RELUS}
FILS = ("demande", "demande_nouvelle", "indicateurs_demandeaccompagnement_change")
# Les adresses dont la page sait remontrer ce qui fut tapé.
GARDEES = ("saisie", "plan", "fiche", "fiche_proposer", *FILS, *RENVOIS)


class Seances:
    """Ferme une séance qui a trop duré; une réponse qui a lu la séance n'est gardée nulle part.

    Une vue publique passe sans que la séance soit lue.
    """

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        reponse = self.suite(requete)
        if requete.session.accessed:
            reponse.headers["Cache-Control"] = "no-store"
            reponse.headers.pop("Expires", None)
        return reponse

    def process_view(self, requete: HttpRequest, vue, args, kwargs) -> HttpResponse | None:
        """Juge la séance, hors des vues publiques."""
        return juger(requete) if getattr(vue, "login_required", True) else None


def juger(requete: HttpRequest) -> HttpResponse | None:
    """Où va la personne dont la séance a trop duré; rien si la séance tient, ou si personne n'est connecté."""
    if not requete.user.is_authenticated:
        return None
    seance, maintenant = requete.session, time.time()
    debut, vue_le = seance.get("debut", maintenant), seance.get("vue_le", maintenant)
    if maintenant - vue_le > settings.SEANCE_INACTIVITE or maintenant - debut > settings.SEANCE_DUREE:
        return _expirer(requete)
    if "debut" not in seance or maintenant - vue_le >= ECRITURE:
        seance["debut"], seance["vue_le"] = debut, maintenant
    if GARDE in seance and seance[GARDE]["personne"] != requete.user.pk:
        del seance[GARDE]
    return None


def remontrer(requete: HttpRequest) -> HttpResponse | None:
    """Un formulaire de notre page au jeton périmé, comme après une reconnexion ailleurs: sa page le remontrera.

    Rien n'est écrit: la personne relit et renvoie. Ce qui vient d'un autre site n'est ni gardé ni remontré.
    """
    provenance = requete.headers.get("Origin") or requete.headers.get("Referer", "")
    d_ici = f"{provenance}/".startswith(f"{requete.scheme}://{requete.get_host()}/")
    contenu = _contenu(requete) if d_ici and requete.user.is_authenticated else ""
    if not contenu:
        return None
    if finie := juger(requete):
        return finie
    _garder(requete, requete.user.pk, contenu)
    messages.info(requete, "Ce formulaire datait d'avant votre connexion. Relisez votre saisie, puis renvoyez-la.")
    return HttpResponseRedirect(_page(requete), status=303)


def reprendre_le_formulaire(requete: HttpRequest) -> QueryDict | None:
    """Ce que cette personne avait envoyé à cette adresse quand sa séance a pris fin; rendu une seule fois."""
    garde = requete.session.get(GARDE)
    if garde is None or (garde["personne"], garde["adresse"]) != (requete.user.pk, requete.get_full_path()):
        return None
    del requete.session[GARDE]
    return QueryDict(garde["contenu"])


def _expirer(requete: HttpRequest) -> HttpResponse:
    """Vide la séance et mène à la connexion; une saisie attend la même personne, dans la nouvelle."""
    personne, contenu, retour = requete.user.pk, _contenu(requete), _retour(requete)
    logout(requete)
    if contenu:
        _garder(requete, personne, contenu)
    suite = " Ce que vous aviez saisi est gardé." if contenu else ""
    messages.info(requete, f"Votre séance a pris fin. Reconnectez-vous.{suite}")
    return redirect_to_login(retour)


def _retour(requete: HttpRequest) -> str:
    """La page où revenir. L'adresse d'un geste ne se lit pas toujours: on revient alors à la page d'au-dessus."""
    trouvee = requete.resolver_match
    if requete.method != "POST" or trouvee is None or trouvee.url_name in (*GARDEES, "invitation"):
        return _page(requete)
    slug = trouvee.kwargs.get("slug")
    return reverse("tableau", args=[slug]) if slug else get_adapter().get_login_redirect_url(requete)


def _page(requete: HttpRequest) -> str:
    """La page d'où vient l'envoi, qui se lit: son adresse, sauf pour un renvoi."""
    trouvee = requete.resolver_match
    if trouvee is None or trouvee.url_name not in RENVOIS:
        return requete.get_full_path()
    return reverse(f"{trouvee.namespace}:{RENVOIS[trouvee.url_name]}", kwargs=trouvee.kwargs)


def _garder(requete: HttpRequest, personne: int | None, contenu: str) -> None:
    requete.session[GARDE] = {"personne": personne, "adresse": _page(requete), "contenu": contenu}


def _contenu(requete: HttpRequest) -> str:
    """Le formulaire à garder, sans jeton ni mot de passe; rien s'il est trop lourd ou porte un fichier."""
    trouvee = requete.resolver_match
    if requete.method != "POST" or trouvee is None or trouvee.url_name not in GARDEES or requete.FILES:
        return ""
    gardes = requete.POST.copy()
    for nom in requete.POST:
        if nom == "csrfmiddlewaretoken" or "password" in nom.lower():
            del gardes[nom]
    contenu = gardes.urlencode()
    return contenu if len(contenu) <= TAILLE else ""


@receiver(user_logged_in)
def _commencer(request: HttpRequest, **details) -> None:
    """Une séance dure à partir de l'entrée, même si aucune page n'est vue ensuite."""
    request.session["debut"] = request.session["vue_le"] = time.time()


@receiver(authentication_step_completed)
def _changer_de_cle(request: HttpRequest, **details) -> None:
    """Un facteur de plus donne des droits: l'ancienne clé de séance ne vaut plus."""
    if request.user.is_authenticated:
        request.session.cycle_key()
