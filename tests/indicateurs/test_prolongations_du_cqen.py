"""Le CQEN prolonge de lui-même, avec sa raison; rien ne se change ni ne se supprime ensuite."""

import datetime

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.core import mail
from django.urls import reverse

from indicateurs.models import DemandeProlongation, Prolongation
from indicateurs.models.prolongation import DejaAccordee
from organisations.models import TransitionInterdite
from tests import fabrique as f
from tests.barometre.test_concurrence import a_la_fois
from tests.indicateurs.espace import CODE, JOUR, Page
from tests.organisations.connexions import lire

pytestmark = pytest.mark.django_db
LISTE = reverse("admin:indicateurs_prolongation_changelist")
AJOUT = reverse("admin:indicateurs_prolongation_add")
ECHEANCE, VOULUE = datetime.date(2023, 8, 14), datetime.date(2023, 9, 1)
PROLONGER = "indicateurs.add_prolongation"


@pytest.fixture(autouse=True)
def cqen(client, settings):
    """Une personne du CQEN qui peut prolonger, entrée."""
    settings.MFA_EXIGEE, settings.HORLOGE = False, JOUR
    membre = f.personne(PROLONGER, is_staff=True)
    client.force_login(membre)
    return membre


@pytest.fixture
def ramq():
    f.trimestre(CODE)
    return f.organisation("RAMQ")


def accorder(organisation, par, jour: datetime.date = VOULUE, le=JOUR, **champs) -> Prolongation:
    faits = {"echeance_le": jour, "motif": "Inondation", "par": par, "le": le}
    return Prolongation.objects.accorder(organisation, f.trimestre(CODE), **faits | champs)


def demander(organisation, jour: datetime.date = VOULUE) -> DemandeProlongation:
    faits = {"echeance_souhaitee": jour, "motif": "Inondation", "par": f.declarant(organisation), "le": JOUR}
    return DemandeProlongation.objects.demander(organisation, f.trimestre(CODE), **faits)


def ajouter(client, pour, **champs):
    envoi = {"organisation": pour.pk, "trimestre": f.trimestre(CODE).pk}
    envoi |= {"echeance_le": VOULUE.isoformat(), "motif": "Inondation"}
    return client.post(AJOUT, envoi | champs)


# --- le verbe --------------------------------------------------------------------------------------------------------


def test_accorder_repousse_l_echeance_et_dit_qui_quand_pourquoi(ramq, cqen):
    accordee = accorder(ramq, cqen)
    assert Prolongation.objects.echeance(ramq, f.trimestre(CODE)) == VOULUE
    assert (accordee.motif, accordee.accordee_par, accordee.accordee_le) == ("Inondation", cqen, JOUR)


@pytest.mark.parametrize("jour", [ECHEANCE + datetime.timedelta(days=n) for n in (1, 90)])
def test_les_bornes_en_sont(ramq, cqen, jour):
    assert accorder(ramq, cqen, jour).echeance_le == jour


@pytest.mark.parametrize("jour", [ECHEANCE, ECHEANCE + datetime.timedelta(days=91), datetime.date(2019, 1, 1)])
def test_hors_des_bornes_le_verbe_refuse(ramq, cqen, jour):
    with pytest.raises(TransitionInterdite, match="Donnez une date du 15 août 2023 au 12 novembre 2023"):
        accorder(ramq, cqen, jour)
    assert not Prolongation.objects.exists()


def test_une_seconde_prolongation_part_de_la_premiere_echeance_accordee(ramq, cqen):
    accorder(ramq, cqen)
    with pytest.raises(TransitionInterdite, match="2 septembre 2023"):
        accorder(ramq, cqen, motif="Incendie")
    accorder(ramq, cqen, VOULUE + datetime.timedelta(days=1))


REFUS = {
    "sans la permission": (lambda o: {"par": f.relecteur()}, "réservé à l'équipe du CQEN"),
    "sans raison": (lambda o: {"motif": " \n"}, "dit pourquoi"),
    "pas attendue": (lambda o: type(o).objects.update(assujettie_au=datetime.date(2023, 6, 29)), "n'a pas à déclarer"),
    "une édition arrêtée depuis": (lambda o: {"le": f.instant("2023-04-30")}, "Une édition vient d'être arrêtée"),
}


