"""Une annonce refusée garde la saisie; une date démesurée ne casse rien; deux changements se suivent."""

import datetime

import pytest
from django.urls import reverse
from icalendar import Calendar

from barometre.models import Edition, Parution
from organisations.models import TransitionInterdite
from tests import fabrique as f
from tests.barometre import publications as p
from tests.barometre.public import publier, texte
from tests.organisations.connexions import lire

ANNONCER = reverse("admin:barometre_parution_add")
REFUS = [
    ("2023-06-30", "", "ne sera pas terminé ce jour-là."),
    ("2025-07-01", "", "au plus deux ans après la fin du trimestre."),
    ("2023-07-05", "", "Ce jour est passé"),
    ("2023-08-24", "", "Dites pourquoi la date change"),
    ("2023-08-17", "Un retard", "C'est déjà le jour annoncé"),
]


@pytest.fixture(autouse=True)
def ici(settings):
    settings.MFA_EXIGEE, settings.HORLOGE = False, f.instant("2023-07-10")


@pytest.mark.django_db
@pytest.mark.parametrize(("jour", "motif", "phrase"), REFUS)
def test_un_refus_se_dit_sur_la_page_et_garde_la_saisie(client, jour, motif, phrase):
    p.annoncer()
    client.force_login(f.personne("barometre.add_parution", is_staff=True))
    trimestre = f.trimestre(p.CODE).pk
    reponse = client.post(ANNONCER, {"trimestre": trimestre, "jour": jour, "motif": motif})

    assert reponse.status_code == 200
    assert phrase in lire(reponse)
    assert f'value="{jour}"' in reponse.content.decode()
    assert Parution.objects.count() == 1


@pytest.mark.django_db
def test_ce_que_la_course_fait_refuser_ramene_a_la_page_relue(client, monkeypatch):
    client.force_login(f.personne("barometre.add_parution", is_staff=True))
    monkeypatch.setattr("barometre.admin.calendrier.Annonce.clean", lambda formulaire: formulaire.cleaned_data)
    trimestre = f.trimestre(p.CODE).pk
    reponse = client.post(ANNONCER, {"trimestre": trimestre, "jour": "2023-07-05", "motif": ""})

    assert (reponse.status_code, reponse["Location"]) == (303, ANNONCER)
    assert "Ce jour est passé" in lire(client.get(ANNONCER))


@pytest.mark.django_db
def test_le_dernier_jour_possible_se_dit_et_le_suivant_se_refuse():
    with pytest.raises(TransitionInterdite, match="deux ans"):
        p.annoncer(jour="2025-07-01")

    assert p.annoncer(jour="2025-06-30").jour == datetime.date(2025, 6, 30)


@pytest.mark.django_db
def test_une_date_demesuree_deja_annoncee_ne_casse_pas_le_fichier_ics(client):
    faits = {"trimestre": f.trimestre(p.CODE), "annoncee_par": f.publieur(), "annoncee_le": f.instant("2023-06-01")}
    Parution.objects.create(jour=datetime.date.max, **faits)
    reponse = client.get("/calendrier.ics")

    assert reponse.status_code == 200
    assert Calendar.from_ical(reponse.content).walk("VEVENT")[0].start == datetime.date.max
    assert client.get("/calendrier/").status_code == 200


@pytest.mark.django_db
def test_une_annonce_plus_recente_que_l_instant_lu_fait_relire():
    p.annoncer(le="2023-06-02")
    with pytest.raises(TransitionInterdite, match="vient d'être faite"):
        p.annoncer(jour="2023-08-24", le="2023-06-01", motif="Un retard")


@pytest.mark.django_db
def test_une_edition_d_avant_le_calendrier_ne_pretend_pas_l_avoir_suivi(client, monkeypatch):
    monkeypatch.setattr(Edition, "exiger_publiable", lambda edition, par: None)
    monkeypatch.setattr(f, "HORS_CALENDRIER", "")
    publier()

    assert "2023-T1 18 mai 2023 non annoncé jamais avant le calendrier" in texte(client.get("/calendrier/"))
