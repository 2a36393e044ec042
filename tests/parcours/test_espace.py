"""Chaque page de l'espace et du compte, dans chacun de ses états: lisible par tous, au clavier, à toute largeur."""

import re

import pytest
from openpyxl import load_workbook

from tests.parcours import regards
from tests.parcours.lieu import PENDANT
from tests.parcours.personnes import DECLARANTE, INVITER, MOT_DE_PASSE, entrer

pytestmark = [pytest.mark.navigateur, pytest.mark.apparence, pytest.mark.xdist_group("espace")]
RAMQ = "/espace/ramq/"
TRIMESTRE = f"{RAMQ}2023-T2/"

ANONYMES = {
    "connexion": "/compte/connexion/",
    "mot de passe oublié": "/compte/mot-de-passe/oublie/",
}
SIMPLES = {
    "compte": "/compte/",
    "deuxième facteur": "/compte/deuxieme-facteur/",
    "liste": "/espace/",
    "tableau de bord": RAMQ,
    "tableau d'une autre": "/espace/inesss/",
    "formulaire": TRIMESTRE,
    "formulaire repris": f"{TRIMESTRE}?reprendre",
    "version acceptée": f"{RAMQ}2023-T1/",
    "version remplacée": f"{RAMQ}2022-T4/v1/",
    "accusé": f"{RAMQ}2022-T4/v2/accuse/",
    "corriger": f"{RAMQ}2023-T1/corriger/",
    "plus de temps": f"{TRIMESTRE}prolongation/",
    "classeur": f"{TRIMESTRE}tableur/",
    "équipe": f"{RAMQ}equipe/",
    "plan accepté": f"{RAMQ}plan/",
    "plan à commencer": "/espace/inesss/plan/",
    "plan remplacé": f"{RAMQ}plan/v1/",
    "fiches": f"{RAMQ}expertise/",
    "aucune fiche": "/espace/inesss/expertise/",
    "fiche à proposer": f"{RAMQ}expertise/proposer/",
    "fiche en brouillon": f"{RAMQ}expertise/se-former-par-equipe/",
    "fiche renvoyée": f"{RAMQ}expertise/decrire-un-jeu-de-donnees-en-une-heure/",
    "fiche acceptée": f"{RAMQ}expertise/un-formulaire-qui-se-remplit-au-telephone/",
    "version d'une fiche": f"{RAMQ}expertise/un-formulaire-qui-se-remplit-au-telephone/v1/",
    "accompagnement": f"{RAMQ}accompagnement/",
    "demander un accompagnement": f"{RAMQ}accompagnement/demander/",
    "fil d'une demande": f"{RAMQ}accompagnement/1/",
    "demande close": f"{RAMQ}accompagnement/2/",
    "mot de passe": "/compte/mot-de-passe/",
    "application": "/compte/deuxieme-facteur/application/activer/",
    "clé d'accès": "/compte/deuxieme-facteur/cles/ajouter/",
    "pas à moi": "/espace/saaq/",
}


def connexion_refusee(page, site) -> None:
    page.goto(f"{site}/compte/connexion/")
    page.get_by_label("Adresse de courriel").fill("personne@nulle-part.example")
    page.get_by_label("Mot de passe").fill("pas le bon mot de passe")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_selector(".resume")


def transmission_refusee(page, site) -> None:
    page.goto(site + TRIMESTRE)
    page.locator("input[name=sans-papier-numerateur]").fill("cent")
    page.get_by_role("button", name="Transmettre au CQEN").click()
    page.wait_for_selector(".resume")


def enregistrements_croises(page, site) -> None:
    page.goto(site + TRIMESTRE)
    page.locator("input[name=sans-papier-numerateur]").fill("7")
    page.evaluate("document.querySelector('[name=jeton]').value = '1.0'")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.wait_for_selector(".resume")


def correction_sans_motif(page, site) -> None:
    page.goto(f"{site}{RAMQ}2023-T1/corriger/")
    page.get_by_role("button", name="Corriger ce trimestre").click()
    page.wait_for_selector(".resume")


def fiche_refusee(page, site) -> None:
    page.goto(f"{site}{RAMQ}expertise/proposer/")
    page.get_by_role("button", name="Transmettre au CQEN").click()
    page.wait_for_selector(".resume")


def classeur_refuse(page, site) -> None:
    page.goto(f"{site}{TRIMESTRE}tableur/")
    page.locator("input[type=file]").set_input_files(
        files=[{"name": "vide.csv", "mimeType": "text/csv", "buffer": b"sigle;trimestre\nRAMQ;2023-T2\n"}]
    )
    page.get_by_role("button", name="Vérifier le fichier").click()
    page.wait_for_selector(".resume")


