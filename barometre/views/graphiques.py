"""La courbe d'un indicateur hors de sa page: interactive, en image, dans le cadre d'un autre site."""

from csp.constants import NONE
from csp.decorators import csp_replace, csp_update
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt

from barometre import pages
from barometre.chiffres import Regle, Serie
from barometre.entetes import OUVERTE, PARTAGE, avec
from barometre.graphiques.dessin import Dessin
from barometre.graphiques.peinture import peindre
from barometre.http import publique
from barometre.lignees import Fiche
from barometre.models import Edition
from barometre.views.remplacees import d_une_organisation

# plotly pose deux feuilles de style: l'une vide, qu'il remplit par l'API; l'autre, toujours la même, pour ses cartes.
# Leurs empreintes suffisent. Son export peint le SVG dans une image `blob:` ou `data:`.
FEUILLE_VIDE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
FEUILLE_DES_CARTES = "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='"
DE_PLOTLY = {"style-src": [FEUILLE_VIDE, FEUILLE_DES_CARTES], "img-src": [f"{schema}:" for schema in ("data", "blob")]}
DANS_UN_CADRE = {"frame-ancestors": ["*"], "script-src": None, "connect-src": None, "form-action": [NONE]}


@csp_update(DE_PLOTLY)
@publique
def graphique(requete: HttpRequest, edition: Edition | None, code: str) -> HttpResponse:
    """Le graphique interactif d'un indicateur, et sans script la même courbe."""
    lue, regle = _regle(edition, code)
    return render(requete, "pages/graphique.html", pages.graphique.contexte(lue, regle))


@xframe_options_exempt
@csp_replace(DANS_UN_CADRE)
@avec(PARTAGE)
@publique
def integrer(requete: HttpRequest, edition: Edition | None, code: str) -> HttpResponse:
    """La courbe d'un indicateur, pour le cadre d'un autre site."""
    lue, regle = _regle(edition, code)
    return render(requete, "pages/integrer.html", pages.graphique.a_integrer(lue, regle))


@avec(OUVERTE)
@publique
def figure(requete: HttpRequest, edition: Edition | None, code: str) -> HttpResponse:
    """La figure plotly, en JSON."""
    return JsonResponse(pages.graphique.en_figure(*_serie(edition, code)), json_dumps_params={"ensure_ascii": False})


@avec(PARTAGE)
@publique
def image_d_indicateur(requete: HttpRequest, edition: Edition | None, code: str) -> HttpResponse:
    """Ce qu'un réseau social montre d'un indicateur."""
    return _image(pages.images.d_un_indicateur(*_regle(edition, code)))


@avec(PARTAGE)
@publique
@d_une_organisation
def image_d_organisation(requete: HttpRequest, edition: Edition, fiche: Fiche) -> HttpResponse:
    """Ce qu'un réseau social montre d'une organisation."""
    return _image(pages.images.d_une_organisation(edition, fiche))


@avec(PARTAGE)
@publique
def image_du_site(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """Ce qu'un réseau social montre de toute autre page."""
    if edition is None:
        raise Http404("Rien n'est encore publié.")
    return _image(pages.images.du_site(edition))


def _regle(edition: Edition | None, code: str) -> tuple[Edition, Regle]:
    if edition is None or code not in edition.regles:
        raise Http404("Cet indicateur n'est pas publié.")
    return edition, edition.regles[code]


def _serie(edition: Edition | None, code: str) -> tuple[Edition, Serie]:
    trouvee = pages.graphique.serie(edition, code)
    if edition is None or trouvee is None:
        raise Http404("Cet indicateur n'a pas de courbe.")
    return edition, trouvee


def _image(dessin: Dessin) -> HttpResponse:
    return HttpResponse(peindre(dessin), content_type="image/png")
