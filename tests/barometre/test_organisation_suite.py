"""Ce qu'une organisation montre d'une reprise, d'une arrivée à venir et d'une correction."""

import datetime

import pytest

from tests import fabrique as f
from tests.barometre.public import CODES
from tests.barometre.test_organisation import DEBUT_2022, FIN_2021, page, publier_avec, rangees

pytestmark = pytest.mark.django_db


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
    assert "Le 1er janvier 2022, elle a intégré Régie vieille (VIEILLE)." in dite
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
    assert '<a href="/editions/">Ce que chaque édition révise</a>' in contenu
    assert "correction du" not in page(client, "x", "2022-T4")


def test_la_page_dit_ce_que_marquent_les_traits_hors_de_ce_que_l_impression_cache(client):
    publier_avec()
    contenu = client.get("/organisations/o1/").content.decode()
    assert "<p>Sur une barre, le trait fin marque le chemin à ce trimestre; le trait épais, la cible.</p>" in contenu
