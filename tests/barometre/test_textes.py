"""Les pages qu'un site public doit: à propos, accessibilité, confidentialité; simples, exactes, où l'on peut écrire."""

import html
import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from barometre.environnement import adresse_ou_rien, lire
from barometre.views import erreurs
from tests.barometre.public import partager, publier, texte

pytestmark = pytest.mark.django_db
TEXTES = ("/a-propos/", "/accessibilite/", "/confidentialite/")
SIMPLES = (*TEXTES, "/methodologie/", "/editions/")


@pytest.fixture
def edition():
    parue = publier(fictive=True)
    partager()
    return parue


def phrases_de(page: str) -> list[str]:
    """Les phrases du contenu: ce qui finit par un point, ou un bloc."""
    contenu = page[page.index("<main") : page.index("</main>")]
    blocs = re.split(r"</?(?:p|li|h[1-6]|dt|dd|ul|div|section|td|th|tr|caption)\b[^>]*>", contenu)
    nus = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", bloc)).strip() for bloc in blocs]
    phrases = [phrase for bloc in nus for phrase in re.split(r"(?<=[.?])\s+(?=[A-ZÀÉ«0-9])", bloc)]
    return [phrase for phrase in phrases if len(phrase.split()) > 2]


@pytest.mark.parametrize("adresse", SIMPLES)
def test_les_phrases_sont_courtes(client, edition, adresse):
    longueurs = [len(phrase.split()) for phrase in phrases_de(client.get(adresse).content.decode())]

    assert len(longueurs) > 5
    assert sum(longueurs) / len(longueurs) <= 15
    assert max(longueurs) <= 20


@pytest.mark.parametrize("adresse", SIMPLES)
def test_elles_se_lisent_sans_peine(client, edition, adresse):
    """L'indice de Kandel et Moles, le Flesch du français: 50 est « assez facile »."""
    phrases = phrases_de(client.get(adresse).content.decode())
    mots = [mot for phrase in phrases for mot in re.findall(r"[A-Za-zÀ-ÿ]+", html.unescape(phrase))]
    indice = 207 - 1.015 * len(mots) / len(phrases) - 73.6 * sum(map(syllabes, mots)) / len(mots)

    assert indice >= 50


def syllabes(mot: str) -> int:
    """À peu près: les groupes de voyelles, sans l'e muet de la fin."""
    groupes = len(re.findall(r"[aeiouyàâéèêëîïôöùûü]+", mot.lower()))
    return max(groupes - bool(re.search(r"(e|es|ent)$", mot.lower())), 1)


def test_aucun_titre_n_est_celui_d_une_autre_page(client, edition):
    titres = [
        re.search(r"<title>(.*?)</title>", client.get(a).content.decode())[1] for a in (*SIMPLES, "/", "/donnees/")
    ]

    assert len(set(titres)) == len(titres)


@pytest.mark.parametrize("adresse", TEXTES)
def test_chacune_dit_ou_ecrire(client, edition, adresse, settings):
    settings.CONTACT = "a+b@exemple.quebec"
    page = client.get(adresse).content.decode()

    assert 'href="mailto:a%2Bb@exemple.quebec"' in page


@pytest.mark.parametrize("adresse", TEXTES)
def test_elles_se_lisent_avant_la_premiere_edition(client, adresse):
    assert client.get(adresse).status_code == 200


def test_toute_page_y_mene_et_dit_la_methode_les_editions_la_licence_et_l_empreinte(client, edition):
    pied = re.search(r"<footer.*</footer>", client.get("/").content.decode(), re.DOTALL)[0]

    for adresse in (*SIMPLES, "/donnees/", "/donnees/2023-T1/", "https://creativecommons.org/licenses/by/4.0/deed.fr"):
        assert f'href="{adresse}"' in pied
    assert edition.empreinte[:12] in pied
    assert "Code source" not in pied


def test_le_pied_ne_mene_au_code_que_si_son_adresse_est_reglee(client, edition, settings):
    settings.CODE_SOURCE = "https://forge.exemple.quebec/barometre"

    assert '<a href="https://forge.exemple.quebec/barometre">Code source</a>' in client.get("/").content.decode()


@pytest.mark.parametrize("mauvaise", ["javascript:alert(1)", "forge.exemple.quebec", "ftp://x.quebec/"])
def test_une_adresse_du_code_mal_formee_se_dit_au_demarrage(mauvaise, monkeypatch):
    monkeypatch.setenv("CODE_SOURCE", mauvaise)
    with pytest.raises(ImproperlyConfigured, match="CODE_SOURCE est mal formé"):
        lire("CODE_SOURCE", adresse_ou_rien, "", "https://forge.exemple.quebec/barometre.")


def test_l_en_tete_a_cinq_entrees_dont_la_methodologie(client, edition):
    page = client.get("/methodologie/").content.decode()
    navigation = re.search(r'<nav aria-label="Principale">.*?</nav>', page, re.DOTALL)[0]

    assert re.findall(r">([^<>]+)</a>", navigation) == [
        "Indicateurs",
        "Organisations",
        "Plans",
        "Données",
        "Méthodologie",
    ]
    assert '<a href="/methodologie/" aria-current="true">' in navigation


@pytest.mark.parametrize(
    ("vue", "statut"),
    [
        (erreurs.demande_invalide, 400),
        (erreurs.acces_refuse, 403),
        (erreurs.page_introuvable, 404),
        (erreurs.panne, 500),
        (erreurs.service_indisponible, 503),
    ],
)
def test_une_erreur_dit_quoi_faire_et_mene_ailleurs(rf, client, edition, vue, statut):
    reponse = vue(rf.get("/"))
    liens = re.findall(r'href="(/[^"]*)"', reponse.content.decode())

    assert reponse.status_code == statut
    assert "Revenir à l'accueil" in texte(reponse)
    assert "Si cela continue, écrivez à" in texte(reponse)
    for lien in set(liens) - {"/espace/"}:
        assert lien.startswith("/static/") or client.get(lien).status_code == 200, lien


def test_une_panne_du_cache_dit_quand_reessayer(rf):
    assert "Réessayez dans une minute." in texte(erreurs.service_indisponible(rf.get("/")))
