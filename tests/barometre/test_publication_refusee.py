"""Ce qui se refuse à qui publie dit la vraie raison, et la trace en dit autant."""

import pytest

from barometre import depot
from barometre.models import Agregat
from organisations.models import Trace
from tests import fabrique as f
from tests.barometre import publications as p
from tests.barometre.test_publication_confirmee import CHANGEMENTS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ici(settings):
    settings.MFA_EXIGEE, settings.HORLOGE = False, p.JOUR


@pytest.fixture
def monde():
    p.annoncer()
    return p.monde()


@pytest.fixture
def client(monde):
    return p.client_de(f.publieur())


@pytest.fixture
def formulaire(client):
    return p.simuler(client).formulaires[p.PUBLIER]


def refus(client, envoi) -> str:
    """Ce que la personne lit, ramenée à une page."""
    reponse = client.post(p.PUBLIER, envoi)
    assert reponse.status_code == 303
    return p.Page(client.get(reponse["Location"])).texte


def traces() -> list[int]:
    return list(Trace.objects.order_by("pk").values_list("statut", flat=True))


@pytest.mark.parametrize("jeton", ["2023-T2\0.{}", "\0", "x", "2023-T2.abc", "2023-T2-r.{}", "2023-T2.{}\n"])
def test_un_jeton_mal_forme_n_est_pas_une_simulation(client, formulaire, jeton):
    assert "Simulez d'abord l'édition" in refus(client, formulaire | {"jeton": jeton.format("0" * 64)})
    assert p.publiees() == ["2023-T1"]


def test_un_trimestre_devenu_impubliable_dit_la_vraie_raison(client, formulaire, settings):
    settings.HORLOGE = f.instant("2023-11-16")
    f.edition(f.trimestre("2023-T3"), f.instant("2023-11-15")).designer()
    texte = refus(client, formulaire)

    assert "L'édition 2023-T3 couvre déjà le trimestre 2023-T2." in texte
    assert "Simulez d'abord" not in texte


def test_une_publication_faite_se_trace_comme_faite(client, formulaire):
    p.lire(client.post(p.PUBLIER, formulaire))

    assert traces() == [200]


def test_une_publication_refusee_en_chemin_se_trace_comme_un_refus(client, formulaire, monde):
    CHANGEMENTS["une_cible_fixee"](monde)
    p.lire(client.post(p.PUBLIER, formulaire))

    assert traces() == [409]


def test_un_disque_plein_se_trace_comme_un_refus(client, formulaire, monkeypatch):
    def refuser(*_, **__):
        raise OSError(28, "Plus de place")

    monkeypatch.setattr(depot, "deposer", refuser)
    p.lire(client.post(p.PUBLIER, formulaire))

    assert traces() == [409]


def test_une_panne_se_trace_comme_une_panne(client, formulaire, monkeypatch):
    def tomber(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(Agregat.objects._queryset_class, "ecrire", tomber)
    p.lire(client.post(p.PUBLIER, formulaire))

    assert traces() == [500]
