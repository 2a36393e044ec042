"""Deux personnes, un envoi rejoué, un renvoi, une correction: rien ne se perd ni ne se fait deux fois."""

import re

import pytest
from django.core import mail

from organisations.horloge import maintenant
from organisations.models import PlanTransformation, Statut
from tests import fabrique as f
from tests.plans import (
    DEUX,
    PLAN,
    UNE,
    dites,
    le_plan,
    montree,
    pdf,
    photo,
    renvoyer,
    tape,
    telle_quelle,
    texte,
    valide,
)

pytestmark = pytest.mark.django_db


def test_deux_premiers_enregistrements_croises_ne_s_ecrasent_pas(client, auteure, collegue):
    client.post(PLAN, tape(UNE))

    assert collegue.post(PLAN, tape(DEUX)).status_code == 409
    assert le_plan().initiatives.get().titre == UNE["titre"]


@pytest.mark.parametrize("jeton", ["1.0.", "2.1.", "1.1", "1", "x", "-1", "", "\0", "9" * 61, "9" * 5000])
def test_une_revision_qui_n_est_pas_celle_montree_est_un_conflit(client, auteure, jeton):
    client.post(PLAN, tape(UNE))

    refus = client.post(PLAN, tape(DEUX, jeton=jeton))
    assert refus.status_code == 409
    assert "Jeton" not in texte(refus)
    assert client.post(PLAN, tape(DEUX, jeton="1.1.")).status_code == 303


def test_un_envoi_sans_jeton_n_ecrase_rien(client, auteure):
    client.post(PLAN, tape(UNE))
    envoi = tape(DEUX)
    del envoi["jeton"]

    assert client.post(PLAN, envoi).status_code == 409
    assert le_plan().initiatives.get().titre == UNE["titre"]


def test_une_page_d_une_version_d_avant_n_ecrase_pas_la_suivante(client, auteure):
    client.post(PLAN, tape(UNE))
    ancienne = montree(client.get(PLAN))
    client.post(PLAN, tape(UNE, geste="transmettre", jeton=ancienne))
    le_plan().valider(par=f.relecteur(), le=maintenant())
    client.post(f"{PLAN}corriger/", {"motif": "Une date"})

    assert montree(client.get(PLAN)) == ancienne.replace("1.", "2.", 1)
    assert client.post(PLAN, tape(DEUX, jeton=ancienne)).status_code == 409
    assert le_plan().initiatives.get().titre == UNE["titre"]


