"""Une citoyenne sans souris: tout se fait au clavier, et l'on voit toujours où l'on est."""

import csv
import io

import pytest
from PIL import Image

from tests.parcours import pixels
from tests.volume import NUIT

pytestmark = [pytest.mark.navigateur, pytest.mark.apparence]
GRAPHIQUE = "/indicateurs/donnees-ouvertes/graphique/"
PAGES = (
    GRAPHIQUE,
    "/organisations/?q=zzz",
    "/",
    "/organisations/",
    "/organisations/ramq/",
    "/en/methodologie/",
    "/plans/",
)
MARGE = 8  # points autour d'une commande: l'anneau du foyer y tient
# Où est le foyer: ce qu'il dit, où il est sur l'écran, et s'il est couvert par autre chose.
FOYER = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const boites = [...e.getClientRects()], b = boites[0] || e.getBoundingClientRect();
  const pas = [0.1, 0.5, 0.9], dans = (x, y) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
  const points = boites.flatMap(c => pas.flatMap(p => pas.map(q => [c.x + c.width * p, c.y + c.height * q])));
  const vus = points.filter(([x, y]) => dans(x, y)).map(([x, y]) => document.elementFromPoint(x, y));
  const cherche = e.labels && e.labels[0];
  return {
    nom: (e.getAttribute('aria-label') || e.innerText || (cherche && cherche.innerText) || e.name || '').trim(),
    boite: [b.x, b.y, b.width, b.height],
    vu: vus.some(v => v && (v === e || e.contains(v) || (cherche && cherche.contains(v)))),
    ordre: [...document.querySelectorAll('*')].indexOf(e),
  };
}"""
# Ce qu'un lecteur d'écran entendrait de la zone annoncée.
ECOUTER = """() => {
  const zone = document.querySelector('#lecture'), quoi = { childList: true, characterData: true, subtree: true };
  window.dites = [];
  new MutationObserver(() => dites.push(zone.innerText)).observe(zone, quoi);
}"""
ATTEIGNABLES = """() => [...document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, textarea, summary, main, [tabindex]')].filter(
  e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility()).length"""


@pytest.fixture(autouse=True)
def calme(page):
    """Qui préfère que rien ne bouge: le défilement vers le foyer se fait d'un coup, donc se mesure."""
    page.set_default_timeout(20_000)
    page.emulate_media(reduced_motion="reduce")


def foyer(page) -> dict:
    trouve = page.evaluate(FOYER)
    assert trouve, "rien n'a le foyer"
    return trouve


def aller(page, debut: str, touche: str = "Tab") -> dict:
    """Avance jusqu'à la commande dont le nom commence ainsi; chacune, en chemin, est découverte."""
    for _ in range(200):
        page.keyboard.press(touche)
        if page.evaluate("document.activeElement === document.body"):
            continue  # le tour recommence
        atteint = foyer(page)
        assert atteint["vu"], atteint
        if atteint["nom"].startswith(debut):
            return atteint
    raise AssertionError(f"« {debut} » ne s'atteint pas au clavier")


def exiger_un_foyer_visible(page) -> None:
    """Avoir le foyer change, à 3 contre 1 au moins, autant de pixels que la commande a de tour."""
    page.wait_for_timeout(50)
    x, y, largeur, hauteur = foyer(page)["boite"]
    haut, gauche = max(0, y - MARGE), max(0, x - MARGE)
    ecran = page.viewport_size
    zone = {"x": gauche, "y": haut, "width": min(ecran["width"] - gauche, largeur + 2 * MARGE)}
    zone["height"] = min(ecran["height"] - haut, hauteur + 2 * MARGE)
    avec = image(page, zone)
    page.evaluate("() => { window.avant = document.activeElement; avant.blur(); }")
    sans = image(page, zone)
    page.evaluate("() => avant.focus({ preventScroll: true })")
    assert pixels.differences(avec, sans) >= (largeur + hauteur), foyer(page)["nom"]


def image(page, zone: dict) -> Image.Image:
    octets = page.screenshot(clip=zone, animations="disabled", caret="hide")
    return Image.open(io.BytesIO(octets)).convert("RGB")


