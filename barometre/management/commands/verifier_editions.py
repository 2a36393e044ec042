"""`manage.py verifier_editions`: tout ce qui a été publié tient-il encore?"""

import json
from collections import defaultdict

from django.core.management.base import BaseCommand, CommandError, CommandParser

from barometre.models import Edition
from barometre.verification import verifier_toutes
from indicateurs.affichage import accorder

MONTRES = 20


class Command(BaseCommand):
    """Revérifie les sommes, la chaîne, le registre et tous les chiffres; nomme ce qui ne tient pas."""

    help = "Vérifie toutes les éditions publiées."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="un compte rendu lisible par un programme")
        parser.add_argument(
            "--redesigner", action="store_true", help="d'abord, refait derniere.json d'après la base : après une panne"
        )

    def handle(self, **options) -> None:
        """Rend compte édition par édition; sort en erreur (1) si une seule ne tient pas."""
        if options["redesigner"]:
            Edition.redesigner()
        bilan: dict[str, list[str]] = defaultdict(list)
        for code, problemes in verifier_toutes():
            bilan[code] += problemes
            if not options["json"]:
                self._montrer(code, problemes)
        if options["json"]:
            self.stdout.write(json.dumps(bilan, ensure_ascii=False))
        if fautives := [code for code, problemes in bilan.items() if problemes]:
            raise CommandError(f"Ne tiennent pas : {', '.join(fautives)}.")
        if not options["json"]:
            self.stdout.write(f"Tout tient : {accorder(len(bilan), 'édition vérifiée', 'éditions vérifiées')}.")

    def _montrer(self, code: str, problemes: list[str]) -> None:
        self.stdout.write(f"Édition {code} : {'ne tient pas' if problemes else 'tient'}.")
        for probleme in problemes[:MONTRES]:
            self.stderr.write(f"  {code} : {probleme}.")
        if len(problemes) > MONTRES:
            self.stderr.write(f"  … et {len(problemes) - MONTRES} autres; « --json » les donne tous.")
