"""Les fiches d'expertise d'une organisation: les lire, en proposer, les transmettre, les corriger."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from indicateurs import courriels, pages
from indicateurs.expertise.forms import FormulaireDeFiche
from indicateurs.models import FicheExpertise
from organisations.comptes.seances import reprendre_le_formulaire
from organisations.forms import FormulaireDeCorrection
from organisations.horloge import maintenant
from organisations.http import lire_ou_ecrire, organisation_de, vers
from organisations.models import MODIFIABLES, Conflit, DroitManquant, Statut, TransitionInterdite

DEJA_TRANSMIS = "Ce qui est transmis ne se modifie plus."
A_RELIRE = (
    "Cette fiche a changé depuis que vous l'avez ouverte : relisez-la dans la liste, puis transmettez de nouveau."
)
ENREGISTREE = "Le brouillon est enregistré. Rien n'est encore transmis."
INCHANGEE = "Rien n'a changé depuis le dernier enregistrement."
DEJA_COMMENCEE = "Cette fiche est déjà commencée; voici sa dernière version."
TRANSMISE = "Votre fiche est transmise au CQEN. Un accusé vous est envoyé par courriel."


@require_safe
def fiches(requete: HttpRequest, slug: str) -> HttpResponse:
    """Les fiches de l'organisation, et où en est chacune."""
    return render(requete, "espace/fiches.html", pages.expertise.liste(organisation_de(requete, slug)))


@lire_ou_ecrire
def proposer(requete: HttpRequest, slug: str) -> HttpResponse:
    """Commencer une fiche."""
    return _page_a_ecrire(requete, FicheExpertise(organisation=organisation_de(requete, slug)))


@lire_ou_ecrire
def fiche(requete: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Une fiche dans sa dernière version: la lire, l'écrire, la transmettre."""
    return _page_a_ecrire(requete, _fiche(requete, slug, reference))


def _page_a_ecrire(requete: HttpRequest, courante: FicheExpertise) -> HttpResponse:
    if requete.method == "POST":
        return _ecrire(requete, courante, FormulaireDeFiche(requete.POST))
    if tape := reprendre_le_formulaire(requete):
        return _page(requete, courante, form=FormulaireDeFiche(tape).confrontee(courante))
    return _page(requete, courante)


def _ecrire(requete: HttpRequest, courante: FicheExpertise, forme: FormulaireDeFiche) -> HttpResponse:
    """Enregistre ou transmet; refusée, la page revient telle que tapée."""
    transmettre = requete.POST.get("geste") == "transmettre"
    if not forme.verifier(complete=transmettre):
        if courante.statut in MODIFIABLES:
            return _page(requete, courante, 400, form=forme)
        return _refuser(requete, courante, forme, 409, DEJA_TRANSMIS)
    try:
        ecrite, phrase = _enregistrer(courante, forme, requete.user, transmettre)
    except TransitionInterdite as refus:
        return _refuser(requete, courante, forme, 403 if isinstance(refus, DroitManquant) else 409, str(refus))
    if phrase:
        messages.success(requete, phrase)
    return vers("fiche", ecrite.organisation.slug, ecrite.reference)


def _refuser(
    requete: HttpRequest, lue: FicheExpertise, forme: FormulaireDeFiche, statut: int, refus: str
) -> HttpResponse:
    """La page à jour, avec ce que la personne avait tapé et ce qu'une autre a écrit."""
    autre = _fiche(requete, lue.organisation.slug, lue.reference) if lue.pk else lue
    return _page(requete, autre, statut, form=forme.confrontee(autre), refus=refus)


@transaction.atomic
def _enregistrer(lue: FicheExpertise, forme: FormulaireDeFiche, par, transmettre: bool) -> tuple[FicheExpertise, str]:
    """Écrit, transmet au besoin; rend la fiche et ce qui est fait. Un envoi rejoué ne refait rien."""
    fiche, change = _rediger(lue, forme, par)
    if fiche.statut not in MODIFIABLES:  # le même envoi, rejoué après la transmission
        return fiche, ""
    if not transmettre:
        inchangee = INCHANGEE if lue.pk else DEJA_COMMENCEE
        return fiche, ENREGISTREE if change else inchangee
    if not change and not _dit_encore(fiche, forme):
        raise Conflit(A_RELIRE)
    fiche.soumettre(par=par, le=maintenant())
    courriels.accuser_la_fiche(fiche, par)
    return fiche, TRANSMISE


def _rediger(lue: FicheExpertise, forme: FormulaireDeFiche, par) -> tuple[FicheExpertise, bool]:
    """La fiche écrite, commencée au besoin, et si quelque chose a changé."""
    if lue.pk is None:
        return FicheExpertise.objects.proposer(lue.organisation, forme.contenu, par=par, le=maintenant())
    return lue, lue.rediger(forme.contenu, par=par, le=maintenant(), jeton=forme.lu)


def _dit_encore(fiche: FicheExpertise, forme: FormulaireDeFiche) -> bool:
    """La fiche dit-elle ce qui est envoyé, au même tour? Après un renvoi, ou une correction ouverte, il faut relire."""
    meme_tour = fiche.statut == Statut.BROUILLON and forme.lu.startswith(f"{fiche.version}.")
    return fiche.contenu() == forme.contenu.en_json() and (fiche.jeton == forme.lu or meme_tour)


@require_POST
def corriger(requete: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Ouvrir la version suivante d'une fiche acceptée, avec une raison; l'acceptée reste publique."""
    courante, correction = _fiche(requete, slug, reference), FormulaireDeCorrection(requete.POST)
    if not correction.is_valid():
        acceptee = courante.statut == Statut.VALIDE  # elle seule montre le champ à remplir
        return _page(requete, courante, 400, correction=correction) if acceptee else vers("fiche", slug, reference)
    motif = correction.cleaned_data["motif"]
    if courante.statut not in MODIFIABLES or courante.motif_de_correction != motif:  # sinon, rejoué
        try:
            courante.corriger(par=requete.user, le=maintenant(), motif=motif)
        except TransitionInterdite as refus:
            correction.add_error(None, str(refus))
            return _page(requete, courante, 409, correction=correction)
    return vers("fiche", slug, reference)


@require_safe
def version(requete: HttpRequest, slug: str, reference: str, version: int) -> HttpResponse:
    """Une version d'une fiche, à lire."""
    siennes = _fiches(requete, slug).filter(reference=reference)
    lue = get_object_or_404(siennes, version=version)
    return render(requete, "espace/fiche_version.html", {"fiche": lue, "organisation": lue.organisation})


def _fiches(requete: HttpRequest, slug: str):
    """Celles de l'organisation, si la personne y est habilitée; 404 sinon."""
    siennes = FicheExpertise.objects.filter(organisation=organisation_de(requete, slug))
    return siennes.select_related("organisation", "indicateur")


def _fiche(requete: HttpRequest, slug: str, reference: str) -> FicheExpertise:
    """La dernière version de cette fiche; 404 si elle n'est pas de l'organisation."""
    return get_object_or_404(_fiches(requete, slug).dernieres(), reference=reference)


def _page(requete: HttpRequest, courante: FicheExpertise, statut: int = 200, **montre: Any) -> HttpResponse:
    contexte = pages.expertise.contexte(courante, requete.user)
    formulaires = {"form": FormulaireDeFiche.de(courante), "correction": FormulaireDeCorrection(), "refus": ""}
    return render(requete, "espace/fiche.html", contexte | formulaires | montre, status=statut)
