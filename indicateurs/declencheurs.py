"""Ce que la base refuse elle-même des soumissions, de leurs valeurs et des fiches."""

from organisations.declencheurs import ajout_seulement, contenu_fige, cycle_de_vie, decide_une_fois, histoires, journal

DECLENCHEURS = [
    *cycle_de_vie("indicateurs_soumission", ["organisation_id", "trimestre_id"], contenu=["ebauches", "signalements"]),
    *contenu_fige("indicateurs_valeur", "indicateurs_soumission", "soumission_id"),
    *journal("indicateurs_evenementsoumission"),
    *ajout_seulement("indicateurs_prolongation", "Une prolongation"),
    *decide_une_fois("indicateurs_demandeprolongation", "Cette demande", "repondue_le"),
    *cycle_de_vie(
        "indicateurs_ficheexpertise",
        ["organisation_id", "reference"],
        contenu=["indicateur_id", "titre", "realisation", "resultat", "contact"],
    ),
    *journal("indicateurs_evenementfiche"),
    *decide_une_fois("indicateurs_demandeaccompagnement", "Cette demande", "close_le"),
    *ajout_seulement("indicateurs_messageaccompagnement", "Un message"),
    *histoires("indicateurs", "indicateur", "definition", "cible", "trimestre"),
]
