"""Le cycle de vie que plans, soumissions et fiches partagent.

Le dossier porte ses verbes; `_passer` est la seule à écrire `statut`. La base tient les mêmes règles: voir
`contraintes.py` et `declencheurs.py`.
"""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction

from organisations.models import contraintes
from organisations.models.choix import DossierQuerySet
from organisations.models.habilitation import Habilitation, Role
from organisations.models.statut import (
    MODIFIABLES,
    TRANSITIONS,
    Conflit,
    DroitManquant,
    Statut,
    TransitionInterdite,
)


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
    revision = models.PositiveIntegerField("enregistrements", default=0, db_default=0)
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
        constraints = contraintes.DU_CYCLE

    # --- les verbes --------------------------------------------------------------------------------------------------

    def soumettre(self, *, par, le: datetime.datetime) -> None:
        """Transmet le dossier au CQEN, s'il est complet et si la personne peut transmettre."""

        def exiger() -> None:
            self.exiger_de_transmettre(par)
            self._verifier_completude(le=le)
            self._preparer_la_relecture(le=le)

        self._passer(Statut.SOUMIS, par=par, le=le, exiger=exiger, soumis_le=le, soumis_par=par)

    def renvoyer(self, *, par, le: datetime.datetime, motif: str, jeton: str | None = None) -> None:
        """Rend le dossier à l'organisation avec une raison, obligatoire.

        Lève `Conflit` s'il ne dit plus ce que montrait la page de ce `jeton`.
        """
        if not motif.strip():
            raise TransitionInterdite("Dites à l'organisation pourquoi le dossier lui est renvoyé.")

        def exiger() -> None:
            self._exiger_relecture(par, jeton)

        self._passer(Statut.A_CORRIGER, par=par, le=le, motif=motif, exiger=exiger)

    @transaction.atomic
    def valider(self, *, par, le: datetime.datetime, jeton: str | None = None) -> None:
        """Accepte le dossier; la version validée d'avant, s'il y en a une, est remplacée au même instant.

        Lève `Conflit` s'il ne dit plus ce que montrait la page de ce `jeton`, ou plus ce qui fut transmis.
        """

        def exiger() -> None:
            self._exiger_relecture(par, jeton)
            self._exiger_ce_qui_fut_transmis()
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
            raise TransitionInterdite("Seul ce que le CQEN a accepté se corrige.")
        if self._versions().ouverts().exists():
            raise TransitionInterdite("Une correction est déjà en préparation ou en relecture.")
        nouvelle = self._nouvelle_version(motif=motif, par=par, le=le)
        with _refus_de_la_base():
            nouvelle.save(force_insert=True)
        self._copier_contenu(nouvelle, par=par, le=le)
        return nouvelle

    @property
    def jeton(self) -> str:
        """Ce qu'une page montre de ce dossier: sa version, son enregistrement, sa dernière transmission.

        La transmission en est, pour qu'un envoi rejoué après un renvoi ne reparte pas.
        """
        return f"{self.version}.{self.revision}.{self.soumis_le.isoformat() if self.soumis_le else ''}"

    def exiger_de_transmettre(self, par) -> None:
        """Lève `DroitManquant` si la personne ne peut pas transmettre: à demander avant d'écrire ce qui va partir."""
        if not Habilitation.objects.permettent(par, self.organisation, Role.TRANSMISSION):
            raise DroitManquant(
                "Votre rôle permet de rédiger, pas de transmettre. Une personne qui peut transmettre doit le faire."
            )

    # --- ce que la classe concrète précise ---------------------------------------------------------------------------

    def _verifier_completude(self, *, le: datetime.datetime) -> None:
        """Lève `TransitionInterdite` si le dossier n'est pas prêt à être transmis à cet instant."""

    def _preparer_la_relecture(self, *, le: datetime.datetime) -> None:
        """Note, au moment de transmettre, ce que la personne qui relit doit voir d'abord."""

    def _copier_contenu(self, nouvelle: Self, *, par, le: datetime.datetime) -> None:
        """Recopie ce que porte le dossier dans sa version suivante."""

    def _empreinte(self) -> str:
        """L'empreinte de ce qui est transmis, que le journal garde; vide si le dossier n'en a pas."""
        return ""

    def _exiger_relecture(self, par, jeton: str | None) -> None:
        """Le CQEN seul relit, jamais la personne qui a transmis, et ce que sa page montrait."""
        if not par.has_perm(f"{self._meta.app_label}.relire_{self._meta.model_name}"):
            raise TransitionInterdite("La relecture est réservée à l'équipe du CQEN.")
        if self.journal.filter(vers=Statut.SOUMIS, par=par).exists():
            raise TransitionInterdite("Vous avez transmis ce dossier : une autre personne doit le relire.")
        if jeton is not None and jeton != self.jeton:
            raise Conflit("L'organisation a transmis autre chose entre-temps. Relisez avant de décider.")

    def _exiger_ce_qui_fut_transmis(self) -> None:
        """Ce qui est accepté est, octet pour octet, ce dont le journal garde l'empreinte."""
        transmises = self.journal.filter(vers=Statut.SOUMIS).order_by("-pk").values_list("empreinte", flat=True)
        if transmises.first() not in ("", self._empreinte()):  # vide: une version d'avant les empreintes
            raise Conflit("Ce dossier n'est plus ce qui fut transmis. Renvoyez-le à l'organisation.")

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
        empreinte = self._empreinte() if vers == Statut.SOUMIS else ""
        try:
            with _refus_de_la_base():
                self.save(update_fields=["statut", *faits])
                self.journal.create(de=de, vers=vers, par=par, le=le, motif=motif, empreinte=empreinte)
        except TransitionInterdite:
            self.refresh_from_db(fields=["statut", *faits])  # l'objet dit ce que la base dit
            raise

    def _exiger_modifiable(self, jeton: str | None, par) -> None:
        """La ligne, verrouillée, se modifie encore, et dit encore ce que montrait la page du jeton, s'il y en a un."""
        if self.statut not in MODIFIABLES:
            raise TransitionInterdite("Ce qui est transmis ne se modifie plus.")
        if jeton is not None and jeton != self.jeton:
            raise Conflit(f"{self._dire_le_dernier_geste(par)} Rien n'est perdu : comparez.")

    def _dire_le_dernier_geste(self, par) -> str:
        """Ce qui s'est passé depuis que la personne a ouvert sa page; le CQEN parle d'une seule voix."""
        dernier = self.journal.select_related("par").order_by("-pk").first()
        if dernier is None:
            return "Cette page n'est plus à jour."
        if dernier.changements is None:
            return "Le CQEN a répondu pendant que vous écriviez."
        qui = "Vous avez" if dernier.par == par else f"{dernier.par} a"
        return f"{qui} enregistré entre-temps, dans une autre page."

    def _consigner(self, changements: dict[str, Any], *champs: str, par, le: datetime.datetime) -> None:
        """Un enregistrement de plus, et sa ligne de journal: l'avant et l'après de chaque nom qui change."""
        self.revision += 1
        self.save(update_fields=["revision", *champs])
        self.journal.create(de=self.statut, vers=self.statut, par=par, le=le, changements=changements)

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
        a_part = {champ.name for champ in Dossier._meta.get_fields()} | {"id"}
        propres = {c.name: getattr(self, c.name) for c in self._meta.concrete_fields if c.name not in a_part}
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
