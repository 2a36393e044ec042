"""Les nombres qu'une page écrit, et ceux que les fichiers d'une édition permettent d'écrire; rien d'autre n'est lu."""

import html
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from barometre import depot, formats
from indicateurs.arithmetique import cible_au, rang

MOIS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
# Un dessin, du code à copier, et le plan d'une organisation, qui n'est pas dans les fichiers d'une édition.
HORS_TEXTE = re.compile(
    r"<svg.*?</svg>|<(pre|select|textarea|code)\b.*?</\1>|<section aria-labelledby=\"plan\".*?</section>", re.DOTALL
)
# Un nom, une date, une durée, une tranche, une adresse: pas un chiffre du baromètre.
NOMS = re.compile(
    rf"\d{{1,2}}(?:er)? (?:{MOIS}) \d{{4}}|(?:{MOIS}) \d{{4}}|\d(?:er|e) trimestre de \d{{4}}|fin (?:de )?\d{{4}}"
    r"|en \d+ (?:trimestres|ans)|en retard de \d+ (?:jours|mois|ans)|[Dd]e \d+ à (?:moins de )?\d+0 %"
    r"|\d{4}-T\d(?:-r\d+)?|\b20\d\d-\d\d-\d\d\b|\b2019-2023\b|\b(?:19|20)\d\d\b|[Vv]ersion \d+|CC BY 4\.0"
    r"|\b[0-9a-f]{12,}\b|\d+(?:,\d)? (?:ko|Mo|octets)|https?://\S+|SHA-?256"
)
POUR_CENT, POINTS = r"(\d+(?:,\d+)?) %", r"(\d+,\d) points?\b"
COMPTE, ENTIER = r"\b(\d{1,3}(?: \d{3})*) sur (\d{1,3}(?: \d{3})*)\b", r"\b\d{1,3}(?: \d{3})*\b"


class Texte(NamedTuple):
    """Les nombres d'une page, par forme."""

    parts: list[Fraction]
    ecarts: list[Fraction]
    comptes: list[tuple[int, int]]
    entiers: list[int]

    @classmethod
    def de(cls, page: str) -> "Texte":
        """Ceux de son contenu, dessins à part."""
        contenu = re.search(r"<main.*?</main>", page, re.DOTALL)[0]
        lu = html.unescape(re.sub(r"<[^>]+>", " | ", HORS_TEXTE.sub(" ", contenu))).replace("\xa0", " ")
        texte, trouves = NOMS.sub(" . ", " ".join(lu.split())), []
        for forme in (POUR_CENT, POINTS, COMPTE, ENTIER):
            trouves.append(re.findall(forme, texte))
            texte = re.sub(forme, " . ", texte)
        parts, ecarts, comptes, entiers = trouves
        return cls(
            [decimal(p) for p in parts],
            [decimal(e) for e in ecarts],
            [(entier(n), entier(d)) for n, d in comptes],
            [entier(e) for e in entiers],
        )


def decimal(texte: str) -> Fraction:
    return Fraction(texte.replace(",", "."))


def entier(texte: str) -> int:
    return int(texte.replace(" ", ""))


