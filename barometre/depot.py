"""Où vivent les dossiers des éditions, sous `MEDIA_ROOT/editions/`, et lequel est le plus récent.

Un dossier apparaît entier (écrit à côté, puis renommé). `derniere.json` désigne l'édition courante: les pages le
lisent avant toute requête.
"""

import contextlib
import datetime
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from django.conf import settings


def racine() -> Path:
    """Le dossier de tous les dossiers."""
    return Path(settings.MEDIA_ROOT) / "editions"


def dossier(code: str) -> Path:
    """Le dossier d'une édition."""
    return racine() / code


def deposer(code: str, fichiers: Mapping[str, bytes]) -> None:
    """Écrit le dossier d'une édition d'un seul coup; celui d'une publication interrompue est remplacé."""
    racine().mkdir(parents=True, exist_ok=True)
    provisoire = Path(tempfile.mkdtemp(prefix=f".{code}-", dir=racine()))
    try:
        for nom, octets in fichiers.items():
            _ecrire(provisoire / nom, octets)
        provisoire.chmod(0o755)
        retirer(code)
        provisoire.rename(dossier(code))
    except BaseException:
        shutil.rmtree(provisoire, ignore_errors=True)
        raise
    _synchroniser(racine())


def retirer(code: str) -> None:
    """Efface le dossier d'une édition qui n'a pas été publiée."""
    if dossier(code).exists():
        shutil.rmtree(dossier(code))


def lire(code: str, nom: str) -> bytes:
    """Un fichier d'une édition; lève `OSError` s'il manque."""
    return (dossier(code) / nom).read_bytes()


class Designee(NamedTuple):
    """L'édition la plus récente, telle que `derniere.json` la nomme."""

    code: str
    empreinte: str
    fictive: bool
    prochaine: str = ""  # le jour annoncé de l'édition suivante

    def annonce_au(self, jour: datetime.date) -> str:
        """Le jour annoncé de l'édition suivante, tant qu'il n'est pas passé."""
        return self.prochaine if self.prochaine >= jour.isoformat() else ""


def designer(code: str, empreinte: str, *, fictive: bool, prochaine: str = "") -> None:
    """Fait de cette édition la plus récente aux yeux des pages."""
    provisoire = racine() / f".derniere-{code}"
    _ecrire(provisoire, json.dumps(Designee(code, empreinte, fictive, prochaine)._asdict()).encode())
    provisoire.replace(racine() / "derniere.json")


def designee() -> Designee | None:
    """L'édition la plus récente, ou rien si aucune n'est désignée ou si le fichier est abîmé."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        lue = Designee(**json.loads((racine() / "derniere.json").read_bytes()))
        textes = (lue.code, lue.empreinte, lue.prochaine)
        return lue if all(isinstance(texte, str) for texte in textes) else None
    return None


def dossiers() -> set[str]:
    """Les codes de tous les dossiers présents."""
    return {d.name for d in racine().glob("[!.]*") if d.is_dir()}


def _ecrire(chemin: Path, octets: bytes) -> None:
    with chemin.open("wb") as fichier:
        fichier.write(octets)
        fichier.flush()
        os.fsync(fichier.fileno())


def _synchroniser(chemin: Path) -> None:
    descripteur = os.open(chemin, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)
