"""Les demandes d'accompagnement, du côté de qui demande."""

from typing import Any

from indicateurs.models import DemandeAccompagnement
from organisations.models import Organisation


def liste(organisation: Organisation) -> dict[str, Any]:
    """Les demandes de l'organisation, les ouvertes d'abord, puis les plus récentes."""
    siennes = DemandeAccompagnement.objects.filter(organisation=organisation).select_related("indicateur")
    recentes = sorted(siennes.order_by("-demandee_le", "-pk"), key=lambda demande: demande.close_le is not None)
    return {"organisation": organisation, "demandes": recentes}


def fil(demande: DemandeAccompagnement) -> dict[str, Any]:
    """Une demande et ses messages; le CQEN y parle d'une seule voix, sans nom de personne."""
    return {
        "organisation": demande.organisation,
        "demande": demande,
        "fil": demande.messages.avec_auteur(),
    }
