"""Personne ne valide ce qu'elle a transmis: par aucun chemin, à aucun tour, dans aucun genre de dossier."""

import pytest
from django.db import IntegrityError, transaction

from organisations.models import Habilitation, Role, TransitionInterdite
from tests import fabrique as f
from tests.indicateurs.espace import entree
from tests.indicateurs.test_relecture_ensemble import ICI, LISTE
from tests.relire import GENRES, JOUR, LE, adresse, etat, geste, une_soumission

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def jour(settings):
    settings.MFA_EXIGEE, settings.HORLOGE = False, JOUR


ROLES = {
    "relectrice": f.relecteur,
    "superutilisatrice": lambda: f.personne(is_staff=True, is_superuser=True),
}
TOURS = ("au premier tour", "avant un renvoi")


def par_le_verbe(elle, dossier):
    with pytest.raises(TransitionInterdite, match="une autre personne doit le relire"):
        dossier.valider(par=elle, le=JOUR, jeton=dossier.jeton)


def par_le_verbe_sans_jeton(elle, dossier):
    with pytest.raises(TransitionInterdite, match="une autre personne doit le relire"):
        dossier.valider(par=elle, le=JOUR)


def par_la_page(elle, dossier):
    envoi = {"jeton": dossier.jeton}
    reponse = entree(elle).post(adresse(dossier, "valider", dossier.pk), envoi)
    assert (reponse.status_code, reponse.headers["Location"]) == (303, adresse(dossier, "change", dossier.pk))


def par_l_action_de_la_liste(elle, dossier):
    envoi = {"action": "valider_ensemble", "_selected_action": [dossier.pk]}
    reponse = entree(elle).post(adresse(dossier, "changelist"), envoi)
    assert reponse.context is None or not reponse.context.get("lignes")


def par_tout_selectionner(elle, dossier):
    envoi = {"action": "valider_ensemble", "_selected_action": [dossier.pk], "select_across": "1"}
    reponse = entree(elle).post(adresse(dossier, "changelist"), envoi)
    assert reponse.context is None or not reponse.context.get("lignes")


def par_le_lot_force(elle, dossier):
    entree(elle).post(ICI, {"choix": [f"{dossier.pk}:{dossier.jeton}"]})


def par_la_page_de_django(elle, dossier):
    for nom, envoi in (("change", {"statut": "VALIDE", "_save": "1"}), ("delete", {"post": "yes"})):
        assert entree(elle).post(adresse(dossier, nom, dossier.pk), envoi).status_code in (403, 405)


def par_une_ligne_de_base(elle, dossier):
    """La base elle-même refuse, à qui a transmis la dernière fois."""
    if dossier.soumis_par == elle:
        dossier.statut, dossier.valide_le, dossier.valide_par = "VALIDE", JOUR, elle
        with pytest.raises(IntegrityError), transaction.atomic():
            dossier.save(update_fields=["statut", "valide_le", "valide_par"])
    with pytest.raises(IntegrityError), transaction.atomic():
        dossier.journal.create(de="SOUMIS", vers="VALIDE", par=elle, le=JOUR)


CHEMINS = (
    *(par_le_verbe, par_le_verbe_sans_jeton, par_la_page, par_l_action_de_la_liste, par_tout_selectionner),
    *(par_le_lot_force, par_la_page_de_django, par_une_ligne_de_base),
)


def transmis_par(elle, genre: str, tour: str):
    """Un dossier qu'elle a transmis; au second tour, renvoyé, puis transmis par une autre."""
    dossier = GENRES[genre]()
    Habilitation.objects.accorder(
        personne=elle, organisation=dossier.organisation, role=Role.TRANSMISSION, par=f.personne(), le=LE
    )
    dossier.soumettre(par=elle, le=LE)
    if tour == "avant un renvoi":
        dossier.renvoyer(par=f.relecteur(), le=JOUR, motif="Précisez.")
        dossier.soumettre(par=dossier.cree_par, le=JOUR)
    return dossier


@pytest.mark.parametrize("chemin", CHEMINS, ids=lambda c: c.__name__)
@pytest.mark.parametrize("tour", TOURS)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("genre", GENRES)
def test_aucun_chemin_ne_valide_ce_qu_on_a_transmis(genre, role, tour, chemin):
    elle = ROLES[role]()
    dossier = transmis_par(elle, genre, tour)
    avant = etat()
    chemin(elle, dossier)
    dossier.refresh_from_db()
    assert dossier.statut == "SOUMIS"
    assert etat() == avant


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("role", ROLES)
def test_une_autre_personne_le_valide(genre, role):
    dossier = transmis_par(f.relecteur(), genre, "avant un renvoi")
    geste(entree(ROLES[role]()), dossier, "valider")
    dossier.refresh_from_db()
    assert dossier.statut == "VALIDE"


def test_elle_ne_renvoie_pas_non_plus_ce_qu_elle_a_transmis():
    elle = f.relecteur()
    dossier = transmis_par(elle, "plan", "au premier tour")
    avant = etat()
    entree(elle).post(adresse(dossier, "renvoyer", dossier.pk), {"jeton": dossier.jeton, "precisions": "Précisez."})
    assert etat() == avant


def test_son_lot_laisse_de_cote_ce_qu_elle_a_transmis():
    elle = f.relecteur()
    sien, autre = transmis_par(elle, "soumission", "avant un renvoi"), une_soumission()
    autre.soumettre(par=autre.cree_par, le=LE)
    reponse = entree(elle).get(ICI)
    assert [ligne["soumission"] for ligne in reponse.context["lignes"]] == [autre]
    assert sien in entree(elle).get(LISTE).context["cl"].result_list


def test_une_reprise_ne_declare_ni_ne_valide_sous_une_seule_signature():
    seule, papier = f.personne(is_active=False), f.indicateur("papier")
    cle = (f.organisation().pk, f.trimestre().pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        f.Soumission.objects.reprendre(
            {cle: {papier.pk: f.Saisie(1, 2)}}, declarant=seule, validateur=seule, le=LE, motif="Reprise"
        )
