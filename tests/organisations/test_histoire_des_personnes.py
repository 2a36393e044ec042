"""L'histoire d'une personne dit ses droits et son nom; jamais ses connexions ni ses mots de passe."""

import pytest
from django.contrib.auth.models import Group

from organisations.models import Utilisateur
from tests import fabrique as f
from tests.organisations.connexions import entrer

pytestmark = pytest.mark.django_db


def gestes(personne: Utilisateur) -> list[str]:
    return list(personne.history.order_by("history_id").values_list("history_type", flat=True))


def test_une_personne_creee_puis_changee_laisse_deux_lignes():
    personne = f.personne(nom="Ève")
    personne.is_staff = True
    personne.save()

    assert gestes(personne) == ["+", "~"]
    assert [ligne.is_staff for ligne in personne.history.order_by("history_id")] == [False, True]


def test_entrer_n_est_pas_de_l_histoire(client):
    personne = f.personne()
    entrer(client, personne.email)
    personne.refresh_from_db()

    assert personne.last_login
    assert gestes(personne) == ["+"]


def test_un_groupe_donne_ou_retire_est_de_l_histoire_meme_apres_une_connexion():
    personne, groupe = f.personne(), Group.objects.create(name="Relecture")
    personne.save(update_fields=["last_login"])
    personne.groups.add(groupe)
    personne.groups.remove(groupe)

    assert gestes(personne) == ["+", "~", "~"]
    assert [ligne.groups.count() for ligne in personne.history.order_by("history_id")] == [0, 1, 0]


def test_l_histoire_ne_garde_aucun_mot_de_passe():
    champs = {champ.name for champ in Utilisateur.history.model._meta.fields}

    assert champs & {"password", "last_login"} == set()
