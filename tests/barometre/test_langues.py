"""Le public se lit aussi en anglais sous /en/, aux mêmes adresses; sans l'anglais, le français est entier."""

import re

import pytest

from barometre.pages.cadre import CATEGORIES, categorie
from organisations.models.organisation import Categorie
from tests.barometre.public import publier

pytestmark = pytest.mark.django_db

ADRESSES = ("/", "/indicateurs/sans-papier/", "/organisations/", "/organisations/o0/", "/plans/", "/expertise/")
ADRESSES += (
    "/donnees/",
    "/donnees/2023-T1/",
    "/calendrier/",
    "/editions/2023-T1/",
    "/editions/2023-T1/organisations/o0/",
)


@pytest.fixture
def anglais(settings):
    settings.LANGUAGES = [("fr", "Français"), ("en", "English")]


@pytest.fixture
def sans_anglais(settings):
    settings.LANGUAGES = [("fr", "Français")]


@pytest.fixture(autouse=True)
def edition():
    return publier()


@pytest.mark.parametrize("adresse", ADRESSES)
def test_chaque_page_publique_a_sa_jumelle_et_y_mene(client, anglais, adresse):
    francaise, anglaise = client.get(adresse), client.get(f"/en{adresse}")
    assert (francaise.status_code, anglaise.status_code) == (200, 200)
    assert '<html lang="fr-CA">' in francaise.content.decode()
    assert '<html lang="en-CA">' in anglaise.content.decode()
    assert f'<a class="langue" href="/en{adresse}" lang="en" hreflang="en">English</a>' in francaise.content.decode()
    assert f'<a class="langue" href="{adresse}" lang="fr" hreflang="fr">Français</a>' in anglaise.content.decode()
    assert (francaise["Content-Language"], anglaise["Content-Language"]) == ("fr-CA", "en-CA")


def test_qui_lit_en_anglais_y_reste(client, anglais):
    page = client.get("/en/organisations/o0/").content.decode()
    menes = set(re.findall(r'href="(/[^"#?]*)', page)) - {"/organisations/o0/"}
    francais = {lien for lien in menes if not lien.startswith(("/en/", "/static/", "/espace/"))}
    assert francais == {"/flux.atom", "/organisations/o0/flux.atom"}  # les flux n'ont pas d'anglais


def test_le_lien_de_langue_garde_la_demande_et_l_en_tete_nomme_les_deux_adresses(client, anglais):
    page = client.get("/plans/?q=a&portefeuille=MCN").content.decode()
    assert '<a class="langue" href="/en/plans/?q=a&amp;portefeuille=MCN"' in page
    for langue, adresse in (("fr", "/plans/"), ("en", "/en/plans/")):
        assert f'<link rel="alternate" hreflang="{langue}" href="http://127.0.0.1:8000{adresse}">' in page


def test_chaque_categorie_a_un_nom_a_traduire_et_une_inconnue_son_code():
    assert dict(Categorie.choices) == CATEGORIES
    assert categorie("MINISTERE") == "Ministère"
    assert categorie("INCONNUE") == "INCONNUE"


def test_les_nombres_suivent_la_langue_de_l_adresse(client, anglais):
    francaise, anglaise = (client.get(adresse).content.decode() for adresse in ("/", "/en/"))
    assert re.search(r"\d,\d\xa0%", francaise)
    assert not re.search(r"\d,\d\xa0%", anglaise)
    assert re.search(r"\d\.\d%", anglaise)
    assert client.get("/").content.decode() == francaise


def test_la_langue_ne_vient_que_de_l_adresse(client, anglais):
    page = client.get("/", headers={"Accept-Language": "en"}, cookies={"django_language": "en"})
    assert '<html lang="fr-CA">' in page.content.decode()
    assert "Accept-Language" not in page["Vary"]
    assert "Cookie" not in page["Vary"]


def test_sans_l_anglais_rien_n_y_mene(client, sans_anglais):
    assert client.get("/en/").status_code == 404
    assert "hreflang" not in client.get("/").content.decode()


@pytest.mark.parametrize("adresse", ["/EN/", "/En/organisations/", "/en-US/", "/EN", "/fr/", "/FR/plans/"])
def test_une_langue_ne_s_ecrit_que_d_une_facon(client, anglais, adresse):
    reponse = client.get(adresse, follow=True)
    assert (reponse.status_code, reponse["Content-Language"]) == (404, "fr-CA")
    assert '<html lang="fr-CA">' in reponse.content.decode()


def test_une_adresse_anglaise_inconnue_repond_en_anglais_et_l_entree_sans_barre_y_mene(client, anglais):
    inconnue = client.get("/en/rien/")
    assert (inconnue.status_code, inconnue["Content-Language"]) == (404, "en-CA")
    assert '<html lang="en-CA">' in inconnue.content.decode()
    assert client.get("/en").headers["Location"] == "/en/"


def test_l_espace_et_l_administration_restent_en_francais(client, anglais):
    for adresse in ("/en/espace/", "/en/admin/", "/en/compte/connexion/"):
        assert client.get(adresse).status_code == 404
    assert "hreflang" not in client.get("/compte/connexion/").content.decode()
