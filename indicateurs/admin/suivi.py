"""Qui doit quoi, dans l'administration: la matrice d'un trimestre, son fichier, et « rappeler celles-ci »."""

import csv
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from indicateurs import rappels
from indicateurs.admin.filtres import FiltresDuSuivi
from indicateurs.affichage import accorder
from indicateurs.models import Trimestre
from indicateurs.pages import rappel, suivi
from indicateurs.pages.rappel import Prevision
from indicateurs.pages.suivi import Matrice, Selection
from indicateurs.texte import desarmer
from organisations.horloge import maintenant
from organisations.models import Organisation

VOIR, RELIRE, RAPPELER = "indicateurs.view_soumission", "indicateurs.relire_soumission", "indicateurs.rappeler"
PROLONGER = "indicateurs.add_prolongation"
FILTRES = tuple(Selection.__dataclass_fields__)
GABARITS = {"matrice": "admin/suivi/matrice.html", "rappel": "admin/suivi/rappel.html"}
DEJA_PARTI = "Rien de plus n'est parti : ces personnes ont déjà reçu un rappel aujourd'hui, ou tout est transmis."
LISTE_CHANGEE = "Rien n'est parti : la liste a changé depuis que vous l'avez lue. Relisez-la, puis confirmez."
COLONNES = (
    "trimestre",
    "sigle",
    "nom",
    "portefeuille",
    "indicateur",
    "etat",
    "echeance",
    "jours_de_retard",
    "motif",
    "correction",
)


@require_safe
def courant(requete: HttpRequest) -> HttpResponse:
    """Mène au trimestre choisi, sinon au courant, avec les filtres demandés."""
    choisi = {t.code: t for t in Trimestre.objects.all()}.get(requete.GET.get("trimestre", ""))
    trimestre = choisi or suivi.courant(maintenant())
    if trimestre is None:
        messages.info(requete, "Le catalogue n'a encore aucun trimestre.")
        return redirect("admin:index")
    return redirect(_adresse(trimestre, requete.GET.urlencode()))


@require_safe
def matrice(requete: HttpRequest, code: str) -> HttpResponse:
    """La matrice, ses comptes et ses filtres; `cocher` y coche tout ce qui se rappelle."""
    filtres, montree = _lire(requete, code)
    contexte = {
        "filtres": filtres,
        "matrice": montree,
        "comptes": [(compte, filtres.lien(etat=compte.etat)) for compte in montree.comptes],
        "total": accorder(len(montree.rangs), "organisation"),
        "cocher": "cocher" in requete.GET,
        "peut_relire": requete.user.has_perm(RELIRE),
        "peut_rappeler": requete.user.has_perm(RAPPELER) and any(rang.est_rappelable for rang in montree.rangs),
        "prolonger": reverse("admin:indicateurs_prolongation_add") if requete.user.has_perm(PROLONGER) else "",
    }
    return _montrer(requete, "matrice", "Qui doit quoi", montree.trimestre, contexte)


@require_safe
def fichier(requete: HttpRequest, code: str) -> HttpResponse:
    """Les cases de la même matrice, filtrée de même: UTF-8, virgules, dates ISO, vide pour l'inconnu."""
    _, montree = _lire(requete, code)
    texte = StringIO()
    plume = csv.writer(texte, lineterminator="\n")
    plume.writerow(COLONNES)
    plume.writerows([desarmer(case) for case in ligne] for ligne in _lignes(montree))
    entetes = {"Content-Disposition": f'attachment; filename="suivi-{montree.trimestre.code}.csv"'}
    return HttpResponse(texte.getvalue().encode(), content_type="text/csv; charset=utf-8", headers=entetes)


@require_POST
def rappeler(requete: HttpRequest, code: str) -> HttpResponse:
    """Dit à qui un rappel partirait; confirmé, et si rien n'a changé depuis, l'envoie."""
    trimestre, le = get_object_or_404(Trimestre, code=code), maintenant()
    voulues = set(requete.POST.getlist("o"))
    choisies = [o for o in Organisation.objects.order_by("sigle") if o.sigle in voulues]
    prevision = rappel.prevoir(choisies, trimestre, le)
    statut = 200
    if not choisies:
        messages.warning(requete, "Cochez au moins une organisation à rappeler.")
        return _retour(requete, trimestre)
    if "confirmer" in requete.POST:
        if not prevision.envois:
            messages.warning(requete, DEJA_PARTI)
            return _retour(requete, trimestre)
        if requete.POST.get("empreinte") == prevision.empreinte:
            _envoyer(requete, prevision, trimestre)
            return _retour(requete, trimestre)
        messages.warning(requete, LISTE_CHANGEE)
        statut = 409
    filtres = requete.POST.get("filtres", "")
    contexte = {"prevision": prevision, "filtres": filtres, "retour": _adresse(trimestre, filtres)}
    return _montrer(requete, "rappel", "Rappeler des organisations", trimestre, contexte, statut)


