"""Ce que toute page publique promet: une édition, un ETag calculé avant toute requête, ni témoin ni session."""

import gzip
from collections.abc import Callable
from contextlib import suppress
from functools import partial, wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from barometre import depot
from barometre.models import Edition
from organisations.horloge import maintenant

FRAICHEUR = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
SANS_EDITION = "aucune"
ADRESSE_MAXIMALE = 120  # caractères: une clé de cache en a 250 au plus, et nos adresses sont courtes


def publique(vue: Callable[..., HttpResponse] | None = None, *, vivant: Callable[[], str] | None = None) -> Callable:
    """Une page publique: `vue(requete, edition, …)`, de l'édition la plus récente ou de celle que nomme l'adresse.

    La page est gardée compressée, par édition, version du code et adresse; celles qui portent une recherche ne le sont
    pas. `edition` est `None` tant que rien n'est publié. `vivant` dit l'état de ce qui paraît entre deux éditions:
    l'ETag et le cache le suivent alors aussi, comme ils suivent le jour annoncé de l'édition suivante.
    """
    if vue is None:
        return partial(publique, vivant=vivant)

    @wraps(vue)
    def enveloppe(requete: HttpRequest, *args, edition: str = "", **kwargs) -> HttpResponse:
        designee = depot.designee()
        empreinte = designee.empreinte if designee else _empreinte_de_la_base()
        annonce = designee.annonce_au(timezone.localdate(maintenant())) if designee else ""
        adresse = f"{settings.VERSION_DU_CODE}:{empreinte}:{annonce}:{requete.path}"
        etat = _etat(vivant, adresse) if vivant else ""
        etag = f'W/"{empreinte[:16]}-{settings.VERSION_DU_CODE}{annonce}{etat}"'
        if etag in parse_etags(requete.headers.get("If-None-Match", "")):
            return _entetes(HttpResponseNotModified(), etag)
        se_garde = not requete.GET and len(requete.path) <= ADRESSE_MAXIMALE
        page = _gardee(f"{adresse}{etat}") if se_garde else None
        if page is None:
            reponse = vue(requete, _ancree(edition) if edition else _edition(empreinte), *args, **kwargs)
            if reponse.status_code != 200:
                return reponse
            page = (gzip.compress(reponse.content, 6, mtime=0), reponse.headers["Content-Type"])
            if se_garde:
                _garder(page, adresse, etat)
        return _entetes(_corps(requete, *page), etag)

    return login_not_required(require_safe(enveloppe))


def _etat(vivant: Callable[[], str], adresse: str) -> str:
    """L'état d'aujourd'hui; sans base, le dernier dont cette page est gardée."""
    try:
        return f"-{vivant()}"
    except (InterfaceError, OperationalError):
        if dernier := _gardee(f"{adresse}:etat"):
            return dernier
        raise


def _gardee(cle: str) -> Any:
    """Ce que le cache garde sous cette clé; en panne, il ralentit, il n'arrête rien."""
    with suppress(RedisError):
        return cache.get(cle)
    return None


def _garder(page: tuple[bytes, str], adresse: str, etat: str) -> None:
    """Garde une page, et son état si elle en a un."""
    with suppress(RedisError):
        cache.set(f"{adresse}{etat}", page)
        if etat:
            cache.set(f"{adresse}:etat", etat)


def _edition(empreinte: str) -> Edition | None:
    """L'édition de cette empreinte; `None` si rien n'est publié."""
    if empreinte == SANS_EDITION:
        return None
    editions = Edition.objects.select_related("trimestre")
    return editions.filter(empreinte=empreinte).first() or editions.derniere()  # base restaurée: elle a raison


def _ancree(code: str) -> Edition:
    """L'édition que nomme l'adresse; ses liens restent chez elle."""
    editions = Edition.objects.select_related("trimestre", "suivante__trimestre").defer("suivante__catalogue")
    edition = get_object_or_404(editions, code=code)
    edition.est_ancree = True
    return edition


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
