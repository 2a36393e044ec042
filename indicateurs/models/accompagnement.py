"""Une organisation demande l'appui du CQEN; le fil de leurs messages, que personne ne récrit."""

import datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from indicateurs.models.indicateur import Indicateur
from organisations.models import Conflit, DroitManquant, Habilitation, Organisation, Role, TransitionInterdite

ACCOMPAGNER = "indicateurs.accompagner"


class DemandeQuerySet(models.QuerySet["DemandeAccompagnement"]):
    """Les choix de demandes d'accompagnement, et le geste de demander."""

    def pour(self, utilisateur) -> "DemandeQuerySet":
        """Celles des organisations au nom desquelles la personne est habilitée; aucune pour les autres."""
        return self.filter(organisation__in=Organisation.objects.pour(utilisateur))

    def ouvertes(self) -> "DemandeQuerySet":
        """Celles qui ne sont pas closes."""
        return self.filter(close_le__isnull=True)

    def avec_attente(self) -> "DemandeQuerySet":
        """Avec `attend_depuis`: quand l'organisation a écrit sans que le CQEN ait répondu; rien s'il a répondu."""
        messages = MessageAccompagnement.objects.filter(demande=OuterRef("pk"))
        reponses = messages.du_cqen().order_by("-pk").values("pk")[:1]
        restes = messages.de_l_organisation().filter(pk__gt=OuterRef("derniere_reponse")).order_by("pk")
        avec = self.annotate(derniere_reponse=Coalesce(Subquery(reponses), 0))
        return avec.annotate(attend_depuis=Subquery(restes.values("le")[:1]))

    @transaction.atomic
    def demander(
        self, organisation: Organisation, *, objet: str, texte: str, par, le: datetime.datetime, indicateur=None
    ) -> "tuple[DemandeAccompagnement, bool]":
        """Ouvre une demande et son fil; rend aussi si elle est neuve: redite, c'est l'ouverte d'avant."""
        if not objet.strip() or not texte.strip():
            raise TransitionInterdite("Dites l'objet de la demande, puis écrivez un message.")
        _exiger_de_l_organisation(par, organisation)
        Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)  # une à la fois
        siennes = self.filter(organisation=organisation, demandee_par=par, objet=objet, indicateur=indicateur)
        for dite in siennes.ouvertes().order_by("-pk"):
            if dite.messages.order_by("pk").values_list("texte", flat=True).first() == texte:
                return dite, False
        faits = {"objet": objet, "indicateur": indicateur, "demandee_par": par, "demandee_le": le}
        demande = self.create(organisation=organisation, **faits)
        demande.messages.create(texte=texte, par=par, le=le)
        return demande, True


