"""Les tableaux des pages: des textes déjà écrits, rangés en lignes et en colonnes."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils import timezone

from barometre import phrases
from barometre.chiffres import Case, Chiffre, Serie
from barometre.graphiques import Releve
from barometre.phrases import sur
from indicateurs.affichage import accorder, cible_en_texte, nombre, pourcentage
from indicateurs.arithmetique import Etat
from indicateurs.mots import date, trimestre

CHIFFRE = True  # une colonne de chiffres, alignée à droite


class Colonne(NamedTuple):
    """L'en-tête d'une colonne; `lien` la trie, `ordre` dit comment elle l'est (`ascending`, `descending`)."""

    titre: str
    est_chiffree: bool = False
    lien: str = ""
    ordre: str = ""
    aide: str = ""


class Ligne(NamedTuple):
    """Une ligne: son titre, qui peut être un lien, et ses cellules avec leur colonne."""

    titre: str
    cellules: list[tuple[Colonne, str]]
    lien: str = ""


@dataclass(frozen=True)
class Tableau:
    """Un tableau prêt à écrire; `ample` s'il lui faut de la largeur."""

    legende: str
    colonnes: Sequence[Colonne]
    lignes: Sequence[Ligne]
    ample: bool = False


def dresser(
    legende: str, colonnes: Sequence[Colonne], lignes: Iterable[Sequence[str]], liens: Sequence[str] = ()
) -> Tableau:
    """Le tableau de ces lignes; le premier texte de chacune est son titre."""
    rangees = [
        Ligne(titre, list(zip(colonnes[1:], textes, strict=True)), liens[i] if liens else "")
        for i, (titre, *textes) in enumerate(lignes)
    ]
    return Tableau(legende, colonnes, rangees)


# --- les points d'une courbe -----------------------------------------------------------------------------------------
def des_releves(releves: Sequence[Releve], titre: str) -> Tableau:
    """Les points d'une courbe d'ensemble, un trimestre par ligne."""
    avec_bornes = any(r.chiffre and r.chiffre.bornes is not None for r in releves)
    colonnes = [Colonne("Trimestre"), *(Colonne(t, CHIFFRE) for t in ("Part observée", "Panel constant", "Cible"))]
    colonnes += [Colonne("Réponses", CHIFFRE), *([Colonne("Bornes", CHIFFRE)] if avec_bornes else [])]
    lignes = []
    for releve in releves:
        textes = [_observe(releve), _panel(releve), _cible(releve), _reponses(releve)]
        lignes.append([trimestre(releve.trimestre), *textes, *([_bornes(releve)] if avec_bornes else [])])
    return dresser(titre, colonnes, lignes)


def d_une_organisation(releves: Sequence[Releve], titre: str, arretee_le: datetime.date) -> Tableau:
    """Les points de la courbe d'une organisation; là où il n'y en a pas, pourquoi."""
    colonnes = [Colonne("Trimestre"), *(Colonne(t, CHIFFRE) for t in ("Part observée", "Compte", "Cible"))]
    lignes = []
    for releve in releves:
        part, compte = _observe(releve), "aucun"
        if releve.chiffre and (case := releve.chiffre.case):
            part = phrases.case(releve.chiffre, arretee_le)
            compte = sur(case.numerateur or 0, case.denominateur or 0) if case.etat == Etat.VALEUR else compte
        lignes.append([trimestre(releve.trimestre), part, compte, _cible(releve)])
    return dresser(titre, colonnes, lignes)


def _observe(releve: Releve) -> str:
    return releve.chiffre.texte if releve.chiffre else "à venir" if releve.est_a_venir else "non publiée"


def _panel(releve: Releve) -> str:
    if releve.chiffre is None or releve.panel is None:
        return "à venir" if releve.est_a_venir else "non calculé"
    return releve.chiffre.ecrire(releve.panel)


def _cible(releve: Releve) -> str:
    return cible_en_texte(releve.cible) if releve.cible is not None else "aucune"


def _reponses(releve: Releve) -> str:
    if releve.chiffre is None:
        return "à venir" if releve.est_a_venir else "non publiées"
    return sur(releve.chiffre.comptes.repondantes, releve.chiffre.comptes.attendues)


