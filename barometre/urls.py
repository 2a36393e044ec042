"""Les adresses du site."""

from django.contrib import admin
from django.urls import path

from barometre import views

urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("indicateurs/<slug:code>/", views.indicateur, name="indicateur"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/<slug:slug>/", views.organisation, name="organisation"),
    path("donnees/", views.les_donnees, name="donnees"),
    path("donnees/<slug:code>/", views.donnees_de_l_edition, name="dossier"),
    path("donnees/<slug:code>/<str:nom>", views.fichier, name="fichier"),
    path("admin/", admin.site.urls),
]

handler400 = "barometre.views.demande_invalide"
handler403 = "barometre.views.acces_refuse"
handler404 = "barometre.views.page_introuvable"
handler500 = "barometre.views.panne"
