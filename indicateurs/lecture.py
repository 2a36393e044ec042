"""Lire un fichier de valeurs, CSV ou XLSX: toutes ses lignes et toutes ses erreurs, en une passe.

Rien n'est confronté à la base ici. Une faute, quelle qu'elle soit, devient une `Erreur` lisible; jamais une exception.
"""

import csv
import os
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from sys import intern
from unicodedata import normalize

from indicateurs.affichage import nombre
from indicateurs.bornes import LIEN, LONGUEURS
from indicateurs.classeur import (
    ORDINAIRES,
    FichierIllisible,
    Limites,
    Rangee,
    adresse,
    est_classeur,
    lire_rangees,
    nom_de_colonne,
)
from indicateurs.nombres import NombreIllisible, lire_entier
from indicateurs.texte import BLANCS, LIGNE_ENTIERE, desarmer, encodage_de, rangees_de, rearmer, separateur_de

COLONNES = ("organisation", "sigle", "trimestre", "indicateur", "numerateur", "denominateur")
FACULTATIVES = ("absence", "motif", "note", "preuve", "justification")
IGNOREES = ("erreurs", "intitule", "definition", "precedent_numerateur", "precedent_denominateur")
VIDES = dict.fromkeys(COLONNES + FACULTATIVES + IGNOREES, "")
# Par le web, d'autres attendent: un refus vient en moins de deux secondes.
DEPOT = Limites(rangees=2_000, octets=5_000_000, deplies=20_000_000, balises=400_000, processeur=1)

ENTETE_ATTENDU = f"Attendues : {', '.join(COLONNES)}; au besoin {', '.join(FACULTATIVES)}."
ABSENCES = {"nd": "NON_DISPONIBLE", "non_disponible": "NON_DISPONIBLE", "so": "SANS_OBJET", "sans_objet": "SANS_OBJET"}
CASE_VIDE = "Un nombre est attendu : 0 pour zéro, ND s'il n'est pas disponible, SO s'il est sans objet."
CODE = re.compile("[A-Za-z0-9][A-Za-z0-9-]{0,39}")
SIGLE = re.compile(r"[^\W_][\w .&'-]{0,39}")
PREUVE = re.compile(rf"(?!.{{{LONGUEURS['preuve'] + 1}}})(?:{LIEN.pattern})?")
FORMES = {
    "organisation": (re.compile("(?s).{1,250}"), "Un nom d'organisation est attendu, 250 caractères au plus."),
    "sigle": (SIGLE, "Un sigle est attendu : lettres, chiffres, espaces et traits d'union, 40 caractères au plus."),
    "trimestre": (re.compile("(?:199[0-9]|20[0-9]{2}|2100)-T[1-4]"), "Un trimestre est attendu, comme 2023-T1."),
    "indicateur": (CODE, "Un code est attendu : lettres sans accent, chiffres, traits d'union, 40 caractères au plus."),
    **{
        nom: (re.compile(f"(?s).{{0,{longueur}}}"), f"Un texte plus court est attendu, {longueur} caractères au plus.")
        for nom, longueur in LONGUEURS.items()
    },
    "preuve": (PREUVE, f"Une adresse en https:// est attendue, {LONGUEURS['preuve']} caractères au plus."),
}
CLE = ("sigle", "trimestre", "indicateur")
CONTROLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

REFUSEES_MAXIMALES = 50_000  # lignes: au-delà, le fichier entier est à reprendre
APERCU = 80  # caractères de ce qui a été lu, dans une erreur


@dataclass(frozen=True, slots=True)
class Erreur:
    """Une chose refusée: où, ce qui a été lu, ce qui était attendu. La ligne 0 est le fichier entier."""

    fichier: str
    ligne: int
    colonne: str
    lu: str
    attendu: str

    def __str__(self) -> str:
        lieu = [self.fichier, self.ligne and f"ligne {self.ligne}", self.colonne, self.lu and f"lu « {self.lu} »"]
        return f"{', '.join(partie for partie in lieu if partie)}. {self.attendu}"


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une ligne entière et bien formée: deux nombres, ou une absence; `brutes` a ses cases telles qu'écrites."""

    numero: int
    organisation: str
    sigle: str
    trimestre: str
    indicateur: str
    numerateur: int | None
    denominateur: int | None
    absence: str
    motif: str
    note: str
    preuve: str = ""
    justification: str = ""
    brutes: tuple[str, ...] = field(default=(), compare=False, repr=False)


