"""Le catalogue en fichiers: ce qu'un fichier changerait, montré d'abord, écrit ensuite tout entier ou pas du tout."""

from organisations.catalogue.cases import Choix, Jour, Nombre, OuiOuNon, ParCle, Texte
from organisations.catalogue.ressource import Apercu, Ressource
from organisations.catalogue.tableau import Tableau

__all__ = ["Apercu", "Choix", "Jour", "Nombre", "OuiOuNon", "ParCle", "Ressource", "Tableau", "Texte"]
