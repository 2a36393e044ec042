"""Ce qu'une organisation envoie pour un trimestre."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, Value, When
from django.utils import timezone

from indicateurs import accuse, controles
from indicateurs.affichage import accorder, nombre
from indicateurs.controles import Compte, Signalement
from indicateurs.models import reprise
from indicateurs.models.indicateur import Indicateur
from indicateurs.models.prolongation import Prolongation
from indicateurs.models.trimestre import Trimestre
from indicateurs.models.valeur import Saisie, Valeur, verifier
from organisations.models import (
    MODIFIABLES,
    Dossier,
    DossierQuerySet,
    Evenement,
    Organisation,
    Statut,
    TransitionInterdite,
    une_seule_vivante,
)

Reponse = Saisie | Mapping[str, str] | None  # deux comptes ou une absence; une ébauche; rien


class SoumissionQuerySet(DossierQuerySet):
    """Les choix de soumissions, et la reprise de l'historique."""

    def commencer(
        self, organisation: Organisation, trimestre: Trimestre, *, par, le: datetime.datetime
    ) -> "Soumission":
        """La dernière version, ou un premier brouillon. Lève `TransitionInterdite` avant l'ouverture du trimestre."""
        trimestre.exiger_ouvert(le)
        organisation.exiger_attendue(trimestre.fin)
        return self.ouvrir(cle={"organisation": organisation, "trimestre": trimestre}, par=par, le=le)

    def signalees_d_abord(self) -> "SoumissionQuerySet":
        """Chacune avec `signalee` (0 ou 1); celles-là d'abord, puis de la plus ancienne à la plus récente."""
        signalee = Case(When(signalements=[], then=0), default=1, output_field=models.SmallIntegerField())
        return self.annotate(signalee=signalee).order_by("-signalee", "soumis_le", "pk")

    def sans_signalement(self) -> "SoumissionQuerySet":
        """Celles où rien n'appelle l'œil."""
        return self.filter(signalements=[])

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
    # Ce qui est tapé et n'est pas encore une réponse, par code d'indicateur, tel quel: un brouillon ne perd rien.
    ebauches = models.JSONField("ébauches", default=dict, blank=True, db_default=Value({}, models.JSONField()))

    # Ce que la relecture voit d'abord, figé à la transmission: des `Signalement` en JSON.
    signalements = models.JSONField("signalements", default=list, blank=True, db_default=Value([], models.JSONField()))

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

    def contenu(self) -> dict[str, Any]:
        """Ce que la soumission dit, par code d'indicateur, en JSON: ce que le journal rejoue."""
        reponses = {v.indicateur.code: v.saisie.en_json() for v in self.valeurs.select_related("indicateur")}
        return reponses | {code: {"ebauche": ebauche} for code, ebauche in self.ebauches.items()}

    @transaction.atomic
    def saisir(
        self, reponses: Mapping[Indicateur, Reponse], *, par, le: datetime.datetime, jeton: str | None = None
    ) -> bool:
        """Écrit les réponses données, et laisse les autres comme elles sont; rend `False` si rien ne change.

        Une réponse est une `Saisie`, une ébauche (des textes qui n'en sont pas encore une) ou rien. Lève
        `TransitionInterdite` si la soumission est partie, `Conflit` si elle ne dit plus ce que montrait la page de ce
        `jeton`, `ValidationError` si une saisie ne tient pas ou si l'indicateur n'est pas attendu.
        """
        for reponse in reponses.values():
            if isinstance(reponse, Saisie):
                verifier(reponse)
        if set(reponses) - set(self.indicateurs_attendus()):
            raise ValidationError(f"Un indicateur n'est pas attendu pour le {self.trimestre.code}.")
        return self._enregistrer(reponses, par=par, le=le, jeton=jeton)

    def historique(self) -> dict[int, list[Valeur]]:
        """Par indicateur, ce qui fut transmis depuis le début de l'année d'avant, le plus récent d'abord.

        D'un trimestre compte la dernière version transmise. Une requête; vaut aussi pour une soumission pas encore
        enregistrée.
        """
        transmises = Valeur.objects.filter(
            soumission__organisation=self.organisation,
            soumission__statut__in=(Statut.SOUMIS, Statut.VALIDE),
            soumission__trimestre__annee__gte=self.trimestre.annee - 1,
            soumission__trimestre__code__lt=self.trimestre.code,
        ).select_related("soumission__trimestre")
        par_trimestre: dict[tuple[int, str], Valeur] = {}
        for valeur in transmises.order_by("-soumission__trimestre__code", "-soumission__version"):
            par_trimestre.setdefault((valeur.indicateur_id, valeur.soumission.trimestre.code), valeur)
        historique: dict[int, list[Valeur]] = defaultdict(list)
        for (indicateur, _), valeur in par_trimestre.items():
            historique[indicateur].append(valeur)
        return historique

    def etonnements(
        self, saisies: Mapping[Indicateur, Saisie], historique: Mapping[int, list[Valeur]] | None = None
    ) -> dict[Indicateur, list[str]]:
        """Ce qui étonne dans ces réponses et demande une justification; rien pour celles qui n'étonnent pas."""
        historique = self.historique() if historique is None else historique
        etonnants = {}
        for indicateur, saisie in saisies.items():
            avant = [v.compte for v in historique.get(indicateur.pk, []) if not v.absence]
            compte = Compte(self.trimestre.code, saisie.numerateur or 0, saisie.denominateur or 0)
            if not saisie.absence and (phrases := list(controles.etonnements(compte, avant))):
                etonnants[indicateur] = phrases
        return etonnants

    def _enregistrer(self, reponses, *, par, le: datetime.datetime, jeton: str | None = None) -> bool:
        self._relire_sous_verrou()
        avant = self.contenu()
        apres = {indicateur.code: _en_json(reponse) for indicateur, reponse in reponses.items()}
        changements = {
            code: {"avant": avant.get(code), "apres": dit} for code, dit in apres.items() if dit != avant.get(code)
        }
        if not changements:
            return False
        self._exiger_modifiable(jeton, par)
        self._ecrire(reponses)
        self._consigner(changements, "ebauches", par=par, le=le)
        return True

    def _ecrire(self, reponses: Mapping[Indicateur, Reponse]) -> None:
        saisies = {i: reponse for i, reponse in reponses.items() if isinstance(reponse, Saisie)}
        self.valeurs.filter(indicateur__in=reponses.keys() - saisies.keys()).delete()
        Valeur.objects.bulk_create(
            [Valeur(soumission=self, indicateur=indicateur, **s._asdict()) for indicateur, s in saisies.items()],
            update_conflicts=True,
            unique_fields=["soumission", "indicateur"],
            update_fields=Saisie._fields,
        )
        codes = {indicateur.code for indicateur in reponses}
        self.ebauches = {code: ebauche for code, ebauche in self.ebauches.items() if code not in codes}
        self.ebauches |= {i.code: dict(r) for i, r in reponses.items() if r and not isinstance(r, Saisie)}

    def _verifier_completude(self, *, le: datetime.datetime) -> None:
        self.trimestre.exiger_ouvert(le)
        self.organisation.exiger_attendue(self.trimestre.fin)
        manquants = self.indicateurs_attendus().exclude(valeurs__soumission=self).order_by("ordre", "code")
        if noms := ", ".join(f"« {indicateur.intitule} »" for indicateur in manquants):
            raise TransitionInterdite(f"Il manque une réponse pour {noms}.")
        saisies = self._saisies()
        muets = [i for i in self.etonnements(saisies) if not saisies[i].justification.strip()]
        if noms := ", ".join(f"« {indicateur.intitule} »" for indicateur in muets):
            raise TransitionInterdite(f"Un chiffre étonne et demande une justification : {noms}.")

    def _saisies(self) -> dict[Indicateur, Saisie]:
        return {v.indicateur: v.saisie for v in self.valeurs.select_related("indicateur")}

    def _preparer_la_relecture(self, *, le: datetime.datetime) -> None:
        self.signalements = [signalement._asdict() for signalement in self._signaler(le)]
        self.save(update_fields=["signalements"])

    def _signaler(self, le: datetime.datetime) -> Iterator[Signalement]:
        """Ce qui appelle l'œil: ce qui étonne, le retard, une première fois, un petit dénominateur."""
        saisies = self._saisies()
        for indicateur, phrases in self.etonnements(saisies).items():
            yield from (Signalement("ETONNEMENT", phrase, indicateur.code) for phrase in phrases)
        retard = (timezone.localdate(le) - Prolongation.objects.echeance(self.organisation, self.trimestre)).days
        if retard > 0 and self.version == 1:
            yield Signalement("RETARD", f"Transmise {accorder(retard, 'jour')} après l'échéance.")
        if not self.organisation.soumissions.exclude(pk=self.pk).exclude(statut__in=MODIFIABLES).exists():
            yield Signalement("PREMIERE", "Première transmission de cette organisation.")
        for indicateur, saisie in saisies.items():
            if 0 < (saisie.denominateur or 0) < indicateur.denominateur_minimal:
                phrase = f"Le dénominateur est sous {nombre(indicateur.denominateur_minimal)}, le minimum pour juger."
                yield Signalement("PETIT_DENOMINATEUR", phrase, indicateur.code)

    def _copier_contenu(self, nouvelle: "Soumission", *, par, le: datetime.datetime) -> None:
        valeurs = self.valeurs.select_related("indicateur")
        nouvelle._enregistrer({valeur.indicateur: valeur.saisie for valeur in valeurs}, par=par, le=le)

    def accuse(self) -> str:
        """Le texte de l'accusé de ce qui fut transmis; son SHA-256 est l'empreinte que garde le journal."""
        assert self.soumis_le  # noqa: S101 - appelé sur un dossier transmis
        saisies = {v.indicateur.code: v.saisie.en_json() for v in self.valeurs.select_related("indicateur")}
        return accuse.texte(self.organisation.sigle, self.trimestre.code, self.version, self.soumis_le, saisies)

    def _empreinte(self) -> str:
        return accuse.empreinte(self.accuse())


def _en_json(reponse: Reponse) -> dict[str, Any] | None:
    """Une réponse telle que le journal la dit."""
    if isinstance(reponse, Saisie):
        return reponse.en_json()
    return {"ebauche": dict(reponse)} if reponse else None


class EvenementSoumission(Evenement):
    """Une ligne du journal d'une soumission."""

    dossier = models.ForeignKey(Soumission, models.PROTECT, related_name="journal")

    class Meta(Evenement.Meta):
        verbose_name = "événement d'une soumission"
        verbose_name_plural = "événements des soumissions"
