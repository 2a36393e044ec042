"""Un portefeuille: sa tête et ses organisations, où en est chaque indicateur, la part de chacune."""

from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.http import urlencode

from barometre import graphiques, phrases
from barometre.chiffres import Chiffre, Perimetre, Serie
from barometre.lignees import Fiche
from barometre.models import Edition
from barometre.pages.cadre import Lien, Page, categorie, vers
from barometre.pages.cartes import Carte, composer, rangees, visees
from barometre.pages.indicateur.mouvements import nommer, ranger
from barometre.pages.sorties import Sorties
from barometre.tableaux import CHIFFRE, Colonne, Tableau, dresser
from indicateurs import mots
from indicateurs.langue import _, gettext_noop

INDICATEURS_MONTRES = 5  # avec l'organisation et sa catégorie, sept colonnes
SANS_CIBLE = gettext_noop("Aucune cible nationale ne s'y mesure dans cette édition.")


def tete(edition: Edition, slug: str) -> Fiche | None:
    """La tête de portefeuille de cette adresse, s'il y en a une dans l'édition."""
    fiche = edition.fiche(slug)
    return fiche if fiche and fiche["sigle"] in {f["portefeuille"] for f in edition.organisations.values()} else None


def contexte(edition: Edition, fiche: Fiche) -> dict[str, Any]:
    """Une carte par indicateur, puis les organisations; trois requêtes de plus que le cadre."""
    sigle = fiche["sigle"]
    ordonnees = rangees(edition, Perimetre(sigle))
    vises = [serie.dernier for serie in visees(edition, ordonnees)]
    fil = Lien(_("Organisations"), vers(edition, "organisations"))
    membres = [s for s in edition.attendues if edition.organisations[s]["portefeuille"] == sigle]
    return {
        "page": Page.de(edition, mots.typographier(_("Portefeuille : %s") % fiche["nom"]), "organisations", fil),
        "tete": nommer(edition, sigle),
        "bilan": phrases.bilan(vises, edition.trimestre.code) if vises else _(SANS_CIBLE),
        "effectif": phrases.effectif(len(membres)),
        "cartes": [_carte(edition, fiche, serie) for serie in ordonnees],
        "tableau": _tableau(edition, ranger(edition, membres)) if membres else None,
        "coupe": len(edition.suivis) > INDICATEURS_MONTRES,
        "dans_la_liste": f"{fil.adresse}?{urlencode({'portefeuille': sigle})}",
    }


def _carte(edition: Edition, fiche: Fiche, serie: Serie) -> Carte:
    """La carte d'un indicateur, pour ce portefeuille seul."""
    sorties = Sorties.de(edition, "courbe_commune", fiche["slug"], serie.regle.code)
    carte = composer(edition, serie, graphiques.MOYEN, sorties)
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
