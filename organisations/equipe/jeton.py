"""Le jeton d'une invitation: signé, il ne porte qu'un numéro, et aucun journal ne le montre."""

import datetime
import logging
import re

from django.core.signing import BadSignature, Signer

from organisations.comptes.personnes import personne_de
from organisations.models import Invitation, TransitionInterdite
from organisations.models.invitation import exiger_gerer

_SIGNATURE = Signer(salt="organisations.invitation")
_DANS_UNE_ADRESSE = re.compile(r"(/(?:invitation|lien)/)[^/\s]+")


def jeton_de(invitation: Invitation) -> str:
    """Ce que porte le lien envoyé par courriel."""
    return _SIGNATURE.sign(str(invitation.pk))


def invitation_de(jeton: str, le: datetime.datetime) -> Invitation:
    """L'invitation de ce jeton. Lève `TransitionInterdite` si elle ne vaut plus, ou si son compte est fermé."""
    try:
        en_attente = Invitation.objects.en_attente(le).select_related("organisation", "invitee_par")
        invitation = en_attente.get(pk=_SIGNATURE.unsign(jeton))
    except (BadSignature, Invitation.DoesNotExist) as absente:
        raise TransitionInterdite("Cette invitation ne vaut plus.") from absente
    exiger_gerer(invitation.invitee_par, invitation.organisation)
    if (compte := personne_de(invitation.courriel)) and not compte.is_active:
        raise TransitionInterdite("Ce compte est fermé : une invitation ne le rouvre pas.")
    return invitation


def acceptee_par(personne, jeton: str) -> Invitation | None:
    """L'invitation de ce jeton, si cette personne l'a acceptée."""
    if not personne.is_authenticated:
        return None
    try:
        siennes = Invitation.objects.select_related("organisation").filter(acceptee_par=personne)
        return siennes.filter(pk=_SIGNATURE.unsign(jeton)).first()
    except BadSignature:
        return None


class SansJeton(logging.Filter):
    """Ôte le jeton des adresses que Django écrit au journal quand il refuse une demande."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Laisse tout passer, une fois le jeton ôté."""
        if isinstance(record.args, tuple):
            record.args = tuple(_DANS_UNE_ADRESSE.sub(r"\1…", a) if isinstance(a, str) else a for a in record.args)
        return True
