"""Ce que la mission de partage du CQEN demande: des expériences à faire connaître, d'une organisation aux autres."""

import datetime
from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.db.models import Q
from django.utils.text import slugify

from indicateurs.bornes import LONGUEURS_DE_FICHE
from indicateurs.models.indicateur import Indicateur
from organisations.models import (
    Dossier,
    DossierQuerySet,
    Evenement,
    Organisation,
    TransitionInterdite,
    une_seule_vivante,
)

RESERVEES = ("proposer",)  # une adresse de l'espace porte ce mot à la place d'une référence


class FicheQuerySet(DossierQuerySet):
    """Les choix de fiches, et le geste d'en proposer une."""

    def dernieres(self) -> "FicheQuerySet":
        """La version la plus récente de chaque fiche."""
        cle = {nom: models.OuterRef(nom) for nom in FicheExpertise.CLE}
        plus_recente = FicheExpertise.objects.filter(**cle, version__gt=models.OuterRef("version"))
        return self.filter(~models.Exists(plus_recente))

    @transaction.atomic
    def proposer(
        self, organisation: Organisation, contenu: "ContenuDeFiche", *, par, le: datetime.datetime
    ) -> "tuple[FicheExpertise, bool]":
        """Commence une fiche; rend aussi si elle est neuve: le même envoi rejoué rend celle qu'il avait commencée.

        La référence vient du titre et ne change plus.
        """
        Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)  # un à la fois
        if deja := self._commencee_par(organisation, contenu, par):
            return deja, False
        propres = contenu._asdict()
        reference = self._reference_libre(organisation, contenu.titre)
        fiche: Any = self.create(organisation=organisation, reference=reference, **propres, cree_par=par, cree_le=le)
        fiche.rediger(contenu, par=par, le=le)
        return fiche, True

    def _commencee_par(self, organisation: Organisation, contenu: "ContenuDeFiche", par) -> "FicheExpertise | None":
        """La dernière version de la fiche dont la première rédaction, de cette personne, disait exactement cela."""
        dit = contenu.en_json()
        premieres: Any = self.filter(organisation=organisation, version=1, cree_par=par).order_by("-pk")
        for fiche in premieres.filter(journal__changements__titre__apres=contenu.titre).distinct():
            premier = fiche.journal.order_by("pk").values_list("changements", flat=True).first() or {}
            if {nom: changement["apres"] for nom, changement in premier.items()} == dit:
                return self.derniere_version(organisation=organisation, reference=fiche.reference)
        return None

    def _reference_libre(self, organisation: Organisation, titre: str) -> str:
        """Le titre en une adresse, suivi d'un numéro s'il est déjà pris dans cette organisation."""
        base = slugify(titre)[:70].strip("-") or "fiche"
        prises = {*RESERVEES, *self.filter(organisation=organisation).values_list("reference", flat=True)}
        return next(reference for reference in _candidates(base) if reference not in prises)


class FicheExpertise(Dossier):
    """Ce qu'une organisation a fait, pour quel indicateur, et ce que cela a donné."""

    CLE: ClassVar = ("organisation", "reference")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="fiches")
    indicateur = models.ForeignKey(Indicateur, models.PROTECT, related_name="fiches")
    reference = models.SlugField("référence", max_length=80)
    titre = models.CharField("titre", max_length=250)
    realisation = models.TextField("ce qui a été fait")
    resultat = models.TextField("ce que cela a donné", blank=True)
    contact = models.EmailField("adresse pour en savoir plus", blank=True)

    objects: ClassVar = FicheQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche d'expertise"
        verbose_name_plural = "fiches d'expertise"
        permissions = [("relire_ficheexpertise", "Peut relire et valider les fiches d'expertise")]
        constraints = [
            *Dossier.Meta.constraints,
            *une_seule_vivante("organisation", "reference"),
            models.CheckConstraint(
                condition=~Q(titre="") & ~Q(reference=""),
                name="fiche_titree",
                violation_error_message="Une fiche a un titre.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre

    @transaction.atomic
    def rediger(self, contenu: "ContenuDeFiche", *, par, le: datetime.datetime, jeton: str | None = None) -> bool:
        """Écrit la fiche; rend `False` si rien ne change.

        Lève `TransitionInterdite` si la fiche est partie, `Conflit` si quelqu'un a enregistré depuis la page de ce
        `jeton`.
        """
        self._relire_sous_verrou()
        avant = self.contenu() if self.revision else {}  # le premier enregistrement dit tout
        apres = contenu.en_json()
        changements = {
            nom: {"avant": avant.get(nom), "apres": dit} for nom, dit in apres.items() if dit != avant.get(nom)
        }
        if not changements:
            return False
        self._exiger_modifiable(jeton, par)
        for nom, dit in contenu._asdict().items():
            setattr(self, nom, dit)
        self._consigner(changements, *contenu._fields, par=par, le=le)
        return True

    def contenu(self) -> dict[str, str]:
        """Ce que la fiche dit, en JSON: ce que le journal rejoue."""
        return ContenuDeFiche.de(self).en_json()

    def _verifier_completude(self, *, le: datetime.datetime) -> None:
        if not (self.realisation.strip() and self.resultat.strip() and self.contact):
            raise TransitionInterdite("La fiche est incomplète : dites ce qui a été fait, le résultat et un contact.")
        for nom, longueur in LONGUEURS_DE_FICHE.items():
            if len(getattr(self, nom)) > longueur:
                raise TransitionInterdite(f"La fiche est trop longue : {longueur} caractères au plus par texte.")
        try:
            validate_email(self.contact)
        except ValidationError as faute:
            raise TransitionInterdite("Le contact de la fiche n'est pas une adresse de courriel.") from faute

    def _copier_contenu(self, nouvelle: "FicheExpertise", *, par, le: datetime.datetime) -> None:
        nouvelle.rediger(ContenuDeFiche.de(self), par=par, le=le)


class ContenuDeFiche(NamedTuple):
    """Une fiche telle qu'elle entre."""

    indicateur: Indicateur
    titre: str
    realisation: str = ""
    resultat: str = ""
    contact: str = ""

    @classmethod
    def de(cls, fiche: FicheExpertise) -> "ContenuDeFiche":
        """Ce que dit une fiche enregistrée."""
        return cls(*(getattr(fiche, champ) for champ in cls._fields))

    def en_json(self) -> dict[str, Any]:
        """Pour le journal: l'indicateur par son code."""
        return self._asdict() | {"indicateur": self.indicateur.code}


def _candidates(base: str) -> Iterator[str]:
    """`base`, `base-2`, `base-3`…"""
    yield base
    numero = 2
    while True:
        yield f"{base}-{numero}"
        numero += 1


class EvenementFiche(Evenement):
    """Une ligne du journal d'une fiche."""

    dossier = models.ForeignKey(FicheExpertise, models.PROTECT, related_name="journal")

    class Meta(Evenement.Meta):
        verbose_name = "événement d'une fiche"
        verbose_name_plural = "événements des fiches"
