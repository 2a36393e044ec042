"""Relire malgré un envoi inventé, une personne partie, un dossier que quelqu'un vient de décider."""

import pytest
from django.core import mail

from indicateurs.models import Soumission
from organisations.models import FormuleDeRenvoi, Habilitation, Role
from tests import fabrique as f
from tests.indicateurs.espace import Page, entree
from tests.relire import GENRES, JOUR, a_relire, adresse, dits, etat, geste, ouvrir

pytestmark = pytest.mark.django_db
GEANT = "9" * 20
tout_genre = pytest.mark.parametrize("genre", GENRES)
ETRANGERS = pytest.mark.parametrize(
    "filtres", [f"version__in={GEANT}", f"organisation__id__in={GEANT}", "version=1", "&".join(["q=a"] * 2000)]
)


@pytest.fixture(autouse=True)
def jour(settings):
    settings.MFA_EXIGEE, settings.HORLOGE = False, JOUR


@pytest.fixture
def cqen():
    return f.relecteur()


@pytest.fixture
def moi(cqen):
    return entree(cqen)


# --- qui est parti ne reçoit plus rien -------------------------------------------------------------------------------


@pytest.mark.parametrize("nom", ["valider", "renvoyer"])
@tout_genre
def test_qui_ne_parle_plus_pour_l_organisation_laisse_le_courriel_a_qui_transmet(
    moi, cqen, genre, nom, django_capture_on_commit_callbacks
):
    dossier = a_relire(genre)
    for tenue in Habilitation.objects.filter(organisation=dossier.organisation):
        tenue.revoquer(par=cqen, le=JOUR)
    restent = [f.declarant(dossier.organisation) for _ in range(2)]
    f.declarant(dossier.organisation, Role.REDACTION)
    f.declarant(f.organisation())
    with django_capture_on_commit_callbacks(execute=True):
        geste(moi, dossier, nom, precisions="Précisez.")
    assert [courriel.to for courriel in mail.outbox] == [[personne.email] for personne in restent]


# --- ce qui est inventé ne fait rien tomber --------------------------------------------------------------------------


@ETRANGERS
@tout_genre
def test_un_filtre_que_la_liste_n_offre_pas_est_refuse_par_elle_et_oublie_par_la_page(moi, genre, filtres):
    dossier, autre = a_relire(genre), a_relire(genre)
    assert moi.get(f"{adresse(dossier, 'changelist')}?{filtres}").status_code == 400
    assert ouvrir(moi, dossier, filtres).statut == 200
    reponse = geste(moi, dossier, "valider", ouvrir(moi, dossier), filtres=filtres)
    assert reponse.headers["Location"] == adresse(autre, "change", autre.pk)
    fin = geste(moi, autre, "renvoyer", ouvrir(moi, autre), filtres=filtres, precisions="Précisez.")
    assert fin.headers["Location"] == adresse(autre, "changelist")


@tout_genre
@pytest.mark.parametrize("cle", [GEANT, "abc", "²"])
def test_une_formule_inventee_est_un_choix_inconnu(moi, genre, cle):
    FormuleDeRenvoi.objects.create(texte="Le numérateur étonne.")
    dossier = a_relire(genre)
    avant = etat()
    assert geste(moi, dossier, "renvoyer", formules=[cle]).status_code == 400
    assert etat() == avant


@pytest.mark.parametrize("cle", [GEANT, "abc", "-1"])
def test_une_ligne_cochee_inventee_ne_fait_rien_tomber(moi, cle):
    ici = adresse(a_relire("soumission"), "changelist")
    avant = etat()
    assert moi.post(ici, {"action": "valider_ensemble", "_selected_action": [cle]}).status_code == 302
    assert moi.get(adresse(Soumission, "ensemble", filtres=f"version__in={GEANT}")).status_code == 200
    assert etat() == avant


# --- quelqu'un a décidé avant ----------------------------------------------------------------------------------------


@tout_genre
def test_un_renvoi_vide_sur_un_dossier_decide_dit_qui_a_decide(moi, cqen, genre):
    dossier = a_relire(genre)
    page = ouvrir(moi, dossier)
    geste(moi, dossier, "valider")
    for precisions, gardees in (("", False), ("x" * 2001, True)):
        reponse = geste(moi, dossier, "renvoyer", page, precisions=precisions)
        assert reponse.status_code == 409
        assert "Vous avez déjà accepté ce dossier. Votre geste n'a rien changé." in Page(reponse).texte
        assert ("x" * 2001 in Page(reponse).texte) == gardees


def test_hors_de_la_file_choisie_la_page_ne_donne_pas_de_numero(moi):
    dossier = a_relire("plan")
    page = ouvrir(moi, dossier, f"portefeuille={f.ministere().pk}")
    assert "Numéro" not in page.texte
    assert "Après, aucun plan à relire." in page.texte
    assert "accepté" in dits(geste(moi, dossier, "valider", page), moi)
