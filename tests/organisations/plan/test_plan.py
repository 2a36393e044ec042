"""Le plan d'une organisation: ce qu'on y lit, ce qu'on y enregistre, et rien de plus."""

import pytest

from organisations.comptes.seances import GARDE
from organisations.horloge import maintenant
from organisations.models import PlanTransformation, Statut
from tests import fabrique as f
from tests.plans import (
    DEUX,
    PLAN,
    UNE,
    le_plan,
    montree,
    pdf,
    photo,
    sans_csrf,
    tape,
    texte,
    titres,
    valide,
)

pytestmark = pytest.mark.django_db


def test_un_plan_pas_commence_s_ouvre_prerempli_des_dates_de_la_strategie_et_rien_n_est_ecrit(client, auteure):
    reponse = client.get(PLAN)

    assert 'value="2019-01-01"' in texte(reponse)
    assert 'value="2023-12-31"' in texte(reponse)
    assert "Ce plan n'est pas commencé" in texte(reponse)
    assert photo() == {"PlanTransformation": [], "Initiative": [], "EvenementPlan": []}


def test_sans_strategie_il_n_y_a_pas_de_plan(client, auteure, strategie):
    strategie.delete()

    assert client.get(PLAN).status_code == client.post(PLAN, tape()).status_code == 404


def test_enregistrer_ecrit_le_plan_ses_initiatives_dans_l_ordre_et_le_journal(client, auteure, organisation):
    reponse = client.post(PLAN, tape(DEUX, UNE))
    plan = le_plan()

    assert (reponse.status_code, reponse.headers["Location"]) == (303, PLAN)
    assert (plan.organisation, plan.statut, plan.cree_par, plan.resume) == (
        organisation,
        Statut.BROUILLON,
        auteure,
        "Ce qui est promis.",
    )
    assert list(plan.initiatives.order_by("rang").values_list("titre", "etat", "progres")) == [
        ("Un guichet", "EN_COURS", 40),
        ("Des formulaires en ligne", "EN_COURS", 40),
    ]
    assert [e.par for e in plan.journal.all()] == [auteure]
    page = texte(client.get(PLAN))
    assert "Le brouillon est enregistré." in page
    assert "Un guichet" in page


def test_le_journal_rejoue_redonne_le_plan(client, auteure):
    depart = {"debut": "2019-01-01", "fin": "2023-12-31", "resume": "", "initiatives": [], "document": ""}
    etapes = [
        tape(UNE),
        tape(UNE, DEUX, document=pdf()),
        tape(DEUX, resume="Autre chose."),
        tape(DEUX, fin="2022-01-01"),
    ]
    for etape in etapes:
        client.post(PLAN, etape | {"jeton": montree(client.get(PLAN))})
    for evenement in le_plan().journal.order_by("pk"):
        for nom, changement in evenement.changements.items():
            assert depart[nom] == changement["avant"]
            depart[nom] = changement["apres"]

    assert le_plan().journal.count() == 4
    assert depart == le_plan().contenu()


def test_qui_redige_enregistre_sans_pouvoir_transmettre(collegue):
    assert "Transmettre au CQEN" not in texte(collegue.get(PLAN))
    assert collegue.post(PLAN, tape(UNE)).status_code == 303
    avant = photo()
    reponse = collegue.post(PLAN, tape(DEUX, geste="transmettre", jeton="1.1."))

    assert reponse.status_code == 403
    assert "Votre rôle permet de rédiger, pas de transmettre." in texte(reponse)
    assert titres(reponse) == ["Un guichet"]
    assert photo() == avant


def test_les_champs_de_trop_n_ont_aucun_effet(client, auteure, organisation):
    de_trop = {
        "statut": "VALIDE",
        "organisation": f.organisation().pk,
        "valide_par": "1",
        "is_staff": "1",
        "version": 9,
    }
    client.post(PLAN, tape(UNE | {"plan": "99", "rang": "7"}, **de_trop))
    plan = le_plan()
    auteure.refresh_from_db()

    assert (plan.statut, plan.organisation, plan.valide_par, plan.version) == (Statut.BROUILLON, organisation, None, 1)
    assert plan.initiatives.get().rang == 1
    assert not auteure.is_staff


