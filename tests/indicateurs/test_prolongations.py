"""Demander plus de temps, avec une raison, et lire la réponse."""

import datetime

import pytest
from django.core import mail

from indicateurs.models import DemandeProlongation, Prolongation
from tests import fabrique as f
from tests.indicateurs.espace import CODE, Page, adresse, entree, ouvrir

pytestmark = pytest.mark.django_db
PLUS_TARD = f.instant("2023-07-21")
VOULU = {"echeance_souhaitee": "2023-09-01", "motif": "Inondation du centre de données."}


@pytest.fixture
def ici(horloge):
    f.trimestre(CODE)
    f.indicateur("papier")
    return f.organisation("RAMQ")


@pytest.fixture
def cqen():
    return f.personne("indicateurs.add_prolongation", is_staff=True)


def demander(moi, ici, **champs):
    return moi.post(adresse("prolongation", ici), VOULU | champs)


def page(moi, ici) -> str:
    return Page(moi.get(adresse("prolongation", ici))).texte


def test_une_demande_s_enregistre_et_attend_sa_reponse(moi, ici):
    reponse = demander(moi, ici)
    assert (reponse.status_code, reponse.headers["Location"]) == (303, adresse("prolongation", ici))

    posee = DemandeProlongation.objects.get()
    assert (posee.organisation, posee.trimestre.code, posee.motif) == (ici, CODE, VOULU["motif"])
    assert posee.echeance_souhaitee == datetime.date(2023, 9, 1)
    assert posee.demandee_par.habilitations.get().organisation == ici
    assert "jusqu'au 1er septembre 2023" in page(moi, ici)
    assert "le CQEN n'a pas encore répondu" in page(moi, ici)
    assert not Prolongation.objects.exists()


def test_un_trimestre_deja_transmis_n_a_plus_besoin_de_temps(moi, ici):
    f.transmise(ici, f.trimestre(CODE), {f.Indicateur.objects.get(): (1, 2)})
    reponse = demander(moi, ici)

    assert reponse.status_code == 409
    assert "Ce trimestre est déjà transmis" in Page(reponse).texte
    assert not DemandeProlongation.objects.exists()


def test_la_meme_demande_redite_apres_un_refus_ne_recommence_rien(moi, ici, cqen):
    demander(moi, ici)
    DemandeProlongation.objects.get().refuser(par=cqen, le=PLUS_TARD, motif="Trop tard.")

    assert demander(moi, ici).status_code == 303
    assert DemandeProlongation.objects.count() == 1


def test_le_cqen_apprend_une_demande_une_seule_fois(moi, ici, cqen, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        demander(moi, ici)
        demander(moi, ici)

    assert [courriel.to for courriel in mail.outbox] == [[cqen.email]]


def test_une_demande_envoyee_deux_fois_n_en_fait_qu_une(moi, ici):
    demander(moi, ici)
    avant = f.photo(DemandeProlongation)
    seconde = Page(demander(moi, ici, motif="Encore."))

    assert (seconde.statut, f.photo(DemandeProlongation)) == (409, avant)
    assert "Une demande attend déjà la réponse du CQEN." in seconde.texte


@pytest.mark.parametrize(
    ("champs", "statut"),
    [
        ({"echeance_souhaitee": ""}, 400),
        ({"echeance_souhaitee": "demain"}, 400),
        ({"echeance_souhaitee": "2023-02-30"}, 400),
        ({"echeance_souhaitee": "9" * 5000}, 400),
        ({"motif": ""}, 400),
        ({"motif": " \n"}, 400),
        ({"motif": "x" * 1001}, 400),
        ({"motif": "a\0b"}, 400),
        ({"echeance_souhaitee": "2023-08-14"}, 409),
        ({"echeance_souhaitee": "2019-01-01"}, 409),
        ({"echeance_souhaitee": "9999-12-31"}, 409),
    ],
)
def test_une_demande_impossible_est_refusee_sans_rien_ecrire(moi, ici, champs, statut):
    limite = Prolongation.objects.echeance(ici, f.trimestre(CODE))
    assert limite == datetime.date(2023, 8, 14)
    refusee = Page(demander(moi, ici, **champs))

    assert refusee.statut == statut
    assert not DemandeProlongation.objects.exists()
    assert "Une correction est nécessaire" in refusee.texte


@pytest.mark.parametrize(("jours", "statut"), [(1, 303), (90, 303), (91, 409), (0, 409)])
def test_une_date_suit_l_echeance_de_quatre_vingt_dix_jours_au_plus(moi, ici, jours, statut):
    limite = Prolongation.objects.echeance(ici, f.trimestre(CODE))
    voulu = limite + datetime.timedelta(days=jours)

    assert demander(moi, ici, echeance_souhaitee=voulu.isoformat()).status_code == statut


def test_une_reponse_favorable_repousse_l_echeance_partout(moi, ici, cqen):
    demander(moi, ici)
    DemandeProlongation.objects.get().accorder(par=cqen, le=PLUS_TARD)

    assert "accordé jusqu'au 1er septembre 2023" in page(moi, ici)
    assert "1er septembre 2023, dans 43 jours" in page(moi, ici)
    assert "1er septembre 2023, dans 43 jours" in ouvrir(moi, ici).texte


def test_un_refus_dit_pourquoi_et_laisse_demander_encore(moi, ici, cqen):
    demander(moi, ici)
    DemandeProlongation.objects.get().refuser(par=cqen, le=PLUS_TARD, motif="L'édition est proche.")

    assert "refusé. L'édition est proche." in page(moi, ici)
    assert "14 août 2023, dans 25 jours" in page(moi, ici)
    assert demander(moi, ici, motif="Une autre raison.").status_code == 303


def test_une_autre_organisation_ne_voit_ni_ne_demande_rien(ici):
    etranger = entree(f.declarant(f.organisation()))

    assert etranger.get(adresse("prolongation", ici)).status_code == 404
    assert demander(etranger, ici).status_code == 404
    assert not DemandeProlongation.objects.exists()


def test_la_demande_d_une_autre_organisation_ne_s_affiche_pas_ici(moi, ici):
    autre = f.organisation("AUTRE")
    demander(entree(f.declarant(autre)), autre, motif="Secret de l'autre.")

    assert "Secret de l'autre." not in page(moi, ici)
