"""Lire un nombre entier écrit par une personne: le bon entier, ou un refus qui s'explique. Jamais une supposition."""

import re

PLAFOND = 10**15
LONGUEUR_MAXIMALE = 40

ESPACES = " \u00a0\u2009\u202f"  # ordinaire, insécable, fine, fine insécable
TIRETS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"


class NombreIllisible(ValueError):
    """Le texte ne donne pas, à coup sûr, un entier positif ou nul; le message s'adresse à la personne."""


def _forme(separateurs: str) -> re.Pattern[str]:
    """Des chiffres, en un bloc ou par milliers d'un même séparateur, puis peut-être des décimales."""
    milliers = rf"[1-9][0-9]{{0,2}}(?P<separateur>[{separateurs}])[0-9]{{3}}(?:(?P=separateur)[0-9]{{3}})*"
    return re.compile(rf"(?P<entier>{milliers}|[0-9]+)(?:(?!(?P=separateur))[.,](?P<decimales>[0-9]+))?")


FORME = _forme(ESPACES)
FORME_AVEC_VIRGULE = _forme(ESPACES + ",")


def lire_entier(texte: str, *, virgule_de_milliers: bool = False) -> int:
    """L'entier écrit: `1234`, `1 234`, `1234,0`, et `1,234` si la virgule sépare les milliers."""
    texte = texte.strip()
    if not (texte.isascii() and texte.isdigit() and len(texte) <= LONGUEUR_MAXIMALE):
        texte = _chiffres(texte, FORME_AVEC_VIRGULE if virgule_de_milliers else FORME)
    nombre = int(texte)
    if nombre > PLAFOND:
        raise NombreIllisible("Ce nombre est trop grand : au plus 1 000 000 000 000 000.")
    return nombre


def _chiffres(texte: str, forme: re.Pattern[str]) -> str:
    """Les seuls chiffres de l'entier écrit, ou le refus qui convient."""
    if not texte:
        raise NombreIllisible("Un nombre entier est attendu, rien n'est écrit.")
    if len(texte) > LONGUEUR_MAXIMALE:
        raise NombreIllisible(f"Ce texte est trop long pour un nombre : au plus {LONGUEUR_MAXIMALE} caractères.")
    if texte[0] in TIRETS and texte[1:].lstrip()[:1].isdigit():
        raise NombreIllisible("Ce nombre est négatif : zéro ou plus est attendu.")
    trouve = forme.fullmatch(texte)
    if trouve is None:
        raise NombreIllisible("Un nombre entier est attendu, en chiffres, par exemple 1234 ou 1 234.")
    decimales = trouve["decimales"] or ""
    if len(decimales) == 3:
        raise NombreIllisible("Ce nombre se lit de deux façons (milliers ou décimales) : écrivez-le sans séparateur.")
    if decimales.strip("0"):
        raise NombreIllisible("Un nombre entier est attendu, sans décimales.")
    return re.sub("[^0-9]", "", trouve["entier"])
