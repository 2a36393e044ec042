"""Ce que lisent les moteurs de recherche: le plan du site, ses limites, et ce qu'un partage montre."""

import html
import re
from xml.etree import ElementTree as ET

import pytest

from organisations.models import Organisation, Strategie
from tests import fabrique as f
from tests.barometre.public import accepte, paraitre, partager, publier, rediger, texte, vider_le_cache

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LIEN = "{http://www.w3.org/1999/xhtml}link"


@pytest.fixture
def edition():
    suite = f.organisation("NEUVE", nom="Agence neuve")
    f.organisation("VIEILLE", assujettie_au=f.instant("2022-12-31").date(), remplacee_par=suite)
    f.organisation("FINIE", assujettie_au=f.instant("2022-12-31").date())
    parue = publier(fictive=True)
    partager()
    return parue


def adresses(client, **options) -> dict[str, str]:
    """Chaque adresse du plan, et sa date."""
    racine = ET.fromstring(client.get("/sitemap.xml", **options).content)  # noqa: S314 - le nôtre
    return {str(u.findtext(f"{NS}loc")): str(u.findtext(f"{NS}lastmod")) for u in racine.findall(f"{NS}url")}


def test_le_plan_du_site_dit_toutes_les_pages_une_fois_et_aucune_ne_manque(client, edition):
    plan = adresses(client)

    assert len(plan) < 50_000
    for adresse in plan:
        assert client.get(adresse.removeprefix(SITE)).status_code == 200, adresse
    for adresse in ("/", "/indicateurs/formation/", "/organisations/o0/", "/methodologie/", "/a-propos/", "/editions/"):
        assert SITE + adresse in plan
    assert f"{SITE}/organisations/finie/" in plan
    assert f"{SITE}/organisations/vieille/" not in plan  # son adresse mène à celle qui la suit


def test_le_plan_du_site_ne_nomme_que_les_plans_acceptes_avant_l_edition(client):
    publier()
    Strategie.objects.create(code="2019-2023", titre="Stratégie", debut=f.DEBUT, fin=f.FIN)
    assert f"{SITE}/plans/o0/" not in adresses(client)
    accepte(Organisation.objects.get(sigle="O0"), "2023-05-20")
    rediger(Organisation.objects.get(sigle="O1"))
    paraitre("2023-06-01", note="Un plan")
    assert f"{SITE}/plans/o0/" in adresses(client)
    assert f"{SITE}/plans/o1/" not in adresses(client)


def test_chaque_page_du_plan_porte_la_date_de_l_edition(client, edition):
    assert set(adresses(client).values()) == {"2023-05-18"}
    paraitre("2023-06-18", note="Un ajout")
    assert set(adresses(client).values()) == {"2023-06-18"}


def test_le_plan_ne_depend_pas_de_l_hote_demande(client, edition, settings):
    settings.ALLOWED_HOSTS = ["*"]

    assert {a[: len(SITE)] for a in adresses(client, headers={"host": "ailleurs.test"})} == {SITE}


FRANCAIS = [("fr", "Français")]


def test_avec_l_anglais_chaque_adresse_dit_la_meme_page_dans_l_autre_langue(client, edition, settings):
    settings.LANGUAGES = FRANCAIS
    francaises = adresses(client)
    settings.LANGUAGES = [*FRANCAIS, ("en", "English")]
    vider_le_cache()
    racine = ET.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 - le nôtre
    dites = {
        str(u.findtext(f"{NS}loc")): {lien.get("hreflang"): lien.get("href") for lien in u.findall(LIEN)}
        for u in racine.findall(f"{NS}url")
    }

    assert len(dites) == 2 * len(francaises)
    for adresse in francaises:
        anglaise = adresse.replace(SITE, f"{SITE}/en", 1)
        assert dites[adresse] == dites[anglaise] == {"fr": adresse, "en": anglaise}


