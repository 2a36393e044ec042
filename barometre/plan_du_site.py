"""Le plan du site pour les moteurs de recherche: les pages publiques de l'édition la plus récente, en chaque langue."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Value
from django.urls import reverse

from barometre.lignees import publiees, suivre
from barometre.models import Edition
from organisations.models import PlanTransformation

SEULES = (
    "accueil",
    "organisations",
    "comparer",
    "plans_publics",
    "expertise_publique",
    "editions",
    "donnees",
    "calendrier",
    "methodologie",
    "a_propos",
    "accessibilite",
    "confidentialite",
)


class Une(NamedTuple):
    """Une page: le nom de son adresse, et ce qui la distingue."""

    nom: str
    cle: str = ""


class PlanDuSite(Sitemap):
    """Les adresses, absolues quel que soit l'hôte demandé, datées de l'édition; chacune dit la même page ailleurs."""

    def __init__(self, edition: Edition | None) -> None:
        self.edition = edition
        self.i18n = self.alternates = len(settings.LANGUAGES) > 1

    def items(self) -> list[Une]:
        """Toutes les pages, une fois chacune; une requête, pour les plans acceptés et les dossiers des éditions."""
        return [*map(Une, SEULES), *(self._de_l_edition(self.edition) if self.edition else [])]

    def location(self, item: Une) -> str:
        """Son adresse, dans la langue qu'on écrit."""
        return reverse(item.nom, args=[item.cle] if item.cle else [])

    def lastmod(self, item: Une):
        """Le jour de l'édition."""
        return self.edition.arretee_le if self.edition else None

    def get_domain(self, site=None) -> str:
        """Celui des réglages: une demande ne choisit pas nos adresses."""
        return urlsplit(settings.ADRESSE_DU_SITE).netloc

    def get_protocol(self, protocol=None) -> str:
        """De même."""
        return urlsplit(settings.ADRESSE_DU_SITE).scheme

    def _de_l_edition(self, edition: Edition) -> Iterator[Une]:
        for code in edition.regles:
            yield Une("indicateur", code)
            yield Une("graphique", code)
        for sigle in {fiche["portefeuille"] for fiche in edition.organisations.values()} - {""}:
            yield Une("portefeuille", edition.organisations[sigle]["slug"])
        fiches = publiees(edition.organisations, edition.trimestre.fin.isoformat())
        for sigle, fiche in fiches.items():
            if suivre(fiches, sigle, edition.attendues) == sigle:  # une remplacée mène à celle qui la suit
                yield Une("organisation", fiche["slug"])
        plans = PlanTransformation.objects.publics_au(edition.arretee_le).annotate(nom=Value("plan_public"))
        dossiers = Edition.objects.annotate(nom=Value("dossier")).values_list("nom", "code")
        lues = dossiers.union(plans.values_list("nom", "organisation__slug"), all=True)
        yield from sorted({Une(*ligne) for ligne in lues})  # un plan par stratégie, une page pour tous
