"""Les stratégies en tableau, par code."""

from import_export.fields import Field

from organisations.catalogue.cases import Jour, Texte
from organisations.catalogue.ressource import Ressource
from organisations.models import Strategie


class Strategies(Ressource):
    """Une ligne par stratégie: son titre, ses années."""

    code = Field("code", "code", Texte())
    titre = Field("titre", "titre", Texte())
    debut = Field("debut", "debut", Jour())
    fin = Field("fin", "fin", Jour())

    class Meta(Ressource.Meta):
        model = Strategie
        import_id_fields = ("code",)
        fields = ("code", "titre", "debut", "fin")
        export_order = import_order = fields
