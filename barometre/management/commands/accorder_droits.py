"""`manage.py accorder_droits ROLE`: ce que le rôle PostgreSQL de l'application peut faire, et rien de plus."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from psycopg2 import sql

from barometre.declencheurs import DECLENCHEURS as DU_BAROMETRE
from indicateurs.declencheurs import DECLENCHEURS as DES_INDICATEURS
from organisations.declencheurs import DECLENCHEURS as DES_ORGANISATIONS
from organisations.declencheurs import est_en_ajout_seulement

ORDRES = (
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
    "REVOKE CREATE ON SCHEMA public FROM {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
)


class Command(BaseCommand):
    """Le propriétaire des tables migre; l'application, elle, ne change ni leur forme ni le passé."""

    help = "Accorde à un rôle PostgreSQL existant les droits de l'application, sans pouvoir sur l'historique."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="le rôle sous lequel l'application se connecte")

    def handle(self, *, role: str, **options) -> None:
        """Accorde, puis reprend ce qui toucherait au passé; sort en erreur (1) hors de PostgreSQL ou sans ce rôle."""
        if connection.vendor != "postgresql":
            raise CommandError("Les droits par rôle n'existent que sur PostgreSQL.")
        historiques = sorted(
            {g.table for g in (*DU_BAROMETRE, *DES_INDICATEURS, *DES_ORGANISATIONS) if est_en_ajout_seulement(g)}
        )
        with connection.cursor() as curseur:
            curseur.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if curseur.fetchone() is None:
                raise CommandError(f"Le rôle {role} n'existe pas : créez-le d'abord avec « CREATE ROLE ».")
            for ordre in ORDRES:
                curseur.execute(sql.SQL(ordre).format(role=sql.Identifier(role)))
            for table in historiques:
                reprendre = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
                curseur.execute(reprendre.format(table=sql.Identifier(table), role=sql.Identifier(role)))
        self.stdout.write(f"{role} peut lire et écrire; il ne peut qu'ajouter à : {', '.join(historiques)}.")
