"""Les fichiers d'une édition: une liste de colonnes par fichier, et leur écriture exacte.

Données ouvertes: UTF-8 sans BOM, virgule, point décimal, dates ISO, vide pour l'inconnu (Données Québec).
"""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from barometre.chiffres import Case, Chiffre
from indicateurs.affichage import pour_cent_exact
from indicateurs.arithmetique import Etat, Verdict

SOMMES = "SHA256SUMS"
FICHIERS = ("chiffres.csv", "indicateurs.json", "organisations.csv", "valeurs.csv")


class Colonne(NamedTuple):
    """Un nom de colonne, ce qu'elle dit, et la façon de la tirer d'un objet."""

    nom: str
    description: str
    tirer: Callable[[Any], Any]


def _champ(nom: str, description: str) -> Colonne:
    """La colonne qui porte le nom d'un attribut."""
    return Colonne(nom, description, lambda objet: getattr(objet, nom))


def _cle(nom: str, description: str) -> Colonne:
    """La colonne qui porte le nom d'une clé."""
    return Colonne(nom, description, lambda fiche: fiche[nom])


def _compte(nom: str, description: str, attribut: str = "") -> Colonne:
    """La colonne d'un des comptes d'un chiffre."""
    return Colonne(nom, description, lambda chiffre: getattr(chiffre.comptes, attribut or nom))


def _du_panel(nom: str, description: str, tirer: Callable[[Any], Any]) -> Colonne:
    return Colonne(nom, description, lambda chiffre: tirer(chiffre.panel) if chiffre.panel else None)


EDITION = "Le code de l'édition."
FORMULES = tuple("=+-@\t＝＋－＠")  # ce par quoi un tableur reconnaît une formule

VALEURS = [
    _champ("sigle", "L'organisation attendue."),
    _champ("trimestre", "Le trimestre, AAAA-Tn."),
    _champ("indicateur", "Le code de l'indicateur."),
    _champ("etat", f"Sa réponse, ou son silence : {', '.join(Etat)}."),
    _champ("numerateur", "Le numérateur déclaré."),
    _champ("denominateur", "Le dénominateur déclaré; zéro veut dire sans objet."),
    _champ("motif", "Pourquoi il n'y a pas de nombre."),
    _champ("note", "La note publique de l'organisation."),
    _champ("echeance", "Le dernier jour pour répondre, prolongation comprise."),
    _champ("version", "La version de la soumission; plus de 1 après une correction."),
    _champ("valide_le", "Quand le CQEN a accepté la réponse, en temps universel."),
]

ORGANISATIONS = [
    _cle("sigle", "La clé de l'organisation; elle ne change jamais."),
    _cle("slug", "Le dernier mot de son adresse sur le site."),
    _cle("nom", "Son nom au moment de l'édition."),
    _cle("categorie", "Sa nature."),
    _cle("portefeuille", "Le sigle de la tête de son portefeuille; vide si elle n'en a pas."),
    _cle("assujettie_du", "Le premier jour où elle doit déclarer."),
    _cle("assujettie_au", "Le dernier jour où elle doit déclarer; vide s'il n'est pas fixé."),
    _cle("remplacee_par", "Le sigle de l'organisation qui la remplace."),
    _cle("site_web", "Son site."),
    Colonne(
        "anciens_noms",
        "Ses noms d'avant et leur dernier jour, séparés par une barre verticale.",
        lambda fiche: " | ".join(f"{ancien['nom']} ({ancien['jusqu_au']})" for ancien in fiche.get("anciens_noms", [])),
    ),
]