@dataclass(slots=True)
class Lecture:
    """Ce qu'un fichier a donné: ses lignes bonnes, ses erreurs, et ses lignes refusées telles qu'écrites.

    `vues` dit à quelle ligne chaque (sigle, trimestre, indicateur) lisible paraît d'abord, même sur une ligne refusée.
    """

    fichier: str
    colonnes: list[str] = field(default_factory=list)
    lignes: list[Ligne] = field(default_factory=list)
    erreurs: list[Erreur] = field(default_factory=list)
    refusees: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    vues: dict[tuple[str, str, str], int] = field(default_factory=dict)
    est_classeur: bool = False

    def refuser_tout(self, attendu: str) -> None:
        """Le fichier entier est refusé: aucune de ses lignes ne compte, pas même les bonnes."""
        self.lignes.clear()
        self.refusees.clear()
        self.erreurs.append(Erreur(self.fichier, 0, "", "", attendu))

    def refuser(self, numero: int, brutes: dict[str, str], refus: Iterable[tuple[str, str]]) -> None:
        """Range une ligne avec les refusées; chaque refus dit une colonne (vide: toute la ligne) et l'attendu."""
        for nom, attendu in refus:
            lu, colonne = _apercu(brutes.get(nom or COLONNES[0], "").strip()), nom
            if self.est_classeur and nom in self.colonnes:
                colonne = f"{adresse(self.colonnes.index(nom), numero)} ({nom})"
            self.erreurs.append(Erreur(self.fichier, numero, colonne, lu, attendu))
        self.refusees.append((numero, brutes))


def lire(chemin: Path, *, nom: str = "", limites: Limites = ORDINAIRES) -> Lecture:
    """Lit le fichier; `nom` est celui que la personne connaît, s'il diffère de celui du disque."""
    lecture = Lecture(_apercu(nom or chemin.name))
    try:
        if est_classeur(chemin):
            lecture.est_classeur = True
            _Lecteur(lecture, limites).parcourir(lire_rangees(chemin, COLONNES, limites))
        else:
            with chemin.open(encoding=encodage_de(chemin, limites.octets), newline="") as flux:
                separateur = separateur_de(flux)
                _Lecteur(lecture, limites, separateur == ",").parcourir(rangees_de(flux, separateur))
    except FichierIllisible as refus:
        lecture.refuser_tout(str(refus))
    except (OSError, UnicodeError):
        lecture.refuser_tout("Ce fichier ne s'ouvre pas.")
    return lecture


def ecrire_refusees(chemin: Path, lecture: Lecture) -> None:
    """Écrit les lignes refusées, prêtes à corriger et à relire, avec leurs erreurs dans une dernière colonne.

    Le fichier paraît entier, ou pas du tout. Lève `OSError` s'il ne s'écrit pas.
    """
    if chemin.exists() and not chemin.is_file():  # /dev/stdout: rien à remplacer
        return _ecrire_refusees(chemin, lecture)
    vrai = chemin.resolve()
    provisoire = vrai.with_name(f".{vrai.name}.{os.getpid()}")
    try:
        _ecrire_refusees(provisoire, lecture)
        provisoire.replace(vrai)
    finally:
        provisoire.unlink(missing_ok=True)


def _ecrire_refusees(chemin: Path, lecture: Lecture) -> None:
    raisons: dict[int, list[str]] = defaultdict(list)
    for erreur in lecture.erreurs:
        raisons[erreur.ligne].append(f"{erreur.colonne} : {erreur.attendu}" if erreur.colonne else erreur.attendu)
    colonnes = [nom for nom in lecture.colonnes or COLONNES if nom != "erreurs"]
    with chemin.open("w", encoding="utf-8", newline="") as flux:
        sortie = csv.DictWriter(flux, [*colonnes, "erreurs"], extrasaction="ignore")
        sortie.writeheader()
        for numero, brutes in lecture.refusees:
            cases = brutes | {"erreurs": " ".join(raisons[numero])}
            sortie.writerow({nom: desarmer(rearmer(texte)) for nom, texte in cases.items()})


