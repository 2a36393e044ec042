"""Les indicateurs, leurs cibles et les trimestres en tableau, par leurs codes publics."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from import_export.fields import Field

from indicateurs.models import Agregation, Cible, Definition, Indicateur, Trimestre
from indicateurs.models.trimestre import TrimestreInconnu
from organisations.catalogue import Choix, Jour, Nombre, OuiOuNon, ParCle, Ressource, Texte
from organisations.models import Organisation

INCONNU = "Le code d'un indicateur connu est attendu."


class Indicateurs(Ressource):
    """Une ligne par indicateur; ses définitions ont leur propre tableau."""

    code = Field("code", "code", Texte())
    intitule = Field("intitule", "intitule", Texte())
    libelle_numerateur = Field("libelle_numerateur", "libelle_numerateur", Texte())
    libelle_denominateur = Field("libelle_denominateur", "libelle_denominateur", Texte())
    agregation = Field("agregation", "agregation", Choix(Agregation.choices, Agregation.PART_GLOBALE))
    seuil = Field("seuil", "seuil", Nombre(defaut=Decimal(50)))
    denominateur_minimal = Field("denominateur_minimal", "denominateur_minimal", Nombre(entier=True, defaut=0))
    ordre = Field("ordre", "ordre", Nombre(entier=True, defaut=0))
    retire_le = Field("retire_le", "retire_le", Jour())
    intitule_en = Field("intitule_en", "intitule_en", Texte())
    libelle_numerateur_en = Field("libelle_numerateur_en", "libelle_numerateur_en", Texte())
    libelle_denominateur_en = Field("libelle_denominateur_en", "libelle_denominateur_en", Texte())

    class Meta(Ressource.Meta):
        model = Indicateur
        import_id_fields = ("code",)
        fields = (
            *("code", "intitule", "libelle_numerateur", "libelle_denominateur", "agregation", "seuil"),
            *("denominateur_minimal", "ordre", "retire_le"),
            *("intitule_en", "libelle_numerateur_en", "libelle_denominateur_en"),
        )
        export_order = import_order = fields


class Definitions(Ressource):
    """Une ligne par définition: ce que l'indicateur compte, à partir d'un jour."""

    indicateur = Field("indicateur", "indicateur")
    applicable_du = Field("applicable_du", "applicable_du", Jour())
    texte = Field("texte", "texte", Texte())
    rupture = Field("rupture", "rupture", OuiOuNon())
    explication = Field("explication", "explication", Texte())
    texte_en = Field("texte_en", "texte_en", Texte())
    explication_en = Field("explication_en", "explication_en", Texte())

    class Meta(Ressource.Meta):
        model = Definition
        import_id_fields = ("indicateur", "applicable_du")
        fields = ("indicateur", "applicable_du", "texte", "rupture", "explication", "texte_en", "explication_en")
        export_order = import_order = fields

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.fields["indicateur"].widget = ParCle(Indicateur.objects.all(), "code", INCONNU)


class Cibles(Ressource):
    """Une ligne par point d'un chemin; sans sigle, la cible est nationale."""

    facultatives = ("sigle",)
    indicateur = Field("indicateur", "indicateur")
    trimestre = Field("trimestre", "trimestre")
    organisation = Field("organisation", "sigle")
    pourcentage = Field("pourcentage", "pourcentage", Nombre())

    class Meta(Ressource.Meta):
        model = Cible
        import_id_fields = ("indicateur", "trimestre", "organisation")
        fields = ("indicateur", "trimestre", "organisation", "pourcentage")
        export_order = import_order = fields

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        connues = {
            "indicateur": (Indicateur, "code", INCONNU),
            "trimestre": (Trimestre, "code", "Un trimestre enregistré est attendu, comme 2023-T1."),
            "organisation": (Organisation, "sigle", "Le sigle d'une organisation connue est attendu, ou rien."),
        }
        for nom, (modele, cle, phrase) in connues.items():
            self.fields[nom].widget = ParCle(modele._default_manager.all(), cle, phrase)


class Trimestres(Ressource):
    """Une ligne par trimestre; sans dates, il ouvre et échoit aux jours ordinaires."""

    code = Field("code", "code", Texte())
    ouvre_le = Field("ouvre_le", "ouvre_le", Jour())
    echeance_le = Field("echeance_le", "echeance_le", Jour())

    class Meta(Ressource.Meta):
        model = Trimestre
        import_id_fields = ("code",)
        fields = ("code", "ouvre_le", "echeance_le")
        export_order = import_order = fields

    def import_instance(self, instance: Trimestre, row: dict[str, str], **kwargs) -> None:
        """Le code dit l'année et le numéro; une date laissée vide est celle d'avant, ou l'ordinaire."""
        avant = {nom: getattr(instance, nom) for nom in ("ouvre_le", "echeance_le")}
        super().import_instance(instance, row, **kwargs)
        try:
            ordinaire = Trimestre.objects.du_code(instance.code)
        except TrimestreInconnu as inconnu:
            raise ValidationError({"code": str(inconnu)}) from None
        instance.annee, instance.numero = ordinaire.annee, ordinaire.numero
        for nom, date in avant.items():
            setattr(instance, nom, getattr(instance, nom) or date or getattr(ordinaire, nom))

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True) -> None:
        """Sans code, ni année ni numéro: le dire une fois suffit."""
        if instance.annee is None:
            raise ValidationError(import_validation_errors)
        super().validate_instance(instance, import_validation_errors, validate_unique)