class Fichiers:
    """Le dossier d'une édition, et ce qu'il permet d'écrire."""

    def __init__(self, code: str) -> None:
        self.chiffres = formats.lire_csv(depot.lire(code, "chiffres.csv"))
        self.organisations = {o["sigle"]: o for o in formats.lire_csv(depot.lire(code, "organisations.csv"))}
        self.valeurs = formats.lire_csv(depot.lire(code, "valeurs.csv"))
        lus = json.loads(depot.lire(code, "indicateurs.json"))
        self.indicateurs = {fiche["code"]: fiche for fiche in lus["indicateurs"]}
        self.dernier, self.trimestres = lus["edition"]["trimestre"], [t["code"] for t in lus["trimestres"]]

    def permis(self, chiffres: Iterable[dict], valeurs: Iterable[dict]) -> "Permis":
        """Ce que ces lignes permettent d'écrire, et les règles de leurs indicateurs."""
        permis, valeurs = Permis(), list(valeurs)
        permis.entiers.add(len({v["sigle"] for v in valeurs if v["trimestre"] == self.dernier}))
        permis.entiers |= {fiche["denominateur_minimal"] for fiche in self.indicateurs.values()}
        series: dict[tuple, dict[int, Fraction]] = {}
        for ligne in chiffres:
            permis.ajouter_un_agregat(ligne)
            principale = {"PART_GLOBALE": "part_globale"}.get(self.indicateurs[ligne["indicateur"]]["agregation"])
            if part := ligne[principale or "part_organisations"]:
                cle = ("", ligne["indicateur"], ligne["portefeuille"], ligne["categorie"])
                series.setdefault(cle, {})[rang(ligne["trimestre"])] = Fraction(part)
        for ligne in valeurs:
            if int(ligne["denominateur"] or 0):
                part = permis.ajouter_un_compte(ligne["numerateur"], ligne["denominateur"])
                series.setdefault((ligne["sigle"], ligne["indicateur"]), {})[rang(ligne["trimestre"])] = part
        for (sigle, code, *_), suite in series.items():
            permis.ajouter_une_serie(suite, self.chemins(code, sigle))
        return permis

    def chemins(self, code: str, sigle: str) -> list[dict[int, Fraction]]:
        """Où passent les cibles qui concernent cette organisation ou l'ensemble, à chaque trimestre."""
        points: dict[str, list[tuple[int, Fraction]]] = {}
        for cible in self.indicateurs[code]["cibles"]:
            if cible["organisation"] in ("", sigle):
                point = (rang(cible["trimestre"]), Fraction(cible["pourcentage"]))
                points.setdefault(cible["organisation"], []).append(point)
        debut = rang(self.trimestres[0])
        return [
            {r: but for r in range(debut, max(chemin)[0] + 1) if (but := cible_au(sorted(chemin), r)) is not None}
            for chemin in points.values()
        ]


class Permis:
    """Les parts (en pour cent, exactes), les écarts (en points) et les comptes qu'une page a le droit d'écrire."""

    def __init__(self) -> None:
        self.parts: set[Fraction] = {Fraction(50)}  # le seuil
        self.ecarts: set[Fraction] = set()
        self.comptes: set[tuple[int, int]] = set()
        self.entiers: set[int] = set()

    def ajouter_un_compte(self, numerateur: str, denominateur: str) -> Fraction:
        compte = (int(numerateur), int(denominateur))
        self.comptes.add(compte)
        self.entiers.update(compte)
        part = Fraction(compte[0] * 100, compte[1])
        self.parts.add(part)
        return part

    def ajouter_un_agregat(self, ligne: dict) -> None:
        """Toutes les colonnes d'une ligne de `chiffres.csv`, et ce qui s'en déduit par une soustraction."""
        attendues, repondantes, calculables, au_dessus = (
            int(ligne[nom]) for nom in ("attendues", "repondantes", "calculables", "au_dessus_du_seuil")
        )
        silencieuses = attendues - repondantes
        self.comptes |= {(int(ligne["numerateur"]), int(ligne["denominateur"])), (au_dessus, calculables)}
        self.comptes |= {(repondantes, attendues)}
        self.entiers |= {n for compte in self.comptes for n in compte} | {silencieuses}
        self.entiers |= {int(ligne[n]) for n in ("sans_objet", "non_disponibles", "panel_organisations") if ligne[n]}
        self.parts |= {Fraction(ligne[n]) for n in ligne if ("part" in n or n == "cible") and "." in ligne[n]}
        self.parts.add(Fraction(repondantes * 100, attendues))
        if calculables + silencieuses:
            bornes = (au_dessus, au_dessus + silencieuses)
            self.parts |= {Fraction(borne * 100, calculables + silencieuses) for borne in bornes}

    def ajouter_une_serie(self, suite: dict[int, Fraction], chemins: list[dict[int, Fraction]]) -> None:
        """D'un trimestre à l'autre, sur un an, depuis le début; et face à chaque chemin."""
        self.ecarts |= {abs(b - a) for (_, a), (_, b) in combinations(sorted(suite.items()), 2)}
        for chemin in chemins:
            fin = chemin[max(chemin)]
            self.parts |= set(chemin.values())
            self.ecarts |= {abs(part - chemin.get(r, fin)) for r, part in suite.items()}
            self.ecarts |= {abs(part - fin) for part in suite.values()}


def etrangers(ecrits: Iterable[Fraction], permis: set[Fraction]) -> list[float]:
    """Ce qui est écrit et que rien ne permet: une part s'écrit à un dixième au plus de ce qu'elle est."""
    ranges = sorted(permis)
    dixieme = Fraction(1, 10)
    return [float(e) for e in ecrits if bisect_left(ranges, e - dixieme) == bisect_right(ranges, e + dixieme)]
