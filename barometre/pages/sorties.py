"""Ce qu'une courbe devient hors de sa page: fichiers, graphique interactif, code à coller ailleurs."""

from typing import NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html

from barometre import phrases, statique
from barometre.chiffres import Regle
from barometre.models import Edition
from barometre.pages.cadre import vers


class Sorties(NamedTuple):
    """Les adresses où une courbe s'emporte, et ce qu'il faut en dire."""

    csv: str
    svg: str
    png: str
    interactif: str
    poids: str
    source: str
    code: str
    permanence: str

    @classmethod
    def de(cls, edition: Edition, regle: Regle) -> "Sorties":
        """Celles de la courbe d'ensemble d'un indicateur, dans l'édition qu'on lit."""
        return cls(
            csv=vers(edition, "courbe_csv", regle.code),
            svg=vers(edition, "courbe_svg", regle.code),
            png=vers(edition, "courbe_png", regle.code),
            interactif=vers(edition, "graphique", regle.code),
            poids=statique.poids(),
            source=source(edition),
            code=_code(settings.ADRESSE_DU_SITE + vers(edition, "integrer", regle.code), regle.intitule),
            permanence=phrases.permanence(edition.code, est_ancree=edition.est_ancree),
        )


def source(edition: Edition) -> str:
    """D'où vient ce qu'on emporte."""
    return phrases.source(edition.code, timezone.localdate(edition.arretee_le))


def _code(adresse: str, titre: str) -> str:
    """Le code à coller; il n'a besoin d'aucun script."""
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="820" loading="lazy" frameborder="0"></iframe>', adresse, titre
    )
