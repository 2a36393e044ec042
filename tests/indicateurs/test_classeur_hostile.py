"""Un classeur hostile ou abîmé se refuse d'une phrase, avant l'analyse ou dans un processus bridé."""

import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from indicateurs import classeur as module
from indicateurs.classeur import ORDINAIRES, examiner
from tests.classeurs import EN_TETE, ENTETE_XML, ESPACE, TYPE, lire, parties, refus

# --- L'archive ---


@pytest.mark.usefixtures("sans_enfant")
def test_un_fichier_ole_est_refuse(tmp_path):
    (tmp_path / "ancien.xls").write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600)
    assert "protégé par un mot de passe ou d'un ancien format .xls" in refus(tmp_path / "ancien.xls")


@pytest.mark.usefixtures("sans_enfant")
@pytest.mark.parametrize("octets", [b"", b"PK", b"PK\x03\x04" + b"x" * 100, b"bonjour"])
def test_ce_qui_n_est_pas_une_archive_est_refuse(tmp_path, octets):
    (tmp_path / "faux.xlsx").write_bytes(octets)
    assert "ne se lit pas" in refus(tmp_path / "faux.xlsx")


@pytest.mark.usefixtures("sans_enfant")
def test_un_fichier_de_plus_de_cinq_megaoctets_est_refuse(archive):
    assert "5\u00a0Mo" in refus(archive({"a.xml": b"x" * 5_000_001}, zipfile.ZIP_STORED))


@pytest.mark.usefixtures("sans_enfant")
def test_mille_entrees_sont_refusees(archive):
    assert "trop gros" in refus(archive(parties() | {f"xl/{rang}.xml": "<a/>" for rang in range(1000)}))


@pytest.mark.usefixtures("sans_enfant")
@pytest.mark.parametrize("octets", [b" " * 40_000_000, b" " * 60_000_000])
def test_une_bombe_declaree_est_refusee(archive, octets):
    assert "trop gros" in refus(archive(parties() | {"xl/bombe.xml": octets}))


