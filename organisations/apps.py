"""L'application des organisations."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Qui existe, qui peut parler, ce qui fut promis."""

    name = "organisations"
    verbose_name = "Organisations"

    def ready(self) -> None:
        """Les déclencheurs suivent chaque migration."""
        from organisations import declencheurs

        declencheurs.brancher(self, declencheurs.DECLENCHEURS)