def test_sans_l_anglais_le_plan_n_en_dit_rien(client, edition, settings):
    settings.LANGUAGES = FRANCAIS
    assert b"hreflang" not in client.get("/sitemap.xml").content


def test_avant_la_premiere_edition_le_plan_est_bien_forme(client):
    assert f"{SITE}/" in adresses(client)


def test_les_moteurs_lisent_le_public_et_rien_d_autre(client, edition):
    reponse = client.get("/robots.txt")

    assert reponse["Content-Type"] == "text/plain; charset=utf-8"
    assert reponse.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /espace/",
        "Disallow: /compte/",
        "Disallow: /*comparer/?",
        "Disallow: /*/export.",
        "Disallow: /*organisations/*/courbe.",
        "Disallow: /*portefeuilles/*/courbe.",
        "",
        f"Sitemap: {SITE}/sitemap.xml",
    ]
    assert reponse.cookies == {}


def test_un_partage_montre_le_titre_la_description_et_l_adresse_de_la_page(client, edition):
    descriptions = set()
    for adresse in adresses(client):
        page = client.get(adresse.removeprefix(SITE)).content.decode()
        montres = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', page))
        assert montres["title"] == re.search(r"<title>(.*?)</title>", page)[1]
        assert montres["description"] == re.search(r'<meta name="description" content="([^"]*)">', page)[1]
        langue = "en_CA" if adresse.startswith(f"{SITE}/en/") else "fr_CA"
        assert (montres["url"], montres["type"], montres["locale"]) == (adresse, "website", langue)
        descriptions.add(montres["description"])
    assert len(descriptions) == len(adresses(client))


def test_la_description_d_un_indicateur_et_d_une_organisation_dit_ses_chiffres(client, edition):
    lire = re.compile(r'<meta name="description" content="([^"]*)">')
    indicateur, organisation, muette = (
        html.unescape(lire.search(client.get(adresse).content.decode())[1])
        for adresse in ("/indicateurs/sans-papier/", "/organisations/mcn/", "/organisations/o0/")
    )
    assert re.fullmatch(
        r"Processus sans papier\. \S+\xa0% au 1er trimestre de 2023; cible 75\xa0% fin 2023\.", indicateur
    )
    chiffre = "Processus sans papier\xa0: 51,0\xa0% au 1er trimestre de 2023; cible 75\xa0% fin 2023."
    assert organisation.startswith(f"Ministère de la Cybersécurité. {chiffre}")
    assert "Édition 2023-T1" in muette


def test_une_page_d_erreur_ne_se_partage_ni_ne_se_cite(client, edition):
    reponse = client.get("/rien/")

    assert b"og:" not in reponse.content
    assert b"canonical" not in reponse.content
    assert "Trouver une organisation" in texte(reponse)


def test_aucun_lien_du_site_n_est_mort(client, edition):
    paraitre("2023-06-18", note="Un ajout")
    vus: dict[str, set[str]] = {}
    for adresse in adresses(client):
        page = client.get(adresse.removeprefix(SITE)).content.decode()
        for lien in re.findall(r'(?:href|src)="(/[^"]*)"', page):
            vus.setdefault(html.unescape(lien).partition("#")[0], set()).add(adresse)
    ouverts = {lien for lien in vus if not lien.startswith(("/static/", "/espace/"))}
    morts = {lien: vus[lien] for lien in ouverts if _statut(client, lien) != 200}

    assert len(ouverts) > 60
    assert morts == {}


def test_aucune_ancre_ne_mene_nulle_part(client, edition):
    for adresse in adresses(client):
        page = client.get(adresse.removeprefix(SITE)).content.decode()
        for ancre in re.findall(r'href="#([^"]+)"', page):
            assert f'id="{ancre}"' in page, (adresse, ancre)


def _statut(client, lien: str) -> int:
    reponse = client.get(lien, follow=True)
    b"".join(reponse)  # un fichier se ferme quand il est lu
    return reponse.status_code
