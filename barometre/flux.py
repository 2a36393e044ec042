"""L'annonce des éditions et de leurs révisions, en Atom 1.0 (RFC 4287): toutes, ou celles d'une organisation."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from barometre import depot, entre_editions, phrases
from barometre.chiffres import Case
from barometre.composition import motifs
from barometre.entre_editions import Jalon
from barometre.models import Edition
from barometre.pages.revisions import RIEN, date_de
from barometre.revisions import MARQUE, Revision, resumer
from indicateurs import mots
from indicateurs.affichage import accorder
from organisations.courriels import adresse

MONTREES = 12  # éditions, trois ans
DETAILLEES = 300  # révisions d'une annonce
ILLISIBLES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # ce que XML 1.0 ne sait pas écrire
FICHIER = "chiffres.csv"


class Annonce(NamedTuple):
    """Une édition, en phrases, et ce qu'elle révise."""

    edition: Edition
    dites: Sequence[str]
    revisions: Sequence[Revision] = ()


class Flux(Feed):
    """Les dernières éditions: date, note, ce qui est révisé, liens vers la page et les données."""

    feed_type = Atom1Feed
    language = "fr-CA"
    title = "Baromètre numérique\xa0: éditions"
    subtitle = "Chaque édition publiée, et ce qu'elle révise."
    author_name = "CQEN"

    def get_object(self, request: HttpRequest, edition: Edition | None) -> Edition | None:
        """L'édition la plus récente, ou rien tant que rien n'est publié."""
        return edition

    def link(self) -> str:
        """La page que le flux accompagne."""
        return adresse("editions")

    def feed_url(self) -> str:
        """Le flux lui-même."""
        return adresse("flux")

    def items(self, edition: Edition | None) -> list[Annonce]:
        """Les dernières éditions, et ce que chacune change aux fichiers de celle d'avant; trois requêtes au plus."""
        return [Annonce(montree, _resume(revisions), revisions or ()) for montree, revisions in dernieres(edition)]

    def item_title(self, annonce: Annonce) -> str:
        """« Édition 2023-T1 »."""
        return str(annonce.edition)

    def item_description(self, annonce: Annonce) -> SafeString:
        """Quand, pourquoi, ce qui est révisé en bref, puis valeur par valeur."""
        edition, dites, revisions = annonce
        parue = phrases.edition(edition.code, timezone.localdate(edition.arretee_le))
        hors = [phrases.hors_calendrier(edition.hors_calendrier)] if edition.hors_calendrier else []
        toutes = [_lisible(dite) for dite in (parue, edition.note, *hors, *dites) if dite]
        return format_html_join("", "<p>{}</p>", [(dite,) for dite in toutes]) + _journal(edition, revisions)

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


class FluxDUneOrganisation(Flux):
    """Les éditions où une réponse de cette organisation paraît ou change."""

    subtitle = "Chaque édition où une réponse de l'organisation paraît ou change."

    def __init__(self, fiche: Mapping[str, Any]) -> None:
        self.fiche = fiche
        self.title = f"Baromètre numérique\xa0: {_lisible(fiche['nom'])}"

    def link(self) -> str:
        """La page de l'organisation."""
        return adresse("organisation", self.fiche["slug"])

    def feed_url(self) -> str:
        """Le flux lui-même."""
        return adresse("flux_d_une_organisation", self.fiche["slug"])

    def items(self, edition: Edition | None) -> list[Annonce]:
        """Celles des dernières éditions qui disent d'elle quelque chose de neuf."""
        annonces = []
        for montree, toutes in dernieres(edition):
            siennes = [r for r in toutes or () if r.sigle == self.fiche["sigle"]]
            parues = (entre_editions.parues(montree) or {}).get(self.fiche["sigle"], [])
            if siennes or parues:
                annonces.append(Annonce(montree, [*_parues(parues), *resumer(siennes)], siennes))
        return annonces

    def item_link(self, annonce: Annonce) -> str:
        """Sa page, telle que cette édition la montre."""
        return adresse("edition:organisation", annonce.edition.code, self.fiche["slug"])


def dernieres(edition: Edition | None) -> list[tuple[Edition, list[Revision] | None]]:
    """Les dernières éditions et ce que chacune révise; `None` si l'on n'en sait rien. Deux requêtes au plus."""
    if edition is None:
        return []
    editions = Edition.objects.select_related("trimestre", "precedente__trimestre").order_by("-rang")
    montrees = list(editions.defer("catalogue", "precedente__catalogue")[:MONTREES])
    bornes = (montrees[-1].precedente or montrees[-1]).arretee_le, montrees[0].arretee_le
    raisons = cache(lambda: motifs(*bornes))  # une fois pour toutes, et seulement au besoin
    return [
        (e, entre_editions.revisions(Jalon.de(e.precedente), Jalon.de(e), raisons) if e.precedente else [])
        for e in montrees
    ]


def _resume(revisions: list[Revision] | None) -> list[str]:
    """Rien si un fichier ne se lit pas: le flux ne suppose pas."""
    return [] if revisions is None else resumer(revisions) or [RIEN]


def _parues(cases: Iterable[Case]) -> list[str]:
    """« 2 réponses paraissent, pour le 2e trimestre de 2023. »"""
    par_trimestre: dict[str, int] = {}
    for case in cases:
        par_trimestre[case.trimestre] = par_trimestre.get(case.trimestre, 0) + 1
    return [
        f"{accorder(n, 'réponse paraît', 'réponses paraissent')} pour le {mots.trimestre(code)}."
        for code, n in par_trimestre.items()
    ]


def _journal(edition: Edition, revisions: Sequence[Revision]) -> SafeString:
    """Chaque valeur révisée, puis l'adresse du journal entier et celle du fichier qu'elle remplace."""
    avant = edition.precedente
    if avant is None or not revisions:
        return SafeString("")
    lignes = format_html_join("", "<li>{}</li>", [(_dire(r, edition),) for r in revisions[:DETAILLEES]])
    journal, ancien = adresse("revisions", avant.code, edition.code), adresse("fichier", avant.code, "valeurs.csv")
    modele = '<ul>{}</ul><p><a href="{}">Tout ce qui est révisé</a>, <a href="{}">le fichier remplacé</a></p>'
    return format_html(modele, lignes, journal, ancien)


def _dire(r: Revision, edition: Edition) -> str:
    """« r, correction, RAMQ, 1er trimestre de 2023, papier: 6 sur 10 devient 7 sur 10, le 1er juin 2023. Raison… »."""
    quoi = f"{MARQUE}, {r.genre}, {r.sigle}, {mots.trimestre(r.trimestre)}, {r.indicateur}"
    phrase = f"{quoi} : {r.avant} devient {r.apres}, le {date_de(r, edition)}. {r.raison}"
    return _lisible(mots.typographier(phrase))


def _lisible(texte: str) -> str:
    return ILLISIBLES.sub(" ", texte)
