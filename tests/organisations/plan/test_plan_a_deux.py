"""Deux personnes écrivent le même plan: ce que l'une n'a pas touché est repris de l'autre, et rien ne s'efface."""

import json

import pytest

from tests.plans import DEUX, PDF, PLAN, UNE, dites, le_plan, pdf, photo, tape, telle_quelle, texte, titres

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(client, auteure, collegue) -> tuple:
    """La même page, ouverte par chacune."""
    client.post(PLAN, tape(UNE, resume="Première ligne.\nSeconde ligne."))
    return client.get(PLAN), collegue.get(PLAN)


def test_un_champ_que_je_n_ai_pas_touche_reprend_celui_de_l_autre(client, collegue, pages):
    client.post(PLAN, telle_quelle(pages[0], resume="Dit la première."))
    reponse = collegue.post(PLAN, telle_quelle(pages[1], fin="2022-12-31"))

    assert reponse.status_code == 409
    assert dites(reponse) == {"Résumé": ("Première ligne.\nSeconde ligne.", "Dit la première.", True)}
    assert "repris plus bas" in texte(reponse)
    assert collegue.post(PLAN, telle_quelle(reponse)).status_code == 303
    assert (le_plan().resume, le_plan().fin.isoformat()) == ("Dit la première.", "2022-12-31")


def test_un_champ_touche_des_deux_cotes_garde_le_mien_et_montre_celui_de_l_autre(client, collegue, pages, settings):
    client.post(PLAN, telle_quelle(pages[0], resume="Dit la première."))
    avant = photo()
    reponse = collegue.post(PLAN, telle_quelle(pages[1], resume="Dit la seconde.", document=pdf()))

    assert reponse.status_code == 409
    assert "Rien n'est perdu" in texte(reponse)
    assert dites(reponse) == {"Résumé": ("Dit la seconde.", "Dit la première.", False)}
    assert "Dit la première." in texte(reponse)
    assert reponse.context["saisie"].plan["resume"].value() == "Dit la seconde."
    assert photo() == avant
    assert not settings.MEDIA_ROOT.exists()
    assert collegue.post(PLAN, telle_quelle(reponse)).status_code == 303
    assert le_plan().resume == "Dit la seconde."


def test_ce_que_l_autre_n_a_pas_touche_ne_differe_pas(client, collegue, pages):
    client.post(PLAN, telle_quelle(pages[0], fin="2022-12-31"))
    reponse = collegue.post(PLAN, telle_quelle(pages[1], resume="Dit la seconde."))

    assert dites(reponse) == {"Fin": ("2023-12-31", "2022-12-31", True)}
    assert reponse.context["saisie"].plan["resume"].value() == "Dit la seconde."


def test_une_liste_que_je_n_ai_pas_touchee_reprend_celle_de_l_autre_entiere(client, collegue, pages):
    client.post(PLAN, tape(DEUX, UNE | {"titre": "Retouché"}, jeton="1.1."))
    reponse = collegue.post(PLAN, telle_quelle(pages[1], resume="Dit la seconde."))

    assert titres(reponse) == [DEUX["titre"], "Retouché"]
    assert dites(reponse)["Initiative 2, titre"] == ("", "Retouché", True)
    assert collegue.post(PLAN, telle_quelle(reponse)).status_code == 303
    assert le_plan().resume == "Dit la seconde."
    assert [i.titre for i in le_plan().initiatives.order_by("rang")] == [DEUX["titre"], "Retouché"]


def test_une_liste_touchee_des_deux_cotes_garde_la_mienne_et_montre_ce_qui_differe(client, collegue, pages):
    client.post(
        PLAN, tape(UNE | {"titre": "De la première"}, DEUX, resume="Première ligne.\nSeconde ligne.", jeton="1.1.")
    )
    reponse = collegue.post(PLAN, telle_quelle(pages[1]) | {"initiatives-0-titre": "De la seconde"})

    assert titres(reponse) == ["De la seconde"]
    assert dites(reponse) == {
        "Initiative 1, titre": ("De la seconde", "De la première", False),
        "Initiative 2, titre": ("", DEUX["titre"], False),
        "Initiative 2, début": ("", "2021-01-01", False),
        "Initiative 2, fin": ("", "2022-06-30", False),
        "Initiative 2, état": ("", "En cours", False),
        "Initiative 2, progrès": ("", "40", False),
    }
    assert collegue.post(PLAN, telle_quelle(reponse)).status_code == 303
    assert le_plan().initiatives.get().titre == "De la seconde"


def test_un_geste_sur_la_liste_garde_ce_que_la_page_montrait(client, collegue, pages):
    remaniee = collegue.post(PLAN, telle_quelle(pages[1], geste="ajouter"))
    client.post(PLAN, telle_quelle(pages[0], resume="Dit la première."))
    reponse = collegue.post(PLAN, telle_quelle(remaniee) | {f"initiatives-1-{nom}": dit for nom, dit in DEUX.items()})

    assert dites(reponse) == {"Résumé": ("Première ligne.\nSeconde ligne.", "Dit la première.", True)}
    assert titres(reponse) == [UNE["titre"], DEUX["titre"]]


def test_deux_plans_commences_ensemble_se_departagent_aussi(client, auteure, collegue):
    page = collegue.get(PLAN)
    client.post(PLAN, tape(UNE))
    reponse = collegue.post(PLAN, telle_quelle(page, resume="Dit la seconde."))

    assert reponse.status_code == 409
    assert titres(reponse) == [UNE["titre"]]
    assert dites(reponse)["Début"] == ("2019-01-01", "2019-06-01", True)
    assert dites(reponse)["Résumé"] == ("Dit la seconde.", "Ce qui est promis.", False)


@pytest.mark.parametrize(
    "base",
    ["", "{", "null", "[]", "3", '"x"', '{"initiatives": 3}', '{"initiatives": "x"}', "[" * 100_000, '{"a": "\0"}'],
)
def test_une_base_illisible_garde_tout_ce_que_la_personne_a_envoye(client, collegue, pages, base):
    client.post(PLAN, telle_quelle(pages[0], resume="Dit la première."))
    reponse = collegue.post(PLAN, telle_quelle(pages[1], base=base))

    assert reponse.status_code == 409
    assert reponse.context["saisie"].plan["resume"].value().replace("\r", "") == "Première ligne.\nSeconde ligne."
    assert dites(reponse)["Résumé"][1:] == ("Dit la première.", False)
    assert json.loads(telle_quelle(reponse)["base"])["resume"] == "Dit la première."


def test_le_document_joint_par_l_autre_reste_joint(client, collegue, pages):
    client.post(PLAN, telle_quelle(pages[0], document=pdf()))
    reponse = collegue.post(PLAN, telle_quelle(pages[1], resume="Dit la seconde."))
    collegue.post(PLAN, telle_quelle(reponse))

    assert le_plan().resume == "Dit la seconde."
    assert b"".join(client.get(f"{PLAN}document/").streaming_content) == PDF


def test_la_page_avertit_avant_la_fin_de_la_seance(client, auteure, settings):
    settings.SEANCE_INACTIVITE = 1234
    page = texte(client.get(PLAN))

    assert 'class="saisie formulaire" novalidate data-expire="1234"' in page
