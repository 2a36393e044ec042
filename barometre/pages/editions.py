"""Toutes les éditions: quand chacune a paru, qui avait répondu, où la lire telle qu'elle était."""

from typing import Any

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from barometre import phrases
from barometre.models import Agregat, Edition
from barometre.pages.cadre import Lien, Page
from barometre.pages.revisions import entre
from indicateurs import mots
from indicateurs.langue import _


def contexte(edition: Edition) -> dict[str, Any]:
    """La plus récente d'abord; une requête de plus que le cadre."""
    return {
        "page": Page.de(edition, _("Éditions"), "donnees"),
        "editions": [_fiche(parue, parue.code == edition.code) for parue in _toutes()],
    }


def _toutes() -> QuerySet[Edition]:
    """Sans leur catalogue: de chacun, on ne lit que le compte des répondantes; les attendues sont dans les agrégats."""
    dernier = Agregat.objects.filter(
        Q(portefeuille=None, categorie=""), edition=OuterRef("pk"), trimestre=OuterRef("trimestre")
    )
    attendues = dernier.order_by().values("edition").annotate(plus=Max("attendues")).values("plus")
    comptes = {"ont_repondu": F("catalogue__repondantes"), "devaient": Subquery(attendues)}
    return (
        Edition.objects.select_related("precedente")
        .defer("catalogue", "precedente__catalogue")
        .annotate(**comptes)
        .order_by("-rang")
    )


def _fiche(edition: Any, est_courante: bool) -> dict[str, Any]:
    code = edition.code
    avant = edition.precedente
    return {
        "titre": _("Édition %s") % code,
        "ancre": code,
        "adresse": reverse("edition:accueil", args=[code]),
        "est_courante": est_courante,
        "parue": _("Publiée le %s.") % mots.date(timezone.localdate(edition.arretee_le)),
        "couverture": phrases.reponses(edition.ont_repondu, edition.devaient),
        "hors_calendrier": phrases.hors_calendrier(edition.hors_calendrier) if edition.hors_calendrier else "",
        "note": edition.note,
        "fichiers": Lien(_("Ses fichiers"), reverse("dossier", args=[code])),
        "revise": Lien(_("Ce qu'elle révise de %s") % avant.code, entre(avant.code, code)) if avant else None,
    }
