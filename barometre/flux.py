"""L'annonce des éditions et de leurs révisions, en Atom 1.0 (RFC 4287): toutes, ou celles d'une organisation."""

import datetime
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from barometre import depot, entre_editions, pannes, parcours, phrases
from barometre.chiffres import Case
from barometre.composition import motifs
from barometre.entre_editions import Jalon
from barometre.lignees import Fiche
from barometre.models import Edition
from barometre.pages.revisions import RIEN, date_de
from barometre.pages.sorties import demonstration
from barometre.revisions import MARQUE, Revision, resumer
from indicateurs import mots
from indicateurs.affichage import accorder
from indicateurs.texte import lisible
from organisations.courriels import adresse

MONTREES = 12  # éditions, trois ans
DETAILLEES = 300  # révisions d'une annonce
FICHIER = "chiffres.csv"


class Annonce(NamedTuple):
    """Une édition, en phrases, et ce qu'elle révise."""

    edition: Edition
    dites: Sequence[str]
    lignes: Sequence[str] = ()
    slug: str = ""  # de l'organisation qu'elle concerne, sous son nom d'alors


class Noms:
    """Ce que l'édition la plus récente nomme: une ancienne, ici, ne lit pas son catalogue."""

    def __init__(self, edition: Edition | None) -> None:
        self._fiches = edition.organisations if edition else {}
        self._regles = edition.regles if edition else {}

    def organisation(self, sigle: str) -> str:
        """« Régie de l'assurance maladie du Québec (RAMQ) »."""
        return f"{self._fiches[sigle]['nom']} ({sigle})" if sigle in self._fiches else sigle

    def lignes(self, revisions: Sequence[Revision], edition: Edition) -> list[str]:
        """Ce que disent les premières révisions d'une édition."""
        return [self._dire(r, edition) for r in revisions[:DETAILLEES]]

    def _dire(self, r: Revision, edition: Edition) -> str:
        """« r, correction, Régie (R), 1er trimestre de 2023, Papier: 6 sur 10 devient 7 sur 10, le 1er juin… »."""
        quoi = self._regles[r.indicateur].intitule if r.indicateur in self._regles else r.indicateur
        debut = f"{MARQUE}, {r.genre}, {self.organisation(r.sigle)}, {mots.trimestre(r.trimestre)}, {quoi}"
        phrase = f"{debut} : {r.avant} devient {r.apres}, le {date_de(r, edition)}. {r.raison}"
        return lisible(mots.typographier(phrase))


class Atom(Atom1Feed):
    """Un flux dont la date ne dépend que de ce qu'il dit: sans annonce, c'est celle de l'édition."""

    def latest_post_date(self) -> datetime.datetime:
        """Le jour de la dernière annonce."""
        return super().latest_post_date() if self.items else self.feed["paru_le"] or super().latest_post_date()


class Flux(Feed):
    """Les dernières éditions: date, note, ce qui est révisé, liens vers la page et les données."""

    feed_type = Atom
    language = "fr-CA"
    nom = "éditions"
    subtitle = "Chaque édition publiée, et ce qu'elle révise."
    author_name = "CQEN"

    def get_object(self, request: HttpRequest, edition: Edition | None) -> Edition | None:
        """L'édition la plus récente, ou rien tant que rien n'est publié."""
        return edition

    def title(self, edition: Edition | None) -> str:
        """De quoi il est le flux, et que tout y est inventé quand ce l'est."""
        return f"Baromètre numérique\xa0: {self.nom}{demonstration(edition)}"

    def feed_extra_kwargs(self, edition: Edition | None) -> dict[str, Any]:
        """Quand parut ce qu'il lit."""
        return {"paru_le": edition.arretee_le if edition else None}

    def link(self) -> str:
        """La page que le flux accompagne."""
        return adresse("editions")

    def feed_url(self) -> str:
        """Le flux lui-même."""
        return adresse("flux")

    def items(self, edition: Edition | None) -> list[Annonce]:
        """Les dernières éditions, et ce que chacune change aux fichiers de celle d'avant; trois requêtes au plus."""
        noms = Noms(edition)
        return [
            Annonce(montree, _resume(revisions, noms), noms.lignes(revisions or (), montree))
            for montree, revisions in dernieres(edition)
        ]

    def item_title(self, annonce: Annonce) -> str:
        """« Édition 2023-T1 »."""
        return str(annonce.edition)

    def item_description(self, annonce: Annonce) -> SafeString:
        """Quand, pourquoi, ce qui est révisé en bref, puis valeur par valeur."""
        edition = annonce.edition
        parue = phrases.edition(edition.code, timezone.localdate(edition.arretee_le))
        toutes = [lisible(dite) for dite in (parue, *self.raisons(edition), *annonce.dites) if dite]
        return format_html_join("", "<p>{}</p>", [(dite,) for dite in toutes]) + _journal(edition, annonce.lignes)

    def raisons(self, edition: Edition) -> list[str]:
        """Pourquoi elle a paru, et pourquoi ce jour-là."""
        hors = [phrases.hors_calendrier(edition.hors_calendrier)] if edition.hors_calendrier else []
        return [edition.note, *hors]

    def item_link(self, annonce: Annonce) -> str:
        """La page de l'édition."""
        return adresse("dossier", annonce.edition.code)

    def item_pubdate(self, annonce: Annonce):
        """Quand elle fut arrêtée."""
        return annonce.edition.arretee_le

    item_updateddate = item_pubdate

    def item_enclosures(self, annonce: Annonce) -> list[Enclosure]:
        """Ses chiffres."""
        try:
            taille = (depot.dossier(annonce.edition.code) / FICHIER).stat().st_size
        except OSError as panne:
            pannes.noter(panne)
            taille = 0
        return [Enclosure(adresse("fichier", annonce.edition.code, FICHIER), str(taille), "text/csv")]


