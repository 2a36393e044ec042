"""Un trimestre, du premier chiffre à la correction: la déclarante, l'étrangère, l'inconnu, dans un vrai navigateur.

La même histoire se raconte avec et sans JavaScript.
"""

import hashlib
import re

import pytest
from playwright.sync_api import expect

from tests.parcours.lieu import APRES, PENDANT
from tests.parcours.personnes import DECLARANTE, ETRANGERE, PREPARER, accepter, entrer, suivre

pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("navigateur")]
TRIMESTRE = "/espace/ramq/2023-T2/"
PRIVEES = ("", "tableur/", "valeurs.xlsx", "v1/", "v1/accuse/", "v1/accuse.txt", "corriger/", "prolongation/")


@pytest.fixture(params=[True, False], ids=["avec_javascript", "sans_javascript"])
def ouvrir(browser, request):
    """Ouvre un navigateur neuf, avec ou sans JavaScript."""
    contextes = []

    def neuf():
        contextes.append(browser.new_context(java_script_enabled=request.param))
        page = contextes[-1].new_page()
        page.set_default_timeout(20_000)
        page.set_default_navigation_timeout(20_000)
        return page

    neuf.avec_javascript = request.param
    yield neuf
    for contexte in contextes:
        contexte.close()


def nombre(page, libelle: str, valeur: str) -> None:
    page.get_by_role("textbox", name=libelle, exact=True).fill(valeur)


def principal(page) -> str:
    return page.inner_text("main").replace("\xa0", " ")


def test_une_declarante_transmet_son_trimestre_puis_le_corrige_apres_l_echeance(ouvrir, lieu):
    lieu.gerer("shell", "-c", PREPARER)
    with lieu.servir(HORLOGE=PENDANT) as site:
        page = ouvrir()
        entrer(page, site, DECLARANTE)
        remplir(page, ouvrir.avec_javascript)
        etre_avertie_puis_se_justifier(page)
        recevoir_l_accuse(page, lieu)
        personne_d_autre_ne_voit_rien(ouvrir, site)
    lieu.gerer("shell", "-c", accepter("2023-T2"))
    with lieu.servir(HORLOGE=APRES) as site:
        page = ouvrir()
        entrer(page, site, DECLARANTE)
        corriger(page, site)


def remplir(page, avec_javascript: bool) -> None:
    """Du tableau de bord au formulaire; un brouillon garde tout, même ce qui n'est pas un nombre."""
    suivre(page, page.get_by_role("link", name="Régie de l'assurance maladie du Québec"))
    assert "Échéance : 14 août 2023, dans 10 jours." in principal(page)
    assert "2 réponses sur 4" in principal(page)
    suivre(page, page.get_by_role("link", name=re.compile("^Continuer")))
    nombre(page, "Fonctionnaires formés à l'Académie de la transformation numérique", "1 640")
    nombre(page, "Fonctionnaires", "2 214")
    if avec_javascript:  # ce que le script ajoute: la part pendant qu'on tape
        page.keyboard.press("Tab")
        assert page.locator("output").nth(2).inner_text().replace("\xa0", " ") == "74,1 %"
    nombre(page, "Gestionnaires formés à l'ENAP", "cinquante")
    suivre(page, page.get_by_role("button", name="Enregistrer le brouillon"))
    assert "Le brouillon est enregistré" in principal(page)
    if avec_javascript:  # et le message annoncé, en moins d'une seconde
        expect(page.locator("#annonce")).to_contain_text("enregistré", timeout=1000)
    assert page.get_by_role("textbox", name="Gestionnaires formés à l'ENAP", exact=True).input_value() == "cinquante"


def etre_avertie_puis_se_justifier(page) -> None:
    """Tout ce qui ne va pas d'un coup, chaque point avec son lien; puis ce qui étonne, qui se justifie."""
    suivre(page, page.get_by_role("button", name="Transmettre au CQEN"))
    resume = page.locator(".resume")
    assert resume.locator("a").count() == 3  # un mot pour un nombre, un nombre absent, une part qui étonne
    assert page.title().startswith("Erreur")
    ancre = resume.get_by_role("link", name=re.compile("Gestionnaires formés à l'ENAP")).get_attribute("href")
    assert page.locator(ancre).input_value() == "cinquante"
    assert page.locator(ancre).get_attribute("aria-invalid") == "true"
    nombre(page, "Gestionnaires formés à l'ENAP", "51")
    nombre(page, "Gestionnaires", "178")
    suivre(page, page.get_by_role("button", name="Transmettre au CQEN"))
    assert resume.locator("a").count() == 1
    assert "La part passe de 18,5 % à 74,1 %" in principal(page)
    page.locator(resume.locator("a").get_attribute("href")).fill("Une cohorte de 1 200 personnes a fini en juin.")
    suivre(page, page.get_by_role("button", name="Transmettre au CQEN"))


def recevoir_l_accuse(page, lieu) -> None:
    """L'accusé, son texte, son empreinte: la même à l'écran, dans le texte et dans le courriel."""
    assert page.locator("h1").inner_text() == "Accusé de transmission"
    empreinte = page.locator("dd code").inner_text()
    texte = page.request.get(page.url.replace("/accuse/", "/accuse.txt")).body()
    assert hashlib.sha256(texte).hexdigest() == empreinte
    (courriel,) = [c for c in lieu.courriels if "Accusé" in c or empreinte in c]
    assert empreinte in courriel
    assert f"To: {DECLARANTE}" in courriel


def personne_d_autre_ne_voit_rien(ouvrir, site) -> None:
    """Une déclarante d'ailleurs reçoit 404, comme pour une adresse qui n'existe pas; un inconnu doit se connecter."""
    etrangere, inconnu = ouvrir(), ouvrir()
    entrer(etrangere, site, ETRANGERE)
    absente = etrangere.goto(f"{site}/espace/nulle-part/2023-T2/")
    for fin in PRIVEES:
        reponse = etrangere.request.get(f"{site}{TRIMESTRE}{fin}")
        assert reponse.status == 404
        assert "Régie" not in reponse.text()
        assert inconnu.request.get(f"{site}{TRIMESTRE}{fin}", max_redirects=0).status == 302
    assert absente.status == 404
    inconnu.goto(f"{site}{TRIMESTRE}")
    assert "/compte/connexion/" in inconnu.url
    public = inconnu.request.get(f"{site}/organisations/ramq/").text()
    assert "74,1" not in public  # transmis n'est pas publié


def corriger(page, site) -> None:
    """Accepté et après l'échéance: on corrige quand même, avec une raison, sur une version préremplie."""
    page.goto(f"{site}{TRIMESTRE}")
    assert "Accepté" in principal(page)
    suivre(page, page.get_by_role("link", name="Corriger ce trimestre"))
    page.get_by_label("Pourquoi corriger").fill("Deux personnes avaient été comptées deux fois.")
    suivre(page, page.get_by_role("button", name="Corriger ce trimestre"))
    assert "14 août 2023" in principal(page)
    assert page.get_by_role("textbox", name="Fonctionnaires", exact=True).input_value() == "2214"
    nombre(page, "Fonctionnaires formés à l'Académie de la transformation numérique", "1638")
    suivre(page, page.get_by_role("button", name="Transmettre au CQEN"))
    assert page.locator("h1").inner_text() == "Accusé de transmission"
    page.goto(f"{site}/espace/ramq/")
    assert "une correction est en cours : envoyé le 20 septembre 2023" in principal(page)
