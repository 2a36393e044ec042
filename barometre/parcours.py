"""Ce qu'une organisation a déclaré au fil du temps, sous tous ses noms, et quand elle l'a transmis."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone

from barometre import lignees
from barometre.chiffres import Case, Chiffre, Serie, series
from barometre.composition import CHAMPS, case_de, cases, valeurs_de
from barometre.lignees import Lignee
from barometre.models import Edition
from indicateurs.models import EvenementSoumission
from organisations.models import Statut
from organisations.models.utilisateur import DOMAINE_TECHNIQUE

Series = Mapping[str, Serie]  # par code d'indicateur
Transmises = Mapping[tuple[str, str], datetime.date]  # par sigle et trimestre
ENTRE = "..."  # deux codes d'édition, comme dans l'adresse de ce qui les sépare


class Correction(NamedTuple):
    """Pourquoi la version publiée corrige la précédente, et entre quelles éditions cela se voit, s'il y en a."""

    raison: str
    entre: tuple[str, str] | None


Corrections = Mapping[tuple[str, str], Correction]  # par sigle et trimestre


class Parcours(NamedTuple):
    """Une organisation dans le temps: sa lignée et ses séries, celles des organisations qui l'ont rejointe."""

    lignee: Lignee
    series: Series
    jointes: Mapping[Lignee, Series]
    transmises: Transmises
    corrections: Corrections


def lignee(edition: Edition, sigle: str) -> Lignee:
    """L'organisation et celles dont elle continue la série, telles que l'édition les connaît."""
    return lignees.lignee(edition.organisations, sigle, _fins(edition))


def jointes(edition: Edition, sigle: str) -> list[Lignee]:
    """Les lignées qui l'ont rejointe."""
    return lignees.jointes(edition.organisations, sigle, _fins(edition))


def parcourir(edition: Edition, sigle: str) -> Parcours:
    """Le parcours d'une organisation, tel que l'édition le connaît; deux requêtes."""
    siennes, autres = lignee(edition, sigle), jointes(edition, sigle)
    lues, transmises, corrections = _lire(edition, {membre for suite in (siennes, *autres) for membre in suite})
    return Parcours(
        siennes,
        _ranger(edition, lues, siennes),
        {suite: _ranger(edition, lues, suite) for suite in autres},
        transmises,
        corrections,
    )


def de_plusieurs(edition: Edition, sigles: Iterable[str], indicateur: str) -> dict[str, Serie]:
    """La série de chacune pour un indicateur, continuée sous ses noms d'avant; deux requêtes."""
    suites = {sigle: lignee(edition, sigle) for sigle in sigles}
    membres = {membre for suite in suites.values() for membre in suite}
    lues = list(cases(edition, sigles=membres, indicateurs=[indicateur])) if membres else []
    rangees = {sigle: _ranger(edition, lues, suite) for sigle, suite in suites.items()}
    return {sigle: serie[indicateur] for sigle, serie in rangees.items() if indicateur in serie}


def _fins(edition: Edition) -> list[str]:
    return [trimestre["fin"] for trimestre in edition.catalogue["trimestres"]]


def _ranger(edition: Edition, lues: Iterable[Case], lignee: Lignee) -> Series:
    """Les séries d'une lignée: chaque case face aux cibles de qui l'a remplie."""
    propres = {(s, code): regle.pour(s) for s in lignee for code, regle in edition.regles.items()}
    chiffres = (Chiffre.propre(propres[c.sigle, c.indicateur], c) for c in lues if c.sigle in lignee)
    return {code: serie for (code, _), serie in series(chiffres).items()}


def _lire(edition: Edition, sigles: Collection[str]) -> tuple[list[Case], Transmises, Corrections]:
    """Les cases de ces organisations; par trimestre, le jour du premier envoi et la correction publiée.

    Ce qu'une reprise de l'historique a déclaré n'a pas ce jour: l'organisation l'avait dit autrement.
    """
    lignes = valeurs_de(edition, sigles).annotate(transmise_le=_premier_envoi(), paire=_premiere_parution())
    lues = lignes.values_list(*CHAMPS, "soumission__motif_de_correction", "transmise_le", "paire")
    declarees, transmises, corrections = {}, {}, {}
    for *champs, raison, transmise_le, paire in lues:
        case = case_de(tuple(champs))
        declarees[case[:3]] = case
        if transmise_le:
            transmises[case.sigle, case.trimestre] = timezone.localdate(transmise_le)
        if raison:
            avant, _, apres = (paire or "").partition(ENTRE)
            est_revisee = avant >= case.trimestre  # l'édition d'avant couvrait déjà ce trimestre
            corrections[case.sigle, case.trimestre] = Correction(raison, (avant, apres) if est_revisee else None)
    return list(cases(edition, sigles=sigles, declarees=declarees)), transmises, corrections


def _premier_envoi() -> Subquery:
    """Quand la réponse de ce trimestre fut transmise d'abord: le journal le garde, même renvoyée puis retransmise."""
    envois = EvenementSoumission.objects.filter(
        dossier__organisation=OuterRef("soumission__organisation"),
        dossier__trimestre=OuterRef("soumission__trimestre"),
        dossier__version=1,
        vers=Statut.SOUMIS,
    ).exclude(par__email__endswith=f"@{DOMAINE_TECHNIQUE}")
    return Subquery(envois.order_by("le").values("le")[:1])


def _premiere_parution() -> Subquery:
    """La première édition où paraît cette version, derrière celle d'avant: « 2023-T1...2023-T1-r1 »."""
    editions = Edition.objects.filter(
        arretee_le__gte=OuterRef("soumission__valide_le"), trimestre__code__gte=OuterRef("soumission__trimestre__code")
    )
    paire = Concat("precedente__code", Value(ENTRE), "code")
    return Subquery(editions.order_by("rang").values(paire=paire)[:1])
