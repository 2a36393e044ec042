"""Lire un CSV sans lui faire confiance: son encodage, son séparateur, ses rangées, quoi qu'il contienne.

Et écrire un texte qu'aucun tableur ne prendra pour une formule.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from indicateurs.classeur import FichierIllisible, Rangee
from indicateurs.nombres import ESPACES

BLOC = 1_000_000  # caractères lus à la fois; une ligne aussi longue n'est pas celle d'un tableau
RANGEE_MAXIMALE = 200  # lignes physiques; au-delà, c'est un guillemet oublié, et la suite se relirait sans fin
SEPARATEURS = ",;\t"
BLANCS = ESPACES + "\t\r\n"
EN_UTF8 = "enregistrez-le en « CSV UTF-8 » ou en .xlsx."
UTF8_RELU_EN_1252 = re.compile("Ã[©¨ª«¢\xa0§®¯´¹»¼‰€]|ï»¿")  # é, è, ê… ou la marque: personne n'écrit « Ã© » exprès
MAL_FERMEE = "Un guillemet est mal fermé, ou une case démesurée."
LIGNE_ENTIERE = -1  # position d'un refus qui vise toute la rangée
SUSPECT = r"(?='*(?:[\t\r]|\s*[=+\-@＝＋－＠]))"  # une apostrophe déjà là compte: `rearmer` n'en ôte qu'une
FORMULE = re.compile(rf"\A(?![+-]?[0-9]+(?:[.,][0-9]+)?\Z){SUSPECT}")  # un nombre signé n'en est pas une
ILLISIBLES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # ce que XML 1.0 ne sait pas écrire
DESARMEE = re.compile(rf"\A'{SUSPECT}")


def lisible(texte: str) -> str:
    """Le texte, où U+FFFD tient la place de tout caractère qu'un classeur, un SVG ou un flux ne peut pas porter."""
    return ILLISIBLES.sub("\ufffd", texte)


def desarmer(texte: str) -> str:
    """Le texte, derrière une apostrophe si un tableur pouvait le prendre pour une formule."""
    return FORMULE.sub("'", texte)


def rearmer(texte: str) -> str:
    """L'inverse de `desarmer`, pour relire ce qui fut écrit."""
    return DESARMEE.sub("", texte) if texte.startswith("'") else texte


def encodage_de(chemin: Path, octets_maximaux: int) -> str:
    """UTF-8, avec ou sans marque; sinon Windows-1252; sinon un refus."""
    if chemin.stat().st_size > octets_maximaux:
        raise FichierIllisible(f"Ce fichier pèse plus de {octets_maximaux // 1_000_000} Mo : découpez-le.")
    for encodage in ("utf-8-sig", "cp1252"):
        with chemin.open(encoding=encodage, newline="") as flux, suppress(UnicodeDecodeError):
            while bloc := flux.read(BLOC):
                if "\0" in bloc:
                    raise FichierIllisible(f"Ce fichier est en UTF-16 ou n'est pas du texte : {EN_UTF8}")
                if encodage == "cp1252" and UTF8_RELU_EN_1252.search(bloc):
                    raise FichierIllisible(f"Ce fichier mélange UTF-8 et Windows-1252 : {EN_UTF8}")
                if len(bloc) == BLOC and "\n" not in bloc and "\r" not in bloc:
                    raise FichierIllisible("Ce fichier a une ligne de plus d'un million de caractères.")
            return encodage
    raise FichierIllisible(f"Ce fichier n'est ni en UTF-8 ni en Windows-1252 : {EN_UTF8}")


def separateur_de(flux: TextIO) -> str:
    """Le séparateur le plus présent dans la première ligne écrite : aucun nom de colonne n'en contient."""
    entete = next((texte for texte in flux if texte.strip(BLANCS + SEPARATEURS)), "")
    flux.seek(0)
    return max(SEPARATEURS, key=entete.count)


def rangees_de(flux: TextIO, separateur: str) -> Iterator[Rangee]:
    """Les enregistrements du CSV, numérotés par leur première ligne physique.

    Un guillemet mal fermé ne refuse que cette première ligne, brute: la lecture reprend à la ligne physique suivante.
    """
    attente: deque[str] = deque()
    numero = 1
    while True:
        lues: list[str] = []
        lecteur = csv.reader(_lignes(attente, flux, lues), delimiter=separateur, strict=True, skipinitialspace=True)
        try:
            for cases in lecteur:
                yield numero, cases, {}
                numero += len(lues)
                lues.clear()
        except csv.Error:
            yield numero, lues[:1], {LIGNE_ENTIERE: MAL_FERMEE}
            numero += 1
            attente.extendleft(reversed(lues[1:]))
        else:
            return


def _lignes(attente: deque[str], flux: TextIO, lues: list[str]) -> Iterator[str]:
    """Les lignes physiques: celles qui attendent d'être relues, puis celles du fichier; `lues` garde la rangée."""
    while attente:
        lues.append(attente.popleft())
        yield lues[-1]
    for texte in flux:
        lues.append(texte)
        if len(lues) > RANGEE_MAXIMALE:
            raise csv.Error(MAL_FERMEE)
        yield texte
