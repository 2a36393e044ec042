"""Un plan mal rempli est refusé avec une phrase, et la page garde tout ce qui fut tapé."""

import re

import pytest

from organisations.models import PlanTransformation
from tests.plans import (
    DEUX,
    PLAN,
    UNE,
    le_plan,
    montree,
    photo,
    tape,
    telle_quelle,
    texte,
    titres,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("faute", "phrase"),
    [
        ({"debut": "2023-12-31", "fin": "2023-12-31"}, "La fin doit suivre le début."),
        ({"debut": ""}, "Ce champ est obligatoire."),
        ({"debut": "le 3 mai"}, "date valide"),
        ({"debut": "2019-01-01\0"}, "date valide"),
        ({"resume": "Nul\0"}, "caractère nul"),
        ({"resume": "é" * 32767}, "5000"),
        ({"initiatives-0-titre": ""}, "Ce champ est obligatoire."),
        ({"initiatives-0-titre": "t" * 251}, "250"),
        ({"initiatives-0-titre": "t\0"}, "caractère nul"),
        ({"initiatives-0-changement": "c" * 32767}, "2000"),
        ({"initiatives-0-fin": "2019-12-31"}, "La fin doit suivre le début."),
        ({"initiatives-0-etat": "VALIDE"}, "choix"),
        ({"initiatives-0-progres": "101"}, "100"),
        ({"initiatives-0-progres": "-1"}, "nombre entier"),
        ({"initiatives-0-progres": "1_0"}, "nombre entier"),
        ({"initiatives-0-progres": "5.0"}, "nombre entier"),
        ({"initiatives-0-progres": "9" * 5000}, "nombre entier"),
        ({"initiatives-0-progres": ""}, "Ce champ est obligatoire."),
        ({"initiatives-TOTAL_FORMS": "51"}, "50 initiatives au plus"),
        ({"initiatives-TOTAL_FORMS": "999999999"}, "50 initiatives au plus"),
        ({"initiatives-TOTAL_FORMS": "beaucoup"}, "Rechargez la page"),
    ],
)
def test_un_plan_mal_rempli_est_refuse_avec_sa_phrase_et_garde_ce_qui_fut_tape(client, auteure, faute, phrase):
    envoi = tape(UNE) | faute
    reponse = client.post(PLAN, envoi)
    saisie = reponse.context["saisie"]

    assert reponse.status_code == 400
    assert "Une correction est nécessaire" in texte(reponse)
    assert phrase in texte(reponse).replace("\xa0", "")
    assert saisie.plan["resume"].value() == envoi["resume"]
    if saisie.initiatives.management_form.is_valid():
        assert titres(reponse)[0] == envoi["initiatives-0-titre"]
    assert not PlanTransformation.objects.exists()


def test_un_total_negatif_n_efface_pas_les_initiatives(client, auteure):
    client.post(PLAN, tape(UNE, DEUX))
    avant = photo()
    reponse = client.post(PLAN, telle_quelle(client.get(PLAN)) | {"initiatives-TOTAL_FORMS": "-1"})

    assert reponse.status_code == 400
    assert "Rechargez la page" in texte(reponse)
    assert photo() == avant


def test_sans_titre_d_initiative_rien_ne_s_enregistre_mais_la_page_garde_tout_tel_que_tape(client, auteure):
    client.post(PLAN, tape(UNE))
    envoi = telle_quelle(client.post(PLAN, telle_quelle(client.get(PLAN), geste="ajouter")))
    envoi |= {"resume": "Pas fini ", "initiatives-1-changement": "Une idée", "initiatives-1-debut": "en mai"}
    avant = photo()
    reponse = client.post(PLAN, envoi)

    assert reponse.status_code == 400
    assert telle_quelle(reponse) == envoi
    assert photo() == avant
    envoi |= {
        "initiatives-1-titre": "Un guichet",
        "initiatives-1-debut": "2021-01-01",
        "initiatives-1-fin": "2021-12-31",
    }
    assert client.post(PLAN, envoi).status_code == 303
    assert le_plan().initiatives.count() == 2


def test_chaque_erreur_mene_a_son_champ(client, auteure):
    page = texte(client.post(PLAN, tape(UNE, UNE | {"titre": "", "fin": ""}, debut="")))
    ancres = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', page)

    assert [phrase.split("\xa0:")[0] for _, phrase in ancres] == ["Début", "Initiative 2, titre", "Initiative 2, fin"]
    for ancre, _ in ancres:
        assert re.search(rf'<(input|textarea)[^>]* id="{ancre}"', page)


@pytest.mark.parametrize(
    "dit",
    [
        "😀🇨🇦",
        "שלום עולם",
        "\u202egauche",
        "<script>alert(1)</script>",
        "{{ plan.pk }}",
        "' OR 1=1 --",
        "e\u0301",
        "a\r\nb",
    ],
)
def test_un_texte_peu_ordinaire_revient_tel_qu_ecrit(client, auteure, dit):
    garde = dit.replace("e\u0301", "é").replace("\r\n", "\n")
    client.post(PLAN, tape(UNE | {"changement": dit}, resume=dit))
    page = client.get(PLAN)

    assert le_plan().resume == le_plan().initiatives.get().changement == garde
    saisie = page.context["saisie"]
    assert saisie.plan["resume"].value() == saisie.initiatives[0]["changement"].value() == garde
    assert garde in texte(page)
    assert b"<script>alert" not in page.content
    client.post(PLAN, tape(UNE | {"changement": dit}, resume=dit, jeton=montree(page)))
    assert le_plan().revision == 1
