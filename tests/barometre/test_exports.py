"""La liste des organisations en fichiers: exactement ce que la page montre, dans son ordre."""

import csv
import io
from urllib.parse import urlencode

import openpyxl
import pytest

from indicateurs.nombres import PLAFOND
from tests import fabrique as f
from tests.barometre.quatre import publier_quatre, sigles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monde():
    """Quatre organisations, une édition."""
    publier_quatre()


def lignes_du_csv(client, **champs) -> list[dict[str, str]]:
    reponse = client.get(f"/organisations/export.csv?{urlencode(champs)}")
    assert reponse.status_code == 200
    return list(csv.DictReader(io.StringIO(reponse.content.decode())))


def feuille(client, **champs):
    reponse = client.get(f"/organisations/export.xlsx?{urlencode(champs)}")
    assert reponse.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(reponse.content))["Organisations"]


DEMANDES = (
    {},
    {"q": "re"},
    {"portefeuille": "MSSS", "tri": "-ouvertes"},
    {"tri": "papier"},
    {"tri": "-nom", "categorie": "AUTRE"},
    {"q": "rien du tout"},
    {"tri": "inconnu"},
)


@pytest.mark.parametrize("champs", DEMANDES)
def test_les_fichiers_ont_les_lignes_de_la_page_dans_son_ordre(client, champs):
    montrees = sigles(client, **champs)
    assert [ligne["sigle"] for ligne in lignes_du_csv(client, **champs)] == montrees
    assert [case.value for case in feuille(client, **champs)["B"][1:]] == montrees


def test_la_page_mene_a_ses_fichiers_avec_les_memes_filtres(client):
    page = client.get("/editions/2023-T1/organisations/?q=re&tri=-papier").content.decode()
    assert 'href="/editions/2023-T1/organisations/export.csv?q=re&amp;tri=-papier">CSV' in page
    assert 'href="/editions/2023-T1/organisations/export.xlsx?q=re&amp;tri=-papier">XLSX' in page
    assert 'href="/organisations/export.csv"' in client.get("/organisations/").content.decode()


def test_le_csv_suit_les_conventions_des_donnees_ouvertes(client):
    lignes = {ligne["sigle"]: ligne for ligne in lignes_du_csv(client)}
    assert lignes["HQ"] == {
        "edition": "2023-T1",
        "sigle": "HQ",
        "nom": "Hydro-Québec",
        "categorie": "ENTREPRISE",
        "portefeuille": "",
        "papier_numerateur": "51",
        "papier_denominateur": "100",
        "papier_part": "51.000000",
        "papier_etat": "VALEUR",
        "ouvertes_numerateur": "99",
        "ouvertes_denominateur": "100",
        "ouvertes_part": "99.000000",
        "ouvertes_etat": "VALEUR",
    }
    silencieuse = lignes["BANQ"]
    assert (silencieuse["papier_part"], silencieuse["papier_numerateur"]) == ("", "")
    assert silencieuse["papier_etat"] == "EN_RETARD"


def test_le_classeur_dit_ce_que_dit_le_csv_sous_un_tableau_nomme(client):
    page = feuille(client)
    entete, *rangees = [[case.value for case in rangee] for rangee in page.rows]
    for rangee, ligne in zip(rangees, lignes_du_csv(client), strict=True):
        ecrits = dict(zip(entete, rangee, strict=True))
        assert list(ecrits) == list(ligne)
        for nom, texte_du_csv in ligne.items():
            if nom.endswith("_part") and texte_du_csv:
                assert ecrits[nom] == pytest.approx(float(texte_du_csv))
            else:
                assert ("" if ecrits[nom] is None else str(ecrits[nom])) == texte_du_csv
    assert list(page.tables) == ["Organisations"]
    assert page.tables["Organisations"].ref == page.dimensions
    assert not page.merged_cells.ranges
    assert page.freeze_panes == "A2"


@pytest.mark.parametrize(
    ("nom", "ecrit", "dans_le_csv"),
    [
        ("=HYPERLINK(1)\x01", "'=HYPERLINK(1)\ufffd", "'=HYPERLINK(1)\x01"),
        ("#N/A", "#N/A", "#N/A"),
        ("2023-01-01", "2023-01-01", "2023-01-01"),
    ],
)
def test_un_nom_qui_ressemble_a_une_formule_reste_du_texte(client, nom, ecrit, dans_le_csv):
    f.organisation("PIEGE", nom=nom)
    f.edition(f.trimestre("2023-T1"), f.instant("2023-06-18"), note="Un nom")
    assert [ligne["nom"] for ligne in lignes_du_csv(client, q="piege")] == [dans_le_csv]
    case = feuille(client, q="piege")["C2"]
    assert (case.value, case.data_type) == (ecrit, "s")


def test_le_plus_grand_nombre_permis_reste_exact_dans_le_classeur(client):
    enorme, papier = f.organisation("ENORME"), f.Indicateur.objects.get(code="papier")
    f.reprendre({(enorme, f.trimestre("2023-T1")): {papier: (1, PLAFOND)}}, f.instant("2023-05-30"))
    f.edition(f.trimestre("2023-T1"), f.instant("2023-06-18"), note="Un nombre")
    page = feuille(client, q="enorme")
    entete = [case.value for case in page[1]]
    assert page.cell(2, entete.index("papier_denominateur") + 1).value == PLAFOND < 2**53
    assert lignes_du_csv(client, q="enorme")[0]["papier_denominateur"] == str(PLAFOND)


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_un_fichier_porte_le_nom_de_l_edition_et_suit_son_etag(client, extension, django_assert_num_queries):
    f.Edition.objects.get().designer()
    for prefixe in ("", "/editions/2023-T1"):
        adresse = f"{prefixe}/organisations/export.{extension}"
        for reponse in (client.get(adresse), client.get(adresse), client.get(f"{adresse}?q=re")):
            nom = f'attachment; filename="barometre-2023-T1-organisations.{extension}"'
            assert reponse.headers["Content-Disposition"] == nom
        with django_assert_num_queries(0):
            assert client.get(adresse, headers={"if-none-match": reponse["ETag"]}).status_code == 304


def test_le_fichier_d_une_ancienne_edition_porte_son_nom_a_elle(client):
    f.edition(f.trimestre("2023-T1"), f.instant("2023-06-18"), note="Un ajout").designer()
    for prefixe, code in (("", "2023-T1-r1"), ("/editions/2023-T1", "2023-T1")):
        nom = client.get(f"{prefixe}/organisations/export.csv").headers["Content-Disposition"]
        assert nom == f'attachment; filename="barometre-{code}-organisations.csv"'


@pytest.mark.parametrize(
    "adresse", ["organisations/export.csv", "organisations/export.xlsx", "indicateurs/papier/valeurs.csv"]
)
def test_le_nom_d_un_fichier_dit_que_les_chiffres_sont_fictifs(client, adresse):
    assert "fictif" not in client.get(f"/{adresse}").headers["Content-Disposition"]
    f.edition(f.trimestre("2023-T1"), f.instant("2023-06-18"), note="Un exemple", fictive=True).designer()
    assert 'filename="barometre-fictif-2023-T1-r1-' in client.get(f"/{adresse}").headers["Content-Disposition"]


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_une_edition_inconnue_n_a_pas_de_fichier(client, extension):
    reponse = client.get(f"/editions/2020-T1/organisations/export.{extension}")
    assert reponse.status_code == 404
    assert "Content-Disposition" not in reponse.headers
