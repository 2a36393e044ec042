"""Le fichier de plotly, servi depuis le paquet installé: ni copié dans le dépôt, ni demandé à un autre hôte."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import FileSystemStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from indicateurs import mots

NOM = "plotly.min.js"
EMPREINTE = re.compile(r"\.[0-9a-f]{12}\.")


def dossier() -> Path:
    """Où le paquet range son fichier; le paquet lui-même ne s'importe pas, il est lourd."""
    return Path(str(distribution("plotly").locate_file("plotly/package_data")))


class DePlotly(BaseFinder):
    """Trouve ce seul fichier, et rien d'autre du paquet."""

    def check(self, **kwargs: Any) -> list:
        """Il n'a rien à régler."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Le fichier, si c'est lui qu'on cherche."""
        trouves = [str(dossier() / NOM)] if path == NOM else []
        return trouves if find_all else trouves[0] if trouves else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Le fichier, et d'où `collectstatic` le copie."""
        yield NOM, FileSystemStorage(location=dossier())


class Rangement(CompressedManifestStaticFilesStorage):
    """Celui de WhiteNoise, sans le travail inutile: brotli met plus de dix secondes sur plotly."""

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Ne comprime ni ce qui l'est déjà, ni le fichier sans empreinte de plotly, qu'aucune page ne demande."""
        return super().compress_files([p for p in paths if p != NOM and not self._est_comprime(p)])

    def _est_comprime(self, chemin: str) -> bool:
        """Un nom qui porte une empreinte ne change jamais de contenu; le .gz est écrit le dernier."""
        return bool(EMPREINTE.search(chemin)) and Path(f"{self.path(chemin)}.gz").exists()


def poids() -> str:
    """« 1,1 Mo »: ce que pèse le fichier tel qu'il est servi."""
    return mots.taille(_octets())


@cache
def _octets() -> int:
    """Compressé, si `collectstatic` l'a fait."""
    servi = Path(settings.STATIC_ROOT) / staticfiles_storage.url(NOM).removeprefix(settings.STATIC_URL)
    comprime = Path(f"{servi}.br")
    return (comprime if comprime.exists() else dossier() / NOM).stat().st_size
