"""Les demandes d'accompagnement dans l'espace: demander, lire le fil, y répondre, clore."""
