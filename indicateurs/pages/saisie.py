"""Le formulaire d'un trimestre: ses cartes, ce qui fut dit avant, ce qui bloque, qui d'autre écrit."""

import datetime
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone

from indicateurs import mots, phrases
from indicateurs.affichage import accorder, pourcentage
from indicateurs.forms import Carte, FormulaireDuTrimestre
from indicateurs.models import EvenementSoumission, Prolongation, Soumission, Valeur
from indicateurs.nombres import NombreIllisible, lire_entier
from indicateurs.presence import signaler
from organisations.models import MODIFIABLES, Habilitation, Role, Statut


class Reproche(NamedTuple):
    """Une erreur, pour le résumé en tête de page: le champ où aller, et ce qui ne va pas."""

    ancre: str
    texte: str


ENREGISTRE = "Le brouillon est enregistré. Rien n'est encore transmis."


def contexte(
    formulaire: FormulaireDuTrimestre,
    personne,
    le: datetime.datetime,
    *,
    refus: str = "",
    montrer_les_erreurs: bool = False,
    gardee: bool = False,
) -> dict[str, Any]:
    """La page du formulaire; `refus` dit pourquoi rien n'a été écrit, `gardee` qu'une séance s'était fermée."""
    soumission = formulaire.soumission
    organisation, trimestre = soumission.organisation, soumission.trimestre
    limite = Prolongation.objects.echeance(organisation, trimestre)
    return {
        "organisation": organisation,
        "trimestre": trimestre,
        "soumission": soumission,
        "formulaire": formulaire,
        "cartes": [_carte(formulaire, carte) for carte in formulaire.cartes],
        "echeance": phrases.echeance(limite, timezone.localdate(le)),
        "etat": phrases.etat(soumission.statut) if soumission.pk else "",
        "renvoi": _renvoi(soumission),
        "peut_reprendre": any(
            formulaire.historique.get(i.pk) for i in formulaire.indicateurs if i.code not in formulaire.actuel
        ),
        "peut_transmettre": Habilitation.objects.permettent(personne, organisation, Role.TRANSMISSION),
        "se_modifie": soumission.statut in MODIFIABLES and trimestre.est_ouvert(le),
        "ouvre_le": None if trimestre.est_ouvert(le) else trimestre.ouvre_le,
        "gardee": gardee,
        "duree_de_seance": settings.SEANCE_INACTIVITE,
        "presents": phrases.presents(signaler(soumission, par=personne, le=le)),
        **_ce_qui_bloque(formulaire, refus, list(reproches(formulaire)) if montrer_les_erreurs else []),
    }


def _ce_qui_bloque(formulaire: FormulaireDuTrimestre, refus: str, fautes: list[Reproche]) -> dict[str, Any]:
    """Pourquoi rien n'a été écrit: les erreurs, ou un refus et ce que l'autre a écrit."""
    return {
        "refus": refus,
        "differences": getattr(formulaire, "differences", []),
        "reproches": fautes,
        "titre_des_reproches": f"Rien n'est transmis : {accorder(len(fautes), 'point')} à revoir",
    }


def reproches(formulaire: FormulaireDuTrimestre) -> Iterator[Reproche]:
    """Toutes les erreurs, dans l'ordre de la page."""
    for carte in formulaire.cartes:
        for champ in carte:
            for erreur in champ.errors:
                ancre = champ.id_for_label or f"{champ.auto_id}_0"  # la première case d'un choix entre plusieurs
                yield Reproche(ancre, f"{carte.indicateur.intitule}, {champ.label} : {erreur}")


def _carte(formulaire: FormulaireDuTrimestre, carte: Carte) -> dict[str, Any]:
    indicateur, trimestre = carte.indicateur, formulaire.soumission.trimestre
    avant: Sequence[Valeur] = formulaire.historique.get(indicateur.pk, ())
    repris = formulaire.repris.get(indicateur.code)
    dans_le_volet = [] if carte.etonnements else ["justification"]  # demandée, elle est hors du volet
    return {
        "forme": carte,
        "part": _part(carte),
        "indicateur": indicateur,
        "definition": indicateur.definition_au(trimestre.fin),
        "avant": _avant(avant[0]) if avant else "",
        "repris": mots.trimestre(repris.soumission.trimestre.code) if repris else "",
        "sans_chiffre": _a_quelque_chose(carte, "absence", "motif"),
        "a_des_precisions": _a_quelque_chose(carte, "note", "preuve", *dans_le_volet),
    }


def _a_quelque_chose(carte: Carte, *noms: str) -> bool:
    """L'un de ces champs est rempli, ou en erreur: le volet qui les contient s'ouvre."""
    return any(carte[nom].value() or (carte.is_bound and nom in carte.errors) for nom in noms)


def _part(carte: Carte) -> str:
    """La part de ce qui est écrit, si les deux nombres se lisent; le script de la page la tient ensuite à jour."""
    try:
        numerateur, denominateur = (lire_entier(carte[nom].value() or "") for nom in ("numerateur", "denominateur"))
    except NombreIllisible:
        return ""
    return pourcentage(Fraction(numerateur, denominateur)) if 0 < denominateur >= numerateur else ""


def _avant(valeur: Valeur) -> str:
    """« Au 1er trimestre de 2023 : 12 sur 30, soit 40,0 % »."""
    dite = phrases.reponse(None if valeur.absence else valeur.compte, valeur.absence, valeur.motif)
    return f"Au {mots.trimestre(valeur.soumission.trimestre.code)} : {dite}."


def _renvoi(soumission: Soumission) -> EvenementSoumission | None:
    """Le dernier message du relecteur, tant que la soumission est à corriger."""
    if soumission.statut != Statut.A_CORRIGER:
        return None
    return soumission.journal.filter(vers=Statut.A_CORRIGER, changements__isnull=True).order_by("-pk").first()