@pytest.mark.parametrize(
    ("geste", "ordre"),
    [
        ("ajouter", ["A", "B", "C", None]),
        ("monter:2", ["B", "A", "C"]),
        ("monter:1", ["A", "B", "C"]),
        ("descendre:2", ["A", "C", "B"]),
        ("descendre:3", ["A", "B", "C"]),
        ("retirer:2", ["A", "C"]),
        ("retirer:0", ["A", "B", "C"]),
        ("retirer:4", ["A", "B", "C"]),
        ("monter:" + "9" * 5000, ["A", "B", "C"]),
        ("retirer:-1", ["A", "B", "C"]),
        ("retirer", ["A", "B", "C"]),
        ("exploser:1", ["A", "B", "C"]),
        ("\0", ["A", "B", "C"]),
    ],
)
def test_un_geste_sur_la_liste_ne_perd_rien_et_n_ecrit_rien(client, auteure, geste, ordre):
    initiatives = [UNE | {"titre": titre, "fin": "2021-99-99", "progres": "beaucoup"} for titre in "ABC"]
    reponse = client.post(PLAN, tape(*initiatives, geste=geste, debut="bientôt", resume="Pas fini"))
    saisie = reponse.context["saisie"]

    assert reponse.status_code == 200
    assert titres(reponse) == ordre
    assert saisie.plan["debut"].value() == "bientôt"
    assert {ligne["fin"].value() for ligne in saisie.initiatives if ligne["titre"].value()} == {"2021-99-99"}
    assert 'value="beaucoup"' in texte(reponse)
    assert "Une correction est nécessaire" not in texte(reponse)
    assert montree(reponse) == "1.0."
    assert not PlanTransformation.objects.exists()


def test_apres_un_geste_la_page_s_enregistre_comme_elle_est_montree(client, auteure):
    client.post(PLAN, tape(UNE, DEUX))
    montre = client.post(PLAN, tape(UNE, DEUX, geste="monter:2", jeton="1.1."))
    lignes = [{champ.name: champ.value() for champ in ligne} for ligne in montre.context["saisie"].initiatives]
    client.post(PLAN, tape(*lignes, jeton=montree(montre)))

    assert list(le_plan().initiatives.order_by("rang").values_list("titre", flat=True)) == [DEUX["titre"], UNE["titre"]]


def test_un_plan_etranger_repond_comme_un_plan_absent(client, organisation):
    valide(organisation)
    client.force_login(f.declarant(f.organisation()))
    avant = photo()
    for page, envoi in (("", tape(UNE)), ("corriger/", {"motif": "Une date"})):
        ici, la = (client.post(f"/espace/{slug}/plan/{page}", envoi) for slug in ("regie", "absente"))
        assert ici.status_code == la.status_code == 404
        assert sans_csrf(ici) == sans_csrf(la)
    for page in ("", "document/"):
        ici, la = (client.get(f"/espace/{slug}/plan/{page}") for slug in ("regie", "absente"))
        assert ici.status_code == la.status_code == 404
        assert sans_csrf(ici) == sans_csrf(la)
    assert photo() == avant


def test_l_anonyme_va_a_la_connexion(client, organisation):
    for page in ("", "document/", "corriger/"):
        for methode in (client.get, client.post):
            assert methode(f"{PLAN}{page}").headers["Location"].startswith("/compte/connexion/?next=")


def test_une_habilitation_revoquee_ferme_le_plan_des_la_demande_suivante(client, auteure):
    client.post(PLAN, tape(UNE, document=pdf()))
    auteure.habilitations.get().revoquer(par=auteure, le=maintenant())
    avant = photo()

    assert client.get(PLAN).status_code == client.get(f"{PLAN}document/").status_code == 404
    assert client.post(PLAN, tape(DEUX, jeton="1.1.")).status_code == 404
    assert photo() == avant


def test_ce_qui_etait_tape_quand_la_seance_a_pris_fin_revient_une_fois(client, auteure):
    client.post(PLAN, tape(UNE))
    seance = client.session
    seance["debut"] = 0
    seance.save()
    client.post(PLAN, tape(DEUX, resume="Tapé avant la fin.", jeton="1.1."))
    assert GARDE in client.session
    client.force_login(auteure)
    page = client.get(PLAN)

    assert titres(page) == ["Un guichet"]
    assert "Tapé avant la fin." in texte(page)
    assert montree(page) == "1.1."
    assert titres(client.get(PLAN)) == [UNE["titre"]]