class FluxDUneOrganisation(Flux):
    """Les éditions où une réponse de cette organisation, ou de qui elle continue ou a intégré, paraît ou change."""

    subtitle = "Chaque édition où une réponse de l'organisation paraît ou change."

    def __init__(self, edition: Edition, fiche: Fiche) -> None:
        self.fiche, self.fiches, self.dire = fiche, edition.organisations, Noms(edition)
        self.noms = parcours.lignee(edition, fiche["sigle"])
        self.rejointes = [sigle for suite in parcours.jointes(edition, fiche["sigle"]) for sigle in suite]
        self.nom = lisible(fiche["nom"])

    def link(self) -> str:
        """La page de l'organisation."""
        return adresse("organisation", self.fiche["slug"])

    def feed_url(self) -> str:
        """Le flux lui-même."""
        return adresse("flux_d_une_organisation", self.fiche["slug"])

    def items(self, edition: Edition | None) -> list[Annonce]:
        """Celles des dernières éditions qui disent d'elle quelque chose de neuf."""
        return [annonce for montree, toutes in dernieres(edition) if (annonce := self._annoncer(montree, toutes or ()))]

    def _annoncer(self, edition: Edition, toutes: Sequence[Revision]) -> Annonce | None:
        """Ce que cette édition dit d'elle, et sous quel nom; rien si elle n'en dit rien de neuf."""
        revisees = [r for r in toutes if r.sigle in (*self.noms, *self.rejointes)]
        neuves = entre_editions.parues(edition) or {}
        parues = [case for sigle in self.noms for case in neuves.get(sigle, [])]
        dits = {r.sigle for r in revisees} | {case.sigle for case in parues}
        if not dits:
            return None
        sigle = next(sigle for sigle in (*reversed(self.noms), *self.rejointes) if sigle in dits)
        dites = [*_parues(parues), *resumer(revisees, self.dire.organisation)]
        return Annonce(edition, dites, self.dire.lignes(revisees, edition), self.fiches[sigle]["slug"])

    def raisons(self, edition: Edition) -> list[str]:
        """Rien: ces raisons sont celles de toute l'édition, et parlent souvent d'autres organisations."""
        return []

    def item_link(self, annonce: Annonce) -> str:
        """Sa page, telle que cette édition la montre."""
        return adresse("edition:organisation", annonce.edition.code, annonce.slug)


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


def _resume(revisions: list[Revision] | None, noms: Noms) -> list[str]:
    """Rien si un fichier ne se lit pas: le flux ne suppose pas."""
    return [] if revisions is None else resumer(revisions, noms.organisation) or [RIEN]


def _parues(cases: Iterable[Case]) -> list[str]:
    """« 2 réponses paraissent, pour le 2e trimestre de 2023. »"""
    par_trimestre: dict[str, int] = {}
    for case in cases:
        par_trimestre[case.trimestre] = par_trimestre.get(case.trimestre, 0) + 1
    return [
        f"{accorder(n, 'réponse paraît', 'réponses paraissent')} pour le {mots.trimestre(code)}."
        for code, n in par_trimestre.items()
    ]


def _journal(edition: Edition, dites: Sequence[str]) -> SafeString:
    """Chaque valeur révisée, puis l'adresse du journal entier et celle du fichier qu'elle remplace."""
    avant = edition.precedente
    if avant is None or not dites:
        return SafeString("")
    lignes = format_html_join("", "<li>{}</li>", [(dite,) for dite in dites])
    journal, ancien = adresse("revisions", avant.code, edition.code), adresse("fichier", avant.code, "valeurs.csv")
    modele = '<ul>{}</ul><p><a href="{}">Tout ce qui est révisé</a>, <a href="{}">le fichier remplacé</a></p>'
    return format_html(modele, lignes, journal, ancien)
