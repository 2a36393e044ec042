"""L'empreinte du code en service: avec celle de l'édition, elle fait l'ETag de chaque page publique."""

import hashlib
from pathlib import Path

SUFFIXES = {".py", ".html", ".css", ".js", ".svg", ".txt", ".xml"}
DOSSIERS = ("barometre", "indicateurs", "organisations", "templates", "static")


def empreinte_du_code(racine: Path) -> str:
    """12 chiffres hexadécimaux tirés du contenu des sources: deux serveurs du même code donnent le même ETag."""
    somme = hashlib.sha256((racine / "requirements.txt").read_bytes())
    for chemin in sorted(p for d in DOSSIERS for p in (racine / d).rglob("*") if p.suffix in SUFFIXES):
        somme.update(chemin.relative_to(racine).as_posix().encode())
        somme.update(chemin.read_bytes())
    return somme.hexdigest()[:12]
