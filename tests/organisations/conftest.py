"""Les dossiers des tests du cycle de vie."""

import pytest

from organisations.models import Dossier
from tests import fabrique as f
from tests.dossiers import un_plan, une_soumission


@pytest.fixture(params=[une_soumission, un_plan])
def dossier(request) -> Dossier:
    """Un brouillon complet."""
    return request.param()


@pytest.fixture
def cqen():
    return f.relecteur()