def _apercu(texte: str) -> str:
    """Ce qui a été lu, sur une ligne courte et sans caractère invisible."""
    court = texte if len(texte) <= APERCU else f"{texte[:APERCU]}…"
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in court)


@dataclass(slots=True)
class _Lecteur:
    """Range chaque rangée dans la lecture: bonne, ou refusée avec une raison au plus par case."""

    lecture: Lecture
    limites: Limites
    virgule_de_milliers: bool = False

    def parcourir(self, rangees: Iterable[Rangee]) -> None:
        ecrites = (rangee for rangee in rangees if any(case.strip(BLANCS) for case in rangee[1]))
        numero, brutes, refus = next(ecrites, (0, [], {LIGNE_ENTIERE: "Ce fichier est vide."}))
        if LIGNE_ENTIERE in refus:
            raise FichierIllisible(refus[LIGNE_ENTIERE])
        self._lire_entete(numero, brutes)
        if not self.lecture.erreurs:
            for rang, rangee in enumerate(ecrites, 1):
                if rang > self.limites.rangees:
                    raise FichierIllisible(f"Plus de {nombre(rang - 1)} lignes de valeurs : découpez ce fichier.")
                self._lire_ligne(*rangee)
            if not self.lecture.lignes and not self.lecture.refusees:
                raise FichierIllisible("Ce fichier n'a aucune ligne de valeurs.")

    def _lire_entete(self, numero: int, brutes: list[str]) -> None:
        noms = [nom_de_colonne(nom) for nom in _nettoyer(brutes)]
        while noms and not noms[-1]:
            noms.pop()
        self.lecture.colonnes = noms
        fautes = {
            "manquantes": [nom for nom in COLONNES if nom not in noms],
            "inconnues": [nom or "(sans nom)" for nom in noms if nom not in VIDES],
            "en double": sorted({nom for nom in noms if nom and noms.count(nom) > 1}),
        }
        fichier, lu = self.lecture.fichier, _apercu(", ".join(brutes))
        for faute in (faute for faute in fautes if fautes[faute]):
            attendu = f"Colonnes {faute} : {_apercu(', '.join(fautes[faute]))}. {ENTETE_ATTENDU}"
            self.lecture.erreurs.append(Erreur(fichier, numero, "", lu, attendu))

    def _lire_ligne(self, numero: int, brutes: list[str], refus: dict[int, str]) -> None:
        colonnes, cases = self.lecture.colonnes, _nettoyer(brutes)
        if self.lecture.est_classeur:
            cases += [""] * (len(colonnes) - len(cases))
        if LIGNE_ENTIERE in refus or len(cases) < len(colonnes) or any(cases[len(colonnes) :]):
            compte = f"{len(colonnes)} cases sont attendues, cette ligne en a {len(cases)}."
            return self._refuser(numero, {COLONNES[0]: " | ".join(brutes)}, {"": refus.get(LIGNE_ENTIERE, compte)})
        champs = VIDES | dict(zip(colonnes, internees := tuple(map(intern, cases)), strict=False))
        defauts = {colonnes[p]: raison for p, raison in refus.items() if colonnes[p] not in IGNOREES}
        _verifier_textes(champs, defauts)
        absence, motif = _lire_absence(champs, defauts)
        numerateur, denominateur = (None, None) if absence else self._lire_nombres(champs, defauts)
        self._verifier_doublon(numero, champs, defauts)
        if defauts:
            return self._refuser(numero, dict(zip(colonnes, brutes, strict=False)), defauts)
        nommes = champs["organisation"], champs["sigle"], champs["trimestre"], champs["indicateur"]
        textes = absence, motif, champs["note"], champs["preuve"], champs["justification"]
        telles_quelles = internees if cases == brutes else tuple(brutes)
        return self.lecture.lignes.append(Ligne(numero, *nommes, numerateur, denominateur, *textes, telles_quelles))

    def _lire_nombres(self, champs: dict[str, str], defauts: dict[str, str]) -> tuple[int, int]:
        nombres = {"numerateur": 0, "denominateur": 0}
        for nom in nombres:
            try:
                nombres[nom] = lire_entier(champs[nom], virgule_de_milliers=self.virgule_de_milliers)
            except NombreIllisible as refus:
                defauts.setdefault(nom, str(refus) if champs[nom] else CASE_VIDE)
        numerateur, denominateur = nombres.values()
        if numerateur > denominateur and "denominateur" not in defauts:
            defauts.setdefault("numerateur", f"Le numérateur dépasse le dénominateur, {denominateur}.")
        return numerateur, denominateur

    def _verifier_doublon(self, numero: int, champs: dict[str, str], defauts: dict[str, str]) -> None:
        if defauts.keys().isdisjoint(CLE):
            cle = intern(champs["sigle"].lower()), champs["trimestre"], intern(champs["indicateur"].lower())
            premiere = self.lecture.vues.setdefault(cle, numero)
            if premiere != numero:
                defauts["indicateur"] = f"Cette valeur est déjà donnée à la ligne {premiere}."

    def _refuser(self, numero: int, brutes: dict[str, str], defauts: dict[str, str]) -> None:
        self.lecture.refuser(numero, brutes, defauts.items())
        if len(self.lecture.refusees) > REFUSEES_MAXIMALES:
            raise FichierIllisible("Plus de 50 000 lignes sont refusées : la lecture s'arrête là.")


