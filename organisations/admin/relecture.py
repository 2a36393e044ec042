"""La relecture au CQEN: une page par dossier, *Valider* ou *Renvoyer*, puis le suivant.

Rien ne change que par les verbes du dossier, en POST, avec le jeton de ce que la page montrait.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern

from organisations import courriels
from organisations.admin.base import est_une_cle
from organisations.admin.file import FileDeRelecture
from organisations.admin.renvoi import FormulaireDeRenvoi
from organisations.comptes.seances import reprendre_le_formulaire
from organisations.horloge import maintenant
from organisations.models import Attribution, Conflit, Statut, TransitionInterdite
from organisations.phrases import passage

DEJA = {
    Statut.VALIDE: "déjà accepté ce dossier",
    Statut.A_CORRIGER: "déjà renvoyé ce dossier à l'organisation",
    Statut.REMPLACE: "déjà accepté une version plus récente",
}


class Relecture(FileDeRelecture):
    """Lire un dossier et en décider. La classe concrète dit ce que sa page montre."""

    gabarit = ""

    def chez_l_organisation(self, dossier: Any) -> str:
        """L'adresse complète de la page où l'organisation le retrouve."""
        raise NotImplementedError

    def contexte(self, dossier: Any) -> dict[str, Any]:
        """Ce que la page montre de ce dossier, et de ce qu'il change."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        """Celles de Django, et les deux gestes."""
        gestes = {"valider": self.valider, "renvoyer": self.renvoyer}
        siennes = [self.adresse(f"<path:object_id>/{nom}/", nom, vue) for nom, vue in gestes.items()]
        return siennes + super().get_urls()

    # --- la page -----------------------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """La page d'un dossier, en lecture seule."""
        dossier = self.lire(request, object_id)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        renvoi = FormulaireDeRenvoi(reprendre_le_formulaire(request))
        renvoi.is_valid()  # ce qui fut tapé avant la fin de la séance, relu
        return self._page(request, dossier, renvoi)

    def lire(self, request: HttpRequest, cle: str) -> Any:
        """Le dossier de cette clé, pour qui peut relire; 404 s'il n'existe pas ou ne fut jamais transmis."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        relus = self.get_queryset(request).select_related(
            *self.list_select_related, "organisation__ministere", "soumis_par", "valide_par"
        )
        return get_object_or_404(relus, pk=cle if est_une_cle(cle) else None)

    def _page(self, request: HttpRequest, dossier: Any, renvoi: FormulaireDeRenvoi, statut: int = 200) -> HttpResponse:
        filtres, place = self.filtres(request), self.place(request, dossier)
        voisins = {"precedent": place.precedent, "suivant": place.suivant}
        gestes = ("valider", "renvoyer")
        contexte = {
            **self.admin_site.each_context(request),
            "title": self.nommer(dossier),
            "subtitle": None,
            "opts": self.opts,
            "dossier": dossier,
            "version_d_avant": dossier.version - 1,
            "attitrees": self._attitrees(dossier),
            "etat": self.etat(dossier),
            "est_a_relire": dossier.statut == Statut.SOUMIS,
            "a_transmis": dossier.journal.filter(vers=Statut.SOUMIS, par=request.user.pk).exists(),
            "filtres": filtres,
            "place": place,
            "restants": self.dire(place.reste),
            "renvoi": renvoi,
            "garde": renvoi.motif if renvoi.is_bound else "",
            "journal": self._journal(dossier),
            "liste": self.vers("changelist", filtres=filtres),
            "vers": {geste: self.vers(geste, dossier.pk) for geste in gestes}
            | {nom: cle and self.vers("change", cle, filtres=filtres) for nom, cle in voisins.items()},
        }
        return render(request, self.gabarit, contexte | self.contexte(dossier), status=statut)

    def _attitrees(self, dossier: Any) -> list[str]:
        """Qui relit d'ordinaire ce portefeuille."""
        attributions = Attribution.objects.filter(portefeuille=dossier.organisation.tete).order_by("pk")
        return [str(attribution.relecteur) for attribution in attributions.select_related("relecteur")]

    def _journal(self, dossier: Any) -> list[dict[str, Any]]:
        """Les passages d'un statut à l'autre: quand, qui, quoi, pourquoi."""
        passages = dossier.journal.filter(changements__isnull=True).select_related("par").order_by("pk")
        return [{"le": p.le, "par": p.par, "quoi": passage(p.vers), "motif": p.motif} for p in passages]

    # --- les gestes --------------------------------------------------------------------------------------------------

    def valider(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Accepter le dossier tel que la page le montrait."""
        dossier = self.lire(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            self.accepter(request, dossier, request.POST.get("jeton", ""))
        except TransitionInterdite as refus:
            return self._refuser(request, dossier, refus)
        self.annoncer([dossier])
        return self._poursuivre(request, dossier, "accepté")

    def renvoyer(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Rendre le dossier à l'organisation, avec une raison; mal rempli ou périmé, ce qui est tapé se garde."""
        dossier = self.lire(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        renvoi = FormulaireDeRenvoi(request.POST)
        if not renvoi.is_valid() and dossier.statut == Statut.SOUMIS:
            return self._page(request, dossier, renvoi, statut=400)
        try:
            self._rendre(request, dossier, renvoi.motif)
        except TransitionInterdite as refus:
            return self._refuser_le_renvoi(request, object_id, refus, renvoi)
        return self._poursuivre(request, dossier, "renvoyé à l'organisation")

    @transaction.atomic
    def accepter(self, request: HttpRequest, dossier: Any, jeton: str) -> None:
        """Le verbe et sa trace, ensemble."""
        dossier.valider(par=request.user, le=maintenant(), jeton=jeton)
        self.log_change(request, dossier, "Accepté.")

    def annoncer(self, acceptes: Sequence[Any]) -> None:
        """Un courriel à qui a transmis chacun de ces dossiers acceptés."""
        courriels.annoncer_les_acceptations([(d, self.nommer(d), self.chez_l_organisation(d)) for d in acceptes])

    @transaction.atomic
    def _rendre(self, request: HttpRequest, dossier: Any, motif: str) -> None:
        dossier.renvoyer(par=request.user, le=maintenant(), motif=motif, jeton=request.POST.get("jeton", ""))
        self.log_change(request, dossier, "Renvoyé à l'organisation.")
        courriels.annoncer_le_renvoi(dossier, self.nommer(dossier), self.chez_l_organisation(dossier), motif)

    # --- et ensuite --------------------------------------------------------------------------------------------------

    def est_deja_fait(self, request: HttpRequest, dossier: Any, vers: str, jeton: str, motif: str = "") -> bool:
        """Ce geste, de cette personne, sur ce que montrait ce jeton, est-il le dernier? Un envoi rejoué l'est."""
        dernier = dossier.journal.filter(changements__isnull=True).order_by("-pk").first()
        sien = (dernier.vers, dernier.par_id, dernier.motif) == (vers, request.user.pk, motif)
        return sien and dossier.statut == vers and dossier.jeton == jeton

    def dire_le_refus(self, request: HttpRequest, dossier: Any, refus: TransitionInterdite) -> str:
        """Ce qui s'est passé, et par qui si quelqu'un a décidé avant."""
        if isinstance(refus, Conflit) or dossier.statut not in DEJA:
            return str(refus)
        dernier = dossier.journal.filter(vers=dossier.statut).select_related("par").order_by("-pk").first()
        qui = "Vous avez" if dernier.par == request.user else f"{dernier.par} a"
        return f"{qui} {DEJA[dossier.statut]}. Votre geste n'a rien changé."

    def _refuser(self, request: HttpRequest, dossier: Any, refus: TransitionInterdite) -> HttpResponse:
        """La page relue, avec la phrase; pour un double clic, la suite, comme au premier."""
        dossier.refresh_from_db()
        if self.est_deja_fait(request, dossier, Statut.VALIDE, request.POST.get("jeton", "")):
            return self._rejouer(request, dossier)
        self.message_user(request, self.dire_le_refus(request, dossier, refus), messages.ERROR)
        return HttpResponseRedirect(self.vers("change", dossier.pk, filtres=self.filtres(request)), status=303)

    def _refuser_le_renvoi(
        self, request: HttpRequest, cle: str, refus: TransitionInterdite, renvoi: FormulaireDeRenvoi
    ) -> HttpResponse:
        """De même, mais ce qui est tapé reste dans la page."""
        dossier = self.lire(request, cle)
        if self.est_deja_fait(request, dossier, Statut.A_CORRIGER, request.POST.get("jeton", ""), renvoi.motif):
            return self._rejouer(request, dossier)
        phrase = self.dire_le_refus(request, dossier, refus)
        if dossier.statut == Statut.SOUMIS:
            renvoi.add_error(None, phrase)
        else:  # le formulaire ne s'y montre plus
            self.message_user(request, phrase, messages.ERROR)
        return self._page(request, dossier, renvoi, statut=409)

    def _rejouer(self, request: HttpRequest, dossier: Any) -> HttpResponse:
        self.message_user(request, f"{self.nommer(dossier)} : c'était déjà fait.", messages.INFO)
        return self._suivant(request, self.place(request, dossier).suivant)

    def _poursuivre(self, request: HttpRequest, dossier: Any, fait: str) -> HttpResponse:
        """Dit ce qui est fait et ce qui reste, et ouvre le dossier suivant."""
        place = self.place(request, dossier)
        self.message_user(
            request, f"{self.nommer(dossier)} : {fait}. {self.dire(place.reste)} à relire.", messages.SUCCESS
        )
        return self._suivant(request, place.suivant)

    def _suivant(self, request: HttpRequest, cle: int | None) -> HttpResponse:
        """Le dossier suivant de la file; sinon la liste."""
        filtres = self.filtres(request)
        adresse = self.vers("change", cle, filtres=filtres) if cle else self.vers("changelist", filtres=filtres)
        return HttpResponseRedirect(adresse, status=303)
