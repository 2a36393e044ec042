"""Lire un classeur XLSX sans lui faire confiance.

Le répertoire de l'archive et les octets bruts sont examinés d'abord, sans analyser de XML; puis un processus enfant,
bridé en mémoire et en temps, lit la feuille et rend chaque rangée: son numéro, ses textes, ses cases refusées.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO
from unicodedata import combining, normalize

SIGNATURES_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
SIGNATURE_OLE = b"\xd0\xcf\x11\xe0"

OCTETS_MAXIMAUX = 5_000_000
ENTREES_MAXIMALES = 200
RAPPORT_MAXIMAL = 100
OCTETS_SANS_RAPPORT = 1_000_000  # en deçà, un taux de compression élevé est ordinaire et sans danger

CASES_MAXIMALES = 200_000
RANGEE_MAXIMALE = 200_000
COLONNE_MAXIMALE = 50  # AX
SORTIE_MAXIMALE = 50_000_000  # octets rendus par l'enfant: un même long texte peut se répéter dans mille cases

MEMOIRE_MAXIMALE = 512 * 1024**2
DELAI = 20  # secondes

ILLISIBLE = "Ce classeur ne se lit pas : enregistrez-le de nouveau en .xlsx, ou déposez un fichier CSV."
DATE_ECRITE = "Une date est écrite, un nombre ou un texte est attendu."
TROP_LOIN = "Ce classeur a une case au-delà de la rangée 200 000 ou de la colonne AX : gardez le seul tableau."
TROP_GROS = "Ce classeur est trop gros : gardez le seul tableau, ou déposez un fichier CSV."

DECLARATIONS = [mot.encode(code) for mot in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be")]
CASE_LOINTAINE = re.compile(
    rb"""\sr=["'](?:(?:[A-Z]{3}|[B-Z][A-Z]|A[YZ])[0-9]|[A-Z]{1,2}(?!200000["'])(?:[2-9][0-9]{5}|[1-9][0-9]{6}))"""
)
RECOUVREMENT = 64  # octets du bloc précédent, pour un motif à cheval sur deux blocs

Rangee = tuple[int, list[str], dict[int, str]]  # numéro, textes des cases, refus par position


@dataclass(frozen=True, slots=True)
class Limites:
    """Ce qu'une lecture accepte; par défaut, ce que permet une commande lancée à la main."""

    rangees: int = sys.maxsize  # de valeurs
    octets: int = 200_000_000  # d'un CSV
    deplies: int = 50_000_000  # octets d'un classeur, hors de son archive
    balises: int = 3_000_000  # et attributs d'un classeur: ce que son analyse coûte, compté avant elle
    processeur: int = 10  # secondes de l'enfant


ORDINAIRES = Limites()


class FichierIllisible(ValueError):
    """Le fichier entier est refusé; le message s'adresse à la personne."""


def est_classeur(chemin: Path) -> bool:
    """Le contenu est celui d'un classeur, quelle que soit l'extension du nom."""
    with chemin.open("rb") as flux:
        return flux.read(4) in (*SIGNATURES_ZIP, SIGNATURE_OLE)


def adresse(colonne: int, ligne: int) -> str:
    """L'adresse d'une case, colonne comptée à partir de 0: `adresse(4, 7)` est E7."""
    tour, lettre = divmod(colonne, 26)
    return f"{chr(64 + tour) if tour else ''}{chr(65 + lettre)}{ligne}"


def nom_de_colonne(texte: str) -> str:
    """Un nom sans ce qui varie d'un tableur à l'autre: « Précédent numérateur » est `precedent_numerateur`."""
    return "_".join("".join(c for c in normalize("NFD", texte) if not combining(c)).lower().split())


def lire_rangees(chemin: Path, colonnes: Sequence[str], limites: Limites = ORDINAIRES) -> Iterator[Rangee]:
    """Les rangées de la seule feuille dont l'en-tête a ces colonnes (à défaut, de la première feuille).

    Passé la limite, une rangée de trop est rendue, et la lecture s'arrête là.
    """
    examiner(chemin, limites)
    bornes = [str(limites.processeur), str(limites.rangees)]
    commande = [sys.executable, "-I", __file__, str(chemin.resolve()), *bornes, *colonnes]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as sortie:
        try:
            subprocess.run(  # noqa: S603 - notre interpréteur, notre module, un chemin absolu
                commande,
                stdin=subprocess.DEVNULL,
                stdout=sortie,
                stderr=subprocess.DEVNULL,
                env={"OPENPYXL_LXML": "False"},  # aucun secret du parent, et le seul analyseur mis à l'épreuve
                timeout=DELAI,
                check=True,
            )
        except (subprocess.SubprocessError, OSError):
            raise FichierIllisible(ILLISIBLE) from None
        sortie.seek(0)
        for texte in sortie:
            rangee = json.loads(texte)
            if isinstance(rangee, str):
                raise FichierIllisible(rangee)
            numero, cases, refus = rangee
            yield numero, cases, dict(refus)


