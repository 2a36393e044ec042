"""Comparer deux à cinq organisations sur un indicateur: une échelle, le chemin de la cible, les mêmes points."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils import timezone

from barometre import graphiques, phrases
from barometre.chiffres import Regle, Serie
from barometre.graphiques.comparaison import Comparaison, aligner, superposer
from barometre.graphiques.planche import Legende
from barometre.graphiques.planche import superposer as superposer_en_planche
from barometre.models import Edition
from barometre.pages.cadre import Lien, Page, categorie, vers
from barometre.pages.comparaison.choisies import MAXIMUM, Choisies
from barometre.pages.comparaison.comparables import comparables, de_meme_ordre, exemples, lire
from barometre.pages.courbes import PROPRE, Emportee, indicateur, pointer, rupture
from barometre.pages.filtres import options
from barometre.pages.organisation.histoire import nom_d_avant
from barometre.pages.sorties import Sorties
from barometre.parcours import de_plusieurs
from barometre.phrases import organisations as dire
from barometre.tableaux import CHIFFRE, Colonne, Tableau, dresser
from indicateurs import mots
from indicateurs.affichage import cible_en_texte, pourcentage
from indicateurs.arithmetique import cible_au, rang
from indicateurs.langue import _

LARGE = replace(graphiques.LARGE, hauteur=340, droite=172)
ETROIT = replace(graphiques.ETROIT, hauteur=270, droite=118)


class Figure(NamedTuple):
    """Le même dessin dans deux largeurs, et le tableau de ses points."""

    titre: str
    langue: str
    courbes: Sequence[tuple[str, Comparaison, str]]  # et le nom du chemin, plus court dans l'étroite
    notes: Sequence[str]
    tableau: Tableau
    sorties: Sorties


def contexte(edition: Edition, champs: QueryDict) -> dict[str, Any]:
    """La page de comparaison; quatre requêtes."""
    choisies = Choisies.lire(champs, edition)
    series = de_plusieurs(edition, choisies.sigles, choisies.indicateur) if choisies.sigles else {}
    denominateurs = lire(edition, choisies.indicateur)
    fil = Lien(_("Organisations"), vers(edition, "organisations"))
    arret = timezone.localdate(edition.arretee_le)
    return {
        "page": Page.de(edition, _("Comparer des organisations"), "organisations", fil),
        "choisies": choisies,
        "retraits": list(choisies.retraits()),
        "indicateurs": options(((c, r.intitule) for c, r in edition.regles.items()), choisies.indicateur),
        "adresse": vers(edition, "comparer"),
        "slugs": [edition.organisations[sigle]["slug"] for sigle in choisies.sigles],
        "invite": _inviter(choisies),
        "mises_en_garde": _mises_en_garde(edition, choisies, series, denominateurs),
        "etendue": dire.etendue([serie.dernier for serie in series.values()]),
        "figure": _figure(edition, choisies, series, arret) if _est_tracable(series) else None,
        "comptes": _comptes(edition, choisies, series, arret) if series else None,
        "titre_des_suggestions": _("Organisations comparables") if choisies.sigles else _("Des exemples"),
        "suggestions": _suggestions(edition, choisies, denominateurs),
    }


def _inviter(choisies: Choisies) -> str:
    """Que faire tant qu'il n'y en a pas deux à comparer; vide ensuite."""
    if not choisies.sigles:
        return _("Ajoutez une première organisation, ou partez d'un exemple.")
    return _("Ajoutez au moins une autre organisation.") if len(choisies.sigles) == 1 else ""


def _mises_en_garde(
    edition: Edition, choisies: Choisies, series: Mapping[str, Serie], denominateurs: Mapping[str, int]
) -> list[str]:
    """Ce qui rend la comparaison fragile."""
    dites = []
    if len(choisies.sigles) > 1 and len({edition.organisations[s]["categorie"] for s in choisies.sigles}) > 1:
        dites.append(_("Ces organisations ne sont pas toutes de la même catégorie."))
    connus = [denominateurs[sigle] for sigle in choisies.sigles if sigle in denominateurs]
    if len(connus) > 1 and not de_meme_ordre(connus):
        dites.append(dire.denominateurs(min(connus), max(connus)))
    if dites:
        dites.append(_("Comparez-les avec prudence."))
    muettes = [sigle for sigle in choisies.sigles if sigle not in series]
    dites += [_("N'avait pas à déclarer cet indicateur : %s.") % choisies.nom(sigle) for sigle in muettes]
    return [mots.typographier(dite) for dite in dites]


def _figure(edition: Edition, choisies: Choisies, series: Mapping[str, Serie], arret: datetime.date) -> Figure:
    regle = edition.regles[choisies.indicateur]
    alignees, commune = _aligner(regle, series)
    cadres = {"large": LARGE, "etroite": ETROIT}
    courbes = [(nom, superposer(series, commune, cadre), _nommer(regle, commune, nom)) for nom, cadre in cadres.items()]
    demande = choisies.adresse(choisies.sigles).removeprefix(vers(edition, "comparer"))
    sorties, notes = Sorties.de(edition, "courbes_comparees", demande=demande), _notes(edition, series, alignees)
    return Figure(regle.intitule, regle.langue, courbes, notes, _points(series, alignees, commune, arret), sorties)


def emporter(edition: Edition, champs: QueryDict) -> Emportee | None:
    """Ce qu'on emporte de la comparaison; rien s'il n'y a rien à tracer. Quatre requêtes."""
    choisies = Choisies.lire(champs, edition)
    series = de_plusieurs(edition, choisies.sigles, choisies.indicateur) if choisies.sigles else {}
    if not _est_tracable(series):
        return None
    regle = edition.regles[choisies.indicateur]
    alignees, commune = _aligner(regle, series)
    phrase = dire.etendue([serie.dernier for serie in series.values()])
    garde = _mises_en_garde(edition, choisies, series, lire(edition, choisies.indicateur))
    noms = [_dire_de(sigle, edition.organisations[sigle]["nom"]) for sigle in series]
    legende = Legende(regle.intitule, phrase, [*garde, *noms, *_notes(edition, series, alignees)])
    tracer = partial(superposer_en_planche, series, commune, _nommer(regle, commune, "large"))
    colonnes = [indicateur(regle.code), *PROPRE, rupture(regle)]
    return Emportee(edition, legende, tracer, colonnes, pointer(series))


