"""La mise en relation, pour le CQEN: qui demande, qui a le plus progressé, ce qui en est écrit."""

import datetime
from collections import defaultdict
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils import timezone

from indicateurs import mots
from indicateurs.affichage import points, pourcentage
from indicateurs.arithmetique import TRIMESTRES_DU_PROGRES, Progres, code_du_rang, progres, rang
from indicateurs.models import DemandeAccompagnement, FicheExpertise, Indicateur, Valeur
from organisations.models import Organisation, Statut

PLUS_DE_PROGRES = 10  # organisations montrées


class Ligne(NamedTuple):
    """Une organisation qui a progressé, et ses fiches sur cet indicateur."""

    organisation: Organisation
    gain: str
    parts: str
    periode: str
    fiches: list[FicheExpertise]


def contexte(indicateur: Indicateur, le: datetime.datetime) -> dict[str, Any]:
    """Les deux côtés d'un indicateur, au même nombre de requêtes quoi qu'il y ait."""
    jour = timezone.localdate(le)
    gagnes = _progres(indicateur, jour)
    organisations = Organisation.objects.in_bulk(gagnes)
    fiches = defaultdict(list)
    valides = FicheExpertise.objects.valides().filter(indicateur=indicateur).select_related("organisation")
    for fiche in valides.order_by("titre", "pk"):
        fiches[fiche.organisation_id].append(fiche)
    rangs = sorted(gagnes.items(), key=lambda dit: (-dit[1].gain, organisations[dit[0]].nom, dit[0]))
    lignes = [_ligne(organisations[cle], gagne, fiches.pop(cle, [])) for cle, gagne in rangs[:PLUS_DE_PROGRES]]
    demandes = DemandeAccompagnement.objects.ouvertes().filter(indicateur=indicateur).avec_attente()
    return {
        "indicateur": indicateur,
        "demandes": demandes.select_related("organisation", "suivie_par").order_by("demandee_le", "pk"),
        "progres": lignes,
        "autres_fiches": [fiche for siennes in fiches.values() for fiche in siennes],
        "indicateurs": Indicateur.objects.order_by("ordre", "code"),
    }


def _progres(indicateur: Indicateur, jour: datetime.date) -> dict[int, Progres]:
    """Par organisation qui déclare encore, ce qu'elle a gagné; rien de ce qui n'est plus récent ou comparable."""
    series = _series(indicateur, jour)
    dernier = max((serie[-1][0] for serie in series.values()), default=0)
    recentes = {cle: serie for cle, serie in series.items() if serie[-1][0] > dernier - TRIMESTRES_DU_PROGRES}
    tous = {cle: progres(serie) for cle, serie in recentes.items()}
    return {cle: gagne for cle, gagne in tous.items() if gagne and gagne.gain > 0}


def _series(indicateur: Indicateur, jour: datetime.date) -> dict[int, list[tuple[int, Fraction]]]:
    """Par organisation, ses parts validées de dénominateur suffisant depuis la dernière rupture, en ordre."""
    depuis = _rang_de_la_rupture(indicateur, jour)
    validees = Valeur.objects.filter(
        indicateur=indicateur,
        soumission__statut=Statut.VALIDE,
        soumission__organisation__in=Organisation.objects.attendues(jour),
        denominateur__gte=max(indicateur.denominateur_minimal, 1),
    )
    champs = ("soumission__organisation", "soumission__trimestre__code", "numerateur", "denominateur")
    series = defaultdict(list)
    for cle, code, numerateur, denominateur in validees.order_by("soumission__trimestre__code").values_list(*champs):
        if rang(code) >= depuis:
            series[cle].append((rang(code), Fraction(numerateur, denominateur)))
    return series


def _rang_de_la_rupture(indicateur: Indicateur, jour: datetime.date) -> int:
    """Le premier trimestre de la définition en vigueur depuis une rupture: un changement n'est pas un progrès."""
    ruptures = indicateur.definitions.filter(rupture=True, applicable_du__lte=jour)
    debut = ruptures.order_by("-applicable_du").values_list("applicable_du", flat=True).first()
    return debut.year * 4 + (debut.month - 1) // 3 if debut else 0


def _ligne(organisation: Organisation, gagne: Progres, fiches: list[FicheExpertise]) -> Ligne:
    du, au = (mots.trimestre(code_du_rang(valeur)) for valeur in (gagne.du, gagne.au))
    parts = f"{pourcentage(gagne.depart)} → {pourcentage(gagne.arrivee)}"
    return Ligne(organisation, points(gagne.gain), parts, f"du {du} au {au}", fiches)
