"""Deux réponses ou deux envois au même instant n'en font qu'un."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client

from organisations.models import Habilitation, Invitation, Role, Utilisateur
from organisations.models.invitation import prendre_l_equipe
from tests import fabrique as f
from tests.equipes import COMPTE, invitation, lien

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def ensemble(gestes: list) -> list:
    """Chaque geste dans son fil, tous lâchés ensemble."""
    depart = threading.Barrier(len(gestes), timeout=20)

    def lancer(geste):
        try:
            connection.ensure_connection()
            depart.wait()
            return geste()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(gestes)) as fils:
        return list(fils.map(lancer, gestes))


@pytest.mark.parametrize("avec_compte", [True, False])
def test_deux_acceptations_simultanees_ne_donnent_qu_une_habilitation(avec_compte):
    for tour in range(10):
        courriel = f"eve{tour}@exemple.test"
        recue, clients = invitation(courriel), [Client(), Client()]
        if avec_compte:
            personne = Utilisateur.objects.create_user(courriel)
            for client in clients:
                client.force_login(personne)
        adresse = lien(recue)
        statuts = ensemble([lambda c=c, a=adresse: c.post(a, COMPTE).status_code for c in clients])

        premier, second = sorted(statuts)
        assert premier == 303
        assert second in ({303} if avec_compte else {403, 404})  # le compte existe déjà, ou vient de naître
        assert Habilitation.objects.filter(personne__email=courriel).count() == 1
        assert Utilisateur.objects.filter(email=courriel).count() == 1


@pytest.mark.parametrize("geste", ["retirer", "inviter"])
def test_accepter_pendant_qu_on_gere_l_equipe_ne_bloque_personne(geste, monkeypatch):
    verrouiller = Invitation._exiger_en_attente

    def verrouiller_puis_laisser_l_autre(self, le) -> None:
        verrouiller(self, le)
        time.sleep(0.1)

    monkeypatch.setattr(Invitation, "_exiger_en_attente", verrouiller_puis_laisser_l_autre)
    for tour in range(5):
        personne = Utilisateur.objects.create_user(f"eve{tour}@exemple.test")
        recue, invitee, gerante = invitation(personne.email), Client(), Client()
        invitee.force_login(personne)
        gerante.force_login(recue.invitee_par)
        equipe = f"/espace/{recue.organisation.slug}/equipe/"
        adresse = equipe if geste == "inviter" else f"{equipe}invitations/{recue.pk}/retirer/"
        envoi = {"courriel": personne.email, "role": Role.TRANSMISSION}
        envois = [(invitee, lien(recue), {}), (gerante, adresse, envoi)]
        statuts = ensemble([lambda c=c, a=a, e=e: c.post(a, e).status_code for c, a, e in envois])

        assert statuts[0] in (303, 404)
        assert statuts[1] in (303, 409)
        assert personne.habilitations.count() == (statuts[0] == 303)


def test_un_geste_d_equipe_n_attend_pas_ce_qui_ne_fait_que_citer_l_organisation():
    organisation = f.organisation()
    gerante = f.declarant(organisation)

    def citer() -> None:
        with transaction.atomic(), connection.cursor() as curseur:
            curseur.execute("SET LOCAL lock_timeout = '1s'")
            f.declarant(organisation)

    with transaction.atomic():
        prendre_l_equipe(organisation, gerante)
        ensemble([citer])

    assert organisation.habilitations.count() == 2


def test_un_double_clic_n_envoie_qu_une_invitation():
    for _ in range(10):
        organisation = f.organisation()
        personne, clients = f.declarant(organisation), [Client(), Client()]
        for client in clients:
            client.force_login(personne)
        mail.outbox.clear()
        adresse, envoi = f"/espace/{organisation.slug}/equipe/", {"courriel": "eve@exemple.test", "role": "REDACTION"}
        statuts = ensemble([lambda c=c, a=adresse, e=envoi: c.post(a, e).status_code for c in clients])

        assert statuts == [303, 303]
        assert organisation.invitations.count() == len(mail.outbox) == 1
