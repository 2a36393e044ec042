"""Un indicateur retiré, une définition à venir: l'édition les garde, et ses pages ne parlent que du présent."""

import datetime

import pytest

from barometre import depot, entre_editions
from barometre.models import Edition
from indicateurs.models import Definition
from tests import fabrique as f
from tests.barometre.public import texte, vider_le_cache

pytestmark = pytest.mark.django_db

CODE = "2023-T1"


@pytest.fixture
def monde():
    """Cinq indicateurs retirés avant le dernier trimestre, le premier avec une cible; un seul encore suivi."""
    tete = f.ministere("MCN")
    vieux = [f.indicateur(f"vieux-{n}", ordre=n, retire_le=datetime.date(2023, 1, 1)) for n in range(5)]
    neuf = f.indicateur("neuf", intitule="Le seul suivi", ordre=9)
    for indicateur in (vieux[0], neuf):
        f.cible(indicateur, "2022-T4", "75")
    f.reprendre(
        {
            (tete, f.trimestre("2022-T4")): dict.fromkeys([*vieux, neuf], (1, 2)),
            (tete, f.trimestre(CODE)): {neuf: (1, 4)},
        },
        f.instant("2023-05-02"),
    )
    return neuf


def publier() -> Edition:
    parue = f.edition(f.trimestre(CODE), f.instant("2023-05-18"))
    parue.designer()
    return parue


def test_les_retires_ne_chassent_pas_les_suivis_des_tableaux_ni_des_images(client, monde):
    parue = publier()
    assert parue.suivis == ["neuf"]
    for adresse in ("/organisations/", "/portefeuilles/mcn/"):
        page = texte(client.get(adresse))
        assert "Le seul suivi" in page, adresse
        assert "non demandé" not in page, adresse
    assert "n'existe pas" not in texte(client.get("/organisations/?tri=-neuf"))
    assert client.get("/image.png").status_code == 200


def test_la_methode_montre_la_definition_en_vigueur_et_aucune_rupture_a_venir(client, monde):
    Definition.objects.create(
        indicateur=monde,
        applicable_du=datetime.date(2024, 1, 1),
        texte="Demain, autrement.",
        rupture=True,
        explication="Le périmètre changera.",
    )
    publier()
    page = texte(client.get("/methodologie/"))
    assert "Demain, autrement." not in page
    assert "Le périmètre changera." not in page


@pytest.mark.django_db(transaction=True)
def test_une_edition_est_designee_avant_ce_qu_on_rechauffe_pour_elle(monde, monkeypatch):
    vues = []
    monkeypatch.setattr(
        entre_editions, "rechauffer", lambda edition: vues.append((edition.code, depot.designee().code))
    )
    f.edition(f.trimestre(CODE), f.instant("2023-05-18"))
    vider_le_cache()
    assert vues == [(CODE, CODE)]
