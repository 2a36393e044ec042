"""De quoi écrire un fichier de valeurs, l'importer, et dire ce qui en a été refusé."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from indicateurs.lecture import COLONNES, Erreur, Lecture
from indicateurs.models import Indicateur, Soumission, Trimestre, Valeur
from organisations.models import Organisation

ENTETE = ",".join(COLONNES)
BONNE = "Ministère A,MA,2023-T1,PAPIER,5,10"
RAMQ = "Régie de l'assurance maladie,RAMQ,2022-T4,sans-papier,60,100"
IMPOSSIBLE = "Société A,SA,2022-T4,sans-papier,3,2"


def dites(lecture: Lecture) -> list[tuple[int, str]]:
    """Où sont les erreurs."""
    return [(erreur.ligne, erreur.colonne) for erreur in lecture.erreurs]


def seule_erreur(lecture: Lecture) -> Erreur:
    """La seule erreur d'une lecture dont rien n'est bon."""
    assert lecture.lignes == []
    (erreur,) = lecture.erreurs
    assert "\n" not in str(erreur)
    return erreur


def ecrire_csv(chemin: Path, *lignes: str, entete: str = ENTETE) -> str:
    """Écrit un CSV et rend son chemin."""
    chemin.write_text("\n".join([entete, *lignes]) + "\n", encoding="utf-8")
    return str(chemin)


def importer(chemin: str, *options: str) -> dict:
    """Le compte rendu d'un import réussi, tel qu'un programme le lit."""
    sortie = StringIO()
    call_command("importer_valeurs", chemin, "--json", *options, stdout=sortie)
    return json.loads(sortie.getvalue())


def dire(chemin: str, *options: str) -> str:
    """Le même, tel qu'une personne le lit, espaces insécables simplifiées."""
    sortie = StringIO()
    call_command("importer_valeurs", chemin, *options, stdout=sortie, stderr=StringIO())
    return sortie.getvalue().replace("\xa0", " ")


def refuser(chemin: str, *options: str) -> list[dict]:
    """Les erreurs d'un fichier refusé, et la certitude que rien n'est écrit."""
    sortie = StringIO()
    modeles = (Valeur, Soumission, Organisation, Indicateur, Trimestre)
    avant = [modele._default_manager.count() for modele in modeles]
    with pytest.raises(CommandError):
        call_command("importer_valeurs", chemin, "--json", *options, stdout=sortie)
    assert [modele._default_manager.count() for modele in modeles] == avant
    return json.loads(sortie.getvalue())["erreurs"]


def rangees(chemin: Path) -> list[dict[str, str]]:
    """Les rangées d'un CSV écrit."""
    with chemin.open(encoding="utf-8", newline="") as flux:
        return list(csv.DictReader(flux))
