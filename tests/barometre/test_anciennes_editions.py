"""Une ancienne édition reste telle qu'elle était, et une édition à venir n'existe pas encore."""

import re

import pytest

from barometre.urls import PAGES
from tests import fabrique as f
from tests.barometre import publications as p
from tests.barometre.public import paraitre, publier, texte

pytestmark = pytest.mark.django_db
PARTAGES = ("/donnees/", "/plans/", "/expertise/", "/calendrier", "/flux.atom", "/espace/", "/static/", "/editions/")
PARTAGES += ("/a-propos/", "/accessibilite/", "/confidentialite/", "/organisations/ramq/flux.atom")


@pytest.fixture
def monde():
    """Une édition, et de quoi faire la suivante."""
    return p.monde()


PROPRES = {"code": "sans-papier", "slug": "mcn"}


def chemins() -> list[str]:
    """Le chemin de chaque page d'une édition, sans elle; une courbe qu'on emporte n'en est pas une."""
    motifs = [motif for page in PAGES if "<forme:" not in (motif := str(page.pattern))]
    return [re.sub(r"<slug:(\w+)>", lambda m: PROPRES[m[1]], motif) for motif in motifs]


@pytest.fixture
def anciennes(client) -> dict[str, str]:
    """Les pages HTML d'une édition qu'une autre a suivie, par chemin."""
    publier()
    paraitre("2023-06-18", note="Un ajout")
    reponses = {chemin: client.get(f"/editions/2023-T1/{chemin}") for chemin in chemins()}
    assert {chemin: r.status_code for chemin, r in reponses.items()} == dict.fromkeys(reponses, 200)
    html = {c: r for c, r in reponses.items() if r["Content-Type"].startswith("text/html")}
    return {c: r.content.decode() for c, r in html.items() if not c.startswith("integrer/")}


def test_une_ancienne_edition_ne_mene_qu_a_elle_meme(anciennes):
    for chemin, page in anciennes.items():
        francaise = re.sub(r"<a [^>]*hreflang.*?</a>", "", page)  # la même édition, dans l'autre langue
        suivis = {a or b for a, b in re.findall(r'<a [^>]*href="(/[^"]*)"|<form [^>]*action="(/[^"]*)"', francaise)}
        sortants = {lien for lien in suivis if not lien.startswith(("/editions/2023-T1/", *PARTAGES))}

        assert sortants == {f"/{chemin}"}, chemin  # « Voir la plus récente »


def test_une_ancienne_edition_se_cite_a_sa_propre_adresse_et_dit_qu_elle_est_ancienne(anciennes):
    for chemin, page in anciennes.items():
        adresse = f"http://127.0.0.1:8000/editions/2023-T1/{chemin}"

        assert f'<link rel="canonical" href="{adresse}">' in page, chemin
        assert f'<meta property="og:url" content="{adresse}">' in page, chemin
        assert "Vous lisez une ancienne édition." in page, chemin
        assert "Édition 2023-T1, publiée le 18 mai 2023." in page, chemin


def test_une_edition_corrigee_mene_a_ce_que_la_corrective_y_change(anciennes, client):
    menees = '<a href="/editions/2023-T1...2023-T1-r1/">Corrigée par l&#x27;édition 2023-T1-r1</a>'
    assert [chemin for chemin, page in anciennes.items() if menees not in page] == []
    assert "Corrigée par" not in client.get("/editions/2023-T1-r1/").content.decode()


def test_une_ancienne_edition_garde_ses_noms_et_ses_chiffres(client, monde):
    ramq = f.Organisation.objects.get(sigle="RAMQ")
    ramq.nom = "Un nom tout neuf"
    ramq.save(update_fields=["nom"])
    f.edition(monde["t2"], p.JOUR).designer()
    ancienne = texte(client.get("/editions/2023-T1/organisations/ramq/"))

    assert "Organisme RAMQ" in ancienne
    assert "6\xa0sur\xa010" in ancienne
    assert "Un nom tout neuf" in texte(client.get("/organisations/ramq/"))


@pytest.mark.parametrize("code", ["2023-T2", "2023-T2-r1", "2023-T1-r2", "2024-T1"])
def test_une_edition_a_venir_ne_se_distingue_pas_d_un_non_sens(client, monde, code):
    def vue(adresse: str) -> tuple:
        reponse = client.get(adresse)
        return reponse.status_code, reponse.content, sorted(reponse.headers.items()), dict(reponse.cookies)

    rien = vue("/nul-ne-passe-ici/")
    assert rien[0] == 404
    adresses = [f"/editions/{code}/{chemin}" for chemin in chemins()]
    adresses += [f"/editions/2023-T1...{code}/", f"/editions/{code}...2023-T1/revisions.csv"]
    adresses += [f"/donnees/{code}/", f"/donnees/{code}/valeurs.csv"]
    assert {adresse: vue(adresse) == rien for adresse in adresses} == dict.fromkeys(adresses, True)


# --- l'embargo -------------------------------------------------------------------------------------------------------
CANARI = 918_273_645


def test_ce_qui_n_est_pas_publie_ne_parait_nulle_part(client):
    publier()
    t2 = f.trimestre("2023-T2")
    secrets = dict.fromkeys(f.Indicateur.objects.all(), (CANARI, CANARI + 1))
    for sigle in ("MCN", "O0"):
        organisation = f.Organisation.objects.get(sigle=sigle)
        f.validee(organisation, t2, secrets, f.instant("2023-07-10"))
    plan = re.findall(r"<loc>http://127.0.0.1:8000([^<]*)</loc>", client.get("/sitemap.xml").content.decode())
    lues = {*plan, *(f"/{c}" for c in chemins()), *(f"/editions/2023-T1/{c}" for c in chemins())}
    lues |= {
        "/flux.atom",
        "/organisations/mcn/flux.atom",
        "/sitemap.xml",
        "/robots.txt",
        "/donnees/2023-T1/valeurs.csv",
    }
    lues |= {
        "/editions/2023-T1...2023-T1/",
        "/editions/2023-T1...2023-T1/revisions.csv",
        "/editions/2023-T2/",
        "/rien/",
    }
    traces = re.compile(rb"918.{0,6}273.{0,6}645")
    dites = {adresse: b"".join(client.get(adresse)) for adresse in lues}

    assert len(lues) > 50
    assert [adresse for adresse, corps in dites.items() if traces.search(corps)] == []
    f.edition(t2, p.JOUR).designer()
    assert traces.search(client.get("/organisations/mcn/").content)