def _est_tracable(series: Mapping[str, Serie]) -> bool:
    """Deux lignes au moins."""
    return sum(bool(serie.observes) for serie in series.values()) > 1


def _aligner(regle: Regle, series: Mapping[str, Serie]) -> tuple[dict[str, Serie], Regle]:
    """Les séries sur les mêmes trimestres, et la règle dont le chemin se trace."""
    alignees = aligner(series, regle.pour(""))
    return alignees, _commune(regle, next(iter(alignees.values())))


def _notes(edition: Edition, series: Mapping[str, Serie], alignees: Mapping[str, Serie]) -> list[str]:
    """Ce qu'il faut savoir pour lire le dessin."""
    noms = [
        _dire_de(sigle, nom_d_avant(edition, case.sigle))
        for sigle, serie in series.items()
        for case in {c.case.sigle: c.case for c in serie.chiffres if c.case}.values()
        if case.sigle != sigle
    ]
    return [*_cibles_propres(series), *phrases.notes(next(iter(alignees.values()))), *noms]


def _dire_de(sigle: str, phrase: str) -> str:
    return mots.typographier(_("%(sigle)s : %(phrase)s") % {"sigle": sigle, "phrase": phrase})


def _cibles_propres(series: Mapping[str, Serie]) -> list[str]:
    """Lesquelles suivent leur propre cible, que le dessin ne trace pas."""
    propre = _("%(sigle)s a sa propre cible : %(cible)s.")
    return [
        mots.typographier(propre % {"sigle": sigle, "cible": _but(serie.regle)})
        for sigle, serie in series.items()
        if sigle in serie.regle.points_propres
    ]


