"""Ce qui est mesuré: l'indicateur, ses définitions datées, le chemin de ses cibles."""

import datetime
from decimal import Decimal
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from simple_history.models import HistoricalRecords

from indicateurs.langue import est_anglais
from organisations.models import Organisation

FACULTATIF: dict[str, Any] = {"blank": True, "default": "", "db_default": ""}


class Agregation(models.TextChoices):
    """Laquelle des deux parts est le chiffre principal; les deux sont toujours calculées et publiées."""

    PART_GLOBALE = "PART_GLOBALE", "Part globale"
    PART_ORGANISATIONS = "PART_ORGANISATIONS", "Part des organisations"


class IndicateurQuerySet(models.QuerySet["Indicateur"]):
    """Les choix d'indicateurs."""

    def attendus(self, jour: datetime.date) -> "IndicateurQuerySet":
        """Ceux qui ont une définition en vigueur ce jour-là et ne sont pas retirés."""
        return self.filter(
            Q(retire_le__isnull=True) | Q(retire_le__gt=jour),
            models.Exists(Definition.objects.filter(indicateur=models.OuterRef("pk"), applicable_du__lte=jour)),
        )


class Indicateur(models.Model):
    """Un indicateur; son `code` est le même mot dans le formulaire, l'adresse, le JSON et le CSV."""

    code = models.CharField(
        "code",
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9-]*\Z", "Un code n'a que des lettres, chiffres et traits.")],
    )
    intitule = models.CharField("intitulé", max_length=250)
    libelle_numerateur = models.CharField("ce que compte le numérateur", max_length=250, default="Numérateur")
    libelle_denominateur = models.CharField("ce que compte le dénominateur", max_length=250, default="Dénominateur")
    intitule_en = models.CharField("intitulé en anglais", max_length=250, **FACULTATIF)
    libelle_numerateur_en = models.CharField("numérateur en anglais", max_length=250, **FACULTATIF)
    libelle_denominateur_en = models.CharField("dénominateur en anglais", max_length=250, **FACULTATIF)
    agregation = models.CharField(
        "chiffre principal", max_length=20, choices=Agregation.choices, default=Agregation.PART_GLOBALE
    )
    seuil = models.DecimalField("seuil d'une organisation (%)", max_digits=5, decimal_places=2, default=Decimal(50))
    denominateur_minimal = models.PositiveIntegerField("dénominateur minimal pour juger", default=0)
    ordre = models.PositiveSmallIntegerField("ordre d'affichage", default=0)
    retire_le = models.DateField("retiré le", null=True, blank=True)

    objects = IndicateurQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "indicateur"
        verbose_name_plural = "indicateurs"
        constraints = [
            models.UniqueConstraint(
                Lower("code"), name="indicateur_code_unique", violation_error_message="Ce code est déjà pris."
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(intitule=""),
                name="indicateur_nomme",
                violation_error_message="Un indicateur a un code et un intitulé.",
            ),
            models.CheckConstraint(
                condition=Q(agregation__in=Agregation.values),
                name="indicateur_agregation",
                violation_error_message="Cette agrégation n'existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(seuil__gte=0, seuil__lt=100),
                name="indicateur_seuil",
                violation_error_message="Le seuil va de 0 à moins de 100 %.",
            ),
            models.CheckConstraint(
                condition=Q(intitule_en="", libelle_numerateur_en="", libelle_denominateur_en="")
                | ~(Q(intitule_en="") | Q(libelle_numerateur_en="") | Q(libelle_denominateur_en="")),
                name="indicateur_anglais_entier",
                violation_error_message="L'anglais est entier ou absent : l'intitulé et les deux libellés.",
            ),
        ]

    def __str__(self) -> str:
        return self.intitule

    @property
    def nom(self) -> str:
        """L'intitulé, dans la langue de la page s'il y est écrit."""
        return (est_anglais() and self.intitule_en) or self.intitule

    def est_attendu(self, jour: datetime.date) -> bool:
        """A-t-il une définition en vigueur ce jour-là, sans être retiré? Lit les définitions déjà chargées."""
        en_vigueur = any(definition.applicable_du <= jour for definition in self.definitions.all())
        return en_vigueur and (self.retire_le is None or self.retire_le > jour)

    def definition_au(self, jour: datetime.date) -> "Definition | None":
        """La définition en vigueur ce jour-là. Lit les définitions déjà chargées, s'il y en a."""
        en_vigueur = [definition for definition in self.definitions.all() if definition.applicable_du <= jour]
        return max(en_vigueur, key=lambda definition: definition.applicable_du, default=None)


class Definition(models.Model):
    """La définition d'un indicateur à partir d'une date; la première dit depuis quand il est attendu."""

    indicateur = models.ForeignKey(Indicateur, models.PROTECT, related_name="definitions")
    applicable_du = models.DateField("applicable à partir du")
    texte = models.TextField("définition")
    rupture = models.BooleanField("rompt la série", default=False)
    explication = models.TextField("ce qui change", blank=True)
    texte_en = models.TextField("définition en anglais", **FACULTATIF)
    explication_en = models.TextField("ce qui change, en anglais", **FACULTATIF)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "définition"
        verbose_name_plural = "définitions"
        constraints = [
            models.UniqueConstraint(
                fields=["indicateur", "applicable_du"],
                name="definition_date_unique",
                violation_error_message="Une définition commence déjà ce jour-là.",
            ),
            models.CheckConstraint(
                condition=~Q(texte="") & (Q(rupture=False) | ~Q(explication="")),
                name="definition_rupture_expliquee",
                violation_error_message="Une définition a un texte; une rupture s'explique.",
            ),
            models.CheckConstraint(
                condition=Q(texte_en="", explication_en="")
                | ~Q(texte_en="") & (Q(explication="", explication_en="") | ~Q(explication="") & ~Q(explication_en="")),
                name="definition_anglais_entier",
                violation_error_message="L'anglais dit tout ce que dit le français, ou rien : le texte, ce qui change.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicateur.code}, dès le {self.applicable_du}"


class Cible(models.Model):
    """Un point du chemin d'un indicateur, national ou propre à une organisation."""

    indicateur = models.ForeignKey(Indicateur, models.PROTECT, related_name="cibles")
    trimestre = models.ForeignKey("indicateurs.Trimestre", models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="cibles", null=True, blank=True)
    pourcentage = models.DecimalField("pourcentage", max_digits=5, decimal_places=2)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "cible"
        verbose_name_plural = "cibles"
        constraints = [
            models.UniqueConstraint(
                fields=["indicateur", "trimestre"],
                condition=Q(organisation__isnull=True),
                name="cible_nationale_unique",
                violation_error_message="Une cible nationale existe déjà pour ce trimestre.",
            ),
            models.UniqueConstraint(
                fields=["indicateur", "trimestre", "organisation"],
                name="cible_unique",
                violation_error_message="Une cible existe déjà pour ce trimestre et cette organisation.",
            ),
            models.CheckConstraint(
                condition=Q(pourcentage__gte=0, pourcentage__lte=100),
                name="cible_entre_0_et_100",
                violation_error_message="Une cible va de 0 à 100 %.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicateur.code} : {self.pourcentage} % au {self.trimestre.code}"
