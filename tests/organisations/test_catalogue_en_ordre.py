"""Le catalogue tient ensemble: têtes, remplacements, adresses, et ce qu'un fichier en change une seule fois."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicateurs import formats
from indicateurs.models import Definition
from organisations.models import Attribution, Habilitation, Invitation, Organisation, Strategie, TransitionInterdite
from organisations.models.utilisateur import DOMAINE_TECHNIQUE, Utilisateur
from tests import fabrique as f
from tests.organisations.catalogue import ENTETE, ORGANISATIONS, PERMISSIONS, confirmer, deposer, erreurs
from tests.organisations.connexions import lire

pytestmark = pytest.mark.django_db
STRATEGIES, DEFINITIONS = "/admin/organisations/strategie/", "/admin/indicateurs/definition/"
HABILITATIONS, PERSONNES = "/admin/organisations/habilitation/", "/admin/organisations/utilisateur/"
DROITS = ("organisations.habiliter", *(f"organisations.{geste}_utilisateur" for geste in ("view", "add", "change")))
SAAQ = f"{ENTETE}SAAQ,Société,AUTRE,,2020-01-01,,,\n"


@pytest.fixture(autouse=True)
def pilote(client, settings):
    settings.MFA_EXIGEE = False
    membre = f.personne(*PERMISSIONS, *DROITS, is_staff=True)
    client.force_login(membre)
    return membre


def changer(client, organisation, **champs):
    fiche = {"sigle": organisation.sigle, "nom": "N", "categorie": organisation.categorie, "assujettie_du": f.DEBUT}
    return client.post(f"{ORGANISATIONS}{organisation.pk}/change/", fiche | champs)


# --- l'organisation --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lien", ["une rattachée", "une relecture"])
def test_un_portefeuille_dont_on_depend_reste_une_tete(client, lien):
    tete = f.ministere("MIN")
    if lien == "une rattachée":
        f.organisation(ministere=tete)
    else:
        Attribution.objects.create(portefeuille=tete, relecteur=f.relecteur())
    assert "dépendent de ce portefeuille" in lire(changer(client, tete, categorie="AUTRE"))
    tete.refresh_from_db()
    assert tete.categorie == "MINISTERE"


def test_deux_organisations_ne_se_remplacent_pas_l_une_l_autre(client):
    premiere = f.organisation("A")
    seconde = f.organisation("B", assujettie_au="2023-01-01", remplacee_par=premiere)
    page = changer(client, premiere, assujettie_au="2023-01-01", remplacee_par=seconde.pk)
    assert "se remplaceraient" in lire(page)


def test_l_adresse_suit_le_sigle_tant_que_rien_n_est_publie(client):
    neuve = f.organisation("SAAQ")
    changer(client, neuve, sigle="RAMQ")
    neuve.refresh_from_db()
    assert (neuve.sigle, neuve.slug) == ("RAMQ", "ramq")


# --- les personnes ---------------------------------------------------------------------------------------------------


def test_nul_verbe_n_habilite_la_personne_qui_l_appelle(pilote):
    faits = {"organisation": f.organisation(), "role": "REDACTION", "par": pilote, "le": f.instant("2023-05-01")}
    with pytest.raises(TransitionInterdite):
        Habilitation.objects.accorder(personne=pilote, **faits)
    with pytest.raises(TransitionInterdite):
        Invitation.objects.inviter(pilote.email.upper(), **faits)
    assert not Habilitation.objects.exists()
    assert not Invitation.objects.exists()


def test_habiliter_pour_un_role_deja_compris_se_dit_sans_rien_noter(client):
    organisation = f.organisation()
    eve = f.declarant(organisation)
    envoi = {"courriel": eve.email, "organisation": organisation.pk, "role": "REDACTION"}
    assert "tient déjà ce rôle, ou un rôle plus large" in lire(client.post(f"{HABILITATIONS}add/", envoi))


def test_un_compte_technique_se_lit_et_ne_se_cree_pas_ici(client):
    compte = Utilisateur.objects.technique("reprise")
    assert client.post(f"{PERSONNES}{compte.pk}/change/", {"nom": "X", "is_active": "on"}).status_code == 403
    page = client.post(f"{PERSONNES}add/", {"email": f"x@{DOMAINE_TECHNIQUE.upper()}", "nom": "X"})
    assert "réservée aux comptes techniques" in lire(page)
    assert Utilisateur.objects.filter(email__iendswith=DOMAINE_TECHNIQUE).count() == 1


# --- les fichiers ----------------------------------------------------------------------------------------------------


def test_un_second_clic_pendant_l_ecriture_n_ecrit_rien(client, monkeypatch):
    page = deposer(client, SAAQ)
    monkeypatch.setattr(cache, "add", lambda *_: False)
    confirmer(client, page)
    assert "Cet aperçu est déjà appliqué." in lire(client.get(f"{ORGANISATIONS}import/"))
    assert not Organisation.objects.exists()


def test_des_lecteurs_occupes_se_disent_et_l_apercu_se_confirme_ensuite(client, monkeypatch):
    page = deposer(client, SAAQ)
    with monkeypatch.context() as occupe:
        occupe.setattr(formats.LECTEURS, "acquire", lambda **_: False)
        attente = confirmer(client, page)
    assert attente.status_code == 503
    assert "Réessayez dans une minute" in lire(attente)
    confirmer(client, attente)
    assert Organisation.objects.get().sigle == "SAAQ"


@pytest.mark.postgres  # SQLite n'a qu'un écrivain
def test_ecrire_prend_les_lignes_avant_de_les_lire(client):
    page = deposer(client, SAAQ)
    with CaptureQueriesContext(connection) as requetes:
        confirmer(client, page)
    lues = [r["sql"] for r in requetes if 'FROM "organisations_organisation"' in r["sql"]]
    assert "FOR NO KEY UPDATE" in lues[0]


def test_un_entete_seul_et_une_colonne_absente_se_disent(client):
    assert "Ce fichier n'a aucune ligne." in lire(deposer(client, ENTETE))
    dites = erreurs(deposer(client, "sigle,nom\nSAAQ,\n"))
    assert ("2", "nom", "(vide)", "Une valeur est attendue.") in dites
    assert (
        "2",
        "assujettie_du",
        "(vide)",
        "Une ligne nouvelle demande cette colonne, que le fichier n'a pas.",
    ) in dites


def test_exporter_avec_un_filtre_inconnu_ramene_a_la_liste(client):
    reponse = client.post(f"{ORGANISATIONS}export/?bidon=1", {"format": "csv"})
    assert (reponse.status_code, reponse.headers["Location"]) == (302, ORGANISATIONS)


def test_strategies_et_definitions_s_importent_et_leur_export_ne_change_rien(client):
    papier = f.indicateur("papier")
    strategies = "code,titre,debut,fin\nnumerique,Stratégie,2023-04-01,2027-03-31\n"
    definitions = "indicateur,applicable_du,texte,rupture,explication\npapier,2023-04-01,Neuve,oui,Le panier change\n"
    for liste, fichier in ((STRATEGIES, strategies), (DEFINITIONS, definitions)):
        confirmer(client, deposer(client, fichier, liste), liste)
        export = client.post(f"{liste}export/", {"format": "csv"}).content
        assert "Le fichier ne change rien" in lire(deposer(client, export, liste))

    assert Strategie.objects.get().fin.isoformat() == "2027-03-31"
    assert Definition.objects.get(indicateur=papier, texte="Neuve").rupture
