"""L'indicateur dont on parle, une collègue qui rédige, une personne du CQEN."""

import pytest

from indicateurs.models import Indicateur
from organisations.models import Role
from tests import fabrique as f
from tests.indicateurs.espace import entree


@pytest.fixture
def papier(ici) -> Indicateur:
    """Celui des deux qui vient d'abord."""
    return Indicateur.objects.get(code="papier")


@pytest.fixture
def collegue(ici):
    """Qui rédige, sans transmettre, dans la même organisation."""
    return entree(f.declarant(ici, Role.REDACTION))


@pytest.fixture
def cqen():
    """Qui relit et accompagne."""
    return f.relecteur()


@pytest.fixture
def admin(cqen, settings):
    """Son navigateur, dans l'administration."""
    settings.MFA_EXIGEE = False
    return entree(cqen)
