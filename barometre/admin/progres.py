"""Publier sous les yeux de la personne: chaque étape s'écrit quand elle commence, sans script."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from barometre.admin.simulation import FormulaireDeSimulation, simulation
from barometre.models import Edition, PublicationChangee, PublicationRefusee
from organisations.traces import CONFLIT, statuer
from organisations.traces import PANNE as EN_PANNE

ICI = "<!-- ici -->"  # où, dans le cadre de la page, s'écrivent les étapes
PANNE = "Une panne a interrompu la publication. Regardez la liste des éditions avant de recommencer."

journal = logging.getLogger(__name__)


def raconter(
    request: HttpRequest,
    formulaire: FormulaireDeSimulation,
    cadre: str,
    consigner: Callable[[HttpRequest, Edition], None],
) -> Iterator[str]:
    """La page, morceau par morceau, pendant que l'édition se publie.

    Le cadre est écrit d'avance: la séance et ses messages sont réglés avant le premier octet. Si la personne coupe,
    ce générateur se ferme, et la transaction avec lui: rien n'est publié, sauf ce qui l'était déjà.
    """
    debut, fin = cadre.split(ICI)
    yield debut
    try:
        faits = {"par": request.user, "jeton": request.POST["jeton"], **formulaire.faits}
        with closing(Edition.publier_par_etapes(**faits)) as etapes:
            for etape in etapes:
                if etape.edition:
                    consigner(request, etape.edition)
                yield _dire(request, etape=etape)
    except PublicationChangee as refus:
        statuer(CONFLIT)
        yield _dire(request, refus=refus, **simulation(formulaire, request.user))
    except PublicationRefusee as refus:
        statuer(CONFLIT)
        yield _dire(request, refus=refus)
    except Exception:
        statuer(EN_PANNE)
        journal.exception("Une publication a été interrompue.")
        yield _dire(request, refus=PANNE)
    yield fin


def _dire(request: HttpRequest, **contexte: Any) -> str:
    return render_to_string("admin/publication/etape.html", {"etape": None, "projet": None} | contexte, request)