@pytest.mark.usefixtures("sans_enfant")
def test_une_bombe_qui_ment_sur_sa_taille_est_refusee(archive):
    chemin = archive(parties() | {"xl/bombe.xml": b" " * 40_000_000})
    octets = chemin.read_bytes()
    chemin.write_bytes(octets.replace((40_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    assert "ne se lit pas" in refus(chemin)


@pytest.mark.usefixtures("sans_enfant")
def test_une_multitude_de_balises_est_refusee_sans_les_analyser(archive):
    rangees = "".join(f"<row><c><v>{n}</v></c></row>" for n in range(700_000))
    assert "trop gros" in refus(archive(parties(rangees)))


@pytest.mark.usefixtures("sans_enfant")
@pytest.mark.parametrize("nom", ["../../etc/passwd", "/etc/passwd", "xl\\..\\..\\a", "C:/a.xml", "XL/Workbook.xml"])
def test_un_nom_qui_sort_de_l_archive_ou_qui_en_double_un_autre_est_refuse(archive, nom):
    assert "ne se lit pas" in refus(archive(parties() | {nom: "x"}))


@pytest.mark.usefixtures("sans_enfant")
@pytest.mark.parametrize("nom", ["xl/vbaProject.bin", "xl/VBAPROJECT.BIN", "xl/macrosheets/sheet1.xml"])
def test_des_macros_sont_refusees(archive, nom):
    assert "macros" in refus(archive(parties() | {nom: b"x"}))


@pytest.mark.usefixtures("sans_enfant")
@pytest.mark.parametrize("methode", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_une_compression_inconnue_des_tableurs_est_refusee(archive, methode):
    assert "ne se lit pas" in refus(archive(parties(), methode))


@pytest.mark.usefixtures("sans_enfant")
@pytest.mark.parametrize("encodage", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        "<!ENTITY lol 'lol'>",
    ],
)
@pytest.mark.parametrize("nom", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "_rels/.rels", "xl/image1.png"])
def test_une_declaration_ou_un_encodage_louche_est_refuse_dans_toute_partie(archive, nom, declaration, encodage):
    chemin = archive(parties() | {nom: (declaration + parties().get(nom, "")).encode(encodage)})
    assert "ne se lit pas" in refus(chemin)


@pytest.mark.usefixtures("sans_enfant")
def test_une_declaration_a_cheval_sur_deux_blocs_est_vue(archive):
    chemin = archive(parties() | {"xl/a.xml": b"<a>" + b"x" * ((1 << 16) - 8) + b"<!DOCTYPE a>"})
    assert "ne se lit pas" in refus(chemin)


@pytest.mark.usefixtures("sans_enfant")
@pytest.mark.parametrize("case", ["XFD1048576", "A200001", "AY1", "ZZ9", "A1048576", "B9999999"])
def test_une_case_lointaine_est_refusee_sans_analyser(archive, case):
    assert "au-delà" in refus(archive(parties(f'{ENTETE_XML}<row><c r="{case}"><v>1</v></c></row>')))


# --- Le processus enfant ---


@pytest.mark.parametrize(
    "rangee",
    [
        '<row><c r="XFD&#49;048576"><v>1</v></c></row>',
        '<row r="9"><c r="A&#89;9"><v>1</v></c></row>',
        '<row r="200001"><c><v>1</v></c></row>',
        '<row r="999999999999"><c><v>1</v></c></row>',
        f"<row>{'<c/>' * 51}</row>",
    ],
)
def test_une_case_lointaine_dissimulee_est_refusee_par_l_enfant(archive, rangee):
    assert "au-delà" in refus(archive(parties(ENTETE_XML + rangee)))


def test_les_cases_aux_limites_et_les_rangees_lointaines_mais_vides_se_lisent(archive):
    rangees = '<row r="200000"><c r="AX200000"><v>1</v></c></row><row r="1048576" hidden="false"/>'
    *_, (numero, cases, _), vide = lire(archive(parties(ENTETE_XML + rangees)))
    assert (numero, len(cases), cases[-1]) == (200_000, 50, "1")
    assert vide == (1_048_576, [], {})


@pytest.mark.parametrize(
    "rangees",
    [
        '<row r="3"><c r="A3"><v>3</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>',
        '<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
        '<row r="2"><c r="A9"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>abc</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>5</v></c></row>',
        '<row r="2"><c r="A2"><v>' + "9" * 5000 + "</v></c></row>",
        '<row r="2"><c r="A2">',
    ],
)
def test_un_desordre_ou_une_feuille_abimee_est_refuse_plutot_que_devine(archive, rangees):
    assert "ne se lit pas" in refus(archive(parties(ENTETE_XML + rangees)))


def test_plus_de_deux_cent_mille_cases_sont_refusees(archive):
    rangees = "".join(f'<row r="{n}">{"<c/>" * 50}</row>' for n in range(2, 4003))
    assert "200\u00a0000 cases" in refus(archive(parties(ENTETE_XML + rangees)))


def test_un_texte_immense_repete_dans_mille_cases_est_refuse(archive):
    cases = '<c t="s"><v>0</v></c>' * 50
    rangees = "".join(f'<row r="{n}">{cases}</row>' for n in range(2, 102))
    chemin = archive(
        parties(ENTETE_XML + rangees)
        | {
            "[Content_Types].xml": str(parties()["[Content_Types].xml"]).replace(
                "</Types>",
                f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPE}.sharedStrings+xml"/></Types>',
            ),
            "xl/sharedStrings.xml": f'<sst xmlns="{ESPACE}"><si><t>{"x" * 30_000}</t></si></sst>',
        }
    )
    assert "ne se lit pas" in refus(chemin)


@pytest.mark.parametrize("absente", ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_un_classeur_incomplet_est_refuse(archive, absente):
    contenu = parties()
    del contenu[absente]
    assert "ne se lit pas" in refus(archive(contenu))


def test_un_enfant_trop_lent_est_arrete(tableau, monkeypatch):
    monkeypatch.setattr(module, "DELAI", 0.01)
    assert "ne se lit pas" in refus(tableau(EN_TETE))


@pytest.mark.parametrize("consigne", ["bytes(600 * 1024**2)", "open('{chemin}', 'wb').write(bytes(60_000_000))"])
def test_l_enfant_est_bride_en_memoire_et_en_sortie(tmp_path, consigne):
    chemin = tmp_path / "sortie"
    code = f"from indicateurs.classeur import _se_brider; _se_brider(7); {consigne.format(chemin=chemin)}"
    essai = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True)
    assert essai.returncode != 0
    assert b"MemoryError" in essai.stderr or b"File too large" in essai.stderr


def test_l_enfant_est_bride_en_temps_de_processeur():
    code = (
        "import resource; from indicateurs.classeur import _se_brider; _se_brider(7); "
        "print(resource.getrlimit(resource.RLIMIT_CPU))"
    )
    essai = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True)
    assert essai.stdout.split() == b"(7, 7)".split()
    assert resource.getrlimit(resource.RLIMIT_CPU)[0] == resource.RLIM_INFINITY


def test_l_enfant_est_isole_et_ne_recoit_aucun_secret(tableau, monkeypatch):
    recus = []
    lancer = module.subprocess.run
    monkeypatch.setattr(module.subprocess, "run", lambda *a, **o: recus.append((a[0][1], o["env"])) or lancer(*a, **o))
    lire(tableau(EN_TETE))
    assert recus == [("-I", {"OPENPYXL_LXML": "False"})]


def test_l_enfant_laisse_passer_les_autres():
    code = "import os; from indicateurs.classeur import _se_brider; _se_brider(7); print(os.nice(0))"
    essai = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True)
    assert int(essai.stdout) >= 10


def test_un_classeur_ordinaire_passe_l_examen(tableau):
    examiner(tableau(EN_TETE, ["MA", 1]), ORDINAIRES)
