"""Inviter: une fois par personne, vingt fois par jour, par qui transmet."""

import datetime
import re

import pytest
from django.core import mail
from django.test import Client

from organisations.equipe import views
from organisations.horloge import maintenant
from organisations.models import Invitation, Role
from tests import fabrique as f
from tests.equipes import COMPTE, ENVOI, equipe, photo

pytestmark = pytest.mark.django_db


def test_inviter_mene_a_la_page_qui_montre_l_invitation(client, organisation, gerante):
    reponse = client.post(equipe(organisation), ENVOI | {"role": Role.TRANSMISSION})
    [invitation] = organisation.invitations.all()

    assert (reponse.status_code, reponse.headers["Location"]) == (303, equipe(organisation))
    assert (invitation.courriel, invitation.role, invitation.invitee_par) == (
        "eve@exemple.test",
        Role.TRANSMISSION,
        gerante,
    )
    assert "L&#x27;invitation part à eve@exemple.test" in client.get(equipe(organisation)).content.decode()


def test_inviter_deux_fois_ne_change_rien_la_seconde_fois(
    client, organisation, gerante, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(equipe(organisation), ENVOI)
        avant = photo()
        reponse = client.post(equipe(organisation), ENVOI | {"courriel": "EVE@exemple.test"})

    assert reponse.status_code == 303
    assert photo() == avant
    assert len(mail.outbox) == 1


def test_les_champs_de_trop_n_ont_aucun_effet(client, organisation, gerante):
    ailleurs = f.organisation()
    de_trop = {"organisation": ailleurs.pk, "invitee_par": "1", "acceptee_le": "2020-01-01", "is_staff": "1"}
    client.post(equipe(organisation), ENVOI | de_trop)
    [invitation] = Invitation.objects.all()

    assert (invitation.organisation, invitation.invitee_par, invitation.acceptee_le) == (organisation, gerante, None)


@pytest.mark.parametrize(
    ("courriel", "role"),
    [
        ("", Role.REDACTION),
        ("pas une adresse", Role.REDACTION),
        ("eve@exemple.test\0", Role.REDACTION),
        ("eve@exemple.test\r\nBcc: tous@exemple.test", Role.REDACTION),
        ("é" * 32767, Role.REDACTION),
        ("e" * 250 + "@exemple.test", Role.REDACTION),
        ("eve@exemple.test", ""),
        ("eve@exemple.test", "CQEN"),
    ],
)
def test_une_invitation_mal_remplie_est_refusee_et_la_page_garde_ce_qui_fut_tape(
    client, organisation, gerante, courriel, role
):
    reponse = client.post(equipe(organisation), {"courriel": courriel, "role": role})

    assert reponse.status_code == 400
    assert "Une correction est nécessaire" in reponse.content.decode()
    assert reponse.context["form"]["courriel"].value() == courriel
    assert not Invitation.objects.exists()


def test_on_n_invite_pas_qui_tient_deja_ce_role(client, organisation, gerante, redactrice):
    reponse = client.post(equipe(organisation), {"courriel": redactrice.email.upper(), "role": Role.REDACTION})

    assert reponse.status_code == 400
    assert "tient déjà ce rôle" in reponse.content.decode()
    assert (
        client.post(equipe(organisation), {"courriel": redactrice.email, "role": Role.TRANSMISSION}).status_code == 303
    )


def test_on_n_invite_pas_a_rediger_qui_transmet_deja(client, organisation, gerante):
    reponse = client.post(equipe(organisation), ENVOI | {"courriel": gerante.email})

    assert reponse.status_code == 400
    assert "un rôle plus large" in reponse.content.decode()


def test_la_vingt_et_unieme_invitation_du_jour_est_refusee(client, organisation, gerante, monkeypatch):
    for n in range(20):
        assert client.post(equipe(organisation), ENVOI | {"courriel": f"p{n}@exemple.test"}).status_code == 303
    for n in range(3):  # retirer n'en redonne pas
        organisation.invitations.get(courriel=f"p{n}@exemple.test").retirer(par=gerante, le=maintenant())
    avant = photo()
    reponse = client.post(equipe(organisation), ENVOI)

    assert reponse.status_code == 429
    assert "20 invitations en un jour" in reponse.content.decode()
    assert reponse.context["form"]["courriel"].value() == "eve@exemple.test"
    assert photo() == avant
    demain = maintenant() + datetime.timedelta(days=1)
    monkeypatch.setattr(views, "maintenant", lambda: demain)
    assert client.post(equipe(organisation), ENVOI).status_code == 303


def test_retirer_une_invitation_deux_fois_garde_la_premiere(client, organisation, gerante):
    client.post(equipe(organisation), ENVOI)
    [invitation] = organisation.invitations.all()
    adresse = f"{equipe(organisation)}invitations/{invitation.pk}/retirer/"

    assert client.post(adresse).status_code == 303
    avant = photo()
    assert avant["Invitation"][0]["retiree_par_id"] == gerante.pk
    assert client.post(adresse).status_code == 303
    assert photo() == avant


def test_une_invitation_deja_acceptee_ne_se_retire_plus(client, organisation, gerante):
    personne = f.personne()
    client.post(equipe(organisation), ENVOI | {"courriel": personne.email})
    [invitation] = organisation.invitations.all()
    invitation.accepter(par=personne, le=maintenant())
    reponse = client.post(f"{equipe(organisation)}invitations/{invitation.pk}/retirer/")

    assert reponse.status_code == 409
    assert "ne vaut plus" in reponse.content.decode()


def test_le_courriel_porte_le_lien_et_ne_part_qu_une_fois_l_invitation_ecrite(
    client, django_capture_on_commit_callbacks
):
    organisation = f.organisation(nom="Régie du loisir & du sport")
    client.force_login(f.declarant(organisation))
    with django_capture_on_commit_callbacks(execute=True) as apres:
        client.post(f"/espace/{organisation.slug}/equipe/", {"courriel": "Eve@Exemple.test", "role": "REDACTION"})
        assert mail.outbox == []
    [courriel] = mail.outbox

    assert len(apres) == 1
    assert courriel.to == ["eve@exemple.test"]
    assert "Régie du loisir & du sport" in courriel.body
    assert max(map(len, courriel.body.splitlines())) <= 120
    adresse = re.search(r"http://\S+", courriel.body).group().removeprefix("http://127.0.0.1:8000")
    assert Client().post(adresse, COMPTE).status_code == 303


def test_un_courriel_qui_ne_part_pas_ne_dit_l_adresse_a_aucun_journal(
    client, caplog, monkeypatch, django_capture_on_commit_callbacks
):
    organisation = f.organisation()
    client.force_login(f.declarant(organisation))
    monkeypatch.setattr(
        "django.core.mail.EmailMessage.send", lambda _: (_ for _ in ()).throw(OSError("eve@exemple.test"))
    )
    with django_capture_on_commit_callbacks(execute=True):
        reponse = client.post(
            f"/espace/{organisation.slug}/equipe/", {"courriel": "eve@exemple.test", "role": "REDACTION"}
        )

    assert reponse.status_code == 303
    assert "n'est pas parti" in caplog.text
    assert "eve@exemple.test" not in caplog.text
