"""`manage.py publier TRIMESTRE`: publier l'édition d'un trimestre, ou voir ce qu'elle dirait."""

import json

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from barometre import depot, formats
from barometre.models import Edition, PublicationRefusee
from indicateurs.models import Trimestre
from organisations.models import Utilisateur


class Command(BaseCommand):
    """Publie tout ou rien; `--simuler` ne fait que montrer."""

    help = "Publie l'édition d'un trimestre."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("trimestre", help="le dernier trimestre couvert, comme 2023-T1")
        parser.add_argument("--note", default="", help="pourquoi; obligatoire pour une édition corrective")
        parser.add_argument("--simuler", action="store_true", help="n'écrit rien")
        parser.add_argument("--json", action="store_true", help="un compte rendu lisible par un programme")

    def handle(self, *, trimestre: str, note: str, simuler: bool, **options) -> None:
        """Publie et rend compte; sort en erreur (1) avec une phrase si ce n'est pas possible."""
        quand = Trimestre.objects.filter(code=trimestre).first()
        if quand is None:
            raise CommandError(f"Le trimestre {trimestre} n'existe pas : on attend un trimestre connu, comme 2023-T1.")
        try:
            if simuler:
                self._montrer(Edition.simuler(trimestre=quand, le=timezone.now(), note=note), en_json=options["json"])
            else:
                compte = Utilisateur.objects.technique("publication")
                self._rendre_compte(
                    Edition.publier(trimestre=quand, par=compte, le=timezone.now(), note=note), en_json=options["json"]
                )
        except PublicationRefusee as refus:
            raise CommandError(str(refus)) from refus

    def _rendre_compte(self, edition: Edition, *, en_json: bool) -> None:
        fichiers = [str(depot.dossier(edition.code) / nom) for nom in (*formats.FICHIERS, formats.SOMMES)]
        if en_json:
            faits = {"code": edition.code, "empreinte": edition.empreinte, "fichiers": fichiers}
            self.stdout.write(json.dumps(faits, ensure_ascii=False))
            return
        self.stdout.write(f"Édition {edition.code} publiée, empreinte {edition.empreinte}.")
        for chemin in fichiers:
            self.stdout.write(f"  {chemin}")

    def _montrer(self, projet, *, en_json: bool) -> None:
        """Les chiffres de l'ensemble au dernier trimestre, avant et après."""
        avant = projet.edition.precedente.series() if projet.edition.precedente else {}
        lignes = [
            {
                "indicateur": chiffre.regle.code,
                "avant": avant[cle].dernier.texte if (cle := (chiffre.regle.code, "")) in avant else "",
                "apres": chiffre.texte,
                "attendues": chiffre.comptes.attendues,
                "repondantes": chiffre.comptes.repondantes,
            }
            for chiffre in projet.chiffres
            if not chiffre.portefeuille and chiffre.trimestre == projet.edition.trimestre.code
        ]
        if en_json:
            self.stdout.write(json.dumps({"code": projet.edition.code, "chiffres": lignes}, ensure_ascii=False))
            return
        self.stdout.write(f"L'édition {projet.edition.code} dirait (rien n'est écrit) :")
        for ligne in lignes:
            self.stdout.write(
                "  {indicateur} : {apres} (avant : {avant}), {repondantes} sur {attendues} ont répondu.".format(**ligne)
            )
