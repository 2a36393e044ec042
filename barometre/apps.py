"""L'application du baromètre, qui est aussi le paquet du projet."""

from django.apps import AppConfig


class BarometreConfig(AppConfig):
    """Publier, montrer."""

    name = "barometre"
    verbose_name = "Baromètre"

    def ready(self) -> None:
        """Les déclencheurs suivent chaque migration; le catalogue apprend ce qu'une édition fige; on sait traduire."""
        from django.utils import translation

        from barometre import entre_editions, figes
        from barometre.declencheurs import DECLENCHEURS
        from indicateurs import langue
        from organisations.declencheurs import brancher

        brancher(self, DECLENCHEURS)
        figes.brancher()
        entre_editions.brancher()
        langue.brancher(traduire=translation.gettext, courante=translation.get_language)
