"""Ce qu'une courbe devient hors de sa page: fichiers, graphique interactif, code à coller ailleurs."""

from typing import NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html

from barometre import phrases, statique
from barometre.chiffres import Regle
from barometre.convertisseurs import FORMES
from barometre.models import Edition
from barometre.pages.cadre import vers
from indicateurs import mots
from indicateurs.langue import _


class Sorties(NamedTuple):
    """Les adresses où une courbe s'emporte, et ce qu'il faut en dire."""

    csv: str
    svg: str
    png: str
    source: str
    interactif: str = ""
    poids: str = ""
    code: str = ""
    permanence: str = ""

    @classmethod
    def de(cls, edition: Edition, nom: str, *cles: str, demande: str = "") -> "Sorties":
        """Les fichiers de la courbe qu'a cette adresse, dans l'édition qu'on lit."""
        csv, svg, png = (f"{vers(edition, nom, *cles, forme)}{demande}" for forme in FORMES)
        return cls(csv, svg, png, source(edition))

    @classmethod
    def d_un_indicateur(cls, edition: Edition, regle: Regle) -> "Sorties":
        """Celles de la courbe d'ensemble, qui se manipule et s'intègre aussi."""
        return cls.de(edition, "courbe", regle.code)._replace(
            interactif=vers(edition, "graphique", regle.code),
            poids=statique.poids(),
            code=_code(settings.ADRESSE_DU_SITE + vers(edition, "integrer", regle.code), regle.intitule),
            permanence=phrases.permanence(edition.code, est_ancree=edition.est_ancree),
        )


def source(edition: Edition) -> str:
    """D'où vient ce qu'on emporte."""
    return phrases.source(edition.code, timezone.localdate(edition.arretee_le))


def fictif(edition: Edition) -> str:
    """Que tout est inventé, quand ce l'est."""
    return mots.typographier(_(phrases.FICTIF)) if edition.fictive else ""


def demonstration(edition: Edition | None) -> str:
    """Ce qui suit le titre d'un flux ou d'un agenda quand tout est inventé; ils n'ont qu'une langue."""
    return " (données de démonstration)" if edition and edition.fictive else ""


def provenance(edition: Edition) -> list[str]:
    """Ce qu'un dessin emporté dit sous ses notes."""
    return [phrase for phrase in (source(edition), fictif(edition)) if phrase]


def _code(adresse: str, titre: str) -> str:
    """Le code à coller; il n'a besoin d'aucun script."""
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="820" loading="lazy" frameborder="0"></iframe>', adresse, titre
    )