# --- Avant: l'archive, sans analyser de XML ---


def examiner(chemin: Path, limites: Limites) -> None:
    """Refuse l'archive dangereuse ou démesurée, d'après son répertoire puis ses octets réellement dépliés."""
    with chemin.open("rb") as flux:
        if flux.read(4) == SIGNATURE_OLE:
            raise FichierIllisible("Ce classeur est protégé par un mot de passe ou d'un ancien format .xls.")
    if chemin.stat().st_size > OCTETS_MAXIMAUX:
        raise FichierIllisible("Ce classeur pèse plus de 5 Mo : gardez le seul tableau, ou déposez un fichier CSV.")
    try:
        with zipfile.ZipFile(chemin) as archive:
            entrees = archive.infolist()
            _examiner_repertoire(entrees, limites)
            _examiner_octets(archive, entrees, limites)
    except FichierIllisible:
        raise
    except Exception:  # zipfile et zlib ont une dizaine de façons d'échouer; une seule phrase les dit
        raise FichierIllisible(ILLISIBLE) from None


def _examiner_repertoire(entrees: list[zipfile.ZipInfo], limites: Limites) -> None:
    """Le nombre, les noms, les tailles déclarées: ce qu'une archive annonce."""
    if len(entrees) > ENTREES_MAXIMALES:
        raise FichierIllisible(TROP_GROS)
    noms = [entree.filename.replace("\\", "/").casefold() for entree in entrees]
    if any(nom.endswith("vbaproject.bin") or "macrosheets/" in nom for nom in noms):
        raise FichierIllisible("Ce classeur contient des macros : enregistrez-le en .xlsx, sans macros.")
    if any(nom.startswith("/") or ":" in nom or ".." in nom.split("/") for nom in noms) or len(set(noms)) < len(noms):
        raise FichierIllisible(ILLISIBLE)
    methodes = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if any(entree.flag_bits & 1 or entree.compress_type not in methodes for entree in entrees):
        raise FichierIllisible(ILLISIBLE)
    deplies = sum(entree.file_size for entree in entrees)
    replies = sum(entree.compress_size for entree in entrees)
    if deplies > limites.deplies or deplies > max(RAPPORT_MAXIMAL * replies, OCTETS_SANS_RAPPORT):
        raise FichierIllisible(TROP_GROS)


def _examiner_octets(archive: zipfile.ZipFile, entrees: list[zipfile.ZipInfo], limites: Limites) -> None:
    """Les octets réellement dépliés: leur nombre, leurs balises, les déclarations interdites, les cases lointaines."""
    deplies = balises = 0
    for entree in entrees:
        with archive.open(entree) as partie:
            fin = b""
            while bloc := partie.read(1 << 16):
                deplies += len(bloc)
                balises += bloc.count(b"<") + bloc.count(b"=")
                if deplies > limites.deplies or balises > limites.balises:
                    raise FichierIllisible(TROP_GROS)
                en_utf16 = not fin and entree.filename.endswith((".xml", ".rels")) and _est_utf16(bloc)
                vu = fin + bloc
                if en_utf16 or any(mot in vu for mot in DECLARATIONS):
                    raise FichierIllisible(ILLISIBLE)
                if CASE_LOINTAINE.search(vu):
                    raise FichierIllisible(TROP_LOIN)
                fin = bloc[-RECOUVREMENT:]


