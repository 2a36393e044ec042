"""Une relectrice vide une file de 60 soumissions, dont 20 signalées, en moins de 90 clics; et sans JavaScript aussi."""

import re

import pytest

from tests.parcours.files import BATIR, COMPTER, FORMULE, SIGNALEES, SOIXANTE
from tests.parcours.lieu import PENDANT
from tests.parcours.personnes import MOT_DE_PASSE, RELECTRICE, suivre

pytestmark = [pytest.mark.navigateur, pytest.mark.xdist_group("navigateur")]
LISTE = "/admin/indicateurs/soumission/"
RENVOYEES = 3


class Main:
    """Une main qui clique, et compte."""

    def __init__(self, page) -> None:
        self.page, self.clics = page, 0

    def suivre(self, cible) -> None:
        """Un clic qui mène à une autre page."""
        self.clics += 1
        suivre(self.page, cible)

    def cocher(self, cible) -> None:
        """Un clic qui reste ici."""
        self.clics += 1
        cible.click()

    def bouton(self, nom: str):
        """Le bouton de ce nom."""
        return self.page.get_by_role("button", name=nom, exact=True)

    def lien(self, nom: str):
        """Le lien de ce nom."""
        return self.page.get_by_role("link", name=nom, exact=True)

    @property
    def texte(self) -> str:
        """Ce que la page dit, espaces simples."""
        return self.page.inner_text("main").replace("\xa0", " ")


@pytest.fixture(params=[True, False], ids=["avec_javascript", "sans_javascript"])
def main(browser, request):
    contexte = browser.new_context(java_script_enabled=request.param)
    page = contexte.new_page()
    page.set_default_timeout(20_000)
    yield Main(page)
    contexte.close()


@pytest.fixture
def avec_javascript(request) -> bool:
    return request.node.callspec.params["main"]


def entrer(page, site: str) -> None:
    page.goto(f"{site}/compte/connexion/?next={LISTE}")
    page.get_by_label("Adresse de courriel").fill(RELECTRICE)
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    suivre(page, page.get_by_role("button", name="Se connecter", exact=True))
    assert page.url == f"{site}{LISTE}"


def test_une_relectrice_vide_sa_file_en_moins_de_90_clics(main, avec_javascript, lieu):
    assert lieu.gerer("shell", "-v0", "-c", BATIR).split()[-2:] == [str(SOIXANTE), str(SIGNALEES)]
    with lieu.servir(HORLOGE=PENDANT, MFA_EXIGEE="0") as site:
        entrer(main.page, site)
        assert f"{SOIXANTE} soumissions à relire, dont {SIGNALEES} signalées." in main.texte
        relire_les_signalees(main)
        valider_les_autres_ensemble(main, avec_javascript)
        assert "Aucune soumission à relire." in main.texte
    assert main.clics < 90
    print(main.clics, "clics")
    accepte, renvoye = SOIXANTE - RENVOYEES, RENVOYEES
    devenue = [("A_CORRIGER", renvoye), ("VALIDE", accepte)]
    assert lieu.gerer("shell", "-v0", "-c", COMPTER).strip() == f"{devenue} {SOIXANTE}"
    courriels = "".join(lieu.courriels)
    assert (courriels.count("a accepté ce que vous avez"), courriels.count(FORMULE)) == (accepte, renvoye)


def relire_les_signalees(main: Main) -> None:
    """Une à une; chaque décision ouvre la suivante."""
    main.suivre(main.page.locator("#result_list tbody th a").first)
    for rang in range(SIGNALEES):
        assert "L'organisation répond : « Un recomptage complet. »" in main.texte
        assert f"Après, {SOIXANTE - rang - 1} soumissions à relire." in main.texte
        if rang < RENVOYEES:
            main.cocher(main.page.get_by_label(FORMULE))
            main.suivre(main.bouton("Renvoyer à l'organisation"))
        else:
            main.suivre(main.bouton("Valider"))
        assert f"{SOIXANTE - rang - 1} soumissions à relire." in main.texte
    assert "Rien n'est signalé." in main.texte
    main.suivre(main.lien("Revenir à la file"))


def valider_les_autres_ensemble(main: Main, avec_javascript: bool) -> None:
    """Toutes choisies par la case de tête; sans JavaScript, par le lien de la file."""
    autres = SOIXANTE - SIGNALEES
    if avec_javascript:
        main.cocher(main.page.locator("#action-toggle"))
        main.page.locator("select[name=action]").select_option(label="Valider ensemble")
        main.clics += 2  # ouvrir le choix, choisir
        main.suivre(main.bouton("Envoyer"))
    else:
        main.suivre(main.lien("Valider ensemble celles sans signalement"))
    assert f"Valider ensemble {autres} soumissions" in main.texte
    assert len(re.findall("2e trimestre de 2023", main.texte)) == autres
    main.suivre(main.bouton("Confirmer et valider"))
    assert f"{autres} soumissions acceptées." in main.texte
