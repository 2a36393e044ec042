"""Les adresses du site."""

from django.contrib import admin
from django.urls import include, path, register_converter

from barometre.convertisseurs import CodeDEdition
from barometre.views import edition, editions, entre_deux

register_converter(CodeDEdition, "edition")

# Lues dans l'édition la plus récente, ou, sous /editions/<code>/, telles qu'elles étaient.
PAGES = [
    path("", edition.accueil, name="accueil"),
    path("indicateurs/<slug:code>/", edition.indicateur, name="indicateur"),
    path("organisations/", edition.organisations, name="organisations"),
    path("organisations/<slug:slug>/", edition.organisation, name="organisation"),
]

urlpatterns = [
    *PAGES,
    path("editions/<edition:edition>/", include((PAGES, "edition"))),
    path("plans/", entre_deux.plans, name="plans_publics"),
    path("plans/<slug:slug>/", entre_deux.plan, name="plan_public"),
    path("plans/<slug:slug>/document.pdf", entre_deux.document_du_plan, name="document_public"),
    path("expertise/", entre_deux.expertise, name="expertise_publique"),
    path("expertise/<slug:slug>/<slug:reference>/", entre_deux.fiche, name="fiche_publique"),
    path("donnees/", editions.les_donnees, name="donnees"),
    path("donnees/<slug:code>/", editions.donnees_de_l_edition, name="dossier"),
    path("donnees/<slug:code>/<str:nom>", editions.fichier, name="fichier"),
    path("calendrier/", entre_deux.calendrier, name="calendrier"),
    path("calendrier.ics", entre_deux.calendrier_ics, name="calendrier_ics"),
    path("flux.atom", editions.flux, name="flux"),
    path("espace/", include("organisations.urls")),
    path("espace/", include("indicateurs.urls")),
    path("compte/", include("organisations.comptes.urls")),
    path("admin/indicateurs/", include("indicateurs.admin.suivi")),
    path("admin/", admin.site.urls),
]

handler400 = "barometre.views.erreurs.demande_invalide"
handler403 = "barometre.views.erreurs.acces_refuse"
handler404 = "barometre.views.erreurs.page_introuvable"
handler429 = "barometre.views.erreurs.trop_de_demandes"
handler500 = "barometre.views.erreurs.panne"
