"""Le site tel que `make demo` le sert: son monde d'exemple, son serveur, un vrai navigateur."""

from shutil import which

import pytest

pytest.register_assert_rewrite("tests.parcours.regards")

from tests.parcours.lieu import PENDANT, Lieu  # noqa: E402 - après l'inscription


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Le Chromium de Debian, sans service de fond."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]
    return {**browser_type_launch_args, "executable_path": which("chromium"), "args": arguments}


@pytest.fixture(scope="session")
def monde(tmp_path_factory):
    """Le lieu où le monde d'exemple est chargé; qui veut le changer en fait une copie."""
    lieu = Lieu.neuf(tmp_path_factory.mktemp("monde"))
    lieu.gerer("migrate", "--verbosity=0")
    lieu.gerer("charger_exemple")
    lieu.gerer("collectstatic", "--noinput", "--verbosity=0")
    yield lieu
    lieu.retirer()


@pytest.fixture(scope="session")
def lieu_du_site(monde, tmp_path_factory):
    """Une copie du monde, que le site montre à toute la suite: PostgreSQL ne copie pas une base ouverte."""
    copie = monde.copier(tmp_path_factory.mktemp("site"))
    yield copie
    copie.retirer()


@pytest.fixture(scope="session")
def site(lieu_du_site):
    """L'adresse d'un serveur qui montre le monde d'exemple; personne n'y change rien."""
    with lieu_du_site.servir(HORLOGE=PENDANT) as adresse:
        yield adresse


@pytest.fixture
def lieu(monde, tmp_path):
    """Une copie du monde, à soi."""
    copie = monde.copier(tmp_path / "lieu")
    yield copie
    copie.retirer()
