"""Un rappel part au bon jour, une fois, à qui peut encore agir; une panne n'en fait jamais deux."""

import datetime
import json
from io import StringIO
from smtplib import SMTPException
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection

from indicateurs import rappels
from indicateurs.management.commands import rappeler as commande
from indicateurs.models import LigneDeRappel, Palier, Prolongation, Rappel, Trimestre
from organisations.models import Habilitation, Organisation, Role
from tests import fabrique as f
from tests.barometre.test_concurrence import a_la_fois

pytestmark = pytest.mark.django_db

MONTREAL = ZoneInfo("America/Toronto")
ECHEANCE = datetime.date(2023, 5, 15)
UNE_SECONDE = datetime.timedelta(seconds=1)
DATES = [palier for palier in Palier if palier != Palier.A_LA_MAIN]
# Ordinaire; puis dix jours avant l'échéance tombe le jour où l'heure avance, et celui où elle recule.
ECHEANCES = [("2023-T1", ECHEANCE), ("2022-T4", datetime.date(2023, 3, 22)), ("2023-T3", datetime.date(2023, 11, 15))]


def minuit(jours: int, echeance: datetime.date = ECHEANCE) -> datetime.datetime:
    """Le début, à Montréal, du jour à tant de jours de l'échéance, en UTC comme le donne l'horloge."""
    jour = echeance + datetime.timedelta(days=jours)
    return datetime.datetime.combine(jour, datetime.time(), MONTREAL).astimezone(datetime.UTC)


def trimestre(code: str = "2023-T1", echeance: datetime.date = ECHEANCE) -> Trimestre:
    nouveau = f.trimestre(code)
    nouveau.echeance_le = echeance
    nouveau.save()
    return nouveau


def paliers(le: datetime.datetime) -> list[Palier]:
    """Ce qui serait rappelé à cet instant."""
    return [ligne.palier for lignes in rappels.a_rappeler(le).values() for ligne in lignes]


def rappeler(le: datetime.datetime) -> list[str]:
    """Rappelle; rend les destinataires."""
    avant = len(mail.outbox)
    rappels.envoyer(rappels.a_rappeler(le), le)
    return [courriel.to[0] for courriel in mail.outbox[avant:]]


def lancer(monkeypatch, le: datetime.datetime, **options) -> str:
    monkeypatch.setattr(commande, "maintenant", lambda: le)
    sortie = StringIO()
    call_command("rappeler", stdout=sortie, **options)
    return sortie.getvalue()


def habiliter(personne, organisation: Organisation, role: str = Role.REDACTION) -> None:
    le = f.instant("2023-01-01")
    Habilitation.objects.accorder(personne=personne, organisation=organisation, role=role, par=f.personne(), le=le)


def prolonger(organisation: Organisation, quand: Trimestre, jours: int) -> None:
    Prolongation.objects.create(
        organisation=organisation,
        trimestre=quand,
        echeance_le=quand.echeance_le + datetime.timedelta(days=jours),
        motif="Inondation",
        accordee_par=f.relecteur(),
        accordee_le=f.instant("2023-04-02"),
    )


@pytest.fixture
def due():
    """Une organisation, la personne qui déclare pour elle, et un trimestre à transmettre."""
    organisation = f.organisation("RAMQ")
    return organisation, f.declarant(organisation), trimestre()


# --- quand -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "echeance"), ECHEANCES)
@pytest.mark.parametrize("palier", DATES)
def test_un_palier_commence_a_minuit_a_montreal_meme_au_changement_d_heure(palier, code, echeance):
    f.declarant(f.organisation())
    trimestre(code, echeance)
    avant = [p for p in DATES if p < palier][-1:]

    assert paliers(minuit(palier, echeance) - UNE_SECONDE) == avant
    assert paliers(minuit(palier, echeance)) == [palier]


def test_apres_trente_jours_de_retard_plus_rien_ne_part(due):
    assert paliers(minuit(31) - UNE_SECONDE) == [Palier.EN_RETARD]
    assert paliers(minuit(31)) == []


def test_jour_apres_jour_quatre_courriels_partent_et_pas_un_de_plus(due):
    envois = [jour for jour in range(-50, 50) for _ in range(2) if rappeler(minuit(jour))]
    assert envois == DATES
    assert Rappel.objects.count() == LigneDeRappel.objects.count() == 4


