"""L'accueil: où en sont les cibles nationales, ce qui a changé ce trimestre, puis les autres indicateurs."""

from collections.abc import Sequence
from typing import Any

from barometre import graphiques, phrases, tableaux
from barometre.chiffres import Serie
from barometre.models import Edition
from barometre.pages.cadre import Page, vers
from barometre.pages.cartes import Carte, composer, rangees, visees
from barometre.pages.revisions import en_bref
from barometre.pages.sorties import Sorties
from barometre.tableaux import Tableau
from indicateurs import mots
from indicateurs.langue import _


def contexte(edition: Edition) -> dict[str, Any]:
    """Une carte par indicateur qui a une cible nationale; les autres en liste."""
    ordonnees = rangees(edition)
    vises = visees(edition, ordonnees)
    revisions, lien_des_revisions = en_bref(edition)
    return {
        "page": Page.de(edition, "", "indicateurs"),
        "bilan": phrases.bilan([s.dernier for s in vises], edition.trimestre.code),
        "cartes": [composer(edition, s, graphiques.MOYEN, Sorties.de(edition, "courbe", s.regle.code)) for s in vises],
        "changements": _changements(edition, vises),
        "revisions": revisions,
        "lien_des_revisions": lien_des_revisions,
        "adresse_des_organisations": vers(edition, "organisations"),
        "autres": [_en_bref(s, edition) for s in ordonnees if s not in vises],
    }


def _changements(edition: Edition, series: Sequence[Serie]) -> Tableau | None:
    """Chaque cible au trimestre précédent et au dernier; rien quand aucune n'a de trimestre précédent."""
    if not any(phrases.precedent(serie) for serie in series):
        return None
    return tableaux.des_changements(series, [vers(edition, "indicateur", serie.regle.code) for serie in series])


def _en_bref(serie: Serie, edition: Edition) -> Carte:
    """Un indicateur sans cible nationale, ou qui n'est plus suivi."""
    fini = serie.dernier.trimestre != edition.trimestre.code
    suivi = [_("Suivi jusqu'au %s.") % mots.trimestre(serie.dernier.trimestre)] if fini else []
    code = serie.regle.code
    return Carte(code, serie.regle.intitule, vers(edition, "indicateur", code), serie.dernier, "", None, suivi)
