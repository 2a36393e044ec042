"""L'espace des organisations: quel objet, quel geste, quelle page ensuite."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from indicateurs import calendrier, courriels, pages
from indicateurs.forms import FormulaireDeProlongation, FormulaireDuTrimestre, Fusion
from indicateurs.models import DemandeProlongation, Soumission, Trimestre
from indicateurs.tableur import Depot, remplir
from organisations.comptes.seances import reprendre_le_formulaire
from organisations.forms import FormulaireDeCorrection
from organisations.horloge import maintenant
from organisations.http import lire_ou_ecrire, organisation_de, repondre, saisi, vers
from organisations.models import MODIFIABLES, DroitManquant, Organisation, Statut, TransitionInterdite


@require_safe
def espace(requete: HttpRequest) -> HttpResponse:
    """Les organisations de la personne; s'il n'y en a qu'une, son tableau de bord."""
    organisations = list(Organisation.objects.pour(requete.user).order_by("nom", "sigle"))
    if len(organisations) == 1:
        return redirect("tableau", organisations[0].slug)
    return render(requete, "espace/liste.html", pages.bord.liste(organisations, maintenant()))


@require_safe
def tableau(requete: HttpRequest, slug: str) -> HttpResponse:
    """Le tableau de bord d'une organisation."""
    contexte = pages.bord.contexte(organisation_de(requete, slug), maintenant())
    return render(requete, "espace/tableau.html", contexte | {"a_un_facteur": is_mfa_enabled(requete.user)})


@require_safe
def echeances(requete: HttpRequest) -> HttpResponse:
    """Les échéances de la personne, pour son calendrier."""
    entetes = {"Content-Disposition": 'attachment; filename="echeances.ics"'}
    agenda = calendrier.echeances(requete.user, maintenant())
    return HttpResponse(agenda, content_type="text/calendar; charset=utf-8", headers=entetes)


