"""Une échéance repoussée pour une organisation, et la demande qui y mène."""

import datetime

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone

from indicateurs import mots
from indicateurs.models.trimestre import Trimestre
from organisations.models import Organisation, Statut, TransitionInterdite

JOUR = datetime.timedelta(days=1)
DELAI_MAXIMAL = 90 * JOUR
APRES_UN_ARRET = "Une édition vient d'être arrêtée : rien n'est prolongé. Rechargez la page, puis recommencez."


class DejaAccordee(TransitionInterdite):
    """Cette prolongation est la dernière accordée: redite, elle ne se refait pas."""


class ProlongationQuerySet(models.QuerySet["Prolongation"]):
    """Les choix de prolongations."""

    def echeances(self) -> dict[tuple[int, int], datetime.date]:
        """La dernière échéance accordée, par (organisation, trimestre)."""
        lignes = self.order_by("accordee_le", "pk").values_list("organisation", "trimestre", "echeance_le")
        return {(organisation, trimestre): echeance for organisation, trimestre, echeance in lignes}

    def echeance(self, organisation: Organisation, trimestre: Trimestre) -> datetime.date:
        """L'échéance qui vaut pour cette organisation."""
        accordees = self.filter(organisation=organisation, trimestre=trimestre).echeances()
        return accordees.get((organisation.pk, trimestre.pk), trimestre.echeance_le)

    def bornes(
        self, organisation: Organisation, trimestre: Trimestre, le: datetime.datetime
    ) -> tuple[datetime.date, datetime.date]:
        """Le premier et le dernier jour qu'on puisse accorder: on peut excuser un retard jusqu'à un jour passé."""
        echeance = self.echeance(organisation, trimestre)
        return echeance + JOUR, max(echeance, timezone.localdate(le)) + DELAI_MAXIMAL

    def est_deja_accordee(
        self, organisation: Organisation, trimestre: Trimestre, echeance_le: datetime.date, motif: str
    ) -> bool:
        """Est-ce, date et raison, la dernière accordée?"""
        siennes = self.filter(organisation=organisation, trimestre=trimestre).order_by("accordee_le", "pk")
        derniere = siennes.values_list("echeance_le", "motif").last()
        return derniere == (echeance_le, motif)

    @transaction.atomic
    def accorder(
        self,
        organisation: Organisation,
        trimestre: Trimestre,
        *,
        echeance_le: datetime.date,
        motif: str,
        par,
        le: datetime.datetime,
    ) -> "Prolongation":
        """Repousse l'échéance d'une organisation, dit pourquoi, et répond ainsi à sa demande, si l'une attendait.

        Lève `TransitionInterdite` sans la permission ni motif, hors des bornes, si rien n'est attendu d'elle, ou si une
        édition fut arrêtée après cet instant: ce qu'elle a publié (« en retard de 12 jours ») ne change plus. Lève
        `DejaAccordee` si elle redit la dernière.
        """
        if not par.has_perm("indicateurs.add_prolongation"):
            raise TransitionInterdite("Prolonger est réservé à l'équipe du CQEN.")
        if not motif.strip():
            raise TransitionInterdite("Une prolongation dit pourquoi.")
        organisation.exiger_attendue(trimestre.fin)
        attendait = DemandeProlongation.objects.sous_verrou(organisation, trimestre, le)
        # deux accords à la fois se suivent, et le second part de l'échéance du premier
        Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=organisation.pk)
        self._exiger_une_date(organisation, trimestre, echeance_le, motif, le)
        faits = {"echeance_le": echeance_le, "motif": motif, "accordee_par": par, "accordee_le": le}
        try:
            with transaction.atomic():
                accordee = self.create(organisation=organisation, trimestre=trimestre, **faits)
        except IntegrityError as erreur:
            raise TransitionInterdite(APRES_UN_ARRET) from erreur
        if attendait:
            attendait.recevoir(accordee)
        return accordee

    def _exiger_une_date(
        self,
        organisation: Organisation,
        trimestre: Trimestre,
        echeance_le: datetime.date,
        motif: str,
        le: datetime.datetime,
    ) -> None:
        if self.est_deja_accordee(organisation, trimestre, echeance_le, motif):
            raise DejaAccordee("C'était déjà fait : cette échéance est accordée.")
        premier, dernier = self.bornes(organisation, trimestre, le)
        if not premier <= echeance_le <= dernier:
            raise TransitionInterdite(f"Donnez une date du {mots.date(premier)} au {mots.date(dernier)}.")


