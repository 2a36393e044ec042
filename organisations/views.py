"""Le plan d'une organisation: le lire, l'écrire, le transmettre, le corriger."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from organisations import courriels
from organisations.comptes.seances import reprendre_le_formulaire
from organisations.forms import FormulaireDeCorrection, SaisieDuPlan
from organisations.horloge import maintenant
from organisations.http import lire_ou_ecrire, organisation_de, vers
from organisations.models import (
    MODIFIABLES,
    Conflit,
    DroitManquant,
    EvenementPlan,
    Habilitation,
    Initiative,
    PlanTransformation,
    Role,
    Statut,
    Strategie,
    TransitionInterdite,
)

ENVOIS = ("enregistrer", "transmettre")  # tout autre geste ne fait que remanier la liste des initiatives
DEJA_TRANSMIS = "Ce qui est transmis ne se modifie plus."
A_RELIRE = "Ce plan a changé depuis que vous l'avez ouvert : relisez-le, puis transmettez de nouveau."


@lire_ou_ecrire
def plan(requete: HttpRequest, slug: str) -> HttpResponse:
    """Le plan de la stratégie en cours: le lire, l'écrire, le transmettre."""
    courant = _plan(requete, slug)
    if requete.method == "POST":
        return _ecrire_le_plan(requete, courant, SaisieDuPlan(requete.POST, requete.FILES))
    if tape := reprendre_le_formulaire(requete):
        return _page_du_plan(requete, courant, saisie=SaisieDuPlan(tape).confrontee(courant))
    return _page_du_plan(requete, courant)


def _ecrire_le_plan(requete: HttpRequest, courant: PlanTransformation, saisie: SaisieDuPlan) -> HttpResponse:
    """Enregistre, transmet, ou remanie la liste; refusée, la page revient telle que tapée."""
    geste = requete.POST.get("geste", "enregistrer")
    transmettre = geste == "transmettre"
    if geste not in ENVOIS or not saisie.verifier(complete=transmettre):
        return _remontrer(requete, courant, saisie, geste)
    try:
        if transmettre:
            courant.exiger_de_transmettre(requete.user)  # avant d'écrire: un refus ne laisse pas de fichier
        phrase = _enregistrer(courant, saisie, requete.user, transmettre=transmettre)
    except TransitionInterdite as refus:
        return _refuser(requete, courant, saisie, 403 if isinstance(refus, DroitManquant) else 409, str(refus))
    if phrase:
        messages.success(requete, phrase)
    return vers("plan", courant.organisation.slug)


def _remontrer(requete: HttpRequest, courant: PlanTransformation, saisie: SaisieDuPlan, geste: str) -> HttpResponse:
    """La page telle que tapée, sa liste remaniée ou ses fautes dites. Un plan parti ne redevient pas un formulaire."""
    if courant.statut not in MODIFIABLES:
        return _refuser(requete, courant, saisie, 409, DEJA_TRANSMIS)
    if geste not in ENVOIS:
        return _page_du_plan(requete, courant, saisie=saisie.remaniee(geste))
    return _page_du_plan(requete, courant, 413 if saisie.est_trop_lourde else 400, saisie=saisie)


def _refuser(
    requete: HttpRequest, lu: PlanTransformation, saisie: SaisieDuPlan, statut: int, refus: str
) -> HttpResponse:
    """La page à jour, avec ce que la personne avait tapé et ce qu'une autre a écrit."""
    autre = _plan(requete, lu.organisation.slug)
    return _page_du_plan(requete, autre, statut, saisie=saisie.confrontee(autre), refus=refus)


@transaction.atomic
def _enregistrer(lu: PlanTransformation, saisie: SaisieDuPlan, par, *, transmettre: bool) -> str:
    """Écrit, transmet au besoin, et dit ce qui est fait. Un envoi rejoué ne refait rien."""
    le, cle = maintenant(), {"organisation": lu.organisation, "strategie": lu.strategie}
    plan = PlanTransformation.objects.ouvrir(par=par, le=le, cle=cle, debut=lu.debut, fin=lu.fin, resume="")
    document = saisie.plan.cleaned_data["document"]
    change = plan.rediger(saisie.contenu, par=par, le=le, jeton=saisie.lu, document=document)
    if plan.statut not in MODIFIABLES:  # le même envoi, rejoué après la transmission
        return ""
    if not transmettre:
        return "Le brouillon est enregistré." if change else "Rien n'a changé depuis le dernier enregistrement."
    if not change and plan.jeton != saisie.lu and not _meme_tour(plan, saisie.lu):
        raise Conflit(A_RELIRE)
    plan.soumettre(par=par, le=le)
    courriels.accuser_le_plan(plan, par)
    return "Votre plan est transmis au CQEN. Un accusé vous est envoyé par courriel."


