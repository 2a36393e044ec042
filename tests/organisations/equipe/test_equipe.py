"""L'équipe d'une organisation: qui transmet la compose, qui rédige la voit, les autres n'en savent rien."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisations.horloge import maintenant
from organisations.models import Habilitation, Role
from tests import fabrique as f
from tests.equipes import ENVOI, equipe, gestes, photo, sans_csrf

pytestmark = pytest.mark.django_db


def test_la_page_dit_qui_redige_qui_transmet_depuis_quand_et_qui_est_invite(client, organisation, gerante, redactrice):
    client.post(equipe(organisation), ENVOI)
    page = client.get(equipe(organisation)).content.decode()

    for attendu in (gerante.email, redactrice.email, "Rédiger et transmettre", "janvier 2019", "eve@exemple.test"):
        assert attendu in page


def test_qui_redige_voit_l_equipe_sans_gestes_et_chaque_geste_lui_est_refuse(client, organisation, redactrice):
    envois = gestes(organisation, redactrice)
    client.force_login(redactrice)
    page = client.get(equipe(organisation)).content.decode()
    avant = photo()

    assert redactrice.email in page
    assert "lea@exemple.test" in page
    assert "Envoyer l'invitation" not in page
    assert "Retirer" not in page
    for adresse, envoi in envois:
        reponse = client.post(adresse, envoi)
        assert reponse.status_code == 403
        assert "Vous ne pouvez pas gérer l'équipe" in reponse.content.decode().replace("&#x27;", "'")
    assert photo() == avant


def test_une_autre_organisation_repond_comme_une_organisation_absente(client, organisation, redactrice):
    envois = gestes(organisation, redactrice)
    client.force_login(f.declarant(f.organisation()))
    avant = photo()
    for ici, la in ((client.post(a, e), client.post(a.replace("regie", "absente"), e)) for a, e in envois):
        assert ici.status_code == la.status_code == 404
        assert sans_csrf(ici) == sans_csrf(la)
    assert sans_csrf(client.get("/espace/regie/equipe/")) == sans_csrf(client.get("/espace/absente/equipe/"))
    assert photo() == avant


def test_les_gestes_ne_touchent_que_sa_propre_equipe(client, organisation, gerante):
    ailleurs = f.organisation("AILLEURS")
    _, *etrangers = gestes(ailleurs, f.declarant(ailleurs, Role.REDACTION))
    avant = photo()
    for adresse, _ in etrangers:
        assert client.post(adresse.replace("ailleurs", "regie")).status_code == 404
    assert photo() == avant


def test_l_anonyme_va_a_la_connexion(client, organisation, redactrice):
    envois = gestes(organisation, redactrice)
    avant = photo()
    for adresse, envoi in envois:
        assert client.post(adresse, envoi).headers["Location"].startswith("/compte/connexion/?next=")
    assert photo() == avant


def test_une_habilitation_revoquee_ferme_la_page_des_la_demande_suivante(client, organisation, gerante):
    assert client.get(equipe(organisation)).status_code == 200
    f.declarant(organisation)
    gerante.habilitations.get().revoquer(par=gerante, le=maintenant())

    assert client.get(equipe(organisation)).status_code == 404
    assert client.post(equipe(organisation), ENVOI).status_code == 404


def test_lire_l_equipe_ne_change_rien_et_aucun_geste_ne_se_fait_par_get(client, organisation, gerante, redactrice):
    envois = gestes(organisation, redactrice)
    avant = photo()
    for adresse, envoi in envois:
        assert client.get(adresse, envoi).status_code == (200 if adresse.endswith("equipe/") else 405)
    assert photo() == avant


# --- révoquer et changer de rôle -------------------------------------------------------------------------------------


def geste(client, personne, nom: str):
    tenue = personne.habilitations.actives().get()
    return client.post(f"{equipe(tenue.organisation)}habilitations/{tenue.pk}/{nom}/")


def test_revoquer_ferme_l_espace_a_la_personne(client, organisation, gerante, redactrice):
    tenue = redactrice.habilitations.get()
    assert geste(client, redactrice, "revoquer").status_code == 303
    avant = photo()
    client.post(f"{equipe(organisation)}habilitations/{tenue.pk}/revoquer/")

    assert photo() == avant
    tenue.refresh_from_db()
    assert tenue.revoquee_par == gerante
    client.force_login(redactrice)
    assert client.get(equipe(organisation)).status_code == 404


@pytest.mark.parametrize("nom", ["revoquer", "changer"])
def test_la_derniere_personne_qui_transmet_ne_perd_pas_ce_role(client, organisation, gerante, redactrice, nom):
    ferme = f.declarant(organisation)
    ferme.is_active = False
    ferme.save()
    avant = photo()
    reponse = geste(client, gerante, nom)

    assert reponse.status_code == 409
    assert "Une personne au moins doit pouvoir transmettre" in reponse.content.decode()
    assert photo() == avant


def test_on_peut_se_revoquer_soi_meme_s_il_reste_quelqu_un_qui_transmet(client, organisation, gerante):
    f.declarant(organisation)
    reponse = geste(client, gerante, "revoquer")

    assert (reponse.status_code, reponse.headers["Location"]) == (303, "/espace/")
    assert client.get(equipe(organisation)).status_code == 404


def test_changer_de_role_revoque_puis_accorde(client, organisation, gerante, redactrice):
    ancienne = redactrice.habilitations.get()
    assert geste(client, redactrice, "changer").status_code == 303
    client.post(f"{equipe(organisation)}habilitations/{ancienne.pk}/changer/")  # rejoué
    ancienne.refresh_from_db()
    nouvelle = redactrice.habilitations.actives().get()

    assert (ancienne.revoquee_par, nouvelle.role, nouvelle.accordee_par) == (gerante, Role.TRANSMISSION, gerante)
    assert redactrice.habilitations.count() == 2
    geste(client, redactrice, "changer")
    assert redactrice.habilitations.actives().get().role == Role.REDACTION


def test_une_personne_n_a_qu_un_role_par_organisation(organisation, gerante, redactrice):
    ailleurs = f.organisation()
    donne = {"par": gerante, "le": maintenant()}
    for ou in (organisation, ailleurs):
        Habilitation.objects.accorder(personne=redactrice, organisation=ou, role=Role.REDACTION, **donne)
    large = Habilitation.objects.accorder(
        personne=redactrice, organisation=organisation, role=Role.TRANSMISSION, **donne
    )
    avant = photo()
    for role in Role:  # le plus large comprend l'autre
        assert (
            Habilitation.objects.accorder(personne=redactrice, organisation=organisation, role=role, **donne) == large
        )

    assert photo() == avant
    assert list(redactrice.habilitations.actives().order_by("pk").values_list("organisation", "role")) == [
        (ailleurs.pk, Role.REDACTION),
        (organisation.pk, Role.TRANSMISSION),
    ]


def test_la_page_fait_autant_de_requetes_pour_deux_personnes_que_pour_vingt(client, organisation, gerante):
    def requetes() -> int:
        with CaptureQueriesContext(connection) as faites:
            client.get(equipe(organisation))
        return len(faites)

    requetes()  # la première écrit la séance
    avant = requetes()
    for _ in range(20):
        f.declarant(organisation)

    assert requetes() == avant <= 12
