"""Le fichier .ics dit à une personne ses échéances, et n'en dit pas d'autres."""

import datetime

import pytest
from icalendar import Calendar

from indicateurs import calendrier
from indicateurs.models import Prolongation
from tests import fabrique as f

pytestmark = pytest.mark.django_db

LE = f.instant("2023-05-05")
ECHEANCE = datetime.date(2023, 5, 15)


def evenements(personne, le: datetime.datetime = LE) -> list:
    return Calendar.from_ical(calendrier.echeances(personne, le)).walk("VEVENT")


@pytest.fixture
def personne():
    f.trimestre("2023-T1")
    return f.declarant(f.organisation("RAMQ"))


def test_une_echeance_est_un_jour_entier_avec_ses_deux_alarmes(personne, settings):
    settings.ADRESSE_DU_SITE = "https://barometre.exemple.quebec"
    [evenement] = evenements(personne)

    assert evenement["uid"] == "ramq-2023-T1@barometre-numerique"
    assert evenement["summary"] == "RAMQ\xa0: 1er trimestre de 2023 à transmettre"
    assert evenement["url"] == "https://barometre.exemple.quebec/espace/ramq/2023-T1/"
    assert (evenement.decoded("dtstart"), evenement.decoded("dtend")) == (ECHEANCE, datetime.date(2023, 5, 16))
    assert evenement.decoded("dtstamp") == LE
    alarmes = evenement.walk("VALARM")
    assert [alarme.decoded("trigger").days for alarme in alarmes] == [-10, -2]
    assert {alarme["action"] for alarme in alarmes} == {"DISPLAY"}
    assert all(alarme["description"] for alarme in alarmes)


def test_le_fichier_suit_la_rfc_5545_meme_avec_un_nom_hostile(personne):
    f.declarant(hostile := f.organisation("A & B; C, D\r\nATTENDEE:x" + "é" * 12))
    personne.habilitations.create(
        organisation=hostile, role="REDACTION", accordee_par=personne, accordee_le=f.instant("2023-01-01")
    )
    fichier = calendrier.echeances(personne, LE)

    assert fichier.endswith(b"END:VCALENDAR\r\n")
    assert b"\nPRODID:-//CQEN//Barometre numerique//FR\r\n" in fichier
    assert b"\nVERSION:2.0\r\n" in fichier
    assert b"\nATTENDEE" not in fichier
    assert max(map(len, fichier.split(b"\r\n"))) <= 75
    assert fichier.count(b"\n") == fichier.count(b"\r\n")
    assert len(evenements(personne)) == 2


@pytest.mark.parametrize(("jours", "nombre"), [(-400, 1), (0, 1), (89, 1), (90, 0)])
def test_une_echeance_se_montre_a_venir_ou_passee_de_moins_de_90_jours(personne, jours, nombre):
    assert len(evenements(personne, f.instant((ECHEANCE + datetime.timedelta(days=jours)).isoformat()))) == nombre


def test_une_prolongation_deplace_le_jour_et_garde_l_identifiant(personne):
    [avant] = evenements(personne)
    organisation, nouvelle = personne.habilitations.get().organisation, datetime.date(2023, 6, 15)
    Prolongation.objects.create(
        organisation=organisation,
        trimestre=f.trimestre("2023-T1"),
        echeance_le=nouvelle,
        motif="Inondation",
        accordee_par=personne,
        accordee_le=LE,
    )
    [apres] = evenements(personne)
    assert apres["uid"] == avant["uid"]
    assert apres.decoded("dtstart") == nouvelle


def test_rien_pour_ce_qui_est_transmis_ni_pour_qui_n_est_pas_habilite(personne):
    papier, organisation = f.indicateur(), personne.habilitations.get().organisation
    f.transmise(f.organisation(), f.trimestre("2023-T1"), {papier: (1, 2)})
    assert len(evenements(personne)) == 1
    assert not evenements(f.personne())
    f.transmise(organisation, f.trimestre("2023-T1"), {papier: (1, 2)})
    assert not evenements(personne)


def test_deux_lectures_au_meme_instant_donnent_les_memes_octets(personne):
    assert calendrier.echeances(personne, LE) == calendrier.echeances(personne, LE)


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_d_echeances(personne, django_assert_num_queries):
    for annee in (2023, 2024, 2025):
        f.trimestre(f"{annee}-T4")
    with django_assert_num_queries(4):
        assert calendrier.echeances(personne, LE).count(b"BEGIN:VEVENT") == 4
