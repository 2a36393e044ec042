"""Les tableaux des pages: des textes déjà écrits, rangés en lignes et en colonnes."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from barometre import phrases
from barometre.chiffres import Chiffre, Serie
from barometre.graphiques import Releve
from barometre.phrases import sur
from indicateurs.affichage import cible_en_texte, nombre, pourcentage
from indicateurs.arithmetique import Etat, code_du_rang, rang
from indicateurs.langue import _, citer
from indicateurs.mots import trimestre, typographier

CHIFFRE = True  # une colonne de chiffres, alignée à droite


class Colonne(NamedTuple):
    """L'en-tête d'une colonne; `lien` la trie, `ordre` dit comment elle l'est (`ascending`, `descending`).

    `cle` nomme la ligne de la courbe dont elle écrit les points.
    """

    titre: str
    est_chiffree: bool = False
    lien: str = ""
    ordre: str = ""
    aide: str = ""
    cle: str = ""


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
    titres = {"observe": _("Part observée"), "panel": _("Panel constant"), "cible": _("Cible"), "": _("Réponses")}
    titres |= {"bornes": _("Bornes")} if avec_bornes else {}
    colonnes = [Colonne(_("Trimestre")), *(Colonne(titre, CHIFFRE, cle=cle) for cle, titre in titres.items())]
    lignes = []
    for releve in releves:
        textes = [_observe(releve), _panel(releve), _cible(releve), _reponses(releve)]
        lignes.append([trimestre(releve.trimestre), *textes, *([_bornes(releve)] if avec_bornes else [])])
    return dresser(titre, colonnes, lignes)


def d_une_organisation(releves: Sequence[Releve], titre: str, arretee_le: datetime.date) -> Tableau:
    """Les points de la courbe d'une organisation; là où il n'y en a pas, pourquoi."""
    colonnes = [Colonne(_("Trimestre")), *(Colonne(t, CHIFFRE) for t in (_("Part observée"), _("Compte"), _("Cible")))]
    lignes = []
    for releve in releves:
        part, compte = _observe(releve), _("aucun")
        if releve.chiffre and (case := releve.chiffre.case):
            part = phrases.case(releve.chiffre, arretee_le)
            compte = sur(case.numerateur or 0, case.denominateur or 0) if case.etat == Etat.VALEUR else compte
        lignes.append([trimestre(releve.trimestre), part, compte, _cible(releve)])
    return dresser(titre, colonnes, lignes)


def _observe(releve: Releve) -> str:
    if releve.chiffre is None:
        return _("à venir") if releve.est_a_venir else _("non publiée")
    return releve.chiffre.texte


def _panel(releve: Releve) -> str:
    if releve.chiffre is None or releve.panel is None:
        return _("à venir") if releve.est_a_venir else _("non calculé")
    return releve.chiffre.ecrire(releve.panel)


def _cible(releve: Releve) -> str:
    return pourcentage(releve.cible) if releve.cible is not None else _("aucune")


def _reponses(releve: Releve) -> str:
    if releve.chiffre is None:
        return _("à venir") if releve.est_a_venir else _("non publiées")
    return sur(releve.chiffre.comptes.repondantes, releve.chiffre.comptes.attendues)


def _bornes(releve: Releve) -> str:
    if releve.bornes and releve.a_une_bande:
        bas, haut = (pourcentage(borne) for borne in releve.bornes)
        return _("%(bas)s à %(haut)s") % {"bas": bas, "haut": haut}
    if releve.chiffre and releve.observe is not None:
        return _("toutes connues")
    return _observe(releve)


# --- un indicateur ---------------------------------------------------------------------------------------------------
def des_reponses(chiffre: Chiffre) -> Tableau:
    """Qui a répondu, et quoi."""
    colonnes = [Colonne(_("Réponse")), Colonne(_("Organisations"), CHIFFRE)]
    legende = _("Réponses des organisations au %s") % trimestre(chiffre.trimestre)
    return dresser(legende, colonnes, _reponses_de(chiffre))


def _reponses_de(chiffre: Chiffre) -> list[tuple[str, str]]:
    comptes = chiffre.comptes
    lignes = (
        (_("Attendues"), comptes.attendues),
        (_("Ont répondu"), comptes.repondantes),
        (_("Avec un chiffre"), comptes.calculables),
        (_("Sans objet"), comptes.sans_objet),
        (_("Non disponible"), comptes.non_disponibles),
        (_("Sans réponse"), comptes.silencieuses),
    )
    return [(titre, nombre(compte)) for titre, compte in lignes]


def des_comptes(chiffre: Chiffre) -> Tableau:
    """Tout ce qui fait un chiffre: les deux totaux qui se divisent, puis les réponses."""
    regle, comptes = chiffre.regle, chiffre.comptes
    libelles = regle.libelle_numerateur, regle.libelle_denominateur
    titres, totaux = [citer(mot, regle.langue) for mot in libelles], (comptes.numerateur, comptes.denominateur)
    if regle.compte_des_organisations:
        titres = [_("Organisations au-dessus de %s") % cible_en_texte(regle.seuil), _("Organisations comptées")]
        totaux = comptes.au_dessus, comptes.calculables
    premier, second = zip(titres, map(nombre, totaux), strict=True)
    lignes = [
        (typographier(_("Premier total : %s") % premier[0]), premier[1]),
        (typographier(_("Second total : %s") % second[0]), second[1]),
    ]
    legende = _("Les comptes au %s") % trimestre(chiffre.trimestre)
    return dresser(legende, [Colonne(_("Compte")), Colonne(_("Nombre"), CHIFFRE)], [*lignes, *_reponses_de(chiffre)])


def des_perimetres(legende: str, titre: str, series: Iterable[tuple[str, Serie]], liens: Sequence[str]) -> Tableau:
    """Un indicateur, un portefeuille ou une catégorie par ligne, avec son nom."""
    titres = (_("Part"), _("Compte"), _("Réponses"), _("En un an"))
    colonnes = [Colonne(titre), *(Colonne(t, CHIFFRE) for t in titres)]
    lignes = []
    for nom, serie in series:
        chiffre, comptes = serie.dernier, serie.dernier.comptes
        compte = sur(comptes.numerateur, comptes.denominateur)
        if chiffre.regle.compte_des_organisations:
            compte = sur(comptes.au_dessus, comptes.calculables)
        lignes.append((nom, chiffre.texte, compte, _couverture(chiffre), phrases.tendance_d_un_perimetre(serie)))
    return dresser(legende, colonnes, lignes, liens)


def des_changements(series: Sequence[Serie], liens: Sequence[str]) -> Tableau:
    """Un indicateur par ligne, au trimestre précédent puis au dernier; ils ont tous le même dernier trimestre."""
    fin = series[0].dernier.trimestre
    debut = code_du_rang(rang(fin) - 1)
    titres = (_("Part avant"), _("Part maintenant"), _("Écart"), _("Réponses avant"), _("Réponses maintenant"))
    lignes = []
    for serie in series:
        avant, apres = phrases.precedent(serie), serie.dernier
        parts = (
            phrases.part(avant) if avant else _("non publiée"),
            phrases.part(apres),
            phrases.tendance(serie, recul=1),
        )
        lignes.append((serie.regle.intitule, *parts, _couverture(avant) if avant else _("aucune"), _couverture(apres)))
    legende = _("Du %(debut)s au %(fin)s") % {"debut": trimestre(debut), "fin": trimestre(fin)}
    return dresser(legende, [Colonne(_("Indicateur")), *(Colonne(t, CHIFFRE) for t in titres)], lignes, liens)


def _couverture(chiffre: Chiffre) -> str:
    return sur(chiffre.comptes.repondantes, chiffre.comptes.attendues)


# --- une édition -----------------------------------------------------------------------------------------------------
def des_fichiers(fichiers: Iterable[Any]) -> Tableau:
    """Les fichiers d'une édition."""
    fiches = list(fichiers)
    colonnes = [Colonne(_("Fichier")), Colonne(_("Contenu")), Colonne(_("Taille"), CHIFFRE)]
    lignes = [(f.nom, f.contenu, f.taille) for f in fiches]
    return dresser(_("Les fichiers de l'édition"), colonnes, lignes, [f.adresse for f in fiches])
