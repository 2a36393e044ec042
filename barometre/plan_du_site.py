"""Le plan du site pour les moteurs de recherche: toutes les pages publiques de l'édition la plus récente."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from barometre.models import Edition

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


class PlanDuSite(Sitemap):
    """Les adresses, absolues quel que soit l'hôte demandé, datées de l'édition."""

    def __init__(self, edition: Edition | None) -> None:
        self.edition = edition

    def items(self) -> list[str]:
        """Toutes les adresses, une fois chacune; une requête, pour les dossiers des éditions."""
        return [*map(reverse, SEULES), *(self._de_l_edition(self.edition) if self.edition else [])]

    def location(self, item: str) -> str:
        """Telle quelle."""
        return item

    def lastmod(self, item: str):
        """Le jour de l'édition."""
        return self.edition.arretee_le if self.edition else None

    def get_domain(self, site=None) -> str:
        """Celui des réglages: une demande ne choisit pas nos adresses."""
        return urlsplit(settings.ADRESSE_DU_SITE).netloc

    def get_protocol(self, protocol=None) -> str:
        """De même."""
        return urlsplit(settings.ADRESSE_DU_SITE).scheme

    def _de_l_edition(self, edition: Edition) -> Iterator[str]:
        for code in edition.regles:
            yield reverse("indicateur", args=[code])
            yield reverse("graphique", args=[code])
        for sigle in {fiche["portefeuille"] for fiche in edition.organisations.values()} - {""}:
            yield reverse("portefeuille", args=[edition.organisations[sigle]["slug"]])
        for sigle, fiche in edition.organisations.items():
            if sigle in edition.attendues or not fiche["remplacee_par"]:  # une remplacée mène à celle qui la suit
                yield reverse("organisation", args=[fiche["slug"]])
                yield reverse("plan_public", args=[fiche["slug"]])
        for code in Edition.objects.order_by("-rang").values_list("code", flat=True):
            yield reverse("dossier", args=[code])
