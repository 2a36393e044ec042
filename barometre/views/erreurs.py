"""Les refus et les pannes, dans l'allure du site."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from barometre import pages
from indicateurs import mots
from indicateurs.langue import _
from organisations.comptes.seances import remontrer
from organisations.requete import requete_courante


def demande_invalide(requete: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, ou 413 si elle est trop lourde."""
    if isinstance(exception, RequestDataTooBig):
        return demande_trop_lourde(requete)
    return _erreur(
        requete, 400, _("Cette demande est mal formée"), _("L'adresse ou le formulaire contient une erreur.")
    )


def demande_trop_lourde(requete: HttpRequest) -> HttpResponse:
    """413."""
    return _erreur(
        requete, 413, _("Cet envoi est trop lourd"), _("Réduisez le fichier ou le formulaire, puis recommencez.")
    )


def acces_refuse(requete: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _erreur(requete, 403, _("Cette page vous est fermée"), _("Elle demande un droit que vous n'avez pas."))


def formulaire_refuse(requete: HttpRequest, reason: str = "") -> HttpResponse:
    """403, quand le jeton d'un formulaire manque ou a expiré, sauf si sa page peut le remontrer.

    `reason` n'est dite à personne.
    """
    explication = _("Rechargez la page d'où vous venez, puis recommencez.")
    return remontrer(requete) or _erreur(requete, 403, _("Ce formulaire n'est plus valide"), explication)


def page_introuvable(requete: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    explication = _("L'adresse contient peut-être une faute, ou la page n'est pas publiée.")
    return _erreur(requete, 404, _("Cette page n'existe pas"), explication)


def methode_refusee(requete: HttpRequest) -> HttpResponse:
    """405."""
    explication = _("Revenez à la page d'où vous venez, puis recommencez.")
    return _erreur(requete, 405, _("Cette adresse ne s'ouvre pas ainsi"), explication)


def trop_de_demandes(requete: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429."""
    return _erreur(requete, 429, _("Trop d'essais"), _("Attendez une minute, puis recommencez."))


def panne(requete: HttpRequest) -> HttpResponse:
    """500."""
    conseil = _("Ce n'est pas vous. Réessayez dans quelques minutes. Numéro de la demande : %s.") % requete_courante()
    return _erreur(requete, 500, _("Le site a une panne"), mots.typographier(conseil))


def service_indisponible(requete: HttpRequest) -> HttpResponse:
    """503."""
    explication = _("Une panne ferme la connexion. Réessayez dans une minute. Les pages publiques restent ouvertes.")
    return _erreur(requete, 503, _("La connexion est fermée un moment"), explication)


def fichier_illisible(requete: HttpRequest) -> HttpResponse:
    """503, pour un fichier publié qui ne se lit pas."""
    return _erreur(requete, 503, _("Ce fichier ne se lit pas"), _("Réessayez dans une minute."))


def _erreur(requete: HttpRequest, statut: int, titre: str, explication: str) -> HttpResponse:
    contexte = {"page": pages.Page(titre), "explication": explication}
    return render(requete, "pages/erreur.html", contexte, status=statut)