@lire_ou_ecrire
def saisie(requete: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Le formulaire d'un trimestre, ou ce qui en fut transmis."""
    soumission = _soumission(requete, slug, code)
    if requete.method == "POST":
        return _ecrire(requete, FormulaireDuTrimestre(soumission, requete.POST))
    if soumission.statut not in MODIFIABLES:
        return render(requete, "espace/version.html", pages.version.contexte(soumission))
    if tape := reprendre_le_formulaire(requete):
        return _formulaire(requete, Fusion(soumission, FormulaireDuTrimestre(soumission, tape)), gardee=True)
    return _formulaire(requete, FormulaireDuTrimestre(soumission, reprendre="reprendre" in requete.GET))


def _ecrire(requete: HttpRequest, formulaire: FormulaireDuTrimestre) -> HttpResponse:
    """Enregistre ou transmet; refusé, la page revient telle que tapée."""
    faire = _transmettre if requete.POST.get("geste") == "transmettre" else _enregistrer
    try:
        return faire(requete, formulaire)
    except ValidationError as refus:
        return _refuser(requete, formulaire, 400, f"Rien n'est enregistré. {refus.messages[0]}")
    except TransitionInterdite as refus:
        return _refuser(requete, formulaire, 403 if isinstance(refus, DroitManquant) else 409, str(refus))


def _enregistrer(requete: HttpRequest, formulaire: FormulaireDuTrimestre) -> HttpResponse:
    soumission, _ = formulaire.enregistrer(par=requete.user, le=maintenant())
    if soumission.pk and soumission.statut in MODIFIABLES:  # sinon, le même envoi rejoué après la transmission
        messages.success(requete, pages.saisie.ENREGISTRE)
    return vers("saisie", soumission.organisation.slug, soumission.trimestre.code)


def _transmettre(requete: HttpRequest, formulaire: FormulaireDuTrimestre) -> HttpResponse:
    if not formulaire.verifier():
        return _formulaire(requete, formulaire, 400)
    soumission, vient_de_partir = formulaire.transmettre(par=requete.user, le=maintenant())
    if vient_de_partir:
        courriels.accuser(soumission, par=requete.user)
    return vers("accuse", soumission.organisation.slug, soumission.trimestre.code, str(soumission.version))


def _refuser(requete: HttpRequest, perdant: FormulaireDuTrimestre, statut: int, phrase: str) -> HttpResponse:
    """La page à jour, avec ce que la personne avait tapé et ce que l'autre a écrit."""
    avant = perdant.soumission
    cle = {"organisation": avant.organisation, "trimestre": avant.trimestre}
    soumission = Soumission.objects.select_related(*cle).derniere_version(**cle) or avant
    return _formulaire(requete, Fusion(soumission, perdant), statut, refus=phrase)


def _formulaire(
    requete: HttpRequest, formulaire: FormulaireDuTrimestre, statut: int = 200, **plus: Any
) -> HttpResponse:
    contexte = pages.saisie.contexte(formulaire, requete.user, maintenant(), montrer_les_erreurs=statut == 400, **plus)
    return render(requete, "espace/saisie.html", contexte, status=statut)


@lire_ou_ecrire
def tableur(requete: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Déposer un classeur: vérifié d'abord, sans rien écrire; la page montre ce qui changerait."""
    formulaire = FormulaireDuTrimestre(_soumission(requete, slug, code))
    if formulaire.soumission.statut not in MODIFIABLES:
        return vers("saisie", slug, code)
    depot = Depot(formulaire, requete.FILES.get("fichier")) if requete.method == "POST" else None
    contexte = pages.tableur.contexte(formulaire, depot)
    return render(requete, "espace/tableur.html", contexte, status=depot.statut if depot else 200)


@require_safe
def classeur(requete: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Le classeur à remplir, fait pour cette organisation et ce trimestre."""
    formulaire = FormulaireDuTrimestre(_soumission(requete, slug, code))
    entetes = {"Content-Disposition": f'attachment; filename="barometre-{slug}-{code}.xlsx"'}
    return HttpResponse(remplir(formulaire), content_type=pages.tableur.XLSX, headers=entetes)


@require_safe
def version(requete: HttpRequest, slug: str, code: str, version: int) -> HttpResponse:
    """Une version de ce qui fut dit d'un trimestre."""
    return render(requete, "espace/version.html", pages.version.contexte(_version(requete, slug, code, version)))


@require_safe
def accuse(requete: HttpRequest, slug: str, code: str, version: int) -> HttpResponse:
    """L'accusé d'une transmission, à imprimer."""
    transmise = _version(requete, slug, code, version)
    return render(requete, "espace/accuse.html", pages.version.accuse(transmise))


@require_safe
def accuse_en_texte(requete: HttpRequest, slug: str, code: str, version: int) -> HttpResponse:
    """Le texte dont l'empreinte est le SHA-256."""
    texte = pages.version.accuse(_version(requete, slug, code, version))["texte"]
    entetes = {"Content-Disposition": f'attachment; filename="accuse-{slug}-{code}-v{version}.txt"'}
    return HttpResponse(texte, content_type="text/plain; charset=utf-8", headers=entetes)


@lire_ou_ecrire
def corriger(requete: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Ouvrir une version nouvelle d'un trimestre accepté, avec une raison."""
    soumission = _soumission(requete, slug, code)
    if soumission.statut != Statut.VALIDE and (requete.method != "POST" or soumission.pk is None):
        return vers("saisie", slug, code)
    forme = FormulaireDeCorrection(saisi(requete))

    def faire() -> HttpResponse:
        motif = forme.cleaned_data["motif"]
        if soumission.motif_de_correction != motif or soumission.statut not in MODIFIABLES:
            soumission.corriger(par=requete.user, le=maintenant(), motif=motif)
        return vers("saisie", slug, code)

    return repondre(requete, forme, faire, "espace/corriger.html", {"soumission": soumission})


@lire_ou_ecrire
def prolongation(requete: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Demander plus de temps, et lire la réponse."""
    organisation = organisation_de(requete, slug)
    trimestre = _trimestre(organisation, code)
    forme, le = FormulaireDeProlongation(saisi(requete)), maintenant()

    def faire() -> HttpResponse:
        cle = (organisation, trimestre)
        demande = DemandeProlongation.objects.demander(*cle, par=requete.user, le=le, **forme.cleaned_data)
        if demande.demandee_le == le:  # neuve, et non redite
            courriels.annoncer_la_demande(demande)
        return vers("prolongation", slug, code)

    contexte = pages.prolongation.contexte(organisation, trimestre, le)
    return repondre(requete, forme, faire, "espace/prolongation.html", contexte)


def _trimestre(organisation: Organisation, code: str) -> Trimestre:
    """Le trimestre, si l'organisation doit y déclarer; 404 sinon."""
    trimestre = get_object_or_404(Trimestre, code=code)
    if not organisation.est_attendue(trimestre.fin):
        raise Http404("Cette organisation n'a pas à déclarer pour ce trimestre.")
    return trimestre


def _soumission(requete: HttpRequest, slug: str, code: str) -> Soumission:
    """La dernière version de ce trimestre, ou une première, pas encore enregistrée."""
    organisation = organisation_de(requete, slug)
    trimestre = _trimestre(organisation, code)
    cle = {"organisation": organisation, "trimestre": trimestre}
    soumission = Soumission.objects.derniere_version(**cle) or Soumission()
    soumission.organisation, soumission.trimestre = organisation, trimestre  # déjà lus
    return soumission


def _version(requete: HttpRequest, slug: str, code: str, version: int) -> Soumission:
    """Cette version, si elle est de l'organisation de la personne; 404 sinon."""
    toutes = Soumission.objects.select_related("organisation", "trimestre", "soumis_par")
    siennes = toutes.filter(organisation=organisation_de(requete, slug), trimestre__code=code)
    return get_object_or_404(siennes, version=version)
