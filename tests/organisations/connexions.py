"""Entrer, comme une personne le ferait."""

import html
import re

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from django.http import HttpResponse
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from organisations.models import Utilisateur

MOT_DE_PASSE = "mot-de-passe-tres-long"
SECRET = generate_totp_secret()


def entrer(client: Client, courriel: str, mot_de_passe: str = MOT_DE_PASSE, suite: str = "", **options) -> HttpResponse:
    """Le formulaire de connexion, envoyé."""
    adresse = "/compte/connexion/" + (f"?next={suite}" if suite else "")
    return client.post(adresse, {"login": courriel, "password": mot_de_passe}, **options)


def code() -> str:
    """Le code que l'application montre maintenant."""
    return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))


def equiper(personne: Utilisateur) -> list[str]:
    """Donne à la personne une application et des codes de secours; rend ceux-ci."""
    TOTP.activate(personne, SECRET)
    return RecoveryCodes.activate(personne).generate_codes()


def lire(reponse: HttpResponse) -> str:
    """La page, ses apostrophes en clair."""
    return html.unescape(reponse.content.decode())


def sans_jeton(reponse: HttpResponse) -> bytes:
    """La page, au jeton CSRF près."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", reponse.content)


def cle_d_acces(personne: Utilisateur) -> Authenticator:
    """Une clé d'accès, telle qu'un navigateur l'aurait donnée."""
    secrete = ec.derive_private_key(7, ec.SECP256R1())
    publique = ES256.from_cryptography_key(secrete.public_key())
    garde = AttestedCredentialData.create(Aaguid(bytes(16)), b"cle-d-essai", publique)
    authentique = AuthenticatorData.create(bytes(32), AuthenticatorData.FLAG.AT, 0, garde)
    reponse = {
        "clientDataJSON": CollectedClientData.create("webauthn.create", b"defi", "https://testserver"),
        "attestationObject": AttestationObject.create("none", authentique, {}),
    }
    numero = websafe_encode(b"cle-d-essai")
    reponse = {nom: websafe_encode(octets) for nom, octets in reponse.items()}
    cle = {"id": numero, "rawId": numero, "type": "public-key", "response": reponse}
    return WebAuthn.add(personne, "Clé", cle).instance
