"""L'administration: ce qu'elle montre en entrant, ce qu'elle renvoie au compte, ce qu'une édition y fige."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from barometre.pages.administration import TOUTES
from indicateurs.models import Indicateur, Trimestre
from organisations.figes import FIGES
from organisations.models import Organisation
from tests import fabrique as f
from tests.organisations.connexions import lire

pytestmark = pytest.mark.django_db


@pytest.fixture
def entree(client, settings):
    """Fait entrer une personne de l'équipe avec ces permissions."""
    settings.MFA_EXIGEE = False

    def entrer(*permissions, **champs):
        client.force_login(f.personne(*permissions, is_staff=True, **champs))
        return client

    return entrer


# --- l'accueil -------------------------------------------------------------------------------------------------------


def test_l_accueil_dit_ce_qui_attend_et_combien_est_signale(entree):
    papier, t1, t2 = f.indicateur("papier"), f.trimestre("2023-T1"), f.trimestre("2023-T2")
    ramq = f.organisation("RAMQ")
    f.validee(ramq, t1, {papier: (1, 100)})
    f.transmise(ramq, t2, {papier: (99, 100)})
    page = lire(entree("indicateurs.relire_soumission").get("/admin/"))

    assert "1 soumission, dont 1 signalée" in page
    assert "Plans à relire" not in page


def test_chacune_ne_lit_que_les_questions_auxquelles_elle_peut_repondre(entree):
    for permission, titre, _, page in TOUTES:
        texte = lire(entree(permission).get("/admin/"))
        dites = {autre for _, autre, _, _ in TOUTES if f">{autre}</a>" in texte}
        assert titre in dites
        assert reverse(page) in texte
        assert dites == {autre for autorisee, autre, _, _ in TOUTES if autorisee == permission}


def test_chaque_question_mene_a_une_page_qui_s_ouvre(entree):
    client = entree(is_superuser=True)
    f.trimestre()
    for _, titre, _, page in TOUTES:
        assert client.get(reverse(page), follow=True).status_code == 200, titre


def test_l_accueil_demande_peu_de_requetes(entree):
    client = entree(is_superuser=True)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as requetes:
        client.get("/admin/")
    assert len(requetes) <= 15


def test_l_administration_parle_francais_et_porte_ses_couleurs(entree):
    page = lire(entree(is_superuser=True).get("/admin/"))
    for attendu in ('lang="fr"', "administration.css", "favicon.svg", "Baromètre numérique", "Mon compte"):
        assert attendu in page, attendu
    assert "Import" not in page


# --- ce que l'administration ne fait pas -----------------------------------------------------------------------------


@pytest.mark.parametrize("methode", ["get", "post"])
def test_un_mot_de_passe_se_change_au_compte(entree, methode):
    client = entree(is_superuser=True)
    envoi = {"old_password": "mot-de-passe-tres-long", "new_password1": "x" * 20, "new_password2": "x" * 20}
    for adresse in ("/admin/password_change/", "/admin/password_change/done/"):
        reponse = getattr(client, methode)(adresse, envoi)
        assert reponse.headers["Location"] == reverse("account_change_password")
    assert f.Utilisateur.objects.get().check_password("mot-de-passe-tres-long")


# --- ce qu'une édition fige ------------------------------------------------------------------------------------------


@pytest.fixture
def publies():
    """Une organisation, un indicateur, un trimestre publiés."""
    organisation, indicateur, trimestre = f.organisation("RAMQ"), f.indicateur("papier"), f.trimestre()
    f.validee(organisation, trimestre, {indicateur: (6, 10)})
    f.edition(trimestre)
    return {Organisation: organisation, Indicateur: indicateur, Trimestre: trimestre}


def neufs() -> dict:
    return {
        Organisation: f.organisation("NEUVE", assujettie_du="2030-01-01"),
        Indicateur: f.indicateur("neuf"),
        Trimestre: f.trimestre("2030-T1"),
    }


@pytest.mark.parametrize("modele", [Organisation, Indicateur, Trimestre])
def test_la_page_et_la_base_figent_les_memes_lignes(publies, modele):
    assert FIGES.de(publies[modele]).champs == FIGES.par_modele[modele].champs
    assert FIGES.de(neufs()[modele]) is None
    assert FIGES.de(modele()) is None


@pytest.mark.parametrize(
    ("modele", "change"),
    [
        (Organisation, {"sigle": "AUTRE"}),
        (Organisation, {"slug": "autre"}),
        (Indicateur, {"code": "autre"}),
        (Indicateur, {"agregation": "PART_ORGANISATIONS"}),
        (Indicateur, {"seuil": 10}),
        (Trimestre, {"annee": 2031, "code": "2031-T1"}),
        (Trimestre, {"numero": 4, "code": "2023-T4"}),
    ],
)
def test_la_base_refuse_de_changer_ce_qui_est_publie_et_permet_le_reste(publies, modele, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        modele.objects.filter(pk=publies[modele].pk).update(**change)
    if modele is Trimestre:
        change = {"annee": 2031, "numero": 3, "code": "2031-T3"}
    assert modele.objects.filter(pk=neufs()[modele].pk).update(**change) == 1


@pytest.mark.parametrize("modele", [Organisation, Indicateur, Trimestre])
def test_la_base_refuse_de_supprimer_ce_qui_est_publie(publies, modele):
    with pytest.raises(DatabaseError, match="ne se supprime pas"):
        f.sql(f"DELETE FROM {modele._meta.db_table} WHERE id = %s", publies[modele].pk)