@pytest.mark.parametrize("pourquoi", REFUS)
def test_ce_qui_ne_se_prolonge_pas_est_refuse_avec_sa_phrase(ramq, cqen, pourquoi):
    f.edition(f.trimestre("2023-T1"), f.instant("2023-05-30"))
    preparer, phrase = REFUS[pourquoi]
    champs = preparer(ramq)
    ramq.refresh_from_db()
    with pytest.raises(TransitionInterdite, match=phrase):
        accorder(ramq, **{"par": cqen} | (champs if isinstance(champs, dict) else {}))
    assert not Prolongation.objects.exists()


def test_accorder_une_demande_passe_par_le_meme_verbe(ramq, cqen):
    accorder(ramq, cqen)
    demande = demander(ramq, VOULUE + datetime.timedelta(days=5))
    with pytest.raises(TransitionInterdite, match="Donnez une date du 2 septembre 2023"):
        demande.accorder(par=cqen, le=JOUR, echeance_le=ECHEANCE)
    demande.refresh_from_db()
    assert (demande.repondue_le, Prolongation.objects.count()) == (None, 1)


def test_prolonger_repond_a_la_demande_qui_attendait_et_a_elle_seule(ramq, cqen):
    demande, ailleurs = demander(ramq), demander(f.organisation("SAAQ"))
    accordee = accorder(ramq, cqen, VOULUE + datetime.timedelta(days=5))
    demande.refresh_from_db()
    assert (demande.prolongation, demande.repondue_par, demande.repondue_le) == (accordee, cqen, JOUR)
    assert list(DemandeProlongation.objects.en_attente()) == [ailleurs]
    with pytest.raises(TransitionInterdite, match="a déjà sa réponse"):
        demande.accorder(par=cqen, le=JOUR)


def test_une_prolongation_refusee_laisse_la_demande_attendre(ramq, cqen):
    demande = demander(ramq)
    with pytest.raises(TransitionInterdite):
        accorder(ramq, cqen, ECHEANCE)
    assert list(DemandeProlongation.objects.en_attente()) == [demande]


def test_redire_la_derniere_prolongation_ne_la_refait_pas(ramq, cqen):
    accorder(ramq, cqen)
    with pytest.raises(DejaAccordee):
        accorder(ramq, cqen)
    assert Prolongation.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_repondre_et_prolonger_a_la_fois_ne_se_bloquent_pas(ramq, cqen):
    demande = demander(ramq)
    gestes = [lambda: accorder(ramq, cqen), lambda: type(demande).objects.get().accorder(par=cqen, le=JOUR)]
    reponses = a_la_fois(gestes * 4)
    demande.refresh_from_db()
    assert demande.prolongation == Prolongation.objects.get()
    assert sum(isinstance(reponse, TransitionInterdite) for reponse in reponses) == 7


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_huit_accords_simultanes_de_la_meme_date_n_en_font_qu_un(ramq, cqen):
    reponses = a_la_fois([lambda: accorder(ramq, cqen)] * 8)
    assert Prolongation.objects.count() == 1
    assert sum(isinstance(reponse, TransitionInterdite) for reponse in reponses) == 7


# --- la page ---------------------------------------------------------------------------------------------------------


def test_le_cqen_accorde_depuis_l_administration_et_cela_se_note(client, cqen, ramq):
    assert ajouter(client, ramq).headers["Location"] == LISTE
    [accordee] = Prolongation.objects.all()
    assert (accordee.organisation, accordee.echeance_le, accordee.accordee_par) == (ramq, VOULUE, cqen)
    [note] = LogEntry.objects.all()
    assert (note.user, note.action_flag, note.object_id) == (cqen, ADDITION, str(accordee.pk))
    assert note.change_message == "Échéance repoussée au 1er septembre 2023."
    texte = Page(client.get(LISTE)).texte
    for attendu in ("Organisme RAMQ (RAMQ)", "1er septembre 2023", f"{cqen}, le 20 juillet 2023", "Accordée par"):
        assert attendu in texte


def test_le_suivi_ouvre_la_page_deja_remplie(client, ramq):
    page = lire(client.get(f"{AJOUT}?organisation={ramq.pk}&trimestre={f.trimestre(CODE).pk}"))
    assert f'<option value="{ramq.pk}" selected>' in page
    assert f'<option value="{f.trimestre(CODE).pk}" selected>' in page


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"echeance_le": ECHEANCE.isoformat()}, "Donnez une date du 15 août 2023 au 12 novembre 2023."),
        ({"echeance_le": "2023-11-13"}, "Donnez une date du 15 août 2023 au 12 novembre 2023."),
        ({"echeance_le": "demain"}, "date valide"),
        ({"motif": " "}, "obligatoire"),
        ({"motif": "x" * 1001}, "1000"),
        ({"motif": "a\0b"}, "nul"),
        ({"organisation": "999999"}, "Sélectionnez un choix valide"),
        ({"trimestre": ""}, "obligatoire"),
    ],
)
def test_une_page_mal_remplie_se_corrige_et_n_accorde_rien(client, ramq, champs, phrase):
    reponse = ajouter(client, ramq, **champs)
    assert reponse.status_code == 200
    assert phrase in lire(reponse)
    assert not Prolongation.objects.exists()
    assert not LogEntry.objects.exists()


