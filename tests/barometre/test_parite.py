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
    "2023-T1": "e0fb8b3dd5da898f686a53ad1b201b12641147fb1a3c92a8b3d0a9c263182765",
    "2023-T1-r1": "b4a244149bb094ee6f2b855d4b8cfa6809dad61c45a8a9d8679ecc54f6a5501a",
    "2023-T2": "adf99bd991eecddc22b24b985b1b5aaf4ae652606a887028ce019fb9b859e836",
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
