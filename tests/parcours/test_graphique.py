"""Le graphique interactif et le graphique intégré, dans un vrai navigateur."""

import io
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from PIL import Image

from tests.parcours import regards

pytestmark = [pytest.mark.navigateur, pytest.mark.apparence]
INDICATEUR = "/indicateurs/donnees-ouvertes/"
GRAPHIQUE, INTEGRER = f"{INDICATEUR}graphique/", "/integrer/donnees-ouvertes/"
VIOLATIONS = (
    "window.violations = []; addEventListener('securitypolicyviolation', e => violations.push(e.violatedDirective))"
)
ETENDUE = "document.getElementById('dessin').layout.xaxis.range"
# plotly suit la fenêtre avec un peu de retard
A_SA_TAILLE = "['Width', 'Height'].every(c => dessin['client' + c] === dessin.querySelector('svg')['client' + c])"
LIGNES_VUES = "document.getElementById('dessin').data.filter(t => t.visible !== false).map(t => t.meta)"


@pytest.fixture
def graphique(page, site):
    """La page, son graphique chargé; ce que le navigateur lui reproche est dans `page.reproches`."""
    page.reproches = regards.ecouter(page)
    page.add_init_script(VIOLATIONS)
    page.goto(site + GRAPHIQUE, wait_until="networkidle")
    page.wait_for_selector("#dessin .main-svg")
    return page


def lecture(page) -> str:
    return page.locator("#lecture").inner_text()


# --- le graphique interactif -----------------------------------------------------------------------------------------
def test_le_graphique_pese_au_plus_1_2_mo_et_ne_demande_rien_a_personne_d_autre(page, site):
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    recus, demandes = [], []
    session.on("Network.loadingFinished", lambda fait: recus.append(fait["encodedDataLength"]))
    page.on("request", lambda requete: demandes.append(requete.url))
    page.goto(site + INDICATEUR, wait_until="networkidle")
    avant = sum(recus)
    assert "plotly" not in "".join(demandes)  # rien n'est chargé tant que personne ne le demande
    page.get_by_role("link", name="Graphique interactif").click()
    page.wait_for_selector("#dessin .main-svg")
    page.wait_for_load_state("networkidle")
    assert 1_000_000 < sum(recus) - avant <= 1_200_000
    assert [url for url in demandes if not url.startswith((site, "blob:", "data:"))] == []
    assert page.context.cookies() == []


def test_survoler_zoomer_et_enregistrer_ne_violent_jamais_la_politique(graphique):
    boite = graphique.locator("#dessin").bounding_box()
    milieu, hauteur = boite["x"] + boite["width"] / 2, boite["y"] + boite["height"] / 2
    points = graphique.locator("#dessin .scatterlayer .point").last
    points.hover(force=True)
    graphique.wait_for_selector("#dessin .hovertext")
    graphique.mouse.move(milieu, hauteur)
    graphique.mouse.down()
    graphique.mouse.move(milieu + 150, hauteur, steps=5)
    graphique.mouse.up()
    graphique.wait_for_function(f"() => {ETENDUE}[1] - {ETENDUE}[0] < 10")
    with graphique.expect_download() as attendu:
        graphique.get_by_role("button", name="Enregistrer l'image (PNG)").click()
    assert attendu.value.suggested_filename == "barometre-2023-T1-donnees-ouvertes.png"
    assert Image.open(io.BytesIO(attendu.value.path().read_bytes())).size == (1800, 1080)
    graphique.get_by_role("button", name="Tout rétablir").click()
    graphique.wait_for_function(f"() => {ETENDUE}[1] - {ETENDUE}[0] > 15")
    assert graphique.evaluate("violations") == []
    assert graphique.reproches == []


def test_au_clavier_on_parcourt_les_trimestres_on_cache_une_ligne_et_on_retablit(graphique):
    assert lecture(graphique).startswith("1er trimestre de 2023\xa0: part observée 55,1\xa0%, panel constant")
    graphique.locator("#trimestre").focus()
    graphique.keyboard.press("ArrowLeft")
    assert lecture(graphique).startswith("4e trimestre de 2022\xa0: part observée")
    assert graphique.locator("#trimestre").get_attribute("aria-valuetext") == "4e trimestre de 2022"
    graphique.keyboard.press("End")
    assert "part observée à venir" in lecture(graphique)
    graphique.keyboard.press("Tab")
    graphique.keyboard.press("Space")
    graphique.wait_for_function(f"() => !{LIGNES_VUES}.includes('observe')")
    graphique.get_by_role("button", name="Rapprocher ce trimestre").press("Enter")
    graphique.wait_for_function(f"() => {ETENDUE}[1] - {ETENDUE}[0] < 10")
    graphique.get_by_role("button", name="Tout rétablir").press("Enter")
    graphique.wait_for_function(f"() => {LIGNES_VUES}.includes('observe') && {ETENDUE}[1] - {ETENDUE}[0] > 15")
    assert graphique.locator("#etat").inner_text() == "Toutes les lignes et tous les trimestres sont montrés."


def test_ce_qui_change_s_annonce_poliment_et_le_dessin_a_un_nom(graphique):
    roles = graphique.locator("main").aria_snapshot()
    assert '- status: "1er trimestre de 2023' in roles
    assert '- img "Graphique interactif.' in roles
    assert '- slider "Parcourir les trimestres"' in roles
    assert '- group "Lignes montrées"' in roles


