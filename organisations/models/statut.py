"""Les états d'un dossier et les passages permis de l'un à l'autre."""

from django.db import models


class Statut(models.TextChoices):
    """Où en est une version d'un dossier."""

    BROUILLON = "BROUILLON", "Brouillon"
    SOUMIS = "SOUMIS", "Transmis"
    A_CORRIGER = "A_CORRIGER", "À corriger"
    VALIDE = "VALIDE", "Accepté"
    REMPLACE = "REMPLACE", "Remplacé"


TRANSITIONS: dict[str, frozenset[str]] = {
    Statut.BROUILLON: frozenset({Statut.SOUMIS}),
    Statut.SOUMIS: frozenset({Statut.VALIDE, Statut.A_CORRIGER}),
    Statut.A_CORRIGER: frozenset({Statut.SOUMIS}),
    Statut.VALIDE: frozenset({Statut.REMPLACE}),
    Statut.REMPLACE: frozenset(),
}
OUVERTS = (Statut.BROUILLON, Statut.A_CORRIGER, Statut.SOUMIS)
MODIFIABLES = (Statut.BROUILLON, Statut.A_CORRIGER)
ACCEPTES = (Statut.VALIDE, Statut.REMPLACE)


class TransitionInterdite(Exception):
    """Un changement refusé; son message est une phrase pour la personne."""


class DroitManquant(TransitionInterdite):
    """La personne n'a pas le rôle qu'il faut."""


class Conflit(TransitionInterdite):
    """Quelqu'un d'autre a enregistré entre la lecture et l'écriture; rien n'a été écrit."""
