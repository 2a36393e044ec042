"""Une invitation: un lien, une personne, une fois, quatorze jours."""

import logging
import time

import pytest
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse

from organisations.equipe import jeton
from organisations.horloge import maintenant
from organisations.models import Habilitation, Invitation, Role, Utilisateur
from tests import fabrique as f
from tests.equipes import COMPTE, MOT_DE_PASSE, invitation, lien, sans_csrf

pytestmark = pytest.mark.django_db


# --- lire ------------------------------------------------------------------------------------------------------------


def test_la_page_dit_qui_invite_pour_quelle_organisation_et_quel_role(client):
    recue = invitation()
    page = client.get(lien(recue)).content.decode()

    for attendu in (str(recue.invitee_par), recue.organisation.nom, "Rédiger", recue.courriel):
        assert attendu in page


def test_lire_l_invitation_ne_change_rien(client):
    recue = invitation()
    avant = f.photo(Invitation, Utilisateur, Habilitation)
    for methode in (client.get, client.head):
        assert methode(lien(recue)).status_code == 200

    assert f.photo(Invitation, Utilisateur, Habilitation) == avant


def test_la_page_ne_donne_son_adresse_a_aucun_autre_site_et_n_est_gardee_nulle_part(client):
    for reponse in (client.get(lien(invitation())), client.get("/espace/invitation/faux/")):
        assert reponse.headers["Referrer-Policy"] == "same-origin"
        assert reponse.headers["Cache-Control"] == "no-store"


# --- entrer par l'invitation -----------------------------------------------------------------------------------------


def test_sans_compte_la_personne_en_cree_un_accepte_et_entre(client):
    recue = invitation(role=Role.TRANSMISSION)
    reponse = client.post(lien(recue), COMPTE)
    compte = Utilisateur.objects.get(email="eve@exemple.test")

    assert (reponse.status_code, reponse.headers["Location"]) == (303, f"/espace/{recue.organisation.slug}/")
    assert compte.nom == "Ève Côté"
    assert compte.check_password(MOT_DE_PASSE)
    assert Habilitation.objects.permettent(compte, recue.organisation, Role.TRANSMISSION)
    assert client.get(f"/espace/{recue.organisation.slug}/equipe/").status_code == 200


def test_le_compte_cree_peut_se_reconnecter_par_son_mot_de_passe(client):
    client.post(lien(invitation()), COMPTE)
    autre = Client()
    autre.post(reverse("account_login"), {"login": "eve@exemple.test", "password": MOT_DE_PASSE})

    assert "_auth_user_id" in autre.session


def test_les_champs_de_trop_n_ont_aucun_effet(client):
    recue, ailleurs = invitation(), f.organisation()
    de_trop = {"is_staff": "1", "is_superuser": "1", "email": "autre@exemple.test", "role": "TRANSMISSION"}
    client.post(lien(recue), COMPTE | de_trop | {"organisation": ailleurs.pk, "courriel": "autre@exemple.test"})
    [compte] = Utilisateur.objects.filter(nom="Ève Côté")
    [tenue] = compte.habilitations.all()

    assert (compte.email, compte.is_staff, compte.is_superuser) == ("eve@exemple.test", False, False)
    assert (tenue.organisation, tenue.role) == (recue.organisation, Role.REDACTION)


@pytest.mark.parametrize(
    ("nom", "mot_de_passe"),
    [
        ("Ève", "court"),
        ("Ève", "123456789012345"),
        ("Ève", "eve@exemple.test"),
        ("", MOT_DE_PASSE),
        ("Ève\0", MOT_DE_PASSE),
        ("E" * 151, MOT_DE_PASSE),
        ("Ève", "m" * 1001),
    ],
)
def test_un_compte_mal_rempli_est_refuse_avec_une_phrase_et_garde_le_nom(client, nom, mot_de_passe):
    recue = invitation()
    reponse = client.post(lien(recue), {"nom": nom, "mot_de_passe": mot_de_passe})

    assert reponse.status_code == 400
    assert "Une correction est nécessaire" in reponse.content.decode()
    assert reponse.context["form"]["nom"].value() == nom
    assert not Utilisateur.objects.filter(email=recue.courriel).exists()
    assert client.get(lien(recue)).status_code == 200


