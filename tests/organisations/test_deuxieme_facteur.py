"""Le deuxième facteur: exigé de l'équipe, par la séance; un code sert une fois; rien ne le contourne."""

import json
import re
import time
from pathlib import Path

import allauth.mfa
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib import admin
from django.core import mail

from tests import fabrique as f
from tests.organisations.connexions import MOT_DE_PASSE, SECRET, code, entrer, equiper, lire
from tests.test_architecture import adresses

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.organisations.adresses")]
CODE = "/compte/deuxieme-facteur/code/"


@pytest.fixture
def membre():
    """Une personne de l'équipe, qui peut tout."""
    return f.personne(is_staff=True, is_superuser=True)


def prouver(client, ce_code: str):
    return client.post(CODE, {"code": ce_code})


def confirmer(client, suite: str) -> None:
    client.post(f"/compte/reauthentification/?next={suite}", {"password": MOT_DE_PASSE})


def adresses_de_l_equipe() -> list[str]:
    motifs = [motif for _, motif, _ in adresses() if motif.startswith("admin/")]
    sans_parametre = [re.sub(r"[\^$]", "", m) for m in motifs if "<" not in m and "(" not in m]
    return ["/" + m for m in sans_parametre if not m.endswith(("login/", "logout/"))]


def test_sans_facteur_chaque_adresse_de_l_equipe_se_refuse(client, membre):
    entrer(client, membre.email)
    essayees = adresses_de_l_equipe()
    for adresse in essayees:
        for geste in (client.get, client.post):
            reponse = geste(adresse)
            assert (reponse.status_code, reponse.headers["Location"].split("?")[0]) == (302, "/admin/login/"), adresse
    assert len(essayees) > 3


def test_avoir_un_facteur_ne_suffit_pas_si_la_seance_ne_l_a_pas_prouve(client, membre):
    equiper(membre)
    client.force_login(membre)
    suivie = client.get("/admin/", follow=True)
    assert suivie.redirect_chain[-1][0] == "/compte/deuxieme-facteur/de-nouveau/?next=%2Fadmin%2F"
    avant = client.session.session_key
    assert client.post(suivie.redirect_chain[-1][0], {"code": code()}).headers["Location"] == "/admin/"
    assert client.session.session_key != avant
    assert client.get("/admin/").status_code == 200


def test_une_personne_de_l_equipe_sans_facteur_est_menee_a_en_activer_un(client, membre):
    entrer(client, membre.email)
    suivie = client.get("/admin/", follow=True)
    assert suivie.redirect_chain[-1][0] == "/compte/deuxieme-facteur/"
    assert "L'administration demande un deuxième facteur" in lire(suivie)


def test_une_personne_hors_de_l_equipe_n_est_pas_menee_en_rond(client):
    entrer(client, f.personne().email)
    assert client.get("/admin/", follow=True).status_code == 403


def test_sans_exigence_le_mot_de_passe_suffit_a_l_equipe(client, membre, settings):
    settings.MFA_EXIGEE = False
    entrer(client, membre.email)
    page = lire(client.get("/admin/"))
    assert "Baromètre numérique" in page
    assert "Administration" in page


def test_l_administration_ne_montre_pas_les_tables_qui_ne_servent_pas():
    montrees = {modele._meta.app_label for modele in admin.site._registry}
    assert "organisations" in montrees
    assert not montrees & {"account", "mfa", "socialaccount"}


def test_avec_son_code_l_equipe_entre_et_la_cle_de_seance_change(client, membre):
    equiper(membre)
    assert entrer(client, membre.email, suite="/admin/").headers["Location"] == CODE
    assert client.get("/compte/").status_code == 302
    avant = client.session.session_key
    assert prouver(client, f" {code()[:3]} {code()[3:]} ").headers["Location"] == "/admin/"
    assert client.session.session_key != avant
    assert client.get("/admin/").status_code == 200


