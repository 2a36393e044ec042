"""`manage.py verifier_editions`: tout ce qui a été publié tient-il encore?"""

import json

from django.core.management.base import BaseCommand, CommandError, CommandParser

from barometre.verification import verifier_toutes

MONTRES = 20


class Command(BaseCommand):
    """Revérifie les sommes, la chaîne, le registre et tous les chiffres; nomme ce qui ne tient pas."""

    help = "Vérifie toutes les éditions publiées."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="un compte rendu lisible par un programme")

    def handle(self, **options) -> None:
        """Rend compte édition par édition; sort en erreur (1) si une seule ne tient pas."""
        bilan = {}
        for edition, problemes in verifier_toutes():
            bilan[edition.code] = problemes
            if options["json"]:
                continue
            self.stdout.write(f"Édition {edition.code}: {'ne tient pas' if problemes else 'tient'}.")
            for probleme in problemes[:MONTRES]:
                self.stderr.write(f"  {edition.code}: {probleme}.")
            if len(problemes) > MONTRES:
                self.stderr.write(f"  … et {len(problemes) - MONTRES} autres; « --json » les donne tous.")
        if options["json"]:
            self.stdout.write(json.dumps(bilan, ensure_ascii=False))
        if fautives := [code for code, problemes in bilan.items() if problemes]:
            raise CommandError(f"Ne tiennent pas: {', '.join(fautives)}.")
        self.stdout.write(f"{len(bilan)} édition(s) vérifiée(s): tout tient.")
