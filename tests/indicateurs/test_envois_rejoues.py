"""Un envoi rejoué ou doublé ne change rien la seconde fois, et n'envoie pas de second courriel."""

import pytest
from django.core import mail

from tests import fabrique as f
from tests.indicateurs.espace import (
    JOUR,
    Page,
    a_plat,
    adresse,
    deux,
    ecrire,
    envoyer,
    etat,
    ouvrir,
    soumission,
)

pytestmark = pytest.mark.django_db
BON = {"papier": deux(50, 100), "ouvert": {"absence": "NON_DISPONIBLE", "motif": "panne"}}


@pytest.mark.django_db(transaction=True)
def test_un_envoi_rejoue_ne_change_rien_et_n_envoie_pas_un_second_courriel(moi, ici):
    champs = ouvrir(moi, ici).saisie | a_plat(BON)
    premier = envoyer(moi, ici, champs, "transmettre")
    apres = etat()
    assert apres["courriels"] == 1
    assert mail.outbox[0].subject.startswith("Accusé de transmission")

    for _ in range(3):
        second = envoyer(moi, ici, champs, "transmettre")
        assert (second.status_code, second.headers["Location"]) == (303, premier.headers["Location"])
    assert etat() == apres


def test_un_brouillon_rejoue_ne_change_rien(moi, ici):
    champs = ouvrir(moi, ici).saisie | a_plat({"papier": deux("x", 1)})
    envoyer(moi, ici, champs)
    apres = etat()

    assert envoyer(moi, ici, champs).status_code == 303
    assert etat() == apres


def test_un_brouillon_rejoue_apres_la_transmission_ne_dit_pas_que_rien_n_est_transmis(moi, ici):
    champs = ouvrir(moi, ici).saisie | a_plat(BON)
    envoyer(moi, ici, champs)
    assert "Rien n'est encore transmis" in ouvrir(moi, ici).texte
    envoyer(moi, ici, champs, "transmettre")
    apres = etat()

    assert envoyer(moi, ici, champs).status_code == 303
    assert etat() == apres
    assert "Rien n'est encore transmis" not in Page(moi.get(adresse("saisie", ici))).texte


def test_un_envoi_rejoue_apres_un_renvoi_ne_transmet_pas_de_nouveau(moi, ici):
    ecrire(moi, ici, **BON)
    champs = ouvrir(moi, ici).saisie
    envoyer(moi, ici, champs, "transmettre")
    soumission(ici).renvoyer(par=f.relecteur(), le=JOUR.replace(hour=23), motif="Il manque une région.")
    apres = etat()
    page = Page(envoyer(moi, ici, champs, "transmettre"))

    assert (page.statut, etat()) == (409, apres)
    assert "Il manque une région." in page.texte
    assert envoyer(moi, ici, page.saisie, "transmettre").status_code == 303
    assert soumission(ici).statut == "SOUMIS"


def test_ce_qui_est_transmis_se_lit_et_ne_s_ecrit_plus(moi, ici):
    ecrire(moi, ici, "transmettre", **BON)
    page = Page(moi.get(adresse("saisie", ici)))
    assert "Envoyé, en relecture au CQEN" in page.texte
    apres = etat()
    page = Page(envoyer(moi, ici, a_plat({"papier": deux(49, 100)})))

    assert (page.statut, etat()) == (409, apres)
    assert page.saisie["papier-numerateur"] == "49", "ce qui est tapé reste dans la page"
