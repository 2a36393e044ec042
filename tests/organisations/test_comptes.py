"""Qui entre, comment, et ce que le site n'en dit pas."""

import logging
import re
from smtplib import SMTPException

import pytest
from allauth.account.middleware import AccountMiddleware
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.flows.login import complete_login
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.session import SessionStorage
from django.core import mail
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse
from redis.exceptions import ConnectionError as RedisAbsent

from organisations.models import Habilitation, Utilisateur
from tests import fabrique as f
from tests.organisations.connexions import MOT_DE_PASSE, entrer, lire, sans_jeton

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.organisations.adresses")]


def lien_recu() -> str:
    return re.search(r"http://127\.0\.0\.1:8000(\S+)", mail.outbox[-1].body)[1]


def test_une_personne_entre_et_va_a_son_espace(client):
    reponse = entrer(client, f.personne().email)
    assert (reponse.status_code, reponse.headers["Location"]) == (302, "/espace/")
    assert client.get("/espace/essai/").status_code == 200


def test_une_personne_de_l_equipe_va_a_l_administration(client):
    assert entrer(client, f.relecteur().email).headers["Location"] == "/admin/"


def test_la_suite_demandee_l_emporte_sauf_vers_un_autre_hote(client):
    personne = f.personne()
    assert entrer(client, personne.email, suite="/compte/").headers["Location"] == "/compte/"
    client.logout()
    assert entrer(client, personne.email, suite="https://ailleurs.test/").headers["Location"] == "/espace/"


def test_la_casse_de_l_adresse_ne_compte_pas(client):
    Utilisateur.objects.create_user("Marie.Tremblay@exemple.test", MOT_DE_PASSE)
    assert entrer(client, "MARIE.tremblay@Exemple.test").status_code == 302


def test_un_mauvais_mot_de_passe_se_dit_en_francais_et_ne_fait_pas_entrer(client):
    refus = entrer(client, f.personne().email, "pas-le-bon")
    page = lire(refus)
    assert refus.status_code == 400
    assert "ne vont pas ensemble" in page
    assert 'class="resume" role="group" tabindex="-1" autofocus' in page
    assert client.get("/compte/").status_code == 302


def test_un_champ_fautif_dit_son_erreur_a_qui_ne_voit_pas(client):
    refus = entrer(client, "pas une adresse")
    page = lire(refus)
    assert refus.status_code == 400
    assert re.search(
        r'<input type="email" name="login"[^>]*aria-invalid="true"[^>]*aria-describedby="id_login_error"', page
    )
    assert '<p class="erreur" id="id_login_error">' in page
    assert '<a href="#id_login">Adresse de courriel</a>' in page


def test_nul_ne_s_inscrit_et_rien_d_autre_d_allauth_n_est_expose():
    for nom in ("account_signup", "account_email", "socialaccount_connections", "socialaccount_signup", "mfa_trust"):
        with pytest.raises(NoReverseMatch):
            reverse(nom)


def test_une_adresse_inconnue_ne_se_distingue_pas_d_une_connue_a_la_connexion(client):
    courriel = f.personne().email
    connue = entrer(client, courriel, "pas-le-bon")
    inconnue = entrer(client, courriel.replace("personne", "inconnue"), "pas-le-bon")
    assert connue.status_code == inconnue.status_code == 400
    assert sans_jeton(connue) == sans_jeton(inconnue).replace(b"inconnue", b"personne")
    assert dict(connue.headers) == dict(inconnue.headers)


def test_une_adresse_inconnue_ne_se_distingue_pas_d_une_connue_a_l_oubli(client):
    reponses = []
    for courriel in (f.personne().email, "nul@exemple.test", f.personne(is_active=False).email):
        suivie = client.post("/compte/mot-de-passe/oublie/", {"email": courriel}, follow=True)
        assert suivie.redirect_chain == [("/compte/mot-de-passe/envoye/", 302)]
        reponses.append((sans_jeton(suivie), dict(suivie.headers)))
    assert reponses[0] == reponses[1] == reponses[2]
    assert [m.subject for m in mail.outbox] == ["Choisir un mot de passe"] + ["Aucun compte à cette adresse"] * 2


