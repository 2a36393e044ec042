"""Une organisation: ses parts, ses courbes, ses notes, ce qu'elle a transmis, ce qui l'a remplacée."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.http import urlencode

from barometre import graphiques, phrases, tableaux
from barometre.chiffres import Serie
from barometre.models import Edition
from barometre.pages.cadre import Lien, Page, vers
from barometre.pages.cartes import Carte, dessiner
from indicateurs import mots
from organisations.models.organisation import Categorie

CATEGORIES = dict(Categorie.choices)


def contexte(edition: Edition, fiche: Mapping[str, Any]) -> dict[str, Any]:
    """Une organisation: ses parts, ses courbes, ses notes, ce qu'elle a transmis."""
    sigle, arret = fiche["sigle"], timezone.localdate(edition.arretee_le)
    fil = Lien("Organisations", vers(edition, "organisations"))
    series = edition.series_de(sigle)
    return {
        "page": Page.de(edition, fiche["nom"], "organisations", fil),
        "fiche": fiche,
        "categorie": CATEGORIES.get(fiche["categorie"], fiche["categorie"]),
        "portefeuille": _portefeuille(edition, fiche),
        "avis": _avis(edition, fiche),
        "cartes": [_carte(edition, series[code], arret) for code in edition.regles if code in series],
        "notes": _notes(series, edition),
        "transmissions": tableaux.des_transmissions(series, arret) if series else None,
    }


def _portefeuille(edition: Edition, fiche: Mapping[str, Any]) -> Lien | None:
    """La tête de son portefeuille, et ceux qui en relèvent."""
    tete = edition.organisations.get(fiche["portefeuille"])
    if tete is None:
        return None
    return Lien(tete["nom"], f"{vers(edition, 'organisations')}?{urlencode({'portefeuille': tete['sigle']})}")


def _avis(edition: Edition, fiche: Mapping[str, Any]) -> list[Lien]:
    """Ce qui l'a remplacée, ce qu'elle remplace, depuis quand elle ne déclare plus."""
    avis = []
    fin = edition.trimestre.fin.isoformat()
    if fiche["assujettie_au"] and fiche["assujettie_au"] < fin:
        avis.append(Lien(f"Cette organisation ne déclare plus depuis le {mots.date(fiche['assujettie_au'])}."))
    if suite := edition.organisations.get(fiche["remplacee_par"]):
        avis.append(Lien(f"Elle est remplacée par {suite['nom']}", vers(edition, "organisation", suite["slug"])))
    for avant in edition.organisations.values():
        if avant["remplacee_par"] == fiche["sigle"]:
            avis.append(Lien(f"Elle remplace {avant['nom']}", vers(edition, "organisation", avant["slug"])))
    return avis


def _carte(edition: Edition, serie: Serie, arret: datetime.date) -> Carte:
    """Le dernier chiffre d'une organisation, ou pourquoi il n'y en a pas, et sa courbe."""
    chiffre = serie.dernier
    verdict = phrases.verdict(chiffre) if chiffre.regle.points else ""
    complements = (
        [] if chiffre.trimestre == edition.trimestre.code else [f"C'était au {mots.trimestre(chiffre.trimestre)}."]
    )
    if chiffre.part is not None:
        complements.append(f"{phrases.sur(chiffre.comptes.numerateur, chiffre.comptes.denominateur)}.")
    if majorite := phrases.majorite(chiffre):
        complements.append(f"{majorite}.")
    absence = phrases.absence(chiffre.case, arret) if chiffre.part is None and chiffre.case else ""
    figure = dessiner(serie, graphiques.MOYEN, tableaux.d_une_organisation, arret) if serie.observes else None
    code = serie.regle.code
    return Carte(
        code, serie.regle.intitule, vers(edition, "indicateur", code), chiffre, verdict, figure, complements, absence
    )


def _notes(series: Mapping[str, Serie], edition: Edition) -> list[str]:
    """Les notes publiques, les plus récentes d'abord."""
    cases = [c.case for s in series.values() for c in s.chiffres if c.case and c.case.note]
    return [
        mots.typographier(f"{mots.trimestre(c.trimestre)}, {edition.regles[c.indicateur].intitule} : {c.note}")
        for c in sorted(cases, key=lambda c: c.trimestre, reverse=True)
    ]
