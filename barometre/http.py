"""Ce que toute page publique promet: une édition, un ETag calculé avant toute requête, ni témoin ni session."""

import gzip
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any
from zlib import crc32

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from barometre import depot, pannes
from barometre.models import Edition
from organisations.horloge import maintenant

FRAICHEUR = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
SANS_EDITION = "aucune"
ADRESSE_MAXIMALE = 120  # caractères: une clé de cache en a 250 au plus, et nos adresses sont courtes
DEMANDE_MAXIMALE = 400  # caractères: cinq organisations et un indicateur y tiennent
PLACES = 512  # que les demandes se partagent dans le cache: un robot qui les varie les fait tourner, sans le remplir
LIBRES = ("q", "ajouter")  # ce qui se tape: chaque recherche est d'une personne, et ne se garde pas


def en_lecture(vue: Callable[..., Any]) -> Callable[..., Any]:
    """Une vue publique qui ne fait que montrer: GET ou HEAD, et 405 à tout le reste, qu'il ait un jeton ou non."""
    montree: Any = login_not_required(require_safe(vue))
    montree.en_lecture = True
    return montree


def publique(
    vue: Callable[..., HttpResponse] | None = None,
    *,
    vivant: Callable[[], str] | None = None,
    lit: Collection[str] = (),
    innombrable: bool = False,
) -> Callable:
    """Une page publique: `vue(requete, edition, …)`, de l'édition la plus récente ou de celle que nomme l'adresse.

    La page est gardée compressée, par édition, version du code et adresse, sauf si elle porte une recherche ou s'est
    faite malgré une panne. Des champs de l'adresse, la vue ne voit que ceux de `lit`. `edition` est `None` tant que
    rien n'est publié. `vivant` dit l'état de ce qui paraît entre deux éditions: l'ETag et le cache le suivent alors
    aussi, comme ils suivent le jour annoncé de l'édition suivante. Une vue `innombrable` a trop d'adresses pour que
    chacune ait sa place dans le cache: elles se partagent celles des demandes.
    """
    if vue is None:
        return partial(publique, vivant=vivant, lit=lit, innombrable=innombrable)

    @wraps(vue)
    def enveloppe(requete: HttpRequest, *args, edition: str = "", **kwargs) -> HttpResponse:
        demande = _reduire(requete, lit)
        voulue = Voulue.de(requete, edition, demande, vivant, a_part=not (demande or innombrable))
        if voulue.etag in parse_etags(requete.headers.get("If-None-Match", "")):
            return _entetes(HttpResponseNotModified(), voulue.etag)
        page = voulue.gardee()
        if page is None:
            with pannes.guetter() as notees:
                reponse = vue(requete, voulue.edition, *args, **kwargs)
            if notees:
                return _passagere(reponse)
            if reponse.status_code != 200:
                return reponse
            page = (gzip.compress(reponse.content, 6, mtime=0), reponse.headers["Content-Type"])
            voulue.garder(page)
        return _entetes(_corps(requete, *page), voulue.etag)

    return en_lecture(enveloppe)


@dataclass(frozen=True)
class Voulue:
    """La page qu'on demande: de quelle édition, à quelle adresse, avec quels champs, dans quel état du jour."""

    code: str
    empreinte: str
    lue: Edition | None
    etag: str
    adresse: str
    demande: str
    etat: str
    se_garde: bool
    a_part: bool

    @classmethod
    def de(
        cls, requete: HttpRequest, code: str, demande: str, vivant: Callable[[], str] | None, *, a_part: bool
    ) -> "Voulue":
        """Celle de cette adresse; `a_part` si elle a sa place à elle dans le cache."""
        empreinte, annonce, lue = _situer(code)
        adresse = f"{settings.VERSION_DU_CODE}:{empreinte}:{annonce}:{requete.path}"
        etat = _etat(vivant, adresse) if vivant else ""
        etag = f'W/"{empreinte[:16]}-{settings.VERSION_DU_CODE}{annonce}{etat}"'  # change avec ce que la page montre
        courte = len(requete.path) <= ADRESSE_MAXIMALE and len(demande) <= DEMANDE_MAXIMALE
        se_garde = courte and not any(nom in requete.GET for nom in LIBRES)
        return cls(code, empreinte, lue, etag, adresse, demande, etat, se_garde, a_part)

    @property
    def edition(self) -> Edition | None:
        """Celle que nomme l'adresse, ou la plus récente."""
        return self.lue or (_ancree(self.code) if self.code else _edition(self.empreinte))

    @property
    def nom(self) -> str:
        """Ce qui la distingue de toute autre."""
        return f"{self.adresse}{self.etat}?{self.demande}"

    @property
    def cle(self) -> str:
        """Où le cache la tient: chez elle, ou à l'une des `PLACES` des demandes, où la dernière venue reste."""
        return f"{self.adresse}{self.etat}" if self.a_part else f"demande-{crc32(self.nom.encode()) % PLACES}"

    def gardee(self) -> tuple[bytes, str] | None:
        """La page gardée, si c'est bien elle qui est à sa place."""
        nom, page = (_gardee(self.cle) if self.se_garde else None) or ("", None)
        return page if nom == self.nom else None

    def garder(self, page: tuple[bytes, str]) -> None:
        """La garde, et son état si elle en a un."""
        if self.se_garde:
            etat = {f"{self.adresse}:etat": self.etat} if self.etat and not self.demande else {}
            with suppress(RedisError):
                cache.set_many({self.cle: (self.nom, page)} | etat)


def _reduire(requete: HttpRequest, lit: Collection[str]) -> str:
    """Ne laisse à la demande que les champs de `lit` qui disent quelque chose, dans cet ordre; rend leur écriture."""
    champs = QueryDict(mutable=True)
    for nom in lit:
        if valeurs := [valeur for valeur in requete.GET.getlist(nom) if valeur]:
            champs.setlist(nom, valeurs)
    requete.META["QUERY_STRING"] = ecrite = champs.urlencode()
    requete.GET = QueryDict(ecrite)
    return ecrite


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


def _passagere(reponse: HttpResponse) -> HttpResponse:
    """Une page où quelque chose manque, le temps d'une panne: personne ne la garde."""
    reponse.headers["Cache-Control"] = "no-store"
    return reponse


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


def _situer(code: str) -> tuple[str, str, Edition | None]:
    """L'empreinte que suivent l'ETag et le cache, le jour annoncé de l'édition suivante, l'édition si elle est lue.

    Sans `derniere.json`, l'édition se lit aussitôt: c'est d'elle, ou de celle qui la corrige, que la page dépend.
    """
    if designee := depot.designee():
        return designee.empreinte, designee.annonce_au(timezone.localdate(maintenant())), None
    lue = _ancree(code) if code else Edition.objects.derniere()
    montree = (getattr(lue, "suivante", None) if code else None) or lue
    return montree.empreinte if montree else SANS_EDITION, "", lue


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
