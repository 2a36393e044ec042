"""Deux moteurs d'accessibilité de plus qu'axe, la nuit: aucun défaut, et chaque point qu'ils laissent à juger l'est."""

from pathlib import Path

import pytest

from tests.parcours import pixels, regards
from tests.parcours.test_navigateur import ANGLAISES, PAGES

MODULES = Path(__file__).resolve().parents[1] / "moteurs" / "node_modules"
ACE, SNIFFER = MODULES / "accessibility-checker-engine" / "ace.js", MODULES / "html_codesniffer" / "build" / "HTMLCS.js"
pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.apparence,
    pytest.mark.epreuve,
    pytest.mark.nuit,
]
A_PART = ("/indicateurs/donnees-ouvertes/graphique/", "/integrer/donnees-ouvertes/")
TOUTES = (*PAGES, *ANGLAISES, *A_PART, *(f"/en{adresse}" for adresse in A_PART))
PAR_ACE = """async () => (await new ace.Checker().check(document, ['WCAG_2_2'])).results
  .filter(r => r.value[1] !== 'PASS').map(r => [r.ruleId, r.snippet])"""
PAR_SNIFFER = """() => new Promise(finir => HTMLCS.process('WCAG2AA', document, () => finir(HTMLCS.getMessages()
  .filter(m => m.type !== HTMLCS.NOTICE)
  .map(m => [m.code.split('.').slice(3).join('.'), m.element.outerHTML || '']))))"""
# Ce qu'un moteur laisse à juger: la règle, le début ou un morceau de l'élément, et ce qu'une personne a jugé.
JUGES = {
    ("style_focus_visible", ""): "le foyer se mesure en pixels dans test_clavier.py",
    ("element_tabbable_visible", "evitement"): "le lien d'évitement paraît avec le foyer: test_clavier.py",
    ("element_tabbable_unobscured", ""): "rien ne couvre le foyer: test_clavier.py",
    ("aria_content_in_landmark", "evitement"): "le lien d'évitement précède tout repère, comme il se doit",
    ("style_color_misuse", "barometre"): "chaque état a un signe et un mot; chaque série, son trait: test_pixels.py",
    ("style_highcontrast_visible", "barometre"): "les couleurs imposées se mesurent en pixels: test_pixels.py",
    ("text_block_heading", 'class="part'): "le chiffre d'une carte est sous le titre de la carte, il n'en est pas un",
    ("text_block_heading", 'class="demi'): "de même pour les deux parts d'un indicateur",
    ("text_block_heading", 'class="precision'): "de même pour la cible, dite à côté du chiffre",
    ("text_block_heading", 'class="verdict'): "de même pour le verdict, dit en une phrase",
    ("element_tabbable_role_valid", "<pre"): "une commande à copier défile: le clavier doit l'atteindre (axe l'exige)",
    ("input_label_visible", "indicateur"): "le champ a son étiquette, visible, juste au-dessus",
    ("text_sensory_misuse", "<p"): "« below » dit sous la cible, jamais une place dans la page",
    ("input_fields_grouped", ""): "les filtres d'une recherche forment un seul groupe, leur formulaire",
    ("select_options_grouped", "<select"): "les choix sont d'une seule sorte, en ordre alphabétique",
    ("svg_graphics_labelled", "position: absolute"): "le brouillon où plotly mesure ses textes, hors de l'écran",
    ("svg_graphics_labelled", "main-svg"): "plotly est dans un élément de rôle img, qui a son nom",
    (
        "figure_label_exists",
        'class="courbe',
    ): "le graphique interactif a son titre juste au-dessus, et son image a un nom",
    ("a_target_warning", 'rel="noopener"'): "le graphique intégré mène hors du cadre, et son lien le dit",
    ("G18.Abs", ""): "texte pour lecteur d'écran, ou posé sur du blanc: mesuré en pixels",
    ("H48", "entete"): "l'en-tête a une liste de liens dans son élément nav",
    ("H48", "<p"): "une phrase qui a deux ou trois liens n'est pas une navigation",
    ("C32,C31,C33,C38,SCR34,G206", ""): "rien ne dépasse à 320 pixels: test_navigateur.py; un code à copier défile",
    ("H85.2", "<select"): "les choix sont d'une seule sorte, en ordre alphabétique",
    ("H91.Select.Value", "<select"): "la première option est choisie d'office: « Tous »",
    ("F24.BGColour", "main-svg"): "plotly y met du blanc et des textes foncés: mesuré en pixels",
}


@pytest.fixture
def ouverte(browser):
    """Une page où les moteurs peuvent s'injecter: la politique de sécurité, éprouvée ailleurs, y est levée."""
    assert ACE.exists(), "npm ci --prefix tests/moteurs"
    contexte = browser.new_context(bypass_csp=True)
    page = contexte.new_page()
    page.set_default_timeout(60_000)
    yield page
    contexte.close()


def est_juge(regle: str, element: str) -> bool:
    return any(regle.endswith(nom) and morceau in element for nom, morceau in JUGES)


@pytest.mark.parametrize("adresse", TOUTES)
def test_ni_l_un_ni_l_autre_ne_trouve_rien_qui_ne_soit_juge(ouverte, site, adresse):
    pixels.ouvrir(ouverte, site + adresse)
    ouverte.evaluate(regards.DEPLIER)
    for moteur, question in ((ACE, PAR_ACE), (SNIFFER, PAR_SNIFFER)):
        ouverte.add_script_tag(path=moteur)
        trouves = ouverte.evaluate(question)
        assert [(regle, element[:160]) for regle, element in trouves if not est_juge(regle, element)] == []


def test_les_moteurs_voient_un_defaut(ouverte, site):
    ouverte.goto(site)
    ouverte.evaluate(
        "() => document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/x.png\"><input>')"
    )
    for moteur, question in ((ACE, PAR_ACE), (SNIFFER, PAR_SNIFFER)):
        ouverte.add_script_tag(path=moteur)
        assert [regle for regle, element in ouverte.evaluate(question) if not est_juge(regle, element)]
