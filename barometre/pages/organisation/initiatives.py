"""Le plan d'une organisation et ses initiatives, tels qu'acceptés à l'instant d'une édition."""

from fractions import Fraction
from typing import NamedTuple

from barometre.models import Edition
from barometre.pages.plan import jour, periode
from barometre.tableaux import CHIFFRE, Colonne, Tableau, dresser
from indicateurs.affichage import accorder, cible_en_texte, nombre
from indicateurs.langue import _, citer
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
    lues = list(Initiative.objects.filter(plan__in=publics).select_related("plan__strategie").order_by("rang"))
    if not lues:
        return None
    plan = max((initiative.plan for initiative in lues), key=lambda plan: _strategie(edition, plan))
    *__, titre = _strategie(edition, plan)
    siennes = [initiative for initiative in lues if initiative.plan_id == plan.pk]
    finies = sum(initiative.etat == Avancement.TERMINEE for initiative in siennes)
    faites = accorder(finies, _("initiative terminée"), _("initiatives terminées"))
    return PlanPublie(
        f"{titre}.",
        _("Accepté par le CQEN (Centre québécois d'excellence numérique) le %s.") % jour(plan.valide_le),
        _("%(faites)s sur %(toutes)s.") % {"faites": faites, "toutes": nombre(len(siennes))},
        _tableau(siennes),
    )


def _strategie(edition: Edition, plan: PlanTransformation) -> tuple[str, str, str]:
    """Le début, le code et le titre de sa stratégie que l'édition a figés; d'avant qu'on les fige, ceux de ce jour."""
    code = plan.strategie.code
    for figee in edition.catalogue.get("strategies", []):
        if figee["code"] == code:
            return figee["debut"], code, figee["titre"]
    return plan.strategie.debut.isoformat(), code, plan.strategie.titre


def _tableau(initiatives: list[Initiative]) -> Tableau:
    colonnes = [Colonne(titre) for titre in (_("Initiative"), _("Période"), _("État"))]
    colonnes.append(Colonne(_("Progrès"), CHIFFRE))
    lignes = [
        [citer(i.titre), periode(i), _(Avancement(i.etat).label), cible_en_texte(Fraction(i.progres, 100))]
        for i in initiatives
    ]
    return dresser(_("Les initiatives de son plan"), colonnes, lignes)
