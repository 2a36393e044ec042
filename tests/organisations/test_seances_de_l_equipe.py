"""Une séance de l'équipe finit pendant un renvoi ou une réponse: ce qui était tapé attend sur la page du dossier."""

import pytest
from django.test import Client
from django.urls import reverse

from organisations.comptes.seances import GARDE
from organisations.models import FormuleDeRenvoi
from tests import fabrique as f
from tests.collaboration import demande
from tests.indicateurs.espace import Page
from tests.organisations.connexions import entrer
from tests.relire import GENRES, a_relire, adresse, etat

pytestmark = pytest.mark.django_db


@pytest.fixture
def cqen(settings):
    settings.MFA_EXIGEE = False
    return f.relecteur()


@pytest.fixture
def moi(cqen, client) -> Client:
    """Sa page, ouverte la veille."""
    entrer(client, cqen.email)
    seance = client.session
    seance["debut"] = 0
    seance.save()
    return client


def rentrer(moi, cqen, reponse, page: str):
    """Se reconnecte, et suit jusqu'à la page d'où l'on vient."""
    assert reponse.headers["Location"] == f"/compte/connexion/?next={page}"
    assert entrer(moi, cqen.email, suite=page).headers["Location"] == page
    return moi.get(page)


@pytest.mark.parametrize("genre", GENRES)
def test_la_raison_d_un_renvoi_attend_sur_la_page_du_dossier(moi, cqen, genre):
    dossier = a_relire(genre)
    formule = FormuleDeRenvoi.objects.create(texte="Le numérateur étonne.", ordre=1)
    avant, page = etat(), adresse(dossier, "change", dossier.pk)
    envoi = {"jeton": dossier.jeton, "formules": [formule.pk], "precisions": "Voyez l'annexe."}
    relue = rentrer(moi, cqen, moi.post(adresse(dossier, "renvoyer", dossier.pk), envoi), page)

    assert relue.status_code == 200
    assert relue.context["renvoi"]["precisions"].value() == "Voyez l'annexe."
    assert relue.context["renvoi"]["formules"].value() == [str(formule.pk)]
    assert "Une correction est nécessaire" not in Page(relue).texte
    assert moi.get(page).context["renvoi"]["precisions"].value() is None
    assert etat() == avant


def test_une_reponse_au_fil_d_une_demande_attend_aussi(moi, cqen):
    posee = demande(f.organisation())
    page = reverse("admin:indicateurs_demandeaccompagnement_change", args=[posee.pk])
    envoi = {"geste": "repondre", "texte": "Ma longue réponse.", "lu": 0}
    relue = rentrer(moi, cqen, moi.post(page, envoi), page)

    assert relue.context["form"]["texte"].value() == "Ma longue réponse."
    assert relue.context["form"]["lu"].value() == posee.messages.get().pk
    assert posee.messages.count() == 1


def test_un_jeton_perime_mene_aussi_a_la_page_du_dossier(cqen):
    dossier, onglet = a_relire("fiche"), Client(enforce_csrf_checks=True)
    onglet.force_login(cqen)
    envoi = {"precisions": "Voyez l'annexe.", "csrfmiddlewaretoken": "perime"}
    ici = {"Origin": "http://testserver"}
    reponse = onglet.post(adresse(dossier, "renvoyer", dossier.pk), envoi, headers=ici)

    page = adresse(dossier, "change", dossier.pk)
    assert (reponse.status_code, reponse.headers["Location"]) == (303, page)
    assert onglet.session[GARDE]["adresse"] == page
    assert "Voyez l'annexe." in onglet.get(page).content.decode().replace("&#x27;", "'")
