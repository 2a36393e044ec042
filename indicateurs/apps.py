"""L'application des indicateurs."""

from django.apps import AppConfig


class IndicateursConfig(AppConfig):
    """Saisir, soumettre, valider."""

    name = "indicateurs"
    verbose_name = "Indicateurs"

    def ready(self) -> None:
        """Les déclencheurs suivent chaque migration."""
        from indicateurs.declencheurs import DECLENCHEURS
        from organisations.declencheurs import brancher

        brancher(self, DECLENCHEURS)
