"""Un fichier hostile au catalogue: une phrase, jamais une panne, et rien d'écrit."""

import zipfile
from io import BytesIO

import pytest
from django.test import Client

from organisations.models import Organisation
from tests import fabrique as f
from tests.classeurs import parties
from tests.organisations.catalogue import ENTETE, ORGANISATIONS, PERMISSIONS, classeur, deposer
from tests.organisations.connexions import lire

pytestmark = pytest.mark.django_db
LISTES = [ORGANISATIONS, *(f"/admin/indicateurs/{nom}/" for nom in ("indicateur", "cible", "trimestre"))]


@pytest.fixture(autouse=True)
def pilote(client, settings):
    settings.MFA_EXIGEE = False
    client.force_login(f.personne(*PERMISSIONS, is_staff=True))
    client.raise_request_exception = True


def archive(fichiers: dict, methode: int = zipfile.ZIP_DEFLATED) -> bytes:
    flux = BytesIO()
    with zipfile.ZipFile(flux, "w", methode) as sortie:
        for nom, contenu in fichiers.items():
            sortie.writestr(nom, contenu)
    return flux.getvalue()


HOSTILES = {
    "bombe": lambda: archive(parties() | {"xl/bombe.xml": b" " * 40_000_000}),
    "macros": lambda: archive(parties() | {"xl/vbaProject.bin": b"x"}),
    "ole": lambda: bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600,
    "entites": lambda: archive(parties() | {"xl/a.xml": "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a/>"}),
    "faux": lambda: b"PK\x03\x04" + b"x" * 100,
    "nul": lambda: ENTETE.encode() + b"A\0,B,AUTRE,,2019-01-01,,,\n",
    "utf-16": lambda: ENTETE.encode("utf-16"),
    "binaire": lambda: bytes(range(256)) * 40,
    "gros": lambda: b"sigle,nom\n" + b"x" * (2 * 1024**2),
    "vide": lambda: b"",
    "blancs": lambda: b"\n \n,,\n",
    "large": lambda: b"sigle," * 5_000 + b"\nA\n",
    "une ligne": lambda: b"x" * 1_500_000,
    "guillemets": lambda: b'sigle,nom\n"' + b"a\n" * 5_000,
}


@pytest.mark.parametrize("liste", LISTES)
@pytest.mark.parametrize("nom", HOSTILES)
def test_un_fichier_hostile_se_refuse_d_une_phrase(client, liste, nom):
    page = deposer(client, HOSTILES[nom](), liste, nom="x.xlsx")

    assert page.status_code == 400
    assert "errorlist" in lire(page) or "errornote" in lire(page)
    assert 'name="jeton"' not in lire(page)
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("case", ["=1+1", True, 3.5, "<script>alert(1)</script>", "x" * 30_000, "\u202eabc", "é" * 41])
def test_une_case_etrange_ne_fait_pas_de_panne(client, case):
    octets = classeur(("sigle", "nom", "assujettie_du"), ("SAAQ", case, case), (case, "Nom", "2019-01-01"))
    page = deposer(client, octets)

    assert page.status_code == 400
    assert "<script>alert" not in page.content.decode()


def test_sans_jeton_de_formulaire_rien_ne_se_lit(settings):
    settings.MFA_EXIGEE = False
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(f.personne(*PERMISSIONS, is_staff=True))
    assert deposer(strict, f"{ENTETE}A,A,AUTRE,,2019-01-01,,,\n").status_code == 403
