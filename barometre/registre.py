"""Le verrou du registre: qui publie, désigne ou annonce passe un à la fois."""

from django.db import connection

from barometre.declencheurs import VERROU_DU_REGISTRE


def prendre_le_registre() -> None:
    """Attend la fin des validations en cours et retient les suivantes jusqu'à la fin de la transaction.

    SQLite n'a qu'un écrivain: sa transaction IMMEDIATE suffit.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as curseur:
            curseur.execute("SELECT pg_advisory_xact_lock(%s)", [VERROU_DU_REGISTRE])
