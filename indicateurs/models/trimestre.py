"""Les trimestres et leurs échéances: des lignes que le CQEN modifie, dans l'heure de Montréal."""

import datetime
import re

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from simple_history.models import HistoricalRecords

from indicateurs import mots
from indicateurs.arithmetique import rang
from organisations.models import TransitionInterdite

CODE = re.compile(r"([12][0-9]{3})-T([1-4])")
DELAI = datetime.timedelta(days=45)


class TrimestreInconnu(ValueError):
    """Ce code ne désigne aucun trimestre; son message est une phrase pour la personne."""


class TrimestreManager(models.Manager["Trimestre"]):
    """Trouve et prépare des trimestres."""

    def du_code(self, code: str) -> "Trimestre":
        """Un trimestre non enregistré: il ouvre le lendemain de sa fin et échoit 45 jours après cette fin.

        Lève `TrimestreInconnu` si le code n'est pas de la forme AAAA-Tn.
        """
        if not (lu := CODE.fullmatch(code)):
            raise TrimestreInconnu(f"« {code} » n'est pas un trimestre : on attend AAAA-T1 à AAAA-T4, comme 2023-T1.")
        trimestre = self.model(annee=int(lu[1]), numero=int(lu[2]), code=code)
        trimestre.ouvre_le = trimestre.fin + datetime.timedelta(days=1)
        trimestre.echeance_le = trimestre.fin + DELAI
        return trimestre

    def termines(self, le: datetime.datetime) -> models.QuerySet["Trimestre"]:
        """Ceux dont le dernier jour est passé, à Montréal, à cet instant."""
        jour = timezone.localdate(le)
        return self.filter(Q(annee__lt=jour.year) | Q(annee=jour.year, numero__lt=(jour.month + 2) // 3))


class Trimestre(models.Model):
    """Un trimestre civil. Ses dates sont des jours entiers: l'échéance comprend sa dernière minute."""

    annee = models.PositiveSmallIntegerField("année")
    numero = models.PositiveSmallIntegerField("numéro")
    code = models.CharField("code", max_length=7, unique=True)
    ouvre_le = models.DateField("ouvre le")
    echeance_le = models.DateField("échéance le")

    objects = TrimestreManager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "trimestre"
        verbose_name_plural = "trimestres"
        constraints = [
            models.UniqueConstraint(
                fields=["annee", "numero"],
                name="trimestre_unique",
                violation_error_message="Ce trimestre existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(annee__gte=1990, annee__lte=2100, numero__gte=1, numero__lte=4),
                name="trimestre_existe",
                violation_error_message="Un trimestre va de 1 à 4, de 1990 à 2100.",
            ),
            models.CheckConstraint(
                condition=Q(
                    code=Concat(
                        Cast("annee", models.CharField()),
                        Value("-T"),
                        Cast("numero", models.CharField()),
                        output_field=models.CharField(),
                    )
                ),
                name="trimestre_code",
                violation_error_message="Le code d'un trimestre est AAAA-Tn.",
            ),
            models.CheckConstraint(
                condition=Q(echeance_le__gte=F("ouvre_le")),
                name="trimestre_dates_en_ordre",
                violation_error_message="L'échéance précède l'ouverture.",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def rang(self) -> int:
        """Son rang: deux trimestres qui se suivent ont deux rangs qui se suivent."""
        return rang(self.code)

    @property
    def debut(self) -> datetime.date:
        """Son premier jour."""
        return datetime.date(self.annee, self.numero * 3 - 2, 1)

    @property
    def fin(self) -> datetime.date:
        """Son dernier jour."""
        suivant = datetime.date(self.annee + self.numero // 4, self.numero % 4 * 3 + 1, 1)
        return suivant - datetime.timedelta(days=1)

    def est_ouvert(self, le: datetime.datetime) -> bool:
        """Peut-on transmettre? Oui dès l'ouverture, et encore après l'échéance: un dépôt tardif vaut mieux que rien."""
        return self.ouvre_le <= timezone.localdate(le)

    def exiger_ouvert(self, le: datetime.datetime) -> None:
        """Lève `TransitionInterdite` avant l'ouverture."""
        if not self.est_ouvert(le):
            raise TransitionInterdite(f"Le {mots.trimestre(self.code)} ouvre le {mots.date(self.ouvre_le)}.")
