"""Charge l'exemple d'un coup, ou pas du tout."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from barometre import depot
from barometre.exemple.comptes import COMPTES, DECLARANTE, MOT_DE_PASSE
from barometre.exemple.monde import creer_le_monde
from barometre.exemple.partage import partager
from barometre.exemple.recit import raconter
from barometre.models import Edition
from indicateurs.models import Indicateur, Soumission, Trimestre, Valeur
from organisations.models import Organisation, PlanTransformation, Strategie, Utilisateur

DENOMBRES = {
    "organisations": Organisation,
    "indicateurs": Indicateur,
    "trimestres": Trimestre,
    "soumissions": Soumission,
    "valeurs": Valeur,
    "plans": PlanTransformation,
}


class BaseOccupee(Exception):
    """La base contient autre chose que l'exemple; son message est une phrase pour la personne."""


def charger(annoncer: Callable[[str], None] = lambda etape: None) -> bool:
    """Charge l'exemple dans une base vide; rend `False` sans rien changer s'il y est déjà. Lève `BaseOccupee`."""
    anciens = _dossiers()
    try:
        with transaction.atomic():
            if _est_charge():
                return False
            _exiger_une_base_vide()
            monde = creer_le_monde()
            raconter(monde, annoncer)
            partager(monde)
    except BaseException:
        _retirer_les_dossiers(sauf=anciens)
        raise
    return True


def bilan() -> dict[str, Any]:
    """Ce que contient la base, et comment y entrer."""
    return {
        **{nom: modele._default_manager.count() for nom, modele in DENOMBRES.items()},
        "editions": list(Edition.objects.order_by("rang").values_list("code", flat=True)),
        "comptes": [{"courriel": courriel, "role": role} for courriel, role in COMPTES],
        "mot_de_passe": MOT_DE_PASSE,
    }


def _est_charge() -> bool:
    return Utilisateur.objects.filter(email=DECLARANTE).exists() and Edition.objects.filter(fictive=True).exists()


def _exiger_une_base_vide() -> None:
    for modele in (Organisation, Indicateur, Trimestre, Strategie):
        if modele._default_manager.exists():
            raise BaseOccupee(
                f"La base contient déjà des données ({modele._meta.verbose_name_plural}) : "
                "l'exemple ne se charge que dans une base vide."
            )


def _dossiers() -> set[str]:
    return {chemin.name for chemin in depot.racine().glob("[!.]*") if chemin.is_dir()}


def _retirer_les_dossiers(*, sauf: set[str]) -> None:
    """Ce que des publications défaites ont laissé."""
    for code in _dossiers() - sauf - set(Edition.objects.values_list("code", flat=True)):
        depot.retirer(code)
