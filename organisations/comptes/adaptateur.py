"""Ce que le baromètre décide autrement qu'allauth: personne ne s'inscrit, et tout se dit en français."""

import base64
import logging
from pathlib import Path

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.crypto import salted_hmac
from django.utils.safestring import mark_safe

from organisations.comptes.personnes import INCONNUE, personne_de
from organisations.courriels import adresse

journal = logging.getLogger(__name__)

# La même phrase à l'écran et dans l'avis par courriel; ce qui n'est pas ici ne se dit pas.
FAITS = {
    "password_changed": "Votre mot de passe est changé.",
    "password_reset": "Votre mot de passe est changé.",
    "totp_activated": "L'application d'authentification est activée.",
    "totp_deactivated": "L'application d'authentification est désactivée.",
    "recovery_codes_generated": "De nouveaux codes de secours sont prêts. Gardez-les en lieu sûr.",
    "webauthn_added": "La clé d'accès est ajoutée.",
    "webauthn_removed": "La clé d'accès est retirée.",
}
TROP_D_ESSAIS = "Trop d'essais. Attendez une minute, puis recommencez."
OIDC_REFUSE = "Aucun compte du baromètre n'a cette adresse. Demandez une invitation à votre organisation."
OIDC_EN_PANNE = "La connexion par votre organisation n'a pas abouti. Réessayez, ou entrez avec votre mot de passe."


class ParCourriel(AuthenticationBackend):
    """Vérifie un mot de passe; l'adresse se tape sans égard à la casse."""

    def _authenticate_by_email(self, email: str, password: str):
        return self._check_password(personne_de(email), password)


class Adaptateur(DefaultAccountAdapter):
    """Les comptes."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Cette adresse et ce mot de passe ne vont pas ensemble. Vérifiez l'un et l'autre.",
        "enter_current_password": "Ce n'est pas votre mot de passe actuel.",
        "incorrect_password": "Ce n'est pas votre mot de passe.",
        "too_many_login_attempts": TROP_D_ESSAIS,
        "rate_limited": TROP_D_ESSAIS,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """On entre par une invitation, ou parce que le CQEN crée le compte."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """L'équipe va à l'administration, les autres à leur espace."""
        return resolve_url("admin:index" if request.user.is_staff else "espace")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Retour au compte."""
        return resolve_url("compte")

    def respond_user_inactive(self, request: HttpRequest, user) -> HttpResponse:
        """Dit que le compte est fermé, à qui en connaît le mot de passe seulement."""
        messages.error(request, "Ce compte est fermé. Écrivez au Centre québécois d'excellence numérique (CQEN).")
        return redirect("account_login")

    def add_message(self, request, level, message_template=None, *args, message=None, **options) -> None:
        """Dit le fait à l'écran, s'il vaut d'être dit."""
        if phrase := message or FAITS.get(Path(message_template or "").stem):
            messages.add_message(request, level, phrase)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Le lien d'un nouveau mot de passe, au nom du site plutôt qu'à celui que dit la demande."""
        personne, _, secret = key.partition("-")
        return adresse("account_reset_password_from_key", personne, secret)

    def send_password_reset_mail(self, user, email: str, context) -> None:
        """Le lien; ou, si nulle personne active n'a cette adresse, une phrase qui le dit."""
        gabarit = "unknown_account" if user.pk == INCONNUE else "password_reset_key"
        self.send_mail(f"account/email/{gabarit}", email, context)

    def send_notification_mail(self, template_prefix: str, user, context=None, email=None) -> None:
        """Avise la personne d'un changement à son compte."""
        fait = FAITS[Path(template_prefix).name]
        super().send_notification_mail("account/email/avis", user, {"fait": fait}, user.email)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Écrit; un courriel qui ne part pas ne défait rien, et la page reste la même pour toute adresse."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            journal.error("Un courriel du compte n'est pas parti.")  # sans la trace, qui dirait l'adresse


class AdaptateurDuFacteur(DefaultMFAAdapter):
    """Le deuxième facteur; ses secrets sont chiffrés dans la base."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Ce code n'est pas le bon, ou il a déjà servi. Attendez le suivant.",
        "cannot_generate_recovery_codes": "Activez d'abord une application ou une clé d'accès.",
    }

    def encrypt(self, text: str) -> str:
        """Chiffre un secret."""
        return _coffre().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Déchiffre un secret, fût-il chiffré sous une clé d'avant (`SECRET_KEY_FALLBACKS`)."""
        return _coffre().decrypt(encrypted_text).decode()

    def build_totp_svg(self, url: str) -> str:
        """Le code QR à poser dans la page: sans la déclaration XML, que le HTML refuse."""
        return mark_safe(super().build_totp_svg(url).partition("?>")[2])  # noqa: S308 - dessiné ici, rien d'autrui

    def generate_authenticator_name(self, user, type: Authenticator.Type) -> str:
        """Le nom proposé pour une clé."""
        return f"Clé {Authenticator.objects.filter(user=user, type=type).count() + 1}"


def _coffre() -> MultiFernet:
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(salted_hmac("facteur", "", secret=cle, algorithm="sha256").digest()))
        for cle in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    )


class AdaptateurOIDC(DefaultSocialAccountAdapter):
    """OpenID Connect: une porte vers un compte qui existe déjà, rien de plus."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin) -> bool:
        """Aucun compte ne se crée ainsi."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin) -> None:
        """Retrouve la personne par l'adresse que le fournisseur a vérifiée; refuse tout le reste."""
        verifiees = [adresse.email for adresse in sociallogin.email_addresses if adresse.verified is True]
        sociallogin.user = personne_de(verifiees[0]) if verifiees else None
        if sociallogin.user is None or sociallogin.state.get("process", "login") != "login":
            raise _retour(request, OIDC_REFUSE)

    def on_authentication_error(self, request: HttpRequest, provider, **details) -> None:
        """Le fournisseur a refusé, ou ne répond pas."""
        raise _retour(request, OIDC_EN_PANNE)


def _retour(request: HttpRequest, phrase: str) -> ImmediateHttpResponse:
    messages.error(request, phrase)
    return ImmediateHttpResponse(redirect("account_login"))
