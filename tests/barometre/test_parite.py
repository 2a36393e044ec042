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
    "2023-T1": "af17b6285021ff467f9bfc4e603f56787ce7ec05a91c6d81fafbc069eccef4f8",
    "2023-T1-r1": "8094603916ba5653d9945d2121ceb78a4c3622dcfed9711b49a9ac28aec341f0",
    "2023-T2": "8a458b73a7b7e155d6385b24a8c3d486570dedb1b9d85779048c16330181cb10",
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
