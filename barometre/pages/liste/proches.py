"""Les noms les plus proches de ce que quelqu'un a tapé, fautes de frappe comprises; le temps en est borné."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from itertools import pairwise

from barometre.pages.filtres import decouper

MOTS = 6  # de ce qui est tapé; les suivants n'aident plus
LONGUEUR = 24  # lettres d'un mot
SEUIL = 0.7  # de 0, rien de commun, à 1, le même mot
NOMBRE = 5


def proches(noms: Mapping[str, str], q: str) -> list[str]:
    """Les clés des noms dont les mots ressemblent le plus à ceux de `q`, cinq au plus, le plus proche d'abord."""
    cherches = [mot[:LONGUEUR] for mot in decouper(q)]
    cherches = ([mot for mot in cherches if len(mot) > 2] or cherches)[:MOTS]
    vocabulaires = {cle: _vocabulaire(decouper(nom)) for cle, nom in noms.items()}
    tous = set().union(*vocabulaires.values())
    notes = dict.fromkeys(noms, 0.0)
    for cherche in cherches:
        ressemblances = _ressemblances(cherche, tous)
        for cle, mots in vocabulaires.items():
            notes[cle] += max((ressemblances[mot] for mot in mots & ressemblances.keys()), default=0)
    assez = SEUIL * len(cherches)
    retenues = [cle for cle, note in notes.items() if note and note >= assez]
    return sorted(retenues, key=lambda cle: (-notes[cle], noms[cle]))[:NOMBRE]


def _vocabulaire(mots: list[str]) -> set[str]:
    """Les mots d'un nom, et deux mots qui se suivent, écrits d'un trait: « hydroquebec »."""
    return {mot[:LONGUEUR] for mot in (*mots, *(a + b for a, b in pairwise(mots)))}


def _ressemblances(cherche: str, mots: Iterable[str]) -> dict[str, float]:
    """Les mots qui lui ressemblent, et combien; les estimations rapides écartent presque tous les autres."""
    juge = SequenceMatcher(autojunk=False)
    juge.set_seq2(cherche)
    trouvees = {}
    for mot in mots:
        if cherche in mot:
            trouvees[mot] = 1.0
            continue
        juge.set_seq1(mot)
        if juge.real_quick_ratio() >= SEUIL and juge.quick_ratio() >= SEUIL and (note := juge.ratio()) >= SEUIL:
            trouvees[mot] = note
    return trouvees
