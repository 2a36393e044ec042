"""Ce que chaque organisation a promis: son plan de transformation numérique (PTN)."""

import datetime
from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple
from uuid import uuid4

from django.db import models, transaction
from django.db.models import F, Q

from organisations.models.contraintes import une_seule_vivante
from organisations.models.dossier import Dossier
from organisations.models.journal import Evenement
from organisations.models.organisation import Organisation
from organisations.models.statut import TransitionInterdite
from organisations.models.strategie import Strategie


def nom_du_document(_plan: "PlanTransformation", _nom: str) -> str:
    """Un nom que nous choisissons: celui du poste de la personne n'entre jamais dans un chemin."""
    return f"plans/{uuid4().hex}.pdf"


class PlanTransformation(Dossier):
    """Une version du plan d'une organisation pour une stratégie."""

    CLE: ClassVar = ("organisation", "strategie")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="plans")
    strategie = models.ForeignKey(Strategie, models.PROTECT, related_name="plans")
    debut = models.DateField("début")
    fin = models.DateField("fin")
    resume = models.TextField("résumé")
    document = models.FileField("document", upload_to=nom_du_document, blank=True)

    class Meta:
        verbose_name = "plan de transformation"
        verbose_name_plural = "plans de transformation"
        permissions = [("relire_plantransformation", "Peut relire et valider les plans")]
        constraints = [
            *Dossier.Meta.constraints,
            *une_seule_vivante("organisation", "strategie"),
            models.CheckConstraint(
                condition=Q(fin__gt=F("debut")),
                name="plan_dates_en_ordre",
                violation_error_message="Le plan finit après avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return f"Plan de {self.organisation.sigle}, version {self.version}"

    @transaction.atomic
    def rediger(
        self, contenu: "ContenuDuPlan", *, par, le: datetime.datetime, jeton: str | None = None, document=None
    ) -> bool:
        """Écrit le plan et ses initiatives, dans l'ordre donné; rend `False` si rien ne change.

        `document` est un PDF à joindre. Lève `TransitionInterdite` si le plan est parti, `Conflit` si quelqu'un a
        enregistré depuis la page de ce `jeton`.
        """
        self._relire_sous_verrou()
        avant, apres = self.contenu(), contenu.en_json() | {"document": self.document.name}
        if document and not self._porte(document):
            self._exiger_modifiable(jeton, par)  # un refus ne laisse pas de fichier
            self.document.save("plan.pdf", document, save=False)
            apres["document"] = self.document.name
        changements = {nom: {"avant": avant[nom], "apres": apres[nom]} for nom in apres if apres[nom] != avant[nom]}
        if not changements:
            return False
        self._exiger_modifiable(jeton, par)
        self.debut, self.fin, self.resume = contenu.debut, contenu.fin, contenu.resume
        self.initiatives.all().delete()
        self._ecrire_initiatives(contenu.initiatives)
        self._consigner(changements, "debut", "fin", "resume", "document", par=par, le=le)
        return True

    def contenu(self) -> dict[str, Any]:
        """Ce que le plan dit, en JSON: ce que le journal rejoue."""
        initiatives = [ContenuDInitiative.de(initiative) for initiative in self.initiatives.order_by("rang")]
        dit = ContenuDuPlan(self.debut, self.fin, self.resume, initiatives)
        return dit.en_json() | {"document": self.document.name}

    def _porte(self, document) -> bool:
        """Le document joint est-il déjà celui-ci, octet pour octet?"""
        document.seek(0)
        try:
            with self.document.open() as garde:
                return garde.read() == document.read()
        except (ValueError, OSError):  # aucun, ou perdu
            return False

    def _ecrire_initiatives(self, initiatives: "Sequence[ContenuDInitiative]") -> None:
        for rang, initiative in enumerate(initiatives, start=1):
            Initiative.objects.create(plan=self, rang=rang, **initiative._asdict())

    def _verifier_completude(self, *, le: datetime.datetime) -> None:
        if not self.resume.strip() or not self.initiatives.exists():
            raise TransitionInterdite("Le plan est incomplet : il faut un résumé et au moins une initiative.")

    def _copier_contenu(self, nouvelle: "PlanTransformation", *, par, le: datetime.datetime) -> None:
        initiatives = [ContenuDInitiative.de(initiative) for initiative in self.initiatives.order_by("rang")]
        nouvelle.rediger(ContenuDuPlan(self.debut, self.fin, self.resume, initiatives), par=par, le=le)


class Avancement(models.TextChoices):
    """Où en est une initiative."""

    PREVUE = "PREVUE", "Prévue"
    EN_COURS = "EN_COURS", "En cours"
    TERMINEE = "TERMINEE", "Terminée"
    ABANDONNEE = "ABANDONNEE", "Abandonnée"


class Initiative(models.Model):
    """Un projet du plan: ce qu'il change, quand, et où il en est."""

    plan = models.ForeignKey(PlanTransformation, models.CASCADE, related_name="initiatives")
    rang = models.PositiveSmallIntegerField("rang")
    titre = models.CharField("titre", max_length=250)
    changement = models.TextField("ce qui change pour la population", blank=True)
    debut = models.DateField("début")
    fin = models.DateField("fin")
    etat = models.CharField("état", max_length=12, choices=Avancement.choices, default=Avancement.PREVUE)
    progres = models.PositiveSmallIntegerField("progrès (%)", default=0)

    class Meta:
        verbose_name = "initiative"
        verbose_name_plural = "initiatives"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "rang"],
                name="initiative_rang_unique",
                violation_error_message="Deux initiatives ont le même rang.",
            ),
            models.CheckConstraint(
                condition=Q(fin__gte=F("debut")) & ~Q(titre=""),
                name="initiative_datee_et_titree",
                violation_error_message="Une initiative a un titre et finit après avoir commencé.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=Avancement.values, progres__lte=100),
                name="initiative_avancement",
                violation_error_message="Le progrès va de 0 à 100.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre


class ContenuDInitiative(NamedTuple):
    """Une initiative telle qu'elle entre; son rang est sa place dans la liste."""

    titre: str
    debut: datetime.date
    fin: datetime.date
    changement: str = ""
    etat: str = Avancement.PREVUE
    progres: int = 0

    @classmethod
    def de(cls, initiative: Initiative) -> "ContenuDInitiative":
        """Ce que dit une initiative enregistrée."""
        return cls(*(getattr(initiative, champ) for champ in cls._fields))


class ContenuDuPlan(NamedTuple):
    """Un plan tel qu'il entre."""

    debut: datetime.date
    fin: datetime.date
    resume: str
    initiatives: Sequence[ContenuDInitiative] = ()

    def en_json(self) -> dict[str, Any]:
        """Pour le journal: des textes et des nombres."""
        dates = {"debut": self.debut.isoformat(), "fin": self.fin.isoformat()}
        initiatives = [
            i._asdict() | {"debut": i.debut.isoformat(), "fin": i.fin.isoformat(), "etat": str(i.etat)}
            for i in self.initiatives
        ]
        return dates | {"resume": self.resume, "initiatives": initiatives}


class EvenementPlan(Evenement):
    """Une ligne du journal d'un plan."""

    dossier = models.ForeignKey(PlanTransformation, models.PROTECT, related_name="journal")

    class Meta(Evenement.Meta):
        verbose_name = "événement d'un plan"
        verbose_name_plural = "événements des plans"
