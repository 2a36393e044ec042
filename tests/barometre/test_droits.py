"""Le rôle de l'application, sur PostgreSQL, ne peut rien contre le passé."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import ProgrammingError, connection, transaction

from tests import fabrique as f
from tests.gestes import HISTOIRES

pytestmark = pytest.mark.django_db

HISTORIQUES = (
    "barometre_edition",
    "barometre_agregat",
    "barometre_parution",
    "indicateurs_evenementsoumission",
    "indicateurs_evenementfiche",
    "indicateurs_prolongation",
    "organisations_evenementplan",
    "organisations_trace",
    *HISTOIRES.values(),
)


@pytest.fixture
def role():
    """Un rôle neuf, avec les droits de l'application, sous lequel le test se met."""
    with connection.cursor() as curseur:
        curseur.execute("CREATE ROLE role_d_essai NOLOGIN")
    call_command("accorder_droits", "role_d_essai", stdout=StringIO())
    return "role_d_essai"


def refuse(ordre: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as curseur:
            curseur.execute("SET LOCAL ROLE role_d_essai")
            curseur.execute(ordre)
    except ProgrammingError as erreur:
        return "permission denied" in str(erreur) or "must be owner" in str(erreur)
    return False


@pytest.mark.postgres
@pytest.mark.parametrize("table", HISTORIQUES)
@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE {} SET {colonne} = {colonne}",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "ALTER TABLE {} ADD COLUMN intruse int",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "DROP TABLE {}",
    ],
)
def test_le_role_ne_peut_ni_changer_ni_vider_ni_refaire_une_table_d_historique(role, ordre, table):
    with connection.cursor() as curseur:
        colonne = connection.introspection.get_primary_key_column(curseur, table)
    assert refuse(ordre.format(table, colonne=colonne))


@pytest.mark.postgres
def test_le_role_ne_peut_rien_creer(role):
    assert refuse("CREATE TABLE intruse (id int)")


@pytest.mark.postgres
def test_le_role_peut_tout_de_meme_declarer_valider_et_publier(role):
    trimestre, organisation, indicateur = f.trimestre(), f.organisation(), f.indicateur()
    relecteur, publieur = f.relecteur(), f.publieur()
    with connection.cursor() as curseur:
        curseur.execute("SET LOCAL ROLE role_d_essai")
    f.transmise(organisation, trimestre, {indicateur: (1, 2)}).valider(par=relecteur, le=f.apres(trimestre, 11))
    faits = {"trimestre": trimestre, "le": f.apres(trimestre, 60), "hors_calendrier": f.HORS_CALENDRIER}
    assert f.Edition.publier(par=publieur, **faits).rang == 1
    with connection.cursor() as curseur:
        curseur.execute("RESET ROLE")


@pytest.mark.postgres
def test_un_role_inconnu_donne_une_phrase():
    with pytest.raises(CommandError, match="n'existe pas"):
        call_command("accorder_droits", "personne_de_ce_nom")


def test_hors_de_postgresql_une_phrase():
    if connection.vendor == "postgresql":
        pytest.skip("ce refus est celui des autres moteurs")
    with pytest.raises(CommandError, match="PostgreSQL"):
        call_command("accorder_droits", "role_d_essai")
