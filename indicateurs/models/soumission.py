"""Ce qu'une organisation envoie pour un trimestre."""

import datetime
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models, transaction

from indicateurs.models import reprise
from indicateurs.models.indicateur import Indicateur
from indicateurs.models.trimestre import Trimestre
from indicateurs.models.valeur import Saisie, Valeur, verifier
from organisations.models import (
    MODIFIABLES,
    Dossier,
    DossierQuerySet,
    Evenement,
    Organisation,
    TransitionInterdite,
    une_seule_vivante,
)


class SoumissionQuerySet(DossierQuerySet):
    """Les choix de soumissions, et la reprise de l'historique."""

    def derniere_version(self, organisation: Organisation, trimestre: Trimestre) -> Any:
        """La version la plus récente, ouverte ou validée; rien si l'organisation n'a pas commencé."""
        return self.filter(organisation=organisation, trimestre=trimestre).order_by("-version").first()

    @transaction.atomic
    def reprendre(
        self,
        reponses: Mapping[reprise.Cle, reprise.Reponses],
        *,
        declarant,
        validateur,
        le: datetime.datetime,
        motif: str,
    ) -> reprise.Bilan:
        """Reprend l'historique: déclare et valide, par ensembles, des réponses rangées par (organisation, trimestre).

        Mêmes règles et mêmes contraintes que les verbes, une ligne de journal par passage. Une réponse déjà en vigueur
        ne change rien; une réponse différente fait une correction, avec `motif`. Seule liberté: un trimestre ancien
        peut rester incomplet, et son silence reste un silence. Lève `TransitionInterdite` si une version est ouverte.
        """
        return reprise.reprendre(self, reponses, declarant=declarant, validateur=validateur, le=le, motif=motif)


class Soumission(Dossier):
    """Une version des chiffres d'une organisation pour un trimestre."""

    CLE: ClassVar = ("organisation", "trimestre")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="soumissions")
    trimestre = models.ForeignKey(Trimestre, models.PROTECT, related_name="soumissions")

    objects: ClassVar = SoumissionQuerySet.as_manager()

    class Meta:
        verbose_name = "soumission"
        verbose_name_plural = "soumissions"
        permissions = [("relire_soumission", "Peut relire et valider les soumissions")]
        constraints = [*Dossier.Meta.constraints, *une_seule_vivante("organisation", "trimestre")]
        indexes = [models.Index(fields=["valide_le"], name="soumission_valide_le")]

    def __str__(self) -> str:
        return f"{self.organisation.sigle}, {self.trimestre.code}, version {self.version}"

    def indicateurs_attendus(self) -> models.QuerySet[Indicateur]:
        """Les indicateurs en vigueur au dernier jour du trimestre."""
        return Indicateur.objects.attendus(self.trimestre.fin)

    def dit_deja(self, saisies: Mapping[Indicateur, Saisie]) -> bool:
        """Ces réponses sont-elles, mot pour mot, celles de cette version?"""
        actuelles = {valeur.indicateur_id: valeur.saisie for valeur in self.valeurs.all()}
        return all(actuelles.get(indicateur.pk) == saisie for indicateur, saisie in saisies.items())

    @transaction.atomic
    def saisir(self, saisies: Mapping[Indicateur, Saisie]) -> None:
        """Écrit les réponses données, et laisse les autres comme elles sont.

        Lève `TransitionInterdite` si la soumission est partie, `ValidationError` si une réponse ne tient pas.
        """
        if self._relire_sous_verrou() not in MODIFIABLES:
            raise TransitionInterdite("Cette soumission est déjà transmise : elle ne se modifie plus.")
        for saisie in saisies.values():
            verifier(saisie)
        Valeur.objects.bulk_create(
            [Valeur(soumission=self, indicateur=indicateur, **s._asdict()) for indicateur, s in saisies.items()],
            update_conflicts=True,
            unique_fields=["soumission", "indicateur"],
            update_fields=Saisie._fields,
        )

    def _verifier_completude(self, *, le: datetime.datetime) -> None:
        self.trimestre.exiger_ouvert(le)
        self.organisation.exiger_attendue(self.trimestre.fin)
        manquants = self.indicateurs_attendus().exclude(valeurs__soumission=self).order_by("ordre", "code")
        if noms := ", ".join(f"« {indicateur.intitule} »" for indicateur in manquants):
            raise TransitionInterdite(f"Il manque une réponse pour {noms}.")

    def _copier_contenu(self, nouvelle: "Soumission") -> None:
        nouvelle.saisir({valeur.indicateur: valeur.saisie for valeur in self.valeurs.select_related("indicateur")})


class EvenementSoumission(Evenement):
    """Une ligne du journal d'une soumission."""

    dossier = models.ForeignKey(Soumission, models.PROTECT, related_name="journal")

    class Meta(Evenement.Meta):
        verbose_name = "événement d'une soumission"
        verbose_name_plural = "événements des soumissions"
