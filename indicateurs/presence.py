"""Qui d'autre a ouvert ce formulaire il y a peu. Dans le cache: s'il est en panne, on ne le dit pas, c'est tout."""

import datetime
from contextlib import suppress

from django.core.cache import cache
from redis.exceptions import RedisError

from indicateurs.models import Soumission

DUREE = datetime.timedelta(minutes=10)


def signaler(soumission: Soumission, *, par, le: datetime.datetime) -> list[str]:
    """Note que la personne est là; rend le nom des autres qui y étaient il y a moins de dix minutes."""
    cle = f"presence-{soumission.organisation_id}-{soumission.trimestre_id}"
    with suppress(RedisError):
        vus = cache.get(cle, {})
        presents = {qui: (nom, vu) for qui, (nom, vu) in vus.items() if le - vu < DUREE}
        cache.set(cle, presents | {par.pk: (str(par), le)}, DUREE.total_seconds())
        return sorted(nom for qui, (nom, _) in presents.items() if qui != par.pk)
    return []
