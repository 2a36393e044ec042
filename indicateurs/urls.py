"""Les adresses de l'espace des organisations qui touchent aux indicateurs."""

from django.urls import path, register_converter

from indicateurs import views
from indicateurs.accompagnement import views as accompagnement
from indicateurs.expertise import views as expertise
from indicateurs.models.trimestre import CODE


class CodeDeTrimestre:
    """AAAA-Tn, comme 2023-T1."""

    regex = CODE.pattern

    def to_python(self, texte: str) -> str:
        """Le code, tel quel."""
        return texte

    to_url = to_python


register_converter(CodeDeTrimestre, "trimestre")

urlpatterns = [
    path("", views.espace, name="espace"),
    path("echeances.ics", views.echeances, name="echeances"),
    path("<slug:slug>/", views.tableau, name="tableau"),
    path("<slug:slug>/expertise/", expertise.fiches, name="fiches"),
    path("<slug:slug>/expertise/proposer/", expertise.proposer, name="fiche_proposer"),
    path("<slug:slug>/expertise/<slug:reference>/", expertise.fiche, name="fiche"),
    path("<slug:slug>/expertise/<slug:reference>/corriger/", expertise.corriger, name="fiche_corriger"),
    path("<slug:slug>/expertise/<slug:reference>/v<int:version>/", expertise.version, name="fiche_version"),
    path("<slug:slug>/accompagnement/", accompagnement.accompagnement, name="accompagnement"),
    path("<slug:slug>/accompagnement/demander/", accompagnement.demander, name="demande_nouvelle"),
    path("<slug:slug>/accompagnement/<int:cle>/", accompagnement.demande, name="demande"),
    path("<slug:slug>/accompagnement/<int:cle>/clore/", accompagnement.clore, name="demande_clore"),
    path("<slug:slug>/<trimestre:code>/", views.saisie, name="saisie"),
    path("<slug:slug>/<trimestre:code>/v<int:version>/", views.version, name="version"),
    path("<slug:slug>/<trimestre:code>/corriger/", views.corriger, name="corriger"),
    path("<slug:slug>/<trimestre:code>/prolongation/", views.prolongation, name="prolongation"),
    path("<slug:slug>/<trimestre:code>/v<int:version>/accuse/", views.accuse, name="accuse"),
    path("<slug:slug>/<trimestre:code>/v<int:version>/accuse.txt", views.accuse_en_texte, name="accuse_en_texte"),
    path("<slug:slug>/<trimestre:code>/tableur/", views.tableur, name="tableur"),
    path("<slug:slug>/<trimestre:code>/valeurs.xlsx", views.classeur, name="classeur"),
]
