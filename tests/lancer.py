"""Ce que lance `make test`: le style et les contrats, puis toute la suite, sur SQLite et sur PostgreSQL.

Chaque partie que la machine ne permet pas est nommée à la fin, sur une ligne; avec EXIGER=tout, c'est un échec.
`make epreuves` (EPREUVES=nuit) ne lance que les épreuves dont le volume change, au leur.
"""

import os
import subprocess
import sys
from pathlib import Path
from shutil import which

import psycopg2
import redis
from volume import NUIT

RACINE = Path(__file__).resolve().parent.parent
REDIS = os.environ.get("CACHE_URL", "redis://127.0.0.1:6379/0")


def postgresql() -> str:
    """L'adresse d'un PostgreSQL qui répond: celle de DATABASE_URL, sinon un serveur local; vide s'il n'y en a pas."""
    voulue = os.environ.get("DATABASE_URL", "")
    locales = [f"postgres://{qui}@127.0.0.1:5432/barometre" for qui in ("root", "postgres")]
    for adresse in [voulue] if voulue.startswith("postgres") else locales:
        try:
            psycopg2.connect(adresse.rsplit("/", 1)[0] + "/postgres", connect_timeout=3).close()
        except psycopg2.OperationalError:
            continue
        return adresse
    return ""


def redis_repond() -> bool:
    """Un Redis répond-il à l'adresse de CACHE_URL, ou en local?"""
    try:
        return bool(redis.Redis.from_url(REDIS, socket_connect_timeout=3).ping())
    except redis.RedisError:
        return False


def absences() -> list[str]:
    """Les parties de la suite que cette machine ne permet pas."""
    presentes = {
        "PostgreSQL": bool(postgresql()),
        "Redis": redis_repond(),
        "Chromium": bool(which("chromium")),
        "Java (validation du HTML)": bool(which("java")),
        "LibreOffice": bool(which("soffice")),
        "sha256sum": bool(which("sha256sum")),
        "poppler (pdftotext)": bool(which("pdftotext")),
        "données réelles (../shared/donnees)": (RACINE.parent / "shared" / "donnees").is_dir(),
    }
    return [partie for partie, presente in presentes.items() if not presente]


def lancer(titre: str, commande: list[str], **environnement: str) -> bool:
    """Lance une étape et dit si elle a réussi."""
    print(f"\n=== {titre} ===", flush=True)
    return subprocess.run(commande, cwd=RACINE, env={**os.environ, **environnement}).returncode == 0


def main() -> int:
    """Toutes les étapes, même après un échec: la personne voit tout d'un coup."""
    laisse = absences()
    choix = ["epreuve"] if NUIT else []
    pytest = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder"]
    etapes = [
        lancer("Style, types, architecture", ["make", "--no-print-directory", "verifier"]),
        lancer("Tests sur SQLite", [*pytest, "-m", " and ".join(choix)], DATABASE_URL="", CACHE_URL=""),
    ]
    if "PostgreSQL" not in laisse:
        cache = "" if "Redis" in laisse else REDIS
        choix += ["not apparence", "not sans_base"]  # déjà éprouvés, et les mêmes sur toute base
        autres = [*pytest, "-m", " and ".join(choix)]
        etapes.append(lancer("Tests sur PostgreSQL", autres, DATABASE_URL=postgresql(), CACHE_URL=cache))
    print(f"\nLaissé de côté: {', '.join(laisse) or 'rien'}.")
    if laisse and os.environ.get("EXIGER") == "tout":
        print("EXIGER=tout: une partie laissée de côté est un échec.")
        return 1
    return 0 if all(etapes) else 1


if __name__ == "__main__":
    sys.exit(main())
