"""Le calendrier des publications: annoncé d'avance, et chaque changement reste lisible."""

import datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from barometre.registre import prendre_le_registre
from indicateurs import mots
from indicateurs.models import Trimestre
from organisations.models import TransitionInterdite

PREAVIS = datetime.timedelta(days=28)  # source: préannonce d'au moins quatre semaines, comme une statistique officielle
DELAI_MAXIMAL = datetime.timedelta(days=731)  # deux ans après la fin du trimestre; au-delà, une faute de frappe


class ParutionQuerySet(models.QuerySet["Parution"]):
    """Les choix d'annonces."""

    def en_vigueur(self, le: datetime.datetime | None = None) -> dict[str, "Parution"]:
        """La dernière annonce faite, à cet instant s'il est donné, par code de trimestre; une requête."""
        annonces = self.filter(annoncee_le__lte=le) if le else self
        return {a.trimestre.code: a for a in annonces.select_related("trimestre").order_by("annoncee_le", "pk")}

    def prochaine(self, apres: str) -> datetime.date | None:
        """Le premier jour annoncé pour un trimestre d'après celui-là; une requête."""
        return min((a.jour for code, a in self.en_vigueur().items() if code > apres), default=None)

    def annoncaient(self, trimestre: Trimestre, le: datetime.datetime) -> bool:
        """Le jour de cet instant est-il celui que le calendrier donne, et donnait déjà quatre semaines avant?"""
        annonce = self.filter(trimestre=trimestre, annoncee_le__lte=le).order_by("annoncee_le", "pk").last()
        jour = timezone.localdate(le)
        return annonce is not None and annonce.jour == jour and annonce.preavis >= PREAVIS

    def annoncer(
        self, *, trimestre: Trimestre, jour: datetime.date, par, le: datetime.datetime, motif: str = ""
    ) -> "Parution":
        """Annonce le jour d'une édition, ou le change en disant pourquoi; lève `TransitionInterdite`."""
        faits = {"trimestre": trimestre, "jour": jour, "annoncee_par": par, "annoncee_le": le}
        with transaction.atomic():
            prendre_le_registre()
            change = self.exiger_annoncable(trimestre=trimestre, jour=jour, le=le, motif=motif) is not None
            annonce = self.create(**faits, change=change, motif=motif.strip() if change else "")
            transaction.on_commit(_editions().redesigner, robust=True)
        return annonce

    def exiger_annoncable(
        self, *, trimestre: Trimestre, jour: datetime.date, le: datetime.datetime, motif: str = ""
    ) -> "Parution | None":
        """L'annonce que celle-ci changerait, s'il y en a une; lève `TransitionInterdite` si elle ne se fait pas."""
        avant = self.filter(trimestre=trimestre).order_by("annoncee_le", "pk").last()
        _exiger_un_jour_a_venir(trimestre, jour, le)
        if avant and avant.jour == jour:
            raise TransitionInterdite("C'est déjà le jour annoncé : rien ne change.")
        if avant and avant.annoncee_le > le:
            raise TransitionInterdite("Une annonce vient d'être faite pour cette édition. Rechargez la page.")
        if avant and not motif.strip():
            raise TransitionInterdite("Dites pourquoi la date change : la raison sera publique.")
        return avant


class Parution(models.Model):
    """Le jour annoncé d'une édition. Une date changée est une annonce de plus, avec sa raison."""

    trimestre = models.ForeignKey(Trimestre, models.PROTECT, related_name="+", verbose_name="dernier trimestre")
    jour = models.DateField("jour de publication")
    annoncee_le = models.DateTimeField("annoncée le")
    annoncee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    change = models.BooleanField("change une annonce", default=False)
    motif = models.TextField("raison du changement", blank=True)

    objects = ParutionQuerySet.as_manager()

    class Meta:
        verbose_name = "publication annoncée"
        verbose_name_plural = "calendrier des publications"
        constraints = [
            models.UniqueConstraint(
                fields=["trimestre"],
                condition=Q(change=False),
                name="parution_annoncee_une_fois",
                violation_error_message="Cette publication est déjà annoncée : changez-en la date, avec la raison.",
            ),
            models.CheckConstraint(
                condition=Q(change=False, motif="") | (Q(change=True) & ~Q(motif="")),
                name="parution_changement_motive",
                violation_error_message="Changer une date annoncée demande une raison.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trimestre.code} : {self.jour}"

    @property
    def preavis(self) -> datetime.timedelta:
        """Combien de jours d'avance, à Montréal."""
        return self.jour - timezone.localdate(self.annoncee_le)


def _exiger_un_jour_a_venir(trimestre: Trimestre, jour: datetime.date, le: datetime.datetime) -> None:
    """Une édition ne paraît qu'une fois, après la fin de son trimestre, et ne s'annonce pas pour hier."""
    if _editions().objects.filter(trimestre__code__gte=trimestre.code).exists():
        raise TransitionInterdite(f"L'édition du {mots.trimestre(trimestre.code)} est déjà publiée.")
    if jour <= trimestre.fin:
        raise TransitionInterdite(f"Le {mots.trimestre(trimestre.code)} ne sera pas terminé ce jour-là.")
    if jour > trimestre.fin + DELAI_MAXIMAL:
        raise TransitionInterdite("Choisissez un jour au plus deux ans après la fin du trimestre.")
    if jour < timezone.localdate(le):
        raise TransitionInterdite("Ce jour est passé : choisissez un jour à venir.")


def _editions():
    from barometre.models.edition import Edition  # elle lit le calendrier

    return Edition
