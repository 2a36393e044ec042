"""Un palier part une fois par échéance: une prolongation le rouvre, minuit ne le double pas."""

import datetime

import pytest
from django.core import mail

from indicateurs import rappels
from indicateurs.models import LigneDeRappel, Rappel
from tests import fabrique as f
from tests.barometre.test_concurrence import a_la_fois
from tests.indicateurs.test_rappels import DATES, ECHEANCE, UNE_SECONDE, minuit, prolonger, rappeler, trimestre

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    """Une organisation et une personne qui déclare pour elle; un trimestre à transmettre."""
    ici = f.organisation("RAMQ")
    f.declarant(ici)
    trimestre()
    return ici


def test_une_echeance_repoussee_a_de_nouveau_ses_quatre_paliers(organisation):
    assert [jour for jour in range(-50, 5) if rappeler(minuit(jour))] == DATES
    prolonger(organisation, trimestre(), 60)
    nouvelle = ECHEANCE + datetime.timedelta(days=60)

    assert [jour for jour in range(-50, 50) if rappeler(minuit(jour, nouvelle))] == DATES
    assert LigneDeRappel.objects.filter(echeance_le=nouvelle).count() == 4


def test_deux_lancements_a_cheval_sur_minuit_n_envoient_pas_deux_fois_le_meme_palier(organisation):
    veille, lendemain = minuit(-1) - UNE_SECONDE, minuit(-1)
    lus = [(rappels.a_rappeler(le), le) for le in (veille, lendemain)]  # le second lit avant que le premier n'écrive
    bilans = [rappels.envoyer(*lu) for lu in lus]

    assert [bilan.envoyes for bilan in bilans] == [1, 0]
    assert len(mail.outbox) == Rappel.objects.count() == LigneDeRappel.objects.count() == 1


def test_ce_que_ce_refus_a_retenu_part_au_lancement_suivant(organisation):
    trimestre("2022-T4", ECHEANCE + datetime.timedelta(days=1))
    lus = rappels.a_rappeler(minuit(-1))
    rappeler(minuit(-1) - UNE_SECONDE)
    assert rappels.envoyer(lus, minuit(-1)).envoyes == 0

    assert len(rappeler(minuit(-1))) == 1
    assert [ligne.trimestre.code for ligne in Rappel.objects.get(jour=minuit(-1)).lignes.all()] == ["2022-T4"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_douze_lancements_a_cheval_sur_minuit_n_envoient_qu_un_courriel(organisation):
    lus = [(rappels.a_rappeler(le), le) for le in (minuit(-1) - UNE_SECONDE, minuit(-1))]
    bilans = a_la_fois([lambda lu=lu: rappels.envoyer(*lu) for lu in lus * 6])

    assert sum(bilan.envoyes for bilan in bilans) == len(mail.outbox) == Rappel.objects.count() == 1
