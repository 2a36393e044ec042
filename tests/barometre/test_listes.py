"""La liste des organisations: chercher, filtrer, trier, sans jamais échouer."""

import re
from urllib.parse import urlencode

import pytest

from tests import fabrique as f
from tests.barometre.public import texte

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monde():
    """Quatre organisations; l'une ne dit rien, l'autre n'a pas de portefeuille."""
    papier, ouvertes = f.indicateur("papier", ordre=1), f.indicateur("ouvertes", ordre=2)
    tete = f.ministere("MSSS", nom="Ministère de la Santé")
    organisations = {
        tete: (50, 30),
        f.organisation("RAMQ", nom="Régie de l’assurance maladie", ministere=tete, categorie="TRIBUNAL"): (90, 10),
        f.organisation("HQ", nom="Hydro-Québec", categorie="ENTREPRISE"): (51, 99),
        f.organisation("BANQ", nom="Bibliothèque et Archives", ministere=tete): None,
    }
    trimestre = f.trimestre("2023-T1")
    f.reprendre(
        {(o, trimestre): {papier: (v[0], 100), ouvertes: (v[1], 100)} for o, v in organisations.items() if v},
        f.instant("2023-05-01"),
    )
    f.edition(trimestre, f.instant("2023-05-18"))


def sigles(client, **champs) -> list[str]:
    reponse = client.get(f"/organisations/?{urlencode(champs)}")
    assert reponse.status_code == 200
    return re.findall(r'<th scope="row">.*?\((\w+)\)', reponse.content.decode())


def test_la_liste_montre_toutes_les_attendues_meme_silencieuses(client):
    assert sigles(client) == ["BANQ", "HQ", "MSSS", "RAMQ"]
    assert "en retard de 3 jours" in texte(client.get("/organisations/"))


@pytest.mark.parametrize("q", ["regie", "RÉGIE", "l'assurance", "assurance régie", "ramq", "  Ramq ", "mala"])
def test_la_recherche_pardonne_accents_casse_apostrophes_et_ordre(client, q):
    assert sigles(client, q=q) == ["RAMQ"]


def test_la_recherche_trouve_un_nom_a_trait_d_union(client):
    assert sigles(client, q="hydro quebec") == sigles(client, q="Hydro-Québec") == ["HQ"]


def test_les_filtres_se_combinent(client):
    assert sigles(client, portefeuille="MSSS") == ["BANQ", "MSSS", "RAMQ"]
    assert sigles(client, categorie="ENTREPRISE") == ["HQ"]
    assert sigles(client, portefeuille="MSSS", categorie="TRIBUNAL", q="regie") == ["RAMQ"]


def test_le_tri_par_part_met_les_absentes_en_dernier_dans_les_deux_sens(client):
    assert sigles(client, tri="papier") == ["MSSS", "HQ", "RAMQ", "BANQ"]
    assert sigles(client, tri="-papier") == ["RAMQ", "HQ", "MSSS", "BANQ"]
    assert sigles(client, tri="-ouvertes") == ["HQ", "MSSS", "RAMQ", "BANQ"]
    assert sigles(client, tri="-nom") == ["RAMQ", "MSSS", "HQ", "BANQ"]


def test_les_liens_de_tri_gardent_les_filtres_et_s_inversent(client):
    page = client.get("/organisations/?q=re&portefeuille=MSSS&tri=-papier").content.decode()
    liens = [lien.replace("&amp;", "&") for lien in re.findall(r'<th scope="col"[^>]*>\s*<a href="(.*?)"', page)]
    assert liens == [
        "?q=re&portefeuille=MSSS",
        "?q=re&portefeuille=MSSS&tri=papier",
        "?q=re&portefeuille=MSSS&tri=-ouvertes",
    ]
    assert page.count("aria-sort") == 1
    assert 'aria-sort="descending"' in page
    assert '<input type="hidden" name="tri" value="-papier">' in page


def test_les_choix_faits_restent_dans_le_formulaire(client):
    page = client.get("/organisations/?q=re&portefeuille=MSSS&categorie=TRIBUNAL").content.decode()
    assert 'name="q" value="re"' in page
    assert '<option value="MSSS" selected>' in page
    assert '<option value="TRIBUNAL" selected>' in page
    assert "AUTRE" in page
    assert "ORGANISME_CENTRAL" not in page


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"portefeuille": "ZZZ"}, "Le portefeuille «\xa0ZZZ\xa0» n'existe pas"),
        ({"categorie": "<b>"}, "La catégorie «\xa0<b>\xa0» n'existe pas"),
        ({"tri": "-rien"}, "Le tri «\xa0rien\xa0» n'existe pas"),
    ],
)
def test_une_valeur_inconnue_est_ignoree_et_dite(client, champs, phrase):
    assert sigles(client, **champs) == ["BANQ", "HQ", "MSSS", "RAMQ"]
    assert phrase in texte(client.get(f"/organisations/?{urlencode(champs)}"))


@pytest.mark.parametrize("q", ["\0", "%", "'; --", "(", "\\", "a" * 100_000, "🂡", "\ud7ff", "-", "..."])
def test_aucune_recherche_ne_fait_echouer_la_page(client, q):
    assert client.get("/organisations/", {"q": q}).status_code == 200


def test_une_recherche_sans_reponse_dit_quoi_faire(client):
    page = texte(client.get("/organisations/?q=zzz"))
    assert "0 organisation sur 4." in page
    assert "Aucune organisation ne correspond." in page
    assert "Voir toutes les organisations" in page
