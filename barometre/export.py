"""Une liste filtrée, en fichier: le CSV des données ouvertes, et un classeur qui en a les mêmes lignes, relues."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from barometre.chiffres import Chiffre
from barometre.formats import Colonne, en_csv, lire_csv
from indicateurs.affichage import pour_cent_exact
from indicateurs.texte import lisible

LARGEURS = {"nom": 60, "categorie": 28}
PART, ENTIERS = "_part", ("_numerateur", "_denominateur")


class Exportee(NamedTuple):
    """Une organisation et ses chiffres, par code d'indicateur."""

    fiche: Mapping[str, Any]
    chiffres: Mapping[str, Chiffre]


def colonnes(codes: Iterable[str]) -> list[Colonne]:
    """Qui, puis pour chaque indicateur ses comptes, sa part exacte et l'état de la réponse."""
    fixes = (
        ("sigle", "La clé de l'organisation."),
        ("nom", "Son nom au moment de l'édition."),
        ("categorie", "Sa nature."),
        ("portefeuille", "Le sigle de la tête de son portefeuille; vide si elle n'en a pas."),
    )
    return [*(_de_la_fiche(*fixe) for fixe in fixes), *(c for code in codes for c in _de_l_indicateur(code))]


def _de_la_fiche(nom: str, description: str) -> Colonne:
    return Colonne(nom, description, lambda exportee: exportee.fiche[nom])


def _de_l_indicateur(code: str) -> list[Colonne]:
    """Quatre colonnes; vides là où l'organisation n'avait pas à répondre."""

    def colonne(suffixe: str, description: str, tirer: Any) -> Colonne:
        return Colonne(f"{code}{suffixe}", description, lambda e: tirer(e.chiffres[code]) if code in e.chiffres else "")

    return [
        colonne("_numerateur", "Le numérateur déclaré.", lambda chiffre: chiffre.case.numerateur),
        colonne("_denominateur", "Le dénominateur déclaré.", lambda chiffre: chiffre.case.denominateur),
        colonne(PART, "La part, en pourcentage.", lambda chiffre: pour_cent_exact(chiffre.part)),
        colonne("_etat", "Sa réponse, ou son silence.", lambda chiffre: str(chiffre.case.etat)),
    ]


def csv(edition: str, codes: Sequence[str], lignes: Iterable[Exportee]) -> bytes:
    """Les octets du CSV."""
    return en_csv(edition, colonnes(codes), lignes)


def xlsx(edition: str, le: datetime.datetime, codes: Sequence[str], lignes: Iterable[Exportee]) -> bytes:
    """Les octets du classeur: une feuille, un en-tête, un tableau nommé, ni formule ni case fusionnée."""
    classeur, octets = Workbook(), BytesIO()
    proprietes = classeur.properties
    proprietes.title, proprietes.creator = f"Organisations, édition {edition}", "Baromètre numérique"
    proprietes.language, proprietes.created = "fr-CA", le.replace(tzinfo=None)
    feuille = classeur.active
    feuille.title = "Organisations"
    entete = ["edition", *(colonne.nom for colonne in colonnes(codes))]
    feuille.append(entete)
    for rang, ligne in enumerate(lire_csv(csv(edition, codes, lignes)), 2):
        for place, nom in enumerate(entete, 1):
            _ecrire(feuille.cell(rang, place), nom, ligne[nom])
    _mettre_en_forme(feuille, entete)
    classeur.save(octets)
    return octets.getvalue()


def _ecrire(case: Cell, nom: str, texte: str) -> None:
    """Un compte ou une part est un nombre; le reste est du texte, même « =1+1 »; l'inconnu reste vide."""
    if not texte:
        return
    if nom.endswith(ENTIERS):
        case.value, case.number_format = int(texte), "#,##0"
    elif nom.endswith(PART):
        case.value, case.number_format = Decimal(texte), "0.000000"
    else:
        case.value = lisible(texte)
        case.data_type = "s"


def _mettre_en_forme(feuille: Worksheet, entete: Sequence[str]) -> None:
    for case, nom in zip(feuille[1], entete, strict=True):
        case.font = Font(bold=True)
        feuille.column_dimensions[case.column_letter].width = LARGEURS.get(nom, max(12, len(nom) + 2))
    feuille.freeze_panes = "A2"
    if feuille.max_row > 1:  # un tableau nommé a au moins une ligne
        tableau = Table(displayName="Organisations", ref=feuille.dimensions)
        tableau.tableStyleInfo = TableStyleInfo(name="TableStyleLight15")
        feuille.add_table(tableau)
