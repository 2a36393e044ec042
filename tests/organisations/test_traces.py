"""Tout geste de l'administration laisse une trace, accepté ou refusé; aucune ne dit ce qui fut tapé."""

import re

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import DatabaseError, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.test import Client, RequestFactory
from django.urls import reverse

from organisations.models import FormuleDeRenvoi, Invitation, Role, Trace
from organisations.requete import identifiee, reseau
from organisations.traces import Traces
from tests import fabrique as f
from tests.equipes import invitation

pytestmark = pytest.mark.django_db
LISTE = reverse("admin:organisations_invitation_changelist")
AJOUT = reverse("admin:organisations_invitation_add")
NUMERO = "b" * 32


@pytest.fixture(autouse=True)
def cqen(client, settings):
    """Une personne du CQEN qui peut habiliter, entrée."""
    settings.MFA_EXIGEE = False
    membre = f.personne("organisations.habiliter", is_staff=True)
    client.force_login(membre)
    return membre


def traces() -> list[tuple]:
    """Ce qui fut fait, dans l'ordre: objet, geste, réponse."""
    dites = Trace.objects.order_by("pk").values_list("objet", "geste", "statut")
    return [(objet.replace("\xa0", " "), geste.replace("\xa0", " "), statut) for objet, geste, statut in dites]


def nommer(posee: Invitation) -> str:
    return f"invitation : {posee}".replace("\xa0", " ")


def retirer(client, *invitations):
    return client.post(LISTE, {"action": "retirer", "_selected_action": [i.pk for i in invitations]})


def demander(suite, par, methode="post", **options):
    """La réponse d'une vue de l'administration, derrière le suivi seul."""
    requete = getattr(RequestFactory(), methode)("/admin/essai/", **options)
    requete.user, requete.resolver_match = par, None
    with identifiee(NUMERO):
        return Traces(suite)(requete)


def noter(par, *objets):
    LogEntry.objects.log_actions(par.pk, objets, CHANGE, "Fait.")


# --- ce qui est fait -------------------------------------------------------------------------------------------------


def test_un_geste_dit_qui_quoi_quand_d_ou_et_par_quelle_demande(client, cqen, settings):
    settings.HORLOGE = f.instant("2023-08-04")
    posee = invitation()
    client.post(LISTE, {"action": "retirer", "_selected_action": posee.pk}, REMOTE_ADDR="203.0.113.77")
    [trace] = Trace.objects.all()

    assert (trace.par, trace.le.date().isoformat(), trace.adresse) == (cqen, "2023-08-04", "203.0.113.0/24")
    assert re.fullmatch("[0-9a-f]{32}", trace.requete)
    assert trace.page == LISTE
    assert traces() == [(nommer(posee), "Retirée.", 200)]


def test_plusieurs_objets_d_une_demande_laissent_chacun_la_leur(client):
    posees = [invitation("eve@exemple.test"), invitation("lea@exemple.test")]
    retirer(client, *posees)

    assert {objet for objet, _, _ in traces()} == {nommer(posee) for posee in posees}
    assert Trace.objects.values("requete").distinct().count() == 1


def test_ce_que_django_note_d_un_coup_laisse_autant_de_traces(cqen):
    formules = [FormuleDeRenvoi.objects.create(texte=texte) for texte in ("Vérifiez.", "Complétez.", "Expliquez.")]

    def supprimer(requete):
        noter(cqen, *formules)
        return HttpResponseRedirect("/admin/")

    demander(supprimer, cqen)

    assert traces() == [(f"formule de renvoi : {formule}", "Fait.", 200) for formule in formules]


def test_hors_de_l_administration_rien_n_est_trace(client, cqen):
    noter(cqen, cqen)
    client.post("/espace/", {"x": "y"})
    client.get("/admin/")
    client.get(LISTE)

    assert traces() == []


# --- ce qui est refusé, ou sans effet --------------------------------------------------------------------------------


def test_un_formulaire_mal_rempli_laisse_une_trace_sans_ce_qui_fut_tape(client):
    secrets = {"courriel": "pas une adresse", "role": "ROLE-SECRET", "organisation": "987654", "mot": "cheval"}
    client.post(f"{AJOUT}?jeton=secret-d-adresse", secrets)
    [trace] = Trace.objects.values()

    assert traces() == [("invitation", "Demande : ajouter", 200)]
    assert not any(secret in str(trace) for secret in (*secrets.values(), "secret-d-adresse"))


def test_un_geste_sans_la_permission_laisse_une_trace(client):
    posee = invitation()
    client.post(reverse("admin:organisations_invitation_delete", args=[posee.pk]), {"post": "yes"})

    assert traces() == [(f"invitation {posee.pk}", "Demande : supprimer", 403)]


