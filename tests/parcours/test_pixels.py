"""Ce que l'œil reçoit: des contrastes mesurés sur la capture, et rien de coupé quand le texte grandit ou s'espace."""

import pytest

from tests.parcours import pixels, regards
from tests.volume import NUIT

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.apparence,
    pytest.mark.epreuve,
]
COURBE, GRAPHIQUE = "/indicateurs/sans-papier/", "/indicateurs/donnees-ouvertes/graphique/"
COURTES = ("/comparer/?o=saaq&o=ramq&o=tal&indicateur=sans-papier", "/calendrier/")
PAGES = (
    *COURTES,
    GRAPHIQUE,
    "/",
    COURBE,
    "/indicateurs/donnees-ouvertes/",
    "/integrer/donnees-ouvertes/",
    "/organisations/?q=regie&tri=-sans-papier",
    "/organisations/ramq/",
    "/portefeuilles/mcn/",
    "/methodologie/",
    "/editions/2022-T4...2023-T1/",
    "/editions/2022-T4/",
    "/donnees/",
    "/donnees/2023-T1/",
    "/plans/",
    "/plans/ramq/",
    "/expertise/",
    "/a-propos/",
    "/page-qui-n-existe-pas/",
)
TOUTES = (*PAGES, *(f"/en{page}" for page in PAGES)) if NUIT else COURTES
# WCAG 1.4.12: ce qu'une personne peut imposer sans rien perdre.
ESPACES = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }"""
POSER = "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets.push(s); }"
ECRANS = ((1280, 800), (800, 360), (360, 800))  # un bureau, un téléphone couché, un téléphone debout


@pytest.fixture
def fine(browser):
    """Une page aux pixels deux fois plus fins: le cœur d'un trait y garde sa couleur."""
    contexte = browser.new_context(viewport={"width": 1280, "height": 800}, device_scale_factor=pixels.FINESSE)
    onglet = contexte.new_page()
    onglet.set_default_timeout(60_000)
    yield onglet
    contexte.close()


def deplier(onglet, adresse: str) -> None:
    """La page, volets ouverts."""
    pixels.ouvrir(onglet, adresse)
    onglet.evaluate(regards.DEPLIER)


@pytest.mark.parametrize("adresse", TOUTES)
@pytest.mark.parametrize("couleurs", regards.COULEURS)
def test_tout_texte_toute_marque_et_tout_bord_se_detachent_de_leur_fond(fine, site, adresse, couleurs):
    fine.emulate_media(forced_colors=couleurs)
    deplier(fine, site + adresse)
    capture = pixels.Capture(fine)
    assert pixels.textes_faibles(fine, capture) == []
    assert pixels.marques_faibles(fine, capture) == []


@pytest.mark.parametrize("couleurs", regards.COULEURS)
def test_chaque_serie_d_une_courbe_reste_distincte_des_autres(fine, site, couleurs):
    fine.emulate_media(forced_colors=couleurs)
    deplier(fine, site + COURBE)
    for cle in ("observe", "panel", "cible"):
        traits = fine.locator(f"main svg.l720 path.{cle}")
        assert traits.first.is_visible(), cle
    dessins = fine.eval_on_selector_all(
        "main svg.l720:first-of-type path:is(.observe, .panel, .cible):not(.marques)",
        "traits => traits.map(t => getComputedStyle(t)).map(s => s.strokeDasharray + s.strokeWidth)",
    )
    assert len(dessins) == len(set(dessins)) >= 3  # le trait seul les distingue, sans la couleur


def exiger_des_boites_entieres(onglet, adresse: str, ecrans, style: str = "") -> None:
    """Aucune boîte coupée, aucune ligne recouverte, rien qui dépasse, sur chacun de ces écrans."""
    for largeur, hauteur in ecrans:
        onglet.set_viewport_size({"width": largeur, "height": hauteur})
        deplier(onglet, adresse)
        onglet.evaluate(POSER, style)
        assert onglet.evaluate(pixels.COUPEES) == [], largeur
        assert pixels.textes_recouverts(onglet) == [], largeur
        assert onglet.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, largeur


@pytest.mark.parametrize("adresse", TOUTES)
def test_le_texte_espace_rien_n_est_coupe_ni_recouvert(page, site, adresse):
    exiger_des_boites_entieres(page, site + adresse, ECRANS if NUIT else ECRANS[2:], ESPACES)


@pytest.fixture(scope="module")
def double(browser_type, browser_type_launch_args):
    """Un navigateur dont la personne a doublé la taille du texte."""
    arguments = [*browser_type_launch_args["args"], "--blink-settings=defaultFontSize=32"]
    navigateur = browser_type.launch(**browser_type_launch_args | {"args": arguments})
    yield navigateur.new_page()
    navigateur.close()


@pytest.mark.parametrize("adresse", TOUTES)
def test_le_texte_double_rien_n_est_coupe_ni_recouvert(double, site, adresse):
    exiger_des_boites_entieres(double, site + adresse, ECRANS[:2] if NUIT else ECRANS[:1])
    assert double.evaluate("getComputedStyle(document.body).fontSize") == "32px"
