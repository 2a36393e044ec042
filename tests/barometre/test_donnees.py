"""Les données ouvertes: les fichiers d'une édition, tels quels, pour toujours, et vérifiables par n'importe qui."""

import re
import shutil
import subprocess

import pytest

from barometre import depot
from barometre.formats import FICHIERS, SOMMES
from tests.barometre.public import paraitre, publier, texte

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return publier()


def corps(reponse) -> bytes:
    return b"".join(reponse.streaming_content)


@pytest.mark.parametrize("nom", [*FICHIERS, SOMMES])
def test_un_fichier_sort_octet_pour_octet_pour_tout_le_monde_et_pour_toujours(client, edition, nom):
    reponse = client.get(f"/donnees/2023-T1/{nom}")
    assert corps(reponse) == depot.lire("2023-T1", nom)
    types = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
    assert reponse["Content-Type"] == types.get(nom.split(".")[-1], "text/plain; charset=utf-8")
    assert reponse["Content-Disposition"].startswith(f'attachment; filename="barometre-2023-T1-{nom}')
    assert reponse["Cache-Control"] == "public, max-age=31536000, immutable"
    assert reponse["Access-Control-Allow-Origin"] == "*"
    assert reponse["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert reponse.cookies == {}
    assert "Cookie" not in reponse.get("Vary", "")


def test_un_fichier_connu_repond_304_sans_corps(client, edition):
    premiere = client.get("/donnees/2023-T1/valeurs.csv")
    etag, _ = premiere["ETag"], corps(premiere)
    reponse = client.get("/donnees/2023-T1/valeurs.csv", headers={"if-none-match": etag})
    assert (reponse.status_code, reponse.content, reponse["ETag"]) == (304, b"", etag)


@pytest.mark.parametrize(
    "nom", ["derniere.json", "..%2Fderniere.json", "%2e%2e", "chiffres.csv.bak", "CHIFFRES.CSV", "a/b"]
)
def test_seuls_les_cinq_noms_connus_sortent(client, edition, nom):
    (depot.dossier("2023-T1") / nom.replace("/", "-")).write_text("intrus")
    assert client.get(f"/donnees/2023-T1/{nom}").status_code == 404


def test_un_dossier_sans_edition_publiee_ne_sort_pas(client, edition):
    shutil.copytree(depot.dossier("2023-T1"), depot.dossier("2023-T2"))
    assert client.get("/donnees/2023-T2/chiffres.csv").status_code == 404
    assert client.get("/donnees/2023-T2/").status_code == 404


def test_un_fichier_perdu_donne_404_et_la_page_le_dit(client, edition):
    (depot.dossier("2023-T1") / "valeurs.csv").unlink()
    assert client.get("/donnees/2023-T1/valeurs.csv").status_code == 404
    assert "absent du dépôt" in texte(client.get("/donnees/2023-T1/"))


def test_toutes_les_editions_sont_listees_la_plus_recente_d_abord(client, edition):
    corrective = paraitre("2023-06-18", note="Deux organisations ajoutées.")
    page = texte(client.get("/donnees/"))
    assert page.index("Édition 2023-T1-r1 Publiée le 18 juin 2023. Deux organisations ajoutées.") < page.index(
        "Édition 2023-T1 Publiée le 18 mai 2023."
    )
    assert edition.empreinte in page
    assert corrective.empreinte in page


def test_la_page_d_une_edition_donne_ses_cinq_fichiers_et_leur_taille(client, edition):
    page = client.get("/donnees/2023-T1/")
    for nom in (*FICHIERS, SOMMES):
        assert f'href="/donnees/2023-T1/{nom}"' in page.content.decode()
    octets = (depot.dossier("2023-T1") / SOMMES).stat().st_size
    assert f"{octets} octets" in texte(page)


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="sha256sum est absent")
def test_qui_suit_la_page_verifie_les_fichiers_et_retrouve_l_empreinte(client, edition, tmp_path):
    corrective = paraitre("2023-06-18", note="Un ajout")
    for une in (edition, corrective):
        dossier = tmp_path / une.code
        dossier.mkdir()
        for nom in (*FICHIERS, SOMMES):
            reponse = client.get(f"/donnees/{une.code}/{nom}")
            (dossier / re.search('filename="(.*?)"', reponse["Content-Disposition"])[1]).write_bytes(corps(reponse))
        verifier, enchainer = re.findall(
            "<code>((?:sed|cat|\\().*?)</code>",
            client.get(f"/donnees/{une.code}/").content.decode().replace("&#x27;", "'"),
        )
        verdict = subprocess.run(
            ["sh", "-c", verifier],
            cwd=dossier,
            capture_output=True,
            text=True,
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        )
        assert (verdict.returncode, verdict.stdout.count(": OK")) == (0, 4)
        assert subprocess.run(["sh", "-c", enchainer], cwd=dossier, capture_output=True, text=True).stdout.startswith(
            une.empreinte
        )
