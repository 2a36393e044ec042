"""Le tableau de bord: ce qui est dû, dans quel état, ce qui manque, ce qui fut envoyé."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from indicateurs import phrases
from indicateurs.models import (
    DemandeProlongation,
    EvenementSoumission,
    Indicateur,
    Prolongation,
    Soumission,
    Trimestre,
    Valeur,
)
from organisations.models import MODIFIABLES, Dossier, Organisation, PlanTransformation, Statut, Strategie

UN_AN = datetime.timedelta(days=366)


def depuis(dossier: Dossier) -> datetime.date | None:
    """Le jour, à Montréal, du fait que son statut dit."""
    moment = {"SOUMIS": dossier.soumis_le, "VALIDE": dossier.valide_le, "REMPLACE": dossier.remplace_le}
    return timezone.localdate(fait) if (fait := moment.get(dossier.statut)) else None


@dataclass(frozen=True)
class Suivi:
    """Un trimestre d'une organisation, vu par qui déclare; `versions` va de la plus récente à la plus ancienne."""

    organisation: Organisation
    trimestre: Trimestre
    echeance: datetime.date
    aujourdhui: datetime.date
    versions: Sequence[Soumission]
    attendus: Sequence[str]  # les intitulés
    manquants: Sequence[str]
    renvoi: EvenementSoumission | None = None

    @property
    def derniere(self) -> Soumission | None:
        """La version la plus récente; rien si l'organisation n'a pas commencé."""
        return self.versions[0] if self.versions else None

    @property
    def est_due(self) -> bool:
        """Rien n'a encore été envoyé ni accepté: l'échéance court."""
        return not any(v.statut in (Statut.SOUMIS, Statut.VALIDE) for v in self.versions)

    @property
    def est_a_faire(self) -> bool:
        """Attend-on un geste: finir, corriger, ou commencer?"""
        return self.derniere is None or self.derniere.statut in MODIFIABLES

    @property
    def est_en_retard(self) -> bool:
        """L'échéance est passée et rien n'est envoyé."""
        return self.est_due and self.echeance < self.aujourdhui

    @property
    def retard_recent(self) -> bool:
        """En retard, et encore utile à rattraper d'abord; plus ancien, l'historique le dit."""
        return self.est_en_retard and self.aujourdhui - self.echeance < UN_AN

    @property
    def etat(self) -> str:
        """Où en est le trimestre, en mots; une correction se dit à la suite de ce qui est accepté."""
        if self.derniere is None:
            return "Rien n'a été envoyé"
        phrase = phrases.etat(self.derniere.statut, depuis(self.derniere))
        return phrases.correction(phrase) if len(self.versions) > 1 and self.derniere.valide_le is None else phrase

    @property
    def avancement(self) -> str:
        """« 2 réponses sur 4 »."""
        return phrases.reponses(len(self.attendus) - len(self.manquants), len(self.attendus))

    @property
    def date_limite(self) -> str:
        """L'échéance et les jours qui restent; la date seule quand rien n'est plus dû."""
        return phrases.echeance(self.echeance, self.aujourdhui if self.est_due else None)

    @property
    def geste(self) -> str:
        """Ce que dit le bouton."""
        if self.derniere is None:
            return "Commencer"
        return {Statut.BROUILLON: "Continuer", Statut.A_CORRIGER: "Corriger et renvoyer"}.get(
            Statut(self.derniere.statut), "Voir"
        )


