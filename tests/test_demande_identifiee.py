"""Chaque demande HTTP a son identifiant: le journal le garde, la page de panne le cite."""

import io
import logging
import re

import pytest
from django.test import Client

from barometre.views import edition
from indicateurs.models import EvenementSoumission
from organisations.horloge import maintenant
from organisations.models import EvenementPlan
from organisations.requete import identifiee, requete_courante
from tests import fabrique as f
from tests.indicateurs import espace as e

IDENTIFIANT = re.compile(r"[0-9a-f]{32}")


@pytest.fixture
def navigateur(db, settings) -> Client:
    """Une personne qui peut transmettre pour la RAMQ, le temps d'un trimestre ouvert."""
    settings.HORLOGE = e.JOUR
    f.indicateur("papier")
    f.trimestre(e.CODE)
    return e.entree(f.declarant(f.organisation("RAMQ")))


def ramq():
    return f.Organisation.objects.get(sigle="RAMQ")


def demandes() -> list[str]:
    """L'identifiant de chaque ligne du journal, dans l'ordre."""
    return list(EvenementSoumission.objects.order_by("pk").values_list("requete", flat=True))


def test_deux_demandes_laissent_deux_identifiants_au_journal(navigateur):
    e.ecrire(navigateur, ramq(), papier=e.deux(1, 2))
    e.ecrire(navigateur, ramq(), papier=e.deux(3, 4))

    premiere, deuxieme = demandes()
    assert premiere != deuxieme
    assert IDENTIFIANT.fullmatch(premiere)
    assert IDENTIFIANT.fullmatch(deuxieme)


def test_toutes_les_lignes_d_une_meme_demande_portent_son_identifiant(navigateur):
    e.ecrire(navigateur, ramq(), "transmettre", papier=e.deux(1, 2))

    contenu, passage = EvenementSoumission.objects.order_by("pk")
    assert (contenu.vers, passage.vers) == ("BROUILLON", "SOUMIS")
    assert contenu.requete == passage.requete != ""


def test_l_identifiant_d_une_autre_personne_n_est_jamais_le_meme(navigateur):
    e.ecrire(navigateur, ramq(), papier=e.deux(1, 2))
    e.ecrire(e.entree(f.declarant(ramq())), ramq(), papier=e.deux(3, 4))

    assert len(set(demandes())) == 2


def test_hors_d_une_demande_le_journal_n_en_nomme_aucune(navigateur):
    e.ecrire(navigateur, ramq(), papier=e.deux(1, 2))
    soumission = e.soumission(ramq())
    soumission.soumettre(par=soumission.cree_par, le=maintenant())
    plan = f.plan(ramq())
    plan.soumettre(par=plan.cree_par, le=maintenant())

    assert requete_courante() == ""
    assert [bool(demande) for demande in demandes()] == [True, False]
    assert EvenementPlan.objects.get().requete == ""


def test_une_demande_qui_echoue_ne_laisse_pas_son_identifiant_a_la_suite():
    def tomber() -> str:
        with identifiee("a" * 32):
            return requete_courante()[99]

    with pytest.raises(IndexError):
        tomber()
    assert requete_courante() == ""


def test_la_page_de_panne_cite_le_numero_de_sa_demande(db, monkeypatch):
    vus = []

    def tomber(*_):
        vus.append(requete_courante())
        raise ZeroDivisionError

    monkeypatch.setattr(edition, "rien_encore", tomber)
    pannes = [Client(raise_request_exception=False).get("/") for _ in range(2)]

    assert [panne.status_code for panne in pannes] == [500, 500]
    assert len(set(vus)) == 2
    for vu, panne in zip(vus, pannes, strict=True):
        assert IDENTIFIANT.fullmatch(vu)
        assert f"Numéro de la demande : {vu}." in panne.content.decode()


def test_le_numero_que_montre_la_page_de_panne_est_au_journal(db, monkeypatch):
    (console,) = (sortie for sortie in logging.getLogger().handlers if sortie.get_name() == "console")
    ecrit = io.StringIO()
    monkeypatch.setattr(console, "stream", ecrit)
    monkeypatch.setattr(edition, "rien_encore", lambda *_: 1 / 0)

    panne = Client(raise_request_exception=False).get("/").content.decode()

    numero = IDENTIFIANT.search(panne)[0]
    assert f" ERROR {numero} Internal Server Error: /\n" in ecrit.getvalue()
    assert "ZeroDivisionError" in ecrit.getvalue()