CHIFFRES = [
    Colonne("indicateur", "Le code de l'indicateur.", lambda chiffre: chiffre.regle.code),
    _champ("trimestre", "Le trimestre, AAAA-Tn."),
    Colonne(
        "portefeuille",
        "Le sigle de la tête du portefeuille; vide hors d'un portefeuille.",
        lambda chiffre: chiffre.perimetre.portefeuille,
    ),
    Colonne(
        "categorie",
        "La catégorie d'organisations; avec un portefeuille vide, vide pour l'ensemble.",
        lambda chiffre: chiffre.perimetre.categorie,
    ),
    _compte("numerateur", "La somme des numérateurs des organisations calculables."),
    _compte("denominateur", "La somme de leurs dénominateurs."),
    Colonne(
        "part_globale",
        "La somme des numérateurs sur celle des dénominateurs, en pourcentage.",
        lambda chiffre: pour_cent_exact(chiffre.comptes.part_globale),
    ),
    _compte("attendues", "Les organisations qui devaient répondre."),
    _compte("repondantes", "Celles qui ont répondu, par un nombre ou par une absence motivée."),
    _compte("calculables", "Celles qui ont un nombre et un dénominateur supérieur à zéro."),
    _compte("au_dessus_du_seuil", "Les calculables dont la part dépasse strictement le seuil.", "au_dessus"),
    Colonne(
        "part_organisations",
        "Les calculables au-dessus du seuil sur les calculables, en pourcentage.",
        lambda chiffre: pour_cent_exact(chiffre.comptes.part_organisations),
    ),
    _compte("sans_objet", "Celles pour qui l'indicateur est sans objet."),
    _compte("non_disponibles", "Celles dont le nombre n'est pas disponible."),
    _du_panel(
        "panel_organisations",
        "Les organisations calculables à chacun des huit derniers trimestres.",
        lambda panel: panel.attendues,
    ),
    _du_panel("panel_part_globale", "La part globale de ce panel.", lambda panel: pour_cent_exact(panel.part_globale)),
    _du_panel(
        "panel_part_organisations",
        "La part des organisations de ce panel.",
        lambda panel: pour_cent_exact(panel.part_organisations),
    ),
    Colonne("cible", "Où passe le chemin de la cible, en pourcentage.", lambda chiffre: pour_cent_exact(chiffre.cible)),
    _champ("verdict", f"La part face à ce chemin : {', '.join(Verdict)}."),
]


def _de_la_case(nom: str, description: str, laquelle: str, champ: str) -> Colonne:
    """La colonne d'un champ de l'ancienne ou de la nouvelle case d'une révision; vide si elle n'était pas attendue."""

    def tirer(revision: Any) -> Any:
        case = getattr(revision, laquelle)
        return getattr(case, champ) if case else None

    return Colonne(nom, description, tirer)


REVISIONS = [
    Colonne("marque", "La lettre r, qui marque une valeur révisée.", lambda _: "r"),
    _champ("genre", "révision, d'une réponse qui manquait ou n'est plus attendue; correction, d'une réponse publiée."),
    _champ("sigle", "L'organisation."),
    _champ("trimestre", "Le trimestre, AAAA-Tn."),
    _champ("indicateur", "Le code de l'indicateur."),
    _de_la_case("ancien_etat", "L'état publié; vide si la réponse n'était pas attendue.", "ancienne", "etat"),
    _de_la_case("ancien_numerateur", "Le numérateur publié.", "ancienne", "numerateur"),
    _de_la_case("ancien_denominateur", "Le dénominateur publié.", "ancienne", "denominateur"),
    _de_la_case("ancien_motif", "Le motif publié.", "ancienne", "motif"),
    _de_la_case("ancienne_note", "La note publiée.", "ancienne", "note"),
    _de_la_case("nouvel_etat", "Le nouvel état; vide si la réponse n'est plus attendue.", "nouvelle", "etat"),
    _de_la_case("nouveau_numerateur", "Le nouveau numérateur.", "nouvelle", "numerateur"),
    _de_la_case("nouveau_denominateur", "Le nouveau dénominateur.", "nouvelle", "denominateur"),
    _de_la_case("nouveau_motif", "Le nouveau motif.", "nouvelle", "motif"),
    _de_la_case("nouvelle_note", "La nouvelle note.", "nouvelle", "note"),
    _de_la_case("version", "La version de la soumission.", "nouvelle", "version"),
    _champ("acceptee_le", "Quand le CQEN a accepté la nouvelle réponse, en temps universel."),
    _champ("raison", "Pourquoi."),
]


def en_csv(edition: str, colonnes: list[Colonne], objets: Iterable[Any]) -> bytes:
    """Le fichier CSV; sa première colonne nomme l'édition."""
    texte = io.StringIO()
    plume = csv.writer(texte, lineterminator="\n")
    plume.writerow(["edition", *(colonne.nom for colonne in colonnes)])
    tirer = [colonne.tirer for colonne in colonnes]
    plume.writerows([edition, *(_cellule(t(objet)) for t in tirer)] for objet in objets)
    return texte.getvalue().encode()


