"""Cinq requêtes au plus, même sans `derniere.json`, même dans une édition qui n'a pas figé qui a répondu."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from barometre import depot
from barometre.models import Edition
from tests import fabrique as f
from tests.barometre.public import paraitre, partager, publier, texte
from tests.barometre.test_pages import REQUETES

pytestmark = pytest.mark.django_db
D_UNE_EDITION = ("/indicateurs/", "/organisations/", "/comparer/", "/portefeuilles/", "/methodologie/")


@pytest.fixture
def edition() -> Edition:
    parue = publier()
    partager()
    return parue


def sans_designation() -> None:
    (depot.racine() / "derniere.json").unlink()


def sans_compte_fige() -> None:
    for edition in Edition.objects.all():
        del edition.catalogue["repondantes"]
        catalogue = json.dumps(edition.catalogue)
        f.alterer("UPDATE barometre_edition SET catalogue = %s WHERE code = %s", catalogue, edition.code)


@pytest.mark.parametrize("defaut", [sans_designation, sans_compte_fige])
def test_aucune_page_ne_passe_cinq_requetes(client, edition, defaut):
    defaut()
    ancrees = ["/editions/2023-T1/", *(f"/editions/2023-T1{a}" for a in REQUETES if a.startswith(D_UNE_EDITION))]
    couts = {}
    for adresse in (*REQUETES, *ancrees):
        with CaptureQueriesContext(connection) as lues:
            assert client.get(adresse).status_code == 200
        couts[adresse] = len(lues)

    assert {adresse: cout for adresse, cout in couts.items() if cout > 5} == {}


def test_une_edition_qui_n_a_pas_fige_son_compte_dit_ou_le_lire(client, edition):
    sans_compte_fige()

    assert "publiée le 18 mai 2023. Qui a répondu se lit dans ses fichiers." in texte(client.get("/organisations/o0/"))


def test_sans_designation_l_etag_d_une_page_suit_toujours_ce_qui_la_change(client, edition):
    sans_designation()
    adresses = ("/", "/editions/2023-T1/")
    avant = [client.get(adresse)["ETag"] for adresse in adresses]
    paraitre("2023-06-18", note="Un ajout")
    sans_designation()
    apres = [client.get(adresse) for adresse in adresses]

    assert all(une != autre["ETag"] for une, autre in zip(avant, apres, strict=True))
    assert "Édition 2023-T1-r1" in texte(apres[0])
    assert "Corrigée par l'édition 2023-T1-r1" in texte(apres[1])
