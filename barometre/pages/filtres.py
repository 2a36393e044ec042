"""Chercher et filtrer une liste par son adresse, sans jamais échouer: des mots, et un choix par champ."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.http import urlencode

from indicateurs.langue import _, gettext_noop
from indicateurs.mots import replier, typographier

LONGUEUR_DE_RECHERCHE = 100
MOT = re.compile(r"\w+")
IGNORE = {
    "": gettext_noop("%(quoi)s « %(valeur)s » n'existe pas %(ou)s, et n'est pas appliqué."),
    "e": gettext_noop("%(quoi)s « %(valeur)s » n'existe pas %(ou)s, et n'est pas appliquée."),
}


class Option(NamedTuple):
    """Un choix d'une liste déroulante."""

    valeur: str
    texte: str
    est_choisie: bool


@dataclass(frozen=True)
class Choix:
    """Un champ où l'on choisit parmi ce que la liste contient: son nom, son étiquette, ses valeurs et leur texte."""

    nom: str
    etiquette: str
    valeurs: Mapping[str, str]
    choisie: str = ""

    @property
    def sujet(self) -> str:
        """« Le portefeuille », « L'indicateur »."""
        sujet = _("L'%s") if self.etiquette[0] in "AEIOU" else _("Le %s")
        return sujet % self.etiquette.lower()

    @property
    def options(self) -> list[Option]:
        """Les valeurs, rangées par leur texte."""
        return options(sorted(self.valeurs.items(), key=lambda o: replier(o[1])), self.choisie)


@dataclass(frozen=True)
class Filtre:
    """Ce que l'adresse demande d'une liste, une fois compris; `ignores` dit ce qui ne l'a pas été."""

    q: str = ""
    choix: tuple[Choix, ...] = ()
    ignores: tuple[str, ...] = field(default=())

    @classmethod
    def lire(cls, champs: Mapping[str, str], *permis: Choix) -> "Filtre":
        """La demande comprise; une valeur inconnue est ignorée, et dite."""
        lus = [(choix, champs.get(choix.nom, "")) for choix in permis]
        gardes = (Choix(c.nom, c.etiquette, c.valeurs, lu if lu in c.valeurs else "") for c, lu in lus)
        inconnues = tuple(ignorer(c.sujet, lu) for c, lu in lus if lu and lu not in c.valeurs)
        return cls(lire_la_recherche(champs), tuple(gardes), inconnues)

    @property
    def actif(self) -> bool:
        """La liste est-elle réduite?"""
        return bool(self.q or any(choix.choisie for choix in self.choix))

    def retient(self, texte: str, **valeurs: str) -> bool:
        """Ce texte a-t-il tous les mots cherchés, et ces valeurs sont-elles celles choisies?"""
        choisies = all(valeurs[choix.nom] == choix.choisie for choix in self.choix if choix.choisie)
        return choisies and contient(texte, self.q)

    def adresse(self, **plus: Any) -> str:
        """La partie de l'adresse qui refait cette demande, `plus` en fin."""
        champs = {"q": self.q, **{choix.nom: choix.choisie for choix in self.choix}, **plus}
        return "?" + urlencode({nom: valeur for nom, valeur in champs.items() if valeur})


def lire_la_recherche(champs: Mapping[str, str]) -> str:
    """Les mots cherchés, sans blancs de trop."""
    return " ".join(champs.get("q", "").replace("\0", "").split())[:LONGUEUR_DE_RECHERCHE]


def contient(texte: str, q: str) -> bool:
    """Tous les mots cherchés, sans accents ni majuscules, dans n'importe quel ordre."""
    cherches = decouper(q)
    replie = " ".join(decouper(texte)) if cherches else ""
    return all(mot in replie for mot in cherches)


def decouper(texte: str) -> list[str]:
    """Les mots d'un texte, repliés, sans ponctuation."""
    return MOT.findall(replier(texte))


def options(noms: Iterable[tuple[str, str]], choisie: str) -> list[Option]:
    """Les choix d'une liste déroulante, dans cet ordre."""
    return [Option(valeur, texte, valeur == choisie) for valeur, texte in noms]


def ignorer(quoi: str, valeur: str, ou: str = "", e: str = "") -> str:
    """Ce qu'on dit d'une valeur inconnue; `quoi` et `ou` sont dans la langue de la page."""
    return typographier(_(IGNORE[e]) % {"quoi": quoi, "valeur": valeur[:40], "ou": ou or _("ici")})
