"""Une organisation et ses semblables dans un vrai navigateur: comparer sans script, imprimer sur une page."""

import re

import pytest

from tests.parcours.personnes import suivre

pytestmark = [pytest.mark.navigateur, pytest.mark.apparence]
MARGES = dict.fromkeys(("top", "bottom", "left", "right"), "1cm")


def test_sans_script_on_compare_deux_organisations_de_la_page_de_l_une_d_elles(browser, site):
    contexte = browser.new_context(java_script_enabled=False)
    page = contexte.new_page()
    page.goto(f"{site}/organisations/ramq/")
    suivre(page, page.get_by_role("link", name="Comparer avec d'autres"))
    page.get_by_label("Ajouter, par nom ou sigle").fill("automobile")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("img", name=re.compile("^Courbes")).count() == 1
    assert "Au 1er trimestre de 2023, les parts vont de" in page.inner_text("main")
    suivre(page, page.get_by_role("link", name="Retirer RAMQ"))
    assert "Ajoutez au moins une autre organisation." in page.inner_text("main")
    assert page.get_by_role("link", name="Retirer SAAQ").count() == 1
    contexte.close()


@pytest.mark.parametrize("slug", ["ramq", "melccfp", "ophq", "tal"])
def test_la_fiche_d_une_organisation_s_imprime_sur_une_page_avec_son_edition_et_sa_source(page, site, slug):
    page.goto(f"{site}/organisations/{slug}/")
    pdf = page.pdf(format="Letter", margin=MARGES)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    page.emulate_media(media="print")
    imprime = page.inner_text("body")
    assert "Édition 2023-T1, publiée le 18 mai 2023." in imprime
    assert f"/editions/2023-T1/organisations/{slug}/" in imprime
    assert "Données de démonstration" in imprime
