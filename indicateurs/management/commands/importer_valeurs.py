"""`manage.py importer_valeurs FICHIER`: faire entrer un fichier CSV ou XLSX de valeurs."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError
from django.utils import timezone

from indicateurs.importation import Importation, ImportRefuse
from indicateurs.lecture import Lecture, ecrire_refusees, lire
from organisations.models import TransitionInterdite

ERREURS_MONTREES = 200


class Command(BaseCommand):
    """Lit, confronte, écrit; toutes les erreurs d'un coup, et rien d'écrit tant qu'il en reste une."""

    help = "Importe un fichier de valeurs (organisation, sigle, trimestre, indicateur, numerateur, denominateur)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--creer", action="store_true", help="crée organisations, indicateurs, trimestres inconnus")
        parser.add_argument("--valider", action="store_true", help="reprise de l'historique: déclare et valide")
        parser.add_argument("--partiel", action="store_true", help="écrit les lignes bonnes, range les autres à part")
        parser.add_argument("--simuler", action="store_true", help="n'écrit rien")
        parser.add_argument("--refusees", type=Path, help="où ranger les lignes refusées (avec --partiel)")
        parser.add_argument("--json", action="store_true", help="un compte rendu lisible par un programme")

    def handle(self, *, fichier: Path, creer: bool, valider: bool, partiel: bool, simuler: bool, **options) -> None:
        """Importe et rend compte; sort en erreur (1) si le fichier est refusé."""
        self._annoncer(f"Lecture de {fichier.name}…")
        lecture = lire(fichier)
        self._annoncer(f"{len(lecture.lignes)} lignes bien formées; écriture…")
        try:
            importation = Importation(lecture, timezone.now(), creer=creer, valider=valider)
            bilan = importation.ecrire(partiel=partiel and not _est_illisible(lecture), simuler=simuler)
        except ImportRefuse:
            self._montrer_les_erreurs(lecture, en_json=options["json"])
            raise CommandError(f"{len(lecture.erreurs)} erreur(s): rien n'a été écrit.") from None
        except (TransitionInterdite, IntegrityError) as refus:
            raise CommandError(f"Rien n'a été écrit. {_phrase(refus)}") from refus
        compte_rendu = {**bilan._asdict(), "creees": dict(importation.creees), "simulation": simuler}
        if lecture.refusees and not simuler:
            chemin = options["refusees"] or Path(f"{fichier.stem}.refusees.csv")
            ecrire_refusees(chemin, lecture)
            compte_rendu["refusees"] = str(chemin)
        self._rendre_compte(lecture, compte_rendu, en_json=options["json"])

    def _annoncer(self, etape: str) -> None:
        """Où en est la commande, pour qui la regarde travailler."""
        if self.stderr.isatty():
            self.stderr.write(self.style.NOTICE(etape))

    def _rendre_compte(self, lecture: Lecture, compte_rendu: dict[str, Any], *, en_json: bool) -> None:
        if en_json:
            erreurs = [asdict(erreur) for erreur in lecture.erreurs]
            self.stdout.write(json.dumps({**compte_rendu, "erreurs": erreurs}, ensure_ascii=False))
            return
        self._montrer_les_erreurs(lecture, en_json=False)
        for quoi, combien in compte_rendu["creees"].items():
            self.stdout.write(f"Créés, {quoi}: {combien}.")
        self.stdout.write(
            "{valeurs} valeurs écrites dans {soumissions} soumissions, dont {corrections} corrections; "
            "{inchangees} étaient déjà là.".format(**compte_rendu)
        )
        if "refusees" in compte_rendu:
            self.stdout.write(f"{len(lecture.refusees)} lignes refusées, rangées dans {compte_rendu['refusees']}.")
        if compte_rendu["simulation"]:
            self.stdout.write("Simulation: rien n'a été écrit.")

    def _montrer_les_erreurs(self, lecture: Lecture, *, en_json: bool) -> None:
        """Sur la sortie d'erreur, les premières; en JSON, toutes, sur la sortie normale."""
        if en_json:
            self.stdout.write(json.dumps({"erreurs": [asdict(e) for e in lecture.erreurs]}, ensure_ascii=False))
            return
        for erreur in sorted(lecture.erreurs, key=lambda e: e.ligne)[:ERREURS_MONTREES]:
            self.stderr.write(str(erreur))
        if (reste := len(lecture.erreurs) - ERREURS_MONTREES) > 0:
            self.stderr.write(f"… et {reste} autres; « --json » les donne toutes.")


def _est_illisible(lecture: Lecture) -> bool:
    """Le fichier entier est refusé (entête, encodage…): il n'y a rien à prendre en partie."""
    return bool(lecture.erreurs) and not lecture.lignes and not lecture.refusees


def _phrase(refus: Exception) -> str:
    if isinstance(refus, IntegrityError):
        return "La base refuse une de ces lignes: " + str(refus).splitlines()[0]
    return str(refus)
