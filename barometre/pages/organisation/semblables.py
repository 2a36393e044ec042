"""Les parts d'une organisation à côté de celles de son portefeuille et de sa catégorie, avec leurs comptes."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from barometre import phrases
from barometre.chiffres import Chiffre, Perimetre, Serie
from barometre.models import Edition
from barometre.parcours import Series
from barometre.phrases.organisations import part_et_compte
from barometre.tableaux import CHIFFRE, Colonne, Tableau, dresser
from indicateurs import mots
from indicateurs.langue import _, gettext_noop

NON_PUBLIE = gettext_noop("non publié")  # une édition d'avant les catégories


def tableau(edition: Edition, fiche: Mapping[str, Any], series: Series, arret: datetime.date) -> Tableau | None:
    """Un indicateur par ligne, au dernier trimestre où elle devait déclarer; une requête."""
    if not series:
        return None
    colonnes, perimetres = _autour(fiche)
    agregees = edition.series(*perimetres)
    lignes = []
    for code in edition.regles:
        if serie := series.get(code):
            autour = (_au(agregees.get((code, perimetre)), serie.dernier.trimestre) for perimetre in perimetres)
            textes = [texte for chiffre in autour for texte in _ecrire(chiffre)]
            lignes.append([_titre(edition, serie), _sienne(serie.dernier, arret), *textes])
    quand = max(serie.dernier.trimestre for serie in series.values())
    dresse = dresser(_("Ses parts et celles qui l'entourent, au %s") % mots.trimestre(quand), colonnes, lignes)
    return replace(dresse, ample=True)


def _autour(fiche: Mapping[str, Any]) -> tuple[list[Colonne], list[Perimetre]]:
    """Les colonnes et les périmètres; une organisation sans portefeuille n'a que sa catégorie."""
    colonnes = [Colonne(_("Indicateur")), Colonne(_("Sa part"), CHIFFRE)]
    perimetres = []
    if fiche["portefeuille"]:
        colonnes += [Colonne(_("Son portefeuille"), CHIFFRE), Colonne(_("Réponses du portefeuille"), CHIFFRE)]
        perimetres.append(Perimetre(fiche["portefeuille"]))
    colonnes += [Colonne(_("Sa catégorie"), CHIFFRE), Colonne(_("Réponses de la catégorie"), CHIFFRE)]
    perimetres.append(Perimetre(categorie=fiche["categorie"]))
    return colonnes, perimetres


def _au(serie: Serie | None, trimestre: str) -> Chiffre | None:
    """Le chiffre d'une série à ce trimestre."""
    return next((c for c in serie.chiffres if c.trimestre == trimestre), None) if serie else None


def _ecrire(chiffre: Chiffre | None) -> Iterator[str]:
    """La part d'un périmètre et qui y a répondu."""
    yield part_et_compte(chiffre) if chiffre else _(NON_PUBLIE)
    yield phrases.sur(chiffre.comptes.repondantes, chiffre.comptes.attendues) if chiffre else _(NON_PUBLIE)


def _sienne(chiffre: Chiffre, arret: datetime.date) -> str:
    return part_et_compte(chiffre) if chiffre.part is not None else phrases.case(chiffre, arret)


def _titre(edition: Edition, serie: Serie) -> str:
    """L'indicateur, et le trimestre si ce n'est pas celui de l'édition."""
    quand = serie.dernier.trimestre
    precision = "" if quand == edition.trimestre.code else f" ({mots.trimestre(quand)})"
    return f"{serie.regle.intitule}{precision}"
