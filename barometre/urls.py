"""Les adresses du site."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, register_converter

from barometre.convertisseurs import CodeDEdition, Forme
from barometre.views import courbes, edition, editions, entre_deux, exports, graphiques, site

register_converter(CodeDEdition, "edition")
register_converter(Forme, "forme")

# Lues dans l'édition la plus récente, ou, sous /editions/<code>/, telles qu'elles étaient.
PAGES = [
    path("", edition.accueil, name="accueil"),
    path("image.png", graphiques.image_du_site, name="image_du_site"),
    path("indicateurs/<slug:code>/", edition.indicateur, name="indicateur"),
    path("indicateurs/<slug:code>/graphique/", graphiques.graphique, name="graphique"),
    path("indicateurs/<slug:code>/figure.json", graphiques.figure, name="figure"),
    path("indicateurs/<slug:code>/courbe.<forme:forme>", courbes.d_un_indicateur, name="courbe"),
    path("indicateurs/<slug:code>/valeurs.csv", exports.valeurs_csv, name="valeurs_csv"),
    path("indicateurs/<slug:code>/image.png", graphiques.image_d_indicateur, name="image_d_indicateur"),
    path("integrer/<slug:code>/", graphiques.integrer, name="integrer"),
    path("organisations/", edition.organisations, name="organisations"),
    path("organisations/export.csv", exports.organisations_csv, name="organisations_csv"),
    path("organisations/export.xlsx", exports.organisations_xlsx, name="organisations_xlsx"),
    path("organisations/<slug:slug>/", edition.organisation, name="organisation"),
    path("organisations/<slug:slug>/image.png", graphiques.image_d_organisation, name="image_d_organisation"),
    path("organisations/<slug:slug>/<slug:code>/courbe.<forme:forme>", courbes.d_organisation, name="courbe_propre"),
    path("portefeuilles/<slug:slug>/", edition.portefeuille, name="portefeuille"),
    path("portefeuilles/<slug:slug>/<slug:code>/courbe.<forme:forme>", courbes.de_portefeuille, name="courbe_commune"),
    path("comparer/", edition.comparer, name="comparer"),
    path("comparer/export.<forme:forme>", courbes.de_comparaison, name="courbes_comparees"),
    path("methodologie/", edition.methodologie, name="methodologie"),
]

# Le public, en français à la racine et en anglais sous /en/.
PUBLIQUES = [
    *PAGES,
    path("editions/<edition:edition>/", include((PAGES, "edition"))),
    path("plans/", entre_deux.plans, name="plans_publics"),
    path("plans/<slug:slug>/", entre_deux.plan, name="plan_public"),
    path("expertise/", entre_deux.expertise, name="expertise_publique"),
    path("expertise/<slug:slug>/<slug:reference>/", entre_deux.fiche, name="fiche_publique"),
    path("editions/", editions.toutes, name="editions"),
    path("editions/<edition:avant>...<edition:apres>/", editions.revisions, name="revisions"),
    path("a-propos/", site.a_propos, name="a_propos"),
    path("accessibilite/", site.accessibilite, name="accessibilite"),
    path("confidentialite/", site.confidentialite, name="confidentialite"),
    path("donnees/", editions.les_donnees, name="donnees"),
    path("donnees/<slug:code>/", editions.donnees_de_l_edition, name="dossier"),
    path("calendrier/", entre_deux.calendrier, name="calendrier"),
]

urlpatterns = [
    *i18n_patterns(*PUBLIQUES, prefix_default_language=False),
    path("plans/<slug:slug>/document.pdf", entre_deux.document_du_plan, name="document_public"),
    path("donnees/<slug:code>/<str:nom>", editions.fichier, name="fichier"),
    path("editions/<edition:avant>...<edition:apres>/revisions.csv", editions.revisions_csv, name="revisions_csv"),
    path("calendrier.ics", entre_deux.calendrier_ics, name="calendrier_ics"),
    path("sitemap.xml", site.plan_du_site, name="plan_du_site"),
    path("robots.txt", site.robots, name="robots"),
    path("flux.atom", editions.flux, name="flux"),
    path("organisations/<slug:slug>/flux.atom", editions.flux_d_une_organisation, name="flux_d_une_organisation"),
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
