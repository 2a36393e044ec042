"""Le calendrier: ce qu'il reste à transmettre, quand, et le fichier .ics qui le dit."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.utils import timezone
from icalendar import Alarm, Calendar, Event
from icalendar.enums import TRANSP

from indicateurs import mots
from indicateurs.models import Palier, Prolongation, Soumission, Trimestre
from organisations.courriels import adresse
from organisations.models import Organisation, Statut

AUTEUR = "-//CQEN//Barometre numerique//FR"
DOMAINE = "barometre-numerique"  # et non l'hôte: déménager ne dédouble pas les échéances dans un agenda
RETARD_MONTRE = datetime.timedelta(days=90)
UN_JOUR = datetime.timedelta(days=1)
ALARMES = (Palier.DIX_JOURS, Palier.DEUX_JOURS)


class Attente(NamedTuple):
    """Un trimestre qu'une organisation doit transmettre, et son échéance à elle."""

    echeance_le: datetime.date
    organisation: Organisation
    trimestre: Trimestre


def attentes(organisations: Iterable[Organisation], depuis: datetime.date) -> list[Attente]:
    """Ce qui n'est ni transmis ni validé et échoit ce jour-là ou après, par échéance; quatre requêtes au plus.

    Une correction en cours n'attend rien: la version validée tient lieu de réponse.
    """
    repoussees = Prolongation.objects.echeances()
    faites = Soumission.objects.filter(statut__in=(Statut.SOUMIS, Statut.VALIDE))
    faits = set(faites.values_list("organisation", "trimestre"))
    trimestres = list(Trimestre.objects.all())
    attendues = (
        Attente(repoussees.get((o.pk, t.pk), t.echeance_le), o, t)
        for o in organisations
        for t in trimestres
        if o.est_attendue(t.fin) and (o.pk, t.pk) not in faits
    )
    a_venir = [attente for attente in attendues if attente.echeance_le >= depuis]
    return sorted(a_venir, key=lambda a: (a.echeance_le, a.organisation.sigle, a.trimestre.code))


def echeances(utilisateur, le: datetime.datetime) -> bytes:
    """Le fichier .ics des échéances d'une personne: à venir, ou passées de moins de 90 jours."""
    calendrier = Calendar.new(prodid=AUTEUR, name="Baromètre numérique : échéances", uid=f"echeances@{DOMAINE}")
    depuis = timezone.localdate(le) - RETARD_MONTRE + UN_JOUR
    for attente in attentes(Organisation.objects.pour(utilisateur), depuis):
        calendrier.add_component(_evenement(attente, le))
    return calendrier.to_ical()


def _evenement(attente: Attente, le: datetime.datetime) -> Event:
    jour, organisation, code = attente.echeance_le, attente.organisation, attente.trimestre.code
    resume = f"{organisation.sigle} : {mots.trimestre(code)} à transmettre"
    evenement = Event.new(
        uid=f"{organisation.slug}-{code}@{DOMAINE}",
        stamp=le,
        start=jour,
        end=jour + UN_JOUR,  # exclu, selon la RFC 5545
        summary=resume,
        url=adresse("saisie", organisation.slug, code),
        transparency=TRANSP.TRANSPARENT,  # un jour d'échéance n'est pas un jour occupé
    )
    for palier in ALARMES:
        alarme = Alarm.new(description=resume)
        alarme.add("action", "DISPLAY")
        alarme.add("trigger", datetime.timedelta(days=palier))
        evenement.add_component(alarme)
    return evenement
