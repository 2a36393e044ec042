"""Ceux pour qui le site existe: une citoyenne, un journaliste, et qui retrouve un vieux signet.

La même histoire se raconte avec et sans JavaScript.
"""

import csv
import io
import re
from xml.etree import ElementTree

import pytest

from tests.parcours.personnes import suivre

pytestmark = [pytest.mark.navigateur, pytest.mark.apparence]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=[True, False], ids=["avec_javascript", "sans_javascript"])
def onglet(browser, request):
    contexte = browser.new_context(java_script_enabled=request.param, accept_downloads=True)
    page = contexte.new_page()
    page.set_default_timeout(20_000)
    yield page
    contexte.close()


def principal(page) -> str:
    return page.inner_text("main").replace("\xa0", " ")


def telecharger(page, lien) -> tuple[str, bytes]:
    """Le nom et les octets de ce qu'un lien fait télécharger."""
    with page.expect_download() as attendu:
        lien.click()
    with open(attendu.value.path(), "rb") as fichier:
        return attendu.value.suggested_filename, fichier.read()


def test_une_citoyenne_trouve_son_ministere_en_deux_clics_et_comprend_s_il_est_en_retard(onglet, site):
    onglet.goto(site)
    suivre(onglet, onglet.get_by_role("navigation", name="Principale").get_by_role("link", name="Organisations"))
    suivre(onglet, onglet.get_by_role("link", name="Ministère de la Justice (MJQ)"))
    assert onglet.locator("h1").inner_text() == "Ministère de la Justice"
    carte = onglet.locator("article", has_text="Processus administratifs sans papier")
    assert re.search(
        r"En retard de \d+,\d points? sur le chemin|En voie|Atteinte", carte.inner_text().replace("\xa0", " ")
    )


def test_un_journaliste_emporte_la_courbe_et_ses_donnees_et_cite_leur_edition(onglet, site):
    onglet.goto(f"{site}/indicateurs/sans-papier/")
    part = onglet.locator(".part").first.inner_text().replace("\xa0", " ")
    nom, octets = telecharger(onglet, onglet.get_by_role("link", name="CSV", exact=True))
    lignes = list(csv.DictReader(io.StringIO(octets.decode())))
    assert "2023-T1" in nom
    assert {ligne["edition"] for ligne in lignes} == {"2023-T1"}
    derniere = next(ligne for ligne in lignes if ligne["trimestre"] == "2023-T1")
    assert f"{float(derniere['part_observee']):.1f} %".replace(".", ",") == part
    nom, octets = telecharger(onglet, onglet.get_by_role("link", name="SVG", exact=True))
    dessin = ElementTree.fromstring(octets)  # noqa: S314 - le fichier vient de notre serveur
    ecrit = " ".join(" ".join(texte.itertext()) for texte in dessin.iter(f"{SVG}text")).replace("\xa0", " ")
    assert "2023-T1" in nom
    assert "Baromètre numérique, édition 2023-T1, publiée le 18 mai 2023" in ecrit
    nom, octets = telecharger(onglet, onglet.get_by_role("link", name="PNG", exact=True))
    assert (nom.endswith(".png"), octets[:8]) == (True, b"\x89PNG\r\n\x1a\n")
    onglet.goto(f"{site}/editions/2023-T1/indicateurs/sans-papier/")
    assert part in principal(onglet)


def test_une_vieille_adresse_dit_encore_le_vieux_chiffre_et_mene_au_neuf(onglet, site):
    onglet.goto(f"{site}/editions/2022-T4/indicateurs/sans-papier/")
    ancien = onglet.locator(".part").first.inner_text()
    assert "Édition 2022-T4" in onglet.locator(".ligne-edition").inner_text()
    suivre(onglet, onglet.get_by_role("link", name="Voir la plus récente"))
    assert onglet.url == f"{site}/indicateurs/sans-papier/"
    assert onglet.locator(".part").first.inner_text() != ancien
    with io.StringIO(onglet.request.get(f"{site}/donnees/2022-T4/chiffres.csv").text()) as fichier:
        (ligne,) = (
            ligne
            for ligne in csv.DictReader(fichier)
            if (ligne["indicateur"], ligne["trimestre"]) == ("sans-papier", "2022-T4")
            and not ligne["portefeuille"] + ligne["categorie"]
        )
    assert f"{float(ligne['part_globale']):.1f}\xa0%".replace(".", ",") == ancien
