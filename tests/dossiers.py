"""De quoi conduire un dossier d'un statut à l'autre, par les verbes."""

from collections.abc import Callable

import pytest

from indicateurs.models import EvenementSoumission, Soumission, Valeur
from organisations.models import (
    Dossier,
    EvenementPlan,
    Initiative,
    PlanTransformation,
    Statut,
    TransitionInterdite,
)
from tests import fabrique as f

LE = f.instant("2023-05-01")
PLUS_TARD = f.instant("2023-05-02")
ENCORE_PLUS_TARD = f.instant("2023-05-03")
TABLES = (Soumission, Valeur, EvenementSoumission, PlanTransformation, Initiative, EvenementPlan)


def une_soumission() -> Soumission:
    return f.brouillon(f.organisation(), f.trimestre("2023-T1"), {f.indicateur(): (6, 10)}, LE)


def un_plan() -> PlanTransformation:
    return f.plan(f.organisation(), le=LE)


def transmettre(dossier: Dossier, le=LE) -> Dossier:
    dossier.soumettre(par=dossier.cree_par, le=le)
    return dossier


def amener(dossier: Dossier, statut: str, cqen) -> Dossier:
    """Le dossier, conduit par les verbes jusqu'à ce statut."""
    if statut != Statut.BROUILLON:
        transmettre(dossier)
    if statut == Statut.A_CORRIGER:
        dossier.renvoyer(par=cqen, le=LE, motif="Vérifiez.")
    if statut in (Statut.VALIDE, Statut.REMPLACE):
        dossier.valider(par=cqen, le=LE)
    if statut == Statut.REMPLACE:
        transmettre(dossier.corriger(par=dossier.cree_par, le=PLUS_TARD, motif="Erreur"), PLUS_TARD).valider(
            par=cqen, le=PLUS_TARD
        )
        dossier.refresh_from_db()
    assert dossier.statut == statut
    return dossier


def refuse(geste: Callable[[], object]) -> str:
    """La phrase du refus, une fois prouvé que la base n'a pas bougé."""
    avant = f.photo(*TABLES)
    with pytest.raises(TransitionInterdite) as refus:
        geste()
    assert f.photo(*TABLES) == avant
    phrase = str(refus.value)
    assert phrase[0].isupper()
    assert phrase.endswith(".")
    return phrase
