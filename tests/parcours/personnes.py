"""Les personnes des parcours, et comment elles entrent."""

import base64
import hashlib
import hmac
import struct
import time

DECLARANTE, RELECTRICE = "declarante@ramq.example", "relectrice@cqen.example"
ETRANGERE = "transmission@saaq.example"
MOT_DE_PASSE = "barometre-demo-2023"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

# Joué par `manage.py shell`: un facteur à la déclarante, un mot de passe à une personne d'une autre organisation.
PREPARER = f"""
from allauth.mfa.totp.internal.auth import TOTP
from organisations.models import Utilisateur
TOTP.activate(Utilisateur.objects.get(email="{DECLARANTE}"), "{SECRET}")
autre = Utilisateur.objects.get(email="{ETRANGERE}")
autre.set_password("{MOT_DE_PASSE}")
autre.save()
"""


# Écrit le chemin d'une invitation neuve.
INVITER = f"""
from organisations.equipe.jeton import jeton_de
from organisations.horloge import maintenant
from organisations.models import Invitation, Organisation, Utilisateur
print("/espace/invitation/%s/" % jeton_de(Invitation.objects.inviter("neuve@ramq.example", role="REDACTION",
    organisation=Organisation.objects.get(sigle="RAMQ"), le=maintenant(),
    par=Utilisateur.objects.get(email="{DECLARANTE}"))))
"""


def accepter(code: str) -> str:
    """Le geste du CQEN, en attendant son écran: la dernière version transmise de la RAMQ est acceptée."""
    return f"""
from indicateurs.models import Soumission
from organisations.horloge import maintenant
from organisations.models import Utilisateur
Soumission.objects.transmis().get(organisation__sigle="RAMQ", trimestre__code="{code}").valider(
    par=Utilisateur.objects.get(email="{RELECTRICE}"), le=maintenant())
"""


def code_du_moment(secret: str = SECRET) -> str:
    """Le code à six chiffres de la RFC 6238, calculé ici, sans la bibliothèque du site."""
    if (reste := 30 - time.time() % 30) < 10:  # un code est refusé dès que le suivant commence
        time.sleep(reste)
    cle = base64.b32decode(secret)
    somme = hmac.new(cle, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    debut = somme[-1] & 15
    return f"{(struct.unpack('>I', somme[debut : debut + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def suivre(page, cible) -> None:
    """Clique, et attend la page où ce clic mène."""
    with page.expect_navigation():
        cible.click()


def entrer(page, site: str, courriel: str) -> None:
    """Se connecte; donne le code si le site le demande."""
    page.goto(f"{site}/compte/connexion/")
    page.get_by_label("Adresse de courriel").fill(courriel)
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    suivre(page, page.get_by_role("button", name="Se connecter", exact=True))
    if page.locator("[autocomplete=one-time-code]").count():
        page.locator("[autocomplete=one-time-code]").fill(code_du_moment())
        suivre(page, page.get_by_role("button", name="Entrer", exact=True))
    page.wait_for_url(f"{site}/espace/**")
