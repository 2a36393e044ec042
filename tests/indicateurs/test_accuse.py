"""L'accusé d'une transmission prouve ce qui fut transmis: la même empreinte dans la page, le journal et le courriel."""

import hashlib
import json

import pytest
from django.core import mail

from indicateurs.accuse import empreinte
from organisations.models import Role
from tests import fabrique as f
from tests.indicateurs.espace import CODE, Page, adresse, deux, ecrire, entree, soumission

pytestmark = pytest.mark.django_db


BON = {"papier": deux("1 234", 2000, note="À l'été"), "ouvert": {"absence": "NON_DISPONIBLE", "motif": "panne"}}


@pytest.fixture
def transmis(moi, ici, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert ecrire(moi, ici, "transmettre", **BON).status_code == 303
    return soumission(ici)


def telecharge(moi, ici) -> bytes:
    return moi.get(adresse("accuse_en_texte", ici, 1)).content


def test_l_empreinte_est_le_sha256_du_texte_telecharge_partout_la_meme(moi, ici, transmis):
    attendue = hashlib.sha256(telecharge(moi, ici)).hexdigest()

    assert transmis.journal.get(vers="SOUMIS").empreinte == attendue
    assert attendue in Page(moi.get(adresse("accuse", ici, 1))).texte
    [courriel] = mail.outbox
    assert attendue in courriel.body
    assert adresse("accuse_en_texte", ici, 1) in courriel.body


def test_le_texte_dit_exactement_ce_qui_fut_transmis(moi, ici, transmis):
    entete, *lignes = map(json.loads, telecharge(moi, ici).decode().splitlines())

    assert entete | {"transmis_le": ""} == {"organisation": "RAMQ", "trimestre": CODE, "version": 1, "transmis_le": ""}
    assert entete["transmis_le"] == transmis.soumis_le.isoformat(timespec="microseconds")
    assert lignes == [
        {"indicateur": "ouvert", "absence": "NON_DISPONIBLE", "motif": "panne"},
        {"indicateur": "papier", "numerateur": 1234, "denominateur": 2000, "note": "À l'été"},
    ]


def test_un_caractere_change_change_l_empreinte(moi, ici, transmis):
    texte = telecharge(moi, ici).decode()

    for rang in range(len(texte)):
        change = f"{texte[:rang]}{'x' if texte[rang] != 'x' else 'y'}{texte[rang + 1 :]}"
        assert empreinte(change) != empreinte(texte)


def test_le_texte_se_telecharge_sous_un_nom_sur(moi, ici, transmis):
    reponse = moi.get(adresse("accuse_en_texte", ici, 1))

    assert reponse.headers["Content-Disposition"] == 'attachment; filename="accuse-ramq-2023-T2-v1.txt"'
    assert reponse.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "sha256sum accuse-ramq-2023-T2-v1.txt" in Page(moi.get(adresse("accuse", ici, 1))).texte


@pytest.mark.parametrize("nom", ["accuse", "accuse_en_texte"])
def test_un_brouillon_ou_un_dossier_renvoye_n_a_pas_d_accuse(moi, ici, nom):
    ecrire(moi, ici, **BON)
    assert moi.get(adresse(nom, ici, 1)).status_code == 404

    ecrire(moi, ici, "transmettre", **BON)
    assert moi.get(adresse(nom, ici, 1)).status_code == 200
    soumission(ici).renvoyer(par=f.relecteur(), le=f.instant("2023-07-21"), motif="Vérifiez.")
    assert moi.get(adresse(nom, ici, 1)).status_code == 404


@pytest.mark.parametrize("nom", ["accuse", "accuse_en_texte", "version"])
def test_l_accuse_se_lit_dans_l_organisation_et_nulle_part_ailleurs(ici, transmis, nom):
    for role, statut in ((Role.REDACTION, 200), (Role.TRANSMISSION, 200)):
        assert entree(f.declarant(ici, role)).get(adresse(nom, ici, 1)).status_code == statut
    for etranger in (f.declarant(f.organisation()), f.relecteur(), f.personne(is_superuser=True)):
        assert entree(etranger).get(adresse(nom, ici, 1)).status_code == 404
    assert entree(f.declarant(ici)).get(adresse(nom, ici, 2)).status_code == 404


def test_l_accuse_d_une_version_remplacee_ne_change_plus(moi, ici, transmis):
    avant = telecharge(moi, ici)
    transmis.valider(par=f.relecteur(), le=f.instant("2023-07-21"))
    assert telecharge(moi, ici) == avant

    reponses = {v.indicateur: (1, 2) for v in transmis.valeurs.select_related("indicateur")}
    f.corrigee(transmis, reponses, f.instant("2023-07-22"))
    transmis.refresh_from_db()
    assert transmis.statut == "REMPLACE"
    assert telecharge(moi, ici) == avant
