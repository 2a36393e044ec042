"""Les habilitations dans l'administration: accordées et révoquées par les verbes, sous une seule permission."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisations.models import Habilitation, Utilisateur
from tests import fabrique as f
from tests.organisations.catalogue import PERMISSIONS
from tests.organisations.connexions import lire

pytestmark = pytest.mark.django_db
HABILITATIONS = "/admin/organisations/habilitation/"


@pytest.fixture
def cqen(client, settings):
    settings.MFA_EXIGEE = False
    membre = f.personne("organisations.habiliter", is_staff=True, nom="Relectrice")
    client.force_login(membre)
    return membre


def accorder(client, personne, organisation, role: str = "TRANSMISSION"):
    envoi = {"courriel": personne.email, "organisation": organisation.pk, "role": role}
    return client.post(f"{HABILITATIONS}add/", envoi)


def test_accorder_passe_par_le_verbe_et_remplace_le_moindre_role(client, cqen):
    eve, ramq = f.personne(), f.organisation("RAMQ")
    accorder(client, eve, ramq, "REDACTION")
    accorder(client, eve, ramq)
    tenues = Habilitation.objects.filter(personne=eve).order_by("pk")

    assert [(h.role, h.accordee_par, h.revoquee_le is None) for h in tenues] == [
        ("REDACTION", cqen, False),
        ("TRANSMISSION", cqen, True),
    ]
    assert LogEntry.objects.count() == 2


@pytest.mark.parametrize("qui", ["inconnue", "désactivée", "soi"])
def test_on_n_habilite_ni_une_inconnue_ni_une_desactivee_ni_soi(client, cqen, qui):
    personne = {
        "inconnue": Utilisateur(email="nulle@exemple.test"),
        "désactivée": f.personne(is_active=False),
        "soi": cqen,
    }[qui]
    page = accorder(client, personne, f.organisation())
    assert page.status_code == 200
    assert "errorlist" in lire(page)
    assert not Habilitation.objects.exists()


def test_revoquer_garde_la_ligne_et_se_note_une_fois(client, cqen):
    eve = f.declarant(f.organisation("RAMQ"))
    tenue = eve.habilitations.get()
    for _ in range(2):
        client.post(HABILITATIONS, {"action": "revoquer", "_selected_action": [tenue.pk]})
    tenue.refresh_from_db()

    assert (tenue.revoquee_par, tenue.revoquee_le is not None) == (cqen, True)
    assert LogEntry.objects.count() == 1
    assert "était déjà révoquée" in lire(client.get(HABILITATIONS))


def test_sans_pouvoir_habiliter_rien_ne_s_ouvre_meme_au_catalogue(client, settings):
    settings.MFA_EXIGEE = False
    client.force_login(f.personne(*PERMISSIONS, is_staff=True))
    tenue = f.declarant(f.organisation()).habilitations.get()
    gestes = [f"{tenue.pk}/{geste}/" for geste in ("change", "history", "delete")]
    for adresse in (HABILITATIONS, f"{HABILITATIONS}add/", *(HABILITATIONS + geste for geste in gestes)):
        assert {client.get(adresse).status_code, client.post(adresse).status_code} == {403}, adresse


def test_la_liste_des_habilitations_demande_peu_de_requetes(client, cqen):
    comptes = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(HABILITATIONS).status_code == 200
        comptes.append(len(requetes))
        for _ in range(20):
            f.declarant(f.organisation())
    assert comptes[1] == comptes[2] <= 15
