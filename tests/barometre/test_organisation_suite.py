"""Ce qu'une organisation montre d'une reprise, d'une arrivée à venir et d'une correction."""

import datetime
import re
from xml.etree import ElementTree as ET

import pytest

from indicateurs.models import Saisie
from tests import fabrique as f
from tests.barometre.public import CODES
from tests.barometre.test_flux import ATOM
from tests.barometre.test_organisation import DEBUT_2022, FIN_2021, page, publier_avec, rangees

pytestmark = pytest.mark.django_db
ND, SO = Saisie(absence="NON_DISPONIBLE", motif="systèmes en migration"), Saisie(absence="SANS_OBJET")


def test_une_organisation_qui_ne_declare_pas_encore_n_a_ni_page_ni_image_ni_flux_ni_plan(client):
    neuve = f.organisation("NEUVE", nom="Agence neuve", assujettie_du=datetime.date(2023, 4, 1))
    vieille = f.organisation("VIEILLE", assujettie_au=datetime.date(2023, 3, 30), remplacee_par=neuve)
    publier_avec((vieille, CODES[:-1]))
    for suite in ("organisations/neuve/", "organisations/neuve/image.png", "organisations/neuve/flux.atom"):
        assert client.get(f"/{suite}").status_code == 404
    assert client.get("/plans/neuve/").status_code == 404
    assert client.get("/organisations/vieille/").status_code == 200
    plan = client.get("/sitemap.xml").content.decode()
    assert "/organisations/vieille/" in plan
    assert "/organisations/neuve/" not in plan


def test_une_reprise_par_une_autre_categorie_garde_deux_series_et_le_dit(client):
    neuve = f.organisation("NEUVE", categorie="MINISTERE", assujettie_du=DEBUT_2022)
    vieille = f.organisation("VIEILLE", nom="Régie vieille", assujettie_au=FIN_2021, remplacee_par=neuve)
    avant = [c for c in CODES if c < "2022"]
    publier_avec((vieille, avant), (neuve, [c for c in CODES if c not in avant]))
    dite = page(client, "neuve")
    assert "Le 1er janvier 2022, elle a intégré «\xa0Régie vieille\xa0» (VIEILLE)." in dite
    assert "elle déclarait sous le nom" not in dite
    assert rangees(client, "/organisations/neuve/", "Processus sans papier, depuis")[0][0] == "1er trimestre de 2022"


def test_la_raison_d_une_correction_se_lit_sous_ses_transmissions_en_cinq_requetes(client, django_assert_num_queries):
    organisation, papier, trimestre = f.organisation("X"), f.indicateur("papier"), f.trimestre("2022-T4")
    v1 = f.validee(organisation, trimestre, {papier: (1, 2)}, f.instant("2023-02-10"))
    f.edition(trimestre, f.instant("2023-02-20"))
    v2 = f.corrigee(v1, {papier: (2, 3)}, f.instant("2023-03-03"))
    f.edition(f.trimestre("2023-T1"), f.instant("2023-05-18")).designer()
    with django_assert_num_queries(5):
        contenu = client.get("/organisations/x/").content.decode()
    dite = f'3 mars 2023, correction du 4e trimestre de 2022\xa0: <span lang="fr">{v2.motif_de_correction}</span>'
    assert dite in contenu
    paire = "/editions/2022-T4...2023-T1/"
    assert f'<a href="{paire}">Ce que révise l&#x27;édition 2023-T1</a>' in contenu
    assert v2.motif_de_correction in client.get(paire).content.decode()
    assert "correction du" not in page(client, "x", "2022-T4")


@pytest.mark.parametrize("suite", ["", "image.png", "flux.atom"])
@pytest.mark.parametrize("fusion", [False, True])
def test_toute_adresse_d_une_remplacee_mene_a_la_meme_de_celle_qui_la_remplace(client, suite, fusion):
    neuve = f.organisation("NEUVE", assujettie_du=DEBUT_2022)
    for sigle in ("VIEILLE", "AUTRE") if fusion else ("VIEILLE",):
        f.organisation(sigle, assujettie_au=FIN_2021, remplacee_par=neuve)
    publier_avec((neuve, [c for c in CODES if c > "2022"]))
    ancrees = [] if suite == "flux.atom" else ["/editions/2023-T1", "/en", "/en/editions/2023-T1"]
    for prefixe in ("", *ancrees):
        reponse = client.get(f"{prefixe}/organisations/vieille/{suite}")
        assert (reponse.status_code, reponse["Location"]) == (301, f"{prefixe}/organisations/neuve/{suite}")
        assert reponse["Cache-Control"].startswith("public, max-age=60")
        assert client.get(reponse["Location"]).status_code == 200


