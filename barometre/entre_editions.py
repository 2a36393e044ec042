"""Ce qu'une édition change à une autre, d'après leurs fichiers. Publiés, ils ne changent plus: la réponse se garde."""

import csv
import datetime
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_save
from redis.exceptions import RedisError

from barometre import depot, pannes
from barometre.chiffres import Case
from barometre.composition import motifs
from barometre.models import Edition
from barometre.revisions import Motifs, Revision, comparer, differentes, reponses_apres
from indicateurs.arithmetique import code_du_rang, rang

ILLISIBLE = (OSError, csv.Error, LookupError, TypeError, ValueError)


class Jalon(NamedTuple):
    """Ce qu'il faut savoir d'une édition pour la comparer à une autre."""

    code: str
    empreinte: str
    trimestre: str
    arretee_le: datetime.datetime

    @classmethod
    def de(cls, edition: Edition) -> "Jalon":
        """Celui de cette édition."""
        return cls(edition.code, edition.empreinte, edition.trimestre.code, edition.arretee_le)


def avant(edition: Edition) -> Jalon | None:
    """L'édition précédente, d'après les fichiers: une page d'accueil n'a pas de requête à y mettre."""
    if edition.precedente_id is None:
        return None
    try:
        nommee = _entete(edition.code)["precedente"]
        dite = _entete(nommee["code"])
        arret = datetime.datetime.fromisoformat(dite["arretee_le"])
        return Jalon(nommee["code"], nommee["empreinte"], dite["trimestre"], arret)
    except ILLISIBLE as panne:
        pannes.noter(panne)
        return None


def _entete(code: str) -> dict[str, Any]:
    return json.loads(depot.lire(code, "indicateurs.json"))["edition"]


def revisions(avant: Jalon, apres: Jalon, lire: Callable[[], Motifs] | None = None) -> list[Revision] | None:
    """Ce que la seconde révise de la première; `None` si un fichier ne se lit pas: on ne suppose rien.

    Une requête au plus, pour les raisons, que `lire` épargne à qui les a déjà. Le cache ne garde que des données: les
    phrases s'écrivent à chaque fois, dans la langue de la page.
    """

    def calculer() -> tuple[Sequence[Case], Sequence[Case], str, Motifs]:
        anciennes, neuves = differentes(*(depot.lire(jalon.code, "valeurs.csv") for jalon in (avant, apres)))
        connues = [case for case in neuves if case.trimestre <= avant.trimestre]
        lues = anciennes, connues, avant.trimestre, lire() if lire else motifs(avant.arretee_le, apres.arretee_le)
        comparer(*lues)  # un fichier abîmé se voit ici, et ne se garde pas
        return lues

    gardees = _gardees(f"cases/{avant.empreinte[:32]}/{apres.empreinte[:32]}", calculer)
    return None if gardees is None else comparer(*gardees)


def parues(edition: Edition) -> Mapping[str, list[Case]] | None:
    """Par sigle, les réponses aux trimestres que cette édition est la première à couvrir; `None` si illisible.

    De la toute première, on ne retient que le dernier trimestre.
    """
    avant = edition.precedente.trimestre.code if edition.precedente else _trimestre_d_avant(edition.trimestre.code)

    def calculer() -> dict[str, list[Case]]:
        reponses: dict[str, list[Case]] = defaultdict(list)
        for case in reponses_apres(depot.lire(edition.code, "valeurs.csv"), avant):
            reponses[case.sigle].append(case)
        return dict(reponses)

    return _gardees(f"parues/{edition.empreinte[:32]}", calculer)


def _trimestre_d_avant(code: str) -> str:
    return code_du_rang(rang(code) - 1)


def rechauffer(edition: Edition) -> None:
    """Calcule d'avance ce que l'accueil et les flux liront dès qu'elle paraît."""
    if edition.precedente:
        revisions(Jalon.de(edition.precedente), Jalon.de(edition))
    parues(edition)


def brancher() -> None:
    """Réchauffe à chaque publication, la transaction acquise: une panne d'ici n'y change rien."""
    post_save.connect(_a_la_publication, sender=Edition, dispatch_uid="rechauffer")


def _a_la_publication(sender: type[Edition], instance: Edition, created: bool, **_: Any) -> None:
    if created:
        transaction.on_commit(lambda: rechauffer(instance), robust=True)


def _gardees(cle: str, calculer: Callable[[], Any]) -> Any:
    """Ce que le cache en garde, ou ce qui se calcule; une panne du cache ralentit, elle n'arrête rien."""
    complete = f"{settings.VERSION_DU_CODE}:{cle}"
    with suppress(RedisError):
        if (gardees := cache.get(complete)) is not None:
            return gardees
    try:
        calculees = calculer()
    except ILLISIBLE as panne:
        pannes.noter(panne)
        return None
    with suppress(RedisError):
        cache.set(complete, calculees)
    return calculees
