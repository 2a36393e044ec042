"""Le plan d'une organisation: son résumé, ses initiatives, ses versions d'avant. Jamais ce qui n'est pas accepté."""

import datetime
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from barometre import pannes
from barometre.graphiques import Barre
from barometre.models import Edition
from barometre.pages.cadre import Lien, Page, est_publiee, trouver
from indicateurs import mots
from indicateurs.affichage import accorder, cible_en_texte, nombre
from indicateurs.langue import _, citer, gettext_noop
from organisations.models import Avancement, Initiative, Organisation, PlanTransformation, Statut

ETATS = {
    Avancement.PREVUE: gettext_noop("Prévue"),
    Avancement.EN_COURS: gettext_noop("En cours"),
    Avancement.TERMINEE: gettext_noop("Terminée"),
    Avancement.ABANDONNEE: gettext_noop("Abandonnée"),
}
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
    titre = mots.typographier(_("%s : plan de transformation") % organisation.nom)
    commun = {
        "page": Page.de(edition, titre, "plans", Lien(_("Plans"), reverse("plans_publics"))),
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
        return mots.taille(plan.document.size) if plan.document else ""
    except OSError as panne:
        pannes.noter(panne)
        return ""


def fiche_de(edition: Edition | None, organisation: Organisation) -> Lien:
    """Son nom d'aujourd'hui, et sa page si l'édition en a une."""
    adresse = reverse("organisation", args=[organisation.slug]) if est_publiee(edition, organisation.sigle) else ""
    return Lien(str(organisation), adresse)


def _acceptes(slug: str) -> list[PlanTransformation]:
    """Toutes les versions acceptées, en vigueur ou remplacées, de la première à la dernière."""
    acceptes = PlanTransformation.objects.filter(organisation__slug=slug, valide_le__isnull=False)
    return list(du_plus_ancien(acceptes.select_related("organisation", "strategie")))


def _publiee(edition: Edition | None, slug: str) -> Organisation | None:
    """L'organisation que l'édition montre sous cette adresse, telle qu'elle est aujourd'hui."""
    return Organisation.objects.filter(slug=slug).first() if trouver(edition, slug) else None


def _du_plan(plan: PlanTransformation, acceptes: Sequence[PlanTransformation]) -> dict[str, Any]:
    initiatives = list(plan.initiatives.order_by("rang"))
    finies = sum(initiative.etat == Avancement.TERMINEE for initiative in initiatives)
    faites = accorder(finies, _("initiative terminée"), _("initiatives terminées"))
    return {
        "periode": periode(plan),
        "accepte": _("Accepté par le CQEN (Centre québécois d'excellence numérique) le %s.") % jour(plan.valide_le),
        "bilan": _("%(faites)s sur %(toutes)s.") % {"faites": faites, "toutes": nombre(len(initiatives))},
        "initiatives": [_initiative(initiative) for initiative in initiatives],
        "document": _taille_du_document(plan),
        "avant": [_version(p, plan, acceptes) for p in reversed(acceptes) if p.pk != plan.pk],
    }


def _initiative(initiative: Initiative) -> EtatDInitiative:
    return EtatDInitiative(
        initiative.titre,
        initiative.changement,
        periode(initiative),
        etat(initiative),
        CLASSES.get(Avancement(initiative.etat), ""),
        cible_en_texte(Fraction(initiative.progres, 100)),
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
    vigueur = _("En vigueur du %(du)s au %(au)s.") % {"du": du, "au": au} if au else _("En vigueur depuis le %s.") % du
    titre = _("Version %d") % avant.version
    if avant.strategie_id != plan.strategie_id:
        dits = {"strategie": citer(avant.strategie.titre), "version": avant.version}
        titre = _("%(strategie)s, version %(version)d") % dits
    return VersionDAvant(titre, vigueur, "".join(motifs))


def etat(initiative: Initiative) -> str:
    """« En cours »."""
    return _(ETATS[Avancement(initiative.etat)])


def periode(borne: PlanTransformation | Initiative) -> str:
    """« avril 2020 à décembre 2023 »."""
    debut, fin = (mots.mois_de(date) for date in (borne.debut, borne.fin))
    return debut if debut == fin else _("%(debut)s à %(fin)s") % {"debut": debut, "fin": fin}


def jour(instant: datetime.datetime | None) -> str:
    """« 4 août 2023 », à Montréal."""
    return mots.date(timezone.localdate(instant))


def du_plus_ancien(plans: QuerySet[PlanTransformation]) -> QuerySet[PlanTransformation]:
    """Par stratégie, puis par version."""
    return plans.order_by("strategie__debut", "strategie__code", "version")