def test_apres_des_jours_sautes_seul_part_le_palier_le_plus_urgent(due):
    _, personne, _ = due
    assert rappeler(minuit(-1)) == [personne.email]
    assert list(LigneDeRappel.objects.values_list("palier", flat=True)) == [Palier.DEUX_JOURS]
    assert [jour for jour in range(2) if rappeler(minuit(jour))] == []
    assert rappeler(minuit(20)) == [personne.email]


def test_une_prolongation_excuse_puis_rappelle_a_sa_propre_echeance(due):
    organisation, _, quand = due
    voisine = f.organisation()
    f.declarant(voisine)
    prolonger(organisation, quand, 60)

    assert [ligne.attente.organisation for [ligne] in rappels.a_rappeler(minuit(-2)).values()] == [voisine]
    assert paliers(minuit(59)) == [Palier.DEUX_JOURS]
    assert paliers(minuit(63)) == [Palier.EN_RETARD]


# --- à qui, pour quoi ------------------------------------------------------------------------------------------------


def corrigee_en_preparation(organisation, personne, quand):
    validee = f.validee(organisation, quand, {f.indicateur(): (1, 2)})
    validee.corriger(par=personne, le=minuit(-20), motif="Erreur")


SILENCES = {
    "transmis": lambda o, p, t: f.transmise(o, t, {f.indicateur(): (1, 2)}),
    "validé": lambda o, p, t: f.validee(o, t, {f.indicateur(): (1, 2)}),
    "validé, en correction": corrigee_en_preparation,
    "n'a plus à déclarer": lambda o, p, t: Organisation.objects.update(assujettie_au=datetime.date(2023, 3, 30)),
    "pas encore ouvert": lambda o, p, t: Trimestre.objects.update(ouvre_le=ECHEANCE),
    "désactivée": lambda o, p, t: type(p).objects.filter(pk=p.pk).update(is_active=False),
    "révoquée": lambda o, p, t: p.habilitations.get().revoquer(par=p, le=minuit(-20)),
    "excusée": lambda o, p, t: prolonger(o, t, 60),
}


@pytest.mark.parametrize("pourquoi", SILENCES)
def test_silence_quand_il_n_y_a_rien_a_rappeler(due, pourquoi):
    assert paliers(minuit(-2)) == [Palier.DEUX_JOURS]
    SILENCES[pourquoi](*due)
    assert paliers(minuit(-2)) == []


def test_un_brouillon_et_un_renvoi_se_rappellent(due):
    organisation, personne, quand = due
    soumission = f.brouillon(organisation, quand, {f.indicateur(): (1, 2)})
    assert personne.email in rappeler(minuit(-10))

    soumission.soumettre(par=soumission.cree_par, le=minuit(-9))
    soumission.renvoyer(par=f.relecteur(), le=minuit(-8), motif="À revoir")
    assert personne.email in rappeler(minuit(-2))


def test_un_seul_courriel_regroupe_organisations_et_trimestres(due):
    organisation, personne, _ = due
    voisine, collegue = f.organisation("SAAQ"), f.declarant(organisation)
    habiliter(personne, organisation)  # deux rôles ne font pas deux lignes
    habiliter(personne, voisine)
    trimestre("2022-T4", ECHEANCE - datetime.timedelta(days=20))

    assert sorted(rappeler(minuit(-2))) == sorted([personne.email, collegue.email])
    assert {r.personne: r.lignes.count() for r in Rappel.objects.all()} == {personne: 4, collegue: 2}
    [corps] = [courriel.body for courriel in mail.outbox if courriel.to == [personne.email]]
    assert [ligne.split("/espace/")[1] for ligne in corps.splitlines() if "/espace/" in ligne] == [
        "ramq/2022-T4/",
        "saaq/2022-T4/",
        "ramq/2023-T1/",
        "saaq/2023-T1/",
    ]


def test_ce_qui_survient_apres_le_courriel_du_jour_attend_le_lendemain(due):
    _, personne, _ = due
    rappeler(minuit(-10))
    habiliter(personne, f.organisation("SAAQ"))

    assert paliers(minuit(-9) - UNE_SECONDE) == []
    assert rappeler(minuit(-9)) == [personne.email]


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_personnes(due, django_assert_num_queries):
    with django_assert_num_queries(6):
        rappels.a_rappeler(minuit(-2))
    for _ in range(10):
        f.declarant(f.organisation())
    with django_assert_num_queries(6):
        assert len(rappels.a_rappeler(minuit(-2))) == 11


