"""Un classeur se lit tel qu'il est écrit, case par case."""

from datetime import date, timedelta

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.defined_name import DefinedName

from indicateurs.classeur import Limites, adresse, lire_rangees
from tests.classeurs import EN_TETE, ENTETE_XML, lire, parties, refus


def test_vide_zero_erreur_et_texte_restent_quatre_choses(tableau):
    chemin = tableau(
        EN_TETE, ["MA", 0], ["MB", None], ["MC", "#REF!"], ["MD", 12.0], ["ME", 12.5], ["MF", "0"], [7, "é\nè"]
    )
    premiere, *autres = lire(chemin)
    assert premiere == (1, ["sigle", "numerateur"], {})
    assert autres == [
        (2, ["MA", "0"], {}),
        (3, ["MB"], {}),
        (4, ["MC", "#REF!"], {1: "Cette case contient une erreur de calcul, une valeur est attendue."}),
        (5, ["MD", "12"], {}),
        (6, ["ME", "12.5"], {}),
        (7, ["MF", "0"], {}),
        (8, ["7", "é\nè"], {}),
    ]


@pytest.mark.parametrize(
    ("valeur", "lu", "phrase"),
    [
        ("=A1", "=A1", "Une formule est écrite"),
        (True, "VRAI", "Vrai ou faux est écrit"),
        (date(2023, 1, 2), "2023-01-02T00:00:00", "Une date est écrite"),
        (timedelta(days=2), "2 days, 0:00:00", "Une date est écrite"),
        ("#DIV/0!", "#DIV/0!", "une erreur de calcul"),
    ],
)
def test_ce_qui_n_est_ni_nombre_ni_texte_est_refuse_a_sa_place(tableau, valeur, lu, phrase):
    _, (numero, cases, refusees) = lire(tableau(EN_TETE, ["MA", valeur]))
    assert (numero, cases) == (2, ["MA", lu])
    assert phrase in refusees[1]


@pytest.mark.parametrize(
    "formule",
    [
        "<f>1+1</f><v>2</v>",
        '<f t="array" ref="B2">SUM(A1:A9)</f><v>2</v>',
        '<f t="shared" si="0" ref="B2:B9">A2</f><v>2</v>',
        '<f t="shared" si="0"/><v>2</v>',
        '<f t="dataTable" ref="B2:B3" r1="A1"/><v>2</v>',
        '<f>WEBSERVICE("http://127.0.0.1:9/")</f><v>2</v>',
        "<f/>",
    ],
)
def test_une_formule_de_toute_sorte_est_refusee_dans_sa_case(archive, formule):
    case = f'<row r="2"><c r="A2"><v>7</v></c><c r="B2">{formule}</c></row>'
    (_, cases, refusees) = lire(archive(parties(ENTETE_XML + case)))[1]
    assert cases[1].startswith("=")
    assert refusees == {1: "Une formule est écrite, sa valeur est attendue."}


@pytest.mark.parametrize(
    ("case", "texte"),
    [
        ("<v>1E15</v>", "1000000000000000"),
        ("<v>9007199254740993</v>", "9007199254740993"),
        ("<v>2.9999999999999996</v>", "2.9999999999999996"),
        ("<v></v>", ""),
    ],
)
def test_un_nombre_garde_tous_ses_chiffres(archive, case, texte):
    chemin = archive(parties(f'{ENTETE_XML}<row r="2"><c r="A2"><v>7</v></c><c r="B2">{case}</c></row>'))
    assert lire(chemin)[1] == (2, ["7", texte], {})


def test_un_retour_de_chariot_code_redevient_un_blanc(archive):
    case = '<row r="2"><c r="A2" t="inlineStr"><is><t>MA_x000D_</t></is></c></row>'
    assert lire(archive(parties(ENTETE_XML + case)))[1] == (2, ["MA\r"], {})


