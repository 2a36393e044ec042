"""Lire les réglages de l'environnement, ou de `.env`: typés, avec une phrase quand l'un manque ou est mal formé."""

import datetime
import logging
import warnings
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

RACINE = Path(__file__).resolve().parent.parent

env = environ.Env(interpolate=False)
env.read_env(RACINE / ".env")


def exiger(nom: str, comment: str) -> str:
    """Le réglage `nom`; s'il manque, une phrase dit lequel et comment le poser (`ImproperlyConfigured`)."""
    if valeur := env.str(nom, ""):
        return valeur
    raise ImproperlyConfigured(f"{nom} manque. {comment} Tous les réglages sont décrits dans .env.exemple.")


def lire(nom: str, lecture, defaut: str, attendu: str):
    """Le réglage `nom`, ou son défaut s'il est absent ou vide; mal formé, une phrase dit ce qui est attendu."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # environ avertit d'un moteur inconnu là où il faut s'arrêter
        try:
            return lecture(env.str(nom, "") or defaut)
        except (KeyError, ValueError, UserWarning, ImproperlyConfigured) as erreur:
            raise ImproperlyConfigured(f"{nom} est mal formé. Attendu : {attendu}") from erreur


def oui_ou_non(texte: str) -> bool:
    """1 ou 0."""
    return {"1": True, "0": False}[texte]


def site(adresse: str) -> str:
    """`https://hote` d'une adresse http ou https, ou `ValueError`."""
    lue = urlsplit(adresse)
    if lue.scheme not in ("http", "https") or not lue.hostname:
        raise ValueError
    return f"{lue.scheme}://{lue.netloc}"


def adresse_ou_rien(adresse: str) -> str:
    """Une adresse http ou https entière, ou rien; sinon `ValueError`."""
    if adresse:
        site(adresse)
    return adresse


def niveau(texte: str) -> str:
    """Un niveau de journal, ou `KeyError`."""
    return logging.getLevelName(logging.getLevelNamesMapping()[texte])


def au_moins(minimum: int) -> Callable[[str], int]:
    """Lit un entier qui n'est pas plus petit."""

    def lire_entier(texte: str) -> int:
        if (nombre := int(texte)) < minimum:
            raise ValueError
        return nombre

    return lire_entier


def instant_ou_rien(texte: str) -> datetime.datetime | None:
    """Un instant avec son fuseau, ou rien."""
    if not texte:
        return None
    if (lu := datetime.datetime.fromisoformat(texte)).tzinfo is None:
        raise ValueError
    return lu
