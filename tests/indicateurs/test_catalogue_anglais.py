"""L'anglais d'un indicateur et de ses définitions: écrit entier ou pas du tout, à la page comme par un fichier."""

import pytest

from indicateurs.models import Definition, Indicateur
from tests import fabrique as f
from tests.indicateurs.test_catalogue_des_indicateurs import DEFINITION, FICHE, INDICATEURS
from tests.organisations.catalogue import PERMISSIONS, confirmer, deposer, erreurs
from tests.organisations.connexions import lire

pytestmark = pytest.mark.django_db
DEFINITIONS = "/admin/indicateurs/definition/"
ANGLAIS = {"intitule_en": "Paperless", "libelle_numerateur_en": "Paperless", "libelle_denominateur_en": "All"}


@pytest.fixture(autouse=True)
def pilote(client, settings):
    settings.MFA_EXIGEE = False
    client.force_login(f.personne(*PERMISSIONS, is_staff=True, nom="Pilote"))


def test_l_anglais_s_ecrit_entier_ou_se_refuse_d_une_phrase(client):
    page = client.post(f"{INDICATEURS}add/", FICHE | DEFINITION | {"intitule_en": "Paperless"})
    assert "L'anglais est entier ou absent" in lire(page)
    page = client.post(f"{INDICATEURS}add/", FICHE | DEFINITION | ANGLAIS | {"definitions-0-explication_en": "Other."})
    assert "L'anglais dit tout ce que dit le français" in lire(page)
    assert not Indicateur.objects.exists()
    client.post(f"{INDICATEURS}add/", FICHE | DEFINITION | ANGLAIS | {"definitions-0-texte_en": "What counts."})
    papier = Indicateur.objects.get()
    assert {nom: getattr(papier, nom) for nom in ANGLAIS} == ANGLAIS
    assert papier.definitions.get().texte_en == papier.definitions.get().history.get().texte_en == "What counts."


def test_un_fichier_sans_colonne_anglaise_garde_l_anglais_et_un_autre_l_ecrit(client):
    f.indicateur("papier", **ANGLAIS)
    confirmer(client, deposer(client, "code,intitule\npapier,Après\n", INDICATEURS), INDICATEURS)
    assert Indicateur.objects.values_list("intitule", "intitule_en").get() == ("Après", "Paperless")
    entete = ",".join(("code", *ANGLAIS))
    assert erreurs(deposer(client, f"{entete}\npapier,Without paper,,\n", INDICATEURS))[0][0] == "2"
    confirmer(client, deposer(client, f"{entete}\npapier,Without paper,a,b\n", INDICATEURS), INDICATEURS)
    assert Indicateur.objects.get().intitule_en == "Without paper"
    definition = "indicateur,applicable_du,texte_en\npapier,2019-01-01,What counts.\n"
    confirmer(client, deposer(client, definition, DEFINITIONS), DEFINITIONS)
    assert Definition.objects.get().texte_en == "What counts."
