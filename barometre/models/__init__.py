"""Ce qui est publié: des éditions et leurs agrégats, écrits une fois."""

from barometre.models.agregat import Agregat
from barometre.models.edition import Edition, PublicationRefusee

__all__ = ["Agregat", "Edition", "PublicationRefusee"]
