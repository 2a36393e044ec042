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
    [("DATABASE_URL", "n'importe quoi"), ("CACHE_URL", "telepathie://"), ("HTTPS", "peut-être")],
)
def test_un_reglage_mal_forme_dit_ce_qui_est_attendu(tmp_path, nom, valeur):
    sortie = gerer(tmp_path, SECRET_KEY="x", **{nom: valeur})
    assert sortie.returncode == 1
    assert f"{nom} est mal formé. Attendu" in sortie.stderr
    assert "Traceback" not in sortie.stderr


def test_un_reglage_vide_est_un_reglage_absent(tmp_path):
    assert gerer(tmp_path, SECRET_KEY="x", DATABASE_URL="", CACHE_URL="", HTTPS="").returncode == 0


def test_par_defaut_le_site_est_ferme():
    lu = subprocess.run(
        [
            sys.executable,
            "-c",
            "import environ; environ.Env.read_env = lambda *a, **k: None\n"
            "from barometre import settings as s\n"
            "assert s.SECURE_SSL_REDIRECT and s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE and not s.DEBUG\n"
            "assert s.SESSION_COOKIE_NAME.startswith('__Host-') and s.SECURE_HSTS_SECONDS >= 31536000\n"
            "assert 'unsafe' not in str(s.CONTENT_SECURITY_POLICY)\n",
        ],
        cwd=RACINE,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": "x"},
        capture_output=True,
        text=True,
    )
    assert lu.returncode == 0, lu.stderr
