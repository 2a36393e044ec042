"""Les personnes et leurs droits: on ne donne que ce qu'on tient, et jamais à soi-même."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisations.models import Utilisateur
from tests import fabrique as f
from tests.organisations.connexions import entrer, equiper, lire

pytestmark = pytest.mark.django_db
LISTE = "/admin/organisations/utilisateur/"
TENUES = tuple(f"organisations.{geste}_utilisateur" for geste in ("view", "add", "change"))
NEUVE = {"email": "eve@exemple.test", "nom": "Ève", "is_staff": "on"}


@pytest.fixture(autouse=True)
def pilote(client, settings):
    """Une personne qui tient le groupe Catalogue, entrée."""
    settings.MFA_EXIGEE = False
    membre = f.personne(is_staff=True, nom="Pilote")
    membre.groups.add(groupe("Catalogue", *TENUES))
    client.force_login(membre)
    return membre


def groupe(nom: str, *permissions: str) -> Group:
    neuf = Group.objects.create(name=nom)
    neuf.permissions.add(*map(f.permission, permissions))
    return neuf


def page_de(personne, geste: str = "change") -> str:
    return f"{LISTE}{personne.pk}/{geste}/"


def fiche(personne, **champs) -> dict:
    """Ce que le formulaire de cette personne envoie, sauf ce qui est dit."""
    groupes = [g.pk for g in personne.groups.all()]
    cases = {nom: "on" for nom in ("is_active", "is_staff") if getattr(personne, nom)}
    envoi = {"email": personne.email, "nom": personne.nom, "groups": groupes} | cases | champs
    return {nom: valeur for nom, valeur in envoi.items() if valeur is not None}


# --- créer -----------------------------------------------------------------------------------------------------------


def test_creer_une_personne_lui_ecrit_et_elle_choisit_seule_son_mot_de_passe(
    client, pilote, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{LISTE}add/", NEUVE | {"groups": [pilote.groups.get().pk], "password": "choisi-par-autrui-1234"})
    eve = Utilisateur.objects.get(email="eve@exemple.test")

    assert (eve.nom, eve.is_staff, eve.is_active, eve.is_superuser) == ("Ève", True, True, False)
    assert [g.name for g in eve.groups.all()] == ["Catalogue"]
    assert not eve.has_usable_password()
    assert [(c.to, "/compte/mot-de-passe/oublie/" in c.body) for c in mail.outbox] == [(["eve@exemple.test"], True)]
    assert {h.history_user for h in eve.history.all()} == {pilote}
    assert LogEntry.objects.get().user == pilote


@pytest.mark.parametrize("adresse", ["", "pas une adresse", "DEJA@exemple.test"])
def test_une_adresse_impossible_ou_deja_prise_se_dit(client, adresse):
    Utilisateur.objects.create_user("deja@exemple.test")
    page = client.post(f"{LISTE}add/", NEUVE | {"email": adresse})
    assert page.status_code == 200
    assert "errorlist" in lire(page)


def test_aucun_mot_de_passe_ne_se_saisit_ni_ne_se_montre(client):
    client.force_login(f.personne(is_staff=True, is_superuser=True))
    eve = f.personne()
    for adresse in (f"{LISTE}add/", page_de(eve), page_de(eve, "history")):
        page = lire(client.get(adresse))
        assert "password" not in page.replace("password_change", "")
        assert eve.password not in page
    assert client.get(f"{LISTE}{eve.pk}/password/").status_code in (302, 404)


# --- désactiver ------------------------------------------------------------------------------------------------------


def test_desactiver_fait_sortir_la_personne(client, pilote):
    eve = f.personne(nom="Ève")
    autre = type(client)()
    entrer(autre, eve.email)
    assert autre.get("/compte/").status_code == 200
    client.post(page_de(eve), fiche(eve, is_active=None))
    eve.refresh_from_db()

    assert not eve.is_active
    assert autre.get("/compte/").status_code == 302
    assert entrer(autre, eve.email).status_code == 302
    assert "<del>Oui</del>" in lire(client.get(page_de(eve, "history")))


@pytest.mark.parametrize("superutilisateur", [False, True])
def test_personne_ne_supprime_une_personne(client, superutilisateur):
    if superutilisateur:
        client.force_login(f.personne(is_staff=True, is_superuser=True))
    eve = f.personne()
    assert client.post(page_de(eve, "delete"), {"post": "yes"}).status_code == 403
    client.post(LISTE, {"action": "delete_selected", "_selected_action": [eve.pk], "post": "yes"})
    assert Utilisateur.objects.filter(pk=eve.pk).exists()


# --- ne pas s'élever -------------------------------------------------------------------------------------------------


def photo() -> dict:
    liens = Utilisateur.groups.through, Utilisateur.user_permissions.through
    tables = f.photo(Utilisateur, *liens, Authenticator, Group)
    for ligne in tables["Utilisateur"]:
        ligne.pop("last_login")
    return tables


def test_on_ne_touche_pas_a_ses_propres_droits(client, pilote):
    relecture, avant = groupe("Relecture", "indicateurs.relire_soumission"), photo()
    assert client.post(page_de(pilote), fiche(pilote, groups=[relecture.pk], is_superuser="on")).status_code == 403
    assert photo() == avant
    assert "is_superuser" not in lire(client.get(page_de(pilote)))


def test_un_superutilisateur_ne_change_pas_non_plus_ses_droits(client):
    seul = f.personne(is_staff=True, is_superuser=True)
    client.force_login(seul)
    assert client.post(page_de(seul), fiche(seul, is_active=None)).status_code == 403


def test_on_ne_donne_que_les_groupes_dont_on_tient_chaque_permission(client):
    relecture, eve = groupe("Relecture", *TENUES, "indicateurs.relire_soumission"), f.personne()
    avant = photo()
    page = client.post(page_de(eve), fiche(eve, groups=[relecture.pk]))

    assert page.status_code == 200
    assert "errorlist" in lire(page)
    assert "Relecture" not in lire(client.get(page_de(eve)))
    assert photo() == avant
    assert client.post(f"{LISTE}add/", NEUVE | {"groups": [relecture.pk]}).status_code == 200
    assert photo() == avant


def au_dessus() -> dict:
    """Des personnes qui tiennent plus que le pilote, chacune par un autre chemin."""
    par_groupe, retiree = f.personne(is_staff=True), f.relecteur()
    par_groupe.groups.add(groupe("Relecture", "indicateurs.relire_soumission"))
    retiree.is_active = False
    retiree.save()
    ancien = f.personne(is_superuser=True, is_active=False)
    return {
        "superutilisateur": f.personne(is_staff=True, is_superuser=True),
        "par un groupe": par_groupe,
        "en propre": f.relecteur(),
        "désactivée": retiree,
        "ancien superutilisateur": ancien,
    }


def test_on_ne_touche_pas_a_qui_tient_plus_que_soi(client):
    for nom, personne in au_dessus().items():
        equiper(personne)
        avant = photo()
        envoi = fiche(personne, email="pris@exemple.test", is_active="on", groups=[])
        assert client.post(page_de(personne), envoi).status_code == 403, nom
        client.post(LISTE, {"action": "retirer_le_facteur", "_selected_action": [personne.pk]})
        assert photo() == avant, nom
        assert 'name="_save"' not in lire(client.get(page_de(personne)))


def test_les_pouvoirs_ne_se_donnent_que_par_un_superutilisateur(client):
    eve, voulue = f.personne(), f.permission("indicateurs.relire_soumission")
    envoi = fiche(eve, is_superuser="on", user_permissions=[voulue.pk])
    client.post(page_de(eve), envoi)
    eve = Utilisateur.objects.get(pk=eve.pk)
    assert (eve.is_superuser, eve.user_permissions.count()) == (False, 0)

    client.force_login(f.personne(is_staff=True, is_superuser=True))
    client.post(page_de(eve), envoi)
    eve = Utilisateur.objects.get(pk=eve.pk)
    assert (eve.is_superuser, eve.user_permissions.count()) == (True, 1)


def test_une_adresse_donnee_ne_change_plus_que_par_un_superutilisateur(client):
    eve = f.declarant(f.organisation())
    avant = eve.email
    client.post(page_de(eve), fiche(eve, email="pris@exemple.test", nom="Ève Côté"))
    eve.refresh_from_db()
    assert (eve.email, eve.nom) == (avant, "Ève Côté")

    client.force_login(f.personne(is_staff=True, is_superuser=True))
    client.post(page_de(eve), fiche(eve, email="neuve@exemple.test"))
    eve.refresh_from_db()
    assert eve.email == "neuve@exemple.test"


def test_les_groupes_ne_s_ecrivent_que_par_un_superutilisateur(client, pilote):
    mien = pilote.groups.get()
    pilote.user_permissions.add(*(f.permission(f"auth.{geste}_group") for geste in ("add", "change", "delete", "view")))
    avant = photo()
    adresses = ["/admin/auth/group/", "/admin/auth/group/add/"]
    adresses += [f"/admin/auth/group/{mien.pk}/{geste}/" for geste in ("change", "delete", "history")]
    for adresse in adresses:
        assert {client.get(adresse).status_code, client.post(adresse, {"name": "X"}).status_code} == {403}, adresse
    assert photo() == avant

    client.force_login(f.personne(is_staff=True, is_superuser=True))
    assert client.get(adresses[0]).status_code == 200
    assert client.post(adresses[3], {"post": "yes"}).status_code == 403


def test_l_histoire_dit_les_groupes_donnes(client):
    client.force_login(f.personne(is_staff=True, is_superuser=True, nom="Chef"))
    eve = f.personne()
    client.post(page_de(eve), fiche(eve, groups=[Group.objects.get().pk]))
    page = lire(client.get(page_de(eve, "history")))
    assert "<ins>Catalogue</ins>" in page
    assert "Chef" in page


# --- le deuxième facteur ---------------------------------------------------------------------------------------------


def test_le_facteur_perdu_se_retire_se_note_et_la_personne_en_est_avisee(client, pilote):
    eve, lea = f.personne(nom="Ève", is_staff=True), f.personne(nom="Léa")
    equiper(eve)
    page = lire(client.post(LISTE, {"action": "retirer_le_facteur", "_selected_action": [eve.pk, lea.pk]}, follow=True))
    note = LogEntry.objects.get()

    assert not Authenticator.objects.filter(user=eve).exists()
    assert (note.user, note.object_id, note.change_message) == (pilote, str(eve.pk), "Deuxième facteur retiré.")
    assert [c.to for c in mail.outbox] == [[eve.email]]
    assert "Le deuxième facteur de Ève est retiré." in page
    assert "Léa n'a pas de deuxième facteur." in page


def test_voir_ne_suffit_pas_a_retirer_un_facteur(client):
    eve = f.personne()
    equiper(eve)
    client.force_login(f.personne(TENUES[0], is_staff=True))
    client.post(LISTE, {"action": "retirer_le_facteur", "_selected_action": [eve.pk]})
    assert Authenticator.objects.filter(user=eve).exists()


def test_aucun_secret_de_facteur_ne_s_administre(client):
    client.force_login(f.personne(is_staff=True, is_superuser=True))
    assert client.get("/admin/mfa/authenticator/").status_code == 404
    assert "authenticator" not in lire(client.get("/admin/"))


# --- la liste --------------------------------------------------------------------------------------------------------


def test_la_liste_demande_autant_de_requetes_pour_une_personne_et_pour_trente(client):
    comptes = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(LISTE).status_code == 200
        comptes.append(len(requetes))
        for _ in range(30):
            f.personne().groups.add(Group.objects.get())
    assert comptes[1] == comptes[2] <= 15


def test_l_histoire_d_une_personne_demande_peu_de_requetes(client):
    eve = f.personne()
    comptes = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as requetes:
            client.get(page_de(eve, "history"))
        comptes.append(len(requetes))
        for rang in range(10):
            eve.nom = f"Nom {rang}"
            eve.save()
    assert comptes[1] == comptes[2] <= 15