def _est_utf16(debut: bytes) -> bool:
    """Un XML en UTF-16 cacherait ses déclarations; aucun tableur n'en écrit."""
    return debut[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in debut[:2]


# --- Ensuite: le processus enfant ---


def _se_brider(processeur: int) -> None:
    """Plafonne la mémoire, le temps et la sortie de ce processus, pour de bon; les autres passent avant lui."""
    import resource

    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE_MAXIMALE, MEMOIRE_MAXIMALE))
    resource.setrlimit(resource.RLIMIT_CPU, (processeur, processeur))
    resource.setrlimit(resource.RLIMIT_FSIZE, (SORTIE_MAXIMALE, SORTIE_MAXIMALE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _rendre(flux: BinaryIO, rangees_maximales: int, colonnes: Sequence[str]) -> None:
    """Écrit les rangées de la feuille choisie, une ligne de JSON chacune; un refus est une ligne d'un seul texte."""
    from openpyxl import load_workbook

    try:
        classeur = load_workbook(flux, read_only=True, data_only=False, keep_links=False)
        ecrites = -1  # l'en-tête n'est pas une rangée de valeurs
        for numero, cases in _rangees(_choisir(classeur.worksheets, colonnes)):
            textes, refus = _textes(cases)
            print(json.dumps([numero, textes, refus]))
            ecrites += any(map(str.strip, textes))
            if ecrites > rangees_maximales:
                break
    except FichierIllisible as raison:
        print(json.dumps(str(raison)))


def _choisir(feuilles: Sequence, colonnes: Sequence[str]):
    """La seule feuille visible qui a l'en-tête attendu; à défaut, la première: son en-tête dira ce qui manque."""
    visibles = [feuille for feuille in feuilles if feuille.sheet_state == "visible"]
    reconnues = [feuille for feuille in visibles if set(colonnes) <= _entete(feuille)]
    if len(reconnues) > 1:
        raise FichierIllisible("Ce classeur a deux feuilles de valeurs : déposez-les une à la fois.")
    return (reconnues or visibles)[0]


def _entete(feuille) -> set[str]:
    """Les noms de colonnes de la première rangée écrite."""
    for _numero, cases in _rangees(feuille):
        textes, _refus = _textes(cases)
        if any(map(str.strip, textes)):
            return set(map(nom_de_colonne, textes))
    return set()


def _rangees(feuille) -> Iterator[tuple[int, list[dict]]]:
    """Les rangées de la feuille, avec leurs seules cases présentes.

    `iter_rows` comblerait un à un les vides jusqu'à la case la plus lointaine, et tairait les rangées en désordre.
    """
    from openpyxl.worksheet._reader import ROW_TAG, WorkSheetParser
    from openpyxl.xml.functions import iterparse

    classeur = feuille.parent
    formats = {"date_formats": classeur._date_formats, "timedelta_formats": classeur._timedelta_formats}
    precedente = total = 0
    with feuille._get_source() as source:
        analyseur = WorkSheetParser(source, feuille._shared_strings, epoch=classeur.epoch, **formats)
        for _evenement, element in iterparse(source):
            if element.tag == ROW_TAG:
                numero, cases = analyseur.parse_row(element)
                total += len(cases)
                _verifier(numero, cases, precedente, total)
                yield numero, cases
                precedente = numero
                element.clear()


def _verifier(numero: int, cases: list[dict], precedente: int, total: int) -> None:
    """Refuse ce qui sort des limites ou des règles: des rangées ou des cases en désordre se perdraient en silence."""
    places = [case["column"] for case in cases]
    if cases and (numero > RANGEE_MAXIMALE or max(places) > COLONNE_MAXIMALE):
        raise FichierIllisible(TROP_LOIN)
    if total > CASES_MAXIMALES:
        raise FichierIllisible("Ce classeur a plus de 200 000 cases : déposez plutôt un fichier CSV.")
    en_ordre = numero > precedente and all(avant < apres for avant, apres in pairwise(places))
    if not en_ordre or any(case["row"] != numero for case in cases):
        raise FichierIllisible(ILLISIBLE)


def _textes(cases: list[dict]) -> tuple[list[str], list[tuple[int, str]]]:
    """Les textes d'une rangée, chacun à sa place, et les refus par position."""
    textes = [""] * (cases[-1]["column"] if cases else 0)
    refus = []
    for case in cases:
        texte, raison = _texte(case["value"], case["data_type"])
        textes[case["column"] - 1] = texte
        if raison:
            refus.append((case["column"] - 1, raison))
    return textes, refus


def _texte(valeur, genre: str) -> tuple[str, str]:
    """Le texte d'une case et, si elle n'est ni un nombre, ni un texte, ni vide, la raison de la refuser."""
    if valeur is None:
        return "", ""
    if genre == "f":
        formule = getattr(valeur, "text", valeur)
        return formule if isinstance(formule, str) else "=", "Une formule est écrite, sa valeur est attendue."
    if genre == "e":
        return str(valeur), "Cette case contient une erreur de calcul, une valeur est attendue."
    if genre == "b":
        return "VRAI" if valeur else "FAUX", "Vrai ou faux est écrit, un nombre ou un texte est attendu."
    if genre == "d":
        lue = valeur.isoformat() if hasattr(valeur, "isoformat") else str(valeur)
        return lue, DATE_ECRITE
    if isinstance(valeur, float):
        return str(int(valeur)) if valeur.is_integer() else repr(valeur), ""
    return str(valeur).replace("_x000D_", "\r"), ""


if __name__ == "__main__":
    _chemin, _processeur, _maximum, *_colonnes = sys.argv[1:]
    _se_brider(int(_processeur))
    with open(_chemin, "rb") as flux_du_classeur:  # un flux plutôt qu'un nom, dont openpyxl jugerait l'extension
        _rendre(flux_du_classeur, int(_maximum), _colonnes)
