"""Chaque adresse de l'administration, énumérée: fermée à qui n'y a pas droit, et rien de publié ne s'y perd."""

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.core import mail
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from organisations.models import Trace
from tests import autorisations as a
from tests import fabrique as f
from tests.administration import (
    DE_DJANGO,
    DERRIERE,
    PORTE,
    TOUTES,
    ecarts,
    mene_ailleurs,
    obtenir,
    partout,
    peupler,
    supprimes,
)
from tests.organisations.connexions import code, entrer, equiper
from tests.test_architecture import adresses

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("administration")]

# Ce que toute l'équipe ouvre, sans permission particulière: le sommaire, ses mots, son propre mot de passe.
A_TOUTE_L_EQUIPE = {"admin:index", "admin:jsi18n", "admin:password_change", "admin:password_change_done"}
# Ce qui ne sert qu'à écrire: aucune page à y lire.
ECRIRE_SEULEMENT = {
    "admin:barometre_edition_publier",
    "admin:indicateurs_cible_process_import",
    "admin:indicateurs_definition_process_import",
    "admin:indicateurs_ficheexpertise_renvoyer",
    "admin:indicateurs_ficheexpertise_valider",
    "admin:indicateurs_indicateur_process_import",
    "admin:indicateurs_soumission_renvoyer",
    "admin:indicateurs_soumission_valider",
    "admin:indicateurs_trimestre_process_import",
    "admin:organisations_organisation_process_import",
    "admin:organisations_plantransformation_renvoyer",
    "admin:organisations_plantransformation_valider",
    "admin:organisations_strategie_process_import",
    "admin:suivi_rappeler",
}
# Ce qu'on peut supprimer: rien de publié n'en dépend.
SUPPRIMABLES = {"Attribution", "FormuleDeRenvoi", "Group", "Cible", "Definition"}


@pytest.fixture(scope="module")
def bati(django_db_setup, django_db_blocker, tmp_path_factory):
    """Le monde des autorisations, avec de quoi remplir chaque liste, et quelqu'un du CQEN sans aucun droit."""
    with a.monde(django_db_blocker, tmp_path_factory) as bati:
        peupler()
        sans_droit = f.personne(is_staff=True)
        equiper(sans_droit)
        bati.clients["sans_droit"] = client = Client(REMOTE_ADDR="10.0.1.1")
        entrer(client, sans_droit.email)
        client.post("/compte/deuxieme-facteur/code/", {"code": code()})
        bati.temoins["sans_droit"] = client.cookies
        yield bati


@pytest.fixture
def monde(bati, settings):
    """Le monde, sans limite d'essais: c'est le droit qu'on éprouve ici."""
    settings.MEDIA_ROOT = bati.media
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    return bati


def test_chaque_sorte_d_objet_de_l_administration_a_ici_un_objet(monde):
    assert [modele.__name__ for modele in site._registry if not modele._default_manager.exists()] == []
    assert len(DERRIERE) > 100


# --- qui n'y a pas droit ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["anonyme", "desactive"])
def test_l_inconnu_va_a_la_connexion(monde, role):
    assert ecarts(monde, role, {"account_login", PORTE}) == []
    assert obtenir(monde, role, "GET", reverse(PORTE)) == "account_login"


@pytest.mark.parametrize("role", ["redige", "transmet", "autre", "revoque"])
def test_qui_declare_est_refuse_partout(monde, role):
    assert ecarts(monde, role, {"403", "404", PORTE}) == []
    assert obtenir(monde, role, "GET", reverse(PORTE)) == "403"


def test_qui_declare_n_apprend_rien_d_un_objet_qui_existe(monde):
    for adresse in (une for une in DERRIERE.values() if une.noms):
        existe, absent = (adresse.vers(objet, monde) for objet in ("mien", "absent"))
        reponses = [monde.demander("transmet", "GET", ici) for ici in (existe, absent)]
        dits = [
            (r.status_code, r.headers.get("Location", "").replace(ici, "…"), len(r.content))
            for r, ici in zip(reponses, (existe, absent), strict=True)
        ]
        assert dits[0] == dits[1], adresse.nom


