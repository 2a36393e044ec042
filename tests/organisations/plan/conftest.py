"""Une organisation, sa stratégie, et qui y écrit le plan."""

import pytest
from django.test import Client

from organisations.models import Organisation, Role, Strategie
from tests import fabrique as f


@pytest.fixture
def organisation() -> Organisation:
    return f.organisation("REGIE", nom="Régie des marchés")


@pytest.fixture(autouse=True)
def strategie() -> Strategie:
    return Strategie.objects.create(code="2019-2023", titre="Stratégie 2019-2023", debut=f.DEBUT, fin=f.FIN)


@pytest.fixture
def auteure(organisation, client):
    """Qui transmet, connectée."""
    personne = f.declarant(organisation)
    client.force_login(personne)
    return personne


@pytest.fixture
def collegue(organisation) -> Client:
    """Une autre personne de la même organisation, qui rédige."""
    client = Client()
    client.force_login(f.declarant(organisation, Role.REDACTION))
    return client