def _commune(regle: Regle, alignee: Serie) -> Regle:
    """Le chemin national, ou le seuil qui fait compter une organisation."""
    vue = regle.pour("")
    if vue.majorite is None:
        return vue
    return replace(vue, points=((rang(alignee.chiffres[0].trimestre), vue.majorite),))


def _nommer(regle: Regle, commune: Regle, largeur: str) -> str:
    """« cible nationale 75 % », ou ce qui en tient dans la courbe étroite; vide sans chemin."""
    if not commune.points:
        return ""
    if regle.compte_des_organisations:
        return _("seuil %s") % _but(commune)
    return (_("cible nationale %s") if largeur == "large" else _("nationale %s")) % _but(commune)


def _but(regle: Regle) -> str:
    return cible_en_texte(regle.points[-1][1])


def _points(
    series: Mapping[str, Serie], alignees: Mapping[str, Serie], commune: Regle, arret: datetime.date
) -> Tableau:
    """Les points du dessin, un trimestre par ligne, une organisation par colonne."""
    par_sigle = {sigle: {c.trimestre: c for c in serie.chiffres} for sigle, serie in series.items()}
    repere = _("Seuil") if commune.majorite is not None else _("Cible")
    colonnes = [Colonne(_("Trimestre")), *(Colonne(titre, CHIFFRE) for titre in (*series, repere))]
    lignes = []
    for chiffre in next(iter(alignees.values())).chiffres:
        quand = chiffre.trimestre
        textes = [
            phrases.case(connus[quand], arret) if quand in connus else _("non demandé") for connus in par_sigle.values()
        ]
        chemin = cible_au(commune.points, rang(quand))
        lignes.append([mots.trimestre(quand), *textes, pourcentage(chemin) if chemin is not None else _("aucune")])
    return dresser(_("%s, par trimestre") % commune.intitule, colonnes, lignes)


def _comptes(edition: Edition, choisies: Choisies, series: Mapping[str, Serie], arret: datetime.date) -> Tableau:
    """Le dernier chiffre de chacune, ses comptes, sa propre cible."""
    titres = (_("Part"), _("Compte"), _("Cible à ce trimestre"))
    colonnes = [Colonne(titre) for titre in (_("Organisation"), _("Catégorie"), _("Trimestre"))]
    colonnes += [*(Colonne(titre, CHIFFRE) for titre in titres), Colonne(_("Situation"))]
    lignes, liens = [], []
    for sigle, serie in series.items():
        fiche, chiffre = edition.organisations[sigle], serie.dernier
        comptes = chiffre.comptes
        compte = phrases.sur(comptes.numerateur, comptes.denominateur) if chiffre.part is not None else _("aucun")
        cible = pourcentage(chiffre.cible) if chiffre.cible is not None else _("aucune")
        situation = phrases.verdict(chiffre) if chiffre.regle.points else phrases.majorite(chiffre) or _("aucune cible")
        quoi = [categorie(fiche["categorie"]), mots.trimestre(chiffre.trimestre)]
        lignes.append([choisies.nom(sigle), *quoi, phrases.case(chiffre, arret), compte, cible, situation])
        liens.append(vers(edition, "organisation", fiche["slug"]))
    dresse = dresser(_("Le dernier chiffre de chacune"), colonnes, lignes, liens)
    return replace(dresse, ample=True)


def _suggestions(edition: Edition, choisies: Choisies, denominateurs: Mapping[str, int]) -> list[Lien]:
    """Qui ajouter à celles qui sont choisies; sans choix, quelques paires pour commencer."""
    if len(choisies.sigles) >= MAXIMUM:
        return []
    if choisies.sigles:
        return choisies.ajouts(comparables(edition, choisies.sigles, denominateurs))
    paires = exemples(edition, denominateurs)
    et = _("%(une)s et %(autre)s")
    return [Lien(et % {"une": choisies.nom(a), "autre": choisies.nom(b)}, choisies.adresse([a, b])) for a, b in paires]
