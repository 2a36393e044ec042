"""Ce que les fichiers d'une liste contiennent: exactement ce que la page montre, avec tous les indicateurs."""

from collections.abc import Mapping

from barometre.export import Exportee
from barometre.models import Edition
from barometre.pages.liste.rangs import Demande, retenus


def organisations(edition: Edition, champs: Mapping[str, str]) -> tuple[list[str], list[Exportee]]:
    """Les codes des indicateurs, et les organisations que l'adresse retient, dans son ordre; deux requêtes."""
    rangs = retenus(edition, Demande.lire(champs, edition))
    return list(edition.regles), [Exportee(rang.fiche, rang.chiffres) for rang in rangs]
