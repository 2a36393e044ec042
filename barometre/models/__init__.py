"""Ce qui est publié: des éditions et leurs agrégats, écrits une fois."""

from barometre.models.agregat import Agregat
from barometre.models.calendrier import Parution
from barometre.models.edition import Edition
from barometre.models.projet import Projet, PublicationChangee, PublicationRefusee

__all__ = ["Agregat", "Edition", "Parution", "Projet", "PublicationChangee", "PublicationRefusee"]
