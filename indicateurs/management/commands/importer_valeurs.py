"""`manage.py importer_valeurs FICHIER`: faire entrer un fichier CSV ou XLSX de valeurs."""

import json
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from indicateurs.affichage import accorder
from indicateurs.importation import Importation, ImportRefuse
from indicateurs.lecture import ecrire_refusees, lire
from organisations.models import TransitionInterdite

ERREURS_MONTREES = 200
CREEES = {  # de quoi accorder
    "organisations": ("organisation créée", "organisations créées"),
    "indicateurs": ("indicateur créé", "indicateurs créés"),
    "trimestres": ("trimestre créé", "trimestres créés"),
}


class Command(BaseCommand):
    """Lit, confronte, écrit; toutes les erreurs d'un coup, et rien d'écrit tant qu'il en reste une."""

    help = "Importe un fichier de valeurs (organisation, sigle, trimestre, indicateur, numerateur, denominateur)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--creer", action="store_true", help="crée organisations, indicateurs, trimestres inconnus")
        parser.add_argument("--valider", action="store_true", help="reprise de l'historique : déclare et valide")
        parser.add_argument("--partiel", action="store_true", help="écrit les lignes bonnes, range les autres à part")
        parser.add_argument("--simuler", action="store_true", help="n'écrit rien")
        parser.add_argument("--refusees", type=Path, help="où ranger les lignes refusées (avec --partiel)")
        parser.add_argument("--json", action="store_true", help="un compte rendu lisible par un programme")

    def handle(self, *, fichier: Path, creer: bool, valider: bool, **options) -> None:
        """Importe et rend compte; sort en erreur (1) si le fichier est refusé."""
        self._verifier_les_options(fichier, options["refusees"], partiel=options["partiel"])
        self._annoncer(f"Lecture de {fichier.name}…")
        lecture = lire(fichier)
        self._annoncer(f"{accorder(len(lecture.lignes), 'ligne bien formée', 'lignes bien formées')}; écriture…")
        importation = Importation(lecture, timezone.now(), creer=creer, valider=valider)
        try:
            compte_rendu = self._importer(importation, fichier, options)
        except ImportRefuse:
            if options["json"]:
                self._rendre_compte_en_json(importation, {})
            else:
                self._montrer_les_erreurs(importation)
            raise CommandError(f"{accorder(len(lecture.erreurs), 'erreur')} : rien n'a été écrit.") from None
        except (TransitionInterdite, ValidationError, IntegrityError, DataError) as refus:
            raise CommandError(f"Rien n'a été écrit. {_phrase(refus)}") from refus
        if options["json"]:
            self._rendre_compte_en_json(importation, compte_rendu)
        else:
            self._rendre_compte(importation, compte_rendu)

    def _verifier_les_options(self, fichier: Path, refusees: Path | None, *, partiel: bool) -> None:
        if refusees and not partiel:
            raise CommandError("« --refusees » ne va qu'avec « --partiel ».")
        if refusees and refusees.resolve() == fichier.resolve():
            raise CommandError("« --refusees » nomme le fichier importé lui-même : choisissez un autre nom.")

    def _importer(self, importation: Importation, fichier: Path, options: dict[str, Any]) -> dict[str, Any]:
        """Écrit les valeurs et, avant qu'elles soient acquises, le fichier des refusées: les deux, ou rien."""
        lecture, simuler = importation.lecture, options["simuler"]
        with transaction.atomic():
            bilan = importation.ecrire(partiel=options["partiel"], simuler=simuler)
            compte_rendu = {**bilan._asdict(), "creees": dict(importation.creees), "simulation": simuler}
            if lecture.refusees and not simuler:
                chemin = options["refusees"] or _nom_libre(f"{fichier.stem}.refusees")
                try:
                    ecrire_refusees(chemin, lecture)
                except OSError as panne:
                    raison = f"le fichier des lignes refusées, {chemin}, ne s'écrit pas ({panne.strerror or panne})."
                    raise CommandError(f"Rien n'a été écrit : {raison}") from panne
                compte_rendu["refusees"] = str(chemin)
        return compte_rendu

    def _annoncer(self, etape: str) -> None:
        """Où en est la commande, pour qui la regarde travailler."""
        if self.stderr.isatty():
            self.stderr.write(self.style.NOTICE(etape))

    def _rendre_compte_en_json(self, importation: Importation, compte_rendu: dict[str, Any]) -> None:
        """Toutes les erreurs, tous les avertissements, sur la sortie normale."""
        erreurs = [asdict(erreur) for erreur in importation.lecture.erreurs]
        avertissements = [asdict(avertissement) for avertissement in importation.avertissements]
        contenu = {**compte_rendu, "erreurs": erreurs, "avertissements": avertissements}
        self.stdout.write(json.dumps(contenu, ensure_ascii=False))

    def _rendre_compte(self, importation: Importation, compte_rendu: dict[str, Any]) -> None:
        self._montrer_les_erreurs(importation)
        if importation.avertissements:
            self.stdout.write(f"{accorder(len(importation.avertissements), 'avertissement')} :")
        for avertissement in importation.avertissements[:ERREURS_MONTREES]:
            self.stdout.write(f"- {avertissement}")
        for quoi, combien in compte_rendu["creees"].items():
            self.stdout.write(f"{accorder(combien, *CREEES[quoi])}.")
        self.stdout.write(_phrase_du_bilan(compte_rendu))
        if "refusees" in compte_rendu:
            nombre = len(importation.lecture.refusees)
            rangees = accorder(nombre, "ligne refusée, rangée", "lignes refusées, rangées")
            self.stdout.write(f"{rangees} dans {compte_rendu['refusees']}.")
        if compte_rendu["simulation"]:
            self.stdout.write("Simulation : rien n'a été écrit.")

    def _montrer_les_erreurs(self, importation: Importation) -> None:
        """Les premières, sur la sortie d'erreur."""
        erreurs = importation.lecture.erreurs
        for erreur in erreurs[:ERREURS_MONTREES]:
            self.stderr.write(str(erreur))
        if (reste := len(erreurs) - ERREURS_MONTREES) > 0:
            self.stderr.write(f"… et {accorder(reste, 'autre')}; « --json » les donne toutes.")


def _nom_libre(base: str) -> Path:
    """Un nom du dossier courant que rien ne porte: « x.refusees.csv », puis « x.refusees-2.csv »…"""
    noms = (Path(f"{base}{f'-{rang}' if rang > 1 else ''}.csv") for rang in count(1))
    return next(nom for nom in noms if not nom.exists())


def _phrase_du_bilan(compte_rendu: dict[str, Any]) -> str:
    """« 3 valeurs écrites dans 1 soumission, dont 1 correction; 2 déjà connues. »"""
    valeurs = accorder(compte_rendu["valeurs"], "valeur écrite", "valeurs écrites")
    corrections = compte_rendu["corrections"]
    dont = f", dont {accorder(corrections, 'correction')}" if corrections else ""
    connues = accorder(compte_rendu["inchangees"], "déjà connue", "déjà connues")
    return f"{valeurs} dans {accorder(compte_rendu['soumissions'], 'soumission')}{dont}; {connues}."


def _phrase(refus: Exception) -> str:
    if isinstance(refus, ValidationError):
        return " ".join(refus.messages)
    if isinstance(refus, IntegrityError | DataError):
        return "La base refuse une de ces lignes : " + str(refus).splitlines()[0]
    return str(refus)
