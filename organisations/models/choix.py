"""Choisir des dossiers: par personne, par clé, par statut, par instant."""

import datetime
from typing import Any, Self

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery

from organisations.models.attribution import Attribution
from organisations.models.organisation import Organisation
from organisations.models.statut import OUVERTS, Statut


def en_vigueur_au(instant: datetime.datetime, lien: str = "") -> Q:
    """La coupe: accepté à cet instant, et pas encore remplacé. `lien` mène au dossier depuis une autre table."""
    pas_remplace = Q(**{f"{lien}remplace_le__isnull": True}) | Q(**{f"{lien}remplace_le__gt": instant})
    return pas_remplace & Q(**{f"{lien}valide_le__lte": instant})


class DossierQuerySet(models.QuerySet):
    """Les choix de dossiers, du point de vue de leur statut."""

    def pour(self, utilisateur) -> Self:
        """Ceux des organisations au nom desquelles la personne est habilitée; aucun pour les autres."""
        return self.filter(organisation__in=Organisation.objects.pour(utilisateur))

    def derniere_version(self, **cle: Any) -> Any:
        """La version la plus récente du dossier de cette clé, ouverte ou validée; rien s'il n'est pas commencé."""
        return self.filter(**cle).order_by("-version").first()

    def ouvrir(self, *, par, le: datetime.datetime, cle: dict[str, Any], **contenu: Any) -> Any:
        """La version la plus récente; s'il n'y en a aucune, la première, en brouillon."""
        if derniere := self.derniere_version(**cle):
            return derniere
        try:
            with transaction.atomic():
                return self.create(**cle, **contenu, cree_par=par, cree_le=le)
        except IntegrityError:  # quelqu'un vient de la créer
            return self.derniere_version(**cle)

    def ouverts(self) -> Self:
        """Brouillons, à corriger et transmis."""
        return self.filter(statut__in=OUVERTS)

    def transmis(self) -> Self:
        """À relire par le CQEN."""
        return self.filter(statut=Statut.SOUMIS)

    def connus_du_cqen(self) -> Self:
        """Ceux qui furent transmis au moins une fois; un brouillon n'est qu'à l'organisation."""
        return self.exclude(statut=Statut.BROUILLON)

    def relisibles_par(self, personne) -> Self:
        """À relire, et que la personne n'a jamais transmis elle-même."""
        siens = self._evenements().filter(dossier=OuterRef("pk"), vers=Statut.SOUMIS, par=personne)
        return self.transmis().filter(~Exists(siens))

    def du_portefeuille(self, tete: Any) -> Self:
        """Ceux d'un ministère et des organisations qui lui sont rattachées; `tete` est sa clé, ou plusieurs."""
        return self.filter(organisation__in=Organisation.objects.du_portefeuille(tete))

    def attribues_a(self, personne) -> Self:
        """Ceux des portefeuilles que cette personne (ou sa clé) relit d'ordinaire."""
        return self.du_portefeuille(Attribution.objects.filter(relecteur=personne).values("portefeuille"))

    def sans_attribution(self) -> Self:
        """Ceux des portefeuilles que personne ne relit d'ordinaire."""
        tetes = Attribution.objects.values("portefeuille")
        return self.exclude(organisation__in=Organisation.objects.du_portefeuille(tetes))

    def avec_leur_renvoi(self) -> Self:
        """Chacun avec `renvoye_le`, l'instant de son dernier renvoi; rien s'il n'en a pas eu."""
        renvois = self._evenements().filter(dossier=OuterRef("pk"), vers=Statut.A_CORRIGER, changements__isnull=True)
        return self.annotate(renvoye_le=Subquery(renvois.order_by("-pk").values("le")[:1]))

    def _evenements(self) -> models.QuerySet:
        """Les lignes de journal de ce genre de dossier."""
        journal: Any = self.model._meta.get_field("journal").related_model
        return journal.objects.all()

    def valides(self) -> Self:
        """Les versions acceptées en vigueur."""
        return self.filter(statut=Statut.VALIDE)

    def publics_au(self, instant: datetime.datetime) -> Self:
        """Les versions qui étaient acceptées et en vigueur à cet instant."""
        return self.filter(en_vigueur_au(instant))