class DemandeAccompagnement(models.Model):
    """Une organisation demande l'appui du CQEN; le fil des messages suit. Ouverte tant qu'elle n'est pas close."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="demandes")
    indicateur = models.ForeignKey(Indicateur, models.PROTECT, related_name="demandes", null=True, blank=True)
    objet = models.CharField("objet", max_length=250)
    demandee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    demandee_le = models.DateTimeField("demandée le")
    suivie_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    close_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    close_le = models.DateTimeField("close le", null=True, blank=True)

    objects = DemandeQuerySet.as_manager()

    class Meta:
        verbose_name = "demande d'accompagnement"
        verbose_name_plural = "demandes d'accompagnement"
        permissions = [("accompagner", "Peut répondre aux demandes d'accompagnement")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(objet=""),
                name="demande_a_un_objet",
                violation_error_message="Dites l'objet de la demande.",
            ),
            models.CheckConstraint(
                condition=Q(close_le__isnull=True, close_par__isnull=True)
                | Q(close_le__isnull=False, close_le__gte=F("demandee_le"), close_par__isnull=False),
                name="demande_cloture_signee",
                violation_error_message="Une clôture a une date, après la demande, et une personne.",
            ),
        ]

    def __str__(self) -> str:
        return self.objet

    @property
    def etat(self) -> str:
        """Nouvelle, en cours dès que le CQEN la suit, ou close."""
        if self.close_le:
            return "Close"
        return "En cours" if self.suivie_par_id else "Nouvelle"

    @transaction.atomic
    def repondre(
        self, texte: str, *, par, le: datetime.datetime, lu: int | None = None
    ) -> "MessageAccompagnement | None":
        """Ajoute un message au fil; rien si la personne l'a déjà écrit depuis `lu`, le dernier que sa page montrait.

        La première personne du CQEN à répondre suit la demande. Lève `TransitionInterdite` si la demande est close ou
        le message vide, `Conflit` si autrui a écrit depuis `lu`, `DroitManquant` à qui n'est d'aucun côté.
        """
        if not texte.strip():
            raise TransitionInterdite("Écrivez un message.")
        du_cqen = self._est_du_cqen(par)
        self._relire_sous_verrou()
        if lu is not None and self.messages.filter(pk__gt=lu, par=par, texte=texte).exists():
            return None
        self._exiger_ouverte()
        self._exiger_lus(par, lu)
        if du_cqen and self.suivie_par_id is None:
            self.suivie_par = par
            self.save(update_fields=["suivie_par"])
        return self.messages.create(texte=texte, par=par, le=le)

    @transaction.atomic
    def prendre_en_charge(self, *, par, lu: int | None = None) -> bool:
        """La personne du CQEN suit la demande; `False` si elle la suivait déjà.

        `lu` est la clé de qui la suivait dans sa page, s'il y en avait: lève `TransitionInterdite` si elle a changé.
        """
        if not par.has_perm(ACCOMPAGNER):
            raise DroitManquant("L'accompagnement est réservé à l'équipe du CQEN.")
        self._relire_sous_verrou()
        self._exiger_ouverte()
        if self.suivie_par_id == par.pk:
            return False
        if self.suivie_par_id != lu:
            raise TransitionInterdite(f"{self.suivie_par} suit maintenant cette demande. Relisez le fil.")
        self.suivie_par = par
        self.save(update_fields=["suivie_par"])
        return True

    @transaction.atomic
    def clore(self, *, par, le: datetime.datetime, lu: int | None = None) -> bool:
        """Ferme la demande; `False` si la même personne l'a déjà close.

        Lève `TransitionInterdite` si une autre l'a close, `Conflit` si autrui a écrit depuis `lu`, le dernier message
        que sa page montrait.
        """
        self._est_du_cqen(par)
        self._relire_sous_verrou()
        if self.close_par_id == par.pk:
            return False
        self._exiger_ouverte()
        self._exiger_lus(par, lu)
        self.close_par, self.close_le = par, le
        self.save(update_fields=["close_par", "close_le"])
        return True

    def interlocuteurs(self) -> models.QuerySet:
        """À qui le CQEN écrit: qui a demandé ou écrit et parle encore pour elle; à défaut, qui transmet."""
        du_fil = Q(personne=self.demandee_par_id) | Q(personne__in=self.messages.values("par"))
        return Habilitation.objects.destinataires(self.organisation, du_fil)

    def _est_du_cqen(self, par) -> bool:
        """Parle-t-elle pour le CQEN, et non pour l'organisation? Lève `DroitManquant` si pour aucun."""
        if Habilitation.objects.permettent(par, self.organisation, *Role.values):
            return False
        if not par.has_perm(ACCOMPAGNER):
            raise DroitManquant("Ce fil est celui d'une organisation et du CQEN.")
        return True

    def _relire_sous_verrou(self) -> None:
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update(of=("self",)))

    def _exiger_ouverte(self) -> None:
        if self.close_le:
            raise TransitionInterdite("Cette demande est close. Ouvrez-en une autre pour continuer.")

    def _exiger_lus(self, par, lu: int | None) -> None:
        """Ce qu'une autre personne a écrit se lit avant de répondre ou de clore."""
        if lu is not None and self.messages.filter(pk__gt=lu).exclude(par=par).exists():
            raise Conflit("Un message est arrivé depuis que vous avez ouvert cette page. Lisez-le, puis recommencez.")


class MessageQuerySet(models.QuerySet["MessageAccompagnement"]):
    """Les choix de messages, par le côté qui parle: qui était alors habilité pour l'organisation parlait pour elle."""

    def de_l_organisation(self) -> "MessageQuerySet":
        """Ceux de l'organisation qui demande."""
        return self.filter(_habilitee())

    def du_cqen(self) -> "MessageQuerySet":
        """Les autres."""
        return self.exclude(_habilitee())

    def avec_auteur(self) -> "MessageQuerySet":
        """Du plus ancien au plus récent, chacun avec sa personne et `est_du_cqen`."""
        return self.select_related("par").annotate(est_du_cqen=~_habilitee()).order_by("pk")


class MessageAccompagnement(models.Model):
    """Un message du fil d'une demande."""

    demande = models.ForeignKey(DemandeAccompagnement, models.PROTECT, related_name="messages")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    le = models.DateTimeField("écrit le")
    texte = models.TextField("message")

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        verbose_name_plural = "messages"
        constraints = [
            models.CheckConstraint(
                condition=~Q(texte=""), name="message_non_vide", violation_error_message="Écrivez un message."
            )
        ]

    def __str__(self) -> str:
        return f"{self.par}, {self.le:%Y-%m-%d}"


def _habilitee() -> Exists:
    """La personne l'était-elle quand elle a écrit? Un départ de l'organisation ne change pas ce qui fut dit."""
    siennes = Habilitation.objects.filter(personne=OuterRef("par"), organisation=OuterRef("demande__organisation"))
    pas_encore_revoquee = Q(revoquee_le__isnull=True) | Q(revoquee_le__gt=OuterRef("le"))
    return Exists(siennes.filter(pas_encore_revoquee, accordee_le__lte=OuterRef("le")))


def _exiger_de_l_organisation(par, organisation: Organisation) -> None:
    if not Habilitation.objects.permettent(par, organisation, *Role.values):
        raise DroitManquant("Une demande se fait au nom de son organisation.")
