"""Le plan d'une organisation: son résumé, ses initiatives, ses versions d'avant. Jamais ce qui n'est pas accepté."""

import datetime
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from barometre.graphiques import Barre
from barometre.models import Edition
from barometre.pages.cadre import Lien, Page
from indicateurs import mots
from indicateurs.affichage import accorder, nombre
from organisations.models import Avancement, Initiative, Organisation, PlanTransformation, Statut

CLASSES = {Avancement.EN_COURS: "en-voie", Avancement.TERMINEE: "atteinte"}


class EtatDInitiative(NamedTuple):
    """Une initiative telle que la page la montre."""

    titre: str
    changement: str
    periode: str
    etat: str
    classe: str
    progres: str
    barre: Barre


def contexte(edition: Edition | None, slug: str) -> dict[str, Any] | None:
    """Le plan en vigueur, ses initiatives, ses versions d'avant; rien si l'organisation n'est pas publique.

    Une organisation publiée qui n'a pas de plan accepté a une page qui le dit, la même qu'un plan soit en préparation
    ou non.
    """
    acceptes = _acceptes(slug)
    plan = next((p for p in reversed(acceptes) if p.statut == Statut.VALIDE), None)
    organisation = plan.organisation if plan else _publiee(edition, slug)
    if organisation is None:
        return None
    titre = mots.typographier(f"{organisation.nom} : plan de transformation")
    commun = {
        "page": Page.de(edition, titre, "plans", Lien("Plans", reverse("plans_publics"))),
        "organisation": fiche_de(edition, organisation),
        "plan": plan,
    }
    return commun | (_du_plan(plan, acceptes) if plan else {})


def en_vigueur(slug: str) -> PlanTransformation | None:
    """Le plan public d'une organisation, sans ses initiatives."""
    return next((plan for plan in reversed(_acceptes(slug)) if plan.statut == Statut.VALIDE), None)


def _taille_du_document(plan: PlanTransformation) -> str:
    """« 1,2 Mo »; vide si le plan n'a pas de document, ou s'il est perdu."""
    try:
        return mots.taille(plan.document.size)
    except (ValueError, OSError):
        return ""


def fiche_de(edition: Edition | None, organisation: Organisation) -> Lien:
    """Son nom d'aujourd'hui, et sa page si l'édition en a une."""
    publiee = edition is not None and organisation.sigle in edition.organisations
    return Lien(str(organisation), reverse("organisation", args=[organisation.slug]) if publiee else "")


def _acceptes(slug: str) -> list[PlanTransformation]:
    """Toutes les versions acceptées, en vigueur ou remplacées, de la première à la dernière."""
    acceptes = PlanTransformation.objects.filter(organisation__slug=slug, valide_le__isnull=False)
    return list(du_plus_ancien(acceptes.select_related("organisation", "strategie")))


def _publiee(edition: Edition | None, slug: str) -> Organisation | None:
    """L'organisation que l'édition montre sous cette adresse, telle qu'elle est aujourd'hui."""
    fiches = edition.organisations.values() if edition else ()
    return Organisation.objects.filter(slug=slug).first() if any(f["slug"] == slug for f in fiches) else None


def _du_plan(plan: PlanTransformation, acceptes: Sequence[PlanTransformation]) -> dict[str, Any]:
    initiatives = list(plan.initiatives.order_by("rang"))
    finies = sum(initiative.etat == Avancement.TERMINEE for initiative in initiatives)
    faites = accorder(finies, "initiative terminée", "initiatives terminées")
    return {
        "periode": periode(plan),
        "accepte": f"Accepté par le CQEN (Centre québécois d'excellence numérique) le {jour(plan.valide_le)}.",
        "bilan": f"{faites} sur {nombre(len(initiatives))}.",
        "initiatives": [_initiative(initiative) for initiative in initiatives],
        "document": _taille_du_document(plan),
        "avant": [_version(p, plan, acceptes) for p in reversed(acceptes) if p.pk != plan.pk],
    }


def _initiative(initiative: Initiative) -> EtatDInitiative:
    return EtatDInitiative(
        initiative.titre,
        initiative.changement,
        periode(initiative),
        Avancement(initiative.etat).label,
        CLASSES.get(Avancement(initiative.etat), ""),
        mots.typographier(f"{initiative.progres} %"),
        Barre(initiative.progres * 10, None, None),
    )


class VersionDAvant(NamedTuple):
    """Une version qui fut en vigueur, et pourquoi elle a changé."""

    titre: str
    periode: str
    motif: str


def _version(
    avant: PlanTransformation, plan: PlanTransformation, acceptes: Sequence[PlanTransformation]
) -> VersionDAvant:
    suite = (avant.strategie_id, avant.version + 1)
    motifs = [p.motif_de_correction for p in acceptes if (p.strategie_id, p.version) == suite]
    du, au = jour(avant.valide_le), jour(avant.remplace_le) if avant.remplace_le else ""
    vigueur = f"En vigueur du {du} au {au}." if au else f"En vigueur depuis le {du}."
    titre = "Version" if avant.strategie_id == plan.strategie_id else f"{avant.strategie.titre}, version"
    return VersionDAvant(f"{titre} {avant.version}", vigueur, "".join(motifs))


def periode(borne: PlanTransformation | Initiative) -> str:
    """« avril 2020 à décembre 2023 »."""
    debut, fin = (f"{mots.MOIS[date.month - 1]} {date.year}" for date in (borne.debut, borne.fin))
    return debut if debut == fin else f"{debut} à {fin}"


def jour(instant: datetime.datetime | None) -> str:
    """« 4 août 2023 », à Montréal."""
    return mots.date(timezone.localdate(instant))


def du_plus_ancien(plans: QuerySet[PlanTransformation]) -> QuerySet[PlanTransformation]:
    """Par stratégie, puis par version."""
    return plans.order_by("strategie__debut", "strategie__code", "version")