def suivis(organisations: Sequence[Organisation], le: datetime.datetime) -> dict[int, list[Suivi]]:
    """Par organisation, ses trimestres ouverts, le plus récent d'abord; le même nombre de requêtes pour une ou cent."""
    jour = timezone.localdate(le)
    ouverts = list(Trimestre.objects.filter(ouvre_le__lte=jour).order_by("-code"))
    indicateurs = Indicateur.objects.order_by("ordre", "code").prefetch_related("definitions")
    attendus = {t.pk: [i for i in indicateurs if i.est_attendu(t.fin)] for t in ouverts}
    versions, dites = _versions(organisations)
    renvois = _renvois(organisations)
    echeances = Prolongation.objects.filter(organisation__in=organisations).echeances()

    def suivi(o: Organisation, t: Trimestre) -> Suivi:
        siennes = versions.get((o.pk, t.pk), [])
        dit = dites[siennes[0].pk] if siennes else set()
        return Suivi(
            o,
            t,
            echeances.get((o.pk, t.pk), t.echeance_le),
            jour,
            siennes,
            [i.intitule for i in attendus[t.pk]],
            [i.intitule for i in attendus[t.pk] if i.pk not in dit],
            renvois.get(siennes[0].pk) if siennes else None,
        )

    return {o.pk: [suivi(o, t) for t in ouverts if o.est_attendue(t.fin)] for o in organisations}


def _versions(organisations: Sequence[Organisation]) -> tuple[dict, dict[int, set[int]]]:
    """Les soumissions par (organisation, trimestre), et par soumission les indicateurs auxquels elle répond."""
    versions = defaultdict(list)
    dites = defaultdict(set)
    soumissions = Soumission.objects.filter(organisation__in=organisations)
    for soumission in soumissions.order_by("-version"):
        versions[soumission.organisation_id, soumission.trimestre_id].append(soumission)
    valeurs = Valeur.objects.filter(soumission__organisation__in=organisations)
    for soumission_id, indicateur in valeurs.values_list("soumission", "indicateur"):
        dites[soumission_id].add(indicateur)
    return versions, dites


def _renvois(organisations: Sequence[Organisation]) -> dict[int, EvenementSoumission]:
    """Le dernier message du relecteur, par soumission à corriger."""
    renvois = EvenementSoumission.objects.filter(
        dossier__organisation__in=organisations,
        dossier__statut=Statut.A_CORRIGER,
        vers=Statut.A_CORRIGER,
        changements__isnull=True,
    )
    return {renvoi.dossier_id: renvoi for renvoi in renvois.order_by("pk")}


def liste(organisations: Sequence[Organisation], le: datetime.datetime) -> dict[str, Any]:
    """Chaque organisation de la personne, et ce qu'on attend d'elle."""
    par_organisation = suivis(organisations, le)
    lignes = [(o, _a_faire(par_organisation[o.pk]), par_organisation[o.pk][:1]) for o in organisations]
    return {"lignes": [{"organisation": o, "a_faire": faire, "derniers": derniers} for o, faire, derniers in lignes]}


def contexte(organisation: Organisation, le: datetime.datetime) -> dict[str, Any]:
    """Le tableau de bord d'une organisation."""
    tous = suivis([organisation], le)[organisation.pk]
    return {
        "organisation": organisation,
        "a_faire": _a_faire(tous),
        "historique": tous,
        "prochain": Trimestre.objects.filter(ouvre_le__gt=timezone.localdate(le)).order_by("code").first(),
        "demandes": list(
            DemandeProlongation.objects.filter(organisation=organisation)
            .select_related("trimestre", "prolongation")
            .order_by("-demandee_le")[:3]
        ),
        "plan": _plan(organisation, le),
    }


def _a_faire(tous: Sequence[Suivi]) -> list[Suivi]:
    """Le dernier trimestre s'il attend un geste, ce qui est commencé ou renvoyé, les retards de moins d'un an."""
    return [s for rang, s in enumerate(tous) if s.est_a_faire and (rang == 0 or s.versions or s.retard_recent)]


def _plan(organisation: Organisation, le: datetime.datetime) -> dict[str, Any]:
    """L'état du plan de la stratégie en cours."""
    strategie = Strategie.objects.en_cours(timezone.localdate(le))
    if strategie is None:
        return {}
    version = PlanTransformation.objects.derniere_version(organisation=organisation, strategie=strategie)
    etat = phrases.etat(version.statut, depuis(version)) if version else "Le plan n'est pas commencé"
    return {"strategie": strategie, "version": version, "etat": etat}
