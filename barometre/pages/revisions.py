"""Ce qu'une édition révise d'une autre: en bref, puis tout le journal."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from barometre import entre_editions, phrases
from barometre.entre_editions import Jalon
from barometre.formats import REVISIONS, Colonne, en_csv
from barometre.models import Edition
from barometre.pages.cadre import Lien, Page
from barometre.pages.filtres import Choix, Filtre
from barometre.revisions import MARQUE, Genre, Revision, resumer
from barometre.tableaux import Colonne as EnTete
from barometre.tableaux import Tableau, dresser
from indicateurs import mots
from indicateurs.affichage import accorder
from indicateurs.langue import _, gettext_noop
from organisations.courriels import adresse

RIEN = gettext_noop("Rien de déjà publié n'est révisé.")
EN_BREF = 4  # phrases
MONTREES = 200  # révisions d'une page; le reste se choisit, ou se télécharge
A_FILTRER = 20
GENRES = {Genre.REVISION: gettext_noop("Révision"), Genre.CORRECTION: gettext_noop("Correction")}


def en_bref(edition: Edition) -> tuple[list[str], Lien | None]:
    """Ce que cette édition révise de la précédente, et où lire tout; une requête, aucune si le cache l'a gardé."""
    if edition.precedente_id is None:
        return [_(RIEN)], None
    avant = entre_editions.avant(edition)
    toutes = entre_editions.revisions(avant, Jalon.de(edition)) if avant else None
    if avant is None or not toutes:
        return [_(RIEN)] if toutes == [] else [], None
    dites = resumer(toutes)
    reste = len(dites) - EN_BREF
    suite = [_("Et %s.") % accorder(reste, _("autre correction"), _("autres corrections"))] if reste > 0 else []
    return [*dites[:EN_BREF], *suite], Lien(_("Voir tout ce qui est révisé"), entre(avant.code, edition.code))


def entre(avant: str, apres: str) -> str:
    """L'adresse du journal entre deux éditions."""
    return reverse("revisions", args=[avant, apres])


def contexte(
    courante: Edition, avant: Edition, apres: Edition, toutes: list[Revision] | None, champs: QueryDict
) -> dict[str, Any]:
    """Le journal, un tableau par trimestre; `toutes` est `None` quand un fichier ne se lit pas."""
    titre = _("Révisions de %(avant)s à %(apres)s") % {"avant": avant.code, "apres": apres.code}
    filtre = Filtre.lire(champs, _trimestres(toutes or []))
    retenues = [r for r in toutes or [] if filtre.retient(_cherchable(r, apres), trimestre=r.trimestre)]
    return {
        "page": Page.de(courante, titre, "donnees", Lien(_("Éditions"), reverse("editions"))),
        "est_lisible": toutes is not None,
        "sont_identiques": avant.code == apres.code,
        "editions": [_d_une_edition(edition) for edition in (avant, apres)],
        "compte": _compter(len(toutes or []), len(retenues), filtre),
        "filtre": filtre if len(toutes or []) > A_FILTRER or filtre.actif or filtre.ignores else None,
        "trop": len(retenues) > MONTREES,
        "montrees": MONTREES,
        "adresse": entre(avant.code, apres.code),
        "csv": reverse("revisions_csv", args=[avant.code, apres.code]),
        "tableaux": _tableaux(retenues, apres),
    }


def fichier(avant: Edition, apres: Edition, toutes: Sequence[Revision]) -> bytes:
    """Le même journal, en données ouvertes, avec l'adresse des deux fichiers."""
    ancien, nouveau = (adresse("fichier", edition.code, "valeurs.csv") for edition in (avant, apres))
    liens = [
        Colonne("edition_revisee", "L'édition d'avant.", lambda revision: avant.code),
        Colonne("ancien_fichier", "Où lire l'ancienne valeur.", lambda revision: ancien),
        Colonne("nouveau_fichier", "Où lire la nouvelle valeur.", lambda revision: nouveau),
    ]
    return en_csv(apres.code, [*REVISIONS, *liens], toutes)


def date_de(revision: Revision, apres: Edition) -> str:
    """Le jour où le CQEN a accepté la nouvelle réponse; celui de l'édition s'il n'y en a plus."""
    le = revision.acceptee_le
    return mots.date(timezone.localdate(datetime.datetime.fromisoformat(le) if le else apres.arretee_le))


def _d_une_edition(edition: Edition) -> dict[str, Any]:
    return {
        "phrase": phrases.edition(edition.code, timezone.localdate(edition.arretee_le)),
        "accueil": Lien(_("Lire cette édition"), reverse("edition:accueil", args=[edition.code])),
        "fichier": Lien(_("valeurs.csv de %s") % edition.code, reverse("fichier", args=[edition.code, "valeurs.csv"])),
    }


def _trimestres(revisions: Sequence[Revision]) -> Choix:
    codes = sorted({revision.trimestre for revision in revisions}, reverse=True)
    return Choix("trimestre", _("Trimestre"), {code: mots.trimestre(code) for code in codes})


def _cherchable(revision: Revision, apres: Edition) -> str:
    return f"{revision.sigle} {_nom(revision.sigle, apres)}"


def _nom(sigle: str, apres: Edition) -> str:
    return apres.organisations[sigle]["nom"] if sigle in apres.organisations else sigle


def _compter(toutes: int, retenues: int, filtre: Filtre) -> str:
    if not toutes:
        return _(RIEN)
    if filtre.actif:
        return _("%(retenus)s sur %(tous)s.") % {"retenus": accorder(retenues, _("révision")), "tous": toutes}
    return accorder(toutes, _("valeur révisée."), _("valeurs révisées."))


def _tableaux(revisions: Sequence[Revision], apres: Edition) -> list[tuple[str, Tableau]]:
    """Un tableau par trimestre, le plus récent d'abord."""
    recentes = sorted(revisions, key=lambda r: r.trimestre, reverse=True)[:MONTREES]
    return [
        (mots.trimestre(code).capitalize(), _tableau(code, list(suite), apres))
        for code, suite in groupby(recentes, key=lambda r: r.trimestre)
    ]


def _colonnes() -> list[EnTete]:
    valeurs = _("Ancienne valeur"), _("Nouvelle valeur")
    return [EnTete(t) for t in (_("Organisation"), _("Indicateur"), _("Genre"), *valeurs, _("Date"), _("Raison"))]


def _tableau(code: str, revisions: Sequence[Revision], apres: Edition) -> Tableau:
    lignes, liens = [], []
    for r in revisions:
        regle, fiche = apres.regles.get(r.indicateur), apres.organisations.get(r.sigle)
        intitule = regle.intitule if regle else r.indicateur
        dits = (_(GENRES[r.genre]), r.avant, f"{r.apres}\xa0{MARQUE}", date_de(r, apres).replace(" ", "\xa0"), r.raison)
        lignes.append((_nom(r.sigle, apres), intitule, *dits))
        liens.append(reverse("edition:organisation", args=[apres.code, fiche["slug"]]) if fiche else "")
    legende = _("Les valeurs révisées du %s") % mots.trimestre(code)
    return replace(dresser(legende, _colonnes(), lignes, liens), ample=True)
