"""Le cycle de vie que plans, soumissions et fiches partagent.

Le dossier porte ses verbes; `_passer` est la seule à écrire `statut`. La base tient les mêmes règles: contraintes ici,
déclencheurs dans `declencheurs.py`.
"""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q

from organisations.models.habilitation import Habilitation, Role
from organisations.models.statut import ACCEPTES, OUVERTS, TRANSITIONS, Statut, TransitionInterdite


def une_seule_vivante(*cle: str) -> list[models.BaseConstraint]:
    """Au plus une version ouverte et une validée pour une clé, et des numéros de version sans doublon."""
    return [
        models.UniqueConstraint(
            fields=[*cle, "version"],
            name="%(class)s_version_unique",
            violation_error_message="Cette version existe déjà.",
        ),
        models.UniqueConstraint(
            fields=cle,
            condition=Q(statut__in=OUVERTS),
            name="%(class)s_une_ouverte",
            violation_error_message="Une version est déjà en préparation ou en relecture.",
        ),
        models.UniqueConstraint(
            fields=cle,
            condition=Q(statut=Statut.VALIDE),
            name="%(class)s_une_validee",
            violation_error_message="Une version est déjà validée.",
        ),
    ]


def en_vigueur_au(instant: datetime.datetime, lien: str = "") -> Q:
    """La coupe: accepté à cet instant, et pas encore remplacé. `lien` mène au dossier depuis une autre table."""
    pas_remplace = Q(**{f"{lien}remplace_le__isnull": True}) | Q(**{f"{lien}remplace_le__gt": instant})
    return pas_remplace & Q(**{f"{lien}valide_le__lte": instant})


class DossierQuerySet(models.QuerySet):
    """Les choix de dossiers, du point de vue de leur statut."""

    def pour(self, utilisateur) -> Self:
        """Ceux des organisations au nom desquelles la personne est habilitée; aucun pour les autres."""
        return self.filter(
            organisation__in=utilisateur.habilitations.actives().values("organisation") if utilisateur.is_active else []
        )

    def ouverts(self) -> Self:
        """Brouillons, à corriger et transmis."""
        return self.filter(statut__in=OUVERTS)

    def transmis(self) -> Self:
        """À relire par le CQEN."""
        return self.filter(statut=Statut.SOUMIS)

    def valides(self) -> Self:
        """Les versions acceptées en vigueur."""
        return self.filter(statut=Statut.VALIDE)

    def publics_au(self, instant: datetime.datetime) -> Self:
        """Les versions qui étaient acceptées et en vigueur à cet instant."""
        return self.filter(en_vigueur_au(instant))


