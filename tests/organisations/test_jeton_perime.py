"""Un formulaire au jeton périmé, comme après s'être reconnecté dans un autre onglet: sa page le remontre."""

import re

import pytest
from django.test import Client
from django.urls import path

from organisations.comptes.seances import GARDE
from tests import fabrique as f
from tests.organisations import adresses
from tests.organisations.connexions import MOT_DE_PASSE, entrer, lire

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
urlpatterns = [path("espace/essai/", adresses.essai, name="saisie"), *adresses.urlpatterns]
ESSAI = "/espace/essai/?onglet=2"
ICI, AILLEURS = "http://testserver", "https://pirate.test"


@pytest.fixture
def personne(client):
    entree = f.personne()
    entrer(client, entree.email)
    return entree


@pytest.fixture
def onglet(client, personne) -> Client:
    """Un onglet ouvert avant la dernière connexion: la garde CSRF y refuse le jeton."""
    onglet = Client(enforce_csrf_checks=True)
    onglet.cookies = client.cookies
    return onglet


def saisir(onglet, adresse: str = ESSAI, *, entetes=None, **champs):
    saisi = {"numerateur": "12", "motif": ["a", "b"], "csrfmiddlewaretoken": "perime"}
    return onglet.post(adresse, saisi | champs, headers=entetes)


def vieillir(onglet) -> None:
    """La séance de cet onglet a commencé il y a trop longtemps."""
    seance = onglet.session
    seance["debut"] = 0
    seance.save()


@pytest.mark.parametrize("entetes", [{"Origin": ICI}, {"Referer": f"{ICI}/espace/essai/"}])
def test_une_saisie_au_jeton_perime_revient_a_l_ecran_sans_etre_ecrite(onglet, entetes):
    reponse = saisir(onglet, entetes=entetes)
    assert (reponse.status_code, reponse.headers["Location"]) == (303, ESSAI)
    assert onglet.get(ESSAI).json()["repris"] == {"numerateur": ["12"], "motif": ["a", "b"]}
    assert "Relisez votre saisie, puis renvoyez-la." in lire(onglet.get("/compte/mot-de-passe/"))


def test_la_connexion_d_un_autre_onglet_ne_perd_pas_la_saisie_de_celui_ci(onglet, personne):
    page = lire(onglet.get("/compte/mot-de-passe/"))
    jeton = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    onglet.post("/compte/deconnexion/", {"csrfmiddlewaretoken": jeton})
    neuf = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', lire(onglet.get("/compte/connexion/")))[1]
    connexion = {"login": personne.email, "password": MOT_DE_PASSE, "csrfmiddlewaretoken": neuf}
    assert onglet.post("/compte/connexion/", connexion).status_code == 302
    assert saisir(onglet, csrfmiddlewaretoken=jeton, entetes={"Origin": ICI}).status_code == 303
    assert onglet.get(ESSAI).json()["repris"]["numerateur"] == ["12"]


@pytest.mark.parametrize(
    "entetes",
    [
        {},
        {"Origin": AILLEURS},
        {"Origin": "null", "Referer": f"{ICI}/"},
        {"Origin": AILLEURS, "Referer": f"{ICI}/"},
        {"Referer": f"{AILLEURS}/{ICI}/"},
        {"Referer": f"{ICI}.pirate.test/"},
    ],
)
def test_un_envoi_venu_d_ailleurs_est_refuse_et_rien_n_en_est_garde(onglet, entetes):
    vieillir(onglet)
    assert saisir(onglet, entetes=entetes).status_code == 403
    assert GARDE not in onglet.session
    assert "debut" in onglet.session


def test_un_jeton_perime_reste_un_refus_la_ou_rien_ne_se_remontre(onglet):
    assert saisir(onglet, "/espace/autre/", entetes={"Origin": ICI}).status_code == 403
    assert saisir(Client(enforce_csrf_checks=True), entetes={"Origin": ICI}).status_code == 403


def test_un_jeton_perime_dans_une_seance_finie_mene_a_la_connexion_et_la_saisie_attend(onglet, personne):
    vieillir(onglet)
    retour = saisir(onglet, entetes={"Origin": ICI})
    assert retour.headers["Location"].startswith("/compte/connexion/")
    assert onglet.session[GARDE]["personne"] == personne.pk
