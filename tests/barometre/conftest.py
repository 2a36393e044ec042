"""Ce que les tests du baromètre partagent."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction


@pytest.fixture(scope="class")
def exemple(django_db_setup, django_db_blocker, tmp_path_factory):
    """Le monde d'exemple, chargé une fois pour la classe; rend le dossier des éditions."""
    dossier = tmp_path_factory.mktemp("exemple")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as rustine, transaction.atomic():
        rustine.setattr("django.conf.settings.MEDIA_ROOT", dossier)
        call_command("charger_exemple", stdout=StringIO(), stderr=StringIO())
        yield dossier
        transaction.set_rollback(True)