def test_une_declarante_qui_essaie_et_une_adresse_inconnue_laissent_une_trace(client):
    client.post("/admin/nulle-part/")
    declarante = f.declarant(f.organisation())
    client.force_login(declarante)
    client.post(LISTE)

    assert traces() == [("", "Demande : adresse inconnue", 404), ("invitation", "Demande : liste", 302)]
    assert Trace.objects.order_by("pk").last().par == declarante


def test_sans_le_deuxieme_facteur_l_essai_laisse_une_trace(client, settings):
    settings.MFA_EXIGEE = True
    retirer(client, invitation())

    assert traces() == [("invitation", "Demande : liste", 302)]


def test_un_formulaire_sans_jeton_laisse_une_trace(cqen):
    mefiant = Client(enforce_csrf_checks=True)
    mefiant.force_login(cqen)
    posee = invitation()
    retirer(mefiant, posee)

    assert [statut for _, _, statut in traces()] == [403]
    assert not Invitation.objects.get(pk=posee.pk).retiree_le


def test_l_inconnu_ne_laisse_rien_car_une_trace_dit_qui(client):
    client.logout()
    client.post(LISTE)

    assert traces() == []


@pytest.mark.parametrize("methode", ["put", "patch", "delete"])
def test_une_methode_qui_ecrirait_laisse_une_trace(client, methode):
    getattr(client, methode)("/admin/nulle-part/")

    assert len(traces()) == 1


def test_un_geste_defait_ne_laisse_que_la_trace_de_sa_demande(cqen):
    def se_raviser(requete):
        with transaction.atomic():
            noter(cqen, cqen)
            transaction.set_rollback(True)
        return HttpResponseRedirect("/admin/")

    demander(se_raviser, cqen)

    assert traces() == [("", "Demande : adresse inconnue", 302)]


def test_un_geste_fait_puis_une_panne_laissent_chacun_leur_trace(cqen):
    def tomber(requete):
        noter(cqen, cqen)
        return HttpResponse(status=500)

    demander(tomber, cqen)

    assert [statut for _, _, statut in traces()] == [200, 500]


# --- si la trace ne s'écrit pas --------------------------------------------------------------------------------------


@pytest.fixture
def en_panne(monkeypatch):
    """Aucune trace ne s'écrit plus."""

    def tomber(*_args, **_options):
        raise DatabaseError("La table des traces ne répond pas.")

    monkeypatch.setattr(Trace.objects, "bulk_create", tomber)


def test_un_geste_qui_ne_se_trace_pas_ne_se_fait_pas(cqen, en_panne):
    client = Client(raise_request_exception=False)
    client.force_login(cqen)
    posee = invitation()

    assert retirer(client, posee).status_code == 500
    envoi = {"organisation": posee.organisation_id, "courriel": "lea@exemple.test", "role": Role.REDACTION}
    assert client.post(AJOUT, envoi).status_code == 500
    assert Invitation.objects.filter(retiree_le=None).count() == Invitation.objects.count() == 1
    assert not LogEntry.objects.exists()


def test_un_refus_ou_un_fichier_qui_ne_se_trace_pas_est_une_panne(cqen, en_panne):
    client = Client(raise_request_exception=False)
    client.force_login(cqen)

    assert client.post("/admin/nulle-part/").status_code == 500
    with pytest.raises(DatabaseError):
        demander(lambda _: HttpResponse("a,b", content_type="text/csv"), cqen, methode="get")


# --- d'où ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("adresse", "attendu"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:abcd:12:34:56:78:9a", "2001:db8:abcd::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
    ],
)
def test_une_adresse_est_tronquee_a_son_reseau(adresse, attendu):
    assert reseau(adresse) == attendu


@pytest.mark.parametrize(
    ("mandataires", "transmise", "attendu"),
    [
        (0, "198.51.100.9", "203.0.113.0/24"),
        (1, "198.51.100.9", "198.51.100.0/24"),
        (1, "192.0.2.5, 198.51.100.9", "198.51.100.0/24"),
        (2, "192.0.2.5, 198.51.100.9", "192.0.2.0/24"),
        (2, "198.51.100.9", ""),
        (1, "pas une adresse", ""),
    ],
)
def test_derriere_des_mandataires_l_adresse_est_celle_qu_a_vue_le_premier(
    client, settings, mandataires, transmise, attendu
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = mandataires
    client.post("/admin/nulle-part/", REMOTE_ADDR="203.0.113.77", headers={"X-Forwarded-For": transmise})

    assert Trace.objects.get().adresse == attendu
