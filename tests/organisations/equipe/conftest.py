"""Une organisation, qui la gère et qui y rédige; et le temps qui passe."""

import datetime

import pytest

from organisations.equipe import views
from organisations.horloge import maintenant
from organisations.models import Organisation, Role
from tests import fabrique as f


@pytest.fixture
def organisation() -> Organisation:
    return f.organisation("REGIE", nom="Régie des marchés")


@pytest.fixture
def gerante(organisation, client):
    """Qui transmet, connectée."""
    personne = f.declarant(organisation)
    client.force_login(personne)
    return personne


@pytest.fixture
def redactrice(organisation):
    return f.declarant(organisation, Role.REDACTION)


@pytest.fixture
def plus_tard_de(monkeypatch):
    def avancer(**delai) -> None:
        alors = maintenant() + datetime.timedelta(**delai)
        monkeypatch.setattr(views, "maintenant", lambda: alors)

    return avancer
