"""La page où l'on demande plus de temps."""

import datetime
from typing import Any

from django.utils import timezone

from indicateurs import phrases
from indicateurs.models import DemandeProlongation, Prolongation, Trimestre
from organisations.models import Organisation


def contexte(organisation: Organisation, trimestre: Trimestre, le: datetime.datetime) -> dict[str, Any]:
    """L'échéance qui vaut, et les demandes déjà faites, la plus récente d'abord."""
    demandes = DemandeProlongation.objects.filter(organisation=organisation, trimestre=trimestre)
    limite = Prolongation.objects.echeance(organisation, trimestre)
    return {
        "organisation": organisation,
        "trimestre": trimestre,
        "echeance": phrases.echeance(limite, timezone.localdate(le)),
        "demandes": list(demandes.select_related("prolongation").order_by("-demandee_le", "-pk")),
    }
