"""L'équipe d'une organisation et l'invitation reçue: quel objet, quel geste, quelle page ensuite."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from organisations import courriels
from organisations.comptes.personnes import personne_de
from organisations.comptes.seances import juger
from organisations.equipe.forms import FormulaireDInvitation, FormulaireDuCompte
from organisations.equipe.jeton import acceptee_par, invitation_de
from organisations.horloge import maintenant
from organisations.http import lire_ou_ecrire, organisation_de, saisi, vers
from organisations.models import Habilitation, Invitation, Organisation, Role, TransitionInterdite, Utilisateur
from organisations.models.invitation import exiger_gerer, prendre_l_equipe

UN_JOUR = datetime.timedelta(days=1)
INVITATIONS_PAR_JOUR = 20  # l'espace ne sert pas à arroser des adresses


class TropDInvitations(TransitionInterdite):
    """L'organisation a épuisé ses invitations du jour."""


def geste_d_equipe(geste: Callable[..., HttpResponse | None]) -> Callable[..., HttpResponse]:
    """Un POST de qui gère l'équipe, un à la fois par organisation; refusé, la page revient avec sa phrase."""

    @wraps(geste)
    def vue(requete: HttpRequest, slug: str, **cle: int) -> HttpResponse:
        organisation = organisation_de(requete, slug)
        try:
            with transaction.atomic():
                prendre_l_equipe(organisation, requete.user)
                reponse = geste(requete, organisation, maintenant(), **cle)
        except TransitionInterdite as refus:
            return _equipe_refusee(requete, organisation, refus)
        return reponse or _apres_le_geste(requete, organisation)

    return require_POST(vue)


@lire_ou_ecrire
def equipe(requete: HttpRequest, slug: str) -> HttpResponse:
    """Qui rédige, qui transmet, qui est invité; inviter."""
    if requete.method == "POST":
        return _inviter(requete, slug)
    return _page_de_l_equipe(requete, organisation_de(requete, slug))


@geste_d_equipe
def _inviter(requete: HttpRequest, organisation: Organisation, le: datetime.datetime) -> HttpResponse | None:
    formulaire = FormulaireDInvitation(organisation, requete.POST)
    if not formulaire.is_valid():
        return _page_de_l_equipe(requete, organisation, 400, form=formulaire)
    voulu = {nom: formulaire.cleaned_data[nom] for nom in ("courriel", "role")}
    if organisation.invitations.en_attente(le).filter(**voulu).exists():
        messages.info(requete, "Cette personne est déjà invitée. Pour lui récrire, retirez d'abord l'invitation.")
        return None
    if organisation.invitations.filter(invitee_le__gt=le - UN_JOUR).count() >= INVITATIONS_PAR_JOUR:
        raise TropDInvitations("Votre organisation a envoyé 20 invitations en un jour. Continuez demain.")
    courriels.inviter(Invitation.objects.inviter(organisation=organisation, par=requete.user, le=le, **voulu))
    messages.success(requete, f"L'invitation part à {voulu['courriel']}. Elle vaut 14 jours.")
    return None


@geste_d_equipe
def retirer(requete: HttpRequest, organisation: Organisation, le: datetime.datetime, cle: int) -> None:
    """Retirer une invitation."""
    invitation = get_object_or_404(organisation.invitations, pk=cle)
    if invitation.retiree_le is None:
        invitation.retirer(par=requete.user, le=le)
        messages.success(requete, f"L'invitation de {invitation.courriel} est retirée.")


@geste_d_equipe
def revoquer(requete: HttpRequest, organisation: Organisation, le: datetime.datetime, cle: int) -> None:
    """Révoquer une habilitation."""
    tenue = get_object_or_404(organisation.habilitations.select_related("personne"), pk=cle)
    if tenue.revoquee_le is None:
        _exiger_qui_transmette(tenue)
        tenue.revoquer(par=requete.user, le=le)
        messages.success(requete, f"{tenue.personne} n'a plus le rôle « {tenue.get_role_display()} ».")


@geste_d_equipe
def changer_de_role(requete: HttpRequest, organisation: Organisation, le: datetime.datetime, cle: int) -> None:
    """Donner l'autre rôle: révoquer, puis accorder."""
    tenue = get_object_or_404(organisation.habilitations.select_related("personne"), pk=cle)
    if tenue.revoquee_le is None:
        _exiger_qui_transmette(tenue)
        autre = Role.REDACTION if tenue.role == Role.TRANSMISSION else Role.TRANSMISSION
        tenue.revoquer(par=requete.user, le=le)
        Habilitation.objects.accorder(
            personne=tenue.personne, organisation=organisation, role=autre, par=requete.user, le=le
        )
        messages.success(requete, f"{tenue.personne} a maintenant le rôle « {autre.label} ».")


