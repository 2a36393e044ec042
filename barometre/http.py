"""Ce que toute page publique promet: une édition, un ETag calculé avant toute requête, ni témoin ni session."""

import gzip
from collections.abc import Callable
from contextlib import suppress
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from barometre import depot
from barometre.models import Edition

FRAICHEUR = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
SANS_EDITION = "aucune"


def publique(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Une page publique de l'édition la plus récente: `vue(requete, edition, …)`.

    La page est gardée compressée, par édition, version du code et adresse; celles qui portent une recherche ne le sont
    pas. `edition` est `None` tant que rien n'est publié.
    """

    @wraps(vue)
    def enveloppe(requete: HttpRequest, *args, **kwargs) -> HttpResponse:
        designee = depot.designee()
        empreinte = designee.empreinte if designee else _empreinte_de_la_base()
        etag = f'W/"{empreinte[:16]}-{settings.VERSION_DU_CODE}"'
        if etag in parse_etags(requete.headers.get("If-None-Match", "")):
            return _entetes(HttpResponseNotModified(), etag)
        cle = f"{settings.VERSION_DU_CODE}:{empreinte}:{requete.path}"
        page = None
        with suppress(RedisError):  # un cache en panne ralentit, il n'arrête rien
            page = None if requete.GET else cache.get(cle)
        if page is None:
            reponse = vue(requete, _edition(empreinte), *args, **kwargs)
            if reponse.status_code != 200:
                return reponse
            page = (gzip.compress(reponse.content, 6, mtime=0), reponse.headers["Content-Type"])
            with suppress(RedisError):
                if not requete.GET:
                    cache.set(cle, page)
        return _entetes(_corps(requete, *page), etag)

    return login_not_required(require_safe(enveloppe))


def _edition(empreinte: str) -> Edition | None:
    """L'édition de cette empreinte; `None` si rien n'est publié."""
    if empreinte == SANS_EDITION:
        return None
    editions = Edition.objects.select_related("trimestre")
    return editions.filter(empreinte=empreinte).first() or editions.derniere()  # base restaurée: elle a raison


def _empreinte_de_la_base() -> str:
    """Sans `derniere.json`, l'édition la plus récente se demande à la base."""
    derniere = Edition.objects.order_by("-rang").values_list("empreinte", flat=True).first()
    return derniere or SANS_EDITION


def _corps(requete: HttpRequest, comprime: bytes, type_de_contenu: str) -> HttpResponse:
    """La page comprimée telle quelle, ou décomprimée pour qui ne sait pas la lire."""
    if "gzip" not in requete.headers.get("Accept-Encoding", ""):
        return HttpResponse(gzip.decompress(comprime), content_type=type_de_contenu)
    return HttpResponse(comprime, content_type=type_de_contenu, headers={"Content-Encoding": "gzip"})


def _entetes(reponse: HttpResponse, etag: str) -> HttpResponse:
    reponse.headers["ETag"] = etag
    reponse.headers["Cache-Control"] = FRAICHEUR
    patch_vary_headers(reponse, ["Accept-Encoding"])
    return reponse