def classeur_accepte(page, site, tmp_path) -> None:
    """Télécharge le classeur, le remplit, le dépose: l'aperçu, sans rien enregistrer."""
    chemin = tmp_path / "rempli.xlsx"
    chemin.write_bytes(page.request.get(f"{site}{TRIMESTRE}valeurs.xlsx").body())
    classeur = load_workbook(chemin)
    feuille = classeur["Valeurs"]
    titres = [case.value for case in feuille[1]]
    for rangee in range(2, feuille.max_row + 1):
        feuille.cell(rangee, titres.index("Numérateur") + 1, 10)
        feuille.cell(rangee, titres.index("Dénominateur") + 1, 20)
    classeur.save(chemin)
    page.goto(f"{site}{TRIMESTRE}tableur/")
    page.locator("input[type=file]").set_input_files(chemin)
    page.get_by_role("button", name="Vérifier le fichier").click()
    page.wait_for_selector("text=Voici ce qui changerait")


PREPAREES = {
    "transmission refusée": transmission_refusee,
    "enregistrements croisés": enregistrements_croises,
    "correction sans motif": correction_sans_motif,
    "fiche refusée": fiche_refusee,
    "classeur refusé": classeur_refuse,
    "classeur accepté": classeur_accepte,
}
DEHORS = [*ANONYMES, "connexion refusée", "invitation"]
TOUTES = [*DEHORS, *SIMPLES, *PREPAREES]


@pytest.fixture(scope="module")
def seance(browser, site, tmp_path_factory) -> str:
    """Une séance ouverte de la déclarante, à rouvrir dans chaque page."""
    contexte = browser.new_context()
    entrer(contexte.new_page(), site, DECLARANTE)
    chemin = str(tmp_path_factory.mktemp("seance") / "etat.json")
    contexte.storage_state(path=chemin)
    contexte.close()
    return chemin


@pytest.fixture(scope="module")
def invitation(lieu_du_site, site) -> str:
    """Le chemin d'une invitation qui attend."""
    return lieu_du_site.gerer("shell", "-c", INVITER).split()[-1]


@pytest.fixture
def aller(browser, site, seance, invitation, tmp_path):
    """Ouvre une page, par son nom, dans l'état voulu."""
    contextes = []

    def ouvrir(nom: str):
        contextes.append(browser.new_context(storage_state=None if nom in DEHORS else seance))
        page = contextes[-1].new_page()
        if nom == "connexion refusée":
            connexion_refusee(page, site)
        elif nom == "classeur accepté":
            classeur_accepte(page, site, tmp_path)
        elif nom in PREPAREES:
            PREPAREES[nom](page, site)
        else:
            page.goto(site + (ANONYMES | SIMPLES | {"invitation": invitation})[nom])
        return page

    yield ouvrir
    for contexte in contextes:
        contexte.close()


@pytest.mark.parametrize("nom", TOUTES)
def test_axe_ne_trouve_rien_et_la_structure_tient(aller, nom):
    page = aller(nom)
    regards.exiger_une_structure(page)
    assert page.evaluate("document.getAnimations().length") == 0
    for couleurs in regards.COULEURS:
        regards.exiger_axe(page, couleurs)


@pytest.mark.parametrize("nom", TOUTES)
def test_rien_ne_deborde_et_toute_commande_se_touche(aller, nom):
    page = aller(nom)
    regards.exiger_sans_debordement(page)
    regards.exiger_des_cibles(page)