def test_l_equipe_sans_deuxieme_facteur_va_le_prouver(monde):
    assert ecarts(monde, "sans_facteur", {PORTE}) == []
    assert obtenir(monde, "sans_facteur", "GET", reverse(PORTE)) in ("mfa_index", "mfa_reauthenticate")


def test_l_equipe_sans_la_permission_est_refusee(monde):
    fermees = {nom: adresse for nom, adresse in DERRIERE.items() if nom not in A_TOUTE_L_EQUIPE}
    ouvertes = ecarts(monde, "sans_droit", {"403", "404", "405"}, parmi=fermees)

    assert [ecart for ecart in ouvertes if not mene_ailleurs(*ecart)] == []


def test_le_sommaire_ne_nomme_que_ce_qu_on_peut_ouvrir(monde):
    page = monde.demander("sans_droit", "GET", reverse("admin:index")).content.decode()
    nommees = [nom for nom, une in DERRIERE.items() if not une.noms and f'"/{une.motif}"' in page]

    assert set(nommees) <= A_TOUTE_L_EQUIPE


# --- écrire n'est pas lire -------------------------------------------------------------------------------------------


def test_une_adresse_qui_ne_sert_qu_a_ecrire_refuse_de_se_lire_et_la_liste_les_tient_toutes(monde):
    refusent = set()
    for nom, adresse in DERRIERE.items():
        for ici in [] if nom.endswith(DE_DJANGO) else partout(adresse, monde):
            if obtenir(monde, "superutilisateur", "GET", ici) == "405":
                assert obtenir(monde, "superutilisateur", "HEAD", ici) == "405", ici
                assert obtenir(monde, "superutilisateur", "POST", ici) != "405", ici
                refusent.add(nom)

    assert refusent == ECRIRE_SEULEMENT


def test_lire_toute_l_administration_ne_change_rien(monde):
    tables = [m for m in apps.get_models() if m._meta.app_label not in ("sessions", "contenttypes")]
    tables.remove(Trace)  # un fichier emporté en laisse une
    avant = f.photo(*tables)
    for nom, adresse in DERRIERE.items():
        for objet in adresse.objets:
            monde.demander("superutilisateur", "GET", adresse.vers(objet, monde))
        assert f.photo(*tables) == avant, nom


def test_toute_ecriture_d_une_personne_connue_laisse_une_trace(monde):
    for role in ("transmet", "sans_facteur", "sans_droit", "superutilisateur"):
        for nom, adresse in DERRIERE.items():
            with transaction.atomic():
                avant = Trace.objects.count()
                monde.demander(role, "POST", adresse.vers(adresse.objets[0], monde))
                laissees = Trace.objects.count() - avant
                transaction.set_rollback(True)
            assert laissees >= 1, (role, nom)


# --- le deuxième facteur ---------------------------------------------------------------------------------------------


@pytest.fixture
def equipee(monde):
    """Quelqu'un du CQEN qui peut tout et qui a son facteur."""
    personne = f.personne(is_staff=True, is_superuser=True)
    equiper(personne)
    return personne


def refusees(client) -> set[str]:
    """Où mène chaque page de liste de l'administration."""
    return {a.resultat(client.get(f"/{une.motif}")) for une in DERRIERE.values() if not une.noms}


def test_une_seance_sans_la_preuve_du_facteur_n_ouvre_rien(equipee):
    mot_de_passe_seul, sans_rien = Client(), Client()
    entrer(mot_de_passe_seul, equipee.email)
    sans_rien.force_login(equipee)

    assert refusees(mot_de_passe_seul) <= {"account_login", PORTE}
    assert refusees(sans_rien) == {PORTE}