def presser(page, touche: str) -> None:
    """Presse une touche qui mène à une autre page."""
    with page.expect_navigation():
        page.keyboard.press(touche)


def test_de_l_accueil_on_trouve_une_organisation_et_l_on_y_lit_si_elle_est_en_retard(page, site):
    page.goto(site)
    page.keyboard.press("Tab")
    assert foyer(page)["nom"] == "Aller au contenu"
    exiger_un_foyer_visible(page)
    page.keyboard.press("Enter")
    aller(page, "Nom ou sigle")
    exiger_un_foyer_visible(page)
    page.keyboard.type("assurance maladie")
    presser(page, "Enter")
    aller(page, "Régie de l'assurance maladie du Québec")
    exiger_un_foyer_visible(page)
    presser(page, "Enter")
    assert page.locator("h1").inner_text().startswith("Régie de l'assurance maladie")
    assert "En retard de" in page.locator("article", has_text="sans papier").first.inner_text()
    aller(page, "Voir les données en tableau")
    exiger_un_foyer_visible(page)
    page.keyboard.press("Space")
    assert page.locator("details table").first.is_visible()


def test_de_l_accueil_on_explique_un_chiffre_on_lit_le_tableau_et_l_on_emporte_le_csv(page, site):
    page.goto(site)
    aller(page, "Expliquer ce chiffre")
    exiger_un_foyer_visible(page)
    page.keyboard.press("Enter")
    assert page.get_by_role("table", name="Les comptes au 1er trimestre de 2023").first.is_visible()
    page.keyboard.press("Enter")
    assert not page.get_by_role("table", name="Les comptes au 1er trimestre de 2023").first.is_visible()
    aller(page, "Voir les données en tableau")
    page.keyboard.press("Enter")
    assert page.locator("figure table").first.is_visible()
    aller(page, "Processus administratifs sans papier", "Shift+Tab")
    exiger_un_foyer_visible(page)
    presser(page, "Enter")
    aller(page, "CSV")
    exiger_un_foyer_visible(page)
    with page.expect_download() as attendu:
        page.keyboard.press("Enter")
    with open(attendu.value.path(), newline="") as fichier:
        assert "part_observee" in next(csv.reader(fichier))


def test_le_graphique_interactif_se_parcourt_se_filtre_et_ne_retient_personne(page, site):
    page.goto(site + "/indicateurs/donnees-ouvertes/")
    aller(page, "Graphique interactif")
    exiger_un_foyer_visible(page)
    presser(page, "Enter")
    page.wait_for_selector("#dessin .main-svg")
    aller(page, "Parcourir les trimestres")
    exiger_un_foyer_visible(page)
    page.evaluate(ECOUTER)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => dites.length > 0", timeout=1_000)
    assert page.evaluate("dites.at(-1)").startswith("4e trimestre de 2022")
    aller(page, "Part observée")
    page.keyboard.press("Space")
    page.wait_for_function(
        "() => document.getElementById('dessin').data.some(t => t.meta === 'observe' && t.visible === false)"
    )
    page.keyboard.press("Escape")
    aller(page, "Tout rétablir")
    exiger_un_foyer_visible(page)
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.getElementById('dessin').data.every(t => t.visible !== false)")
    aller(page, "Confidentialité")  # au pied de la page: rien ne retient
    aller(page, "Parcourir les trimestres", "Shift+Tab")


@pytest.mark.epreuve
@pytest.mark.parametrize("adresse", PAGES if NUIT else PAGES[:2])
def test_le_foyer_suit_l_ordre_de_lecture_se_voit_partout_et_n_est_jamais_couvert(page, site, adresse):
    page.set_viewport_size({"width": 1280, "height": 400})
    pixels.ouvrir(page, site + adresse)
    attendues, ordres = page.evaluate(ATTEIGNABLES), []
    for rang in range(attendues + 5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        atteint = foyer(page)
        assert atteint["vu"], atteint
        ordres.append(atteint["ordre"])
        if NUIT or rang % 8 == 0:
            exiger_un_foyer_visible(page)
    assert ordres == sorted(set(ordres))  # l'ordre du document, qui est celui de la lecture, sans retour
    assert len(ordres) == attendues
