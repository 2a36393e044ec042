"""Le CQEN répond à une demande de prolongation, une fois, depuis l'administration."""

import datetime

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core import mail
from django.urls import reverse

from indicateurs.models import DemandeProlongation, Prolongation
from tests import fabrique as f
from tests.indicateurs.espace import CODE, JOUR, Page
from tests.organisations.connexions import lire

pytestmark = pytest.mark.django_db
LISTE = reverse("admin:indicateurs_demandeprolongation_changelist")
VOULUE, ECHEANCE = datetime.date(2023, 9, 1), datetime.date(2023, 8, 14)
ACCORD = {"decision": "accorder", "echeance_le": VOULUE.isoformat(), "pourquoi": ""}
REFUS = {"decision": "refuser", "echeance_le": VOULUE.isoformat(), "pourquoi": "Les chiffres sont prêts."}
ICI = "indicateurs.add_prolongation"


@pytest.fixture(autouse=True)
def cqen(client, settings):
    """Une personne du CQEN qui peut prolonger, entrée."""
    settings.MFA_EXIGEE, settings.HORLOGE = False, JOUR + datetime.timedelta(days=1)
    membre = f.personne(ICI, is_staff=True)
    client.force_login(membre)
    return membre


@pytest.fixture
def demande():
    return demander("RAMQ")


def demander(sigle: str, jours: int = 0) -> DemandeProlongation:
    organisation = f.organisation(sigle)
    return DemandeProlongation.objects.demander(
        organisation=organisation,
        trimestre=f.trimestre(CODE),
        echeance_souhaitee=VOULUE,
        motif="L'inondation de <juillet>.",
        par=f.declarant(organisation),
        le=JOUR + datetime.timedelta(days=jours),
    )


def adresse(demande: DemandeProlongation, geste: str = "change") -> str:
    return reverse(f"admin:indicateurs_demandeprolongation_{geste}", args=[demande.pk])


def repondre(client, demande, envoi):
    return lire(client.post(adresse(demande), envoi, follow=True))


def photo() -> dict:
    return f.photo(DemandeProlongation, Prolongation)


# --- lire ------------------------------------------------------------------------------------------------------------


def test_la_page_montre_la_demande_et_propose_la_date_souhaitee(client, demande):
    page = Page(client.get(adresse(demande)))

    for attendu in ("RAMQ", CODE, "L'inondation de <juillet>.", f"{demande.demandee_par}, le 20 juillet 2023"):
        assert attendu in page.texte
    assert page.attributs["echeance_le"]["value"] == "2023-09-01"
    assert "L&#x27;inondation de &lt;juillet&gt;." in client.get(adresse(demande)).content.decode()


def test_lire_ne_change_rien(client, demande):
    avant = photo()
    client.get(LISTE)
    client.get(adresse(demande))
    assert photo() == avant


def test_celles_qui_attendent_viennent_d_abord_et_la_plus_ancienne_en_tete(client, cqen):
    demander("AAA").accorder(par=cqen, le=JOUR)
    demander("BBB", 1)
    demander("CCC")
    page = lire(client.get(LISTE))

    assert page.index("(CCC)") < page.index("(BBB)") < page.index("(AAA)")
    assert page.count(">En attente<") == 2
    assert "Accordée jusqu'au 1er septembre 2023" in page


# --- répondre --------------------------------------------------------------------------------------------------------


