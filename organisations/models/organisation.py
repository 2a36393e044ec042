"""Les organisations publiques, leur portefeuille et la période où elles doivent déclarer."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.text import slugify
from simple_history.models import HistoricalRecords

from organisations.figes import FIGES
from organisations.models.statut import TransitionInterdite


class Categorie(models.TextChoices):
    """La nature d'une organisation: on ne compare que des semblables."""

    MINISTERE = "MINISTERE", "Ministère"
    ORGANISME_CENTRAL = "ORGANISME_CENTRAL", "Organisme central"
    ORGANISME_BUDGETAIRE = "ORGANISME_BUDGETAIRE", "Organisme budgétaire"
    ORGANISME_NON_BUDGETAIRE = "ORGANISME_NON_BUDGETAIRE", "Organisme autre que budgétaire"
    TRIBUNAL = "TRIBUNAL", "Tribunal administratif"
    ENTREPRISE = "ENTREPRISE", "Entreprise du gouvernement"
    AUTRE = "AUTRE", "Autre organisation"


FORME_DU_SIGLE = r"[^\W_][\w .&'-]*\Z"
TETES = (Categorie.MINISTERE, Categorie.ORGANISME_CENTRAL)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Les choix d'organisations."""

    def attendues(self, jour: datetime.date) -> "OrganisationQuerySet":
        """Celles qui doivent déclarer ce jour-là."""
        return self.filter(Q(assujettie_au__isnull=True) | Q(assujettie_au__gte=jour), assujettie_du__lte=jour)

    def tetes(self) -> "OrganisationQuerySet":
        """Celles qui peuvent avoir un portefeuille: les ministères et les organismes centraux."""
        return self.filter(categorie__in=TETES)

    def du_portefeuille(self, tete: Any) -> "OrganisationQuerySet":
        """Une tête et les organisations qui lui sont rattachées; `tete` est sa clé, ou plusieurs."""
        tetes = tete if isinstance(tete, models.QuerySet) else [tete]
        return self.filter(Q(pk__in=tetes) | Q(ministere__in=tetes))

    def pour(self, utilisateur) -> "OrganisationQuerySet":
        """Celles au nom desquelles la personne est habilitée; aucune pour les autres."""
        if not utilisateur.is_active:
            return self.none()
        return self.filter(pk__in=utilisateur.habilitations.actives().values("organisation"))


class Organisation(models.Model):
    """Une organisation; son `sigle` est sa clé publique et ne change jamais une fois publié."""

    sigle = models.CharField(
        "sigle",
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(FORME_DU_SIGLE, "Un sigle n'a que des lettres, des chiffres, des espaces et des traits.")
        ],
    )
    slug = models.SlugField("adresse", max_length=40, unique=True, editable=False)
    nom = models.CharField("nom", max_length=250)
    categorie = models.CharField("catégorie", max_length=30, choices=Categorie.choices, default=Categorie.AUTRE)
    ministere = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="ministère de tutelle",
        related_name="rattachees",
        null=True,
        blank=True,
        limit_choices_to={"categorie__in": TETES},
    )
    assujettie_du = models.DateField("doit déclarer depuis le")
    assujettie_au = models.DateField("doit déclarer jusqu'au", null=True, blank=True)
    remplacee_par = models.ForeignKey(
        "self", models.PROTECT, verbose_name="remplacée par", related_name="remplace", null=True, blank=True
    )
    site_web = models.URLField("site web", blank=True)

    objects = OrganisationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "organisation"
        verbose_name_plural = "organisations"
        constraints = [
            models.UniqueConstraint(
                Lower("sigle"), name="organisation_sigle_unique", violation_error_message="Ce sigle est déjà pris."
            ),
            models.CheckConstraint(
                condition=~Q(sigle="") & ~Q(slug="") & ~Q(nom=""),
                name="organisation_nommee",
                violation_error_message="Une organisation a un sigle et un nom.",
            ),
            models.CheckConstraint(
                condition=Q(categorie__in=Categorie.values),
                name="organisation_categorie",
                violation_error_message="Cette catégorie n'existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(assujettie_au__isnull=True) | Q(assujettie_au__gte=F("assujettie_du")),
                name="organisation_dates_en_ordre",
                violation_error_message="La fin de l'assujettissement précède son début.",
            ),
            models.CheckConstraint(
                condition=Q(remplacee_par__isnull=True) | (Q(assujettie_au__isnull=False) & ~Q(remplacee_par=F("id"))),
                name="organisation_remplacee_a_une_fin",
                violation_error_message="Une organisation remplacée cesse de déclarer, et l'est par une autre.",
            ),
            models.CheckConstraint(
                condition=Q(ministere__isnull=True) | (~Q(categorie__in=TETES) & ~Q(ministere=F("id"))),
                name="organisation_tete_sans_tutelle",
                violation_error_message="Un ministère est la tête de son portefeuille : il n'a pas de tutelle.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nom} ({self.sigle})"

    def save(self, *args, **kwargs) -> None:
        """L'adresse vient du sigle, qui survit aux changements de nom."""
        if not self.slug:
            self.slug = slugify(self.sigle)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """L'adresse suit le sigle tant que rien n'en est publié; un portefeuille et un remplacement se tiennent."""
        if not FIGES.de(self):
            self._suivre_le_sigle()
        if self.pk and self.categorie not in TETES and (self.rattachees.exists() or self.attributions.exists()):
            raise ValidationError({"categorie": "Des organisations ou des relectures dépendent de ce portefeuille."})
        suivante, vues = self.remplacee_par, {self.pk}
        while suivante:
            if suivante.pk in vues:
                raise ValidationError({"remplacee_par": "Ces organisations se remplaceraient l'une l'autre."})
            vues.add(suivante.pk)
            suivante = suivante.remplacee_par

    def _suivre_le_sigle(self) -> None:
        """Lève `ValidationError` si le sigle donne l'adresse d'une autre, ou aucune."""
        adresse = slugify(self.sigle)
        if not adresse or Organisation.objects.exclude(pk=self.pk).filter(slug=adresse).exists():
            raise ValidationError({"sigle": "Ce sigle donne une adresse vide ou déjà prise : choisissez-en un autre."})
        self.slug = adresse

    @property
    def tete(self) -> "Organisation | None":
        """La tête de son portefeuille: elle-même, ou sa tutelle; rien si elle n'en a pas."""
        return self if self.categorie in TETES else self.ministere

    @property
    def portefeuille(self) -> str:
        """Le sigle de cette tête; vide si elle n'en a pas."""
        return self.tete.sigle if self.tete else ""

    def est_attendue(self, jour: datetime.date) -> bool:
        """Doit-elle déclarer ce jour-là?"""
        return self.assujettie_du <= jour and (self.assujettie_au is None or self.assujettie_au >= jour)

    def exiger_attendue(self, jour: datetime.date) -> None:
        """Lève `TransitionInterdite` si elle n'a pas à déclarer ce jour-là."""
        if not self.est_attendue(jour):
            raise TransitionInterdite(f"{self} n'a pas à déclarer pour ce trimestre.")
