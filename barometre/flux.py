"""L'annonce des éditions, en Atom 1.0 (RFC 4287)."""

import csv
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import NamedTuple

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.html import format_html_join

from barometre import depot, formats, phrases
from barometre.chiffres import Case
from barometre.composition import motifs
from barometre.models import Edition
from barometre.revisions import Motifs, comparer, resumer
from organisations.courriels import adresse

MONTREES = 12  # éditions, trois ans
ILLISIBLES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # ce que XML 1.0 ne sait pas écrire
FICHIER = "chiffres.csv"
RIEN = "Rien de déjà publié n'est révisé."


class Annonce(NamedTuple):
    """Une édition et ce qu'elle révise, en phrases."""

    edition: Edition
    revise: list[str]


class Flux(Feed):
    """Les dernières éditions: date, note, ce qui est révisé, liens vers la page et les données."""

    feed_type = Atom1Feed
    language = "fr-CA"
    title = "Baromètre numérique : éditions"
    subtitle = "Chaque édition publiée, et ce qu'elle révise."
    author_name = "CQEN"

    def get_object(self, request: HttpRequest, edition: Edition | None) -> Edition | None:
        """L'édition la plus récente, ou rien tant que rien n'est publié."""
        return edition

    def link(self) -> str:
        """La page que le flux accompagne."""
        return adresse("donnees")

    def feed_url(self) -> str:
        """Le flux lui-même."""
        return adresse("flux")

    def items(self, edition: Edition | None) -> list[Annonce]:
        """Les dernières éditions, et ce que chacune change aux fichiers de celle d'avant; trois requêtes."""
        if edition is None:
            return []
        editions = Edition.objects.select_related("trimestre", "precedente__trimestre").order_by("-rang")
        montrees = list(editions.defer("catalogue", "precedente__catalogue")[:MONTREES])
        ancienne = montrees[-1].precedente or montrees[-1]
        raisons, lire = motifs(ancienne.arretee_le), cache(_cases)  # chaque fichier ne se lit qu'une fois
        return [Annonce(montree, _revise(montree, raisons, lire)) for montree in montrees]

    def item_title(self, annonce: Annonce) -> str:
        """« Édition 2023-T1 »."""
        return str(annonce.edition)

    def item_description(self, annonce: Annonce) -> str:
        """Quand, pourquoi, et ce qui est révisé."""
        edition, revise = annonce
        parue = phrases.edition(edition.code, timezone.localdate(edition.arretee_le))
        hors = [phrases.hors_calendrier(edition.hors_calendrier)] if edition.hors_calendrier else []
        dites = [parue, edition.note, *hors, *revise]
        return format_html_join("", "<p>{}</p>", [(ILLISIBLES.sub(" ", dite),) for dite in dites if dite])

    def item_link(self, annonce: Annonce) -> str:
        """La page de l'édition."""
        return adresse("dossier", annonce.edition.code)

    def item_pubdate(self, annonce: Annonce):
        """Quand elle fut arrêtée."""
        return annonce.edition.arretee_le

    item_updateddate = item_pubdate

    def item_enclosures(self, annonce: Annonce) -> list[Enclosure]:
        """Ses chiffres."""
        chemin = depot.dossier(annonce.edition.code) / FICHIER
        taille = chemin.stat().st_size if chemin.exists() else 0
        return [Enclosure(adresse("fichier", annonce.edition.code, FICHIER), str(taille), "text/csv")]


def _revise(edition: Edition, raisons: Motifs, lire: Callable[[str], list[Case]]) -> list[str]:
    """Ce qu'elle révise, d'après les fichiers publiés; rien si un fichier ne se lit pas: le flux ne suppose pas."""
    avant = edition.precedente
    if avant is None:
        return [RIEN]
    with suppress(OSError, csv.Error, LookupError, TypeError, ValueError):
        revisions = comparer(lire(avant.code), lire(edition.code), avant.trimestre.code, raisons)
        return resumer(revisions) or [RIEN]
    return []


def _cases(code: str) -> list[Case]:
    return formats.lire_cases(depot.lire(code, "valeurs.csv"))
