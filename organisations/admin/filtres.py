"""Les choix de la file de relecture: état, portefeuille, personne attitrée."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from organisations.models import Attribution, Organisation, Statut

A_RELIRE, TOUS = "a-relire", "tous"
ETATS = {
    A_RELIRE: ("À relire", {"statut": Statut.SOUMIS}),
    "renvoyes": ("Renvoyés", {"statut": Statut.A_CORRIGER}),
    "acceptes": ("Acceptés", {"statut": Statut.VALIDE}),
    TOUS: ("Tous", {}),
}
MIENS, A_PERSONNE = "miens", "personne"


def etat_choisi(dit: str | None) -> str:
    """Celui que l'adresse dit; à relire si elle n'en dit aucun, ou rien de connu."""
    return dit if dit in ETATS else A_RELIRE


class ParEtat(admin.SimpleListFilter):
    """À relire d'abord: la liste répond à une question."""

    title = "état"
    parameter_name = "etat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Les états, en mots."""
        return [(nom, mots) for nom, (mots, _) in ETATS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Ceux de l'état choisi; à relire si rien n'est choisi, ou rien de connu."""
        return queryset.filter(**ETATS[self._choisi][1])

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Les choix, sans le « Tous » de Django: ici, rien de choisi veut dire « à relire »."""
        for nom, mots in self.lookup_choices:
            adresse = changelist.get_query_string({self.parameter_name: nom})
            yield {"selected": nom == self._choisi, "query_string": adresse, "display": mots}

    @property
    def _choisi(self) -> str:
        return etat_choisi(self.value())


class ParPortefeuille(admin.SimpleListFilter):
    """Un ministère, ou un organisme central, et les organisations qui lui sont rattachées."""

    title = "portefeuille"
    parameter_name = "portefeuille"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Les têtes de portefeuille, par sigle."""
        tetes = Organisation.objects.tetes().order_by("sigle").values_list("pk", "sigle")
        return [(str(cle), sigle) for cle, sigle in tetes]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        """Ceux du portefeuille choisi."""
        choisi = self.value()
        return queryset.du_portefeuille(choisi) if choisi in dict(self.lookup_choices) else queryset


class ParPersonneAttitree(admin.SimpleListFilter):
    """Les miens, ceux d'une autre personne, ceux de personne."""

    title = "personne attitrée"
    parameter_name = "attitree"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Moi, puis les autres par nom, puis personne."""
        attributions = Attribution.objects.select_related("relecteur").exclude(relecteur=request.user.pk)
        autres = {str(a.relecteur_id): str(a.relecteur) for a in attributions}
        return [(MIENS, "Moi"), *sorted(autres.items(), key=lambda paire: paire[1]), (A_PERSONNE, "Personne")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        """Ceux des portefeuilles de la personne choisie."""
        choisi = self.value()
        if choisi == A_PERSONNE:
            return queryset.sans_attribution()
        if choisi == MIENS:
            return queryset.attribues_a(request.user.pk)
        return queryset.attribues_a(choisi) if choisi in dict(self.lookup_choices) else queryset
