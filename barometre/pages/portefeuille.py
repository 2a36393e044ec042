"""Un portefeuille: sa tête et ses organisations, où en est chaque indicateur, la part de chacune."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.http import urlencode

from barometre import graphiques, phrases
from barometre.chiffres import Chiffre, Perimetre, Serie
from barometre.models import Edition
from barometre.pages.cadre import Lien, Page, categorie, vers
from barometre.pages.cartes import Carte, composer
from barometre.pages.indicateur.mouvements import nommer, ranger
from barometre.tableaux import CHIFFRE, Colonne, Tableau, dresser
from indicateurs import mots
from indicateurs.langue import _

INDICATEURS_MONTRES = 5  # avec l'organisation et sa catégorie, sept colonnes
Fiche = Mapping[str, Any]


def tete(edition: Edition, slug: str) -> Fiche | None:
    """La tête de portefeuille de cette adresse, s'il y en a une dans l'édition."""
    tetes = {fiche["portefeuille"] for fiche in edition.organisations.values()}
    fiches = (edition.organisations[sigle] for sigle in tetes if sigle)
    return next((fiche for fiche in fiches if fiche["slug"] == slug), None)


def contexte(edition: Edition, fiche: Fiche) -> dict[str, Any]:
    """Une carte par indicateur, puis les organisations; trois requêtes de plus que le cadre."""
    sigle = fiche["sigle"]
    series = {code: serie for (code, _perimetre), serie in edition.series(Perimetre(sigle)).items()}
    ordonnees = [series[code] for code in edition.regles if code in series]
    vises = [s.dernier for s in ordonnees if s.regle.points and s.dernier.trimestre == edition.trimestre.code]
    fil = Lien(_("Organisations"), vers(edition, "organisations"))
    membres = [s for s in edition.attendues if edition.organisations[s]["portefeuille"] == sigle]
    return {
        "page": Page.de(edition, mots.typographier(_("Portefeuille : %s") % fiche["nom"]), "organisations", fil),
        "tete": nommer(edition, sigle),
        "bilan": phrases.bilan(vises, edition.trimestre.code) if vises else "",
        "effectif": phrases.effectif(len(membres)),
        "cartes": [_carte(edition, serie) for serie in ordonnees],
        "tableau": _tableau(edition, ranger(edition, membres)) if membres else None,
        "coupe": len(edition.suivis) > INDICATEURS_MONTRES,
        "dans_la_liste": f"{fil.adresse}?{urlencode({'portefeuille': sigle})}",
    }


def _carte(edition: Edition, serie: Serie) -> Carte:
    """La carte d'un indicateur, pour ce portefeuille seul."""
    carte = composer(edition, serie, graphiques.MOYEN)
    dernier = serie.dernier.trimestre
    if dernier == edition.trimestre.code:
        return carte
    return replace(carte, complements=[_("Suivi jusqu'au %s.") % mots.trimestre(dernier), *carte.complements])


def _tableau(edition: Edition, membres: list[str]) -> Tableau:
    """Chaque organisation et ses parts, ou pourquoi il n'y en a pas; deux requêtes."""
    montres = edition.suivis[:INDICATEURS_MONTRES]
    arret = timezone.localdate(edition.arretee_le)
    chiffres = {
        (case.sigle, case.indicateur): Chiffre.propre(edition.regles[case.indicateur].pour(case.sigle), case)
        for case in edition.cases_du(edition.trimestre.code, *membres)
        if case.indicateur in montres
    }
    colonnes = [Colonne(_("Organisation")), Colonne(_("Catégorie"))]
    colonnes += [Colonne(edition.regles[code].intitule, CHIFFRE) for code in montres]
    lignes, liens = [], []
    for sigle in membres:
        lien, nature = nommer(edition, sigle), categorie(edition.organisations[sigle]["categorie"])
        trouves = (chiffres.get((sigle, code)) for code in montres)
        parts = [phrases.case(chiffre, arret, court=True) if chiffre else _("non demandé") for chiffre in trouves]
        lignes.append((f"{lien.texte} ({sigle})", nature, *parts))
        liens.append(lien.adresse)
    legende = _("Les organisations du portefeuille au %s") % mots.trimestre(edition.trimestre.code)
    return replace(dresser(legende, colonnes, lignes, liens), ample=True)
