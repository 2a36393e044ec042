"""Les adresses du site."""

from django.contrib import admin
from django.urls import include, path

from barometre import views

urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("indicateurs/<slug:code>/", views.indicateur, name="indicateur"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/<slug:slug>/", views.organisation, name="organisation"),
    path("plans/", views.plans, name="plans_publics"),
    path("plans/<slug:slug>/", views.plan, name="plan_public"),
    path("plans/<slug:slug>/document.pdf", views.document_du_plan, name="document_public"),
    path("expertise/", views.expertise, name="expertise_publique"),
    path("expertise/<slug:slug>/<slug:reference>/", views.fiche, name="fiche_publique"),
    path("donnees/", views.les_donnees, name="donnees"),
    path("donnees/<slug:code>/", views.donnees_de_l_edition, name="dossier"),
    path("donnees/<slug:code>/<str:nom>", views.fichier, name="fichier"),
    path("calendrier/", views.calendrier, name="calendrier"),
    path("calendrier.ics", views.calendrier_ics, name="calendrier_ics"),
    path("flux.atom", views.flux, name="flux"),
    path("espace/", include("organisations.urls")),
    path("espace/", include("indicateurs.urls")),
    path("compte/", include("organisations.comptes.urls")),
    path("admin/indicateurs/", include("indicateurs.admin.suivi")),
    path("admin/", admin.site.urls),
]

handler400 = "barometre.views.demande_invalide"
handler403 = "barometre.views.acces_refuse"
handler404 = "barometre.views.page_introuvable"
handler429 = "barometre.views.trop_de_demandes"
handler500 = "barometre.views.panne"
