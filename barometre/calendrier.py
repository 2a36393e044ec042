"""Le calendrier des publications, en un fichier .ics."""

import datetime
from collections.abc import Iterable

from icalendar import Calendar, Event
from icalendar.enums import TRANSP

from barometre.models import Parution
from indicateurs import mots
from indicateurs.calendrier import AUTEUR, DOMAINE
from organisations.courriels import adresse


def parutions(annonces: Iterable[Parution], precision: str) -> bytes:
    """Un événement d'un jour par édition annoncée; `precision` suit le nom de l'agenda."""
    nom = f"Baromètre numérique : publications{precision}"
    calendrier = Calendar.new(prodid=AUTEUR, name=nom, uid=f"publications@{DOMAINE}")
    for annonce in annonces:
        calendrier.add_component(_evenement(annonce))
    return calendrier.to_ical()


def _evenement(annonce: Parution) -> Event:
    """Une date changée remplace la précédente dans l'agenda: même identifiant, annonce plus récente."""
    faite = annonce.annoncee_le.astimezone(datetime.UTC)
    return Event.new(
        uid=f"edition-{annonce.trimestre.code}@{DOMAINE}",
        stamp=faite,
        last_modified=faite,
        sequence=annonce.pk,  # les annonces d'une même édition se suivent
        start=annonce.jour,  # sans fin, un événement dure ce jour-là, selon la RFC 5545
        summary=f"Baromètre numérique : {mots.trimestre(annonce.trimestre.code)}",
        description=f"Date changée : {annonce.motif}" if annonce.change else None,
        url=adresse("calendrier"),
        transparency=TRANSP.TRANSPARENT,
    )