@pytest.mark.parametrize("nom", TOUTES)
def test_tout_s_atteint_au_clavier_dans_l_ordre_et_se_voit(aller, nom):
    page = aller(nom)
    page.emulate_media(reduced_motion="reduce")  # sans quoi l'élément est encore en route quand on le regarde
    page.evaluate(regards.DEPLIER)
    page.evaluate("document.activeElement.blur(); document.querySelectorAll('[autofocus]').forEach(e => e.blur())")
    page.evaluate("window.scrollTo(0, 0); document.body.tabIndex = -1; document.body.focus()")
    attendus = page.evaluate(
        """() => {
            const radios = new Set();
            const etapes = [...document.querySelectorAll('a[href],button,input,select,textarea,summary,[tabindex="0"]')]
              .filter(e => !e.disabled && e.type !== 'hidden' && e.tabIndex >= 0 && e.checkVisibility())
              .filter(e => {  // un groupe de boutons radio est une seule étape
                  if (e.type !== 'radio') return true;
                  if (radios.has(e.name)) return false;
                  return radios.add(e.name);
              });
            etapes.forEach((e, rang) => { e.dataset.etape = rang; });
            return etapes.length;
        }"""
    )
    page.emulate_media(reduced_motion="reduce")  # sinon la page glisse encore quand on regarde où est l'élément
    vus = {}
    for _ in range(attendus + 12):  # une date a plusieurs étapes à elle seule
        page.keyboard.press("Tab")
        vu = page.evaluate(
            """() => {
                const e = document.activeElement, b = e.getBoundingClientRect(), s = getComputedStyle(e);
                const dessus = document.elementFromPoint(b.x + Math.min(b.width, 20) / 2, b.y + b.height / 2);
                const groupe = e.type === 'radio' ? `input[name="${e.name}"][data-etape]` : null;
                return {
                    etape: (groupe ? document.querySelector(groupe) : e).dataset.etape ?? 'hors', nom: e.outerHTML,
                    visible: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
                    couvert: !(dessus && (e === dessus || e.contains(dessus) || dessus.contains(e))),
                };
            }"""
        )
        vus.setdefault(vu.pop("etape"), vu)
        if len(vus) == attendus:
            break
    assert list(vus) == [str(rang) for rang in range(attendus)]  # tout, dans l'ordre de la page, sans piège
    assert [v for v in vus.values() if not v["visible"] or v["couvert"]] == []


def test_les_titres_disent_la_page(aller):
    ailleurs = ("formulaire repris", "application", "clé d'accès")  # les deux dernières redemandent qui l'on est
    titres = {nom: aller(nom).title() for nom in [*ANONYMES, *SIMPLES] if nom not in ailleurs}
    assert len(set(titres.values())) == len(titres), titres


def test_une_page_refusee_le_dit_dans_son_titre_et_prend_le_focus(aller):
    for nom in ("transmission refusée", "classeur refusé", "fiche refusée"):
        page = aller(nom)
        assert page.title().startswith("Erreur")
        assert page.evaluate("document.activeElement.classList.contains('resume')")


@pytest.mark.parametrize("nom", [n for n in TOUTES if n not in ("pas à moi", *PREPAREES)])
def test_la_page_ne_parle_qu_a_son_hote_et_rien_n_y_est_refuse(aller, site, nom):
    page = aller(nom)
    requetes, reproches = [], regards.ecouter(page)
    page.on("request", lambda requete: requetes.append(requete.url))
    page.goto(page.url, wait_until="networkidle")
    assert requetes
    assert [url for url in requetes if not url.startswith(site)] == []
    assert reproches == []


def test_un_trimestre_se_transmet_au_clavier_seul(browser, lieu):
    """Entrer, ouvrir, remplir, transmettre, lire l'accusé, sans toucher la souris."""
    with lieu.servir(HORLOGE=PENDANT) as site:
        contexte = browser.new_context()
        page = contexte.new_page()
        page.goto(f"{site}/compte/connexion/")
        aller_a(page, "Adresse de courriel")
        page.keyboard.type(DECLARANTE)
        page.keyboard.press("Tab")
        page.keyboard.type(MOT_DE_PASSE)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{site}/espace/**")
        page.goto(site + TRIMESTRE)
        for libelle, valeur in (
            ("Fonctionnaires formés à l'Académie de la transformation numérique", "420"),
            ("Fonctionnaires", "2214"),
            ("Gestionnaires formés à l'ENAP", "51"),
            ("Gestionnaires", "178"),
        ):
            aller_a(page, libelle)
            page.keyboard.type(valeur)
        aller_a(page, "Transmettre au CQEN")
        page.keyboard.press("Space")
        page.wait_for_url(re.compile("/accuse/$"))
        assert page.locator("h1").inner_text() == "Accusé de transmission"
        contexte.close()


def aller_a(page, nom: str) -> None:
    """Presse Tab jusqu'à la commande de ce nom."""
    for _ in range(80):
        page.keyboard.press("Tab")
        trouve = page.evaluate("(document.activeElement.labels?.[0] || document.activeElement).innerText.trim()")
        if trouve == nom:
            return
    raise AssertionError(f"« {nom} » ne s'atteint pas au clavier.")


@pytest.mark.java
def test_le_html_est_valide(aller, tmp_path):
    regards.exiger_un_html_valide(tmp_path, {nom: aller(nom).content() for nom in TOUTES if nom != "pas à moi"})
