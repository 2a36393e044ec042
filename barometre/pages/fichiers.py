"""Ce que les fichiers d'une page contiennent: la liste qu'elle montre, les réponses qui font son chiffre."""

from collections.abc import Mapping

from barometre import depot
from barometre.export import Exportee
from barometre.formats import au_dernier_trimestre
from barometre.models import Edition
from barometre.pages.liste.rangs import Demande, retenus


def organisations(edition: Edition, champs: Mapping[str, str]) -> tuple[list[str], list[Exportee]]:
    """Les codes des indicateurs, et les organisations que l'adresse retient, dans son ordre; deux requêtes."""
    rangs = retenus(edition, Demande.lire(champs, edition))
    return list(edition.regles), [Exportee(rang.fiche, rang.chiffres) for rang in rangs]


def valeurs(edition: Edition, code: str) -> bytes:
    """Les réponses qui font le dernier chiffre d'un indicateur, telles que publiées; lève `ILLISIBLE` sans lui."""
    return au_dernier_trimestre(depot.lire(edition.code, "valeurs.csv"), code)