class Prolongation(models.Model):
    """Une échéance repoussée pour une organisation, avec sa raison; la dernière accordée vaut, toutes restent."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="prolongations")
    trimestre = models.ForeignKey(Trimestre, models.PROTECT, related_name="prolongations")
    echeance_le = models.DateField("nouvelle échéance")
    motif = models.TextField("raison")
    accordee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    accordee_le = models.DateTimeField("accordée le")

    objects = ProlongationQuerySet.as_manager()

    class Meta:
        verbose_name = "prolongation"
        verbose_name_plural = "prolongations"
        constraints = [
            models.CheckConstraint(
                condition=~Q(motif=""),
                name="prolongation_motivee",
                violation_error_message="Une prolongation dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.sigle}, {self.trimestre.code} : {self.echeance_le}"


class DemandeQuerySet(models.QuerySet["DemandeProlongation"]):
    """Les choix de demandes, et le geste de demander."""

    def en_attente(self) -> "DemandeQuerySet":
        """Celles auxquelles le CQEN n'a pas répondu."""
        return self.filter(repondue_le__isnull=True)

    def sous_verrou(
        self, organisation: Organisation, trimestre: Trimestre, le: datetime.datetime
    ) -> "DemandeProlongation | None":
        """Celle de cette organisation qui attendait à cet instant, et à quoi nul autre ne répond alors."""
        attendent = self.en_attente().filter(organisation=organisation, trimestre=trimestre, demandee_le__lte=le)
        return attendent.select_for_update(of=("self",)).first()

    def demander(
        self,
        organisation: Organisation,
        trimestre: Trimestre,
        *,
        echeance_souhaitee: datetime.date,
        motif: str,
        par,
        le: datetime.datetime,
    ) -> "DemandeProlongation":
        """Demande une échéance plus lointaine; redire la même demande rend celle d'avant, et ne la refait pas.

        Lève `TransitionInterdite` si la date ne va pas, sans motif, ou si une autre demande attend sa réponse.
        """
        if not motif.strip():
            raise TransitionInterdite("Dites au CQEN pourquoi il vous faut plus de temps.")
        cle = {"organisation": organisation, "trimestre": trimestre}
        if dite := self.filter(**cle, echeance_souhaitee=echeance_souhaitee, motif=motif).first():
            return dite
        echeance = Prolongation.objects.echeance(organisation, trimestre)
        if organisation.soumissions.filter(trimestre=trimestre, statut__in=(Statut.SOUMIS, Statut.VALIDE)).exists():
            raise TransitionInterdite("Ce trimestre est déjà transmis : il n'a plus d'échéance.")
        debut = max(echeance, timezone.localdate(le))
        if not debut < echeance_souhaitee <= debut + DELAI_MAXIMAL:
            bornes = f"du {mots.date(debut + JOUR)} au {mots.date(debut + DELAI_MAXIMAL)}"
            raise TransitionInterdite(f"Demandez une date {bornes}.")
        try:
            with transaction.atomic():
                faits = {"echeance_souhaitee": echeance_souhaitee, "motif": motif}
                return self.create(**cle, **faits, demandee_par=par, demandee_le=le)
        except IntegrityError as erreur:
            raise TransitionInterdite("Une demande attend déjà la réponse du CQEN.") from erreur


class DemandeProlongation(models.Model):
    """Une organisation demande plus de temps, avec une raison; le CQEN accorde ou refuse, une fois."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="demandes_de_prolongation")
    trimestre = models.ForeignKey(Trimestre, models.PROTECT, related_name="demandes_de_prolongation")
    echeance_souhaitee = models.DateField("échéance souhaitée")
    motif = models.TextField("raison", max_length=1000)
    demandee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    demandee_le = models.DateTimeField("demandée le")
    prolongation = models.OneToOneField(Prolongation, models.PROTECT, related_name="demande", null=True, blank=True)
    reponse = models.TextField("réponse du CQEN", blank=True)
    repondue_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True)

    objects = DemandeQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de prolongation"
        verbose_name_plural = "demandes de prolongation"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "trimestre"],
                condition=Q(repondue_le__isnull=True),
                name="demandeprolongation_en_attente_unique",
                violation_error_message="Une demande attend déjà la réponse du CQEN.",
            ),
            models.CheckConstraint(
                condition=~Q(motif=""),
                name="demandeprolongation_motivee",
                violation_error_message="Dites pourquoi il vous faut plus de temps.",
            ),
            models.CheckConstraint(
                condition=Q(repondue_le__isnull=True, repondue_par__isnull=True, prolongation__isnull=True, reponse="")
                | Q(repondue_le__isnull=False, repondue_le__gte=F("demandee_le"), repondue_par__isnull=False)
                & (Q(prolongation__isnull=False) | ~Q(reponse="")),
                name="demandeprolongation_reponse_signee",
                violation_error_message="Une réponse a une date et une personne; un refus dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.sigle}, {self.trimestre.code} : {self.echeance_souhaitee}"

    @transaction.atomic
    def accorder(self, *, par, le: datetime.datetime, echeance_le: datetime.date | None = None) -> Prolongation:
        """Repousse l'échéance à la date souhaitée, ou à `echeance_le`.

        Lève `TransitionInterdite` si c'est déjà dit, ou si cette date ne peut pas être accordée.
        """
        self._exiger_sans_reponse(par)
        accordee = Prolongation.objects.accorder(
            self.organisation,
            self.trimestre,
            echeance_le=echeance_le or self.echeance_souhaitee,
            motif=self.motif,
            par=par,
            le=le,
        )
        self.refresh_from_db()  # l'accord y a répondu
        return accordee

    def recevoir(self, accordee: Prolongation) -> None:
        """Note que cette prolongation est la réponse."""
        self.prolongation = accordee
        self._signer(accordee.accordee_par, accordee.accordee_le)

    @transaction.atomic
    def refuser(self, *, par, le: datetime.datetime, motif: str) -> None:
        """Refuse, en disant pourquoi. Lève `TransitionInterdite` si la réponse est déjà donnée."""
        if not motif.strip():
            raise TransitionInterdite("Dites à l'organisation pourquoi l'échéance ne change pas.")
        self._exiger_sans_reponse(par)
        self.reponse = motif
        self._signer(par, le)

    def _exiger_sans_reponse(self, par) -> None:
        if not par.has_perm("indicateurs.add_prolongation"):
            raise TransitionInterdite("La réponse est réservée à l'équipe du CQEN.")
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update(of=("self",)))
        if self.repondue_le:
            raise TransitionInterdite("Cette demande a déjà sa réponse.")

    def _signer(self, par, le: datetime.datetime) -> None:
        self.repondue_par, self.repondue_le = par, le
        self.save(update_fields=["prolongation", "reponse", "repondue_par", "repondue_le"])
