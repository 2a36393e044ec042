"""De quoi publier dans l'administration comme une personne: simuler, confirmer, lire le récit."""

import datetime
import html
import re
from unittest import mock

from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from barometre.models import Edition, Parution
from organisations.models import Utilisateur
from tests import fabrique as f
from tests.indicateurs.espace import Page

LISTE = reverse("admin:barometre_edition_changelist")
SIMULER = reverse("admin:barometre_edition_simuler")
PUBLIER = reverse("admin:barometre_edition_publier")
CODE, JOUR = "2023-T2", f.instant("2023-08-17")


def monde() -> dict:
    """Deux trimestres, trois organisations; une édition publiée, et de quoi faire la suivante."""
    papier = f.indicateur("papier", intitule="Démarches sans papier")
    ramq, saaq, opc = (f.organisation(sigle, nom=f"Organisme {sigle}") for sigle in ("RAMQ", "SAAQ", "OPC"))
    t1, t2 = f.trimestre("2023-T1"), f.trimestre(CODE)
    premiere = f.validee(ramq, t1, {papier: (6, 10)})
    f.edition(t1, f.instant("2023-05-18")).designer()
    f.corrigee(premiere, {papier: (7, 10)}, f.instant("2023-06-01"), motif="Un processus était oublié.")
    f.validee(saaq, t1, {papier: (1, 10)}, f.instant("2023-06-02"))
    f.validee(ramq, t2, {papier: (8, 10)}, f.instant("2023-07-20"))
    f.transmise(saaq, t2, {papier: (2, 10)}, f.instant("2023-07-21"))
    return {"papier": papier, "ramq": ramq, "saaq": saaq, "opc": opc, "t1": t1, "t2": t2}


def annoncer(
    code: str = CODE, jour: str = "2023-08-17", le: str | datetime.datetime = "2023-06-01", **champs
) -> Parution:
    """Une annonce faite par une personne du CQEN."""
    faits = {"jour": f.instant(jour).date(), "le": f.instant(le) if isinstance(le, str) else le} | champs
    return Parution.objects.annoncer(trimestre=f.trimestre(code), par=f.publieur(), **faits)


def client_de(personne: Utilisateur) -> Client:
    """Un navigateur où cette personne est entrée."""
    client = Client()
    client.force_login(personne)
    return client


def simuler(client: Client, **demande: str) -> Page:
    """La page de simulation."""
    return Page(client.get(SIMULER, {"trimestre": CODE, "note": "", "hors_calendrier": ""} | demande))


def confirmer(client: Client, **demande: str) -> HttpResponse:
    """Le formulaire « Publier » de la page de simulation, envoyé; la réponse est un flux, ou une redirection."""
    return client.post(PUBLIER, simuler(client, **demande).formulaires[PUBLIER])


def lire(reponse: HttpResponse) -> str:
    """Le récit d'une publication, jusqu'à son dernier octet, en texte."""
    return re.sub(r"[ \n]+", " ", html.unescape(re.sub(r"<[^>]+>", " ", tout(reponse).content.decode())))


def tout(reponse: HttpResponse) -> HttpResponse:
    """La même réponse, toute reçue."""
    recue = HttpResponse(b"".join(reponse.streaming_content))
    couper(reponse)
    return recue


def couper(reponse: HttpResponse) -> None:
    """La personne s'en va; la connexion du test, elle, reste ouverte."""
    with mock.patch.object(connections["default"], "close_if_unusable_or_obsolete"):
        reponse.close()


def publiees() -> list[str]:
    """Les codes des éditions, dans l'ordre."""
    return list(Edition.objects.order_by("rang").values_list("code", flat=True))
