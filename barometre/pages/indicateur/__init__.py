"""Un indicateur: ses parts, ce qui a changé, ses portefeuilles, ses catégories, ses organisations, ses définitions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils.http import urlencode

from barometre import graphiques, phrases, tableaux
from barometre.chiffres import ENSEMBLE, Chiffre, Perimetre, Regle, Serie
from barometre.models import Edition
from barometre.pages.cadre import CATEGORIES, Page, categorie, vers
from barometre.pages.cartes import composer
from barometre.pages.expertise import de_l_indicateur
from barometre.pages.indicateur.avancees import par_categorie, repartir
from barometre.pages.indicateur.mouvements import Propres, absentes, mouvements, ranger
from barometre.pages.sorties import Sorties
from barometre.tableaux import Tableau
from indicateurs import mots
from indicateurs.affichage import cible_en_texte, nombre, pourcentage
from indicateurs.arithmetique import code_du_rang, rang
from indicateurs.langue import _, citer


def contexte(edition: Edition, regle: Regle) -> dict[str, Any]:
    """Un indicateur, au dernier trimestre où il fut suivi; trois requêtes de plus que ses fiches et le cadre."""
    page = Page.de(edition, regle.intitule, "indicateurs")
    series = edition.series_d_un(regle.code)
    serie = series.get(ENSEMBLE)
    commun = {"page": page, "regle": regle, "definitions": _definitions(regle), "chemin": _chemin(regle), "carte": None}
    commun |= de_l_indicateur(edition, regle.code)
    if serie is None:
        return commun
    quand = serie.dernier.trimestre
    presentes = {perimetre: s for perimetre, s in series.items() if s.dernier.trimestre == quand}
    return commun | {
        "page": replace(page, en_bref=phrases.en_bref(serie.dernier)),
        "carte": composer(edition, serie, graphiques.LARGE, Sorties.d_un_indicateur(edition, regle)),
        "quand": mots.trimestre(quand),
        "parts": _parts(serie.dernier),
        "seuil": cible_en_texte(regle.seuil),
        "bornes": phrases.bornes(serie.dernier),
        "reponses": tableaux.des_reponses(serie.dernier),
        "portefeuilles": _portefeuilles(presentes, edition, quand),
        "categories": _categories(presentes, edition, quand),
        **_des_organisations(edition, serie),
    }


def _des_organisations(edition: Edition, serie: Serie) -> dict[str, Any]:
    """Ce que disent les réponses d'organisation, au dernier trimestre et au précédent; deux requêtes."""
    regle, quand = serie.regle, serie.dernier.trimestre
    veille = code_du_rang(rang(quand) - 1)
    commune = regle.pour("")
    propres: dict[str, dict[str, Chiffre]] = {quand: {}, veille: {}}
    for case in edition.cases_d_un(regle.code, veille, quand):
        la_sienne = regle.pour(case.sigle) if case.sigle in regle.points_propres else commune
        propres[case.trimestre][case.sigle] = Chiffre.propre(la_sienne, case)
    apres: Propres = propres[quand]
    return {
        "mouvements": mouvements(edition, serie, propres[veille], apres),
        "absentes": absentes(edition, apres),
        "repartition": repartir(apres, regle, quand),
        **par_categorie(edition, regle, apres, quand),
    }


def _portefeuilles(series: Mapping[Perimetre, Serie], edition: Edition, quand: str) -> Tableau | None:
    """Un portefeuille par ligne, par nom de sa tête."""
    tetes = {p.portefeuille: s for p, s in series.items() if p.portefeuille}
    rangees = ranger(edition, tetes)
    if not rangees:
        return None
    noms = [(edition.organisations[sigle]["nom"], tetes[sigle]) for sigle in rangees]
    liens = [vers(edition, "portefeuille", edition.organisations[sigle]["slug"]) for sigle in rangees]
    legende = _("Les portefeuilles au %s") % mots.trimestre(quand)
    return tableaux.des_perimetres(legende, _("Portefeuille"), noms, liens)


def _categories(series: Mapping[Perimetre, Serie], edition: Edition, quand: str) -> Tableau | None:
    """Une catégorie par ligne, dans l'ordre de leur liste."""
    suites = [(code, serie) for code in CATEGORIES if (serie := series.get(Perimetre("", code)))]
    if not suites:
        return None
    liens = [f"{vers(edition, 'organisations')}?{urlencode({'categorie': code})}" for code, _serie in suites]
    noms = [(categorie(code), serie) for code, serie in suites]
    legende = _("Les catégories au %s") % mots.trimestre(quand)
    return tableaux.des_perimetres(legende, _("Catégorie"), noms, liens)


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
        mots.typographier(
            _("%(libelle)s : %(compte)s.") % {"libelle": citer(libelle, regle.langue), "compte": nombre(cas)}
        )
        for libelle, cas in (
            (regle.libelle_numerateur, comptes.numerateur),
            (regle.libelle_denominateur, comptes.denominateur),
        )
    ]
    globale = Part(_("Part globale"), _ecrire(chiffre, comptes.part_globale, not principale), not principale, compte)
    part = _ecrire(chiffre, comptes.part_organisations, principale)
    par_tete = Part(_("Part des organisations"), part, principale, [phrases.dont_depassent(chiffre)])
    return sorted((globale, par_tete), key=lambda p: not p.est_principale)


def _ecrire(chiffre: Chiffre, part: Fraction | None, est_principale: bool) -> str:
    if part is None:
        return _("non disponible")
    return chiffre.ecrire(part) if est_principale else pourcentage(part)


def _definitions(regle: Regle) -> list[dict[str, Any]]:
    """De la plus récente à la première."""
    return [{**d, "depuis": mots.date(d["applicable_du"])} for d in reversed(regle.definitions)]


def _chemin(regle: Regle) -> list[str]:
    """Les points de la cible, en mots."""
    return [
        mots.typographier(
            _("%(quand)s : %(cible)s") % {"quand": mots.trimestre(code_du_rang(quand)), "cible": cible_en_texte(part)}
        )
        for quand, part in regle.points
    ]