def test_chaque_point_de_la_figure_est_dans_le_tableau(graphique):
    points = graphique.evaluate(
        "dessin.data.filter(t => t.text).flatMap(t => t.text.map((ecrit, i) => [t.meta, t.x[i], ecrit]))"
    )
    cellules = graphique.evaluate(
        "[...document.querySelectorAll('tbody tr')].map(tr => [...tr.cells].map(c => c.textContent))"
    )
    rangs = {code: rang for rang, code in enumerate(sorted({x for _, x, _ in points}))}
    colonnes = {"observe": 1, "panel": 2, "cible": 3}
    assert len(points) == 3 * len(cellules)
    for cle, code, ecrit in points:
        assert cellules[rangs[code]][colonnes[cle]] == ecrit


def test_sans_javascript_la_meme_courbe_est_la(browser, site):
    contexte = browser.new_context(java_script_enabled=False)
    onglet = contexte.new_page()
    onglet.goto(site + GRAPHIQUE)
    assert onglet.locator("#statique svg:visible").count() == 1
    assert onglet.get_by_text("Sans JavaScript, la courbe et le tableau disent la même chose.").is_visible()
    assert not onglet.locator("#interactif").is_visible()
    contexte.close()


def test_si_la_figure_ne_vient_pas_la_courbe_reste_et_une_phrase_le_dit(page, site):
    page.route("**/figure.json", lambda route: route.abort())
    page.goto(site + GRAPHIQUE, wait_until="networkidle")
    assert "ne s'est pas chargé" in page.locator("#etat").inner_text()
    assert page.locator("#statique svg:visible").count() == 1


@pytest.mark.parametrize("couleurs", regards.COULEURS)
def test_axe_ne_trouve_rien_au_graphique(graphique, couleurs, monkeypatch):
    for largeur in regards.LARGEURS:
        graphique.set_viewport_size({"width": largeur, "height": 800})
        graphique.wait_for_function(f"() => {A_SA_TAILLE}")
        monkeypatch.setattr(regards, "LARGEURS", (largeur,))
        regards.exiger_axe(graphique, couleurs)


def test_le_graphique_tient_a_toute_largeur_sans_bouger_ni_petites_cibles(graphique):
    regards.exiger_sans_debordement(graphique)
    regards.exiger_des_cibles(graphique)
    regards.exiger_une_structure(graphique)
    assert graphique.evaluate("document.getAnimations().length") == 0


# --- le graphique intégré --------------------------------------------------------------------------------------------
@pytest.fixture
def ailleurs(site):
    """Un autre site, d'une autre origine, qui met deux de nos pages dans un cadre."""
    cadres = "".join(f'<iframe src="{site}{adresse}" width="300" height="640"></iframe>' for adresse in (INTEGRER, "/"))

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>Ailleurs</title>{cadres}".encode())

        def log_message(self, *args):
            pass

    serveur = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=serveur.serve_forever, daemon=True).start()
    yield f"http://localhost:{serveur.server_port}/"
    serveur.shutdown()
    serveur.server_close()


def test_le_graphique_s_affiche_dans_le_cadre_d_un_autre_site_et_l_accueil_s_y_refuse(page, ailleurs, site):
    page.goto(ailleurs, wait_until="networkidle")
    integre, accueil = page.frames[1:]
    assert integre.url == site + INTEGRER
    assert integre.locator("h1").inner_text() == "Données à haut potentiel de réutilisation diffusées"
    assert integre.locator("svg:visible").count() == 1
    assert integre.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(34, 54, 84)"  # sa feuille
    assert accueil.url.startswith("chrome-error:")


def test_le_code_a_coller_montre_le_graphique(page, site, ailleurs):
    page.goto(site + INDICATEUR)
    page.get_by_text("Intégrer ce graphique").click()
    code = page.locator("code", has_text="<iframe").inner_text()
    page.goto(ailleurs)
    page.evaluate("code => { document.body.innerHTML = code; }", code)
    cadre = page.frame_locator("iframe")
    cadre.locator("h1").wait_for()
    assert "Source\xa0: Baromètre numérique, édition 2023-T1" in cadre.locator("main").inner_text()


@pytest.mark.parametrize("couleurs", regards.COULEURS)
def test_axe_ne_trouve_rien_au_graphique_integre(page, site, couleurs):
    page.goto(site + INTEGRER)
    regards.exiger_axe(page, couleurs)


def test_le_graphique_integre_se_lit_a_300_pixels(page, site):
    page.goto(site + INTEGRER)
    regards.exiger_sans_debordement(page)
    page.set_viewport_size({"width": 300, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    corps = page.eval_on_selector_all(
        "svg text", "t => t.map(x => x.getBoundingClientRect()).filter(b => b.width).map(b => b.height)"
    )
    assert min(corps) >= 11
    regards.exiger_des_cibles(page)


@pytest.mark.java
def test_le_html_de_ces_pages_est_valide(page, site, tmp_path):
    adresses = (GRAPHIQUE, INTEGRER, INDICATEUR)
    regards.exiger_un_html_valide(tmp_path, {a: page.request.get(site + a).text() for a in adresses})
