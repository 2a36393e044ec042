"""Qui peut quoi, à chaque adresse: la table d'`autorisations.txt`, demandée case par case."""

import re
from fnmatch import fnmatchcase

import pytest
from django.apps import apps
from django.db import transaction

from organisations.models import Habilitation, Role, Trace
from tests import autorisations as a
from tests import fabrique as f

pytestmark = pytest.mark.django_db

ADRESSES = a.toutes_les_adresses()
TABLE = a.table()
PORTES = {"account_login", "admin:login"}
# Un refus ne change rien, sauf les séances, et les traces, qui le disent.
FIXES = [m for m in apps.get_models() if m._meta.app_label not in ("sessions", "contenttypes") and m is not Trace]
JETON = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|\b[0-9a-f]{32}\b')


@pytest.fixture(scope="module")
def bati(django_db_setup, django_db_blocker, tmp_path_factory):
    with a.monde(django_db_blocker, tmp_path_factory) as bati:
        yield bati


@pytest.fixture
def monde(bati, settings):
    """Le monde, sans limite d'essais: c'est le droit qu'on éprouve ici."""
    settings.MEDIA_ROOT = bati.media
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    return bati


def demandes(adresse: a.Adresse):
    """Chaque demande à faire à une adresse: l'objet, la méthode, le rôle.

    Devant un objet qui n'est pas le sien ou n'existe pas, une méthode que personne n'a n'apprend rien.
    """
    for objet in adresse.objets:
        for methode in a.METHODES:
            if objet in ("", "mien") or any(ligne.vaut(adresse.nom, "mien", methode) for ligne in TABLE):
                yield from ((objet, methode, role) for role in a.ROLES)


def test_chaque_adresse_a_sa_ligne_et_chaque_ligne_son_adresse():
    ecrites = {ligne.adresse for ligne in TABLE}
    assert [nom for nom in ADRESSES if not any(fnmatchcase(nom, ecrite) for ecrite in ecrites)] == []
    assert [ecrite for ecrite in ecrites if not any(fnmatchcase(nom, ecrite) for nom in ADRESSES)] == []


def test_la_matrice_compte_au_moins_cinq_mille_demandes():
    assert sum(len(list(demandes(adresse))) for adresse in ADRESSES.values()) >= 5000


@pytest.mark.parametrize("nom", ADRESSES)
def test_chacun_obtient_ce_que_dit_la_table_et_un_refus_ne_change_rien(monde, nom):
    adresse, avant, ecarts, refus = ADRESSES[nom], etat(), [], {}
    for objet, methode, role in demandes(adresse):
        reponse = demander(monde, role, methode, adresse.vers(objet, monde))
        obtenu, voulu = a.resultat(reponse), a.attendu(TABLE, adresse, objet, methode, role)
        if not convient(obtenu, voulu):
            ecarts.append((objet, methode, role, f"attendu {voulu}, obtenu {obtenu}"))
        if obtenu in ("403", "404"):
            refus[objet, methode, role] = JETON.sub(b"", reponse.content), sorted(reponse.headers.items())
    assert ecarts == []
    assert etat() == avant
    if "d_autrui" in adresse.objets:
        assert [demande for demande in refus if refus[demande] != refus[jumelle(*demande)]] == []


def jumelle(objet: str, methode: str, role: str) -> tuple[str, str, str]:
    """La même demande d'un objet qui n'existe pas: sa réponse ne doit pas s'en distinguer, sauf chez soi."""
    chez_soi = objet != "croise" and a.colonne(role, objet) in ("redige", "transmet")
    return (objet if chez_soi else {"croise": "neant", "neant": "neant"}.get(objet, "absent"), methode, role)


def demander(monde: a.Monde, role: str, methode: str, adresse: str):
    """Une demande; ce qu'elle aurait écrit se défait si elle est acceptée, et resterait si elle est refusée."""
    with transaction.atomic():
        reponse = monde.demander(role, methode, adresse)
        lecture = methode in ("GET", "HEAD", "OPTIONS")
        if not lecture and reponse.status_code < 400 and a.resultat(reponse) not in PORTES:
            transaction.set_rollback(True)
    return reponse


def convient(obtenu: str, voulu: str) -> bool:
    """« ouvert » est tout sauf un refus."""
    return obtenu not in PORTES | {"403"} if voulu == "ouvert" else obtenu == voulu


def etat() -> dict:
    """La base, séances à part; que des codes de secours aient été vus se note, et n'est pas du domaine."""
    tables = f.photo(*FIXES)
    for ligne in tables["Authenticator"]:
        ligne["data"].pop("viewed_at", None)
    return tables


def test_une_personne_du_cqen_n_entre_dans_l_espace_que_par_une_habilitation(client):
    relecteur, organisation = f.relecteur(), f.organisation()
    client.force_login(relecteur)
    adresse = f"/espace/{organisation.slug}/"
    assert client.get(adresse).status_code == 404
    Habilitation.objects.accorder(
        personne=relecteur, organisation=organisation, role=Role.REDACTION, par=f.personne(), le=f.instant("2023-01-01")
    )
    assert client.get(adresse).status_code == 200
