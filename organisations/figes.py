"""Ce qu'une édition publiée fige dans le catalogue.

Les éditions sont d'une application que celle-ci ne connaît pas: elle se branche ici au démarrage, et l'administration
comme l'importation demandent à ce module, sans savoir qui répond.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models


@dataclass(frozen=True)
class Fige:
    """Les champs qui ne changent plus d'une ligne publiée, pourquoi, et comment savoir laquelle l'est."""

    champs: tuple[str, ...]
    raison: str
    est_publie: Callable[[models.Model], bool]


@dataclass
class Figes:
    """Ce qui est figé, par modèle."""

    par_modele: dict[type[models.Model], Fige] = field(default_factory=dict)

    def brancher(self, modele: type[models.Model], fige: Fige) -> None:
        """Fige ces champs de ce modèle."""
        self.par_modele[modele] = fige

    def de(self, objet: models.Model | None) -> Fige | None:
        """Ce qui est figé de cette ligne; rien si elle est neuve ou pas encore publiée."""
        fige = self.par_modele.get(type(objet)) if objet is not None and objet.pk else None
        return fige if fige and objet is not None and fige.est_publie(objet) else None

    def exiger_inchange(self, avant: models.Model, apres: models.Model) -> None:
        """Lève `ValidationError`, champ par champ, si un champ figé change."""
        fige = self.de(avant)
        changes = [nom for nom in fige.champs if getattr(avant, nom) != getattr(apres, nom)] if fige else []
        if fige and changes:
            raise ValidationError(dict.fromkeys(changes, fige.raison))


FIGES = Figes()
