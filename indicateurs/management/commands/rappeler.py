"""`manage.py rappeler`: rappeler leurs échéances aux personnes habilitées, une fois par jour au plus."""

import json
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicateurs import rappels
from indicateurs.affichage import accorder
from organisations.horloge import maintenant


class Command(BaseCommand):
    """Envoie ce qui est à rappeler et rend compte en nombres: aucune adresse ne sort d'ici."""

    help = "Rappelle par courriel les échéances qui approchent ou viennent de passer; à lancer chaque jour."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--simuler", action="store_true", help="n'écrit et n'envoie rien; montre ce qui partirait")
        parser.add_argument("--json", action="store_true", help="un compte rendu lisible par un programme")

    def handle(self, *, simuler: bool, **options) -> None:
        """Rappelle et rend compte; sort en erreur (1) si un courriel n'est pas parti."""
        le = maintenant()
        envois = rappels.a_rappeler(le)
        if simuler:
            self._montrer(envois, en_json=options["json"])
            return
        bilan = rappels.envoyer(envois, le)
        if options["json"]:
            compte = {"envoyes": bilan.envoyes, "lignes": bilan.lignes, "echecs": bilan.echecs}
            self.stdout.write(json.dumps(compte))
        else:
            self.stdout.write(f"{_combien(bilan.envoyes, bilan.lignes)}.")
        if bilan.echecs:
            echecs = accorder(bilan.echecs.total(), "rappel n'est pas parti", "rappels ne sont pas partis")
            raise CommandError(f"{echecs} ({', '.join(bilan.echecs)}) : le prochain lancement réessaiera.")

    def _montrer(self, envois: rappels.Envois, *, en_json: bool) -> None:
        """Ce qui partirait: par organisation, trimestre et palier, combien de personnes."""
        compte = Counter(ligne for lignes in envois.values() for ligne in lignes)
        lignes: list[dict[str, Any]] = [
            {
                "organisation": ligne.attente.organisation.sigle,
                "trimestre": ligne.attente.trimestre.code,
                "palier": ligne.palier.label,
                "personnes": personnes,
            }
            for ligne, personnes in compte.items()
        ]
        if en_json:
            self.stdout.write(json.dumps({"rappels": len(envois), "lignes": lignes}, ensure_ascii=False))
            return
        self.stdout.write(f"Simulation, rien n'est envoyé : {_combien(len(envois), compte.total())}.")
        for ligne in lignes:
            self.stdout.write(
                f"  {ligne['organisation']}, {ligne['trimestre']} : {ligne['palier']}, "
                f"{accorder(ligne['personnes'], 'personne')}"
            )


def _combien(courriels: int, lignes: int) -> str:
    """« 3 rappels, pour 5 échéances »."""
    return f"{accorder(courriels, 'rappel')}, pour {accorder(lignes, 'échéance')}"
