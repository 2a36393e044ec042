"""Les pages dans un vrai navigateur: lisibles par tous, à toute largeur, sans script, légères, d'un seul hôte."""

import re

import pytest

from tests.parcours import regards
from tests.parcours.personnes import suivre

pytestmark = [pytest.mark.navigateur, pytest.mark.apparence]
PAGES = (
    "/",
    "/indicateurs/sans-papier/",
    "/indicateurs/donnees-ouvertes/",
    "/organisations/",
    "/organisations/?q=regie&tri=-sans-papier",
    "/organisations/?q=zzz",
    "/organisations/?q=asurance",
    "/comparer/",
    "/comparer/?o=saaq&o=ramq&o=tal&indicateur=sans-papier",
    "/comparer/?o=saaq&o=inconnue&ajouter=regie",
    "/organisations/ramq/",
    "/organisations/tal/",
    "/portefeuilles/mcn/",
    "/methodologie/",
    "/editions/",
    "/editions/2022-T4...2023-T1/",
    "/a-propos/",
    "/accessibilite/",
    "/confidentialite/",
    "/donnees/",
    "/donnees/2023-T1/",
    "/calendrier/",
    "/plans/",
    "/plans/?q=zzz",
    "/plans/ramq/",
    "/plans/mcn/",
    "/expertise/",
    "/expertise/?q=numerique&indicateur=sans-papier&portefeuille=MTMD",
    "/expertise/saaq/dossiers-sans-papier-en-six-mois/",
    "/page-qui-n-existe-pas/",
)
ANGLAISES = tuple(f"/en{adresse}" for adresse in PAGES if "?" not in adresse)


@pytest.mark.parametrize("adresse", PAGES)
@pytest.mark.parametrize("couleurs", regards.COULEURS)
def test_axe_ne_trouve_rien(page, site, adresse, couleurs):
    page.goto(site + adresse)
    regards.exiger_axe(page, couleurs)


@pytest.mark.parametrize("adresse", PAGES)
def test_rien_ne_deborde_ni_a_400_pour_cent_ni_a_aucune_largeur(page, site, adresse):
    page.goto(site + adresse)
    regards.exiger_sans_debordement(page)


@pytest.mark.parametrize("adresse", PAGES)
def test_sans_javascript_la_page_dit_la_meme_chose(browser, site, adresse):
    textes = []
    for actif in (True, False):
        contexte = browser.new_context(java_script_enabled=actif)
        onglet = contexte.new_page()
        onglet.goto(site + adresse)
        textes.append(onglet.inner_text("main"))
        contexte.close()
    assert textes[0] == textes[1]
    assert len(textes[0]) > 40


@pytest.mark.parametrize("adresse", [p for p in PAGES if "n-existe-pas" not in p])
def test_la_page_ne_parle_qu_a_son_hote_et_rien_n_y_est_refuse(page, site, adresse):
    requetes, reproches = [], regards.ecouter(page)
    page.on("request", lambda requete: requetes.append(requete.url))
    page.goto(site + adresse, wait_until="networkidle")
    assert [url for url in requetes if not url.startswith(site)] == []
    assert reproches == []
    assert page.context.cookies() == []


def test_la_premiere_visite_de_l_accueil_pese_au_plus_30_ko_en_5_requetes(page, site):
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    recus: list[float] = []
    session.on("Network.loadingFinished", lambda fait: recus.append(fait["encodedDataLength"]))
    page.goto(site, wait_until="networkidle")
    assert 0 < len(recus) <= 5
    assert sum(recus) <= 30_000


@pytest.mark.parametrize("adresse", PAGES)
def test_la_structure_est_celle_d_un_document(page, site, adresse):
    page.goto(site + adresse)
    regards.exiger_une_structure(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith("#")
    page.keyboard.press("Enter")
    assert page.locator(page.evaluate("location.hash")).count() == 1


@pytest.mark.parametrize("adresse", PAGES)
def test_toute_commande_offre_une_cible_de_24_pixels(page, site, adresse):
    page.goto(site + adresse)
    regards.exiger_des_cibles(page)


def test_les_titres_des_pages_sont_tous_differents(page, site):
    titres = []
    for adresse in PAGES:
        page.goto(site + adresse.split("?")[0])
        titres.append((adresse.split("?")[0], page.title()))
    assert len({titre for _, titre in titres}) == len({adresse for adresse, _ in titres})


def test_rien_ne_bouge(page, site):
    for adresse in PAGES:
        page.goto(site + adresse)
        assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.java
def test_le_html_est_valide(page, site, tmp_path):
    regards.exiger_un_html_valide(tmp_path, {p: page.request.get(site + p).text() for p in (*PAGES, *ANGLAISES)})


@pytest.mark.parametrize("adresse", ANGLAISES)
def test_en_anglais_la_page_est_aussi_lisible_par_tous(page, site, adresse):
    page.goto(site + adresse)
    regards.exiger_une_structure(page, "en")
    regards.exiger_axe(page, "none")
    regards.exiger_sans_debordement(page)
    regards.exiger_des_cibles(page)


def test_un_citoyen_va_de_l_accueil_a_une_organisation_et_y_lit_si_elle_est_en_retard(page, site):
    page.goto(site)
    page.get_by_role("searchbox").fill("assurance maladie")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    suivre(page, page.get_by_role("link", name="Régie de l'assurance maladie du Québec").first)
    assert page.locator("h1").inner_text().startswith("Régie de l'assurance maladie")
    assert re.search(r"En retard de \d+,\d\spoints? sur le chemin", page.inner_text("main"))


def test_chaque_page_dit_que_les_chiffres_sont_fictifs(page, site):
    for adresse in PAGES:
        page.goto(site + adresse)
        assert "les chiffres sont fictifs" in page.inner_text("body")