def _bornes(releve: Releve) -> str:
    if releve.bornes:
        bas, haut = (pourcentage(borne) for borne in releve.bornes)
        return f"{bas} à {haut}"
    if releve.chiffre and releve.observe is not None:
        return "toutes connues"
    return _observe(releve)


# --- un indicateur ---------------------------------------------------------------------------------------------------
def des_reponses(chiffre: Chiffre) -> Tableau:
    """Qui a répondu, et quoi."""
    comptes = chiffre.comptes
    lignes = (
        ("Attendues", comptes.attendues),
        ("Ont répondu", comptes.repondantes),
        ("Avec un chiffre", comptes.calculables),
        ("Sans objet", comptes.sans_objet),
        ("Non disponible", comptes.non_disponibles),
        ("Sans réponse", comptes.silencieuses),
    )
    colonnes = [Colonne("Réponse"), Colonne("Organisations", CHIFFRE)]
    legende = f"Réponses des organisations au {trimestre(chiffre.trimestre)}"
    return dresser(legende, colonnes, [(titre, nombre(compte)) for titre, compte in lignes])


def des_portefeuilles(series: Iterable[Serie], noms: Mapping[str, str], quand: str, liens: Sequence[str]) -> Tableau:
    """Un indicateur, un portefeuille par ligne."""
    colonnes = [Colonne("Portefeuille"), *(Colonne(t, CHIFFRE) for t in ("Part", "Compte", "Réponses", "En un an"))]
    lignes = []
    for serie in series:
        chiffre, comptes = serie.dernier, serie.dernier.comptes
        compte = sur(comptes.numerateur, comptes.denominateur)
        if chiffre.regle.compte_des_organisations:
            compte = sur(comptes.au_dessus, comptes.calculables)
        reponses = sur(comptes.repondantes, comptes.attendues)
        lignes.append((noms[chiffre.perimetre.portefeuille], chiffre.texte, compte, reponses, phrases.tendance(serie)))
    return dresser(f"Les portefeuilles au {trimestre(quand)}", colonnes, lignes, liens)


# --- une organisation ------------------------------------------------------------------------------------------------
def des_transmissions(series: Mapping[str, Serie], arretee_le: datetime.date) -> Tableau:
    """Ce qu'une organisation a transmis, trimestre par trimestre, le plus récent d'abord."""
    recues: dict[str, list[Case]] = defaultdict(list)
    for serie in series.values():
        for chiffre in serie.chiffres:
            if chiffre.case:
                recues[chiffre.trimestre].append(chiffre.case)
    colonnes = [Colonne("Trimestre"), Colonne("Réponses"), Colonne("Version"), Colonne("Acceptée le")]
    lignes = []
    for quand, cases in sorted(recues.items(), reverse=True):
        version = max((c.version for c in cases if c.version), default=None)
        acceptee = max(c.valide_le for c in cases)
        lignes.append(
            (
                trimestre(quand),
                _resume(cases, arretee_le),
                str(version) if version else "aucune",
                date(timezone.localdate(datetime.datetime.fromisoformat(acceptee))) if acceptee else "pas encore",
            )
        )
    return dresser("Ce que l'organisation a transmis", colonnes, lignes)


def _resume(cases: Iterable[Case], arretee_le: datetime.date) -> str:
    """« 3 chiffres, 1 non disponible », ou le retard."""
    mots: Counter[str] = Counter()
    for case in cases:
        est_chiffree = case.etat == Etat.VALEUR and case.denominateur
        mots["chiffre" if est_chiffree else phrases.absence(case._replace(motif=""), arretee_le)] += 1
    if set(mots) == {mot := next(iter(mots))} and mot != "chiffre":
        return mot
    return ", ".join(accorder(n, m) if m == "chiffre" else f"{n} {m}" for m, n in mots.items())


def des_fichiers(fichiers: Iterable[Any]) -> Tableau:
    """Les fichiers d'une édition."""
    fiches = list(fichiers)
    colonnes = [Colonne("Fichier"), Colonne("Contenu"), Colonne("Taille", CHIFFRE)]
    lignes = [(f.nom, f.contenu, f.taille) for f in fiches]
    return dresser("Les fichiers de l'édition", colonnes, lignes, [f.adresse for f in fiches])
