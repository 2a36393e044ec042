"""L'histoire d'une ligne du catalogue: qui l'a changée, quand, d'où à où. Elle se lit, et ne se rejoue pas.

`SimpleHistoryAdmin` offre en plus une page qui récrit une version passée, même quand son bouton est caché: on ne
garde donc de la bibliothèque que ce qu'elle a noté.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format, number_format

GESTES = {"+": "Ajout", "~": "Changement", "-": "Retrait"}


@dataclass(frozen=True)
class LigneDHistoire:
    """Un geste: quand, par qui, sur quoi, et chaque champ avant et après."""

    le: datetime.datetime
    par: str
    geste: str
    objet: str
    changements: list[tuple[str, str, str]]


class AvecHistoire(admin.ModelAdmin):
    """Une administration dont la page d'histoire dit tout ce qui a changé, y compris ce qui en dépend."""

    histoire_de: tuple[str, ...] = ()  # les liens dont l'histoire se lit sur la même page
    object_history_template = "admin/catalogue/histoire.html"

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """L'histoire, la plus récente d'abord."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        objet = self.get_object(request, unquote(object_id))
        if objet is None:
            raise Http404
        lignes = sorted(self._lignes(objet), key=lambda ligne: ligne.le, reverse=True)
        contexte = {
            **self.admin_site.each_context(request),
            "title": f"Histoire : {objet}",
            "opts": self.opts,
            "objet": objet,
            "lignes": Paginator(lignes, 100).get_page(request.GET.get("p")),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, contexte)

    def _lignes(self, objet: Model) -> Iterator[LigneDHistoire]:
        yield from histoire(type(objet), {"pk": objet.pk})
        for lien in self.histoire_de:
            relation = objet._meta.get_field(lien)
            yield from histoire(relation.related_model, {relation.field.attname: objet.pk}, nommer=_nom)  # type: ignore[arg-type,union-attr]


def histoire(
    modele: type[Model], choix: dict[str, Any], nommer: Callable[[type[Model], Any], str] | None = None
) -> Iterator[LigneDHistoire]:
    """Les gestes sur ces lignes, chacun comparé au précédent de la même ligne; `nommer` dit laquelle."""
    cle = modele._meta.pk.attname
    choix = {cle if nom == "pk" else nom: valeur for nom, valeur in choix.items()}
    notees = modele.history.filter(**choix)._select_related_history_tracked_objs()  # type: ignore[attr-defined]
    notes = list(notees.select_related("history_user").order_by("history_date", "history_id"))
    avant: dict[Any, dict[str, str]] = {}
    for note, dite in zip(notes, _dites(modele, notes), strict=True):
        ancienne = avant.get(getattr(note, cle), dite)
        yield LigneDHistoire(
            le=note.history_date,
            par=str(note.history_user or "Une commande"),
            geste=GESTES[note.history_type],
            objet=nommer(modele, note) if nommer else str(modele._meta.verbose_name),
            changements=[(nom, ancienne[nom], mots) for nom, mots in dite.items() if ancienne[nom] != mots],
        )
        avant[getattr(note, cle)] = dite


def _dites(modele: type[Model], notes: list[Any]) -> Iterator[dict[str, str]]:
    """Chaque note en mots, par nom de champ; les liens multiples en une requête."""
    liens = {champ: _liens(champ, notes) for champ in (notes[0]._history_m2m_fields if notes else ())}
    for note in notes:
        gardes = [champ for champ in modele._meta.concrete_fields if hasattr(note, champ.attname)]
        simples = {str(champ.verbose_name): en_mots(champ, note) for champ in gardes}
        yield simples | {str(champ.verbose_name): ", ".join(sorted(dits[note.pk])) for champ, dits in liens.items()}


def _liens(champ: Any, notes: list[Any]) -> dict[Any, list[str]]:
    """Par note, ce que ce champ nommait."""
    autre = champ.m2m_reverse_field_name()
    dits = defaultdict(list)
    for lien in getattr(notes[0], champ.name).model.objects.filter(history__in=notes).select_related(autre):
        dits[lien.history_id].append(str(getattr(lien, autre)))
    return dits


def _nom(modele: type[Model], note: Any) -> str:
    """La ligne telle qu'elle était, sans relire ce qu'elle cite."""
    ligne = note.instance
    for champ in modele._meta.concrete_fields:
        if champ.is_relation and (citee := getattr(note, champ.name)):
            setattr(ligne, champ.name, citee)
    return f"{modele._meta.verbose_name} : {ligne}"


def en_mots(champ: Any, note: Any) -> str:
    """Un champ de cette note, comme une personne le lit."""
    if champ.is_relation:
        return str(getattr(note, champ.name) or "") or ("(retirée)" if getattr(note, champ.attname) else "")
    valeur = getattr(note, champ.attname)
    if isinstance(valeur, bool):
        return "Oui" if valeur else "Non"
    if isinstance(valeur, datetime.datetime):
        return date_format(timezone.localtime(valeur), "DATETIME_FORMAT")
    if isinstance(valeur, datetime.date):
        return date_format(valeur)
    if isinstance(valeur, Decimal):
        return number_format(Decimal(format(valeur.normalize(), "f")))
    return "" if valeur is None else str(dict(champ.flatchoices).get(valeur, valeur))
