"""Le plan d'une organisation et ses initiatives, tels qu'acceptés à l'instant d'une édition."""

from fractions import Fraction
from typing import NamedTuple

from barometre.models import Edition
from barometre.pages.plan import jour, periode
from barometre.tableaux import CHIFFRE, Colonne, Tableau, dresser
from indicateurs.affichage import accorder, cible_en_texte, nombre
from indicateurs.langue import _
from organisations.models import Avancement, Initiative, PlanTransformation


class PlanPublie(NamedTuple):
    """Un plan, en quelques mots, et ses initiatives."""

    strategie: str
    accepte: str
    bilan: str
    initiatives: Tableau


def du_plan(edition: Edition, sigle: str) -> PlanPublie | None:
    """Le plan alors en vigueur, de la stratégie la plus récente; une requête."""
    publics = PlanTransformation.objects.publics_au(edition.arretee_le).filter(organisation__sigle=sigle)
    lues = Initiative.objects.filter(plan__in=publics).select_related("plan__strategie")
    rangees = list(lues.order_by("plan__strategie__debut", "plan__strategie__code", "plan__version", "rang"))
    if not rangees:
        return None
    plan = rangees[-1].plan
    siennes = [initiative for initiative in rangees if initiative.plan_id == plan.pk]
    finies = sum(initiative.etat == Avancement.TERMINEE for initiative in siennes)
    faites = accorder(finies, _("initiative terminée"), _("initiatives terminées"))
    return PlanPublie(
        f"{plan.strategie.titre}.",
        _("Accepté par le CQEN (Centre québécois d'excellence numérique) le %s.") % jour(plan.valide_le),
        _("%(faites)s sur %(toutes)s.") % {"faites": faites, "toutes": nombre(len(siennes))},
        _tableau(siennes),
    )


def _tableau(initiatives: list[Initiative]) -> Tableau:
    colonnes = [Colonne(titre) for titre in (_("Initiative"), _("Période"), _("État"))]
    colonnes.append(Colonne(_("Progrès"), CHIFFRE))
    lignes = [
        [i.titre, periode(i), _(Avancement(i.etat).label), cible_en_texte(Fraction(i.progres, 100))]
        for i in initiatives
    ]
    return dresser(_("Les initiatives de son plan"), colonnes, lignes)
