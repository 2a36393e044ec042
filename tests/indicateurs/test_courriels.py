"""Chaque courriel dit ce qu'il faut, à la bonne personne, une fois la chose acquise."""

import datetime
import hashlib
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import transaction

from indicateurs import courriels
from indicateurs.calendrier import Attente
from indicateurs.models import DemandeProlongation
from tests import fabrique as f

pytestmark = pytest.mark.django_db

LE = f.instant("2023-05-05", 20)
HOSTILE = "L'A & B\r\nBcc: autre@exemple.test\u2028<b>"
SITE = "https://barometre.exemple.quebec"


@pytest.fixture(autouse=True)
def lieu(settings):
    settings.ADRESSE_DU_SITE = SITE


@pytest.fixture
def acquis(django_capture_on_commit_callbacks):
    """Un geste mené jusqu'au bout de sa transaction; rend les courriels partis."""

    def mener(geste) -> list[EmailMessage]:
        with django_capture_on_commit_callbacks(execute=True):
            geste()
            assert not mail.outbox
        return mail.outbox

    return mener


def demande(sigle: str = "RAMQ") -> DemandeProlongation:
    organisation = f.organisation(sigle)
    return DemandeProlongation.objects.demander(
        organisation=organisation,
        trimestre=f.trimestre(),
        echeance_souhaitee=datetime.date(2023, 6, 1),
        motif="L'inondation de mai.",
        par=f.declarant(organisation),
        le=LE,
    )


def transmise(sigle: str = "RAMQ"):
    return f.transmise(f.organisation(sigle), f.trimestre(), {f.indicateur(): (1, 2)}, LE)


def equipe():
    return f.personne("indicateurs.add_prolongation", is_staff=True)


def repondue(sigle: str = "RAMQ", motif: str = "") -> DemandeProlongation:
    posee, cqen = demande(sigle), equipe()
    if motif:
        posee.refuser(par=cqen, le=LE, motif=motif)
    else:
        posee.accorder(par=cqen, le=LE)
    return posee


def accuser(sigle: str) -> None:
    soumission = transmise(sigle)
    courriels.accuser(soumission, soumission.soumis_par)


def rappeler(sigle: str) -> None:
    attente = Attente(f.trimestre().echeance_le, f.organisation(sigle), f.trimestre())
    transaction.on_commit(lambda: courriels.rappeler(f.personne(), [attente], LE))


def annoncer(sigle: str) -> None:
    equipe()
    courriels.annoncer_la_demande(demande(sigle))


TOUS = {
    "rappel": rappeler,
    "accusé": accuser,
    "demande": annoncer,
    "accord": lambda sigle: courriels.repondre_a_la_demande(repondue(sigle)),
    "refus": lambda sigle: courriels.repondre_a_la_demande(repondue(sigle, "Trop tard.")),
}


# --- tous ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lequel", TOUS)
def test_un_nom_hostile_n_ajoute_ni_en_tete_ni_balise(acquis, lequel):
    [courriel] = acquis(lambda: TOUS[lequel](HOSTILE))
    assert len(courriel.subject.splitlines()) == 1
    assert courriel.message()["Bcc"] is None
    assert courriel.recipients() == courriel.to
    assert "L'A & B" in courriel.subject
    assert "L'A & B" in courriel.body  # du texte: rien n'y est échappé


@pytest.mark.parametrize("lequel", TOUS)
def test_un_courriel_est_du_texte_etroit_aux_espaces_insecables(acquis, lequel):
    [courriel] = acquis(lambda: TOUS[lequel]("RAMQ"))
    lignes = courriel.body.splitlines()
    assert courriel.content_subtype == "plain"
    assert max(len(ligne) for ligne in lignes if not ligne.startswith(SITE)) <= 78  # une adresse ne se coupe pas
    assert not [ligne for ligne in [courriel.subject, *lignes] if " :" in ligne or "&nbsp;" in ligne or "!" in ligne]
    assert "\n\n\n" not in courriel.body
    assert "RAMQ, 1er trimestre de 2023" in courriel.subject
    assert "\xa0:" in courriel.subject
    assert f"{SITE}/" in courriel.body


@pytest.mark.parametrize("lequel", ["accusé", "demande", "accord"])
def test_un_serveur_de_courriel_en_panne_ne_defait_rien_et_ne_nomme_personne(acquis, monkeypatch, caplog, lequel):
    def refuser(courriel):
        raise SMTPRecipientsRefused({courriel.to[0]: (550, b"inconnue")})

    monkeypatch.setattr(EmailMessage, "send", refuser)
    assert acquis(lambda: TOUS[lequel]("RAMQ")) == []
    assert "pas parti" in caplog.text
    assert "@" not in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lequel", ["accusé", "demande", "accord"])
