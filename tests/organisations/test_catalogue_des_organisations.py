"""Le catalogue des organisations: ce qui s'y change, ce qu'une édition y fige, et l'histoire de chaque ligne."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisations.models import Attribution, FormuleDeRenvoi, Organisation, Strategie
from tests import fabrique as f
from tests.organisations.catalogue import ORGANISATIONS, PERMISSIONS
from tests.organisations.connexions import lire

pytestmark = pytest.mark.django_db
FICHE = {"sigle": "SAAQ", "nom": "Société", "categorie": "AUTRE", "assujettie_du": "2020-01-01"}


@pytest.fixture(autouse=True)
def pilote(client, settings):
    settings.MFA_EXIGEE = False
    retrait = "organisations.delete_attribution"
    membre = f.personne(*PERMISSIONS, retrait, "organisations.view_utilisateur", is_staff=True, nom="Pilote")
    client.force_login(membre)
    return membre


@pytest.fixture
def publiee():
    """Une organisation dont une édition a publié le chiffre."""
    organisation, trimestre = f.organisation("RAMQ", nom="Régie"), f.trimestre()
    f.validee(organisation, trimestre, {f.indicateur("papier"): (6, 10)})
    f.edition(trimestre)
    return organisation


def page_de(organisation, geste: str = "change") -> str:
    return f"{ORGANISATIONS}{organisation.pk}/{geste}/"


# --- changer ---------------------------------------------------------------------------------------------------------


def test_ajouter_une_organisation_lui_donne_son_adresse(client, pilote):
    client.post(f"{ORGANISATIONS}add/", FICHE)
    saaq = Organisation.objects.get()
    assert (saaq.sigle, saaq.slug) == ("SAAQ", "saaq")
    assert [(h.history_type, h.history_user) for h in saaq.history.all()] == [("+", pilote)]


@pytest.mark.parametrize("sigle", ["", "saaq", "SAAQ", "日", "-", "S\0", "x" * 41])
def test_un_sigle_impossible_se_dit_dans_le_formulaire(client, sigle):
    f.organisation("SAAQ")
    page = client.post(f"{ORGANISATIONS}add/", FICHE | {"sigle": sigle})
    assert page.status_code == 200
    assert "errorlist" in lire(page)
    assert Organisation.objects.count() == 1


def test_une_fusion_et_un_changement_de_nom_restent_dans_l_histoire(client, pilote):
    ancienne, neuve = f.organisation("SAAQ", nom="Société"), f.organisation("NEUVE")
    fiche = FICHE | {"nom": "Société de l'assurance", "assujettie_du": "2019-01-01"}
    client.post(page_de(ancienne), fiche)
    client.post(page_de(ancienne), fiche | {"assujettie_au": "2022-12-31", "remplacee_par": neuve.pk})
    page = lire(client.get(page_de(ancienne, "history")))

    for dit in ("<del>Société</del>", "<ins>Société de l'assurance</ins>", "<ins>31 décembre 2022</ins>", "Pilote"):
        assert dit in page, dit
    assert "<ins>Organisme NEUVE (NEUVE)</ins>" in page
    assert page.index("remplacée par") < page.index("<ins>Société de l'assurance</ins>")  # le plus récent d'abord


def test_un_geste_sans_personne_est_d_une_commande(client):
    assert "Une commande" in lire(client.get(page_de(f.organisation(), "history")))


# --- ce qu'une édition fige ------------------------------------------------------------------------------------------


def test_le_sigle_d_une_organisation_publiee_se_lit_et_la_page_dit_pourquoi(client, publiee):
    page = lire(client.get(page_de(publiee)))
    assert 'name="sigle"' not in page
    assert "Une édition publiée en dépend".lower() in page.lower()

    client.post(page_de(publiee), FICHE | {"sigle": "AUTRE", "nom": "Régie neuve", "assujettie_du": "2019-01-01"})
    publiee.refresh_from_db()
    assert (publiee.sigle, publiee.nom) == ("RAMQ", "Régie neuve")


def test_le_sigle_d_une_organisation_neuve_se_change(client):
    neuve = f.organisation("SAAQ", assujettie_du="2024-01-01")
    assert "édition publiée" not in lire(client.get(page_de(neuve)))
    client.post(page_de(neuve), FICHE | {"sigle": "AUTRE"})
    neuve.refresh_from_db()
    assert neuve.sigle == "AUTRE"


# --- ne pas supprimer ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["pilote", "superutilisateur"])
def test_ni_organisation_ni_strategie_ne_se_suppriment(client, role):
    if role == "superutilisateur":
        client.force_login(f.personne(is_staff=True, is_superuser=True))
    strategie = Strategie.objects.create(code="s", titre="S", debut=f.DEBUT, fin=f.FIN)
    for objet, liste in ((f.organisation(), ORGANISATIONS), (strategie, "/admin/organisations/strategie/")):
        assert client.post(f"{liste}{objet.pk}/delete/", {"post": "yes"}).status_code == 403
        client.post(liste, {"action": "delete_selected", "_selected_action": [objet.pk], "post": "yes"})
        assert type(objet).objects.filter(pk=objet.pk).exists()


def test_une_attribution_se_retire_et_son_histoire_reste(client, pilote):
    ligne = Attribution.objects.create(portefeuille=f.ministere("MCN"), relecteur=f.relecteur())
    assert client.post(f"/admin/organisations/attribution/{ligne.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Attribution.objects.exists()
    assert list(Attribution.history.values_list("history_type", "history_user")) == [("-", pilote.pk), ("+", None)]


# --- l'histoire ------------------------------------------------------------------------------------------------------


def test_l_histoire_ne_se_rejoue_pas(client):
    organisation = f.organisation()
    version = organisation.history.get().history_id
    avant = f.photo(Organisation)
    adresse = f"{ORGANISATIONS}{organisation.pk}/history/{version}/"
    for reponse in (client.get(adresse), client.post(adresse, FICHE)):
        assert reponse.status_code == 302  # nulle part: l'accueil
        assert lire(client.get(reponse.headers["Location"])).count('name="_save"') == 0
    client.post(page_de(organisation, "history"), FICHE)
    assert f.photo(Organisation) == avant


def test_l_histoire_demande_de_voir_et_l_absent_ne_se_distingue_pas(client):
    organisation = f.organisation()
    client.force_login(f.personne(is_staff=True))
    refus = [client.get(f"{ORGANISATIONS}{cle}/history/").status_code for cle in (organisation.pk, 999_999)]
    assert refus == [403, 403]


# --- les listes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("modele", ["organisation", "strategie", "attribution", "formulederenvoi"])
def test_chaque_liste_demande_autant_de_requetes_pour_une_ligne_et_pour_trente(client, modele):
    client.force_login(f.personne(is_staff=True, is_superuser=True))
    comptes = []
    for tour in range(3):  # le premier garde les types de contenu
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(f"/admin/organisations/{modele}/").status_code == 200
        comptes.append(len(requetes))
        for rang in range(30):
            tete = f.ministere()
            f.organisation(ministere=tete)
            Attribution.objects.create(portefeuille=tete, relecteur=f.relecteur())
            FormuleDeRenvoi.objects.create(texte=f"Raison {tour}-{rang}")
            Strategie.objects.create(code=f"s{tour}-{rang}", titre="S", debut=f.DEBUT, fin=f.FIN)
    assert comptes[1] == comptes[2] <= 15


def test_la_liste_dit_qui_doit_declarer_aujourd_hui(client):
    f.organisation("FINIE", assujettie_au="2020-01-01")
    f.organisation("ICI")
    for reponse, dites in (("oui", ["ICI"]), ("non", ["FINIE"])):
        page = lire(client.get(ORGANISATIONS, {"declare": reponse}))
        assert [sigle for sigle in ("ICI", "FINIE") if f">{sigle}<" in page] == dites


def test_chaque_changement_se_note_au_journal(client, pilote):
    client.post(f"{ORGANISATIONS}add/", FICHE)
    client.post(page_de(Organisation.objects.get()), FICHE | {"nom": "Autre"})
    assert [(note.user, note.action_flag) for note in LogEntry.objects.order_by("pk")] == [(pilote, 1), (pilote, 2)]
