"""Le catalogue en fichier, CSV ou XLSX: lu sans lui faire confiance, écrit sans formule.

`IMPORT_FORMATS` et `EXPORT_FORMATS`, dans les réglages, nomment ces classes: l'administration d'une autre application
s'en sert sans les importer.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from unicodedata import normalize

from import_export.formats import base_formats
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from indicateurs.affichage import nombre
from indicateurs.classeur import DATE_ECRITE, FichierIllisible, Limites, Rangee, est_classeur, lire_rangees
from indicateurs.classeur import nom_de_colonne as en_nom
from indicateurs.tableur import LECTEURS, PATIENCE, TROP_DE_LECTURES
from indicateurs.texte import BLANCS, LIGNE_ENTIERE, desarmer, encodage_de, rangees_de, rearmer, separateur_de
from organisations.catalogue import Tableau

LIMITES = Limites(rangees=1_000, octets=2 * 1024**2, deplies=20_000_000, balises=400_000, processeur=1)
TROP_GROS = "Ce fichier pèse plus de 2 Mio : gardez le seul tableau."
JOUR_DE_TABLEUR = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T00:00:00)?")


class FichierDuCatalogue(base_formats.TablibFormat):
    """Ce que les deux formats partagent: on lit ce que le fichier est, quel que soit son nom."""

    def create_dataset(self, in_stream: bytes, colonnes: Sequence[str] = ()) -> Tableau:
        """Le tableau que contiennent ces octets; lève `FichierIllisible`."""
        if len(in_stream) > LIMITES.octets:
            raise FichierIllisible(TROP_GROS)
        if not LECTEURS.acquire(timeout=PATIENCE):
            raise FichierIllisible(TROP_DE_LECTURES)
        try:
            with NamedTemporaryFile(prefix="catalogue-") as provisoire:
                provisoire.write(in_stream)
                provisoire.flush()
                return _lire(Path(provisoire.name), colonnes)
        finally:
            LECTEURS.release()


class Csv(FichierDuCatalogue):
    """Un CSV, en UTF-8 avec sa marque, que les tableurs ouvrent sans se tromper d'accents."""

    TABLIB_MODULE = "tablib.formats._csv"
    CONTENT_TYPE = "text/csv; charset=utf-8"

    def export_data(self, dataset: Tableau, **kwargs) -> bytes:
        """Les octets du fichier."""
        flux = StringIO(newline="")
        csv.writer(flux).writerows([dataset.headers, *([desarmer(str(case)) for case in rangee] for rangee in dataset)])
        return flux.getvalue().encode("utf-8-sig")


class Xlsx(FichierDuCatalogue):
    """Un classeur d'une feuille."""

    TABLIB_MODULE = "tablib.formats._xlsx"
    CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def export_data(self, dataset: Tableau, **kwargs) -> bytes:
        """Les octets du fichier; chaque case est un texte, que le tableur ne calcule pas."""
        classeur, flux = Workbook(write_only=True), BytesIO()
        feuille = classeur.create_sheet("Catalogue")
        for rangee in [dataset.headers, *dataset]:
            cases = [WriteOnlyCell(feuille, desarmer(str(case))) for case in rangee]
            for case in cases:
                case.data_type = "s"
            feuille.append(cases)
        classeur.save(flux)
        return flux.getvalue()


def _lire(chemin: Path, colonnes: Sequence[str]) -> Tableau:
    try:
        if est_classeur(chemin):
            return _ranger(lire_rangees(chemin, colonnes, LIMITES), combler=True)
        with chemin.open(encoding=encodage_de(chemin, LIMITES.octets), newline="") as flux:
            return _ranger(rangees_de(flux, separateur_de(flux)))
    except (OSError, UnicodeError):
        raise FichierIllisible("Ce fichier ne s'ouvre pas.") from None


def _ranger(rangees: Iterable[Rangee], *, combler: bool = False) -> Tableau:
    """L'en-tête, puis chaque ligne écrite à la largeur de l'en-tête, avec ce qui en est déjà refusé."""
    ecrites = (rangee for rangee in rangees if any(case.strip(BLANCS) for case in rangee[1]))
    entete = next(ecrites, None)
    noms = [en_nom(_propre(nom)) for nom in entete[1]] if entete and LIGNE_ENTIERE not in entete[2] else []
    while noms and not noms[-1]:
        noms.pop()
    if not noms:
        raise FichierIllisible("Ce fichier est vide, ou son en-tête ne se lit pas.")
    tableau = Tableau(headers=noms)
    for rang, (numero, brutes, refus) in enumerate(ecrites, 1):
        if rang > LIMITES.rangees:
            raise FichierIllisible(f"Plus de {nombre(LIMITES.rangees)} lignes : découpez ce fichier.")
        cases = [_propre(case) for case in brutes]
        if combler:
            cases += [""] * (len(noms) - len(cases))
        _ajouter(tableau, numero, cases, dict(refus))
    if not tableau.rangees:
        raise FichierIllisible("Ce fichier n'a aucune ligne.")
    return tableau


def _ajouter(tableau: Tableau, numero: int, cases: list[str], refus: dict[int, str]) -> None:
    """Une ligne de plus; une date de tableur se lit comme une date écrite."""
    largeur = len(tableau.headers)
    if len(cases) < largeur or any(cases[largeur:]):
        refus.setdefault(LIGNE_ENTIERE, f"{largeur} cases sont attendues, cette ligne en a {len(cases)}.")
    cases = (cases + [""] * largeur)[:largeur]
    for place in [place for place, raison in refus.items() if raison == DATE_ECRITE and place < largeur]:
        if jour := JOUR_DE_TABLEUR.fullmatch(cases[place]):
            cases[place] = jour[1]
            del refus[place]
    noms = {place: tableau.headers[place] for place in range(largeur)}
    fautes = {noms.get(place, ""): raison for place, raison in refus.items() if place < largeur}
    tableau.ajouter(numero, cases, fautes)


def _propre(case: str) -> str:
    """Le texte en NFC, sans blancs autour, avec de seules fins de ligne simples."""
    simple = rearmer(case).replace("\r\n", "\n").replace("\r", "\n")
    return normalize("NFC", simple).strip(BLANCS)
