"""Les demandes d'accompagnement d'une organisation: quel fil, quel message, quelle page ensuite."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from indicateurs import courriels, pages
from indicateurs.accompagnement.forms import FormulaireDeDemande, FormulaireDeMessage, cle_lue
from indicateurs.models import DemandeAccompagnement
from organisations.comptes.seances import reprendre_le_formulaire
from organisations.horloge import maintenant
from organisations.http import lire_ou_ecrire, organisation_de, repondre, saisi, vers
from organisations.models import TransitionInterdite

ENVOYEE = "Votre demande est envoyée au CQEN. Sa réponse viendra ici, et par courriel."


@require_safe
def accompagnement(requete: HttpRequest, slug: str) -> HttpResponse:
    """Les demandes de l'organisation, et où en est chacune."""
    contexte = pages.accompagnement.liste(organisation_de(requete, slug))
    return render(requete, "espace/accompagnement.html", contexte)


@lire_ou_ecrire
def demander(requete: HttpRequest, slug: str) -> HttpResponse:
    """Demander l'appui du CQEN."""
    organisation = organisation_de(requete, slug)
    forme = FormulaireDeDemande(saisi(requete), initial=_repris(requete))

    @transaction.atomic
    def faire() -> HttpResponse:
        faits = forme.cleaned_data | {"par": requete.user, "le": maintenant()}
        demande, neuve = DemandeAccompagnement.objects.demander(organisation, **faits)
        if neuve:
            courriels.prevenir_le_cqen(demande, courriels.DEMANDE)
            messages.success(requete, ENVOYEE)
        return vers("demande", slug, str(demande.pk))

    return repondre(requete, forme, faire, "espace/accompagnement_demander.html", {"organisation": organisation})


@lire_ou_ecrire
def demande(requete: HttpRequest, slug: str, cle: int) -> HttpResponse:
    """Le fil d'une demande: le lire, y écrire."""
    lue = _demande(requete, slug, cle)
    contexte = pages.accompagnement.fil(lue)
    forme = FormulaireDeMessage(contexte["fil"], saisi(requete), _repris(requete))

    @transaction.atomic
    def faire() -> HttpResponse:
        if lue.repondre(**forme.cleaned_data, par=requete.user, le=maintenant()):
            courriels.prevenir_le_cqen(lue, courriels.MESSAGE)
            messages.success(requete, "Votre message est envoyé au CQEN.")
        return vers("demande", slug, str(cle))

    return repondre(requete, forme, faire, "espace/accompagnement_fil.html", contexte)


@require_POST
def clore(requete: HttpRequest, slug: str, cle: int) -> HttpResponse:
    """Fermer une demande; déjà close, elle le reste."""
    lue, lu = _demande(requete, slug, cle), cle_lue(requete.POST, "lu") or 0
    try:
        with transaction.atomic():
            if lue.clore(par=requete.user, le=maintenant(), lu=lu):
                courriels.prevenir_le_cqen(lue, courriels.CLOTURE)
                messages.success(requete, "La demande est close.")
    except TransitionInterdite as refus:
        messages.error(requete, str(refus))
    return vers("demande", slug, str(cle))


def _demande(requete: HttpRequest, slug: str, cle: int) -> DemandeAccompagnement:
    """Cette demande, si elle est de l'organisation de la personne; 404 sinon."""
    siennes = DemandeAccompagnement.objects.filter(organisation=organisation_de(requete, slug))
    return get_object_or_404(siennes.select_related("organisation", "indicateur", "demandee_par"), pk=cle)


def _repris(requete: HttpRequest) -> dict[str, str]:
    """Ce qui était tapé quand la séance a pris fin, s'il y a lieu."""
    tape = reprendre_le_formulaire(requete) if requete.method != "POST" else None
    return {nom: str(dit) for nom, dit in tape.items()} if tape else {}
