"""Le document d'un plan: un PDF, sous un nom que nous choisissons."""

import re

import pytest

from organisations.models import PlanTransformation
from tests.plans import (
    DEUX,
    PDF,
    PLAN,
    UNE,
    le_plan,
    pdf,
    photo,
    tape,
    texte,
    titres,
)

pytestmark = pytest.mark.django_db


def fichiers(settings) -> list[str]:
    return sorted(chemin.name for chemin in settings.MEDIA_ROOT.rglob("*") if chemin.is_file())


HOSTILES = [
    "../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/shadow",
    "C:\\Windows\\win.ini",
    "plan.pdf\0.exe",
    'plan";filename="autre.html',
    "plan\r\nSet-Cookie: a=b.pdf",
    "plan.pdf;rm -rf ~",
    "$(reboot).pdf",
    "<script>.pdf",
    "\u202efdp.exe",
    "CON.pdf",
    ".htaccess",
    "a" * 300 + ".pdf",
    "résumé 😀.pdf",
    "%2e%2e%2fplan.pdf",
]


@pytest.mark.parametrize("nom", HOSTILES)
def test_le_nom_du_fichier_de_la_personne_n_entre_nulle_part(client, auteure, settings, nom):
    assert client.post(PLAN, tape(UNE, document=pdf(nom))).status_code == 303
    reponse = client.get(f"{PLAN}document/")

    assert b"".join(reponse.streaming_content) == PDF
    assert reponse.headers["Content-Disposition"] == 'attachment; filename="plan-regie.pdf"'
    assert reponse.headers["Content-Type"] == "application/pdf"
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"
    assert reponse.headers["Cache-Control"] == "no-store"
    [garde] = fichiers(settings)
    assert re.fullmatch(r"[0-9a-f]{32}\.pdf", garde)
    assert le_plan().document.name == f"plans/{garde}"


@pytest.mark.parametrize(
    ("document", "statut", "phrase"),
    [
        (pdf(octets=b"<html>%PDF-"), 400, "n'est pas un PDF"),
        (pdf(octets=b""), 400, "Ce fichier est vide"),
        (pdf(octets=PDF + bytes(10 * 1024 * 1024)), 413, "dépasse 10 mégaoctets"),
    ],
)
def test_ce_qui_n_est_pas_un_pdf_raisonnable_est_refuse(client, auteure, settings, document, statut, phrase):
    document.seek(0)
    reponse = client.post(PLAN, tape(UNE, document=document))

    assert reponse.status_code == statut
    assert phrase in texte(reponse)
    assert titres(reponse) == [UNE["titre"]]
    assert not PlanTransformation.objects.exists()
    assert not settings.MEDIA_ROOT.exists()


@pytest.mark.parametrize("genre", ["application/octet-stream", "application/x-pdf", ""])
def test_un_pdf_se_reconnait_a_ses_octets_quel_que_soit_le_type_annonce(client, auteure, genre):
    assert client.post(PLAN, tape(UNE, document=pdf(genre=genre))).status_code == 303
    assert b"".join(client.get(f"{PLAN}document/").streaming_content) == PDF


def test_un_pdf_de_dix_mebioctets_tout_juste_passe(client, auteure):
    assert client.post(PLAN, tape(UNE, document=pdf(octets=PDF.ljust(10 * 1024 * 1024)))).status_code == 303


def test_enregistrer_sans_document_garde_celui_qui_est_joint(client, auteure, settings):
    client.post(PLAN, tape(UNE, document=pdf()))
    client.post(PLAN, tape(DEUX, jeton="1.1."))

    assert len(fichiers(settings)) == 1
    assert b"".join(client.get(f"{PLAN}document/").streaming_content) == PDF


def test_un_plan_sans_document_ou_au_document_perdu_repond_404(client, auteure, settings):
    assert client.get(f"{PLAN}document/").status_code == 404
    client.post(PLAN, tape(UNE, document=pdf()))
    (settings.MEDIA_ROOT / le_plan().document.name).unlink()

    assert client.get(f"{PLAN}document/").status_code == 404
    assert client.get(PLAN).status_code == 200


def test_le_meme_document_envoye_deux_fois_ne_s_ecrit_qu_une_fois(client, auteure, settings):
    client.post(PLAN, tape(UNE, document=pdf()))
    avant = photo()

    assert client.post(PLAN, tape(UNE, document=pdf("autre nom.pdf"))).status_code == 303
    assert photo() == avant
    assert len(fichiers(settings)) == 1


def test_transmettre_sans_en_avoir_le_role_ne_laisse_pas_de_fichier(collegue, settings):
    reponse = collegue.post(PLAN, tape(UNE, geste="transmettre", document=pdf()))

    assert reponse.status_code == 403
    assert "Une personne qui peut transmettre doit le faire." in texte(reponse)
    assert not PlanTransformation.objects.exists()
    assert fichiers(settings) == []
