"""Le flux annonce chaque édition: date, note, ce qui est révisé, liens vers la page et les données."""

import re
from xml.etree import ElementTree as ET

import pytest

from barometre import depot, flux
from tests import fabrique as f
from tests.barometre import publications as p
from tests.barometre.public import publier, vider_le_cache

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
        "<p>Correction, Organisme RAMQ (RAMQ), 1er trimestre de 2023\xa0: Un processus était oublié.</p>",
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


@pytest.mark.parametrize(("editions", "requetes"), [(1, 2), (2, 3), (6, 3)])
def test_le_flux_coute_autant_pour_deux_editions_que_pour_six(
    client, monde, django_assert_num_queries, editions, requetes
):
    for jour in range(1, editions):
        f.edition(monde["t1"], f.instant(f"2023-06-{10 + jour}"), note="Encore").designer()
    vider_le_cache()
    with django_assert_num_queries(requetes):
        assert len(entrees(client)) == editions


def test_le_flux_s_arrete_aux_dernieres_editions_et_ne_repete_pas_ce_qui_precede(client, monde, monkeypatch):
    monkeypatch.setattr(flux, "MONTREES", 1)
    f.edition(monde["t1"], f.instant("2023-06-15"), note="Un oubli").designer()
    f.edition(monde["t1"], f.instant("2023-06-16"), note="Encore").designer()
    [seule] = entrees(client)

    assert "n&#x27;est révisé" in seule["texte"]


REFUSES = "".join(map(chr, (*range(1, 9), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF)))  # NUL: la base le refuse


@pytest.mark.parametrize("lequel", REFUSES, ids=lambda c: f"U+{ord(c):04X}")
def test_un_caractere_que_xml_refuse_ne_casse_ni_flux_ni_svg(client, lequel):
    papier = f.indicateur("papier", intitule=f"Sans{lequel}papier")
    ramq, trimestre = f.organisation("RAMQ", nom=f"Régie{lequel}RAMQ"), f.trimestre()
    premiere = f.validee(ramq, trimestre, {papier: (6, 10)})
    f.edition(trimestre, f.instant("2023-05-18"))
    f.corrigee(premiere, {papier: (7, 10)}, f.instant("2023-06-01"), motif=f"Un{lequel}double compte.")
    f.edition(trimestre, f.instant("2023-06-15"), note=f"Un{lequel}oubli").designer()
    adresses = ("indicateurs/papier/courbe.svg", "organisations/ramq/papier/courbe.svg")
    svg, propre, tous, sien = (
        "".join(ET.fromstring(client.get(f"/{adresse}").content).itertext())  # noqa: S314 - le nôtre
        for adresse in (*adresses, "flux.atom", "organisations/ramq/flux.atom")
    )

    assert "Sans\ufffdpapier" in svg
    assert "Régie\ufffdRAMQ" in propre
    assert "Un\ufffdoubli" in tous
    assert "Régie\ufffdRAMQ" in sien
    assert "Un\ufffddouble compte." in sien


