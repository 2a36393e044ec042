"""L'histoire d'une organisation: depuis quand elle déclare, sous quels noms, et celles qui l'ont rejointe."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from barometre import phrases
from barometre.chiffres import Chiffre, Serie
from barometre.lignees import Lignee, lendemain
from barometre.models import Edition
from barometre.pages.cadre import Lien, est_publiee, vers
from barometre.parcours import Parcours, Series
from barometre.phrases import organisations as dire
from barometre.tableaux import CHIFFRE, Colonne, Tableau, dresser
from indicateurs import mots
from indicateurs.langue import _

INDICATEURS_MONTRES = 6  # sept colonnes au plus


class Jointe(NamedTuple):
    """Une organisation qui l'a rejointe: ce qu'il en reste à lire, à part."""

    nom: str
    tableau: Tableau
    ruptures: list[str]


def avis(edition: Edition, fiche: Mapping[str, Any]) -> list[Lien]:
    """Ce que le lecteur doit savoir d'abord: elle ne déclare plus, ou sera remplacée."""
    trouves = []
    if fiche["assujettie_au"] and fiche["assujettie_au"] < edition.trimestre.fin.isoformat():
        trouves.append(Lien(dire.ne_declare_plus(lendemain(fiche["assujettie_au"]))))
    if suite := edition.organisations.get(fiche["remplacee_par"]):
        quand = lendemain(fiche["assujettie_au"])
        adresse = vers(edition, "organisation", suite["slug"]) if est_publiee(edition, suite["sigle"]) else ""
        trouves.append(Lien(dire.remplace(suite["nom"], quand), adresse))
    return trouves


def recit(edition: Edition, fiche: Mapping[str, Any], parcours: Parcours) -> list[str]:
    """Ce qui lui est arrivé, dans l'ordre."""
    return [phrase for __, phrase in sorted(_faits(edition, fiche, parcours))]


def _faits(edition: Edition, fiche: Mapping[str, Any], parcours: Parcours) -> Iterator[tuple[str, str]]:
    """Chaque fait et son jour."""
    fiches = edition.organisations
    for sigle in parcours.lignee[:-1]:
        yield fiches[sigle]["assujettie_au"], nom_d_avant(edition, sigle)
    for membre in parcours.lignee:
        for ancien in fiches[membre].get("anciens_noms", []):
            yield ancien["jusqu_au"], dire.se_nommait(ancien["nom"], ancien["jusqu_au"])
    for suite in parcours.jointes:
        yield _integree_le(edition, suite), _integration(edition, suite, parcours.lignee)
    yield fiche["assujettie_du"], dire.depuis(fiche["assujettie_du"])


def nom_d_avant(edition: Edition, sigle: str) -> str:
    """Sous quel nom elle déclarait, jusqu'à quand."""
    avant = edition.organisations[sigle]
    return dire.continue_la_serie(avant["nom"], sigle, avant["assujettie_au"])


def noms_d_avant(edition: Edition, parcours: Parcours, serie: Serie) -> list[str]:
    """Les noms sous lesquels une série se lit, hors le dernier."""
    sous = [c.case.sigle for c in serie.chiffres if c.case]
    return [nom_d_avant(edition, sigle) for sigle in parcours.lignee[:-1] if sigle in sous]


def _integration(edition: Edition, suite: Lignee, lignee: Lignee) -> str:
    """Quand elle a rejoint celle-ci, ou une autre qui l'a rejointe ensuite."""
    fiche = edition.organisations[suite[-1]]
    par = "" if fiche["remplacee_par"] in lignee else edition.organisations[fiche["remplacee_par"]]["nom"]
    return dire.integre(fiche["nom"], fiche["sigle"], _integree_le(edition, suite), par)


def _integree_le(edition: Edition, suite: Lignee) -> str:
    return lendemain(edition.organisations[suite[-1]]["assujettie_au"])


def jointes(edition: Edition, parcours: Parcours, arret: datetime.date) -> list[Jointe]:
    """Les chiffres de celles qui l'ont rejointe, chacune à part: une fusion n'additionne pas le passé."""
    return [
        Jointe(
            f"{edition.organisations[suite[-1]]['nom']} ({suite[-1]})",
            _tableau(edition, suite, series, arret),
            [f"{serie.regle.intitule}. {note}" for serie in series.values() for note in phrases.notes(serie)],
        )
        for suite, series in parcours.jointes.items()
        if series
    ]


def _tableau(edition: Edition, suite: Lignee, series: Series, arret: datetime.date) -> Tableau:
    """Ses trimestres, le plus récent d'abord, un indicateur par colonne."""
    codes = [code for code in edition.regles if code in series][:INDICATEURS_MONTRES]
    colonnes = [Colonne(_("Trimestre")), *(Colonne(edition.regles[code].intitule, CHIFFRE) for code in codes)]
    par_code = {code: {c.trimestre: c for c in series[code].chiffres} for code in codes}
    trimestres = sorted({quand for chiffres in par_code.values() for quand in chiffres}, reverse=True)
    lignes = [
        [mots.trimestre(quand), *(_part(par_code[code].get(quand), arret) for code in codes)] for quand in trimestres
    ]
    dresse = dresser(_legende(edition, suite), colonnes, lignes)
    return replace(dresse, ample=True)


def _legende(edition: Edition, suite: Lignee) -> str:
    return mots.typographier(_("Les parts : %s") % edition.organisations[suite[-1]]["nom"])


def _part(chiffre: Chiffre | None, arret: datetime.date) -> str:
    if chiffre is None:
        return _("non demandé")
    return dire.part_et_compte(chiffre) if chiffre.part is not None else phrases.case(chiffre, arret)
