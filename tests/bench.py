"""`make bench`: combien de temps et de mémoire. Mesure et montre; ne juge pas, ces machines sont partagées.

Une base et un dossier neufs, un fichier de 100 000 lignes pour l'import, puis 320 organisations × 16 trimestres ×
4 indicateurs pour la publication et les pages.
"""

import csv
import gzip
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from lancer import RACINE, postgresql

ENTETE = ("organisation", "sigle", "trimestre", "indicateur", "numerateur", "denominateur")
BASE = "barometre_bench"


def ecrire(chemin: Path, organisations: int, trimestres: int, indicateurs: int) -> Path:
    """Un fichier de valeurs valides, toujours le même."""
    hasard = random.Random(2023)
    with chemin.open("w", newline="", encoding="utf-8") as flux:
        plume = csv.writer(flux)
        plume.writerow(ENTETE)
        for o in range(organisations):
            for t in range(trimestres):
                for i in range(indicateurs):
                    total = hasard.randint(1, 10**6)
                    code = f"{2019 + t // 4}-T{t % 4 + 1}"
                    plume.writerow([f"Organisme {o}", f"ORG-{o}", code, f"indic-{i}", hasard.randint(0, total), total])
    return chemin


def gerer(*arguments: str) -> tuple[float, int]:
    """Lance une commande; rend ses secondes et son pic de mémoire (Mio)."""
    debut = time.perf_counter()
    processus = subprocess.Popen([sys.executable, "manage.py", *arguments], cwd=RACINE, stdout=subprocess.DEVNULL)
    _, statut, usage = os.wait4(processus.pid, 0)
    if statut:
        sys.exit(f"{' '.join(arguments)} a échoué.")
    return time.perf_counter() - debut, usage.ru_maxrss // 1024


def base_neuve(dossier: Path) -> None:
    """Une base vide, migrée: PostgreSQL s'il répond, sinon SQLite."""
    if adresse := postgresql():
        serveur = adresse.rsplit("/", 1)[0]
        for ordre in (f"DROP DATABASE IF EXISTS {BASE}", f"CREATE DATABASE {BASE}"):
            subprocess.run(["psql", "-q", f"{serveur}/postgres", "-c", ordre], check=True)
        os.environ["DATABASE_URL"] = f"{serveur}/{BASE}"
    else:
        (dossier / "bench.sqlite3").unlink(missing_ok=True)
        os.environ["DATABASE_URL"] = f"sqlite:///{dossier / 'bench.sqlite3'}"
    os.environ["MEDIA_ROOT"] = str(dossier / "media")
    gerer("migrate", "--verbosity", "0")


def mesurer_les_pages() -> None:
    """Chaque page publique: requêtes, rendu à froid et à chaud (médianes), octets compressés."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    sys.path.insert(0, str(RACINE))
    media = os.environ["MEDIA_ROOT"]
    django.setup()
    from django.conf import settings
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.MEDIA_ROOT, settings.ALLOWED_HOSTS = media, ["*"]
    client = Client(headers={"Accept-Encoding": "gzip"})

    def chronometrer(adresse: str, *, froid: bool, fois: int = 15) -> float:
        durees = []
        for _ in range(fois):
            if froid:
                cache.clear()
            debut = time.perf_counter()
            client.get(adresse)
            durees.append((time.perf_counter() - debut) * 1000)
        return median(durees)

    for adresse in ("/", "/indicateurs/indic-0/", "/organisations/", "/organisations/org-7/", "/donnees/"):
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            reponse = client.get(adresse)
            combien = len(requetes)
        froid, chaud = chronometrer(adresse, froid=True), chronometrer(adresse, froid=False)
        print(
            f"{adresse:28} {reponse.status_code}, {combien} requêtes, à froid {froid:6.1f} ms, "
            f"à chaud {chaud:5.2f} ms, {len(reponse.content) / 1000:5.1f} ko compressés"
        )
    feuille = sum(len(gzip.compress(f.read_bytes())) for f in (RACINE / "static").rglob("*") if f.is_file())
    print(f"fichiers statiques: {feuille / 1000:.1f} ko compressés")


def main() -> None:
    """Toutes les mesures, l'une après l'autre."""
    os.environ.setdefault("SECRET_KEY", "cle-de-mesure")
    os.environ.setdefault("HTTPS", "0")
    with tempfile.TemporaryDirectory() as nom:
        dossier = Path(nom)
        base_neuve(dossier)
        secondes, memoire = gerer(
            "importer_valeurs", str(ecrire(dossier / "gros.csv", 1250, 20, 4)), "--creer", "--valider"
        )
        print(f"importer 100 000 lignes (--creer --valider): {secondes:.1f} s, {memoire} Mio au plus")
        base_neuve(dossier)
        gerer("importer_valeurs", str(ecrire(dossier / "moyen.csv", 320, 16, 4)), "--creer", "--valider")
        vide, _ = gerer("check")
        secondes, memoire = gerer("publier", "2022-T4")
        print(f"publier 320 × 16 × 4: {secondes:.1f} s, dont {vide:.1f} s de démarrage, {memoire} Mio au plus")
        mesurer_les_pages()
    print(f"pic de ce processus: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} Mio")


if __name__ == "__main__":
    main()
