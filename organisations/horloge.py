"""L'heure qu'il est, lue au bord (vue, commande) et passée aux verbes en `le=`."""

import datetime

from django.conf import settings
from django.utils import timezone

DEMARRAGE = timezone.now()


def maintenant() -> datetime.datetime:
    """Maintenant. En démonstration, le temps reprend à l'instant `HORLOGE` quand le serveur démarre."""
    ici = timezone.now()
    return settings.HORLOGE + (ici - DEMARRAGE) if settings.HORLOGE else ici
