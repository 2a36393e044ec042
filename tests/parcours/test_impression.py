"""Imprimée, une page garde ses chiffres, sa source, son édition et sa date; rien n'est coupé, et le PDF est balisé."""

import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.parcours import regards
from tests.volume import NUIT

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.apparence,
    pytest.mark.poppler,
    pytest.mark.epreuve,
]
PAGES = (
    "/organisations/ramq/",
    "/indicateurs/sans-papier/",
    "/",
    "/indicateurs/donnees-ouvertes/",
    "/indicateurs/donnees-ouvertes/graphique/",
    "/organisations/",
    "/comparer/?o=saaq&o=ramq&o=tal&indicateur=sans-papier",
    "/portefeuilles/mcn/",
    "/editions/2022-T4/indicateurs/sans-papier/",
    "/methodologie/",
    "/donnees/2023-T1/",
    "/plans/ramq/",
)
EN_TETE = {"2023-T1": "18 mai 2023", "2022-T4": "16 février 2023"}
NOMBRES = re.compile(r"\d[\d \xa0]*(?:,\d+)?(?:[ \xa0]%)?")
# Les chiffres de la page qu'une personne lit à l'écran, tableaux dépliés; une fiche s'imprime sans ce qu'elle replie.
CHIFFRES = """() => [...document.querySelectorAll('main :is(.part, td, span.cible, .verdict, .chapeau)')].filter(
  e => !e.closest('.ecran, form, .fiche details') && e.checkVisibility()).map(e => e.innerText)"""


def imprimer(page, dossier: Path) -> Path:
    """Le PDF balisé que donne l'impression de cette page, format lettre, en couleurs."""
    chemin = dossier / "page.pdf"
    page.pdf(path=str(chemin), tagged=True, format="Letter", print_background=True)
    return chemin


def serrer(texte: str) -> str:
    """Le texte sans ses blancs: l'impression coupe les lignes autrement."""
    return re.sub(r"\s", "", texte)


def lu(pdf: Path, *options: str) -> str:
    """Ce que pdftotext tire d'un PDF."""
    return subprocess.run(["pdftotext", *options, str(pdf), "-"], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("adresse", PAGES if NUIT else PAGES[:2])
def test_l_impression_porte_les_chiffres_la_source_l_edition_et_la_date(page, site, tmp_path, adresse):
    page.goto(site + adresse, wait_until="networkidle")
    page.evaluate(regards.DEPLIER)
    ecrits = {n.strip() for texte in page.evaluate(CHIFFRES) for n in NOMBRES.findall(texte)}
    page.reload(wait_until="networkidle")  # les volets comme la personne les trouve: fermés
    pdf = imprimer(page, tmp_path)
    imprime = serrer(lu(pdf))
    assert [n for n in sorted(ecrits) if serrer(n) not in imprime] == []
    edition = next((code for code in EN_TETE if f"/editions/{code}/" in adresse), "2023-T1")
    for attendu in (
        "Baromètre numérique",
        f"Édition {edition}",
        f"publiée le {EN_TETE[edition]}",
        page.title().split(" - ")[0],
    ):
        assert serrer(attendu) in imprime, attendu
    assert serrer(page.locator("h1").inner_text()) in imprime


@pytest.mark.parametrize("adresse", PAGES if NUIT else PAGES[:2])
def test_rien_n_est_coupe_au_bord_de_la_feuille_et_le_pdf_est_balise(page, site, tmp_path, adresse):
    page.goto(site + adresse, wait_until="networkidle")
    pdf = imprimer(page, tmp_path)
    feuilles = ElementTree.fromstring(lu(pdf, "-bbox"))  # noqa: S314 - notre propre PDF
    mots = 0
    for feuille in feuilles.iter("{http://www.w3.org/1999/xhtml}page"):
        largeur, hauteur = float(feuille.get("width", 0)), float(feuille.get("height", 0))
        for mot in feuille:
            mots += 1
            droite, bas = float(mot.get("xMax", 0)), float(mot.get("yMax", 0))
            dedans = (
                min(float(mot.get("xMin", 0)), float(mot.get("yMin", 0))) >= 0 and droite <= largeur and bas <= hauteur
            )
            assert dedans, (mot.text, droite, largeur)
    assert mots > 50
    faits = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Tagged:\s+yes", faits)
    structure = subprocess.run(["pdfinfo", "-struct", str(pdf)], capture_output=True, text=True, check=True).stdout
    assert re.search(r"^\s*H1", structure, re.MULTILINE)
    assert page.title() in faits