def test_la_feuille_visible_qui_a_l_entete_est_choisie(tmp_path):
    classeur = Workbook()
    classeur.active.append(["Mode d'emploi"])
    cachee = classeur.create_sheet("Cachée")
    cachee.append(EN_TETE)
    cachee.append(["cachée", 1])
    cachee.sheet_state = "hidden"
    bonne = classeur.create_sheet("Valeurs")
    bonne.append([None])
    bonne.append(["Numérateur ", " SIGLE"])
    bonne.append([3, "MA"])
    classeur.save(tmp_path / "classeur.xlsx")
    assert lire(tmp_path / "classeur.xlsx")[-1] == (3, ["3", "MA"], {})


def test_deux_feuilles_de_valeurs_sont_refusees_plutot_qu_une_seule_lue(tmp_path):
    classeur = Workbook()
    classeur.active.append(EN_TETE)
    classeur.create_sheet("2023-T2").append(EN_TETE)
    classeur.save(tmp_path / "classeur.xlsx")
    assert "deux feuilles" in refus(tmp_path / "classeur.xlsx")


def test_sans_entete_attendu_la_premiere_feuille_est_rendue(tableau):
    assert lire(tableau(["siret", "montant"])) == [(1, ["siret", "montant"], {})]


def test_une_lecture_bornee_ne_rend_qu_une_rangee_de_trop(tableau):
    chemin = tableau(EN_TETE, ["A", 1], [None], *[["B", 2]] * 50)
    rendues = list(lire_rangees(chemin, EN_TETE, Limites(rangees=3)))
    assert [numero for numero, _, _ in rendues] == [1, 2, 3, 4, 5, 6]


BIZARRERIES = [  # ce qu'un tableur ordinaire laisse dans un fichier, sans en changer les valeurs
    lambda f: f.insert_rows(1, 3),
    lambda f: f.merge_cells("A9:D9"),
    lambda f: f.row_dimensions.group(2, 2, hidden=True),
    lambda f: setattr(f.column_dimensions["B"], "hidden", True),
    lambda f: setattr(f.auto_filter, "ref", "A1:B2"),
    lambda f: setattr(f["A2"], "comment", Comment("une remarque", "moi")),
    lambda f: setattr(f["A2"], "hyperlink", "http://127.0.0.1:9/"),
    lambda f: setattr(f["A2"], "value", CellRichText("M", TextBlock(InlineFont(b=True), "A"))),
    lambda f: setattr(f["B2"], "number_format", '0.00" €"'),
    lambda f: f["B2"].__setattr__("value", 12.0),
    lambda f: f["B2"].__setattr__("value", "12"),
    lambda f: f.parent.create_sheet("Vide"),
    lambda f: f.parent.create_chartsheet("Graphique").add_chart(BarChart()),
    lambda f: setattr(f.parent, "epoch", CALENDAR_MAC_1904),
    lambda f: f.parent.defined_names.add(DefinedName("zone", attr_text="Sheet!$A$1")),
    lambda f: f.conditional_formatting.add("B2", CellIsRule("greaterThan", ["1"])),
    lambda f: setattr(f.protection, "sheet", True),
]


@pytest.mark.parametrize("bizarrerie", BIZARRERIES)
def test_un_classeur_seulement_bizarre_se_lit_sans_s_alterer(tmp_path, bizarrerie):
    classeur = Workbook()
    for rangee in (EN_TETE, ["MA", 12]):
        classeur.active.append(rangee)
    bizarrerie(classeur.active)
    classeur.save(tmp_path / "classeur.xlsx")
    pleines = [[case for case in cases if case] for _, cases, refus in lire(tmp_path / "classeur.xlsx") if not refus]
    assert [cases for cases in pleines if cases] == [[*EN_TETE], ["MA", "12"]]


def test_l_adresse_d_une_case_se_lit_comme_dans_un_tableur():
    assert [adresse(place, 7) for place in (0, 4, 25, 26, 49)] == ["A7", "E7", "Z7", "AA7", "AX7"]
