"""Un graphique dans le cadre d'un autre site: sa page s'y ouvre, les autres non; le code à coller se suffit."""

import html
import re

import pytest

from tests.barometre.public import paraitre, publier, texte

pytestmark = pytest.mark.django_db
ADRESSE = "/integrer/sans-papier/"


def test_la_page_a_integrer_s_ouvre_partout_sans_aucun_script_et_le_cache_n_y_change_rien(client):
    publier()
    for _ in range(2):
        reponse = client.get(ADRESSE)
        politique = dict(d.partition(" ")[::2] for d in reponse["Content-Security-Policy"].split("; "))
        assert politique["frame-ancestors"] == "*"
        assert politique["default-src"] == "'none'"
        assert {"script-src", "connect-src"} & set(politique) == set()
        assert politique["form-action"] == "'none'"
        assert "X-Frame-Options" not in reponse
        assert reponse["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "<script" not in reponse.content.decode()
        assert reponse.cookies == {}
    connue = client.get(ADRESSE, headers={"if-none-match": reponse["ETag"]})
    assert (connue.status_code, "X-Frame-Options" in connue) == (304, False)


@pytest.mark.parametrize("adresse", ["/", "/indicateurs/sans-papier/", "/indicateurs/sans-papier/graphique/", "/rien/"])
def test_les_autres_pages_refusent_tout_cadre(client, adresse):
    publier()
    reponse = client.get(adresse)
    assert "frame-ancestors 'none'" in reponse["Content-Security-Policy"]
    assert reponse["X-Frame-Options"] == "DENY"
    assert reponse["Cross-Origin-Resource-Policy"] == "same-origin"


def test_la_page_a_integrer_dit_la_phrase_la_source_l_edition_et_mene_a_l_indicateur(client):
    publier(fictive=True)
    reponse = client.get(ADRESSE)
    page = texte(reponse)
    for attendu in (
        "Processus sans papier",
        "La part est passée de",
        "Source\xa0: Baromètre numérique, édition 2023-T1, publiée le 18 mai 2023.",
        "Données de démonstration\xa0: les chiffres sont fictifs.",
        "Voir les données en tableau",
    ):
        assert attendu in page
    assert '<a href="/indicateurs/sans-papier/" target="_blank" rel="noopener">' in reponse.content.decode()
    assert reponse.content.decode().count("<h1") == 1


def test_dans_une_ancienne_edition_le_cadre_y_reste(client):
    publier()
    paraitre("2023-06-18", note="Un ajout")
    ancienne = client.get(f"/editions/2023-T1{ADRESSE}").content.decode()
    assert "édition 2023-T1, publiée le 18 mai 2023" in ancienne
    assert 'href="/editions/2023-T1/indicateurs/sans-papier/"' in ancienne
    assert "2023-T1-r1" in client.get(ADRESSE).content.decode()


def test_le_code_a_coller_est_absolu_titre_et_sans_script(client, settings):
    settings.ADRESSE_DU_SITE = "https://barometre.exemple"
    publier()
    for racine, promesse in (("", "l'édition la plus récente"), ("/editions/2023-T1", "l'édition 2023-T1")):
        page = client.get(f"{racine}/indicateurs/sans-papier/")
        code = html.unescape(re.search(r"<code>(&lt;iframe.*?)</code>", page.content.decode())[1])
        assert code == (
            f'<iframe src="https://barometre.exemple{racine}{ADRESSE}" title="Processus sans papier" '
            'width="100%" height="820" loading="lazy" frameborder="0"></iframe>'
        )
        assert f"Ce code montrera toujours {promesse}." in texte(page)


def test_un_titre_hostile_ne_sort_pas_de_son_attribut(client):
    publier()
    from barometre.pages.sorties import _code

    code = _code("https://x/", '"><script>alert(1)</script>')
    assert "<script" not in code
    assert 'title="&quot;&gt;&lt;script&gt;' in code
