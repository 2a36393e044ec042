"""Un lieu où vit un site entier: sa base, ses fichiers, son serveur. Sur la base que la suite éprouve."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg2
from django.db import connection

RACINE = Path(__file__).resolve().parents[2]
PENDANT, APRES = "2023-08-04T14:00:00+00:00", "2023-09-20T14:00:00+00:00"  # l'échéance est le 14 août


@dataclass
class Lieu:
    """Une base et des dossiers; `copier` en fait un autre, où l'on peut tout changer."""

    dossier: Path
    base: str  # le nom d'une base PostgreSQL; vide pour un fichier SQLite

    @classmethod
    def neuf(cls, dossier: Path) -> "Lieu":
        """Un lieu vide."""
        lieu = cls(dossier, "")
        if connection.vendor == "postgresql":
            lieu.base = f"parcours_{uuid4().hex[:12]}"
            _administrer(f"CREATE DATABASE {lieu.base}")
        return lieu

    @property
    def environnement(self) -> dict[str, str]:
        """Celui d'un site de production, sauf HTTPS."""
        adresse = f"sqlite:///{self.dossier / 'base.sqlite3'}"
        if self.base:
            p = connection.settings_dict
            adresse = f"postgres://{p['USER']}:{p['PASSWORD']}@{p['HOST']}:{p['PORT'] or 5432}/{self.base}"
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "barometre.settings",
            "DATABASE_URL": adresse,
            "CACHE_URL": "locmemcache://",
            "EMAIL_URL": f"filemail:///{self.dossier / 'courriels'}",
            "MEDIA_ROOT": str(self.dossier / "media"),
            "STATIC_ROOT": str(self.dossier / "static"),
            "HTTPS": "0",
        }

    def gerer(self, *commande: str) -> str:
        """Ce qu'écrit une commande de `manage.py`."""
        faite = subprocess.run(
            [sys.executable, "manage.py", *commande],
            cwd=RACINE,
            env=self.environnement,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return faite.stdout

    def copier(self, dossier: Path) -> "Lieu":
        """Le même, ailleurs."""
        shutil.copytree(self.dossier, dossier, dirs_exist_ok=True)
        copie = Lieu(dossier, self.base and f"parcours_{uuid4().hex[:12]}")
        if self.base:
            _administrer(f"CREATE DATABASE {copie.base} TEMPLATE {self.base}")
        return copie

    def retirer(self) -> None:
        """Rend la base PostgreSQL; les dossiers temporaires s'en vont seuls."""
        if self.base:
            _administrer(f"DROP DATABASE {self.base} WITH (FORCE)")

    @property
    def courriels(self) -> list[str]:
        """Les courriels partis, dans l'ordre."""
        fichiers = sorted((self.dossier / "courriels").glob("*.log"), key=lambda fichier: fichier.stat().st_mtime)
        return [fichier.read_text() for fichier in fichiers]

    @contextmanager
    def servir(self, **reglages: str) -> Iterator[str]:
        """L'adresse d'un serveur granian, le temps d'un bloc."""
        port = _port_libre()
        granian = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1"]
        options = ["--port", str(port), "--blocking-threads", "4", "--log-level", "error", "barometre.wsgi:application"]
        environnement = {**self.environnement, "ADRESSE_DU_SITE": f"http://127.0.0.1:{port}", **reglages}
        serveur = subprocess.Popen([*granian, *options], cwd=RACINE, env=environnement)
        try:
            yield _attendre(f"http://127.0.0.1:{port}")
        finally:
            serveur.terminate()
            serveur.wait(timeout=10)


def _administrer(ordre: str) -> None:
    p = connection.settings_dict
    acces = {"user": p["USER"], "password": p["PASSWORD"], "host": p["HOST"], "port": p["PORT"] or 5432}
    ailleurs = psycopg2.connect(dbname="postgres", **acces)
    ailleurs.autocommit = True
    with ailleurs.cursor() as curseur:
        curseur.execute(ordre)
    ailleurs.close()


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


def _attendre(adresse: str) -> str:
    """L'adresse, une fois que le serveur y répond."""
    for _ in range(300):
        try:
            urllib.request.urlopen(adresse, timeout=20).close()  # noqa: S310
        except OSError:  # refusée, coupée, ou trop lente sur une machine occupée
            time.sleep(0.1)
        else:
            return adresse
    raise TimeoutError(f"Le serveur ne répond pas à {adresse}.")