def _exiger_qui_transmette(perdue: Habilitation) -> None:
    autres = Habilitation.objects.actives().filter(organisation=perdue.organisation_id, role=Role.TRANSMISSION)
    if not autres.filter(personne__is_active=True).exclude(pk=perdue.pk).exists() and perdue.role == Role.TRANSMISSION:
        raise TransitionInterdite("Une personne au moins doit pouvoir transmettre. Donnez d'abord ce rôle à une autre.")


def _apres_le_geste(requete: HttpRequest, organisation: Organisation) -> HttpResponse:
    """L'équipe, ou la liste des organisations pour qui vient d'en sortir."""
    encore = Organisation.objects.pour(requete.user).filter(pk=organisation.pk).exists()
    return vers("equipe", organisation.slug) if encore else vers("espace")


def _equipe_refusee(requete: HttpRequest, organisation: Organisation, refus: TransitionInterdite) -> HttpResponse:
    formulaire = FormulaireDInvitation(organisation, initial=requete.POST.dict())
    statut = 429 if isinstance(refus, TropDInvitations) else 409 if _gere(requete, organisation) else 403
    return _page_de_l_equipe(requete, organisation, statut, form=formulaire, refus=str(refus))


def _page_de_l_equipe(
    requete: HttpRequest, organisation: Organisation, statut: int = 200, **montre: Any
) -> HttpResponse:
    contexte = {
        "organisation": organisation,
        "tenues": organisation.habilitations.actives().select_related("personne").order_by("accordee_le", "pk"),
        "invitations": organisation.invitations.en_attente(maintenant()).order_by("invitee_le", "pk"),
        "gere": _gere(requete, organisation),
        "form": FormulaireDInvitation(organisation, initial={"role": Role.REDACTION}),
        "refus": "",
    }
    return render(requete, "espace/equipe.html", contexte | montre, status=statut)


def _gere(requete: HttpRequest, organisation: Organisation) -> bool:
    try:
        exiger_gerer(requete.user, organisation)
    except TransitionInterdite:
        return False
    return True


# --- l'invitation ----------------------------------------------------------------------------------------------------


@login_not_required
@lire_ou_ecrire
def invitation(requete: HttpRequest, jeton: str) -> HttpResponse:
    """Une invitation reçue par courriel: la lire, l'accepter."""
    le = maintenant()
    try:
        reponse = juger(requete) or _repondre(requete, invitation_de(jeton, le), le)
    except TransitionInterdite:
        reponse = _invitation_echue(requete, jeton)
    # `no-referrer` ferait taire aussi l'en-tête Origin du formulaire, que la garde CSRF refuserait.
    reponse.headers["Referrer-Policy"] = "same-origin"
    return reponse


def _invitation_echue(requete: HttpRequest, jeton: str) -> HttpResponse:
    """Une seule page pour tout ce qui ne vaut plus: elle ne dit pas qui a un compte. Accepter deux fois n'est rien."""
    if requete.method == "POST" and (acceptee := acceptee_par(requete.user, jeton)):
        return vers("tableau", acceptee.organisation.slug)
    return render(requete, "espace/invitation_echue.html", status=404)


def _repondre(requete: HttpRequest, recue: Invitation, le: datetime.datetime) -> HttpResponse:
    compte, ecrit = personne_de(recue.courriel), requete.method == "POST"
    if compte is None and requete.user.is_anonymous:
        formulaire = FormulaireDuCompte(recue.courriel, saisi(requete))
        if formulaire.is_valid():
            return _entrer_par_invitation(requete, recue, formulaire.cleaned_data, le)
        contexte, statut = {"recue": recue, "form": formulaire}, 400 if ecrit else 200
    elif ecrit and requete.user == compte:
        recue.accepter(par=compte, le=le)
        return vers("tableau", recue.organisation.slug)
    else:
        contexte, statut = {"recue": recue, "compte": compte}, 403 if ecrit else 200
    return render(requete, "espace/invitation.html", contexte, status=statut)


def _entrer_par_invitation(requete: HttpRequest, recue: Invitation, choix: dict, le: datetime.datetime) -> HttpResponse:
    """Crée le compte, accepte et entre: le lien reçu prouve l'adresse."""
    try:
        with transaction.atomic():
            compte = Utilisateur.objects.create_user(recue.courriel, choix["mot_de_passe"], nom=choix["nom"])
            recue.accepter(par=compte, le=le)
    except IntegrityError as double:
        raise TransitionInterdite("Ce compte vient d'être créé.") from double
    login(requete, compte)
    return vers("tableau", recue.organisation.slug)
