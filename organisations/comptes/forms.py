"""Les formulaires d'allauth, dans les mots du baromètre."""

import struct
from typing import Any

from allauth.account import forms as comptes
from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)

from organisations.comptes.personnes import INCONNUE, personne_de
from organisations.models import Utilisateur

CODE_DE_SIX = {"inputmode": "numeric", "autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
NOUVEAU = "Au moins 12 caractères. Une suite de mots sans rapport se retient mieux qu'un mot compliqué."


class EnNosMots:
    """Pose l'étiquette, l'aide et les attributs de chaque champ; ôte les textes d'exemple, qui cachent l'étiquette."""

    fields: dict[str, Any]
    MOTS = {
        "login": ("Adresse de courriel", "", {"autocomplete": "email"}),
        "email": ("Adresse de courriel", "", {}),
        "password": ("Mot de passe", "", {}),
        "oldpassword": ("Mot de passe actuel", "", {}),
        "password1": ("Nouveau mot de passe", NOUVEAU, {}),
        "password2": ("Nouveau mot de passe, une seconde fois", "", {}),
        "code": ("Code", "Les six chiffres de votre application, ou un code de secours.", CODE_DE_SIX),
        "name": ("Nom de la clé", "Pour la reconnaître parmi d'autres.", {}),
        "passwordless": ("Entrer avec cette clé seule", "Sans mot de passe, par empreinte, visage ou NIP.", {}),
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for nom, champ in self.fields.items():
            if nom in self.MOTS:
                champ.label, champ.help_text, attributs = self.MOTS[nom]
                champ.widget.attrs.pop("placeholder", None)
                champ.widget.attrs |= attributs


class Connexion(EnNosMots, comptes.LoginForm):
    """Entrer."""


class Reauthentification(EnNosMots, comptes.ReauthenticateForm):
    """Redire son mot de passe avant un geste grave."""


class MotDePasse(EnNosMots, comptes.ChangePasswordForm):
    """Changer de mot de passe."""


class NouveauMotDePasse(EnNosMots, comptes.ResetPasswordKeyForm):
    """Choisir un mot de passe, depuis le lien reçu."""


class Oubli(EnNosMots, comptes.ResetPasswordForm):
    """Demander un lien: le même travail et un courriel dans tous les cas, pour que rien ne dise qui a un compte."""

    def clean_email(self) -> str:
        """L'adresse enregistrée plutôt que la tapée: le lien ne part qu'à la personne."""
        personne = personne_de(self.cleaned_data["email"])
        if personne is None or not personne.is_active:
            personne = Utilisateur(pk=INCONNUE, email=self.cleaned_data["email"])
        self.users = [personne]
        return personne.email


class CodeBorne(EnNosMots):
    """Peu de codes par minute, par poste et par personne: un poste n'épuise pas les essais d'une personne."""

    user: Any

    def clean_code(self) -> str:
        """Le code, si la personne n'en a pas trop essayé."""
        limite = {"action": "code", "key": f"code-{self.user.pk}"}
        if not ratelimit.consume(context.request, **limite):
            raise get_adapter().validation_error("too_many_login_attempts")
        code = super().clean_code()  # type: ignore[misc]
        ratelimit.clear(context.request, **limite)
        return code


class Code(CodeBorne, AuthenticateForm):
    """Le deuxième facteur, à l'entrée."""


class CodeDeNouveau(CodeBorne, ReauthenticateForm):
    """Le deuxième facteur, une fois entré."""


class ActivationDuCode(EnNosMots, ActivateTOTPForm):
    """Le premier code d'une application."""

    MOTS = {"code": ("Code", "Les six chiffres que l'application montre.", CODE_DE_SIX)}


class CleLue:
    """Une clé d'accès mal formée est un refus, pas une panne: la bibliothèque lève ce que le hasard veut."""

    data: Any

    def full_clean(self) -> None:
        """Lit la clé."""
        try:
            super().full_clean()  # type: ignore[misc]
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error):
            self.add_error("credential", "Cette clé d'accès n'a pas été reconnue.")  # type: ignore[attr-defined]
            self.data = self.data.copy()  # la remontrer la relirait
            self.data["credential"] = ""


class CleDAcces(CleLue, EnNosMots, AddWebAuthnForm):
    """Ajouter une clé d'accès."""


class EntreeParCle(CleLue, LoginWebAuthnForm):
    """Entrer avec une clé seule."""


class CleApresMotDePasse(CleLue, AuthenticateWebAuthnForm):
    """Une clé comme deuxième facteur, à l'entrée."""


class CleDeNouveau(CleLue, ReauthenticateWebAuthnForm):
    """Une clé, une fois entré."""
