"""Les organisations en tableau, par sigle."""

from django.utils.text import slugify
from import_export.fields import Field

from organisations.catalogue.cases import Choix, Jour, ParCle, Texte
from organisations.catalogue.ressource import Ressource
from organisations.models import Categorie, Organisation

LIENS = ("ministere", "remplacee_par")


class Organisations(Ressource):
    """Une ligne par organisation: qui elle est, de qui elle relève, quand elle déclare, qui la remplace."""

    sigle = Field("sigle", "sigle", Texte())
    nom = Field("nom", "nom", Texte())
    categorie = Field("categorie", "categorie", Choix(Categorie.choices, Categorie.AUTRE))
    ministere = Field("ministere", "ministere")
    assujettie_du = Field("assujettie_du", "assujettie_du", Jour())
    assujettie_au = Field("assujettie_au", "assujettie_au", Jour())
    remplacee_par = Field("remplacee_par", "remplacee_par")
    site_web = Field("site_web", "site_web", Texte())

    class Meta(Ressource.Meta):
        model = Organisation
        import_id_fields = ("sigle",)
        fields = ("sigle", "nom", "categorie", "ministere", "assujettie_du", "assujettie_au", *LIENS[1:], "site_web")
        export_order = import_order = fields

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        tetes = Organisation.objects.tetes()
        tete = "Le sigle d'un ministère ou d'un organisme central est attendu."
        self.fields["ministere"].widget = ParCle(tetes, "sigle", tete)
        connue = "Le sigle d'une organisation connue est attendu."
        self.fields["remplacee_par"].widget = ParCle(Organisation.objects.all(), "sigle", connue)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True) -> None:
        """L'adresse vient du sigle; `clean` dit si elle ne va pas."""
        instance.slug = instance.slug or slugify(instance.sigle) or "-"
        super().validate_instance(instance, import_validation_errors, validate_unique)

    def ordonner(self, lignes: list[dict[str, str]]) -> list[int]:
        """Une organisation que d'autres citent s'écrit avant elles; deux qui se citent gardent l'ordre du fichier."""
        a_venir = {ligne["sigle"] for ligne in lignes}
        restantes, placees = list(range(len(lignes))), []
        while restantes:
            pretes = [p for p in restantes if not _cites(lignes[p]) & (a_venir - {lignes[p]["sigle"]})]
            placees += pretes or restantes
            a_venir -= {lignes[p]["sigle"] for p in pretes or restantes}
            restantes = [p for p in restantes if p not in set(pretes)] if pretes else []
        return placees


def _cites(ligne: dict[str, str]) -> set[str]:
    return {ligne[lien] for lien in LIENS if ligne.get(lien)}
