"""Une séance commence, change de clé, finit; ce qui était saisi attend la même personne."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils.timezone import timedelta

from organisations.comptes.seances import GARDE
from tests import fabrique as f
from tests.organisations import adresses
from tests.organisations.connexions import MOT_DE_PASSE, entrer, lire

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
urlpatterns = [path("espace/essai/", adresses.essai, name="saisie"), *adresses.urlpatterns]
RACINE = Path(__file__).resolve().parents[2]
MINUTE, HEURE = 60, 3600
ESSAI = "/espace/essai/?onglet=2"


@pytest.fixture
def avancer(monkeypatch):
    """Fait passer le temps."""
    maintenant = [time.time()]
    monkeypatch.setattr("organisations.comptes.seances.time.time", lambda: maintenant[0])

    def de(secondes: float) -> None:
        maintenant[0] += secondes

    return de


@pytest.fixture
def personne(client):
    entree = f.personne()
    entrer(client, entree.email)
    return entree


def est_entre(client) -> bool:
    return client.get("/espace/essai/").status_code == 200


def test_une_cle_posee_avant_l_entree_ne_sert_plus_apres(client, settings):
    piege = Client()
    cle = piege.session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = cle
    entrer(client, f.personne().email)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != cle
    assert not est_entre(piege)


def test_chaque_entree_change_la_cle(client, personne):
    premiere = client.session.session_key
    client.post("/compte/deconnexion/")
    entrer(client, personne.email)
    assert client.session.session_key != premiere


def test_sortir_ferme_cote_serveur(client, personne, settings):
    cle = client.session.session_key
    client.post("/compte/deconnexion/")
    assert not Session.objects.filter(session_key=cle).exists()
    client.cookies[settings.SESSION_COOKIE_NAME] = cle
    assert not est_entre(client)


def test_un_compte_desactive_est_dehors_a_la_demande_suivante(client, personne):
    assert est_entre(client)
    personne.is_active = False
    personne.save(update_fields=["is_active"])
    assert not est_entre(client)


def test_changer_de_mot_de_passe_ferme_les_autres_seances(client, personne):
    autre = Client()
    entrer(autre, personne.email)
    nouveau = "des mots sans rapport"
    client.post("/compte/mot-de-passe/", {"oldpassword": MOT_DE_PASSE, "password1": nouveau, "password2": nouveau})
    assert est_entre(client)
    assert not est_entre(autre)


def test_une_heure_sans_activite_ferme_la_seance(client, personne, avancer):
    for _ in range(3):
        assert est_entre(client)
        avancer(59 * MINUTE)
    avancer(2 * MINUTE)
    reponse = client.get(ESSAI)
    assert reponse.headers["Location"] == "/compte/connexion/?next=/espace/essai/%3Fonglet%3D2"
    assert "Votre séance a pris fin. Reconnectez-vous.<" in lire(client.get(reponse.headers["Location"]))
    assert not est_entre(client)


def test_l_administration_ferme_aussi(client, avancer, settings):
    settings.MFA_EXIGEE = False
    entrer(client, f.relecteur().email)
    assert client.get("/admin/").status_code == 200
    avancer(61 * MINUTE)
    assert client.get("/admin/").headers["Location"] == "/compte/connexion/?next=/admin/"


def test_douze_heures_ferment_la_seance_meme_active(client, avancer, personne):
    for _ in range(24):
        assert est_entre(client)
        avancer(30 * MINUTE)
    assert est_entre(client)
    avancer(1)
    assert not est_entre(client)


def test_une_seance_dont_aucune_page_n_est_vue_finit_aussi(client, personne, avancer):
    avancer(61 * MINUTE)
    assert not est_entre(client)


def test_la_duree_sans_activite_se_regle(client, personne, avancer, settings):
    settings.SEANCE_INACTIVITE = 5 * MINUTE
    assert est_entre(client)
    avancer(6 * MINUTE)
    assert not est_entre(client)


def test_la_seance_s_ecrit_au_plus_une_fois_par_minute(client, personne, avancer):
    ecritures = []
    for secondes in (0, 30, 28, 2, 58, 2):
        avancer(secondes)
        with CaptureQueriesContext(connection) as requetes:
            client.get("/espace/essai/")
        ecritures.append(any(r["sql"].startswith("UPDATE") for r in requetes.captured_queries))
    assert ecritures == [False, False, False, True, False, True]


def test_une_page_publique_ne_lit_pas_la_seance(client, personne):
    reponse = client.get("/")
    assert "Cookie" not in reponse.headers.get("Vary", "")
    assert not reponse.cookies
    assert reponse.headers["Cache-Control"].startswith("public")


def test_une_page_de_l_espace_n_est_gardee_nulle_part(client, personne):
    assert client.get("/espace/essai/").headers["Cache-Control"] == "no-store"
    assert Client().get("/espace/essai/").headers["Cache-Control"] == "no-store"


def saisir(client, adresse: str = ESSAI, **champs):
    saisi = {"numerateur": "12", "motif": ["a", "b"], "csrfmiddlewaretoken": "jeton", "password1": "secret"}
    return client.post(adresse, saisi | champs)


def test_un_formulaire_envoye_trop_tard_attend_la_meme_personne_une_fois(client, personne, avancer):
    est_entre(client)
    avancer(61 * MINUTE)
    retour = saisir(client).headers["Location"]
    assert "Ce que vous aviez saisi est gardé" in lire(client.get(retour))
    assert entrer(client, personne.email, suite=ESSAI).headers["Location"] == ESSAI
    assert client.get("/espace/essai/").json()["repris"] is None
    assert client.get(ESSAI).json()["repris"] == {"numerateur": ["12"], "motif": ["a", "b"]}
    assert client.get(ESSAI).json()["repris"] is None


def test_un_formulaire_laisse_pour_la_nuit_attend_le_matin(client, personne, avancer):
    est_entre(client)
    avancer(16 * HEURE)
    Session.objects.update(expire_date=F("expire_date") - timedelta(hours=16))
    retour = saisir(client).headers["Location"]
    assert "Ce que vous aviez saisi est gardé" in lire(client.get(retour))
    entrer(client, personne.email)
    assert client.get(ESSAI).json()["repris"] == {"numerateur": ["12"], "motif": ["a", "b"]}


def test_un_formulaire_garde_ne_se_montre_a_personne_d_autre(client, personne, avancer):
    est_entre(client)
    avancer(61 * MINUTE)
    saisir(client)
    entrer(client, f.personne().email)
    assert client.get(ESSAI).json()["repris"] is None
    assert GARDE not in client.session
    client.post("/compte/deconnexion/")
    entrer(client, personne.email)
    assert client.get(ESSAI).json()["repris"] is None


@pytest.mark.parametrize(
    ("adresse", "champs"),
    [
        (ESSAI, {"motif": "x" * 256 * 1024}),
        (ESSAI, {"fichier": SimpleUploadedFile("valeurs.csv", b"a,b")}),
        ("/compte/mot-de-passe/", {}),
        ("/espace/autre/", {}),
        ("/espace/ramq/equipe/", {}),
    ],
    ids=["trop lourd", "fichier", "hors de l'espace", "autre page", "équipe"],
)
def test_ce_qui_ne_doit_pas_attendre_n_est_pas_garde(client, personne, avancer, adresse, champs):
    est_entre(client)
    avancer(61 * MINUTE)
    retour = saisir(client, adresse, **champs)
    assert retour.status_code == 302
    assert GARDE not in client.session
    assert "Votre séance a pris fin. Reconnectez-vous.<" in lire(client.get(retour.headers["Location"]))


@pytest.mark.parametrize(
    ("adresse", "retour"),
    [
        ("/espace/ramq/equipe/invitations/7/retirer/", "/espace/ramq/"),
        ("/espace/ramq/2023-T1/corriger/", "/espace/ramq/"),
        ("/espace/ramq/plan/corriger/", "/espace/ramq/"),
        ("/espace/ramq/plan/", "/espace/ramq/plan/"),
        ("/espace/ramq/2023-T1/", "/espace/ramq/2023-T1/"),
        ("/compte/mot-de-passe/", "/espace/"),
    ],
)
def test_apres_un_envoi_trop_tardif_on_revient_a_une_page_qui_se_lit(client, personne, avancer, adresse, retour):
    avancer(61 * MINUTE)
    assert client.post(adresse).headers["Location"] == f"/compte/connexion/?next={retour}"


def test_sous_https_les_temoins_sont_lies_a_l_hote():
    programme = (
        "import environ; environ.Env.read_env = lambda *a, **k: None\n"
        "from barometre import settings as s\n"
        "assert s.SESSION_COOKIE_NAME == '__Host-session' and s.CSRF_COOKIE_NAME == '__Host-csrf'\n"
        "assert s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE and 'session' in s.MESSAGE_STORAGE\n"
    )
    environnement = {"PATH": "/usr/bin", "SECRET_KEY": "x"}
    subprocess.run([sys.executable, "-c", programme], cwd=RACINE, env=environnement, check=True)


def test_les_temoins_poses_sont_surs_et_limites_a_la_visite(client, settings):
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "__Host-session", True
    entrer(client, f.personne().email)
    temoin = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (temoin["secure"], temoin["httponly"], temoin["samesite"], temoin["path"]) == (True, True, "Lax", "/")
    assert not temoin["domain"]
    assert not temoin["max-age"]


def test_entrer_autrement_que_par_mot_de_passe_limite_aussi_le_temoin_a_la_visite(client, settings, avancer):
    client.force_login(f.personne())
    avancer(2 * MINUTE)
    assert est_entre(client)
    assert not client.cookies[settings.SESSION_COOKIE_NAME]["max-age"]
