"""Ce qu'une organisation a déclaré au fil du temps, sous tous ses noms, et quand elle l'a transmis."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from django.db.models import OuterRef, Subquery
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
Raisons = Mapping[tuple[str, str], str]  # de même


class Parcours(NamedTuple):
    """Une organisation dans le temps: sa lignée et ses séries, celles des organisations qui l'ont rejointe."""

    lignee: Lignee
    series: Series
    jointes: Mapping[Lignee, Series]
    transmises: Transmises
    raisons: Raisons  # pourquoi la version publiée corrige la précédente

    def anciennes(self) -> set[str]:
        """Les sigles sous lesquels elle a déclaré avant le sien."""
        return set(self.lignee[:-1])


def parcourir(edition: Edition, sigle: str) -> Parcours:
    """Le parcours d'une organisation, tel que l'édition le connaît; deux requêtes."""
    fins = _fins(edition)
    siennes = lignees.lignee(edition.organisations, sigle, fins)
    autres = lignees.jointes(edition.organisations, sigle, fins)
    lues, transmises, raisons = _lire(edition, {membre for suite in (siennes, *autres) for membre in suite})
    return Parcours(
        siennes,
        _ranger(edition, lues, siennes),
        {suite: _ranger(edition, lues, suite) for suite in autres},
        transmises,
        raisons,
    )


def de_plusieurs(edition: Edition, sigles: Iterable[str], indicateur: str) -> dict[str, Serie]:
    """La série de chacune pour un indicateur, continuée sous ses noms d'avant; deux requêtes."""
    fins = _fins(edition)
    suites = {sigle: lignees.lignee(edition.organisations, sigle, fins) for sigle in sigles}
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


def _lire(edition: Edition, sigles: Collection[str]) -> tuple[list[Case], Transmises, Raisons]:
    """Les cases de ces organisations; par trimestre, le jour du premier envoi et la raison de la correction publiée.

    Ce qu'une reprise de l'historique a déclaré n'a pas ce jour: l'organisation l'avait dit autrement.
    """
    envois = EvenementSoumission.objects.filter(  # le journal garde le premier, même renvoyé puis retransmis
        dossier__organisation=OuterRef("soumission__organisation"),
        dossier__trimestre=OuterRef("soumission__trimestre"),
        dossier__version=1,
        vers=Statut.SOUMIS,
    ).exclude(par__email__endswith=f"@{DOMAINE_TECHNIQUE}")
    premier = envois.order_by("le").values("le")[:1]
    lignes = valeurs_de(edition, sigles).annotate(transmise_le=Subquery(premier))
    declarees, transmises, raisons = {}, {}, {}
    for *champs, raison, transmise_le in lignes.values_list(*CHAMPS, "soumission__motif_de_correction", "transmise_le"):
        case = case_de(tuple(champs))
        declarees[case[:3]] = case
        if transmise_le:
            transmises[case.sigle, case.trimestre] = timezone.localdate(transmise_le)
        if raison:
            raisons[case.sigle, case.trimestre] = raison
    return list(cases(edition, sigles=sigles, declarees=declarees)), transmises, raisons