def test_un_code_ne_sert_pas_deux_fois(client, membre):
    equiper(membre)
    servi = code()
    entrer(client, membre.email)
    prouver(client, servi)
    client.post("/compte/deconnexion/")
    entrer(client, membre.email)
    refus = prouver(client, servi)
    assert refus.status_code == 400
    assert "il a déjà servi" in lire(refus)


def test_deviner_six_chiffres_est_borne(client, membre, monkeypatch):
    essayes = []
    monkeypatch.setattr(totp, "validate_totp_code", lambda secret, tape: essayes.append(tape))
    equiper(membre)
    entrer(client, membre.email)
    for n in range(100):
        prouver(client, f"{n:06}")
    assert len(essayes) == 5
    refus = prouver(client, code())
    assert (refus.status_code, refus.headers["Retry-After"]) == (429, "60")
    assert "Trop d'essais. Attendez une minute, puis recommencez." in lire(refus)


def test_apres_une_minute_le_bon_code_entre(client, membre, monkeypatch):
    equiper(membre)
    entrer(client, membre.email)
    for n in range(20):
        prouver(client, f"{n:06}")
    plus_tard = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: plus_tard)
    assert prouver(client, code()).headers["Location"] == "/admin/"


def test_un_poste_qui_s_acharne_n_empeche_pas_la_personne_d_entrer_d_un_autre(client, membre, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    equiper(membre)
    entrer(client, membre.email)
    for n in range(20):
        client.post(CODE, {"code": f"{n:06}"}, headers={"X-Forwarded-For": "10.0.0.1"})
    bon = client.post(CODE, {"code": code()}, headers={"X-Forwarded-For": "10.0.0.2"})
    assert bon.headers["Location"] == "/admin/"


def test_des_codes_justes_n_epuisent_pas_les_essais_d_un_poste(client):
    for _ in range(7):
        membre = f.personne(is_staff=True)
        equiper(membre)
        entrer(client, membre.email)
        assert prouver(client, code()).headers["Location"] == "/admin/"
        client.post("/compte/deconnexion/")


def test_deviner_depuis_mille_postes_est_borne_a_la_minute(client, membre, monkeypatch, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed": "10/m/ip,1000/m/key"}
    essayes = []
    monkeypatch.setattr(totp, "validate_totp_code", lambda secret, tape: essayes.append(tape))
    equiper(membre)
    entrer(client, membre.email, headers={"X-Forwarded-For": "10.0.0.1"})
    for n in range(60):
        client.post(CODE, {"code": f"{n:06}"}, headers={"X-Forwarded-For": f"10.0.1.{n}"})
    assert len(essayes) == 10


def test_un_code_de_secours_sert_une_seule_fois(client, membre):
    secours = equiper(membre)[0]
    for attendu in (302, 400):
        entrer(client, membre.email)
        assert prouver(client, secours).status_code == attendu
        client.post("/compte/deconnexion/")


def test_les_secrets_sont_chiffres_et_suivent_un_changement_de_cle(membre, settings):
    codes = equiper(membre)
    stocke = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in stocke
    assert not [c for c in codes if c in stocke]
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "une-autre-cle"
    de_secours = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap()
    assert de_secours.generate_codes() == codes


def test_choisir_un_autre_mot_de_passe_ne_contourne_pas_le_facteur(client, membre):
    equiper(membre)
    client.post("/compte/mot-de-passe/oublie/", {"email": membre.email})
    lien = re.search(r"http://127\.0\.0\.1:8000(\S+)", mail.outbox[-1].body)[1]
    formulaire = client.get(lien, follow=True).redirect_chain[-1][0]
    client.post(formulaire, {"password1": "des mots sans rapport", "password2": "des mots sans rapport"})
    assert client.get("/compte/").status_code == 302
    assert entrer(client, membre.email, "des mots sans rapport").headers["Location"] == CODE


def test_on_active_une_application_apres_avoir_redit_son_mot_de_passe(client, membre):
    entrer(client, membre.email)
    activer = "/compte/deuxieme-facteur/application/activer/"
    assert client.get(activer).headers["Location"].startswith("/compte/reauthentification/")
    confirmer(client, activer)
    page = lire(client.get(activer))
    assert '<div class="qr" role="img" aria-label="Code QR. La clé en texte est plus bas."><svg' in re.sub(
        r">\s+<", "><", page
    )
    assert "data:" not in page
    assert 'inputmode="numeric"' in page
    assert 'autocomplete="one-time-code"' in page
    secret = client.session["mfa.totp.secret"]
    assert client.post(activer, {"code": "non"}).status_code == 400
    assert f"<code>{secret}</code>" in page
    juste = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    assert client.post(activer, {"code": juste}).headers["Location"] == "/compte/deuxieme-facteur/secours/"
    assert Authenticator.objects.filter(user=membre).count() == 2


@pytest.mark.django_db(transaction=True)
def test_l_activation_se_dit_par_courriel(client, membre):
    client.force_login(membre)
    activer = "/compte/deuxieme-facteur/application/activer/"
    confirmer(client, activer)
    client.get(activer)
    secret = client.session["mfa.totp.secret"]
    juste = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    client.post(activer, {"code": juste})
    (avis,) = mail.outbox
    assert (avis.to, avis.subject) == ([membre.email], "Un changement à votre compte")
    assert "L'application d'authentification est activée." in avis.body
    assert avis.content_subtype == "plain"


def test_toutes_les_pages_du_facteur_se_lisent_en_francais(client, membre):
    equiper(membre)
    client.force_login(membre)
    confirmer(client, "/compte/")
    lues = {
        "": "Deuxième facteur",
        "de-nouveau/": "Confirmer que c'est vous",
        "application/desactiver/": "Désactiver l'application",
        "secours/": "Codes de secours",
        "secours/regenerer/": "Nouveaux codes de secours",
        "cles/": "Clés d'accès",
        "cles/ajouter/": "Ajouter une clé d'accès",
    }
    for fin, titre in lues.items():
        reponse = client.get(f"/compte/deuxieme-facteur/{fin}")
        assert (reponse.status_code, reponse.headers["Cache-Control"]) == (200, "no-store"), fin
        assert f"<h1>{titre}</h1>" in lire(reponse), fin
    telecharges = client.get("/compte/deuxieme-facteur/secours/telecharger/")
    assert telecharges.headers["Content-Disposition"].startswith("attachment")
    assert len(telecharges.content.split()) == 10


def test_une_cle_d_acces_se_propose_des_la_connexion_par_les_scripts_du_paquet(client):
    page = lire(client.get("/compte/connexion/"))
    scripts = re.findall(r'<script defer src="/static/(\S+)"', page)
    assert scripts == ["mfa/js/webauthn-json.js", "mfa/js/webauthn.js", "cles.js"]
    assert (Path(allauth.mfa.__file__).parent / "static" / scripts[0]).exists()
    options = client.get("/compte/connexion/cle/", headers={"Accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["userVerification"] == "required"


def test_une_fausse_cle_d_acces_ne_s_ajoute_pas(client, membre):
    client.force_login(membre)
    confirmer(client, "/compte/")
    refus = client.post("/compte/deuxieme-facteur/cles/ajouter/", {"name": "Clé", "credential": '{"id": "x"}'})
    assert refus.status_code == 400
    assert "Cette clé d'accès n'a pas été reconnue." in lire(refus)
    assert not Authenticator.objects.exists()


def test_une_fausse_cle_d_acces_n_entre_pas(client):
    client.get("/compte/connexion/cle/", headers={"Accept": "application/json"})
    for faux in ("{}", "[]", "pas du json", '{"id": "x", "response": {"userHandle": null}}'):
        reponse = client.post("/compte/connexion/cle/", {"credential": faux})
        assert reponse.headers["Location"] == "/compte/connexion/", faux
    assert client.get("/compte/").status_code == 302
