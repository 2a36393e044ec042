"""Le flux annonce chaque édition: date, note, ce qui est révisé, liens vers la page et les données."""

import re
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import caches

from barometre import depot, flux
from tests import fabrique as f
from tests.barometre import publications as p
from tests.barometre.public import publier

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def monde():
    return p.monde()


def arbre(client, **options) -> ET.Element:
    reponse = client.get("/flux.atom", **options)
    assert reponse["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(reponse.content)  # noqa: S314 - le nôtre


def entrees(client) -> list[dict]:
    """Chaque annonce: titre, texte, instant, liens par relation."""
    return [
        {
            "titre": e.findtext(f"{ATOM}title"),
            "texte": e.findtext(f"{ATOM}summary"),
            "le": e.findtext(f"{ATOM}updated"),
            "liens": {lien.get("rel"): lien for lien in e.findall(f"{ATOM}link")},
            "id": e.findtext(f"{ATOM}id"),
        }
        for e in arbre(client).findall(f"{ATOM}entry")
    ]


def test_avant_la_premiere_edition_le_flux_est_vide_et_bien_forme(client):
    racine = arbre(client)

    assert racine.tag == f"{ATOM}feed"
    assert racine.findall(f"{ATOM}entry") == []
    assert racine.findtext(f"{ATOM}author/{ATOM}name") == "CQEN"


def test_chaque_edition_dit_sa_date_sa_note_ce_qu_elle_revise_et_ou_la_lire(client, monde):
    f.edition(monde["t1"], f.instant("2023-06-15"), note="Un <oubli> & une faute.").designer()
    corrective, premiere = entrees(client)

    assert [corrective["titre"], premiere["titre"]] == ["Édition 2023-T1-r1", "Édition 2023-T1"]
    assert corrective["le"] == "2023-06-15T12:00:00+00:00"
    for phrase in (
        "<p>Édition 2023-T1-r1, publiée le 15 juin 2023.</p>",
        "<p>Un &lt;oubli&gt; &amp; une faute.</p>",
        "<p>Révision\xa0: 1 réponse de plus aux trimestres déjà publiés.</p>",
        "<p>Correction, RAMQ, 1er trimestre de 2023\xa0: Un processus était oublié.</p>",
    ):
        assert phrase in corrective["texte"]
    assert "Parue hors du calendrier annoncé" in premiere["texte"]
    assert "n&#x27;est révisé" in premiere["texte"]
    assert corrective["liens"]["alternate"].get("href") == f"{SITE}/donnees/2023-T1-r1/"
    piece = corrective["liens"]["enclosure"]
    assert piece.get("href") == f"{SITE}/donnees/2023-T1-r1/chiffres.csv"
    assert piece.get("length") == str(len(depot.lire("2023-T1-r1", "chiffres.csv")))


def test_une_fin_d_assujettissement_retroactive_se_dit(client, monde):
    f.edition(monde["t1"], f.instant("2023-06-15"), note="Un oubli").designer()
    for sigle in ("ramq", "opc"):
        f.Organisation.objects.filter(pk=monde[sigle].pk).update(assujettie_au="2023-01-31")
    f.edition(monde["t1"], f.instant("2023-06-16"), note="Deux départs").designer()

    assert "<p>Révision\xa0: 2 réponses ne sont plus attendues.</p>" in entrees(client)[0]["texte"]
    assert "n&#x27;est révisé" not in entrees(client)[0]["texte"]


@pytest.mark.parametrize("abime", [None, b"edition\n1\n"])
def test_sans_fichier_lisible_le_flux_ne_dit_pas_que_rien_n_est_revise(client, monde, abime):
    f.edition(monde["t1"], f.instant("2023-06-15"), note="Un oubli").designer()
    fichier = depot.dossier("2023-T1") / "valeurs.csv"
    fichier.unlink() if abime is None else fichier.write_bytes(abime)
    [corrective, _] = entrees(client)

    assert "n&#x27;est révisé" not in corrective["texte"]
    assert "Un oubli" in corrective["texte"]


def test_toute_adresse_est_absolue_quel_que_soit_l_hote_demande(client, monde, settings):
    settings.ALLOWED_HOSTS = ["*"]
    reponse = client.get("/flux.atom", headers={"host": "ailleurs.test"})

    assert b"ailleurs" not in reponse.content
    adresses = re.findall(rb'href="([^"]*)"|<id>([^<]*)</id>', reponse.content)
    assert adresses
    assert all((lien or cle).startswith(SITE.encode()) for lien, cle in adresses)


def test_une_nouvelle_edition_parait_aussitot_dans_le_flux(client, monde):
    avant = client.get("/flux.atom")
    f.edition(monde["t2"], p.JOUR).designer()
    apres = client.get("/flux.atom")

    assert apres["ETag"] != avant["ETag"]
    assert [e["titre"] for e in entrees(client)] == ["Édition 2023-T2", "Édition 2023-T1"]
    assert len({e["id"] for e in entrees(client)}) == 2


@pytest.mark.parametrize("editions", [1, 6])
def test_le_flux_coute_autant_pour_une_edition_que_pour_six(client, monde, django_assert_num_queries, editions):
    for jour in range(1, editions):
        f.edition(monde["t1"], f.instant(f"2023-06-{10 + jour}"), note="Encore").designer()
    caches["default"].key_prefix = "vide"
    with django_assert_num_queries(3):
        assert len(entrees(client)) == editions


def test_le_flux_s_arrete_aux_dernieres_editions_et_ne_repete_pas_ce_qui_precede(client, monde, monkeypatch):
    monkeypatch.setattr(flux, "MONTREES", 1)
    f.edition(monde["t1"], f.instant("2023-06-15"), note="Un oubli").designer()
    f.edition(monde["t1"], f.instant("2023-06-16"), note="Encore").designer()
    [seule] = entrees(client)

    assert "n&#x27;est révisé" in seule["texte"]


def test_un_caractere_que_xml_refuse_ne_casse_pas_le_flux(client, monde):
    f.edition(monde["t1"], f.instant("2023-06-15"), note="Un\x0boubli\x1f").designer()

    assert "Un oubli" in entrees(client)[0]["texte"]


def test_une_page_mene_au_flux(client):
    publier()
    page = client.get("/").content.decode()

    assert re.search(r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="/flux.atom">', page)


def test_le_flux_dit_qu_une_edition_parue_comme_annoncee_l_etait(client, monde):
    p.annoncer()
    f.edition(monde["t2"], p.JOUR).designer()

    assert "hors du calendrier" not in entrees(client)[0]["texte"]
