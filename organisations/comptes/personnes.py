"""Retrouver une personne par l'adresse qu'elle tape."""

from organisations.models import Utilisateur

INCONNUE = 0  # la clé que nulle personne n'a


def personne_de(courriel: str) -> Utilisateur | None:
    """La personne de cette adresse.

    La casse ne compte pas, sauf hors de l'ASCII: deux adresses différentes ne doivent jamais s'y confondre.
    """
    return Utilisateur.objects.filter(**{"email__iexact" if courriel.isascii() else "email": courriel}).first()
