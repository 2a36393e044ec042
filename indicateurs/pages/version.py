"""Une version d'un trimestre, telle qu'elle fut dite, et l'accusé de sa transmission."""

from typing import Any

from django.http import Http404

from indicateurs import phrases
from indicateurs.accuse import empreinte
from indicateurs.models import Soumission
from indicateurs.pages.bord import depuis
from organisations.models import MODIFIABLES, Statut


def contexte(soumission: Soumission) -> dict[str, Any]:
    """Les réponses d'une version, son histoire et les autres versions."""
    toutes = Soumission.objects.filter(organisation=soumission.organisation, trimestre=soumission.trimestre)
    versions = list(toutes.order_by("-version"))
    return {
        "organisation": soumission.organisation,
        "trimestre": soumission.trimestre,
        "soumission": soumission,
        "etat": phrases.etat(soumission.statut, depuis(soumission)),
        "reponses": _reponses(soumission),
        "journal": _journal(soumission),
        "versions": [{"version": v, "etat": phrases.etat(v.statut, depuis(v))} for v in versions],
        "a_un_accuse": soumission.statut not in MODIFIABLES,
        "peut_corriger": soumission.statut == Statut.VALIDE and versions[0] == soumission,
    }


def accuse(soumission: Soumission) -> dict[str, Any]:
    """L'accusé d'une version transmise. Lève `Http404` si elle ne l'est pas, ou ne l'est plus."""
    if soumission.statut in MODIFIABLES:
        raise Http404("Cette version n'est pas transmise.")
    texte = soumission.accuse()
    return {
        "organisation": soumission.organisation,
        "trimestre": soumission.trimestre,
        "soumission": soumission,
        "reponses": _reponses(soumission),
        "etat": phrases.etat(soumission.statut, depuis(soumission)),
        "texte": texte,
        "empreinte": empreinte(texte),
    }


def _reponses(soumission: Soumission) -> list[dict[str, Any]]:
    valeurs = soumission.valeurs.select_related("indicateur", "soumission__trimestre")
    return [
        {
            "intitule": valeur.indicateur.intitule,
            "dite": phrases.reponse(None if valeur.absence else valeur.compte, valeur.absence, valeur.motif),
            "valeur": valeur,
        }
        for valeur in valeurs.order_by("indicateur__ordre", "indicateur__code")
    ]


def _journal(soumission: Soumission) -> list[dict[str, Any]]:
    """Les passages d'un statut à l'autre; le CQEN y parle d'une seule voix, sans nom de personne."""
    passages = soumission.journal.filter(changements__isnull=True).select_related("par").order_by("pk")
    return [
        {
            "le": passage.le,
            "etat": phrases.etat(passage.vers),
            "par": str(passage.par) if passage.vers == Statut.SOUMIS else "CQEN",
            "motif": passage.motif,
        }
        for passage in passages
    ]
