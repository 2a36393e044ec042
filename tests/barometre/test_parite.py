"""SQLite et PostgreSQL publient les mêmes octets: ce monde donne partout ces empreintes.

Un changement voulu des fichiers publiés change ces constantes; un changement qu'on n'attendait pas se voit ici.
"""

import hashlib

import pytest

from barometre import depot
from barometre.models import Edition
from tests import fabrique as f
from tests import mondes

pytestmark = pytest.mark.django_db

SOMMES = {
    "2023-T1": "8b29dde1319cab6225438271048e1af6ff6a2b1f52d21a6675f0d17c6b36cf0c",
    "2023-T1-r1": "44bbc431900a5cbfa0a8d3f53e0c301a0311e80bb78d63f7a3c7a82c7fff96fc",
    "2023-T2": "401638a0d5fef3cfda7a40e2e018adf4164991ec274b546a9579301800e8b823",
}


@pytest.fixture
def editions() -> dict[str, Edition]:
    mondes.publier_trois_editions()
    return {edition.code: edition for edition in Edition.objects.order_by("rang")}


def test_le_meme_monde_donne_les_memes_octets_sur_les_deux_moteurs(editions):
    lues = {code: hashlib.sha256(depot.lire(code, "SHA256SUMS")).hexdigest() for code in editions}

    assert lues == SOMMES


def test_la_derniere_empreinte_resume_toutes_les_editions(editions):
    empreinte = ""
    for code in SOMMES:
        empreinte = hashlib.sha256(depot.lire(code, "SHA256SUMS") + empreinte.encode()).hexdigest()

    assert editions["2023-T2"].empreinte == empreinte
    assert not any(f.problemes().values())
