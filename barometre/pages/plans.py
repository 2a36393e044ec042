"""La liste des plans de transformation acceptés, cherchée et filtrée."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse

from barometre.models import Edition
from barometre.pages.cadre import Page
from barometre.pages.filtres import Choix, Filtre
from barometre.pages.plan import du_plus_ancien, periode
from barometre.tableaux import CHIFFRE, Colonne, Tableau, dresser
from indicateurs import mots
from indicateurs.affichage import accorder, nombre
from indicateurs.langue import _
from organisations.models import Avancement, Initiative, PlanTransformation


def liste(edition: Edition | None, champs: Mapping[str, str]) -> dict[str, Any]:
    """Le plan en vigueur de chaque organisation qui en a un; deux requêtes de plus que le cadre."""
    plans = _en_vigueur()
    filtre = Filtre.lire(champs, portefeuilles(plan.organisation for plan in plans))
    retenus = [p for p in plans if filtre.retient(_texte(p), portefeuille=p.organisation.portefeuille)]
    return {
        "page": Page.de(edition, _("Plans"), "plans"),
        "filtre": filtre,
        "compte": compter(len(retenus), len(plans), _("plan")),
        "tableau": _tableau(retenus) if retenus else None,
        "il_y_en_a": bool(plans),
    }


def _en_vigueur() -> list[PlanTransformation]:
    """Un plan par organisation, celui de sa stratégie la plus récente, par nom."""
    initiatives = Prefetch("initiatives", Initiative.objects.only("plan_id", "titre", "etat"))
    lus = PlanTransformation.objects.valides().select_related("organisation__ministere", "strategie")
    par_organisation = {plan.organisation_id: plan for plan in du_plus_ancien(lus).prefetch_related(initiatives)}
    return sorted(par_organisation.values(), key=lambda p: (mots.replier(p.organisation.nom), p.organisation.sigle))


def _texte(plan: PlanTransformation) -> str:
    """Où se cherchent les mots: l'organisation, le résumé, les initiatives."""
    titres = " ".join(initiative.titre for initiative in plan.initiatives.all())
    return f"{plan.organisation.nom} {plan.organisation.sigle} {plan.resume} {titres}"


def _tableau(plans: Sequence[PlanTransformation]) -> Tableau:
    colonnes = [Colonne(_("Organisation")), Colonne(_("Portefeuille")), Colonne(_("Période"))]
    colonnes += [Colonne(_("Initiatives"), CHIFFRE), Colonne(_("Terminées"), CHIFFRE)]
    lignes = []
    for plan in plans:
        etats = [initiative.etat for initiative in plan.initiatives.all()]
        comptes = [nombre(len(etats)), nombre(etats.count(Avancement.TERMINEE))]
        tete = plan.organisation.portefeuille or _("aucun")
        lignes.append([str(plan.organisation), tete, periode(plan), *comptes])
    liens = [reverse("plan_public", args=[plan.organisation.slug]) for plan in plans]
    return dresser(_("Les plans acceptés par le CQEN"), colonnes, lignes, liens)


def portefeuilles(organisations: Any) -> Choix:
    """Les portefeuilles de ces organisations."""
    return Choix("portefeuille", _("Portefeuille"), {o.tete.sigle: str(o.tete) for o in organisations if o.tete})


def compter(retenus: int, tous: int, mot: str) -> str:
    """« 12 plans. », « 3 plans sur 12. »"""
    if retenus == tous:
        return f"{accorder(retenus, mot)}."
    return _("%(retenus)s sur %(tous)s.") % {"retenus": accorder(retenus, mot), "tous": nombre(tous)}