@pytest.mark.parametrize("panne", [SMTPException, TimeoutError])
def test_un_courriel_qui_ne_part_pas_ne_change_rien_a_la_page_et_ne_nomme_personne(client, monkeypatch, caplog, panne):
    def tomber(courriel, **_):
        raise panne(courriel.to[0])

    monkeypatch.setattr(mail.EmailMessage, "send", tomber)
    for courriel in (f.personne().email, "nul@exemple.test"):
        reponse = client.post("/compte/mot-de-passe/oublie/", {"email": courriel})
        assert (reponse.status_code, reponse.headers["Location"]) == (302, "/compte/mot-de-passe/envoye/")
    assert caplog.text.count("n'est pas parti") == 2
    assert "@" not in caplog.text


@pytest.mark.parametrize("adresse", ["mot-de-passe/oublie/", "mot-de-passe/", "reauthentification/"])
def test_un_formulaire_du_compte_mal_rempli_n_est_pas_un_succes(client, adresse):
    client.force_login(f.personne())
    assert client.get(f"/compte/{adresse}").status_code == 200
    assert client.post(f"/compte/{adresse}", {"email": "pas une adresse"}).status_code == 400


def test_un_lien_qui_ne_vaut_plus_le_dit_meme_a_un_envoi(client):
    for geste in (client.get, client.post):
        assert "Ce lien ne vaut plus" in lire(geste("/compte/mot-de-passe/lien/zz-invente/"))


def test_le_lien_recu_change_le_mot_de_passe_une_seule_fois(client):
    personne = f.personne()
    client.post("/compte/mot-de-passe/oublie/", {"email": personne.email.upper()})
    assert mail.outbox[-1].to == [personne.email]
    lien = lien_recu()
    formulaire = client.get(lien, follow=True).redirect_chain[-1][0]
    nouveau = {"password1": "des mots sans rapport", "password2": "des mots sans rapport"}
    assert client.post(formulaire, nouveau).headers["Location"] == "/compte/mot-de-passe/fini/"
    assert mail.outbox[-1].subject == "Un changement à votre compte"
    assert "Ce lien ne vaut plus" in lire(client.get(lien, follow=True))
    assert client.get("/compte/").status_code == 302
    assert entrer(client, personne.email, "des mots sans rapport").status_code == 302
    assert not EmailAddress.objects.exists()


def test_un_compte_sans_mot_de_passe_en_choisit_un_par_le_lien(client):
    Utilisateur.objects.create_user("neuf@exemple.test")
    client.post("/compte/mot-de-passe/oublie/", {"email": "neuf@exemple.test"})
    assert client.get(lien_recu()).status_code == 302


def test_une_personne_sans_mot_de_passe_n_a_pas_de_panne_en_voulant_le_changer(client):
    client.force_login(Utilisateur.objects.create_user("neuf@exemple.test"))
    assert client.get("/compte/mot-de-passe/", follow=True).redirect_chain[-1][0] == "/compte/mot-de-passe/oublie/"


def test_un_compte_ferme_n_entre_pas_et_ne_le_dit_qu_a_qui_sait_le_mot_de_passe(client):
    ferme = f.personne(is_active=False)
    assert "Ce compte est fermé" not in lire(entrer(client, ferme.email, "pas-le-bon"))
    assert "Ce compte est fermé" in lire(entrer(client, ferme.email, follow=True))
    assert client.get("/compte/").status_code == 302


def test_le_compte_dit_qui_je_suis_et_pour_qui_je_parle(client):
    personne = f.declarant(f.organisation("RAMQ"))
    client.force_login(personne)
    page = lire(client.get("/compte/"))
    assert personne.email in page
    assert "Organisme RAMQ : rédiger et transmettre" in page
    Habilitation.objects.get().revoquer(par=personne, le=f.instant("2023-01-01"))
    assert "Organisme RAMQ" not in lire(client.get("/compte/"))


def test_on_ne_sort_que_par_un_envoi(client):
    client.force_login(f.personne())
    refus = client.get("/compte/deconnexion/")
    assert (refus.status_code, refus.headers["Allow"]) == (405, "POST")
    assert "<h1>Cette adresse ne s'ouvre pas ainsi</h1>" in lire(refus)
    assert int(refus.headers["Content-Length"]) == len(refus.content)
    assert client.post("/compte/deconnexion/").headers["Location"] == "/"
    assert client.get("/compte/").status_code == 302


