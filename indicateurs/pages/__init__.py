"""Ce que rassemblent les pages de l'espace, un module par page."""

from indicateurs.pages import accompagnement, bord, expertise, prolongation, relation, saisie, tableur, version

__all__ = ["accompagnement", "bord", "expertise", "prolongation", "relation", "saisie", "tableur", "version"]