def _lire(requete: HttpRequest, code: str) -> tuple[FiltresDuSuivi, Matrice]:
    """Les filtres demandés, et ce qu'ils gardent de la matrice."""
    trimestres = {t.code: t for t in Trimestre.objects.order_by("-code")}
    if code not in trimestres:
        raise Http404
    toute = suivi.matrice(trimestres[code], maintenant())
    filtres = FiltresDuSuivi(requete.GET, toute, trimestres)
    return filtres, toute.filtrer(filtres.filtre)


def _lignes(montree: Matrice) -> Iterator[list[str]]:
    """Une ligne par case, dans l'ordre de `COLONNES`."""
    for rang in montree.rangs:
        qui = [montree.trimestre.code, rang.organisation.sigle, rang.organisation.nom, rang.portefeuille]
        for indicateur, case in zip(montree.indicateurs, rang.cases, strict=True):
            retard = str(case.retard or "")
            echeance = rang.delai.echeance.isoformat()
            yield [*qui, indicateur.code, case.etat.value, echeance, retard, case.motif, case.correction]


def _envoyer(requete: HttpRequest, prevision: Prevision, trimestre: Trimestre) -> None:
    """Envoie ce qui fut montré; dit et note ce qui est parti, et ce qui ne l'est pas."""
    bilan = rappels.envoyer(prevision.envois, maintenant())
    partis = accorder(bilan.envoyes, "rappel envoyé", "rappels envoyés")
    if bilan.envoyes:
        messages.success(requete, f"{partis}.")
        geste = f"{partis} à la main : {bilan.sigles}."
        LogEntry.objects.log_actions(str(requete.user.pk), [trimestre], CHANGE, geste, single_object=True)
    if bilan.echecs:
        echecs = accorder(bilan.echecs.total(), "rappel n'est pas parti", "rappels ne sont pas partis")
        messages.error(requete, f"{echecs} : le courriel ne répond pas. Réessayez plus tard.")
    if len(prevision.envois) > bilan.envoyes + bilan.echecs.total():
        messages.warning(requete, DEJA_PARTI)


def _montrer(
    requete: HttpRequest, page: str, titre: str, trimestre: Trimestre, contexte: dict[str, Any], statut: int = 200
) -> HttpResponse:
    """Une page du suivi, dans l'administration."""
    commun = admin.site.each_context(requete) | {"title": titre, "trimestre": trimestre}
    return render(requete, GABARITS[page], commun | contexte, status=statut)


def _adresse(trimestre: Trimestre, filtres: str) -> str:
    """La matrice d'un trimestre, avec ces filtres; ce qui est vide ou étranger n'y va pas."""
    demande = QueryDict(filtres)
    gardes = {nom: demande[nom] for nom in FILTRES if demande.get(nom)}
    return reverse("suivi", args=[trimestre.code], query=gardes or None)


def _retour(requete: HttpRequest, trimestre: Trimestre) -> HttpResponse:
    """À la matrice d'où l'on vient; 303, pour qu'un rechargement n'envoie rien."""
    return HttpResponseRedirect(_adresse(trimestre, requete.POST.get("filtres", "")), status=303)


def _de_l_equipe(permission: str, vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Une page de l'administration, qu'ouvre une permission."""
    return admin.site.admin_view(permission_required(permission, raise_exception=True)(vue))


urlpatterns = [  # que le site met devant celles de l'administration
    path("suivi/", _de_l_equipe(VOIR, courant), name="suivi_courant"),
    path("trimestre/<slug:code>/suivi/", _de_l_equipe(VOIR, matrice), name="suivi"),
    path("trimestre/<slug:code>/suivi.csv", _de_l_equipe(VOIR, fichier), name="suivi_csv"),
    path("trimestre/<slug:code>/suivi/rappeler/", _de_l_equipe(RAPPELER, rappeler), name="suivi_rappeler"),
]
