"""La courbe d'un indicateur, seule: le graphique interactif, la page à intégrer."""

from dataclasses import replace
from typing import Any

from barometre import graphiques, tableaux
from barometre.chiffres import ENSEMBLE, Regle, Serie
from barometre.graphiques import figure
from barometre.graphiques.releves import Releve, relever
from barometre.models import Edition
from barometre.pages import cartes
from barometre.pages.cadre import Lien, Page, vers
from barometre.pages.sorties import Sorties, fictif, provenance, source
from barometre.tableaux import Tableau
from indicateurs import mots
from indicateurs.langue import _, gettext_noop

LIGNES = {
    "observe": gettext_noop("Part observée (trait plein, points ronds)"),
    "panel": gettext_noop("Panel constant (tirets, points carrés)"),
    "cible": gettext_noop("Cible (pointillé)"),
    figure.BANDE: gettext_noop("Bornes (bande pâle)"),
}


def serie(edition: Edition | None, code: str) -> Serie | None:
    """La série d'ensemble d'un indicateur, s'il a au moins une part; une requête."""
    trouvee = edition.series().get((code, ENSEMBLE)) if edition and code in edition.regles else None
    return trouvee if trouvee and trouvee.observes else None


def contexte(edition: Edition, regle: Regle) -> dict[str, Any]:
    """La page du graphique interactif; sans aucune part, une phrase en tient lieu."""
    retour = Lien(mots.abreger(regle.intitule, 32), vers(edition, "indicateur", regle.code))
    titre = mots.typographier(_("Graphique interactif : %s") % regle.intitule)
    page = Page.de(edition, titre, "indicateurs", retour)
    page = replace(page, fil=(*page.fil[:-1], Lien(_("Graphique interactif"))))
    commun = {"page": page, "retour": retour.adresse, "figure": None}
    trouvee = serie(edition, regle.code)
    if trouvee is None:
        return commun
    sorties = Sorties.d_un_indicateur(edition, regle)._replace(interactif="")
    montree = replace(cartes.dessiner(trouvee, graphiques.LARGE, tableaux.des_releves), sorties=sorties)
    releves = relever(trouvee)
    return commun | {
        "figure": montree,
        "donnees": vers(edition, "figure", regle.code),
        "nom": f"barometre-{edition.code}-{regle.code}",
        "lignes": [(cle, _(LIGNES[cle])) for cle in LIGNES if any(_est_tracee(r, cle) for r in releves)],
        "fin": len(releves) - 1,
    }


def a_integrer(edition: Edition, regle: Regle) -> dict[str, Any]:
    """La page qu'un autre site montre dans un cadre."""
    trouvee = serie(edition, regle.code)
    return {
        "regle": regle,
        "edition": edition,
        "figure": cartes.dessiner(trouvee, graphiques.LARGE, tableaux.des_releves) if trouvee else None,
        "source": source(edition),
        "avis": fictif(edition),
        "adresse": vers(edition, "indicateur", regle.code),
    }


def en_figure(edition: Edition, trouvee: Serie) -> dict[str, Any]:
    """La figure plotly; ses textes sont ceux du tableau."""
    tableau = tableaux.des_releves(relever(trouvee), "")
    return figure.figurer(trouvee, figure.Ecrits(_colonnes(tableau), trouvee.regle.intitule, provenance(edition)))


def _colonnes(tableau: Tableau) -> dict[str, list[str]]:
    """Les textes d'un tableau de relevés, par ligne de la figure."""
    colonnes: dict[str, list[str]] = {}
    for ligne in tableau.lignes:
        for colonne, texte in ligne.cellules:
            if colonne.cle:
                colonnes.setdefault(colonne.cle, []).append(texte)
    return colonnes


def _est_tracee(releve: Releve, cle: str) -> bool:
    """Cette ligne, ou la bande, passe-t-elle par ce trimestre?"""
    return releve.a_une_bande if cle == figure.BANDE else getattr(releve, cle) is not None
