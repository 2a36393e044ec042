"""Les règles vivent dans la base: une ligne impossible est refusée même à qui écrit en SQL brut."""

import re

import pytest
from django.db import DataError, IntegrityError, InternalError, connection, transaction
from django.db.models import CheckConstraint

from indicateurs.models import Soumission
from organisations.declencheurs import lever
from tests import fabrique as f
from tests import lignes, mondes
from tests.impossibles import CONTENU, IMPOSSIBLES

pytestmark = pytest.mark.django_db

REFUS = (IntegrityError, DataError, InternalError)
CAS = [pytest.param(t, c, id=f"{t}-{nom}") for t, cas in IMPOSSIBLES.items() for nom, c in cas.items()]


@pytest.fixture(scope="module")
def monde(django_db_setup, django_db_blocker, tmp_path_factory):
    """Le même pour toutes les lignes: chacune est tentée puis défaite."""
    with mondes.monde_partage(django_db_blocker, tmp_path_factory):
        yield lignes.monde()


JUSTES = [pytest.param(table, {}, id=table) for table in IMPOSSIBLES] + [
    pytest.param(table, {"de": statut, "vers": statut, **CONTENU}, id=f"{table}-contenu_d_un_{statut}")
    for table in IMPOSSIBLES
    if "evenement" in table
    for statut in ("BROUILLON", "A_CORRIGER")
]
A_LA_MAIN = {"organisation_id": "organisation", "palier": 1000}  # déjà rappelée ainsi: le CQEN peut y revenir
JUSTES.append(pytest.param("indicateurs_lignederappel", A_LA_MAIN, id="rappel_repete_a_la_main"))


@pytest.mark.parametrize(("table", "changements"), JUSTES)
def test_une_ligne_juste_est_acceptee(monde, table, changements):
    assert lignes.inserer(table, monde, **changements) == 1


@pytest.mark.parametrize(("table", "changements"), CAS)
def test_une_ligne_impossible_est_refusee(monde, table, changements):
    with pytest.raises(REFUS):
        lignes.inserer(table, monde, **changements)


def test_plus_de_soixante_lignes_impossibles_sont_eprouvees():
    assert len(CAS) >= 60


def test_toute_table_a_sa_ligne_juste_et_ses_lignes_impossibles():
    assert set(IMPOSSIBLES) == {modele._meta.db_table for modele in lignes.MODELES}


def test_chaque_contrainte_refuse_une_ligne_sans_l_aide_des_declencheurs(monde):
    lever(connection, f.TOUS_LES_DECLENCHEURS)
    nommees = set()
    for table, cas in IMPOSSIBLES.items():
        for changements in cas.values():
            try:
                with f.monde_jetable():
                    lignes.inserer(table, monde, **changements)
            except REFUS as refus:
                nommees |= set(re.findall(r"\w+", str(refus)))

    nommables = CheckConstraint if connection.vendor == "sqlite" else object  # SQLite ne nomme pas une clé en double
    toutes = {c.name for modele in lignes.MODELES for c in modele._meta.constraints if isinstance(c, nommables)}
    assert toutes - nommees <= {"trimestre_unique"}  # le code, unique lui aussi, refuse toujours avant


def test_une_soumission_ecrite_en_sql_commence_sans_ebauche_ni_signalement(monde):
    with transaction.atomic():
        lignes.inserer("indicateurs_soumission", monde)
        ecrite = Soumission.objects.latest("pk")
        assert (ecrite.ebauches, ecrite.signalements) == ({}, [])
        transaction.set_rollback(True)
