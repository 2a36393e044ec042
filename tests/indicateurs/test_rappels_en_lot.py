"""Des rappels par lot: une seule connexion; un serveur muet ne fait attendre qu'une fois, et rien n'est dit de trop."""

from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from indicateurs import rappels
from indicateurs.models import Rappel
from indicateurs.pages import rappel
from organisations.models import Organisation
from tests import fabrique as f
from tests.indicateurs.espace import CODE, Page, entree
from tests.organisations.connexions import lire

pytestmark = pytest.mark.django_db
LE = f.instant("2023-08-20")
SUIVI = f"/admin/indicateurs/trimestre/{CODE}/suivi/"
SIGLES = ["A", "B", "C", "D"]


@pytest.fixture
def envois():
    """Quatre organisations en retard, et la personne qui déclare pour chacune."""
    quand = f.trimestre(CODE)
    for sigle in SIGLES:
        f.declarant(f.organisation(sigle))
    return rappel.prevoir(list(Organisation.objects.order_by("sigle")), quand, LE).envois


@pytest.fixture
def serveur(monkeypatch):
    """Ce que le serveur a vu passer; `panne` s'y lève, à l'ouverture ou au deuxième courriel."""
    vus: dict = {"ouvertures": 0, "essais": 0, "connexions": set(), "panne": None, "a_l_ouverture": False}

    def ouvrir(connexion):
        vus["ouvertures"] += 1
        if vus["a_l_ouverture"]:
            raise vus["panne"]

    def remettre(connexion, courriels):
        vus["essais"] += 1
        vus["connexions"].add(connexion)
        if vus["panne"] and vus["essais"] == 2:
            raise vus["panne"]
        mail.outbox.extend(courriels)
        return len(courriels)

    monkeypatch.setattr(EmailBackend, "open", ouvrir)
    monkeypatch.setattr(EmailBackend, "send_messages", remettre)
    return vus


def test_un_lot_passe_par_une_seule_connexion(envois, serveur):
    assert rappels.envoyer(envois, LE).envoyes == serveur["essais"] == 4
    assert serveur["ouvertures"] == len(serveur["connexions"]) == 1


def test_sans_rappel_aucune_connexion_ne_s_ouvre(serveur):
    assert rappels.envoyer({}, LE).envoyes == serveur["ouvertures"] == 0


def test_un_serveur_muet_ne_fait_attendre_qu_une_fois_et_tout_se_reessaiera(envois, serveur):
    serveur |= {"panne": TimeoutError(), "a_l_ouverture": True}
    bilan = rappels.envoyer(envois, LE)
    assert (bilan.envoyes, bilan.echecs) == (0, {"TimeoutError": 4})
    assert (serveur["ouvertures"], serveur["essais"], Rappel.objects.count()) == (1, 0, 0)


def test_une_connexion_qui_tombe_arrete_le_lot_et_le_reste_se_reessaie(envois, serveur):
    serveur["panne"] = SMTPServerDisconnected()
    bilan = rappels.envoyer(envois, LE)
    assert (bilan.sigles, bilan.echecs, serveur["essais"]) == ("A", {"SMTPServerDisconnected": 3}, 2)
    serveur["panne"] = None
    reste = {qui: lignes for qui, lignes in envois.items() if qui not in bilan.partis}
    assert rappels.envoyer(reste, LE).sigles == "B, C, D"
    assert Rappel.objects.count() == 4


def test_le_refus_d_un_destinataire_n_arrete_pas_les_autres(envois, serveur):
    serveur["panne"] = SMTPRecipientsRefused({})
    assert rappels.envoyer(envois, LE).sigles == "A, C, D"


def test_le_journal_ne_nomme_que_ce_qui_est_parti(envois, serveur, settings):
    settings.MFA_EXIGEE, settings.HORLOGE = False, LE
    serveur["panne"] = SMTPServerDisconnected()
    moi = entree(f.personne("indicateurs.view_soumission", "indicateurs.rappeler", is_staff=True))
    page = Page(moi.post(f"{SUIVI}rappeler/", {"o": SIGLES}))
    lue = {"o": SIGLES, "confirmer": "oui", "empreinte": page.attributs["empreinte"]["value"]}
    moi.post(f"{SUIVI}rappeler/", lue)

    assert LogEntry.objects.get().change_message == "1 rappel envoyé à la main\xa0: A."
    assert "3 rappels ne sont pas partis" in lire(moi.get(SUIVI))
