"""Le CQEN invite depuis l'administration: qui peut habiliter, et personne d'autre."""

import datetime

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from organisations.horloge import maintenant
from organisations.models import Habilitation, Invitation, Role
from tests import fabrique as f
from tests.equipes import invitation, lien
from tests.organisations.connexions import lire

pytestmark = pytest.mark.django_db
LISTE = reverse("admin:organisations_invitation_changelist")
AJOUT = reverse("admin:organisations_invitation_add")


@pytest.fixture(autouse=True)
def cqen(client, settings):
    """Une personne du CQEN qui peut habiliter, entrée."""
    settings.MFA_EXIGEE = False
    membre = f.personne("organisations.habiliter", is_staff=True)
    client.force_login(membre)
    return membre


@pytest.fixture
def organisation():
    return f.organisation("REGIE", nom="Régie des marchés")


def inviter(client, organisation, /, **champs):
    envoi = {"organisation": organisation.pk, "courriel": "Eve@Exemple.test", "role": Role.TRANSMISSION}
    return client.post(AJOUT, envoi | champs)


def retirer(client, *invitations):
    envoi = {"action": "retirer", "_selected_action": [i.pk for i in invitations]}
    return lire(client.post(LISTE, envoi, follow=True))


def adresses(pour: Invitation) -> list[str]:
    gestes = ("change", "history", "delete")
    return [LISTE, AJOUT, *(reverse(f"admin:organisations_invitation_{geste}", args=[pour.pk]) for geste in gestes)]


# --- inviter ---------------------------------------------------------------------------------------------------------


def test_inviter_envoie_le_lien_signe_et_se_note(client, cqen, organisation, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        reponse = inviter(client, organisation)
    [faite] = Invitation.objects.all()

    assert reponse.headers["Location"] == LISTE
    assert (faite.courriel, faite.organisation, faite.role) == ("eve@exemple.test", organisation, Role.TRANSMISSION)
    assert faite.invitee_par == cqen
    assert [(courriel.to, lien(faite) in courriel.body) for courriel in mail.outbox] == [(["eve@exemple.test"], True)]
    [note] = LogEntry.objects.all()
    assert (note.user, note.action_flag, note.object_id) == (cqen, ADDITION, str(faite.pk))


def test_l_invitation_du_cqen_s_accepte(client, organisation):
    inviter(client, organisation)
    [faite] = Invitation.objects.all()
    eve = f.Utilisateur.objects.create_user("eve@exemple.test")
    client.force_login(eve)
    client.post(lien(faite))

    assert Habilitation.objects.permettent(eve, organisation, Role.TRANSMISSION)


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"courriel": "pas une adresse"}, "adresse"),
        ({"courriel": ""}, "obligatoire"),
        ({"role": "TOUT"}, "choix"),
        ({"organisation": 999_999}, "choix"),
        ({"organisation": "1'--"}, "choix"),
    ],
)
def test_un_envoi_mal_rempli_se_corrige_et_n_invite_personne(client, organisation, champs, phrase):
    reponse = inviter(client, organisation, **champs)

    assert reponse.status_code == 200
    assert phrase in lire(reponse)
    assert not Invitation.objects.exists()
    assert not LogEntry.objects.exists()


def test_inviter_deux_fois_ne_change_rien_et_dit_comment_recrire(client, organisation):
    inviter(client, organisation)
    avant = f.photo(Invitation)
    page = lire(inviter(client, organisation, courriel="eve@exemple.TEST"))

    assert "déjà invitée. Pour lui récrire, retirez d'abord l'invitation." in page
    assert f.photo(Invitation) == avant


def test_l_autre_role_remplace_l_invitation_d_avant(client, organisation):
    inviter(client, organisation)
    inviter(client, organisation, role=Role.REDACTION)
    en_attente = organisation.invitations.en_attente(maintenant())

    assert [(i.role, i.courriel) for i in en_attente] == [(Role.REDACTION, "eve@exemple.test")]


def test_on_n_invite_pas_qui_tient_deja_ce_role(client, organisation):
    page = lire(inviter(client, organisation, courriel=f.declarant(organisation).email.upper()))

    assert "Cette personne tient déjà ce rôle" in page
    assert not Invitation.objects.exists()


