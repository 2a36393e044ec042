"""Les courbes qu'on emporte: leurs points en CSV, leur planche en SVG ou en PNG."""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string

from barometre import pages
from barometre.convertisseurs import FORMES
from barometre.entetes import OUVERTE, avec
from barometre.graphiques.peinture import peindre
from barometre.http import publique
from barometre.lignees import Fiche
from barometre.models import Edition
from barometre.pages.comparaison.choisies import CHAMPS
from barometre.pages.courbes import Emportee
from barometre.views.remplacees import d_une_organisation
from indicateurs.texte import lisible


@avec(OUVERTE, "{edition}{code}.{forme}")
@publique
def d_un_indicateur(requete: HttpRequest, edition: Edition | None, code: str, forme: str) -> HttpResponse:
    """Celle de toutes les organisations."""
    return _emporter(pages.courbes.d_un_indicateur(edition, code) if edition else None, forme)


@avec(OUVERTE, "{edition}{slug}-{code}.{forme}")
@publique(innombrable=True)
@d_une_organisation
def d_organisation(requete: HttpRequest, edition: Edition, fiche: Fiche, code: str, forme: str) -> HttpResponse:
    """Celle d'une organisation."""
    return _emporter(pages.courbes.d_organisation(edition, fiche, code), forme)


@avec(OUVERTE, "{edition}portefeuille-{slug}-{code}.{forme}")
@publique(innombrable=True)
def de_portefeuille(requete: HttpRequest, edition: Edition | None, slug: str, code: str, forme: str) -> HttpResponse:
    """Celle d'un portefeuille."""
    tete = pages.portefeuille.tete(edition, slug) if edition else None
    return _emporter(pages.courbes.de_portefeuille(edition, tete, code) if edition and tete else None, forme)


@avec(OUVERTE, "{edition}comparaison.{forme}")
@publique(lit=CHAMPS)
def de_comparaison(requete: HttpRequest, edition: Edition | None, forme: str) -> HttpResponse:
    """Celles que l'adresse compare."""
    return _emporter(pages.comparaison.emporter(edition, requete.GET) if edition else None, forme)


def _emporter(courbe: Emportee | None, forme: str) -> HttpResponse:
    if courbe is None:
        raise Http404("Cette courbe n'est pas publiée.")
    if forme == "csv":
        octets = courbe.points()
    elif forme == "svg":
        octets = lisible(render_to_string("graphiques/dessin.svg", {"dessin": courbe.planche()})).encode()
    else:
        octets = peindre(courbe.planche(), echelle=2)
    return HttpResponse(octets, content_type=FORMES[forme])