@pytest.mark.parametrize("nom", ["😀 Zoé", "שלום", "\u202eeve", "O'Neil <b>", "e\u0301ve"])
def test_un_nom_peu_ordinaire_se_garde_tel_quel(client, nom):
    client.post(lien(invitation()), COMPTE | {"nom": nom})

    assert Utilisateur.objects.get(email="eve@exemple.test").nom == nom.replace("e\u0301", "é")


# --- qui a déjà un compte --------------------------------------------------------------------------------------------


def test_qui_a_un_compte_se_connecte_puis_accepte(client):
    personne = f.personne()
    recue = invitation(personne.email)

    assert f"{reverse('account_login')}?next=" in client.get(lien(recue)).content.decode()
    assert client.post(lien(recue), COMPTE).status_code == 403
    assert not personne.habilitations.exists()
    client.post(
        f"{reverse('account_login')}?next={lien(recue)}",
        {"login": personne.email, "password": "mot-de-passe-tres-long"},
    )
    reponse = client.post(lien(recue))

    assert (reponse.status_code, reponse.headers["Location"]) == (303, f"/espace/{recue.organisation.slug}/")
    assert personne.habilitations.get().role == Role.REDACTION


def test_un_compte_existant_garde_son_mot_de_passe(client):
    personne = f.personne()
    client.post(lien(invitation(personne.email)), COMPTE)
    personne.refresh_from_db()

    assert personne.check_password("mot-de-passe-tres-long")
    assert personne.nom == ""


def test_connecte_sous_une_autre_adresse_on_n_accepte_pas(client):
    autre = f.personne()
    client.force_login(autre)
    for recue in (invitation(), invitation(f.personne().email)):
        assert "sous une autre adresse" in client.get(lien(recue)).content.decode()
        assert client.post(lien(recue), COMPTE).status_code == 403
        recue.refresh_from_db()
        assert recue.acceptee_le is None
    assert not autre.habilitations.exists()


def test_un_compte_ferme_ne_revit_pas_par_une_invitation(client):
    personne = f.personne(is_active=False)
    recue = invitation(personne.email)

    assert client.get(lien(recue)).status_code == 404
    assert client.post(lien(recue), COMPTE).status_code == 404
    personne.refresh_from_db()
    assert not personne.is_active


# --- ce qui ne vaut plus ---------------------------------------------------------------------------------------------


def test_tout_ce_qui_ne_vaut_plus_donne_la_meme_page(client, plus_tard_de):
    acceptee, retiree, orpheline, fermee = (invitation(f"p{n}@exemple.test") for n in range(4))
    acceptee.accepter(par=Utilisateur.objects.create_user(acceptee.courriel), le=maintenant())
    retiree.retirer(par=retiree.invitee_par, le=maintenant())
    orpheline.invitee_par.habilitations.get().revoquer(par=orpheline.invitee_par, le=maintenant())
    Utilisateur.objects.create_user(fermee.courriel, is_active=False)
    bonne = invitation()
    liens = [lien(mauvaise) for mauvaise in (acceptee, retiree, orpheline, fermee)]
    liens += [
        f"/espace/invitation/{faux}/" for faux in ("faux", "1", f"{bonne.pk}:abc", "a:b:c", Signer().sign(bonne.pk))
    ]
    liens += [lien(bonne)[:-2] + "/", reverse("invitation", args=[jeton._SIGNATURE.sign("999999")])]
    pages = {
        (r.status_code, sans_csrf(r)) for adresse in liens for r in (client.get(adresse), client.post(adresse, COMPTE))
    }
    assert client.get(lien(bonne)).status_code == 200
    plus_tard_de(days=14)
    pages |= {(r.status_code, sans_csrf(r)) for r in (client.get(lien(bonne)), client.post(lien(bonne), COMPTE))}

    [(statut, page)] = pages
    assert statut == 404
    assert "Cette invitation ne vaut plus" in page.decode()
    assert not Utilisateur.objects.filter(nom=COMPTE["nom"]).exists()


