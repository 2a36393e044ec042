"""Les fichiers que les tests de lecture écrivent; la personne et l'organisation des tests de l'espace."""

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from indicateurs import classeur as module
from indicateurs.lecture import Lecture, lire
from tests import fabrique as f
from tests.indicateurs.espace import CODE, JOUR, entree


@pytest.fixture
def fichier_lu(tmp_path):
    """Écrit un fichier à partir d'octets, d'un texte ou de lignes, et le lit."""

    def ecrire_et_lire(contenu: bytes | str | list[str], encodage: str = "utf-8") -> Lecture:
        texte = "\n".join(contenu) if isinstance(contenu, list) else contenu
        chemin = tmp_path / "valeurs.csv"
        chemin.write_bytes(texte if isinstance(texte, bytes) else texte.encode(encodage))
        return lire(chemin)

    return ecrire_et_lire


@pytest.fixture
def archive(tmp_path):
    """Écrit une archive à partir de ses parties."""

    def ecrire(contenu: dict[str, str | bytes], methode: int = zipfile.ZIP_DEFLATED) -> Path:
        chemin = tmp_path / "classeur.xlsx"
        with zipfile.ZipFile(chemin, "w", methode) as zip_:
            for nom, partie in contenu.items():
                zip_.writestr(nom, partie)
        return chemin

    return ecrire


@pytest.fixture
def tableau(tmp_path):
    """Écrit un vrai classeur à partir de ses rangées."""

    def ecrire(*rangees) -> Path:
        classeur = Workbook()
        for rangee in rangees:
            classeur.active.append(rangee)
        classeur.save(tmp_path / "classeur.xlsx")
        return tmp_path / "classeur.xlsx"

    return ecrire


@pytest.fixture
def sans_enfant(monkeypatch):
    """Le refus vient avant toute analyse: aucun processus enfant n'est lancé."""

    def interdit(*args, **options):
        raise AssertionError("un processus enfant a été lancé")

    monkeypatch.setattr(module.subprocess, "run", interdit)


@pytest.fixture
def horloge(settings):
    """Le jour où l'on agit."""
    settings.HORLOGE = JOUR


@pytest.fixture
def ici(horloge):
    """Une organisation qui doit deux indicateurs au 2e trimestre de 2023."""
    f.trimestre(CODE)
    f.indicateur("papier", ordre=1)
    f.indicateur("ouvert", ordre=2)
    return f.organisation("RAMQ")


@pytest.fixture
def personne(ici):
    """Qui transmet pour elle."""
    return f.declarant(ici)


@pytest.fixture
def moi(personne):
    """Son navigateur."""
    return entree(personne)
