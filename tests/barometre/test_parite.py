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
    "2023-T1": "bb54caf4e1bcfab2f8a6d58b6a4a9526c34d7febf0c4d225c6bbad6525fe1de4",
    "2023-T1-r1": "8d5b5cf04723b45d21692339dc8843be77d4cbc34792f6e1aca346ceda389e62",
    "2023-T2": "bcc9281161655fb227eac177a9f4814db3be75c83dcba46edc37b9f5419719ff",
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
