"""La relecture des fiches d'expertise, une à une."""

from typing import Any

from django.contrib import admin

from indicateurs.models import FicheExpertise
from organisations.admin.relecture import Relecture
from organisations.courriels import adresse

FAITS = {
    "indicateur": "Indicateur",
    "titre": "Titre",
    "realisation": "Ce qui a été fait",
    "resultat": "Ce que cela a donné",
    "contact": "Adresse pour en savoir plus",
}


@admin.register(FicheExpertise)
class FicheAdmin(Relecture):
    """Chaque fiche sur une page, à côté de la version d'avant."""

    libelles = ("Aucune fiche", "fiche d'expertise", "fiches d'expertise")
    gabarit = "admin/relecture/fiche.html"
    list_display = ("dossier", "etat", "indicateur", "version")
    list_select_related = ("organisation", "indicateur")

    def nommer(self, dossier: Any) -> str:
        """« RAMQ, fiche d'expertise, Dématérialiser les demandes »."""
        return f"{dossier.organisation.sigle}, fiche d'expertise, {dossier.titre}"

    def chez_l_organisation(self, dossier: Any) -> str:
        """La page de la fiche, dans l'espace."""
        return adresse("fiche", dossier.organisation.slug, dossier.reference)

    def contexte(self, dossier: Any) -> dict[str, Any]:
        """Chaque fait, celui d'avant s'il y en a un, et s'il change."""
        anciennes = dossier._versions().filter(version=dossier.version - 1).select_related("indicateur")
        avant = anciennes.first()
        faits = [(titre, getattr(dossier, nom), getattr(avant, nom, None)) for nom, titre in FAITS.items()]
        return {
            "avant": avant,
            "faits": [
                {"titre": titre, "ici": ici, "avant": autre, "change": avant is not None and ici != autre}
                for titre, ici, autre in faits
            ],
        }
