"""L'accusé d'une transmission: un texte que chacun peut vérifier avec `sha256sum`. Pur: ignore Django."""

import datetime
import hashlib
import json
from collections.abc import Mapping
from typing import Any


def texte(sigle: str, trimestre: str, version: int, le: datetime.datetime, reponses: Mapping[str, Mapping]) -> str:
    """Ce qui fut transmis, quand, une ligne de JSON par indicateur, rangé par code; l'heure est en UTC."""
    entete: dict[str, Any] = {
        "organisation": sigle,
        "trimestre": trimestre,
        "version": version,
        "transmis_le": le.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
    }
    lignes = [entete, *({"indicateur": code} | dict(reponses[code]) for code in sorted(reponses))]
    return "".join(json.dumps(ligne, ensure_ascii=False) + "\n" for ligne in lignes)


def empreinte(accuse: str) -> str:
    """Le SHA-256 du texte, en hexadécimal."""
    return hashlib.sha256(accuse.encode()).hexdigest()
