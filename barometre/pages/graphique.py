"""La courbe d'un indicateur, seule: le graphique interactif, la page à intégrer, les fichiers qu'on emporte."""

from dataclasses import replace
from typing import Any

from barometre import graphiques, phrases, tableaux
from barometre.chiffres import ENSEMBLE, Regle, Serie
from barometre.formats import Colonne, en_csv
from barometre.graphiques import figure, planche
from barometre.graphiques.dessin import Dessin
from barometre.graphiques.releves import Releve, relever
from barometre.models import Edition
from barometre.pages import cartes
from barometre.pages.cadre import Lien, Page, vers
from barometre.pages.sorties import Sorties, source
from barometre.tableaux import Tableau
from indicateurs import mots
from indicateurs.affichage import pour_cent_exact
from indicateurs.langue import _, gettext_noop

LIGNES = {
    "observe": gettext_noop("Part observée (trait plein, points ronds)"),
    "panel": gettext_noop("Panel constant (tirets, points carrés)"),
    "cible": gettext_noop("Cible (pointillé)"),
    figure.BANDE: gettext_noop("Bornes (bande pâle)"),
}
TITRES = {
    "observe": gettext_noop("Part observée"),
    "panel": gettext_noop("Panel constant"),
    "cible": gettext_noop("Cible"),
    figure.BANDE: gettext_noop("Bornes"),
}
COURBE = [
    Colonne("trimestre", "Le trimestre, AAAA-Tn.", lambda r: r.trimestre),
    Colonne("part_observee", "La part observée, en pourcentage.", lambda r: pour_cent_exact(r.observe)),
    Colonne("panel_constant", "La part du panel constant, en pourcentage.", lambda r: pour_cent_exact(r.panel)),
    Colonne("cible", "Où passe le chemin de la cible, en pourcentage.", lambda r: pour_cent_exact(r.cible)),
    Colonne("borne_basse", "La part si les silencieuses étaient dessous.", lambda r: _borne(r, 0)),
    Colonne("borne_haute", "La part si les silencieuses étaient dessus.", lambda r: _borne(r, 1)),
    Colonne("attendues", "Celles qui devaient répondre.", lambda r: r.chiffre.comptes.attendues if r.chiffre else None),
    Colonne("repondantes", "Celles qui ont répondu.", lambda r: r.chiffre.comptes.repondantes if r.chiffre else None),
]


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
    montree = cartes.dessiner(trouvee, graphiques.LARGE, tableaux.des_releves)
    releves = relever(trouvee)
    return commun | {
        "figure": montree,
        "donnees": vers(edition, "figure", regle.code),
        "nom": f"barometre-{edition.code}-{regle.code}",
        "lignes": [(cle, _(LIGNES[cle])) for cle in LIGNES if any(_est_tracee(r, cle) for r in releves)],
        "fin": len(releves) - 1,
        "sorties": Sorties.de(edition, regle),
    }


def a_integrer(edition: Edition, regle: Regle) -> dict[str, Any]:
    """La page qu'un autre site montre dans un cadre."""
    trouvee = serie(edition, regle.code)
    return {
        "regle": regle,
        "edition": edition,
        "figure": cartes.dessiner(trouvee, graphiques.LARGE, tableaux.des_releves) if trouvee else None,
        "source": source(edition),
        "avis": _fictif(edition),
        "adresse": vers(edition, "indicateur", regle.code),
    }


def en_figure(edition: Edition, trouvee: Serie) -> dict[str, Any]:
    """La figure plotly; ses textes sont ceux du tableau."""
    tableau = tableaux.des_releves(relever(trouvee), "")
    return figure.figurer(trouvee, figure.Ecrits(_colonnes(tableau), trouvee.regle.intitule, _provenance(edition)))


def en_planche(edition: Edition, trouvee: Serie) -> Dessin:
    """Le dessin qu'on emporte, avec sa phrase, ses notes et sa source."""
    pied = [*phrases.notes(trouvee), *_provenance(edition)]
    return planche.composer(trouvee, planche.Legende(trouvee.regle.intitule, phrases.evolution(trouvee), pied))


def en_fichier(edition: Edition, trouvee: Serie) -> bytes:
    """Les points de la courbe, en données ouvertes."""
    indicateur = Colonne("indicateur", "Le code de l'indicateur.", lambda __: trouvee.regle.code)
    return en_csv(edition.code, [indicateur, *COURBE], relever(trouvee))


def _provenance(edition: Edition) -> list[str]:
    """La source, et que tout est inventé quand ce l'est."""
    return [phrase for phrase in (source(edition), _fictif(edition)) if phrase]


def _fictif(edition: Edition) -> str:
    return mots.typographier(_(phrases.FICTIF)) if edition.fictive else ""


def _colonnes(tableau: Tableau) -> dict[str, list[str]]:
    """Les textes d'un tableau de relevés, par ligne de la figure."""
    cles = {_(titre): cle for cle, titre in TITRES.items()}
    colonnes: dict[str, list[str]] = {}
    for ligne in tableau.lignes:
        for colonne, texte in ligne.cellules:
            if cle := cles.get(colonne.titre):
                colonnes.setdefault(cle, []).append(texte)
    return colonnes


def _est_tracee(releve: Releve, cle: str) -> bool:
    """Cette ligne, ou la bande, passe-t-elle par ce trimestre?"""
    return releve.a_une_bande if cle == figure.BANDE else getattr(releve, cle) is not None


def _borne(releve: Releve, cote: int) -> str:
    return pour_cent_exact(releve.bornes[cote]) if releve.bornes else ""