def test_accorder_repousse_l_echeance_l_ecrit_a_qui_a_demande_et_se_note(
    client, cqen, demande, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        repondre(client, demande, ACCORD | {"echeance_le": "2023-09-15"})
    demande.refresh_from_db()

    assert demande.prolongation.echeance_le == datetime.date(2023, 9, 15)
    assert demande.repondue_par == demande.prolongation.accordee_par == cqen
    assert demande.repondue_le.date() == datetime.date(2023, 7, 21)
    [courriel] = mail.outbox
    assert (courriel.to, "15 septembre 2023" in courriel.body) == ([demande.demandee_par.email], True)
    [note] = LogEntry.objects.all()
    assert (note.user, note.action_flag, note.object_id) == (cqen, CHANGE, str(demande.pk))
    assert note.change_message == "Accordée jusqu'au 15 septembre 2023."


def test_refuser_dit_pourquoi_et_ne_prolonge_rien(client, demande, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        repondre(client, demande, REFUS)
    demande.refresh_from_db()

    assert (demande.reponse, demande.prolongation) == ("Les chiffres sont prêts.", None)
    assert "Les chiffres sont prêts." in mail.outbox[0].body
    assert LogEntry.objects.get().change_message == "Refusée."
    assert not Prolongation.objects.exists()


@pytest.mark.parametrize(
    ("envoi", "phrase"),
    [
        ({}, "obligatoire"),
        (ACCORD | {"decision": "peut-être"}, "choix"),
        (ACCORD | {"echeance_le": ""}, "Donnez une date du 15 août 2023"),
        (ACCORD | {"echeance_le": "demain"}, "date valide"),
        (ACCORD | {"echeance_le": ECHEANCE.isoformat()}, "Donnez une date du 15 août 2023 au 12 novembre 2023."),
        (ACCORD | {"echeance_le": "2023-11-13"}, "Donnez une date du 15 août 2023"),
        (REFUS | {"pourquoi": " "}, "Dites à l'organisation pourquoi l'échéance ne change pas."),
        (REFUS | {"pourquoi": "x" * 1001}, "1000"),
    ],
)
def test_une_reponse_mal_remplie_se_corrige_et_ne_repond_rien(client, demande, envoi, phrase):
    avant = photo()
    reponse = client.post(adresse(demande), envoi)

    assert reponse.status_code == 200
    assert phrase in lire(reponse)
    assert photo() == avant
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("jour", ["2023-08-15", "2023-11-12"])
def test_les_bornes_d_une_date_accordee_en_sont(client, demande, jour):
    repondre(client, demande, ACCORD | {"echeance_le": jour})
    assert Prolongation.objects.get().echeance_le.isoformat() == jour


@pytest.mark.parametrize("envoi", [ACCORD, REFUS])
def test_une_seconde_reponse_est_refusee_avec_sa_phrase(
    client, cqen, demande, envoi, django_capture_on_commit_callbacks
):
    demande.accorder(par=cqen, le=JOUR)
    avant = photo()
    with django_capture_on_commit_callbacks(execute=True):
        page = repondre(client, demande, envoi)

    assert "Cette demande a déjà sa réponse." in page
    assert photo() == avant
    assert not mail.outbox
    assert not LogEntry.objects.exists()


def test_une_demande_repondue_ne_fait_que_se_lire(client, cqen, demande):
    demande.refuser(par=cqen, le=JOUR, motif="Les chiffres sont prêts.")
    page = Page(client.get(adresse(demande)))

    assert f"{cqen}, le 20 juillet 2023" in page.texte
    assert "Les chiffres sont prêts." in page.texte
    assert "Refusée" in page.texte
    assert not {"decision", "echeance_le", "pourquoi", "_save"} & set(page.attributs)


def test_une_demande_ne_s_ajoute_ni_ne_se_supprime(client, demande):
    ajout = reverse("admin:indicateurs_demandeprolongation_add")
    avant = photo()
    for page in (ajout, adresse(demande, "delete")):
        assert {client.get(page).status_code, client.post(page, {"post": "yes"}).status_code} == {403}
    client.post(LISTE, {"action": "delete_selected", "_selected_action": [demande.pk], "post": "yes"})
    assert photo() == avant


# --- sans la permission ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "permission", ["indicateurs.view_demandeprolongation", "indicateurs.change_demandeprolongation"]
)
def test_sans_pouvoir_prolonger_rien_ne_s_ouvre(client, demande, permission):
    client.force_login(f.personne(permission, is_staff=True))
    avant = photo()

    for page in (LISTE, *(adresse(demande, geste) for geste in ("change", "history", "delete"))):
        assert {client.get(page).status_code, client.post(page, ACCORD).status_code} == {403}, page
    assert photo() == avant
    assert LISTE not in lire(client.get("/admin/"))


def test_la_liste_demande_autant_de_requetes_pour_vingt_demandes(client, cqen, django_assert_max_num_queries):
    for n in range(20):
        demander(f"ORGANISME{n}").accorder(par=cqen, le=JOUR)
    with django_assert_max_num_queries(10):
        client.get(LISTE)