def test_aucune_page_du_compte_n_est_gardee(client):
    for adresse in ("connexion/", "mot-de-passe/oublie/", "mot-de-passe/envoye/", "mot-de-passe/fini/", ""):
        assert client.get(f"/compte/{adresse}").headers["Cache-Control"] == "no-store", adresse


def test_ni_courriel_ni_mot_de_passe_ni_lien_n_entre_au_journal(client, caplog):
    caplog.set_level(logging.INFO)
    personne = f.personne()
    for n in range(70):
        entrer(client, personne.email, f"mot-de-passe-{n}")
    client.post("/compte/mot-de-passe/oublie/", {"email": personne.email})
    client.get(lien_recu(), follow=True)
    client.get("/compte/absente/")
    assert "/compte/absente/" in caplog.text
    for tu in (personne.email, "mot-de-passe-", lien_recu()):
        assert tu not in caplog.text, tu


def test_redis_en_panne_donne_une_page_503_et_laisse_lire_le_public(client, monkeypatch):
    def panne(*_, **__):
        raise RedisAbsent("connexion refusée")

    for geste in ("get", "set", "add"):
        monkeypatch.setattr(type(cache._connections[cache._alias]), geste, panne)
    reponse = entrer(client, f.personne().email)
    assert (reponse.status_code, reponse.headers["Retry-After"]) == (503, "60")
    assert "La connexion est fermée un moment" in lire(reponse)
    assert client.get("/").status_code == 200


def test_un_formulaire_trop_lourd_donne_413(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    reponse = entrer(client, "x" * 200)
    assert reponse.status_code == 413
    assert "trop lourd" in lire(reponse)


def test_une_demande_de_plus_de_12_mio_est_refusee_sans_etre_lue(client):
    refusee = client.post("/compte/connexion/", {}, headers={"Content-Length": str(12 * 1024 * 1024 + 1)})
    assert refusee.status_code == 413
    assert client.post("/compte/connexion/", {}, headers={"Content-Length": "des octets"}).status_code != 413


# --- OpenID Connect --------------------------------------------------------------------------------------------------
@pytest.fixture
def par_oidc(rf, client, settings):
    """Ce que le site fait d'une identité que le fournisseur a prouvée."""
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": [{"provider_id": "oidc", "name": "Essai", "client_id": "x", "settings": {}}]}
    }

    def entrer_par_oidc(process: str = "login", **identite):
        requete = rf.get("/compte/oidc/oidc/retour/")
        requete.session, requete.user = client.session, AnonymousUser()
        requete._messages = SessionStorage(requete)

        def vue(requete):
            fournisseur = get_adapter().get_provider(requete, "oidc")
            essai = fournisseur.sociallogin_from_response(requete, {"userinfo": {"sub": "1", **identite}})
            essai.state = {"process": process}
            return complete_login(requete, essai)

        reponse = AccountMiddleware(vue)(requete)
        return reponse, requete

    return entrer_par_oidc


def test_par_oidc_une_personne_connue_entre(par_oidc):
    personne = f.personne()
    reponse, requete = par_oidc(email=personne.email.upper(), email_verified=True)
    assert (reponse.headers["Location"], requete.user) == ("/espace/", personne)
    assert not SocialAccount.objects.exists()
    personne.refresh_from_db()
    assert personne.has_usable_password()


@pytest.mark.parametrize("verifiee", [False, None, "false", "true"])
def test_par_oidc_une_adresse_que_le_fournisseur_n_a_pas_verifiee_est_refusee(par_oidc, verifiee):
    reponse, requete = par_oidc(email=f.personne().email, email_verified=verifiee)
    assert reponse.headers["Location"] == "/compte/connexion/"
    assert not requete.user.is_authenticated


def test_par_oidc_une_personne_inconnue_est_refusee_clairement_et_aucun_compte_n_est_cree(par_oidc):
    reponse, requete = par_oidc(email="nul@exemple.test", email_verified=True)
    assert reponse.headers["Location"] == "/compte/connexion/"
    assert "Demandez une invitation" in str(next(iter(requete._messages)))
    assert not Utilisateur.objects.exists()


def test_par_oidc_on_n_attache_pas_une_identite_a_un_compte(par_oidc):
    reponse, _ = par_oidc(process="connect", email=f.personne().email, email_verified=True)
    assert reponse.headers["Location"] == "/compte/connexion/"
    assert not SocialAccount.objects.exists()
