"""Les raisons de renvoi qui reviennent: des lignes que le CQEN tient, jamais du code."""

from django.db import models


class FormuleDeRenvoi(models.Model):
    """Une raison toute faite, que la personne qui relit choisit et complète."""

    texte = models.CharField("texte", max_length=300, unique=True)
    ordre = models.PositiveSmallIntegerField("ordre d'affichage", default=0)

    class Meta:
        verbose_name = "formule de renvoi"
        verbose_name_plural = "formules de renvoi"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(texte=""),
                name="formulederenvoi_a_un_texte",
                violation_error_message="Écrivez la formule.",
            )
        ]

    def __str__(self) -> str:
        return self.texte
