"""Entrer: comptes, deuxième facteur, séances."""
