"""Quelles organisations se comparent: de même catégorie, et dont le dénominateur est du même ordre."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from barometre.models import Edition
from barometre.pages.cadre import CATEGORIES
from indicateurs.mots import replier

FOIS = 3  # du simple au triple, deux dénominateurs sont du même ordre
PROPOSEES, EXEMPLES = 5, 4
Denominateurs = Mapping[str, int]


def lire(edition: Edition, indicateur: str) -> dict[str, int]:
    """Le dénominateur de chaque organisation qui a un chiffre au dernier trimestre; deux requêtes."""
    cases = edition.cases_d_un(indicateur, edition.trimestre.code) if indicateur else []
    return {case.sigle: case.denominateur for case in cases if case.denominateur}


def de_meme_ordre(denominateurs: Sequence[int]) -> bool:
    """Le plus grand ne dépasse-t-il pas le triple du plus petit?"""
    return max(denominateurs) <= FOIS * min(denominateurs)


def comparables(edition: Edition, sigles: Sequence[str], denominateurs: Denominateurs) -> list[str]:
    """Celles qui se comparent à la première choisie, la plus proche d'abord; sans son chiffre, de sa catégorie."""
    premiere = edition.organisations[sigles[0]]
    siennes = [
        sigle
        for sigle in denominateurs
        if sigle not in sigles and edition.organisations[sigle]["categorie"] == premiere["categorie"]
    ]
    if not (sien := denominateurs.get(sigles[0])):
        return sorted(siennes, key=lambda sigle: replier(edition.organisations[sigle]["nom"]))[:PROPOSEES]
    proches = [sigle for sigle in siennes if de_meme_ordre([sien, denominateurs[sigle]])]
    return sorted(proches, key=lambda sigle: (_ecart(sien, denominateurs[sigle]), sigle))[:PROPOSEES]


def exemples(edition: Edition, denominateurs: Denominateurs) -> list[tuple[str, str]]:
    """Une paire par catégorie, de deux organisations dont les dénominateurs sont les plus proches."""
    par_categorie: dict[str, list[str]] = defaultdict(list)
    for sigle in sorted(denominateurs, key=lambda sigle: (denominateurs[sigle], sigle)):
        par_categorie[edition.organisations[sigle]["categorie"]].append(sigle)
    paires = (list(pairwise(par_categorie[categorie])) for categorie in CATEGORIES)
    return [min(suite, key=lambda p: (_ecart(*(denominateurs[s] for s in p)), p)) for suite in paires if suite][
        :EXEMPLES
    ]


def _ecart(a: int, b: int) -> Fraction:
    """Combien de fois le plus petit tient dans le plus grand."""
    return Fraction(max(a, b), min(a, b))
