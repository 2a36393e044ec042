"""Simuler montre ce que l'édition dirait, ce qu'elle révise et pourquoi, et qui manque; rien n'est écrit."""

import pytest
from django.apps import apps

from barometre import depot
from tests import fabrique as f
from tests.barometre import publications as p

pytestmark = pytest.mark.django_db
EDITION = [m for m in apps.get_models() if m._meta.app_label in ("barometre", "indicateurs", "organisations")]


@pytest.fixture(autouse=True)
def ici(settings):
    settings.MFA_EXIGEE, settings.HORLOGE = False, p.JOUR


@pytest.fixture
def monde():
    return p.monde()


@pytest.fixture
def client(monde):
    return p.client_de(f.publieur())


def test_la_simulation_montre_les_chiffres_de_tete_avant_et_apres_avec_leurs_reponses(client):
    texte = p.simuler(client).texte

    assert "Ce que dirait l'édition 2023-T2" in texte
    assert "Une organisation sur 3 a répondu." in texte
    assert "Démarches sans papier 60,0\xa0% 40,0\xa0% 80,0\xa0% 1\xa0sur\xa03 1\xa0sur\xa03" in texte


def test_la_simulation_dit_ce_qui_est_revise_et_pourquoi(client):
    texte = p.simuler(client).texte

    correction = "RAMQ 2023-T1 papier correction 6\xa0sur\xa010 7\xa0sur\xa010 Un processus était oublié."
    revision = "SAAQ 2023-T1 papier révision sans réponse 1\xa0sur\xa010 Réponse arrivée après l'échéance."
    assert correction in texte
    assert revision in texte
    assert "Réponses déjà publiées qui changent\xa0: 2." in texte


def test_la_simulation_dit_qui_manque_et_ce_qui_attend_une_relecture(client):
    texte = p.simuler(client).texte

    assert "OPC Organisme OPC Rien de commencé" in texte
    assert "SAAQ Organisme SAAQ Transmis" in texte
    assert "SAAQ 2e trimestre de 2023 Première réponse" in texte
    assert "RAMQ Organisme RAMQ" not in texte


def test_simuler_n_ecrit_rien(client):
    avant = f.photo(*EDITION), f.dossiers_publies(), depot.designee()
    p.simuler(client)
    p.simuler(client, note="Essai", hors_calendrier="Une urgence")

    assert (f.photo(*EDITION), f.dossiers_publies(), depot.designee()) == avant


def test_sans_annonce_la_page_demande_pourquoi_et_ne_propose_pas_de_publier(client):
    page = p.simuler(client)

    assert "Ce jour n'a pas été annoncé quatre semaines d'avance" in page.texte
    assert p.PUBLIER not in page.formulaires
    assert p.PUBLIER in p.simuler(client, hors_calendrier="Une urgence").formulaires


def test_le_jour_annonce_rien_n_est_demande(client):
    p.annoncer()
    page = p.simuler(client)

    assert p.PUBLIER in page.formulaires
    assert "Une urgence" not in p.simuler(client, hors_calendrier="Une urgence").texte


def test_qui_a_accepte_une_reponse_lit_qu_une_autre_personne_doit_publier(client):
    p.annoncer()
    relit_et_publie = f.personne("indicateurs.relire_soumission", "barometre.publier_edition", is_staff=True)
    f.Soumission.objects.transmis().get().valider(par=relit_et_publie, le=f.instant("2023-08-01"))
    page = p.simuler(p.client_de(relit_et_publie))

    assert "une autre personne doit publier" in page.texte
    assert p.PUBLIER not in page.formulaires
    assert p.PUBLIER in p.simuler(client).formulaires


@pytest.mark.parametrize(
    ("demande", "phrase"),
    [
        ({"trimestre": "2023-T1"}, "une édition corrective demande une note qui dit pourquoi."),
        ({"trimestre": "2022-T4"}, "Sélectionnez un choix valide"),
        ({"trimestre": "2023-T3"}, "Sélectionnez un choix valide"),
        ({"trimestre": "x"}, "Sélectionnez un choix valide"),
        ({"note": "x" * 501}, "au plus 500"),
        ({"note": "a\x00b"}, "nul"),
    ],
)
def test_une_demande_impossible_dit_pourquoi_sans_rien_montrer(client, demande, phrase):
    page = p.simuler(client, **demande)

    assert page.statut == 200
    assert phrase in page.texte
    assert "Ce que dirait" not in page.texte


def test_une_edition_corrective_se_simule_avec_sa_note(client):
    page = p.simuler(client, trimestre="2023-T1", note="Un <oubli>")

    assert "Ce que dirait l'édition 2023-T1-r1" in page.texte
    assert "Note\xa0: Un <oubli>" in page.texte
    assert p.PUBLIER in page.formulaires


def test_la_premiere_edition_se_simule_sans_avant(db):
    papier, trimestre = f.indicateur("seul"), f.trimestre(p.CODE)
    f.validee(f.organisation("SEULE"), trimestre, {papier: (1, 2)})
    page = p.simuler(p.client_de(f.publieur()))

    assert "Intitulé de seul aucun aucun 50,0\xa0% aucun 1\xa0sur\xa01" in page.texte
    assert "Rien de déjà publié ne change." in page.texte
    assert "Toutes les organisations attendues ont répondu." in page.texte


def test_avant_l_echeance_ou_avec_peu_de_reponses_une_alerte_precede_le_bouton(client, monde, settings):
    p.annoncer()
    alerte = "14 août 2023. Une organisation sur 3 a répondu. Une édition publiée ne change plus."
    assert f"L'échéance était le {alerte}" in p.simuler(client).texte
    settings.HORLOGE = f.instant("2023-08-03")
    assert f"L'échéance est le {alerte}" in p.simuler(client, hors_calendrier="Une urgence").texte


def test_passe_l_echeance_avec_la_moitie_des_reponses_rien_n_alerte(client, monde):
    p.annoncer()
    f.Soumission.objects.transmis().get().valider(par=f.relecteur(), le=f.instant("2023-08-02"))

    assert "L'échéance" not in p.simuler(client).texte


@pytest.mark.parametrize(("manquent", "pliee"), [(20, False), (21, True)])
def test_une_longue_liste_de_qui_manque_se_plie(client, monde, manquent, pliee):
    for rang in range(manquent - 2):
        f.organisation(f"MUETTE{rang}")
    texte = p.simuler(client).texte

    assert f"Organisations attendues sans réponse acceptée\xa0: {manquent}." in texte
    assert ("Voir qui manque" in texte) == pliee


@pytest.mark.parametrize("organisations", [3, 30])
def test_simuler_coute_autant_de_requetes_pour_trois_organisations_que_pour_trente(
    client, monde, django_assert_max_num_queries, organisations
):
    for _ in range(organisations):
        f.transmise(f.organisation(), monde["t2"], {monde["papier"]: (1, 2)}, f.instant("2023-07-22"))
    with django_assert_max_num_queries(27):
        p.simuler(client)
