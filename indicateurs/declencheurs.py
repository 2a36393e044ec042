"""Ce que la base refuse elle-même des soumissions, de leurs valeurs et des fiches."""

from organisations.declencheurs import ajout_seulement, contenu_fige, cycle_de_vie, journal

DECLENCHEURS = [
    *cycle_de_vie("indicateurs_soumission", ["organisation_id", "trimestre_id"]),
    *contenu_fige("indicateurs_valeur", "indicateurs_soumission", "soumission_id"),
    *journal("indicateurs_evenementsoumission"),
    *ajout_seulement("indicateurs_prolongation", "Une prolongation"),
    *cycle_de_vie(
        "indicateurs_ficheexpertise",
        ["organisation_id", "reference"],
        contenu=["indicateur_id", "titre", "realisation", "resultat", "contact"],
    ),
    *journal("indicateurs_evenementfiche"),
]