def _nettoyer(brutes: list[str]) -> list[str]:
    """Les cases en NFC, sans blancs autour, avec de seules fins de ligne simples."""
    simples = (rearmer(case).replace("\r\n", "\n").replace("\r", "\n") for case in brutes)
    return [(case if case.isascii() else normalize("NFC", case)).strip(BLANCS) for case in simples]


def _verifier_textes(champs: dict[str, str], defauts: dict[str, str]) -> None:
    """Les caractères, les longueurs et les formes de chaque case."""
    if not "".join(champs.values()).isprintable():
        for nom, texte in champs.items():
            if nom not in IGNOREES and CONTROLE.search(texte):
                defauts.setdefault(nom, "Cette case contient un caractère de contrôle invisible : récrivez-la.")
    for nom, (forme, attendu) in FORMES.items():
        if not forme.fullmatch(champs[nom]):
            defauts.setdefault(nom, attendu)


def _absence(texte: str) -> str:
    """L'absence qu'une case dit, ou rien; un nombre, le cas ordinaire, se reconnaît d'abord."""
    return "" if texte.isdigit() else ABSENCES.get(nom_de_colonne(texte), "")


def _lire_absence(champs: dict[str, str], defauts: dict[str, str]) -> tuple[str, str]:
    """L'absence que dit la ligne, vide si elle n'en dit pas, et son motif."""
    dites = {nom: _absence(champs[nom]) for nom in ("numerateur", "denominateur", "absence")}
    if champs["absence"] and not dites["absence"]:
        defauts.setdefault("absence", "« Non disponible », « Sans objet », ND, SO ou rien est attendu.")
    if not any(dites.values()):
        return "", champs["motif"]
    absence, *autres = {dite for dite in dites.values() if dite}
    if autres:
        defauts.setdefault("absence", "Une seule absence est attendue, cette ligne en dit deux.")
    for nom in ("numerateur", "denominateur"):
        if champs[nom] and not dites[nom]:
            defauts.setdefault(nom, "Cette ligne dit une absence : aucun nombre n'est attendu avec elle.")
    sans_motif = absence == "NON_DISPONIBLE" and not champs["motif"].strip()
    if sans_motif and not (dites["numerateur"] or dites["denominateur"]):
        defauts.setdefault("motif", "Une valeur non disponible demande un motif.")
    return absence, "non précisé" if sans_motif else champs["motif"]
