"""Déposer un fichier au catalogue, comme une personne le ferait."""

import re
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from tests.organisations.connexions import lire

ORGANISATIONS = "/admin/organisations/organisation/"
ENTETE = "sigle,nom,categorie,ministere,assujettie_du,assujettie_au,remplacee_par,site_web\n"
PERMISSIONS = [
    f"{application}.{geste}_{modele}"
    for application, modele in (
        ("organisations", "organisation"),
        ("organisations", "strategie"),
        ("organisations", "attribution"),
        ("indicateurs", "indicateur"),
        ("indicateurs", "definition"),
        ("indicateurs", "cible"),
        ("indicateurs", "trimestre"),
    )
    for geste in ("view", "add", "change")
]


def classeur(*rangees) -> bytes:
    """Un classeur de ces rangées."""
    livre, flux = Workbook(), BytesIO()
    for rangee in rangees:
        livre.active.append(rangee)
    livre.save(flux)
    return flux.getvalue()


def deposer(client, octets: bytes | str, liste: str = ORGANISATIONS, nom: str = "fichier.csv"):
    """La page que donne ce fichier."""
    octets = octets.encode() if isinstance(octets, str) else octets
    return client.post(f"{liste}import/", {"fichier": SimpleUploadedFile(nom, octets)})


def confirmer(client, apercu, liste: str = ORGANISATIONS, **autres):
    """Confirmer ce que la page montrait."""
    champs = dict(re.findall(r'name="(jeton|empreinte)" value="(\w+)"', lire(apercu)))
    return client.post(f"{liste}process_import/", champs | autres)


def erreurs(page) -> list[tuple[str, ...]]:
    """Ligne, colonne, lu, phrase de chaque erreur de la page."""
    rangees = re.findall(r"<tr>(.*?)</tr>", lire(page), re.S)
    cases = [re.findall(r"<t[hd][^>]*>\s*(.*?)\s*</t[hd]>", rangee, re.S) for rangee in rangees]
    return [tuple(c) for c in cases if len(c) == 4 and c[0] != "Ligne"]
