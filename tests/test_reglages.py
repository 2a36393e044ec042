"""Un réglage qui manque ou qui est mal formé donne une phrase, jamais une trace."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parent.parent


def gerer(tmp_path, **environnement: str) -> subprocess.CompletedProcess:
    """`manage.py check` avec cet environnement seul, dans une copie sans `.env`."""
    propre = {"PATH": os.environ["PATH"], "STATIC_ROOT": str(tmp_path), "MEDIA_ROOT": str(tmp_path)}
    amorce = (
        "import environ, sys; environ.Env.read_env = lambda *a, **k: None; "
        "import runpy; sys.argv = ['manage.py', 'check']; runpy.run_path('manage.py', run_name='__main__')"
    )
    return subprocess.run(
        [sys.executable, "-c", amorce], cwd=RACINE, env={**propre, **environnement}, capture_output=True, text=True
    )


def test_sans_cle_une_phrase_dit_laquelle_et_comment_la_poser(tmp_path):
    sortie = gerer(tmp_path)
    assert sortie.returncode == 1
    assert "SECRET_KEY manque" in sortie.stderr
    assert "make installer" in sortie.stderr
    assert "Traceback" not in sortie.stderr


@pytest.mark.parametrize(
    ("nom", "valeur"),
    [
        ("DATABASE_URL", "n'importe quoi"),
        ("CACHE_URL", "telepathie://"),
        ("HTTPS", "peut-être"),
        ("HORLOGE", "hier"),
        ("HORLOGE", "2023-08-04T14:00:00"),  # sans fuseau, ce n'est pas un instant
        ("MFA_EXIGEE", "oui"),
        ("SEANCE_INACTIVITE", "une heure"),
        ("EMAIL_URL", "pigeon://"),
        ("ADRESSE_DU_SITE", "barometre.exemple.quebec"),
        ("ADRESSE_DU_SITE", "ftp://barometre.exemple.quebec"),
        ("ADRESSE_DU_SITE", "https://"),
        ("DERRIERE_UN_MANDATAIRE", "oui"),
    ],
)
def test_un_reglage_mal_forme_dit_ce_qui_est_attendu(tmp_path, nom, valeur):
    sortie = gerer(tmp_path, SECRET_KEY="x", **{nom: valeur})
    assert sortie.returncode == 1
    assert f"{nom} est mal formé. Attendu" in sortie.stderr
    assert "Traceback" not in sortie.stderr


@pytest.mark.parametrize(
    ("poses", "manque"),
    [
        ({"OIDC_CLIENT": "barometre"}, "OIDC_SECRET"),
        ({"OIDC_CLIENT": "barometre", "OIDC_SECRET": ""}, "OIDC_SECRET"),
        ({"OIDC_CLIENT": "barometre", "OIDC_SECRET": "s"}, "OIDC_SERVEUR"),
    ],
)
def test_un_fournisseur_a_moitie_pose_dit_ce_qui_manque(tmp_path, poses, manque):
    sortie = gerer(tmp_path, SECRET_KEY="x", **poses)
    assert sortie.returncode == 1
    assert f"{manque} manque." in sortie.stderr
    assert "Traceback" not in sortie.stderr


def test_un_reglage_vide_est_un_reglage_absent(tmp_path):
    vides = ["DATABASE_URL", "CACHE_URL", "HTTPS", "HORLOGE", "MFA_EXIGEE", "SEANCE_INACTIVITE", "EMAIL_URL"]
    vides += ["ADRESSE_DU_SITE", "DERRIERE_UN_MANDATAIRE", "OIDC_CLIENT", "OIDC_SECRET", "OIDC_SERVEUR"]
    assert gerer(tmp_path, SECRET_KEY="x", **dict.fromkeys(vides, "")).returncode == 0


def tient(*faits: str, **environnement: str) -> None:
    """Les réglages, lus dans cet environnement seul, rendent ces faits vrais."""
    amorce = (
        "import datetime, environ; environ.Env.read_env = lambda *a, **k: None\nfrom barometre import settings as s\n"
    )
    propre = {"PATH": os.environ["PATH"], "SECRET_KEY": "x"}
    ordres = amorce + "".join(f"assert {fait}\n" for fait in faits)
    lu = subprocess.run(
        [sys.executable, "-c", ordres], cwd=RACINE, env={**propre, **environnement}, capture_output=True, text=True
    )
    assert lu.returncode == 0, lu.stderr


def test_par_defaut_le_site_est_ferme():
    tient(
        "s.SECURE_SSL_REDIRECT and s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE and not s.DEBUG",
        "s.SESSION_COOKIE_NAME.startswith('__Host-') and s.SECURE_HSTS_SECONDS >= 31536000",
        "'unsafe' not in str(s.CONTENT_SECURITY_POLICY)",
        "s.MFA_EXIGEE is True and s.SEANCE_INACTIVITE == 3600 and s.HORLOGE is None",
        # sans mandataire déclaré, personne n'est cru sur son adresse ni sur son HTTPS
        "s.ALLAUTH_TRUSTED_PROXY_COUNT == 0 and not hasattr(s, 'SECURE_PROXY_SSL_HEADER')",
        "s.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS'] == []",
        "s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'] == [\"'self'\"]",
        # un courriel n'est jamais écrit à la console
        "s.EMAIL_BACKEND.endswith('filebased.EmailBackend') and s.EMAIL_FILE_PATH.endswith('/var/courriels')",
    )


def test_chaque_reglage_bien_forme_est_pris():
    tient(
        "s.HORLOGE == datetime.datetime(2023, 8, 4, 14, tzinfo=datetime.UTC)",
        "s.MFA_EXIGEE is False and s.SEANCE_INACTIVITE == 900",
        "s.EMAIL_BACKEND.endswith('smtp.EmailBackend') and s.EMAIL_USE_TLS is True",
        "(s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_HOST_USER, s.EMAIL_HOST_PASSWORD) == ('hote', 587, 'nom', 'se/cret')",
        "s.ADRESSE_DU_SITE == 'https://barometre.exemple.quebec'",  # sans chemin: les liens y ajoutent le leur
        "s.ALLAUTH_TRUSTED_PROXY_COUNT == 2",
        "s.SECURE_PROXY_SSL_HEADER == ('HTTP_X_FORWARDED_PROTO', 'https')",
        HORLOGE="2023-08-04T10:00:00-04:00",
        MFA_EXIGEE="0",
        SEANCE_INACTIVITE="15",
        EMAIL_URL="smtp+tls://nom:se%2Fcret@hote:587",
        ADRESSE_DU_SITE="https://barometre.exemple.quebec/",
        DERRIERE_UN_MANDATAIRE="2",
    )


def test_un_fournisseur_pose_est_le_seul_autre_ou_mene_un_formulaire():
    tient(
        "len(apps := s.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS']) == 1 and (app := apps[0])",
        "(app['client_id'], app['secret'], app['name']) == ('barometre', 's', 'mon ministère')",
        "app['settings'] == {'server_url': 'https://connexion.exemple.quebec/realms/etat'}",
        "s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'][1:] == ['https://connexion.exemple.quebec']",
        OIDC_CLIENT="barometre",
        OIDC_SECRET="s",
        OIDC_NOM="mon ministère",
        OIDC_SERVEUR="https://connexion.exemple.quebec/realms/etat",
    )
