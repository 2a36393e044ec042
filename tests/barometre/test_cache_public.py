"""Ce que le cache garde d'une page publique: une par adresse, les demandes à leur tour, jamais une panne."""

from unittest.mock import patch
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.core.cache.backends.locmem import LocMemCache

from barometre import depot, http
from tests import fabrique as f
from tests.barometre import publications as p
from tests.barometre.public import paraitre, publier, texte, vider_le_cache

pytestmark = pytest.mark.django_db
INCONNUS = "utm_source=robot&x=1&page=9&q"
DEUX = "/comparer/?o=mcn&o=o1&indicateur=sans-papier"


@pytest.fixture
def edition():
    return publier()


@pytest.fixture
def tenu(monkeypatch) -> LocMemCache:
    """Un cache neuf, dont on voit les clés quel que soit celui du site."""
    neuf = LocMemCache(uuid4().hex, {})
    monkeypatch.setattr(http, "cache", neuf)
    return neuf


@pytest.mark.parametrize(
    "adresse", ["/", "/indicateurs/sans-papier/", "/en/organisations/mcn/", "/flux.atom", "/image.png"]
)
def test_ce_qu_une_page_ne_lit_pas_n_y_change_rien_et_ne_la_recalcule_pas(
    client, edition, adresse, tenu, django_assert_num_queries
):
    page = client.get(adresse)
    with django_assert_num_queries(0):
        for demande in (INCONNUS, "o=mcn", "a=" + "x" * 2000, "&".join(f"c{n}=1" for n in range(1200))):
            assert client.get(f"{adresse}?{demande}").content == page.content
    assert len(tenu._cache) == 1


@pytest.mark.parametrize(
    ("une", "meme"),
    [
        (DEUX, "/comparer/?utm=1&indicateur=sans-papier&o=mcn&ajouter=&o=o1"),
        (
            "/organisations/?portefeuille=MCN&tri=-sans-papier",
            "/organisations/?tri=-sans-papier&q=&x=1&portefeuille=MCN",
        ),
        ("/organisations/", "/organisations/?q=&portefeuille=&tri="),
        ("/organisations/export.csv?tri=sans-papier", "/organisations/export.csv?utm=1&tri=sans-papier"),
    ],
)
def test_une_meme_demande_ecrite_autrement_est_la_meme_page_gardee(
    client, edition, une, meme, django_assert_num_queries
):
    premiere = client.get(une)
    assert premiere.status_code == 200
    with django_assert_num_queries(0):
        assert client.get(une).content == client.get(meme).content == premiere.content


def test_deux_demandes_ne_se_confondent_jamais_meme_a_la_meme_place(client, edition, monkeypatch):
    demandes = [DEUX, "/comparer/?o=o1&o=mcn&indicateur=sans-papier", "/organisations/?tri=-nom", "/comparer/"]
    a_part = [client.get(adresse).content for adresse in demandes]
    monkeypatch.setattr(http, "PLACES", 1)
    assert [client.get(adresse).content for adresse in demandes * 2] == a_part * 2
    assert len(set(a_part)) == len(demandes)


def test_un_robot_qui_varie_les_demandes_ne_remplit_pas_le_cache(client, edition, tenu, monkeypatch):
    monkeypatch.setattr(http, "PLACES", 3)
    for n in range(12):
        client.get(f"/comparer/?{urlencode([('o', 'mcn'), ('indicateur', f'invente-{n}')])}")
        client.get(f"/organisations/?portefeuille=invente-{n}")
    assert 0 < len(tenu._cache) <= 3


def test_les_courbes_de_chaque_organisation_se_partagent_les_memes_places(client, edition, tenu, monkeypatch):
    monkeypatch.setattr(http, "PLACES", 2)
    adresses = [
        f"/organisations/{slug}/sans-papier/courbe.{forme}" for slug in ("mcn", "o1") for forme in ("csv", "svg")
    ]
    premieres = [client.get(adresse).content for adresse in adresses]
    assert 0 < len(tenu._cache) <= 2
    assert [client.get(adresse).content for adresse in adresses] == premieres


@pytest.mark.parametrize("adresse", ["/organisations/?q=regie", "/comparer/?ajouter=regie", f"{DEUX}&o={'x' * 400}"])
def test_ni_une_recherche_ni_une_demande_sans_fin_ne_se_garde(client, edition, adresse, tenu):
    assert client.get(adresse).status_code == 200
    assert tenu._cache == {}


def test_une_nouvelle_edition_change_aussi_les_demandes_gardees(client, edition):
    avant = client.get(DEUX)
    paraitre("2023-06-18", note="Un ajout")
    apres = client.get(DEUX)
    assert "Édition 2023-T1-r1" in texte(apres)
    assert apres["ETag"] != avant["ETag"]


def test_le_lien_de_langue_ne_garde_que_ce_que_la_page_lit(client, edition):
    assert 'href="/en/plans/?portefeuille=MCN" lang="en"' in client.get("/plans/?x=1&portefeuille=MCN").content.decode()
    assert 'href="/en/" lang="en"' in client.get("/?utm=1").content.decode()


# --- une panne -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("adresse", ["/", "/flux.atom", "/organisations/ramq/flux.atom"])
def test_une_page_faite_pendant_une_panne_du_depot_ne_se_garde_nulle_part(client, adresse):
    monde = p.monde()
    f.edition(monde["t1"], f.instant("2023-06-15"), note="Une faute.").designer()
    vider_le_cache()
    with patch.object(depot, "lire", side_effect=OSError(5, "Erreur d'entrée-sortie")):
        pendant = client.get(adresse)
    assert (pendant.status_code, pendant["Cache-Control"]) == (200, "no-store")
    assert "ETag" not in pendant.headers
    apres = client.get(adresse)
    assert "processus était oublié" in apres.content.decode()
    assert "processus était oublié" not in pendant.content.decode()
    assert apres["Cache-Control"].startswith("public")


@pytest.mark.parametrize(
    ("adresse", "perdu"), [("/flux.atom", "chiffres.csv"), ("/donnees/2023-T1/", "valeurs.csv"), ("/", "valeurs.csv")]
)
def test_un_fichier_qui_revient_se_lit_aussitot(client, adresse, perdu):
    monde = p.monde()
    f.edition(monde["t1"], f.instant("2023-06-15"), note="Une faute.").designer()
    temoin = client.get(adresse).content
    vider_le_cache()
    fichier = depot.dossier("2023-T1") / perdu
    ailleurs = fichier.rename(fichier.with_suffix(".ailleurs"))
    sans = client.get(adresse)
    assert (sans.status_code, sans["Cache-Control"]) == (200, "no-store")
    ailleurs.rename(fichier)
    assert client.get(adresse).content == temoin
