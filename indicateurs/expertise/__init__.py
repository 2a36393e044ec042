"""Les fiches d'expertise dans l'espace: ce qu'une organisation propose de faire connaître aux autres."""
