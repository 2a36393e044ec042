"""Les courriels de l'équipe et du plan: texte brut, en français, envoyés une fois l'écriture acquise."""

import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from organisations.equipe.jeton import jeton_de
from organisations.models import Habilitation, Invitation, PlanTransformation, Utilisateur

journal = logging.getLogger(__name__)
PAS_PARTI = "Un courriel de l'espace n'est pas parti."  # sans la trace, qui dirait l'adresse


def inviter(invitation: Invitation) -> None:
    """Envoie le lien de l'invitation, qui prouve que l'adresse est celle de la personne."""
    contexte = {"invitation": invitation, "page": adresse("invitation", jeton_de(invitation))}
    envoyer_ensuite(invitation.courriel, "Invitation au baromètre numérique", "invitation", contexte)


def accuser_le_plan(plan: PlanTransformation, par) -> None:
    """Accuse la transmission d'un plan à qui l'a transmis."""
    contexte = {"plan": plan, "page": adresse("plan", plan.organisation.slug)}
    envoyer_ensuite(par.email, f"Plan transmis : {plan.organisation.sigle}", "plan_transmis", contexte)


def ouvrir_le_compte(personne: Utilisateur) -> None:
    """Dit à une personne du CQEN que son compte est ouvert, et où choisir son mot de passe."""
    contexte = {"page": adresse("account_reset_password")}
    envoyer_ensuite(personne.email, "Votre compte au baromètre numérique", "compte_ouvert", contexte)


def annoncer_les_acceptations(acceptes: Sequence[tuple[Any, str, str]]) -> None:
    """Dit aux organisations que ces dossiers sont acceptés. De chacun: le dossier, son nom, sa page."""
    ecrits = [
        ecrire(personne.email, f"Accepté : {nom}", "accepte", {"nom": nom, "page": page})
        for dossier, nom, page in acceptes
        for personne in _qui_repond_de(dossier)
    ]
    transaction.on_commit(lambda: _envoyer(ecrits))


def annoncer_le_renvoi(dossier: Any, nom: str, page: str, motif: str) -> None:
    """Dit à l'organisation que le CQEN renvoie ce dossier, et pourquoi."""
    contexte = {"nom": nom, "page": page, "motif": motif}
    for personne in _qui_repond_de(dossier):
        envoyer_ensuite(personne.email, f"À corriger : {nom}", "renvoye", contexte)


def _qui_repond_de(dossier: Any) -> QuerySet:
    """Qui l'a transmis, si cette personne parle encore pour l'organisation; sinon, qui peut transmettre."""
    return Habilitation.objects.destinataires(dossier.organisation, Q(personne=dossier.soumis_par_id))


def adresse(nom: str, *cle: Any) -> str:
    """L'adresse complète d'une page du site."""
    return settings.ADRESSE_DU_SITE + reverse(nom, args=cle)


def envoyer_ensuite(a: str, sujet: str, gabarit: str, contexte: dict[str, Any]) -> None:
    """Envoie après la transaction; un courriel qui ne part pas ne défait pas ce qui est fait."""
    courriel = ecrire(a, sujet, gabarit, contexte)
    transaction.on_commit(lambda: _envoyer([courriel]))


def ecrire(a: str, sujet: str, gabarit: str, contexte: dict[str, Any]) -> EmailMessage:
    """Un courriel prêt à partir, d'après son gabarit."""
    corps = render_to_string(f"courriels/{gabarit}.txt", contexte)
    return EmailMessage(" ".join(sujet.splitlines()), corps, to=[a])


def _envoyer(courriels: Sequence[EmailMessage]) -> None:
    """Par une seule connexion: un serveur muet ne fait attendre qu'une fois; un refus n'arrête pas les autres."""
    if not courriels:
        return
    try:
        with get_connection() as connexion:
            for courriel in courriels:
                _tenter(courriel, connexion)
    except OSError:
        journal.error(PAS_PARTI)


def _tenter(courriel: EmailMessage, connexion: Any) -> None:
    try:
        remettre(courriel, connexion)
    except OSError:
        journal.error(PAS_PARTI)


def remettre(courriel: EmailMessage, connexion: Any) -> None:
    """Remet un courriel à cette connexion, ouverte pour tout un lot. Lève `OSError` s'il ne part pas."""
    courriel.connection = connexion
    courriel.send()