def test_le_flux_d_une_renommee_raconte_aussi_ce_qui_parut_sous_son_ancien_nom(client):
    papier, vieille = f.indicateur("papier"), f.organisation("VIEILLE", nom="Régie vieille")
    premiere = f.validee(vieille, f.trimestre("2022-T1"), {papier: (1, 2)})
    f.edition(f.trimestre("2022-T1"), f.instant("2022-06-01"))
    neuve = f.organisation("NEUVE", assujettie_du=datetime.date(2022, 4, 1))
    vieille.remplacee_par, vieille.assujettie_au = neuve, datetime.date(2022, 3, 31)
    vieille.save(update_fields=["remplacee_par", "assujettie_au"])
    f.validee(neuve, f.trimestre("2022-T2"), {papier: (1, 2)})
    f.edition(f.trimestre("2022-T2"), f.instant("2022-09-01"))
    f.corrigee(premiere, {papier: (2, 3)}, f.instant("2022-09-02"), motif="Un double compte.")
    f.edition(f.trimestre("2022-T2"), f.instant("2022-09-03"), note="Correction").designer()
    lu = ET.fromstring(client.get("/organisations/neuve/flux.atom").content)  # noqa: S314 - le nôtre
    annonces = [(e.find(f"{ATOM}link[@rel='alternate']").get("href"), e) for e in lu.findall(f"{ATOM}entry")]

    site = "http://127.0.0.1:8000"
    assert [lien.removeprefix(site) for lien, _ in annonces] == [
        "/editions/2022-T2-r1/organisations/vieille/",
        "/editions/2022-T2/organisations/neuve/",
        "/editions/2022-T1/organisations/vieille/",
    ]
    assert all(client.get(lien, follow=True).status_code == 200 for lien, _ in annonces)
    assert "Un double compte." in annonces[0][1].findtext(f"{ATOM}summary")


def test_une_correction_mene_a_la_premiere_edition_ou_elle_parait_et_a_aucune_si_rien_n_y_etait_publie(client):
    organisation, papier = f.organisation("X"), f.indicateur("papier")
    avant, trimestre = f.trimestre("2022-T4"), f.trimestre("2023-T1")
    f.edition(avant, f.instant("2023-03-01"))
    inedite = f.validee(organisation, trimestre, {papier: (1, 2)}, f.instant("2023-04-10"))
    f.corrigee(inedite, {papier: (2, 3)}, f.instant("2023-04-12"), motif="Avant de paraître.")
    v1 = f.validee(organisation, avant, {papier: (1, 2)}, f.instant("2023-04-15"))
    f.edition(trimestre, f.instant("2023-05-18"))
    f.corrigee(v1, {papier: (2, 3)}, f.instant("2023-05-20"), motif="Un double compte.")
    for jour in (21, 22):
        f.edition(trimestre, f.instant(f"2023-05-{jour}"), note="Encore").designer()
    contenu = client.get("/organisations/x/").content.decode()

    assert "Avant de paraître." in contenu
    assert re.findall(r'href="(/editions/[^"]*\.\.\.[^"]*)"', contenu) == ["/editions/2023-T1...2023-T1-r1/"]
    assert "Un double compte." in client.get("/editions/2023-T1...2023-T1-r1/").content.decode()


@pytest.mark.parametrize(
    ("reponses", "dit"),
    [
        ((ND,), "non disponible"),
        ((ND, ND), "non disponibles"),
        (((1, 2), ND), "1 chiffre, 1 non disponible"),
        (((1, 2), ND, (3, 4), ND), "2 chiffres, 2 non disponibles"),
        ((ND, ND, SO, SO), "2 sans objet, 2 non disponibles"),
        ((ND, SO, (1, 2), (0, 0)), "1 chiffre, 2 sans objet, 1 non disponible"),
    ],
)
def test_le_resume_d_un_envoi_s_accorde_en_nombre(client, reponses, dit):
    indicateurs = [f.indicateur() for _ in reponses]
    f.validee(f.organisation("X"), f.trimestre(), dict(zip(indicateurs, reponses, strict=True)))
    f.edition(f.trimestre()).designer()

    assert rangees(client, "/organisations/x/", "Ce que l'organisation a transmis")[0][1] == dit


@pytest.mark.parametrize(("combien", "dit"), [(1, "pas encore due"), (2, "pas encore dues")])
def test_ce_qui_n_est_pas_encore_du_s_accorde_en_nombre(client, combien, dit):
    for _ in range(combien):
        f.indicateur()
    f.organisation("X")
    f.edition(f.trimestre(), f.instant("2023-05-02")).designer()

    assert rangees(client, "/organisations/x/", "Ce que l'organisation a transmis")[0][1] == dit


def test_la_page_dit_ce_que_marquent_les_traits_hors_de_ce_que_l_impression_cache(client):
    publier_avec()
    contenu = client.get("/organisations/o1/").content.decode()
    traits = "Sur une barre, le trait fin marque le chemin à ce trimestre; le trait épais, la cible."
    assert f'<p class="papier">{traits}</p>' in contenu