class Dossier(models.Model):
    """Une version d'un dossier d'une organisation, de son brouillon à son remplacement.

    La classe concrète a un champ `organisation`, nomme sa clé dans `CLE`, a un journal (`related_name="journal"`) et
    redéfinit au besoin `_verifier_completude` et `_copier_contenu`.
    """

    CLE: ClassVar[tuple[str, ...]] = ()

    if TYPE_CHECKING:  # ce que chaque classe concrète apporte
        organisation: Any
        journal: Any

    version = models.PositiveSmallIntegerField("version", default=1)
    statut = models.CharField("statut", max_length=12, choices=Statut.choices, default=Statut.BROUILLON)
    motif_de_correction = models.TextField("motif de la correction", blank=True)
    cree_le = models.DateTimeField("créé le")
    cree_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    soumis_le = models.DateTimeField("transmis le", null=True, blank=True)
    soumis_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    valide_le = models.DateTimeField("validé le", null=True, blank=True)
    valide_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    remplace_le = models.DateTimeField("remplacé le", null=True, blank=True)

    objects = DossierQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(statut__in=Statut.values),
                name="%(class)s_statut",
                violation_error_message="Ce statut n'existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(version=1, motif_de_correction="") | (Q(version__gt=1) & ~Q(motif_de_correction="")),
                name="%(class)s_correction_motivee",
                violation_error_message="Une correction demande un motif; une première version n'en a pas.",
            ),
            models.CheckConstraint(
                condition=Q(statut=Statut.BROUILLON, soumis_le__isnull=True, soumis_par__isnull=True)
                | ~Q(statut=Statut.BROUILLON)
                & Q(soumis_le__isnull=False, soumis_le__gte=F("cree_le"), soumis_par__isnull=False),
                name="%(class)s_transmission_datee",
                violation_error_message="Un dossier transmis dit quand et par qui.",
            ),
            models.CheckConstraint(
                condition=(~Q(statut__in=ACCEPTES) & Q(valide_le__isnull=True, valide_par__isnull=True))
                | Q(
                    statut__in=ACCEPTES,
                    valide_le__isnull=False,
                    valide_le__gte=F("soumis_le"),
                    valide_par__isnull=False,
                ),
                name="%(class)s_validation_datee",
                violation_error_message="Un dossier validé dit quand et par qui.",
            ),
            models.CheckConstraint(
                condition=(~Q(statut=Statut.REMPLACE) & Q(remplace_le__isnull=True))
                | Q(statut=Statut.REMPLACE, remplace_le__isnull=False, remplace_le__gte=F("valide_le")),
                name="%(class)s_remplacement_date",
                violation_error_message="Un dossier remplacé dit quand.",
            ),
            models.CheckConstraint(
                condition=Q(valide_par__isnull=True) | ~Q(valide_par=F("soumis_par")),
                name="%(class)s_quatre_yeux",
                violation_error_message="Qui a transmis un dossier ne peut pas le valider.",
            ),
        ]

    # --- les verbes --------------------------------------------------------------------------------------------------

    def soumettre(self, *, par, le: datetime.datetime) -> None:
        """Transmet le dossier au CQEN, s'il est complet et si la personne peut transmettre."""

        def exiger() -> None:
            if not Habilitation.objects.permettent(par, self.organisation, Role.TRANSMISSION):
                raise TransitionInterdite(f"Vous ne pouvez pas transmettre au nom de {self.organisation}.")
            self._verifier_completude(le=le)

        self._passer(Statut.SOUMIS, par=par, le=le, exiger=exiger, soumis_le=le, soumis_par=par)

    def renvoyer(self, *, par, le: datetime.datetime, motif: str) -> None:
        """Rend le dossier à l'organisation avec une raison, obligatoire."""
        if not motif.strip():
            raise TransitionInterdite("Dites à l'organisation pourquoi le dossier lui est renvoyé.")
        self._passer(Statut.A_CORRIGER, par=par, le=le, motif=motif, exiger=lambda: self._exiger_relecture(par))

    @transaction.atomic
    def valider(self, *, par, le: datetime.datetime) -> None:
        """Accepte le dossier; la version validée d'avant, s'il y en a une, est remplacée au même instant."""

        def exiger() -> None:
            self._exiger_relecture(par)
            for avant in self._versions().valides():
                avant._passer(Statut.REMPLACE, par=par, le=le, motif=self.motif_de_correction, remplace_le=le)

        self._passer(Statut.VALIDE, par=par, le=le, exiger=exiger, valide_le=le, valide_par=par)

    @transaction.atomic
    def corriger(self, *, par, le: datetime.datetime, motif: str) -> Self:
        """Ouvre la version suivante, préremplie; celle-ci reste publique jusqu'à la validation de l'autre."""
        if not motif.strip():
            raise TransitionInterdite("Dites pourquoi vous corrigez : la raison sera publique.")
        self._relire_sous_verrou()
        if self.statut != Statut.VALIDE:
            raise TransitionInterdite("Seul un dossier validé se corrige.")
        if self._versions().ouverts().exists():
            raise TransitionInterdite("Une correction est déjà en préparation ou en relecture.")
        nouvelle = self._nouvelle_version(motif=motif, par=par, le=le)
        with _refus_de_la_base():
            nouvelle.save(force_insert=True)
        self._copier_contenu(nouvelle)
        return nouvelle

    # --- ce que la classe concrète précise ---------------------------------------------------------------------------

    def _verifier_completude(self, *, le: datetime.datetime) -> None:
        """Lève `TransitionInterdite` si le dossier n'est pas prêt à être transmis à cet instant."""

    def _copier_contenu(self, nouvelle: Self) -> None:
        """Recopie ce que porte le dossier dans sa version suivante."""

    def _exiger_relecture(self, par) -> None:
        """Le CQEN seul relit, et jamais la personne qui a transmis."""
        if not par.has_perm(f"{self._meta.app_label}.relire_{self._meta.model_name}"):
            raise TransitionInterdite("La relecture est réservée à l'équipe du CQEN.")
        if self.journal.filter(vers=Statut.SOUMIS, par=par).exists():
            raise TransitionInterdite("Vous avez transmis ce dossier : une autre personne doit le relire.")

    # --- le mécanisme ------------------------------------------------------------------------------------------------

    @transaction.atomic
    def _passer(
        self,
        vers: str,
        *,
        par,
        le: datetime.datetime,
        motif: str = "",
        exiger: Callable[[], None] | None = None,
        **faits: Any,
    ) -> None:
        """Relit la ligne sous verrou, vérifie `TRANSITIONS`, écrit le statut, ses faits et une ligne de journal."""
        de = self._relire_sous_verrou()
        if vers not in TRANSITIONS[de]:
            raise TransitionInterdite(
                f"Ce dossier est « {Statut(de).label} » : il ne peut pas devenir « {Statut(vers).label} »."
            )
        if exiger:
            exiger()
        for nom, valeur in {"statut": vers, **faits}.items():
            setattr(self, nom, valeur)
        try:
            with _refus_de_la_base():
                self.save(update_fields=["statut", *faits])
                self.journal.create(de=de, vers=vers, par=par, le=le, motif=motif)
        except TransitionInterdite:
            self.refresh_from_db(fields=["statut", *faits])  # l'objet dit ce que la base dit
            raise

    def _relire_sous_verrou(self) -> str:
        """Recharge la ligne en la verrouillant; rend son statut."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update(of=("self",)))
        return self.statut

    def _cle(self) -> dict[str, Any]:
        """La clé qui réunit toutes les versions d'un même dossier."""
        return {nom: getattr(self, nom) for nom in self.CLE}

    def _versions(self) -> DossierQuerySet:
        """Toutes les versions de ce dossier."""
        return type(self).objects.filter(**self._cle())

    def _nouvelle_version(self, *, motif: str, par, le: datetime.datetime) -> Self:
        """La version suivante, non enregistrée; les champs propres à la classe concrète sont repris."""
        communs = {champ.name for champ in Dossier._meta.get_fields()}
        propres = {c.name: getattr(self, c.name) for c in self._meta.concrete_fields if c.name not in communs | {"id"}}
        return type(self)(**propres, version=self.version + 1, motif_de_correction=motif, cree_le=le, cree_par=par)


@contextmanager
def _refus_de_la_base() -> Iterator[None]:
    """Traduit un refus de la base en phrase: deux gestes se sont croisés, ou l'instant précède un fait acquis."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as erreur:
        raise TransitionInterdite(
            "Ce changement n'a pas été fait : le dossier, ou une édition, vient de changer. Rechargez la page."
        ) from erreur
