"""Ce que tous les tests partagent."""

from pathlib import Path
from shutil import which
from uuid import uuid4

import pytest
from django.conf import settings as reglages
from django.core.cache import caches
from django.db import connection

from barometre.declencheurs import DECLENCHEURS as DU_BAROMETRE
from indicateurs.declencheurs import DECLENCHEURS as DES_INDICATEURS
from organisations.declencheurs import DECLENCHEURS as DES_ORGANISATIONS
from organisations.declencheurs import lever
from tests.volume import GRAINE, NUIT

MANQUE = {
    "postgres": lambda: "" if connection.vendor == "postgresql" else "demande PostgreSQL",
    "redis": lambda: "" if "redis" in reglages.CACHES["default"]["BACKEND"].lower() else "demande Redis (CACHE_URL)",
    "navigateur": lambda: "" if which("chromium") else "demande Chromium",
    "libreoffice": lambda: "" if which("soffice") else "demande LibreOffice",
    "java": lambda: "" if which("java") else "demande Java",
    "poppler": lambda: "" if which("pdftotext") else "demande pdftotext (poppler-utils)",
    "nuit": lambda: "" if NUIT else "ne tourne que la nuit (make epreuves)",
    "donnees": lambda: "" if DONNEES.is_dir() else "demande les données réelles de ../shared/donnees",
}
DONNEES = Path(__file__).resolve().parents[2] / "shared" / "donnees"
OUVRENT_LA_BASE = {"db", "transactional_db", "live_server", "monde"}
TOUS_LES_DECLENCHEURS = [*DU_BAROMETRE, *DES_INDICATEURS, *DES_ORGANISATIONS]


def pytest_report_header():
    """De quoi refaire le même tirage."""
    return f"épreuves: volume {'de la nuit' if NUIT else 'du commit'}, GRAINE={GRAINE}"


def pytest_itemcollected(item):
    """Un navigateur passe après tous les tests à base, que sa boucle d'événements leur ferme.

    Un test dont un paramètre s'appelle `page` passerait pour l'un d'eux et les ferait tous remonter: il le dit ici.
    Celui qui n'ouvre ni base ni cache est le même partout: il est marqué, et ne se refait pas.
    """
    parametres = item.callspec.params if hasattr(item, "callspec") else {}
    if "browser_name" in parametres and not item.get_closest_marker("navigateur"):
        raise pytest.UsageError(f"{item.nodeid}: `page` et `browser` sont des noms du navigateur; un autre nom ici.")
    marques = {marque.name for marque in item.iter_markers()}
    if not marques & {"django_db", "postgres", "redis"} and not OUVRENT_LA_BASE & set(item.fixturenames):
        item.add_marker("sans_base")


def pytest_runtest_setup(item):
    """Un test qui demande ce que la machine n'a pas est laissé de côté, avec sa raison."""
    for marque, manque in MANQUE.items():
        if item.get_closest_marker(marque) and (raison := manque()):
            pytest.skip(raison)


@pytest.fixture(autouse=True)
def lieu_propre(settings, tmp_path, monkeypatch):
    """Chaque test a son dossier d'éditions et un cache vide: un préfixe neuf, plutôt que vider un Redis partagé."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(caches["default"], "key_prefix", uuid4().hex)


@pytest.fixture(autouse=True)
def vidage_permis(request):
    """Un test à transactions réelles finit par vider les tables, ce que les déclencheurs refusent: on les lève avant.

    Le vidage les repose, par le signal `post_migrate` qu'il émet.
    """
    marque = request.node.get_closest_marker("django_db")
    if not (marque and marque.kwargs.get("transaction")) and not {"transactional_db", "live_server"} & set(
        request.fixturenames
    ):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    lever(connection, TOUS_LES_DECLENCHEURS)