def test_un_geste_defait_n_envoie_rien(lequel):
    with transaction.atomic():
        TOUS[lequel]("RAMQ")
        transaction.set_rollback(True)
    assert not mail.outbox


# --- chacun ----------------------------------------------------------------------------------------------------------


def test_un_rappel_dit_l_echeance_et_ce_qu_il_en_reste():
    personne, organisation, trimestre = f.personne(), f.organisation("RAMQ"), f.trimestre()
    echues = [Attente(datetime.date(2023, 5, jour), organisation, trimestre) for jour in (2, 5, 15)]
    courriels.rappeler(personne, echues, LE)

    [courriel] = mail.outbox
    assert courriel.to == [personne.email]
    assert courriel.subject == "Rappel\xa0: 3 échéances"
    assert "Échéance\xa0: 2 mai 2023, en retard de 3 jours" in courriel.body
    assert "Échéance\xa0: 5 mai 2023, c'est aujourd'hui" in courriel.body
    assert "Échéance\xa0: 15 mai 2023, dans 10 jours" in courriel.body
    assert courriel.body.count(f"{SITE}/espace/ramq/2023-T1/\n") == 3


def test_un_accuse_donne_l_empreinte_de_son_texte_et_comment_la_verifier(acquis):
    soumission = transmise()
    [courriel] = acquis(lambda: courriels.accuser(soumission, soumission.soumis_par))

    assert courriel.to == [soumission.soumis_par.email]
    assert courriel.subject == "Accusé de transmission\xa0: RAMQ, 1er trimestre de 2023"
    assert "1er trimestre de 2023, version 1" in courriel.body
    assert "5 mai 2023 à 16\xa0h\xa000" in courriel.body  # à Montréal
    assert hashlib.sha256(soumission.accuse().encode()).hexdigest() in courriel.body.splitlines()
    assert f"{SITE}/espace/ramq/2023-T1/v1/accuse/\n" in courriel.body
    assert f"{SITE}/espace/ramq/2023-T1/v1/accuse.txt\n" in courriel.body
    assert "sha256sum accuse-" in courriel.body


def test_apres_un_renvoi_l_accuse_porte_la_derniere_empreinte(acquis):
    soumission = transmise()
    premiere = soumission.journal.get(vers="SOUMIS").empreinte
    soumission.renvoyer(par=f.relecteur(), le=LE, motif="À revoir")
    soumission.soumettre(par=soumission.cree_par, le=LE + datetime.timedelta(hours=1))
    [courriel] = acquis(lambda: courriels.accuser(soumission, soumission.soumis_par))

    assert premiere not in courriel.body
    assert hashlib.sha256(soumission.accuse().encode()).hexdigest() in courriel.body


def test_une_demande_s_annonce_a_chaque_personne_qui_peut_repondre_et_a_elles_seules(acquis):
    membres = [equipe(), equipe()]
    f.relecteur()
    f.personne("indicateurs.add_prolongation", is_active=False)
    posee = demande()
    partis = acquis(lambda: courriels.annoncer_la_demande(posee))

    assert [courriel.to for courriel in partis] == [[membre.email] for membre in membres]
    assert "Échéance souhaitée\xa0: 1er juin 2023" in partis[0].body
    assert "L'inondation de mai." in partis[0].body
    assert f"{SITE}/admin/indicateurs/demandeprolongation/{posee.pk}/change/\n" in partis[0].body


def test_la_reponse_va_a_qui_a_demande_et_dit_la_nouvelle_echeance_ou_pourquoi_non(acquis):
    accordee = repondue("RAMQ")
    refusee = repondue("SAAQ", "Les chiffres sont déjà prêts.")
    acquis(lambda: [courriels.repondre_a_la_demande(d) for d in (accordee, refusee)])

    oui, non = mail.outbox
    assert (oui.to, non.to) == ([accordee.demandee_par.email], [refusee.demandee_par.email])
    assert (oui.subject[:21], non.subject[:20]) == ("Prolongation accordée", "Prolongation refusée")
    assert "Nouvelle échéance\xa0: 1er juin 2023" in oui.body
    assert "Les chiffres sont déjà prêts." not in oui.body
    assert "Nouvelle échéance" not in non.body
    assert "Les chiffres sont déjà prêts." in non.body


def test_la_reponse_va_a_qui_transmet_si_qui_a_demande_ne_parle_plus_pour_l_organisation(acquis):
    accordee = repondue("RAMQ")
    reste = f.declarant(accordee.organisation)
    for tenue in accordee.demandee_par.habilitations.all():
        tenue.revoquer(par=reste, le=LE)
    assert [courriel.to for courriel in acquis(lambda: courriels.repondre_a_la_demande(accordee))] == [[reste.email]]
