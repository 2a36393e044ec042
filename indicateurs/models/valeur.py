"""Ce qu'une organisation déclare pour un indicateur: deux comptes, ou une absence qui dit son nom."""

from collections.abc import Iterator
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from indicateurs.bornes import LIEN, LONGUEURS
from indicateurs.controles import Compte
from indicateurs.models.indicateur import Indicateur
from indicateurs.nombres import PLAFOND
from organisations.models import Organisation, en_vigueur_au

NOMBRE_OU_ABSENCE = "Donnez deux nombres, ou dites pourquoi il n'y en a pas."
NUMERATEUR_SOUS_DENOMINATEUR = "Le numérateur va de zéro au dénominateur."
SOUS_LE_PLAFOND = "Ce nombre dépasse un million de milliards."
LIEN_ATTENDU = "Le lien vers une preuve commence par https:// et n'a pas d'espace."
ABSENCE_MOTIVEE = "Dites pourquoi le chiffre n'est pas disponible : la raison sera publique."


class Absence(models.TextChoices):
    """Pourquoi il n'y a pas de nombre."""

    NON_DISPONIBLE = "NON_DISPONIBLE", "Non disponible"
    SANS_OBJET = "SANS_OBJET", "Sans objet"


class Saisie(NamedTuple):
    """Une réponse telle qu'elle entre, avant d'être une `Valeur`: deux comptes ou une absence."""

    numerateur: int | None = None
    denominateur: int | None = None
    absence: str = ""
    motif: str = ""
    note: str = ""
    justification: str = ""
    preuve: str = ""

    def en_json(self) -> dict[str, int | str]:
        """Pour le journal: ce qui est dit, sans ce qui est vide."""
        return {champ: fait for champ, fait in self._asdict().items() if fait not in (None, "")}


class ValeurQuerySet(models.QuerySet["Valeur"]):
    """Les choix de valeurs."""

    def publiques(self, edition) -> "ValeurQuerySet":
        """La seule porte vers le public: les valeurs en vigueur à l'instant où l'édition fut arrêtée.

        `edition` a un instant `arretee_le` et un `trimestre`, le dernier qu'elle couvre.
        """
        return self.filter(
            en_vigueur_au(edition.arretee_le, "soumission__"),
            soumission__trimestre__code__lte=edition.trimestre.code,
        )

    def de(self, organisation: Organisation) -> "ValeurQuerySet":
        """Celles d'une organisation."""
        return self.filter(soumission__organisation=organisation)


class Valeur(models.Model):
    """La réponse d'une version de soumission pour un indicateur. Seule `Soumission.saisir` en écrit."""

    soumission = models.ForeignKey("indicateurs.Soumission", models.CASCADE, related_name="valeurs")
    indicateur = models.ForeignKey(Indicateur, models.PROTECT, related_name="valeurs")
    numerateur = models.BigIntegerField(
        "numérateur", null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(PLAFOND)]
    )
    denominateur = models.BigIntegerField(
        "dénominateur", null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(PLAFOND)]
    )
    absence = models.CharField("absence", max_length=15, choices=Absence.choices, blank=True)
    motif = models.CharField("raison publique", max_length=LONGUEURS["motif"], blank=True)
    note = models.CharField("note publique", max_length=LONGUEURS["note"], blank=True)
    justification = models.CharField("justification au CQEN", max_length=LONGUEURS["justification"], blank=True)
    preuve = models.CharField(
        "lien vers une preuve", max_length=LONGUEURS["preuve"], blank=True, default="", db_default=""
    )

    objects = ValeurQuerySet.as_manager()

    class Meta:
        verbose_name = "valeur"
        verbose_name_plural = "valeurs"
        constraints = [
            models.UniqueConstraint(
                fields=["soumission", "indicateur"],
                name="valeur_unique",
                violation_error_message="Cet indicateur a déjà une réponse.",
            ),
            models.CheckConstraint(
                condition=Q(absence="", numerateur__isnull=False, denominateur__isnull=False)
                | Q(absence__in=Absence.values, numerateur__isnull=True, denominateur__isnull=True),
                name="valeur_nombre_ou_absence",
                violation_error_message=NOMBRE_OU_ABSENCE,
            ),
            models.CheckConstraint(
                condition=Q(numerateur__isnull=True) | Q(numerateur__gte=0, numerateur__lte=F("denominateur")),
                name="valeur_numerateur_sous_denominateur",
                violation_error_message=NUMERATEUR_SOUS_DENOMINATEUR,
            ),
            models.CheckConstraint(
                condition=Q(denominateur__isnull=True) | Q(denominateur__lte=PLAFOND),
                name="valeur_plafond",
                violation_error_message=SOUS_LE_PLAFOND,
            ),
            models.CheckConstraint(
                condition=~Q(absence=Absence.NON_DISPONIBLE) | ~Q(motif=""),
                name="valeur_absence_motivee",
                violation_error_message=ABSENCE_MOTIVEE,
            ),
            models.CheckConstraint(
                condition=Q(preuve="") | Q(preuve__startswith="https://") | Q(preuve__startswith="http://"),
                name="valeur_preuve_est_un_lien",
                violation_error_message=LIEN_ATTENDU,
            ),
        ]

    def __str__(self) -> str:
        return self.get_absence_display() if self.absence else f"{self.numerateur} / {self.denominateur}"

    @property
    def saisie(self) -> Saisie:
        """La réponse, telle qu'elle était entrée."""
        return Saisie(*(getattr(self, champ) for champ in Saisie._fields))

    @property
    def compte(self) -> Compte:
        """Les deux comptes et leur trimestre, d'une réponse sans absence."""
        return Compte(self.soumission.trimestre.code, self.numerateur or 0, self.denominateur or 0)


def verifier(saisie: Saisie) -> None:
    """Les règles d'une réponse, sans requête; lève `ValidationError` avec toutes les phrases.

    Les contraintes de `Valeur` disent la même chose à la base, qui a le dernier mot.
    """
    if phrases := [*_reproches_aux_nombres(saisie), *_reproches_aux_textes(saisie)]:
        raise ValidationError(phrases)


def _reproches_aux_nombres(saisie: Saisie) -> Iterator[str]:
    nombres = (saisie.numerateur, saisie.denominateur)
    if saisie.absence:
        if saisie.absence not in Absence.values or nombres != (None, None):
            yield NOMBRE_OU_ABSENCE
        return
    if saisie.numerateur is None or saisie.denominateur is None or {type(n) for n in nombres} != {int}:
        yield NOMBRE_OU_ABSENCE
        return
    if not 0 <= saisie.numerateur <= saisie.denominateur:
        yield NUMERATEUR_SOUS_DENOMINATEUR
    if saisie.denominateur > PLAFOND:
        yield SOUS_LE_PLAFOND


def _reproches_aux_textes(saisie: Saisie) -> Iterator[str]:
    if saisie.absence == Absence.NON_DISPONIBLE and not saisie.motif.strip():
        yield ABSENCE_MOTIVEE
    if saisie.preuve and not LIEN.match(saisie.preuve):
        yield LIEN_ATTENDU
    for nom, longueur in LONGUEURS.items():
        texte = getattr(saisie, nom)
        if len(texte) > longueur:
            yield f"Le champ « {nom} » a {len(texte)} caractères : au plus {longueur} sont permis."
        if "\0" in texte:
            yield f"Le champ « {nom} » contient un caractère invisible : récrivez-le."
