"""`manage.py charger_exemple`: un monde fictif mais plausible, pour voir le baromètre vivre."""

import json

from django.core.management.base import BaseCommand, CommandError, CommandParser

from barometre.exemple.chargement import BaseOccupee, bilan, charger


class Command(BaseCommand):
    """Charge tout ou rien; une deuxième fois ne change rien."""

    help = "Charge le monde d'exemple (vrais noms, chiffres fictifs) dans une base vide."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="un compte rendu lisible par un programme")

    def handle(self, **options) -> None:
        """Charge et rend compte; sort en erreur (1) avec une phrase si la base contient autre chose."""
        try:
            charge = charger(self._annoncer)
        except BaseOccupee as refus:
            raise CommandError(str(refus)) from refus
        if options["json"]:
            self.stdout.write(json.dumps({"charge": charge, **bilan()}, ensure_ascii=False))
        else:
            self._rendre_compte(bilan(), charge=charge)

    def _annoncer(self, etape: str) -> None:
        """L'étape en cours, sur un terminal seulement."""
        if self.stderr.isatty():
            self.stderr.write(f"\r\033[K  {etape}…", str, ending="")
            self.stderr.flush()

    def _rendre_compte(self, faits: dict, *, charge: bool) -> None:
        if self.stderr.isatty() and charge:
            self.stderr.write("\r\033[K", str, ending="")
        self.stdout.write(
            "Le monde d'exemple est chargé : ses chiffres sont fictifs."
            if charge
            else "Le monde d'exemple est déjà chargé : rien n'a changé."
        )
        comptes = [f"{nombre} {quoi}" for quoi, nombre in faits.items() if isinstance(nombre, int)]
        self.stdout.write(f"  {', '.join(comptes)}; éditions {', '.join(faits['editions'])}.")
        self.stdout.write(f"Quatre comptes, de mot de passe « {faits['mot_de_passe']} » :")
        for compte in faits["comptes"]:
            self.stdout.write(f"  {compte['courriel']}  {compte['role']}")
