"""L'administration des trimestres et de ce qui s'y déclare."""

from indicateurs.admin import accompagnement, catalogue, fiches, prolongations, rappels, soumissions, suivi

__all__ = ["accompagnement", "catalogue", "fiches", "prolongations", "rappels", "soumissions", "suivi"]