def test_transmettre_enregistre_fige_et_accuse(client, auteure, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        reponse = client.post(PLAN, tape(UNE, geste="transmettre"))
        assert mail.outbox == []
    plan, [courriel], page = le_plan(), mail.outbox, texte(client.get(PLAN))

    assert reponse.status_code == 303
    assert (plan.statut, plan.soumis_par) == (Statut.SOUMIS, auteure)
    assert courriel.to == [auteure.email]
    assert "http://127.0.0.1:8000/espace/regie/plan/" in courriel.body
    assert "est transmis au CQEN" in page
    assert re.search(r"Envoyé le .+, en relecture au CQEN\.", page)
    assert 'name="geste"' not in page
    assert UNE["titre"] in page


def test_rejouer_la_transmission_ne_refait_rien(client, auteure, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(PLAN, tape(UNE))
        envoi = tape(UNE, geste="transmettre", jeton="1.1.")
        client.post(PLAN, envoi)
        avant = photo()
        assert client.post(PLAN, envoi).status_code == 303
        assert photo() == avant
        assert "Rien n'a changé" not in texte(client.get(PLAN))
        renvoyer(le_plan())
        avant = photo()
        refus = client.post(PLAN, envoi)

    assert refus.status_code == 409
    assert "relisez-le, puis transmettez" in texte(refus)
    assert photo() == avant
    assert le_plan().statut == Statut.A_CORRIGER
    assert len(mail.outbox) == 1


def test_une_page_perimee_au_contenu_identique_transmet_un_brouillon(client, auteure, collegue):
    page = client.get(PLAN)
    collegue.post(PLAN, tape(UNE))
    reponse = client.post(PLAN, tape(UNE, geste="transmettre", jeton=montree(page)))

    assert reponse.status_code == 303
    assert le_plan().statut == Statut.SOUMIS
    assert "est transmis au CQEN" in texte(client.get(PLAN))


@pytest.mark.parametrize("jeton", ["1.1.", "x", ""])
def test_une_page_d_avant_la_correction_ne_la_transmet_pas(client, auteure, jeton):
    client.post(PLAN, tape(UNE))
    client.post(PLAN, tape(UNE, geste="transmettre", jeton="1.1."))
    le_plan().valider(par=f.relecteur(), le=maintenant())
    client.post(f"{PLAN}corriger/", {"motif": "Une date"})

    assert client.post(PLAN, tape(UNE, geste="transmettre", jeton=jeton)).status_code == 409
    assert le_plan().statut == Statut.BROUILLON


def test_rejouer_un_enregistrement_ne_refait_rien_et_mene_a_la_page(client, auteure):
    client.post(PLAN, tape(UNE, document=pdf()))
    avant = photo()
    reponse = client.post(PLAN, tape(UNE, document=pdf()))

    assert (reponse.status_code, reponse.headers["Location"]) == (303, PLAN)
    assert photo() == avant
    assert "Rien n'a changé" in texte(client.get(PLAN))


@pytest.mark.parametrize(
    ("envoi", "phrase"),
    [
        (tape(UNE, resume=" "), "Écrivez le résumé avant de transmettre."),
        (tape(), "Ajoutez au moins une initiative avant de transmettre."),
    ],
)
def test_un_plan_incomplet_s_enregistre_mais_ne_se_transmet_pas(client, auteure, envoi, phrase):
    refus = client.post(PLAN, envoi | {"geste": "transmettre"})

    assert refus.status_code == 400
    assert phrase in texte(refus)
    assert not PlanTransformation.objects.exists()
    assert client.post(PLAN, envoi).status_code == 303


def test_un_plan_transmis_ne_se_change_plus_et_ce_qui_fut_tape_reste_a_l_ecran(client, auteure):
    client.post(PLAN, tape(UNE, geste="transmettre"))
    avant = photo()
    reponse = client.post(PLAN, tape(DEUX, jeton="1.1."))

    assert reponse.status_code == 409
    assert "ne se modifie plus" in texte(reponse)
    assert dites(reponse)["Initiative 1, titre"] == ("Un guichet", UNE["titre"], False)
    assert "Un guichet" in texte(reponse)
    assert photo() == avant


@pytest.mark.parametrize("accepte", [False, True])
@pytest.mark.parametrize("geste", ["enregistrer", "transmettre", "ajouter", "monter:2", "retirer:1", "x"])
def test_aucun_geste_ne_rouvre_le_formulaire_d_un_plan_parti(client, auteure, geste, accepte):
    client.post(PLAN, tape(UNE))
    envoi = telle_quelle(client.get(PLAN), geste=geste, debut="bientôt", resume="Tapé trop tard.")
    client.post(PLAN, tape(UNE, geste="transmettre", jeton="1.1."))
    if accepte:
        le_plan().valider(par=f.relecteur(), le=maintenant())
    avant = photo()
    reponse = client.post(PLAN, envoi)

    assert reponse.status_code == 409
    assert "ne se modifie plus" in texte(reponse)
    assert 'name="geste"' not in texte(reponse)
    assert UNE["titre"] in texte(reponse)
    assert dites(reponse) == {
        "Début": ("bientôt", "2019-06-01", False),
        "Résumé": ("Tapé trop tard.", "Ce qui est promis.", False),
    }
    assert "Tapé trop tard." in texte(reponse)
    assert photo() == avant


def test_qui_redige_ne_rouvre_pas_un_plan_parti_en_voulant_le_transmettre(client, auteure, collegue):
    client.post(PLAN, tape(UNE, geste="transmettre"))
    reponse = collegue.post(PLAN, tape(DEUX, geste="transmettre", jeton="1.1."))

    assert reponse.status_code == 403
    assert 'name="geste"' not in texte(reponse)


def test_ce_qui_etait_tape_a_la_fin_de_la_seance_se_lit_encore_si_le_plan_est_parti(client, auteure, collegue):
    collegue.post(PLAN, tape(UNE))
    seance = client.session
    seance["debut"] = seance["vue_le"] = 0
    seance.save()
    client.post(PLAN, tape(UNE, resume="Tapé avant la fin.", jeton="1.1."))
    le_plan().soumettre(par=auteure, le=maintenant())
    client.force_login(auteure)

    page = texte(client.get(PLAN))
    assert "Tapé avant la fin." in page
    assert 'name="geste"' not in page


def test_un_plan_renvoye_montre_le_message_du_relecteur_et_se_transmet_de_nouveau(client, auteure):
    client.post(PLAN, tape(UNE, geste="transmettre"))
    renvoyer(le_plan(), "Précisez les dates <de fin>.")
    page = client.get(PLAN)

    assert "Renvoyé par le CQEN, à corriger." in texte(page)
    assert "Précisez les dates <de fin>." in texte(page)
    assert client.post(PLAN, tape(UNE, geste="transmettre", jeton=montree(page))).status_code == 303
    assert le_plan().statut == Statut.SOUMIS
    assert "Précisez" not in texte(client.get(PLAN))


def test_corriger_ouvre_la_version_suivante_et_rejoue_n_en_ouvre_pas_d_autre(client, auteure, organisation):
    valide(organisation)
    assert "accepté le" in texte(client.get(PLAN))
    reponse = client.post(f"{PLAN}corriger/", {"motif": "Une date", "statut": "VALIDE"})
    avant = photo()

    assert (reponse.status_code, reponse.headers["Location"]) == (303, PLAN)
    assert (le_plan().version, le_plan().statut, le_plan().motif_de_correction) == (2, Statut.BROUILLON, "Une date")
    assert client.post(f"{PLAN}corriger/", {"motif": "Une date"}).status_code == 303
    assert photo() == avant
    page = texte(client.get(PLAN))
    assert "Raison\xa0: Une date" in page
    assert [int(n) for n in re.findall(r'<li value="(\d)">', page)] == [2, 1]


@pytest.mark.parametrize(("motif", "statut"), [("", 400), ("  ", 400), ("m\0", 400), ("m" * 1001, 400)])
def test_corriger_demande_une_raison(client, auteure, organisation, motif, statut):
    valide(organisation)
    avant = photo()
    reponse = client.post(f"{PLAN}corriger/", {"motif": motif})

    assert reponse.status_code == statut
    assert "Une correction est nécessaire" in texte(reponse)
    assert reponse.context["correction"]["motif"].value() == motif
    assert photo() == avant


def test_ce_qui_n_est_pas_accepte_ne_se_corrige_pas(client, auteure):
    assert client.post(f"{PLAN}corriger/", {"motif": "Une date"}).status_code == 303
    assert not PlanTransformation.objects.exists()
    for geste in ("enregistrer", "transmettre"):
        client.post(PLAN, tape(UNE, geste=geste, jeton="1.1." if geste == "transmettre" else "1.0."))
        avant = photo()
        reponse = client.post(f"{PLAN}corriger/", {"motif": "Une date"})
        assert reponse.status_code == 409
        assert "Seul ce que le CQEN a accepté se corrige." in texte(reponse)
        assert photo() == avant
