"""Un indicateur: ses deux parts, ses réponses, ses portefeuilles, ses définitions, son chemin."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from barometre import graphiques, phrases, tableaux
from barometre.chiffres import ENSEMBLE, Chiffre, Regle, Serie
from barometre.models import Edition
from barometre.pages.cadre import Page, vers
from barometre.pages.cartes import composer
from barometre.pages.expertise import de_l_indicateur
from barometre.tableaux import Tableau
from indicateurs import mots
from indicateurs.affichage import cible_en_texte, nombre, pourcentage
from indicateurs.arithmetique import code_du_rang


def contexte(edition: Edition, regle: Regle) -> dict[str, Any]:
    """Un indicateur: ses deux parts, ses réponses, ses portefeuilles, ses définitions, son chemin."""
    page = Page.de(edition, regle.intitule, "indicateurs")
    series = edition.series_d_un(regle.code)
    serie = series.get(ENSEMBLE)
    commun = {"page": page, "definitions": _definitions(regle), "chemin": _chemin(regle), "carte": None}
    commun |= de_l_indicateur(edition, regle.code)
    if serie is None:
        return commun
    quand = serie.dernier.trimestre
    portefeuilles = [s for p, s in series.items() if p.portefeuille and s.dernier.trimestre == quand]
    presentes = sorted(portefeuilles, key=_nom_de(edition))
    return commun | {
        "carte": composer(edition, serie, graphiques.LARGE),
        "quand": mots.trimestre(quand),
        "parts": _parts(serie.dernier),
        "seuil": cible_en_texte(regle.seuil),
        "bornes": phrases.bornes(serie.dernier),
        "reponses": tableaux.des_reponses(serie.dernier),
        "portefeuilles": _portefeuilles(presentes, edition, quand),
    }


def _nom_de(edition: Edition) -> Callable[[Serie], str]:
    return lambda serie: mots.replier(edition.organisations[serie.dernier.perimetre.portefeuille]["nom"])


def _portefeuilles(series: Sequence[Serie], edition: Edition, quand: str) -> Tableau | None:
    if not series:
        return None
    noms = {sigle: fiche["nom"] for sigle, fiche in edition.organisations.items()}
    liens = [f"{vers(edition, 'organisations')}?portefeuille={s.dernier.perimetre.portefeuille}" for s in series]
    return tableaux.des_portefeuilles(series, noms, quand, liens)


class Part(NamedTuple):
    """Une des deux parts d'un indicateur, expliquée."""

    titre: str
    texte: str
    est_principale: bool
    comptes: Sequence[str]


def _parts(chiffre: Chiffre) -> list[Part]:
    """La part principale d'abord, puis l'autre, avec leurs comptes."""
    regle, comptes = chiffre.regle, chiffre.comptes
    principale = regle.compte_des_organisations
    compte = [
        mots.typographier(f"{regle.libelle_numerateur} : {nombre(comptes.numerateur)}."),
        mots.typographier(f"{regle.libelle_denominateur} : {nombre(comptes.denominateur)}."),
    ]
    globale = Part("Part globale", _ecrire(chiffre, comptes.part_globale, not principale), not principale, compte)
    part = _ecrire(chiffre, comptes.part_organisations, principale)
    par_tete = Part("Part des organisations", part, principale, [phrases.dont_depassent(chiffre)])
    return sorted((globale, par_tete), key=lambda p: not p.est_principale)


def _ecrire(chiffre: Chiffre, part: Fraction | None, est_principale: bool) -> str:
    if part is None:
        return "non disponible"
    return chiffre.ecrire(part) if est_principale else pourcentage(part)


def _definitions(regle: Regle) -> list[dict[str, Any]]:
    """De la plus récente à la première."""
    return [
        {
            "depuis": mots.date(d["applicable_du"]),
            "texte": d["texte"],
            "rupture": d["rupture"],
            "explication": d["explication"],
        }
        for d in reversed(regle.definitions)
    ]


def _chemin(regle: Regle) -> list[str]:
    """Les points de la cible, en mots."""
    return [
        mots.typographier(f"{mots.trimestre(code_du_rang(quand))} : {cible_en_texte(part)}")
        for quand, part in regle.points
    ]
