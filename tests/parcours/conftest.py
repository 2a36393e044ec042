"""Le site tel que `make demo` le sert: son monde d'exemple, son serveur, un vrai navigateur."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from shutil import which

import pytest

RACINE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Le Chromium de Debian, sans service de fond."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]
    return {**browser_type_launch_args, "executable_path": which("chromium"), "args": arguments}


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """L'adresse d'un serveur granian qui sert le monde d'exemple, sur une base SQLite neuve."""
    dossier = tmp_path_factory.mktemp("site")
    environnement = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "barometre.settings",
        "DATABASE_URL": f"sqlite:///{dossier / 'base.sqlite3'}",
        "CACHE_URL": "locmemcache://",
        "MEDIA_ROOT": str(dossier / "media"),
        "STATIC_ROOT": str(dossier / "static"),
        "HTTPS": "0",
    }
    for commande in (
        ["migrate", "--verbosity=0"],
        ["charger_exemple"],
        ["collectstatic", "--noinput", "--verbosity=0"],
    ):
        subprocess.run(
            [sys.executable, "manage.py", *commande],
            cwd=RACINE,
            env=environnement,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    port = port_libre()
    granian = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1"]
    options = ["--port", str(port), "--log-level", "error", "barometre.wsgi:application"]
    serveur = subprocess.Popen([*granian, *options], cwd=RACINE, env=environnement)
    try:
        yield attendre(f"http://127.0.0.1:{port}")
    finally:
        serveur.terminate()
        serveur.wait(timeout=10)


def attendre(adresse: str) -> str:
    """L'adresse, une fois que le serveur y répond."""
    for _ in range(150):
        try:
            urllib.request.urlopen(adresse, timeout=2).close()  # noqa: S310
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return adresse
    raise TimeoutError(f"Le serveur ne répond pas à {adresse}.")