def _meme_tour(plan: PlanTransformation, jeton: str) -> bool:
    """Une page périmée parle-t-elle du même brouillon? Après un renvoi, ou une correction ouverte, il faut relire."""
    return plan.statut == Statut.BROUILLON and jeton.startswith(f"{plan.version}.")


@require_POST
def corriger_le_plan(requete: HttpRequest, slug: str) -> HttpResponse:
    """Ouvrir la version suivante d'un plan accepté."""
    courant, formulaire = _plan(requete, slug), FormulaireDeCorrection(requete.POST)
    if not formulaire.is_valid():
        acceptee = courant.statut == Statut.VALIDE  # elle seule montre le champ à remplir
        return _page_du_plan(requete, courant, 400, correction=formulaire) if acceptee else vers("plan", slug)
    motif = formulaire.cleaned_data["motif"]
    if not courant.pk or (courant.statut in MODIFIABLES and courant.motif_de_correction == motif):  # rien, ou rejoué
        return vers("plan", slug)
    try:
        courant.corriger(par=requete.user, le=maintenant(), motif=motif)
    except TransitionInterdite as refus:
        formulaire.add_error(None, str(refus))
        return _page_du_plan(requete, courant, 409, correction=formulaire)
    return vers("plan", slug)


@require_safe
def plan_version(requete: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Une version du plan, à lire."""
    lue = _plan(requete, slug, version)
    return render(requete, "espace/plan_version.html", {"plan": lue, "initiatives": lue.initiatives.order_by("rang")})


@require_safe
def plan_document(requete: HttpRequest, slug: str, version: int | None = None) -> HttpResponseBase:
    """Le document joint au plan, sous un nom que nous choisissons; celui d'une version au besoin."""
    try:
        octets = _plan(requete, slug, version).document.open()
    except (ValueError, OSError) as absent:
        raise Http404("Ce plan n'a pas de document.") from absent
    suite = "" if version is None else f"-v{version}"
    nom = f"plan-{slug}{suite}.pdf"
    return FileResponse(octets, as_attachment=True, filename=nom, content_type="application/pdf")


def _plan(requete: HttpRequest, slug: str, version: int | None = None) -> PlanTransformation:
    """Le plan de la stratégie en cours, dans cette version, à défaut la dernière; neuf s'il n'est pas commencé."""
    organisation = organisation_de(requete, slug)
    strategie = Strategie.objects.en_cours(timezone.localdate(maintenant()))
    if strategie is None:
        raise Http404("Aucune stratégie n'est enregistrée.")
    cle = {"organisation": organisation, "strategie": strategie}
    plans = PlanTransformation.objects.select_related(*cle)
    if version is not None:
        return get_object_or_404(plans, **cle, version=version)
    return plans.derniere_version(**cle) or PlanTransformation(**cle, debut=strategie.debut, fin=strategie.fin)


def _peut_transmettre(requete: HttpRequest, courant: PlanTransformation) -> bool:
    return Habilitation.objects.permettent(requete.user, courant.organisation, Role.TRANSMISSION)


def _page_du_plan(requete: HttpRequest, courant: PlanTransformation, statut: int = 200, **montre: Any) -> HttpResponse:
    renvois = EvenementPlan.objects.filter(dossier_id=courant.pk, de=Statut.SOUMIS, vers=Statut.A_CORRIGER)
    contexte = {
        "plan": courant,
        "saisie": SaisieDuPlan.du(courant),
        "se_modifie": courant.statut in MODIFIABLES,
        "duree_de_seance": settings.SEANCE_INACTIVITE,
        "refus": "",
        "correction": FormulaireDeCorrection(),
        "peut_transmettre": _peut_transmettre(requete, courant),
        "initiatives": Initiative.objects.filter(plan_id=courant.pk).order_by("rang"),
        "versions": courant.organisation.plans.filter(strategie=courant.strategie).order_by("-version"),
        "renvoi": renvois.order_by("pk").last(),
    }
    return render(requete, "espace/plan.html", contexte | montre, status=statut)
