"""Chaque version du plan se lit encore, avec son document."""

import pytest

from organisations.horloge import maintenant
from tests import fabrique as f
from tests.plans import DEUX, PDF, PLAN, UNE, le_plan, montree, pdf, photo, tape, texte

pytestmark = pytest.mark.django_db
AUTRE_PDF = PDF + b"la suite"


@pytest.fixture
def corrige(client, auteure) -> None:
    """Un plan accepté, puis corrigé: un autre titre, un autre document."""
    client.post(PLAN, tape(UNE, geste="transmettre", document=pdf()))
    le_plan().valider(par=f.relecteur(), le=maintenant())
    client.post(f"{PLAN}corriger/", {"motif": "Une date"})
    jeton = montree(client.get(PLAN))
    client.post(PLAN, tape(DEUX, resume="Corrigé.", jeton=jeton, document=pdf(octets=AUTRE_PDF)))


@pytest.mark.usefixtures("corrige")
def test_une_version_passee_se_lit_et_ne_se_modifie_pas(client):
    avant = photo()
    page = texte(client.get(f"{PLAN}v1/"))

    assert "version 1" in page
    assert UNE["titre"] in page
    assert "Ce qui est promis." in page
    assert DEUX["titre"] not in page
    assert 'name="geste"' not in page
    assert f'href="{PLAN}v1/document/"' in page
    assert client.post(f"{PLAN}v1/", tape(DEUX)).status_code == 405
    assert photo() == avant


@pytest.mark.usefixtures("corrige")
def test_la_version_suivante_dit_pourquoi_elle_corrige(client):
    page = texte(client.get(f"{PLAN}v2/"))

    assert "Raison de la correction\xa0: Une date" in page
    assert DEUX["titre"] in page


@pytest.mark.usefixtures("corrige")
def test_les_versions_menent_chacune_a_sa_page(client):
    page = texte(client.get(PLAN))

    assert [f'href="{PLAN}v{n}/"' in page for n in (1, 2, 3)] == [True, True, False]


@pytest.mark.usefixtures("corrige")
@pytest.mark.parametrize(("version", "octets"), [("v1/", PDF), ("v2/", AUTRE_PDF), ("", AUTRE_PDF)])
def test_chaque_version_a_son_document(client, version, octets):
    assert b"".join(client.get(f"{PLAN}{version}document/").streaming_content) == octets


@pytest.mark.usefixtures("corrige")
@pytest.mark.parametrize("version", ["v0", "v3", "v99999999", "v" + "9" * 30, "v-1", "vx"])
def test_une_version_qui_n_existe_pas_repond_404(client, version):
    assert client.get(f"{PLAN}{version}/").status_code == client.get(f"{PLAN}{version}/document/").status_code == 404


@pytest.mark.usefixtures("corrige")
def test_les_versions_d_une_autre_organisation_ne_se_lisent_pas(client):
    client.force_login(f.declarant(f.organisation("VOISINE")))
    for version in ("v1/", "v1/document/", "v2/"):
        assert client.get(f"{PLAN}{version}").status_code == 404
        assert client.get(f"/espace/voisine/plan/{version}").status_code == 404
