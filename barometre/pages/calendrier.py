"""Le calendrier des publications: les jours annoncés, ceux qui ont changé et pourquoi, ce qui a paru."""

import datetime
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils import timezone

from barometre import phrases
from barometre.models import Edition, Parution
from barometre.pages.cadre import Lien, Page
from barometre.tableaux import Colonne, Tableau, dresser
from indicateurs import mots
from indicateurs.langue import _, citer
from organisations.horloge import maintenant


def etat() -> str:
    """Change à chaque annonce, et chaque jour: une date qui passe n'est plus à venir; une requête."""
    return f"{Parution.objects.count()}.{timezone.localdate(maintenant())}"


def contexte(edition: Edition | None, le: datetime.datetime) -> dict[str, Any]:
    """Les jours annoncés, à venir d'abord; deux requêtes de plus que le cadre."""
    annonces = list(
        Parution.objects.filter(annoncee_le__lte=le).select_related("trimestre").order_by("annoncee_le", "pk")
    )
    editions = Edition.objects.filter(arretee_le__lte=le).select_related("trimestre").order_by("-rang")
    parues = list(editions.only("code", "correctif", "arretee_le", "note", "hors_calendrier", "trimestre__code"))
    premieres = {e.trimestre.code: e for e in parues if not e.correctif}
    en_vigueur = {annonce.trimestre.code: annonce for annonce in annonces}
    attendues = sorted((a for code, a in en_vigueur.items() if code not in premieres), key=lambda a: a.jour)
    return {
        "page": Page.de(edition, _("Calendrier des publications"), "donnees", Lien(_("Données"), reverse("donnees"))),
        "a_venir": _a_venir(attendues, timezone.localdate(le)) if attendues else None,
        "parues": _parues(premieres, en_vigueur) if premieres else None,
        "correctives": [(_adresse(e), phrases.edition(e.code, _jour(e)), e.note) for e in parues if e.correctif],
        "changements": _changements(annonces),
    }


def _a_venir(annonces: Sequence[Parution], jour: datetime.date) -> Tableau:
    colonnes = [Colonne(titre) for titre in (_("Édition"), _("Jour annoncé"), _("Annoncé le"))]
    lignes = []
    for annonce in annonces:
        retard = _(", pas encore parue") if annonce.jour < jour else ""
        dit = (f"{mots.date(annonce.jour)}{retard}", mots.date(timezone.localdate(annonce.annoncee_le)))
        lignes.append((mots.trimestre(annonce.trimestre.code).capitalize(), *dit))
    return dresser(_("Les éditions à venir"), colonnes, lignes)


def _parues(premieres: Mapping[str, Edition], annonces: Mapping[str, Parution]) -> Tableau:
    """Les éditions parues, la plus récente d'abord, face au jour annoncé."""
    titres = (_("Édition"), _("Parue le"), _("Jour annoncé"), _("Annoncé le"), _("Pourquoi cet écart"))
    colonnes = [Colonne(titre) for titre in titres]
    lignes = []
    for code, edition in premieres.items():
        annonce = annonces.get(code)
        annonce = annonce if annonce and annonce.annoncee_le <= edition.arretee_le else None
        jours = (annonce.jour, timezone.localdate(annonce.annoncee_le)) if annonce else ()
        dits = [mots.date(jour) for jour in jours] or [_("non annoncé"), _("jamais")]
        sans_ecart = _("aucun écart") if annonce else _("avant le calendrier")
        lignes.append((edition.code, mots.date(_jour(edition)), *dits, citer(edition.hors_calendrier) or sans_ecart))
    return dresser(_("Les éditions parues"), colonnes, lignes, [_adresse(e) for e in premieres.values()])


def _changements(annonces: Sequence[Parution]) -> list[dict[str, str]]:
    """Chaque date changée, la plus récente d'abord: l'ancienne, la nouvelle, et pourquoi."""
    par_trimestre: dict[str, list[Parution]] = {}
    for annonce in annonces:
        par_trimestre.setdefault(annonce.trimestre.code, []).append(annonce)
    paires = [paire for suite in par_trimestre.values() for paire in pairwise(suite)]
    return [
        {
            "titre": _("Édition du %s") % mots.trimestre(apres.trimestre.code),
            "phrase": phrases.changement(avant.jour, apres.jour, timezone.localdate(apres.annoncee_le)),
            "motif": apres.motif,
        }
        for avant, apres in sorted(paires, key=lambda paire: paire[1].pk, reverse=True)
    ]


def _jour(edition: Edition) -> datetime.date:
    return timezone.localdate(edition.arretee_le)


def _adresse(edition: Edition) -> str:
    return reverse("dossier", args=[edition.code])