def test_une_page_mene_au_flux(client):
    publier()
    page = client.get("/").content.decode()

    assert re.search(r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="/flux.atom">', page)


def test_le_flux_dit_qu_une_edition_parue_comme_annoncee_l_etait(client, monde):
    p.annoncer()
    f.edition(monde["t2"], p.JOUR).designer()

    assert "hors du calendrier" not in entrees(client)[0]["texte"]


# --- valeur par valeur, et pour une organisation ---------------------------------------------------------------------
def test_chaque_valeur_revisee_dit_sa_marque_l_avant_l_apres_sa_date_et_sa_raison(client, monde):
    f.edition(monde["t1"], f.instant("2023-06-15"), note="Un oubli").designer()
    dite = entrees(client)[0]["texte"]

    assert (
        "<li>r, correction, Organisme RAMQ (RAMQ), 1er trimestre de 2023, Démarches sans papier\xa0: "
        "6\xa0sur\xa010 devient 7\xa0sur\xa010, le 1er juin 2023. Un processus était oublié.</li>"
    ) in dite
    assert f'href="{SITE}/editions/2023-T1...2023-T1-r1/"' in dite
    assert f'href="{SITE}/donnees/2023-T1/valeurs.csv"' in dite


def test_le_flux_d_une_organisation_ne_dit_que_ce_qui_parait_ou_change_d_elle(client, monde):
    f.edition(monde["t1"], f.instant("2023-06-15"), note="Un oubli").designer()
    f.edition(monde["t2"], p.JOUR).designer()

    def titres(slug: str) -> list[str | None]:
        lu = ET.fromstring(client.get(f"/organisations/{slug}/flux.atom").content)  # noqa: S314 - le nôtre
        return [e.findtext(f"{ATOM}title") for e in lu.findall(f"{ATOM}entry")]

    assert titres("ramq") == ["Édition 2023-T2", "Édition 2023-T1-r1", "Édition 2023-T1"]
    assert titres("saaq") == ["Édition 2023-T1-r1"]
    assert titres("opc") == []


def test_le_flux_d_une_organisation_dit_ses_reponses_ses_corrections_et_mene_a_sa_page_d_alors(client, monde):
    f.edition(monde["t1"], f.instant("2023-06-15"), note="Un oubli de la SAAQ").designer()
    f.edition(monde["t2"], p.JOUR).designer()
    reponse = client.get("/organisations/ramq/flux.atom")
    lu = ET.fromstring(reponse.content)  # noqa: S314 - le nôtre
    t2, corrective, _ = lu.findall(f"{ATOM}entry")

    assert reponse["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert lu.findtext(f"{ATOM}title") == "Baromètre numérique\xa0: Organisme RAMQ"
    assert "1 réponse paraît pour le 2e trimestre de 2023." in t2.findtext(f"{ATOM}summary", "")
    assert "Un processus était oublié." in corrective.findtext(f"{ATOM}summary", "")
    assert "SAAQ" not in corrective.findtext(f"{ATOM}summary", "")
    assert "Démarches sans papier\xa0: 6\xa0sur\xa010" in corrective.findtext(f"{ATOM}summary", "")
    adresse = f"{SITE}/editions/2023-T1-r1/organisations/ramq/"
    assert corrective.find(f"{ATOM}link[@rel='alternate']").get("href") == adresse
    assert client.get(adresse.removeprefix(SITE)).status_code == 200


@pytest.mark.parametrize("adresse", ["/flux.atom", "/organisations/ramq/flux.atom", "/calendrier.ics"])
def test_le_titre_d_un_flux_dit_que_les_chiffres_sont_fictifs(client, monde, adresse):
    assert "démonstration" not in client.get(adresse).content.decode()
    f.edition(monde["t1"], f.instant("2023-06-15"), note="Un exemple", fictive=True).designer()
    assert "(données de démonstration)" in client.get(adresse).content.decode()


def test_sans_annonce_un_flux_est_de_la_date_de_l_edition_et_non_de_sa_lecture(client, monde, monkeypatch):
    monkeypatch.setattr(flux, "dernieres", lambda edition: [])
    edition = f.edition(monde["t1"], f.instant("2023-06-15"), note="Un ajout")
    edition.designer()
    slug = edition.catalogue["organisations"][0]["slug"]

    for adresse in ("/flux.atom", f"/organisations/{slug}/flux.atom"):
        lu = ET.fromstring(client.get(adresse).content)  # noqa: S314 - le nôtre
        assert lu.findall(f"{ATOM}entry") == []
        assert lu.findtext(f"{ATOM}updated") == "2023-06-15T12:00:00+00:00", adresse


def test_une_organisation_inconnue_n_a_pas_de_flux(client, monde):
    assert client.get("/organisations/inconnue/flux.atom").status_code == 404


def test_la_page_d_une_organisation_mene_a_son_flux(client, monde):
    page = client.get("/organisations/ramq/").content.decode()

    assert re.search(r'<link rel="alternate" [^>]*href="/organisations/ramq/flux.atom">', page)


def test_le_flux_d_une_organisation_coute_autant_pour_six_editions(client, monde, django_assert_num_queries):
    for jour in range(1, 6):
        f.edition(monde["t1"], f.instant(f"2023-06-{10 + jour}"), note="Encore").designer()
    vider_le_cache()
    with django_assert_num_queries(3):
        assert client.get("/organisations/ramq/flux.atom").status_code == 200
