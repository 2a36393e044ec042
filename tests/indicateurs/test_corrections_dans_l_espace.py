"""Corriger n'est jamais annuler: une version nouvelle s'ouvre, préremplie, et l'acceptée reste publique."""

import pytest

from indicateurs.models import Soumission
from organisations.models import Role
from tests import fabrique as f
from tests.indicateurs.espace import (
    CODE,
    Page,
    adresse,
    deux,
    ecrire,
    entree,
    etat,
    ouvrir,
    soumission,
)

pytestmark = pytest.mark.django_db
BIEN_APRES = f.instant("2024-03-01")
MOTIF = {"motif": "Deux régions comptées deux fois."}


@pytest.fixture(autouse=True)
def horloge(settings):
    settings.HORLOGE = BIEN_APRES


@pytest.fixture
def papier():
    return f.indicateur("papier")


@pytest.fixture
def ici(papier):
    return f.organisation("RAMQ")


@pytest.fixture
def acceptee(ici, papier):
    return f.validee(ici, f.trimestre(CODE), {papier: (12, 30)})


@pytest.fixture
def moi(ici):
    return entree(f.declarant(ici))


def corriger(moi, ici, champs=MOTIF):
    return moi.post(adresse("corriger", ici), champs)


def test_corriger_apres_l_echeance_ouvre_une_version_preremplie_et_garde_l_acceptee(moi, ici, acceptee):
    assert "Corriger ce trimestre" in Page(moi.get(adresse("saisie", ici))).texte
    assert "Pourquoi corriger" in Page(moi.get(adresse("corriger", ici))).texte
    reponse = corriger(moi, ici)
    assert (reponse.status_code, reponse.headers["Location"]) == (303, adresse("saisie", ici))

    page = ouvrir(moi, ici)
    assert (page.saisie["papier-numerateur"], page.saisie["papier-denominateur"]) == ("12", "30")
    assert f"«\xa0{MOTIF['motif']}\xa0»" in page.texte
    assert "La version acceptée reste publique" in page.texte
    acceptee.refresh_from_db()
    assert (acceptee.statut, soumission(ici).version) == ("VALIDE", 2)
    assert list(Soumission.objects.publics_au(BIEN_APRES)) == [acceptee]


def test_l_acceptee_reste_publique_jusqu_a_l_acceptation_de_l_autre(moi, ici, acceptee):
    corriger(moi, ici)
    assert ecrire(moi, ici, "transmettre", papier=deux(13, 30)).status_code == 303
    apres = f.instant("2024-03-02")
    assert list(Soumission.objects.publics_au(apres)) == [acceptee]

    soumission(ici).valider(par=f.relecteur(), le=apres)
    assert list(Soumission.objects.publics_au(apres)) == [soumission(ici)]
    page = Page(moi.get(adresse("version", ici, 1)))
    assert "Remplacé" in page.texte
    assert adresse("version", ici, 2) in page.ancres


@pytest.mark.parametrize("motif", ["", " ", "\n\t", "x" * 1001, "a\0b"])
def test_une_correction_demande_une_raison(moi, ici, acceptee, motif):
    avant = etat()
    page = Page(corriger(moi, ici, {"motif": motif}))

    assert (page.statut, etat()) == (400, avant)
    assert "#id_motif" in page.ancres
    assert "id_motif" in page.ids


def test_une_correction_envoyee_deux_fois_n_ouvre_qu_une_version(moi, ici, acceptee):
    corriger(moi, ici)
    apres = etat()

    assert corriger(moi, ici).status_code == 303
    assert etat() == apres


def test_une_seconde_correction_avec_une_autre_raison_est_refusee(moi, ici, acceptee):
    corriger(moi, ici)
    apres = etat()
    page = Page(corriger(moi, ici, {"motif": "Une autre raison."}))

    assert (page.statut, etat()) == (409, apres)


@pytest.mark.parametrize("statut", ["BROUILLON", "SOUMIS", "A_CORRIGER"])
def test_seul_un_trimestre_accepte_se_corrige(moi, ici, papier, statut):
    ouverte = (f.brouillon if statut == "BROUILLON" else f.transmise)(ici, f.trimestre(CODE), {papier: (1, 2)})
    if statut == "A_CORRIGER":
        ouverte.renvoyer(par=f.relecteur(), le=ouverte.cree_le, motif="Vérifiez.")
    avant = etat()
    page = Page(corriger(moi, ici))

    assert (page.statut, etat()) == (409, avant)
    assert "Seul ce que le CQEN a accepté se corrige." in page.texte


@pytest.mark.parametrize("methode", ["get", "post"])
def test_un_trimestre_jamais_commence_ne_se_corrige_pas(moi, ici, methode):
    f.trimestre(CODE)

    assert getattr(moi, methode)(adresse("corriger", ici), MOTIF).status_code == 303
    assert soumission(ici) is None


def test_une_autre_organisation_ne_corrige_rien(ici, acceptee):
    avant = etat()

    assert corriger(entree(f.declarant(f.organisation())), ici).status_code == 404
    assert etat() == avant


def test_qui_redige_corrige_sans_transmettre(ici, acceptee):
    redactrice = entree(f.declarant(ici, Role.REDACTION))

    assert corriger(redactrice, ici).status_code == 303
    assert ecrire(redactrice, ici, papier=deux(13, 30)).status_code == 303
    assert ecrire(redactrice, ici, "transmettre", papier=deux(13, 30)).status_code == 403


def test_ce_qui_n_est_pas_accepte_n_ouvre_pas_de_page_de_correction(moi, ici, papier):
    f.brouillon(ici, f.trimestre(CODE), {papier: (1, 2)})
    reponse = moi.get(adresse("corriger", ici))

    assert (reponse.status_code, reponse.headers["Location"]) == (303, adresse("saisie", ici))
