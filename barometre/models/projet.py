"""Une édition avant qu'elle paraisse: ce qu'elle dirait, les étapes de sa publication, et ses refus."""

import datetime
import re
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

from barometre import formats
from barometre.chiffres import Case, Chiffre
from indicateurs.models import Trimestre

if TYPE_CHECKING:
    from barometre.models.edition import Edition

JETON = re.compile(r"([0-9]{4}-T[1-4])(-r[0-9]{1,3})?\.[0-9a-f]{64}")  # le code de l'édition, et ce qu'elle dit


class PublicationRefusee(Exception):
    """Une publication impossible; son message est une phrase pour la personne."""


class PublicationChangee(PublicationRefusee):
    """Ce qui paraîtrait n'est plus ce que la personne a vu."""


class Etape(NamedTuple):
    """Ce qui commence; à la fin, l'édition publiée."""

    phrase: str
    edition: "Edition | None" = None


class Projet(NamedTuple):
    """Une édition à publier: son en-tête et son catalogue, ses cases, ses chiffres."""

    edition: "Edition"
    cases: list[Case]
    chiffres: list[Chiffre]

    def fichiers(self) -> dict[str, bytes]:
        """Les fichiers de son dossier."""
        return formats.composer_les_fichiers(self.edition.entete, self.edition.catalogue, self.cases, self.chiffres)

    @property
    def jeton(self) -> str:
        """Ce que dit ce projet, l'instant à part: la page qui le montre porte ce jeton, que publier revérifie."""
        entete = self.edition.entete | {"arretee_le": ""}
        fichiers = formats.composer_les_fichiers(entete, self.edition.catalogue, self.cases, self.chiffres)
        return f"{self.edition.code}.{formats.empreinte(fichiers[formats.SOMMES], '')}"

    def exiger(self, jeton: str) -> None:
        """Lève `PublicationChangee` si ce projet n'est plus celui que montrait la page de ce jeton."""
        if jeton and jeton != self.jeton:
            raise PublicationChangee(
                "Ce qui paraîtrait a changé entre-temps : rien n'est publié. Relisez, puis publiez."
            )


def numero_du_correctif(trimestre: Trimestre, le: datetime.datetime, note: str, derniere: "Edition | None") -> int:
    """Le numéro du correctif, zéro pour une première édition; lève `PublicationRefusee` hors du bon moment."""
    if trimestre.fin >= timezone.localdate(le):
        raise PublicationRefusee(f"Le trimestre {trimestre.code} n'est pas terminé.")
    if derniere is None:
        return 0
    if le <= derniere.arretee_le:
        raise PublicationRefusee(f"L'édition {derniere.code} a été arrêtée après cet instant.")
    if trimestre.code < derniere.trimestre.code:
        raise PublicationRefusee(f"L'édition {derniere.code} couvre déjà le trimestre {trimestre.code}.")
    if trimestre.code > derniere.trimestre.code:
        return 0
    if not note.strip():
        raise PublicationRefusee(
            f"L'édition {derniere.code} existe : une édition corrective demande une note qui dit pourquoi."
        )
    return derniere.correctif + 1
