"""`manage.py publier TRIMESTRE`: publier l'édition d'un trimestre, ou voir ce qu'elle dirait."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from barometre import depot, formats
from barometre.chiffres import ENSEMBLE
from barometre.models import Edition, PublicationRefusee
from indicateurs.models import Trimestre
from organisations.horloge import maintenant
from organisations.models import Utilisateur

HORS_CALENDRIER = "Publiée par une commande, un jour qui n'était pas annoncé quatre semaines d'avance."


class Command(BaseCommand):
    """Publie tout ou rien; `--simuler` ne fait que montrer."""

    help = "Publie l'édition d'un trimestre."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("trimestre", help="le dernier trimestre couvert, comme 2023-T1")
        parser.add_argument("--note", default="", help="pourquoi; obligatoire pour une édition corrective")
        parser.add_argument(
            "--hors-calendrier", default=HORS_CALENDRIER, help="pourquoi un jour qui n'était pas annoncé"
        )
        parser.add_argument("--simuler", action="store_true", help="n'écrit rien")
        parser.add_argument("--json", action="store_true", help="un compte rendu lisible par un programme")

    def handle(self, *, trimestre: str, simuler: bool, **options) -> None:
        """Publie et rend compte; sort en erreur (1) avec une phrase si ce n'est pas possible."""
        quand = Trimestre.objects.filter(code=trimestre).first()
        if quand is None:
            raise CommandError(f"Le trimestre {trimestre} n'existe pas : on attend un trimestre connu, comme 2023-T1.")
        faits = {"trimestre": quand, "le": maintenant(), **{nom: options[nom] for nom in ("note", "hors_calendrier")}}
        try:
            if simuler:
                self._montrer(Edition.simuler(**faits), en_json=options["json"])
            else:
                self._rendre_compte(self._publier(faits), en_json=options["json"])
        except PublicationRefusee as refus:
            raise CommandError(str(refus)) from refus

    def _publier(self, faits: dict[str, Any]) -> Edition:
        """Publie; chaque étape se voit sur un terminal."""
        compte = Utilisateur.objects.technique("publication")
        for etape in Edition.publier_par_etapes(par=compte, **faits):
            if self.stderr.isatty():
                self.stderr.write("\r\033[K" if etape.edition else f"\r\033[K  {etape.phrase}…", str, ending="")
                self.stderr.flush()
        assert etape.edition  # noqa: S101 - la dernière étape la porte
        return etape.edition

    def _rendre_compte(self, edition: Edition, *, en_json: bool) -> None:
        fichiers = [str(depot.dossier(edition.code) / nom) for nom in (*formats.FICHIERS, formats.SOMMES)]
        if en_json:
            faits = {"code": edition.code, "empreinte": edition.empreinte, "fichiers": fichiers}
            self.stdout.write(json.dumps(faits, ensure_ascii=False))
            return
        self.stdout.write(f"Édition {edition.code} publiée, empreinte {edition.empreinte}.")
        if edition.hors_calendrier:
            self.stdout.write(f"Hors du calendrier annoncé : {edition.hors_calendrier}")
        for chemin in fichiers:
            self.stdout.write(f"  {chemin}")

    def _montrer(self, projet, *, en_json: bool) -> None:
        """Les chiffres de l'ensemble au dernier trimestre, avant et après."""
        avant = projet.edition.precedente.series() if projet.edition.precedente else {}
        lignes = [
            {
                "indicateur": chiffre.regle.code,
                "avant": avant[cle].dernier.texte if (cle := (chiffre.regle.code, ENSEMBLE)) in avant else "",
                "apres": chiffre.texte,
                "attendues": chiffre.comptes.attendues,
                "repondantes": chiffre.comptes.repondantes,
            }
            for chiffre in projet.chiffres
            if chiffre.perimetre == ENSEMBLE and chiffre.trimestre == projet.edition.trimestre.code
        ]
        if en_json:
            self.stdout.write(json.dumps({"code": projet.edition.code, "chiffres": lignes}, ensure_ascii=False))
            return
        self.stdout.write(f"L'édition {projet.edition.code} dirait (rien n'est écrit) :")
        for ligne in lignes:
            self.stdout.write(
                "  {indicateur} : {apres} (avant : {avant}), {repondantes} sur {attendues} ont répondu.".format(**ligne)
            )