def test_une_organisation_qui_n_a_pas_a_declarer_ne_se_prolonge_pas(client):
    finie = f.organisation("FINIE", assujettie_au=datetime.date(2023, 6, 29))
    assert "n'a pas à déclarer pour ce trimestre" in lire(ajouter(client, finie))


def test_un_refus_du_verbe_se_dit_sur_la_page_relue(client, ramq, settings):
    settings.HORLOGE = f.instant("2023-05-20")
    f.edition(f.trimestre("2023-T1"), f.instant("2023-05-30"))  # l'horloge de la personne est en retard
    reponse = ajouter(client, ramq)
    assert (reponse.status_code, reponse.headers["Location"]) == (302, AJOUT)
    assert "Une édition vient d'être arrêtée" in Page(client.get(AJOUT)).texte
    assert not Prolongation.objects.exists()
    assert not LogEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_envoyee_deux_fois_elle_ne_s_accorde_ni_ne_s_ecrit_qu_une(client, ramq):
    f.declarant(ramq)
    reponses = [ajouter(client, ramq) for _ in range(2)]
    assert {reponse.headers["Location"] for reponse in reponses} == {LISTE}
    assert "C'était déjà fait" in Page(client.get(LISTE)).texte
    assert Prolongation.objects.count() == LogEntry.objects.count() == len(mail.outbox) == 1
    assert "Donnez une date du 2 septembre 2023" in lire(ajouter(client, ramq, motif="Incendie"))


@pytest.mark.django_db(transaction=True)
def test_prolonger_depuis_l_administration_l_ecrit_a_qui_l_a_demande(client, ramq):
    demande, collegue = demander(ramq), f.declarant(ramq)
    ajouter(client, ramq)
    assert [courriel.to for courriel in mail.outbox] == [[demande.demandee_par.email]]
    assert "la prolongation que vous avez demandée" in mail.outbox[0].body
    assert LogEntry.objects.get().change_message.endswith("La demande qui attendait a cette réponse.")
    assert collegue.email not in str(mail.outbox[0].message())


@pytest.mark.django_db(transaction=True)
def test_prolonger_sans_demande_l_ecrit_aux_titulaires(client, ramq):
    titulaires = {f.declarant(ramq).email for _ in range(2)}
    f.declarant(f.organisation("SAAQ"))
    ajouter(client, ramq)
    assert {courriel.to[0] for courriel in mail.outbox} == titulaires
    assert mail.outbox[0].subject == "Échéance repoussée\xa0: RAMQ, 2e trimestre de 2023"
    assert "Nouvelle échéance\xa0: 1er septembre 2023" in mail.outbox[0].body


def test_une_prolongation_ne_se_change_ni_ne_se_supprime(client, cqen, ramq):
    accordee, avant = accorder(ramq, cqen), f.photo(Prolongation)
    changer, supprimer = (
        reverse(f"admin:indicateurs_prolongation_{geste}", args=[accordee.pk]) for geste in ("change", "delete")
    )
    assert "Inondation" in Page(client.get(changer)).texte
    assert {client.post(a, {"post": "yes", "motif": "Autre"}).status_code for a in (changer, supprimer)} == {403}
    client.post(LISTE, {"action": "delete_selected", "_selected_action": [accordee.pk], "post": "yes"})
    assert f.photo(Prolongation) == avant


@pytest.mark.parametrize("permission", ["indicateurs.view_prolongation", "indicateurs.change_prolongation"])
def test_sans_pouvoir_prolonger_rien_ne_s_ouvre(client, ramq, permission):
    client.force_login(f.personne(permission, is_staff=True))
    assert {client.get(adresse).status_code for adresse in (LISTE, AJOUT)} == {403}
    assert ajouter(client, ramq).status_code == 403
    assert not Prolongation.objects.exists()


def test_la_liste_demande_autant_de_requetes_pour_vingt_prolongations(client, cqen, django_assert_max_num_queries):
    f.trimestre(CODE)
    for _ in range(20):
        accorder(f.organisation(), cqen)
    with django_assert_max_num_queries(10):
        client.get(LISTE)
