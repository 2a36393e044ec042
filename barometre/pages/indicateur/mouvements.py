"""Ce qui a changé à un indicateur d'un trimestre au suivant: sa part, ses réponses, les lignes franchies."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from barometre import phrases
from barometre.chiffres import Chiffre, Regle, Serie
from barometre.models import Edition
from barometre.pages.cadre import Lien, vers
from barometre.parcours import lignee
from barometre.revisions import SILENCES
from barometre.tableaux import CHIFFRE, Colonne, Tableau, dresser
from indicateurs import mots
from indicateurs.affichage import accorder
from indicateurs.arithmetique import Etat
from indicateurs.langue import _

MONTREES = 10  # organisations qui ont franchi une ligne, au-delà desquelles le tableau se replie
NOMMEES = 10  # organisations dont c'est une nouvelle réponse
Propres = Mapping[str, Chiffre]  # le chiffre de chaque organisation, par sigle


class Mouvements(NamedTuple):
    """Ce qui a changé: des phrases, les lignes franchies s'il y en a, les nouvelles réponses.

    `voir` ouvre le tableau des passages quand il est long; vide, il est montré d'emblée.
    """

    titre: str
    phrases: Sequence[str]
    passages: Tableau | None
    voir: str
    nouvelles: Sequence[Lien]
    autres: str


def mouvements(edition: Edition, serie: Serie, avant: Propres, apres: Propres) -> Mouvements:
    """Ce qui a changé au dernier trimestre de cette série, organisation par organisation."""
    quand = mots.trimestre(serie.dernier.trimestre)
    dites, franchies, nouvelles = phrases.mouvements(serie), {}, []
    if phrases.precedent(serie):
        avant = _continuer(edition, avant, apres)
        nouvelles = _nouvelles(edition, avant, apres)
        if not phrases.commence_une_definition(serie):
            franchies = _franchies(avant, apres)
            dites += _compter(franchies) if franchies or _a_des_lignes(serie.regle) else []
    reste = len(nouvelles) - NOMMEES
    autres = accorder(reste, _("autre organisation"), _("autres organisations")) if reste > 0 else ""
    passages = _tableau(edition, avant, apres, franchies) if franchies else None
    voir = _("Voir les %d organisations") % len(franchies) if len(franchies) > MONTREES else ""
    titre, et_autres = _("Ce qui a changé au %s") % quand, _("Et %s.") % autres if autres else ""
    return Mouvements(titre, dites, passages, voir, nouvelles[:NOMMEES], et_autres)


def _continuer(edition: Edition, avant: Propres, apres: Propres) -> Propres:
    """Les chiffres d'avant; celui d'une organisation renommée y est aussi sous son nom d'aujourd'hui."""
    neuves = apres.keys() - avant.keys()
    return {**avant, **{neuve: avant[nom] for neuve in neuves for nom in lignee(edition, neuve) if nom in avant}}


def _a_des_lignes(regle: Regle) -> bool:
    """Y a-t-il une cible ou un seuil à franchir?"""
    return bool(regle.points or regle.points_propres or regle.compte_des_organisations)


def _franchies(avant: Propres, apres: Propres) -> dict[str, list[str]]:
    """Qui a franchi sa cible, son chemin ou le seuil, dans un sens ou dans l'autre, et comment."""
    dits = {sigle: phrases.passages(avant[sigle], apres[sigle]) for sigle in avant.keys() & apres.keys()}
    return {sigle: passages for sigle, passages in dits.items() if passages}


def _compter(franchies: Mapping[str, Sequence[str]]) -> list[str]:
    """Combien d'organisations par passage, le plus fréquent d'abord; ou qu'il n'y en a pas."""
    comptes = Counter(sorted(dit for dits in franchies.values() for dit in dits))
    dites = [
        _("%(passage)s : %(combien)s.")
        % {"passage": f"{dit[0].upper()}{dit[1:]}", "combien": accorder(n, _("organisation"))}
        for dit, n in comptes.most_common()
    ]
    return [mots.typographier(dite) for dite in dites] or [_(phrases.AUCUN_PASSAGE)]


def _tableau(edition: Edition, avant: Propres, apres: Propres, franchies: Mapping[str, Sequence[str]]) -> Tableau:
    """Une organisation par ligne, par nom."""
    lignes, liens = [], []
    for sigle in ranger(edition, franchies):
        lien = nommer(edition, sigle)
        lignes.append((lien.texte, avant[sigle].texte, apres[sigle].texte, ", ".join(franchies[sigle])))
        liens.append(lien.adresse)
    colonnes = [Colonne(_("Organisation")), Colonne(_("Avant"), CHIFFRE), Colonne(_("Maintenant"), CHIFFRE)]
    colonnes += [Colonne(_("Passage"))]
    return dresser(_("Les organisations qui ont franchi une ligne"), colonnes, lignes, liens)


def _nouvelles(edition: Edition, avant: Propres, apres: Propres) -> list[Lien]:
    """Celles qui ont répondu, et n'avaient pas répondu au trimestre précédent."""
    neuves = [sigle for sigle in apres if a_repondu(apres[sigle]) and not a_repondu(avant.get(sigle))]
    return [nommer(edition, sigle) for sigle in ranger(edition, neuves)]


def a_repondu(chiffre: Chiffre | None) -> bool:
    """Par un nombre, ou par une absence motivée?"""
    return bool(chiffre and chiffre.case and chiffre.case.etat not in SILENCES)


class Absente(NamedTuple):
    """Une organisation dont le chiffre manque, sa page et, si elle l'a dit, pourquoi."""

    lien: Lien
    motif: str = ""


class Absentes(NamedTuple):
    """Celles qui n'ont rien répondu, ou ont répondu sans chiffre; `voir` ouvre une liste longue."""

    titre: str
    voir: str
    organisations: Sequence[Absente]


def absentes(edition: Edition, propres: Propres) -> list[Absentes]:
    """Qui n'a pas répondu, puis qui n'a pas de chiffre disponible, par nom; rien de vide."""
    groupes = ((_("Sans réponse"), SILENCES), (_("Non disponible"), (Etat.NON_DISPONIBLE,)))
    return [groupe for titre, etats in groupes if (groupe := _absentes(edition, propres, titre, etats)).organisations]


def _absentes(edition: Edition, propres: Propres, titre: str, etats: Sequence[Etat]) -> Absentes:
    cases = {sigle: propre.case for sigle, propre in propres.items() if propre.case and propre.case.etat in etats}
    dites = [Absente(nommer(edition, sigle), cases[sigle].motif) for sigle in ranger(edition, cases)]
    voir = _("Voir les %d organisations") % len(dites) if len(dites) > MONTREES else ""
    return Absentes(titre, voir, dites)


def ranger(edition: Edition, sigles: Iterable[str]) -> list[str]:
    """Par nom, sans accents ni majuscules."""
    return sorted(sigles, key=lambda sigle: (mots.replier(edition.organisations[sigle]["nom"]), sigle))


def nommer(edition: Edition, sigle: str) -> Lien:
    """Le nom d'une organisation, et sa page."""
    fiche = edition.organisations[sigle]
    return Lien(fiche["nom"], vers(edition, "organisation", fiche["slug"]))
