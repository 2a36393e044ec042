"""Une panne au pire moment ne défait rien de publié, et la vérification nomme ce qu'elle laisse."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from barometre import depot
from barometre.models import Agregat, Edition, PublicationRefusee
from tests import fabrique as f

ABIMEES = ["", "{}", "[1]", '"x"', '{"code": "x"}', '{"code": 1, "empreinte": 2, "fictive": false}', "\0"]


@pytest.fixture
def publiee(db) -> Edition:
    """Une édition publiée et désignée."""
    f.validee(f.organisation("RAMQ"), f.trimestre(), {f.indicateur("papier"): (6, 10)})
    edition = f.edition(f.trimestre())
    edition.designer()
    return edition


def verifier(*options: str) -> str:
    sortie = StringIO()
    call_command("verifier_editions", *options, stdout=sortie, stderr=StringIO())
    return sortie.getvalue()


@pytest.mark.django_db(transaction=True)
def test_une_interruption_apres_la_validation_laisse_le_dossier(monkeypatch):
    def interrompre(*_, **__):
        raise KeyboardInterrupt

    f.validee(f.organisation("RAMQ"), f.trimestre(), {f.indicateur("papier"): (6, 10)})
    monkeypatch.setattr(depot, "designer", interrompre)
    with pytest.raises(KeyboardInterrupt):
        f.edition(f.trimestre())
    assert Edition.objects.get().code == "2023-T1"
    assert f.problemes() == {"2023-T1": []}


def test_un_depot_qui_ne_s_ecrit_pas_donne_une_phrase_et_rien_de_publie(db, monkeypatch):
    def refuser(*_, **__):
        raise PermissionError(13, "Permission refusée")

    f.validee(f.organisation("RAMQ"), f.trimestre(), {f.indicateur("papier"): (6, 10)})
    monkeypatch.setattr(depot, "deposer", refuser)
    with pytest.raises(PublicationRefusee, match="ne s'écrit pas"):
        f.edition(f.trimestre())
    with pytest.raises(CommandError, match="ne s'écrit pas"):
        call_command("publier", "2023-T1")
    assert not Edition.objects.exists()
    assert not Agregat.objects.exists()


@pytest.mark.parametrize("contenu", ABIMEES)
def test_un_derniere_json_abime_rend_la_parole_a_la_base(client, publiee, contenu):
    (depot.racine() / "derniere.json").write_text(contenu)
    assert depot.designee() is None
    assert "Édition 2023-T1" in client.get("/").content.decode()
    assert f.problemes() == {"2023-T1": []}


def test_un_derniere_json_en_retard_se_denonce_et_se_refait(client, publiee):
    suivante = f.edition(f.trimestre(), f.apres(f.trimestre(), 70), note="Une suite")
    publiee.designer()
    with pytest.raises(CommandError, match="2023-T1"):
        verifier()
    assert "Édition 2023-T1," in client.get("/").content.decode()
    verifier("--redesigner")
    assert depot.designee().code == suivante.code
    assert "Édition 2023-T1-r1" in client.get("/").content.decode()


def test_un_compte_rendu_json_se_lit_que_tout_tienne_ou_non(publiee):
    assert json.loads(verifier("--json")) == {"2023-T1": []}
    (depot.dossier("2023-T1") / "chiffres.csv").write_bytes(b"")
    sortie = StringIO()
    with pytest.raises(CommandError):
        call_command("verifier_editions", "--json", stdout=sortie)
    assert json.loads(sortie.getvalue())["2023-T1"]


def test_effacer_la_seule_edition_de_la_base_se_voit(publiee):
    with f.monde_jetable():
        f.alterer("DELETE FROM barometre_agregat")
        f.alterer("DELETE FROM barometre_edition")
        (depot.racine() / "derniere.json").unlink()
        assert f.problemes() == {"2023-T1": ["ce dossier n'a pas d'édition dans la base"]}


def test_un_sigle_corrige_avant_toute_publication_ne_trouble_pas_la_verification(db):
    organisation = f.organisation("ABC")
    organisation.sigle = "ABD"
    organisation.save(update_fields=["sigle"])
    f.validee(organisation, f.trimestre(), {f.indicateur("papier"): (6, 10)})
    f.edition(f.trimestre())
    assert f.problemes() == {"2023-T1": []}