def test_les_organisations_se_choisissent_par_ordre_de_sigle(client, organisation):
    f.organisation("ARTM", nom="Zone de transport")
    page = lire(client.get(AJOUT))
    assert page.index("ARTM, Zone de transport") < page.index("REGIE, Régie des marchés")


# --- voir, retirer ---------------------------------------------------------------------------------------------------


def test_la_liste_dit_l_etat_de_chaque_invitation(client, cqen, organisation):
    faits = {"organisation": organisation, "role": Role.REDACTION, "par": cqen}
    attendue, acceptee, retiree, echue = (
        Invitation.objects.inviter(f"{nom}@exemple.test", **faits, le=maintenant() - datetime.timedelta(days=jours))
        for nom, jours in (("attendue", 13), ("acceptee", 1), ("retiree", 1), ("echue", 14))
    )
    acceptee.accepter(par=f.Utilisateur.objects.create_user("acceptee@exemple.test"), le=maintenant())
    retiree.retirer(par=cqen, le=maintenant())
    rangees = lire(client.get(LISTE)).split("<tr>")

    for dite, etat in ((attendue, "En attente"), (acceptee, "Acceptée"), (retiree, "Retirée"), (echue, "Échue")):
        [rangee] = [r for r in rangees if dite.courriel in r]
        assert f">{etat}<" in rangee
        assert "Régie des marchés (REGIE)" in rangee
        assert date_format(timezone.localdate(dite.invitee_le)) in rangee


def test_une_invitation_se_lit(client, organisation):
    inviter(client, organisation)
    page = lire(client.get(reverse("admin:organisations_invitation_change", args=[Invitation.objects.get().pk])))

    for attendu in ("eve@exemple.test", "Régie des marchés (REGIE)", "Rédiger et transmettre"):
        assert attendu in page
    assert 'name="_save"' not in page


def test_retirer_reprend_celles_qui_attendent_et_dit_les_autres(client, cqen):
    attendue, deja = invitation("eve@exemple.test"), invitation("lea@exemple.test")
    deja.retirer(par=cqen, le=maintenant())
    page = retirer(client, attendue, deja)
    attendue.refresh_from_db()

    assert attendue.retiree_par == cqen
    assert "L'invitation de eve@exemple.test est retirée." in page
    assert "L'invitation de lea@exemple.test n'attend plus de réponse." in page
    [note] = LogEntry.objects.all()
    assert (note.user, note.action_flag, note.object_id) == (cqen, CHANGE, str(attendue.pk))


def test_une_invitation_ne_se_change_ni_ne_se_supprime(client):
    posee = invitation()
    avant = f.photo(Invitation)
    for geste in ("change", "delete"):
        adresse = reverse(f"admin:organisations_invitation_{geste}", args=[posee.pk])
        assert client.post(adresse, {"post": "yes", "courriel": "autre@exemple.test"}).status_code == 403
    retirer_tout = {"action": "delete_selected", "_selected_action": [posee.pk], "post": "yes"}
    client.post(LISTE, retirer_tout)

    assert f.photo(Invitation) == avant


def test_la_liste_demande_autant_de_requetes_pour_vingt_invitations(client, django_assert_max_num_queries):
    for n in range(20):
        invitation(f"personne{n}@exemple.test")
    with django_assert_max_num_queries(10):
        client.get(LISTE)


# --- sans la permission ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("permissions", [(), ("organisations.add_invitation", "organisations.view_invitation")])
def test_sans_pouvoir_habiliter_rien_ne_s_ouvre(client, permissions):
    posee = invitation()
    client.force_login(f.personne(*permissions, is_staff=True))
    avant = f.photo(Invitation)

    for adresse in adresses(posee):
        assert {client.get(adresse).status_code, client.post(adresse).status_code} == {403}, adresse
    assert inviter(client, posee.organisation).status_code == 403
    assert f.photo(Invitation) == avant
    assert LISTE not in lire(client.get("/admin/"))


def test_qui_peut_habiliter_trouve_les_invitations_au_sommaire(client):
    assert LISTE in lire(client.get("/admin/"))
