"""Ce qui paraît entre deux éditions: le cache et l'ETag suivent chaque acceptation et chaque nom, et rien d'autre."""

import pytest
from django.db import OperationalError

from barometre import fraicheur
from organisations.models import Organisation, Strategie
from tests import fabrique as f
from tests.barometre.public import accepte, corriger, paraitre, publier, rediger, texte

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def strategie() -> Strategie:
    return Strategie.objects.create(code="2019-2023", titre="Stratégie 2019-2023", debut=f.DEBUT, fin=f.FIN)


@pytest.fixture
def edition():
    return publier()


@pytest.fixture
def regie(edition) -> Organisation:
    """Une organisation publiée, du portefeuille du ministère."""
    return Organisation.objects.get(sigle="O0")


def test_accepter_remplacer_et_renommer_changent_l_etag_et_la_page(client, regie):
    etags, pages = [], []

    def regarder() -> None:
        reponse = client.get("/plans/o0/")
        etags.append(reponse["ETag"])
        pages.append(texte(reponse))
        if len(etags) > 1:
            assert client.get("/plans/o0/", headers={"if-none-match": etags[-2]}).status_code == 200
        assert client.get("/plans/o0/", headers={"if-none-match": etags[-1]}).status_code == 304

    regarder()
    plan = accepte(regie)
    regarder()
    corriger(plan, f.relecteur(), "2023-07-01")
    regarder()
    regie.nom = "Régie renommée"
    regie.save(update_fields=["nom"])
    regarder()
    paraitre("2023-08-01", note="Un ajout")
    regarder()
    assert len(set(etags)) == len(set(pages)) == 5
    assert "Régie renommée" in pages[3]


def test_une_acceptation_plus_ancienne_que_la_derniere_change_aussi_l_etag(client, edition):
    """Deux horloges qui diffèrent, ou deux transactions qui se croisent."""
    accepte(Organisation.objects.get(sigle="O0"), "2023-07-01")
    avant = client.get("/plans/")["ETag"]
    accepte(Organisation.objects.get(sigle="O1"), "2023-06-01")
    assert client.get("/plans/")["ETag"] != avant


def test_une_page_de_plan_connue_du_lecteur_ou_gardee_ne_coute_qu_une_requete(client, regie, django_assert_num_queries):
    accepte(regie)
    etag = client.get("/plans/o0/")["ETag"]
    for entetes in ({"if-none-match": etag}, {}):
        with django_assert_num_queries(1):
            client.get("/plans/o0/", headers=entetes)


def test_un_brouillon_ne_change_pas_l_etag(client, regie):
    accepte(regie)
    avant = client.get("/plans/")["ETag"]
    rediger(Organisation.objects.get(sigle="O1"))
    assert client.get("/plans/")["ETag"] == avant


def test_les_autres_pages_ignorent_les_plans(client, regie, django_assert_num_queries):
    etag = client.get("/")["ETag"]
    accepte(regie)
    assert client.get("/")["ETag"] == etag
    with django_assert_num_queries(0):
        client.get("/")


def test_sans_base_une_page_deja_gardee_se_lit_encore(client, regie, monkeypatch):
    accepte(regie)
    gardee = client.get("/plans/o0/")

    def en_panne(*_, **__):
        raise OperationalError("base en panne")

    monkeypatch.setattr(fraicheur.Organisation.objects, "aggregate", en_panne)
    reponse = client.get("/plans/o0/")
    assert (reponse.content, reponse["ETag"]) == (gardee.content, gardee["ETag"])
    with pytest.raises(OperationalError):
        client.get("/plans/")


def test_sans_base_une_demande_gardee_depuis_n_empeche_pas_de_lire_la_page(client, regie, monkeypatch):
    gardee = client.get("/plans/")
    accepte(regie)
    client.get("/plans/?portefeuille=MCN")

    def en_panne(*_, **__):
        raise OperationalError("base en panne")

    monkeypatch.setattr(fraicheur.Organisation.objects, "aggregate", en_panne)
    assert client.get("/plans/").content == gardee.content
