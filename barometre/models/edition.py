"""Une publication: une coupe dans un registre où l'on ne fait qu'ajouter."""

import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from barometre import depot, formats
from barometre.chiffres import Case, Chiffre, Regle, Serie, series
from barometre.composition import cases, cataloguer, chiffrer, est_attendue
from barometre.declencheurs import VERROU_DU_REGISTRE
from indicateurs.models import Trimestre, Valeur


class PublicationRefusee(Exception):
    """Une publication impossible; son message est une phrase pour la personne."""


class EditionQuerySet(models.QuerySet["Edition"]):
    """Les choix d'éditions."""

    def derniere(self) -> "Edition | None":
        """La plus récente, ou rien tant que rien n'est publié."""
        return self.select_related("trimestre").order_by("-rang").first()


class Edition(models.Model):
    """Une édition: son trimestre, l'instant où elle fut arrêtée, ce qu'étaient alors les noms, règles et cibles.

    `catalogue` garde organisations, indicateurs et trimestres tels qu'ils étaient: les pages d'une édition ne lisent
    que lui, ses agrégats et la porte `Valeur.objects.publiques`. `empreinte` enchaîne les éditions.
    """

    code = models.CharField("code", max_length=12, unique=True)
    rang = models.PositiveIntegerField("rang", unique=True)
    trimestre = models.ForeignKey(Trimestre, models.PROTECT, related_name="+", verbose_name="dernier trimestre")
    correctif = models.PositiveSmallIntegerField("numéro du correctif", default=0)
    arretee_le = models.DateTimeField("arrêtée le")
    publiee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.TextField("note", blank=True)
    fictive = models.BooleanField("chiffres fictifs", default=False)
    catalogue = models.JSONField("catalogue")
    empreinte = models.CharField("empreinte", max_length=64, unique=True)
    precedente = models.OneToOneField("self", models.PROTECT, related_name="suivante", null=True, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "édition"
        verbose_name_plural = "éditions"
        permissions = [("publier_edition", "Peut publier une édition")]
        constraints = [
            models.UniqueConstraint(fields=["trimestre", "correctif"], name="edition_correctif_unique"),
            models.CheckConstraint(
                condition=Q(rang=1, precedente__isnull=True) | Q(rang__gt=1, precedente__isnull=False),
                name="edition_chainee",
            ),
            models.CheckConstraint(
                condition=Q(correctif=0) | ~Q(note=""),
                name="edition_correctif_explique",
                violation_error_message="Une édition corrective dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"Édition {self.code}"

    @cached_property
    def regles(self) -> dict[str, Regle]:
        """Les indicateurs tels qu'ils étaient, par code et dans l'ordre d'affichage."""
        return {fiche["code"]: Regle.depuis(fiche) for fiche in self.catalogue["indicateurs"]}

    @cached_property
    def organisations(self) -> dict[str, dict[str, Any]]:
        """Les organisations telles qu'elles étaient, par sigle."""
        return {fiche["sigle"]: fiche for fiche in self.catalogue["organisations"]}

    @cached_property
    def attendues(self) -> set[str]:
        """Les sigles des organisations qui devaient déclarer au dernier trimestre."""
        fin = self.trimestre.fin.isoformat()
        return {sigle for sigle, fiche in self.organisations.items() if est_attendue(fiche, fin)}

    def repondantes(self) -> int:
        """Combien d'attendues ont répondu à un indicateur au moins du dernier trimestre; une requête."""
        valeurs = Valeur.objects.publiques(self).filter(soumission__trimestre=self.trimestre_id)
        return len(self.attendues & set(valeurs.values_list("soumission__organisation__sigle", flat=True).distinct()))

    def series(self, portefeuille: str | None = "", indicateur: str = "") -> dict[tuple[str, str], Serie]:
        """Les séries de l'ensemble, d'un portefeuille, ou (`None`) de tous, par code et portefeuille; une requête."""
        agregats = self.agregats.all()
        if portefeuille is not None:
            agregats = agregats.filter(portefeuille__sigle=portefeuille or None)
        if indicateur:
            agregats = agregats.filter(indicateur__code=indicateur)
        return series(agregats.chiffres(self.regles))

    def series_de(self, sigle: str) -> dict[str, Serie]:
        """Les séries d'une organisation, face à ses propres cibles, par code d'indicateur; deux requêtes."""
        propres = {code: regle.pour(sigle) for code, regle in self.regles.items()}
        suites = series(Chiffre.propre(propres[case.indicateur], case) for case in cases(self, sigle=sigle))
        return {code: serie for (code, _), serie in suites.items()}

    def cases_du(self, trimestre: str) -> list[Case]:
        """Ce que chaque organisation attendue a répondu à un trimestre; deux requêtes."""
        return list(cases(self, trimestre=trimestre))

    @property
    def entete(self) -> dict[str, Any]:
        """Ce que le dossier dit de l'édition elle-même."""
        return {
            "code": self.code,
            "trimestre": self.trimestre.code,
            "arretee_le": timezone.localtime(self.arretee_le, datetime.UTC).isoformat(),
            "note": self.note,
            "fictive": self.fictive,
            "precedente": {"code": self.precedente.code, "empreinte": self.precedente.empreinte}
            if self.precedente
            else None,
        }

    @classmethod
    def simuler(cls, *, trimestre: Trimestre, le: datetime.datetime, note: str = "", fictive: bool = False) -> "Projet":
        """Ce que l'édition dirait, sans rien écrire; lève `PublicationRefusee`."""
        edition = cls._preparer(trimestre, le, note, fictive)
        edition.catalogue = cataloguer(edition)
        toutes = list(cases(edition))
        return Projet(edition, toutes, chiffrer(edition.catalogue, toutes))

    @classmethod
    def publier(
        cls, *, trimestre: Trimestre, par, le: datetime.datetime, note: str = "", fictive: bool = False
    ) -> "Edition":
        """Publie l'édition d'un trimestre: base, dossier et empreinte, tout ou rien; lève `PublicationRefusee`.

        Une deuxième édition du même trimestre est corrective (`2023-T1-r1`) et demande une note.
        """
        if not (par.est_technique or par.has_perm("barometre.publier_edition")):
            raise PublicationRefusee("Publier est réservé aux personnes qui en ont le droit.")
        deposee = ""
        try:
            with transaction.atomic():
                _prendre_le_registre()
                edition, toutes, chiffres = cls.simuler(trimestre=trimestre, le=le, note=note, fictive=fictive)
                fichiers = formats.composer_les_fichiers(edition.entete, edition.catalogue, toutes, chiffres)
                edition.publiee_par = par
                edition.empreinte = edition.empreinte_attendue(fichiers[formats.SOMMES])
                edition.save(force_insert=True)
                edition.agregats.ecrire(edition, chiffres)
                deposee = edition.code
                depot.deposer(edition.code, fichiers)
                transaction.on_commit(edition.designer, robust=True)
        except BaseException as panne:
            cls._retirer_si_absente(deposee)
            if isinstance(panne, OSError):
                raise PublicationRefusee(f"Le dossier des éditions ne s'écrit pas : {panne.strerror}.") from panne
            raise
        return edition

    def designer(self) -> None:
        """Fait d'elle l'édition la plus récente aux yeux des pages."""
        depot.designer(self.code, self.empreinte, fictive=self.fictive)

    @classmethod
    def _retirer_si_absente(cls, code: str) -> None:
        """Efface le dossier d'une édition que la base n'a pas retenue; publiée, elle le reste."""
        if code and not cls.objects.filter(code=code).exists():
            depot.retirer(code)

    def empreinte_attendue(self, sommes: bytes) -> str:
        """L'empreinte que ces sommes donnent, à la suite de l'édition précédente."""
        return formats.empreinte(sommes, self.precedente.empreinte if self.precedente else "")

    @classmethod
    def _preparer(cls, trimestre: Trimestre, le: datetime.datetime, note: str, fictive: bool) -> "Edition":
        """L'édition à venir, non enregistrée; lève `PublicationRefusee` si ce n'en est pas le moment."""
        if trimestre.fin >= timezone.localdate(le):
            raise PublicationRefusee(f"Le trimestre {trimestre.code} n'est pas terminé.")
        derniere = cls.objects.derniere()
        correctif = 0
        if derniere:
            if le <= derniere.arretee_le:
                raise PublicationRefusee(f"L'édition {derniere.code} a été arrêtée après cet instant.")
            if trimestre.code < derniere.trimestre.code:
                raise PublicationRefusee(f"L'édition {derniere.code} couvre déjà le trimestre {trimestre.code}.")
            if trimestre.code == derniere.trimestre.code:
                correctif = derniere.correctif + 1
                if not note.strip():
                    raise PublicationRefusee(
                        f"L'édition {derniere.code} existe : une édition corrective demande une note qui dit pourquoi."
                    )
        return cls(
            code=f"{trimestre.code}-r{correctif}" if correctif else trimestre.code,
            rang=derniere.rang + 1 if derniere else 1,
            trimestre=trimestre,
            correctif=correctif,
            arretee_le=le,
            note=note,
            fictive=fictive or bool(derniere and derniere.fictive),
            precedente=derniere,
        )


class Projet(NamedTuple):
    """Une édition à publier: son en-tête et son catalogue, ses cases, ses chiffres."""

    edition: Edition
    cases: list[Case]
    chiffres: list[Chiffre]


def _prendre_le_registre() -> None:
    """Attend la fin des validations en cours et retient les suivantes jusqu'à la fin de la publication.

    SQLite n'a qu'un écrivain: sa transaction IMMEDIATE suffit.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as curseur:
            curseur.execute("SELECT pg_advisory_xact_lock(%s)", [VERROU_DU_REGISTRE])
