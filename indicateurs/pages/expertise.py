"""Les fiches d'expertise, du côté de qui les propose: où en est chacune, et la page de l'une d'elles."""

from typing import Any

from django.conf import settings

from indicateurs import phrases
from indicateurs.models import EvenementFiche, FicheExpertise
from indicateurs.pages.bord import depuis
from organisations.models import MODIFIABLES, Habilitation, Organisation, Role, Statut


def liste(organisation: Organisation) -> dict[str, Any]:
    """La dernière version de chaque fiche, la plus récente d'abord."""
    siennes = FicheExpertise.objects.filter(organisation=organisation).dernieres().select_related("indicateur")
    lignes = [{"fiche": fiche, "etat": etat(fiche)} for fiche in siennes.order_by("-cree_le", "-pk")]
    return {"organisation": organisation, "lignes": lignes}


def etat(fiche: FicheExpertise) -> str:
    """Où en est une fiche, en mots; une correction se dit à la suite de ce qui est accepté."""
    phrase = phrases.etat(fiche.statut, depuis(fiche))
    return phrases.correction(phrase) if fiche.version > 1 and fiche.valide_le is None else phrase


def contexte(fiche: FicheExpertise, personne) -> dict[str, Any]:
    """La page d'une fiche, commencée ou non: son état, ses versions, le dernier message du CQEN."""
    toutes = FicheExpertise.objects.filter(organisation=fiche.organisation, reference=fiche.reference)
    versions = toutes.order_by("-version") if fiche.pk else toutes.none()
    renvois = EvenementFiche.objects.filter(dossier_id=fiche.pk, de=Statut.SOUMIS, vers=Statut.A_CORRIGER)
    return {
        "fiche": fiche,
        "organisation": fiche.organisation,
        "etat": etat(fiche) if fiche.pk else "",
        "renvoi": renvois.order_by("pk").last() if fiche.statut == Statut.A_CORRIGER else None,
        "est_publique": any(v.statut == Statut.VALIDE for v in versions),
        "versions": [{"version": v, "etat": phrases.etat(v.statut, depuis(v))} for v in versions],
        "se_modifie": fiche.statut in MODIFIABLES,
        "peut_transmettre": Habilitation.objects.permettent(personne, fiche.organisation, Role.TRANSMISSION),
        "duree_de_seance": settings.SEANCE_INACTIVITE,
    }
