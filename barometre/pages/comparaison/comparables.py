"""Quelles organisations se comparent: de même catégorie, et dont le dénominateur est du même ordre."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from barometre.models import Edition
from barometre.pages.cadre import CATEGORIES
from indicateurs.mots import replier
from organisations.models.organisation import Categorie

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
    """Celles qui se comparent à la première choisie, la plus proche d'abord; sans son chiffre, de sa catégorie.

    Les « autres » n'ont que ce mot en commun: celles du même portefeuille passent devant.
    """
    fiches = edition.organisations
    premiere, sien = fiches[sigles[0]], denominateurs.get(sigles[0])

    def distance(sigle: str) -> tuple[bool, Fraction, str, str]:
        fiche = fiches[sigle]
        est_d_ailleurs = fiche["categorie"] == Categorie.AUTRE and fiche["portefeuille"] != premiere["portefeuille"]
        return est_d_ailleurs, _ecart(sien, denominateurs[sigle]) if sien else Fraction(1), replier(fiche["nom"]), sigle

    semblables = (s for s in denominateurs if s not in sigles and fiches[s]["categorie"] == premiere["categorie"])
    retenues = (s for s in semblables if not sien or de_meme_ordre([sien, denominateurs[s]]))
    return sorted(retenues, key=distance)[:PROPOSEES]


def exemples(edition: Edition, denominateurs: Denominateurs) -> list[tuple[str, str]]:
    """Une paire par catégorie, les dénominateurs les plus proches et du même ordre; deux « autres », faute de mieux."""
    par_categorie: dict[str, list[str]] = defaultdict(list)
    for sigle in sorted(denominateurs, key=lambda sigle: (denominateurs[sigle], sigle)):
        par_categorie[edition.organisations[sigle]["categorie"]].append(sigle)
    paires = {code: paire for code in CATEGORIES for paire in _la_plus_proche(par_categorie[code], denominateurs)}
    autres = paires.pop(Categorie.AUTRE, None)
    return list(paires.values())[:EXEMPLES] or ([autres] if autres else [])


def _la_plus_proche(sigles: Sequence[str], denominateurs: Denominateurs) -> list[tuple[str, str]]:
    """La paire la plus proche d'une suite rangée par dénominateur; rien si aucune n'est du même ordre."""
    paires = [(a, b) for a, b in pairwise(sigles) if de_meme_ordre([denominateurs[a], denominateurs[b]])]
    return sorted(paires, key=lambda paire: (_ecart(*(denominateurs[sigle] for sigle in paire)), paire))[:1]


def _ecart(a: int, b: int) -> Fraction:
    """Combien de fois le plus petit tient dans le plus grand."""
    return Fraction(max(a, b), min(a, b))