# --- les pannes ------------------------------------------------------------------------------------------------------


@pytest.fixture
def en_panne(monkeypatch):
    """Les adresses que le serveur de courriel refuse, et comment."""
    refusees: dict[str, BaseException] = {}
    envoyer = EmailMessage.send

    def refuser(courriel, *args, **options):
        if panne := refusees.get(courriel.to[0]):
            raise panne
        return envoyer(courriel, *args, **options)

    monkeypatch.setattr(EmailMessage, "send", refuser)
    return refusees


@pytest.mark.parametrize("panne", [SMTPException("personne@exemple.test"), ConnectionRefusedError()])
def test_un_courriel_refuse_est_dit_puis_reessaye_et_n_empeche_pas_les_autres(
    due, en_panne, monkeypatch, caplog, panne
):
    organisation, personne, _ = due
    collegue = f.declarant(organisation)
    en_panne[personne.email] = panne
    with pytest.raises(CommandError, match="1 rappel n'est pas parti") as erreur:
        lancer(monkeypatch, minuit(-2))

    assert [courriel.to for courriel in mail.outbox] == [[collegue.email]]
    assert list(Rappel.objects.values_list("personne", flat=True)) == [collegue.pk]
    assert type(panne).__name__ in str(erreur.value)
    assert "@" not in f"{erreur.value}{caplog.text}"
    en_panne.clear()
    assert rappeler(minuit(-2)) == [personne.email]
    assert rappeler(minuit(-2)) == []


def test_un_processus_tue_pendant_l_envoi_ne_fera_jamais_deux_courriels(due, en_panne):
    _, personne, _ = due
    en_panne[personne.email] = SystemExit()
    with pytest.raises(SystemExit):
        rappeler(minuit(-2))

    en_panne.clear()
    assert rappeler(minuit(-2)) == rappeler(minuit(-1)) == []


def test_un_rappel_et_ses_lignes_se_notent_ensemble_ou_pas_du_tout(due, monkeypatch):
    monkeypatch.setattr(LigneDeRappel.objects, "bulk_create", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        rappeler(minuit(-2))
    assert not Rappel.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_le_rappel_est_acquis_avant_que_le_courriel_parte(due, monkeypatch):
    vus = []
    monkeypatch.setattr(
        EmailMessage, "send", lambda _: vus.append((connection.in_atomic_block, Rappel.objects.count()))
    )
    rappeler(minuit(-2))
    assert vus == [(False, 1)]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_douze_lancements_simultanes_n_envoient_qu_un_courriel_par_personne(due):
    organisation, _, _ = due
    for _ in range(4):
        f.declarant(organisation)
    envois = rappels.a_rappeler(minuit(-2))  # tous ont lu avant que le premier n'écrive
    bilans = a_la_fois([lambda: rappels.envoyer(envois, minuit(-2))] * 12)

    assert sum(bilan.envoyes for bilan in bilans) == len({c.to[0] for c in mail.outbox}) == len(mail.outbox) == 5
    assert Rappel.objects.count() == LigneDeRappel.objects.count() == 5


# --- la commande -----------------------------------------------------------------------------------------------------


def test_la_commande_rend_compte_en_nombres_et_ne_nomme_personne(due, monkeypatch):
    assert lancer(monkeypatch, minuit(-2)) == "1 rappel, pour 1 échéance.\n"
    assert lancer(monkeypatch, minuit(-2)) == "0 rappel, pour 0 échéance.\n"
    assert json.loads(lancer(monkeypatch, minuit(3), json=True)) == {"envoyes": 1, "lignes": 1, "echecs": {}}


def test_simuler_montre_les_paliers_et_ne_change_rien(due, monkeypatch):
    f.declarant(due[0])
    montre = lancer(monkeypatch, minuit(-2), simuler=True)
    lignes = json.loads(lancer(monkeypatch, minuit(-2), simuler=True, json=True))

    assert montre.splitlines()[1:] == ["  RAMQ, 2023-T1\xa0: 2 jours avant, 2 personnes"]
    assert "@" not in montre
    assert lignes["rappels"] == lignes["lignes"][0]["personnes"] == 2
    assert not mail.outbox
    assert not Rappel.objects.exists()
