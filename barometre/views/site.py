"""Ce qu'un site public doit à qui le lit, hors de tout chiffre."""

from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from barometre import pages
from barometre.http import en_lecture, publique
from barometre.models import Edition
from barometre.plan_du_site import PlanDuSite
from indicateurs.langue import _

# Les comparaisons sont sans fin, et chaque organisation a ses courbes: un robot les lit dans les données ouvertes.
SANS_FIN = ("/*comparer/?", "/*/export.", "/*organisations/*/courbe.", "/*portefeuilles/*/courbe.")
FERMES = ("/espace/", "/compte/", *SANS_FIN)


def rien_encore(requete: HttpRequest) -> HttpResponse:
    """Tant qu'aucune édition n'est publiée."""
    return render(requete, "pages/vide.html", {"page": pages.Page(_("Rien n'est encore publié"))})


@publique
def a_propos(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """Pourquoi ce baromètre, et qui fait quoi."""
    return render(requete, "pages/a_propos.html", pages.textes.contexte(edition, _("À propos")))


@publique
def accessibilite(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """La déclaration d'accessibilité."""
    return render(requete, "pages/accessibilite.html", pages.textes.contexte(edition, _("Accessibilité")))


@publique
def confidentialite(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """Ce que le site sait de qui le lit, et de qui y déclare."""
    return render(requete, "pages/confidentialite.html", pages.textes.contexte(edition, _("Confidentialité")))


@publique
def plan_du_site(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """Toutes les adresses publiques, pour les moteurs de recherche."""
    return sitemap(requete, {"pages": PlanDuSite(edition)}).render()


@en_lecture
def robots(requete: HttpRequest) -> HttpResponse:
    """Ce que les moteurs de recherche peuvent lire: tout le public."""
    fermes = [f"Disallow: {chemin}" for chemin in FERMES]
    plan = f"Sitemap: {settings.ADRESSE_DU_SITE}{reverse('plan_du_site')}"
    texte = "\n".join(["User-agent: *", *fermes, "", plan, ""])
    entetes = {"Cache-Control": "public, max-age=86400"}
    return HttpResponse(texte, content_type="text/plain; charset=utf-8", headers=entetes)