def test_une_seconde_avant_la_fin_du_quatorzieme_jour_l_invitation_vaut_encore(client, plus_tard_de):
    recue = invitation()
    plus_tard_de(days=13, hours=23, minutes=59)

    assert client.post(lien(recue), COMPTE).status_code == 303


def test_une_invitation_ne_sert_qu_une_fois(client):
    recue = invitation()
    client.post(lien(recue), COMPTE)
    collegue = Client()
    collegue.force_login(f.declarant(recue.organisation))
    avant = f.photo(Invitation, Utilisateur, Habilitation)
    for essai in (collegue, Client()):
        assert essai.get(lien(recue)).status_code == 404
        assert essai.post(lien(recue), COMPTE).status_code == 404

    assert [ligne | {"last_login": None} for ligne in f.photo(Utilisateur)["Utilisateur"]] == [
        ligne | {"last_login": None} for ligne in avant["Utilisateur"]
    ]
    assert f.photo(Invitation, Habilitation) == {nom: avant[nom] for nom in ("Invitation", "Habilitation")}


def test_accepter_deux_fois_mene_au_tableau_et_ne_refait_rien(client):
    recue = invitation()
    tableau = f"/espace/{recue.organisation.slug}/"
    client.post(lien(recue), COMPTE)
    avant = f.photo(Invitation, Habilitation)
    reponse = client.post(lien(recue), COMPTE)

    assert (reponse.status_code, reponse.headers["Location"]) == (303, tableau)
    assert f.photo(Invitation, Habilitation) == avant
    assert client.post("/espace/invitation/faux/").status_code == 404


def test_une_seance_echue_n_accepte_pas_l_invitation(client, settings):
    personne = f.personne()
    recue = invitation(personne.email)
    client.force_login(personne)
    seance = client.session
    seance["debut"] = seance["vue_le"] = time.time() - settings.SEANCE_INACTIVITE - 1
    seance.save()
    reponse = client.post(lien(recue))
    recue.refresh_from_db()

    assert reponse.status_code == 302
    assert reponse.headers["Location"].startswith(f"{reverse('account_login')}?next=")
    assert recue.acceptee_le is None
    assert not personne.habilitations.exists()
    assert "_auth_user_id" not in client.session


def test_accepter_la_transmission_retire_la_redaction(client):
    redige = f.personne()
    recue = invitation(redige.email, Role.TRANSMISSION)
    Habilitation.objects.accorder(
        personne=redige, organisation=recue.organisation, role=Role.REDACTION, par=f.personne(), le=maintenant()
    )
    client.force_login(redige)
    client.post(lien(recue))

    assert redige.habilitations.actives().get().role == Role.TRANSMISSION
    assert redige.habilitations.get(role=Role.REDACTION).revoquee_par == recue.invitee_par


# --- le jeton --------------------------------------------------------------------------------------------------------


def test_le_jeton_n_apparait_dans_aucun_journal(caplog):
    recue, strict = invitation(), Client(enforce_csrf_checks=True)
    signe = jeton.jeton_de(recue)
    with caplog.at_level(logging.DEBUG):
        Client().post(lien(recue), {"nom": "", "mot_de_passe": "court"})
        strict.post(lien(recue), COMPTE)
        Client().delete(lien(recue))
        Client().post(lien(recue), COMPTE)
        Client().get(lien(recue))

    assert len([m for m in caplog.messages if "/espace/invitation/…/" in m]) == 4
    assert signe not in caplog.text
    assert MOT_DE_PASSE not in caplog.text
