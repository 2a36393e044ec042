"""Deviner un mot de passe: peu d'essais évalués, quel que soit le chemin, et la personne honnête entre quand même."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import caches

from tests import fabrique as f
from tests.organisations.connexions import entrer, lire

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.organisations.adresses")]
ESSAIS = 500


@pytest.fixture
def evalues(monkeypatch):
    """Chaque mot de passe que le hacheur a évalué."""
    liste, encoder = [], MD5PasswordHasher.encode

    def compter(self, password, salt):
        liste.append(password)
        return encoder(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", compter)
    return liste


def test_sur_un_compte_cent_essais_au_plus_sont_evalues(client, evalues):
    courriel = f.personne().email
    evalues.clear()
    codes = {entrer(client, courriel, f"essai {n}").status_code for n in range(ESSAIS)}
    assert 0 < len(evalues) <= 100
    assert codes == {400, 429}


def test_repartis_sur_mille_comptes_cent_essais_au_plus_sont_evalues(client, evalues):
    for n in range(ESSAIS):
        entrer(client, f"personne{n}@exemple.test", "essai")
    assert 0 < len(evalues) <= 100


@pytest.mark.parametrize(("mandataires", "recu"), [(0, "10.0.{n}.1"), (1, "10.0.{n}.1, 192.0.2.7")])
def test_une_adresse_inventee_n_ouvre_pas_d_autres_essais(client, evalues, settings, mandataires, recu):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = mandataires
    for n in range(ESSAIS):
        entrer(client, f"personne{n}@exemple.test", "essai", headers={"X-Forwarded-For": recu.format(n=n % 250)})
    assert 0 < len(evalues) <= 100


def test_depuis_mille_postes_un_seul_compte_reste_protege(client, evalues, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    courriel = f.personne().email
    evalues.clear()
    for n in range(ESSAIS):
        entrer(client, courriel, "essai", headers={"X-Forwarded-For": f"10.{n // 250}.{n % 250}.1"})
    assert 0 < len(evalues) <= 100


def test_la_personne_honnete_entre_pendant_qu_un_poste_s_acharne(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    courriel = f.personne().email
    for n in range(100):
        entrer(client, courriel, f"essai {n}", headers={"X-Forwarded-For": "10.0.0.1"})
    assert entrer(client, courriel, headers={"X-Forwarded-For": "10.0.0.2"}).status_code == 302


def test_apres_une_minute_le_meme_poste_entre_de_nouveau(client, monkeypatch):
    courriel = f.personne().email
    for n in range(100):
        entrer(client, courriel, f"essai {n}")
    assert entrer(client, courriel).status_code == 429
    temps = "allauth.core.internal.ratelimit.time.time"
    from time import time

    plus_tard = time() + 61
    monkeypatch.setattr(temps, lambda: plus_tard)
    assert entrer(client, courriel).status_code == 302


def test_trop_d_essais_donnent_une_page_429_en_francais(client):
    for n in range(61):
        reponse = entrer(client, "nul@exemple.test", f"essai {n}")
    assert (reponse.status_code, reponse.headers["Retry-After"]) == (429, "60")
    assert "<h1>Trop d'essais</h1>" in lire(reponse)


def test_trop_d_essais_sur_un_compte_sont_un_429_qui_dit_quand_reessayer(client):
    statuts = [entrer(client, "nul@exemple.test", f"essai {n}").status_code for n in range(10)]
    reponse = entrer(client, "nul@exemple.test", "essai")
    assert statuts == [400] * 10
    assert (reponse.status_code, reponse.headers["Retry-After"]) == (429, "60")
    assert "Trop d'essais. Attendez une minute, puis recommencez." in lire(reponse)


@pytest.mark.redis
def test_le_compte_des_essais_est_commun_a_tous_les_travailleurs(client):
    courriel = f.personne().email
    for n in range(10):
        entrer(client, courriel, f"essai {n}")
    caches["default"].close()
    prefixe = caches["default"].key_prefix
    del caches["default"]  # un autre travailleur a ses propres connexions
    caches["default"].key_prefix = prefixe
    assert "Trop d'essais" in lire(entrer(client, courriel))