def _cellule(valeur: Any) -> Any:
    """Un texte qu'un tableur prendrait pour une formule est précédé d'une apostrophe (OWASP, CSV injection).

    Celui qui en avait déjà une en a deux: `_texte` n'en ôte qu'une.
    """
    ecrite = _a_la_ligne(valeur)
    return f"'{ecrite}" if isinstance(ecrite, str) and ecrite.lstrip("'").startswith(FORMULES) else ecrite


def _texte(cellule: str) -> str:
    """L'inverse de `_cellule`."""
    return cellule[1:] if cellule.startswith("'") and cellule.lstrip("'").startswith(FORMULES) else cellule


def _a_la_ligne(valeur: Any) -> Any:
    """Un retour de chariot devient un saut de ligne: seul, `csv` ne le mettrait pas entre guillemets."""
    return valeur.replace("\r\n", "\n").replace("\r", "\n") if isinstance(valeur, str) else valeur


def lire_csv(octets: bytes) -> list[dict[str, str]]:
    """Les lignes d'un fichier écrit par `en_csv`."""
    return list(csv.DictReader(io.StringIO(octets.decode(), newline="")))


def au_dernier_trimestre(octets: bytes, indicateur: str) -> bytes:
    """De `valeurs.csv`, l'en-tête et les lignes de cet indicateur au dernier trimestre où il y est, telles quelles."""
    entete, *lignes = csv.reader(io.StringIO(octets.decode(), newline=""))
    de, quand = entete.index("indicateur"), entete.index("trimestre")
    siennes = [ligne for ligne in lignes if ligne[de] == indicateur]
    dernier = max((ligne[quand] for ligne in siennes), default="")
    texte = io.StringIO()
    csv.writer(texte, lineterminator="\n").writerows([entete, *(ligne for ligne in siennes if ligne[quand] == dernier)])
    return texte.getvalue().encode()


def lire_cases(octets: bytes) -> list[Case]:
    """Les cases d'un `valeurs.csv` publié."""
    return [case_lue(ligne) for ligne in lire_csv(octets)]


def case_lue(ligne: Mapping[str, str]) -> Case:
    """La case d'une ligne de `valeurs.csv`."""
    return Case(*(LUES.get(champ, _texte)(ligne[champ]) for champ in Case._fields))


def _entier(texte: str) -> int | None:
    return int(texte) if texte else None


LUES: dict[str, Callable[[str], Any]] = {"numerateur": _entier, "denominateur": _entier, "version": _entier}


def telle_que_publiee(case: Case) -> Case:
    """La case du registre telle que le fichier la rend."""
    return Case(*map(_a_la_ligne, case))


def composer_les_fichiers(
    entete: Mapping[str, Any], catalogue: Mapping[str, Any], cases: Iterable[Case], chiffres: Iterable[Chiffre]
) -> dict[str, bytes]:
    """Les fichiers du dossier d'une édition, sommes comprises; `entete` décrit l'édition."""
    code = entete["code"]
    regles = {"edition": entete, "indicateurs": catalogue["indicateurs"], "trimestres": catalogue["trimestres"]}
    regles |= {"strategies": catalogue["strategies"]} if "strategies" in catalogue else {}
    fichiers = {
        "chiffres.csv": en_csv(code, CHIFFRES, chiffres),
        "indicateurs.json": (json.dumps(regles, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode(),
        "organisations.csv": en_csv(code, ORGANISATIONS, catalogue["organisations"]),
        "valeurs.csv": en_csv(code, VALEURS, cases),
    }
    return {**fichiers, SOMMES: sommes(fichiers)}


def sommes(fichiers: Mapping[str, bytes]) -> bytes:
    """Le contenu de SHA256SUMS, que `sha256sum --check` sait lire."""
    return "".join(f"{hashlib.sha256(fichiers[nom]).hexdigest()}  {nom}\n" for nom in FICHIERS).encode()


def empreinte(sommes_de_l_edition: bytes, precedente: str) -> str:
    """SHA-256 de SHA256SUMS suivi de l'empreinte de l'édition précédente: la chaîne des éditions."""
    return hashlib.sha256(sommes_de_l_edition + precedente.encode()).hexdigest()