def test_le_mot_de_passe_oublie_ne_contourne_pas_le_facteur(equipee):
    client = Client()
    client.post("/compte/mot-de-passe/oublie/", {"email": equipee.email})
    [lien] = [mot for mot in mail.outbox[-1].body.split() if "/compte/mot-de-passe/" in mot]
    formulaire = client.get(lien[lien.index("/compte/") :], follow=True)
    nouveau = {"password1": "cheval batterie agrafe neuve", "password2": "cheval batterie agrafe neuve"}
    fini = client.post(formulaire.redirect_chain[-1][0], nouveau)

    assert fini.status_code == 302
    assert refusees(client) <= {"account_login", PORTE}
    entrer(client, equipee.email, nouveau["password1"])
    assert refusees(client) <= {"account_login", PORTE}
    client.post("/compte/deuxieme-facteur/code/", {"code": code()})
    assert client.get(reverse("admin:index")).status_code == 200


def test_la_preuve_d_une_autre_seance_ne_vaut_pas(equipee):
    prouvee, autre = Client(), Client()
    for client in (prouvee, autre):
        entrer(client, equipee.email)
    prouvee.post("/compte/deuxieme-facteur/code/", {"code": code()})

    assert prouvee.get(reverse("admin:index")).status_code == 200
    assert refusees(autre) <= {"account_login", PORTE}


def test_sortir_puis_rentrer_redemande_le_facteur(equipee):
    client = Client()
    entrer(client, equipee.email)
    client.post("/compte/deuxieme-facteur/code/", {"code": code()})
    client.post("/compte/deconnexion/")
    entrer(client, equipee.email)

    assert refusees(client) <= {"account_login", PORTE}


# --- rien de publié ne se perd ---------------------------------------------------------------------------------------


def test_rien_de_publie_ne_se_supprime_une_page_apres_l_autre(monde):
    def envoyer(modele, objet):
        adresse = reverse(f"admin:{modele._meta.app_label}_{modele._meta.model_name}_delete", args=[objet.pk])
        monde.demander("superutilisateur", "POST", adresse, {"post": "yes"})

    assert supprimes(monde, envoyer) <= SUPPRIMABLES


def test_rien_de_publie_ne_se_supprime_par_lots(monde):
    def envoyer(modele, objet):
        adresse = reverse(f"admin:{modele._meta.app_label}_{modele._meta.model_name}_changelist")
        choix = {"action": "delete_selected", "_selected_action": [objet.pk], "post": "yes"}
        monde.demander("superutilisateur", "POST", adresse, choix)

    assert supprimes(monde, envoyer) <= SUPPRIMABLES


def test_l_histoire_et_les_propositions_demandent_la_permission(monde):
    """S35: un objet ne se devine ni par son histoire ni par les propositions d'un champ."""
    histoires = {nom: adresse for nom, adresse in DERRIERE.items() if nom.endswith("_history")}
    ouvertes = ecarts(monde, "sans_droit", {"403"}, parmi=histoires)
    assert [ecart for ecart in ouvertes if not mene_ailleurs(*ecart)] == []
    for modele in apps.get_models():
        for champ in modele._meta.fields:
            if isinstance(champ, models.ForeignKey):
                vise = {"app_label": modele._meta.app_label, "model_name": modele._meta.model_name}
                envoi = vise | {"field_name": champ.name, "term": ""}
                reponse = monde.demander("sans_droit", "GET", reverse("admin:autocomplete"), envoi)
                assert reponse.status_code in (403, 404), vise


def test_aucune_page_publique_ne_mene_a_l_administration(monde):
    publiques = {nom: une for nom, une in a.toutes_les_adresses().items() if une.publique and nom not in TOUTES}
    for nom, adresse in publiques.items():
        page = monde.demander("anonyme", "GET", adresse.vers(adresse.objets[0], monde))
        assert page.streaming or b"/admin" not in page.content, nom


def test_les_adresses_de_l_administration_demandent_toutes_d_entrer():
    assert {
        nom for nom, motif, vue in adresses() if motif.startswith("admin/") and not getattr(vue, "login_required", True)
    } == {"login"}
