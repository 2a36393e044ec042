"""Le journal des rappels se lit dans l'administration: à qui, quand, pour quoi; il ne se change pas."""

import pytest
from django.urls import reverse

from indicateurs import rappels
from indicateurs.models import LigneDeRappel, Rappel
from organisations.models import Organisation
from tests import fabrique as f
from tests.indicateurs.espace import CODE, Page

pytestmark = pytest.mark.django_db
LISTE, LE = reverse("admin:indicateurs_rappel_changelist"), f.instant("2023-08-20")


@pytest.fixture(autouse=True)
def cqen(client, settings):
    """Une personne du CQEN qui peut rappeler, entrée."""
    settings.MFA_EXIGEE = False
    client.force_login(f.personne("indicateurs.rappeler", is_staff=True))


def rappeler(*sigles: str) -> Rappel:
    """Le rappel à la main de la personne qui déclare pour ces organisations, neuves."""
    quand, organisations = f.trimestre(CODE), [f.organisation(sigle) for sigle in sigles]
    f.declarant(organisations[0])
    for organisation in organisations[1:]:
        habilitation = organisations[0].habilitations.get()
        habilitation.pk, habilitation.organisation = None, organisation
        habilitation.save()
    envois = rappels.a_la_main(rappels.dues(organisations, quand, LE), rappels.joignables())
    assert rappels.envoyer(envois, LE).envoyes == 1
    return Rappel.objects.get(lignes__organisation=organisations[0])


def test_le_journal_dit_a_qui_quand_et_pour_quoi(client):
    rappel = rappeler("SAAQ", "RAMQ")
    texte = Page(client.get(LISTE)).texte

    assert str(rappel.personne) in texte
    assert "20 août 2023, 8 h 00" in texte
    lignes = f"RAMQ, {CODE}, à la demande du CQEN; SAAQ, {CODE}, à la demande du CQEN"
    assert lignes in texte
    assert lignes in Page(client.get(reverse("admin:indicateurs_rappel_change", args=[rappel.pk]))).texte


def test_il_se_cherche_par_organisation_par_personne_et_par_trimestre(client):
    voulu, autre = rappeler("SAAQ", "RAMQ"), rappeler("HQ")
    for cherche in ("SAAQ", voulu.personne.email):
        texte = Page(client.get(LISTE, {"q": cherche})).texte
        assert (str(voulu.personne) in texte, str(autre.personne) in texte) == (True, False)
    assert "2 rappels" in Page(client.get(LISTE, {"q": CODE})).texte


def test_il_ne_fait_que_se_lire(client):
    pk, avant = rappeler("RAMQ").pk, f.photo(Rappel, LigneDeRappel)
    adresses = [reverse("admin:indicateurs_rappel_add")]
    adresses += [reverse(f"admin:indicateurs_rappel_{geste}", args=[pk]) for geste in ("change", "delete")]
    assert {client.post(adresse, {"post": "yes", "jour": "2020-01-01"}).status_code for adresse in adresses} == {403}
    client.post(LISTE, {"action": "delete_selected", "_selected_action": [pk], "post": "yes"})
    assert f.photo(Rappel, LigneDeRappel) == avant


@pytest.mark.parametrize("permission", ["view_rappel", "change_rappel", "view_soumission"])
def test_sans_pouvoir_rappeler_il_ne_s_ouvre_pas(client, permission):
    client.force_login(f.personne(f"indicateurs.{permission}", is_staff=True))
    assert client.get(LISTE).status_code == 403


def test_il_demande_autant_de_requetes_pour_trente_rappels(client, django_assert_max_num_queries):
    for n in range(30):
        rappeler(f"O{n}", f"P{n}")
    assert Organisation.objects.count() == 60
    with django_assert_max_num_queries(15):
        client.get(LISTE)
