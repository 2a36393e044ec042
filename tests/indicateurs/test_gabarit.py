"""Le classeur à remplir se relit exactement, ne porte aucune formule, et ne laisse écrire que ce qui est demandé."""

import zipfile
from dataclasses import fields
from io import BytesIO
from pathlib import Path
from string import ascii_letters
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from indicateurs import gabarit
from indicateurs.gabarit import LARGEURS, PREMIERE_A_REMPLIR, LigneDuGabarit, classeur
from indicateurs.lecture import ABSENCES, DEPOT, LONGUEURS, PREUVE, Lecture, Ligne, lire
from indicateurs.models import Absence
from indicateurs.models import valeur as modele
from indicateurs.nombres import PLAFOND
from indicateurs.texte import BLANCS

PAPIER = LigneDuGabarit(
    "SANS-PAPIER", "Processus sans papier", "Processus sans papier", "Processus en tout", "Une définition.\nEn entier."
)
CHAMPS = [champ.name for champ in fields(Ligne) if champ.name not in {"numero", "brutes"}]
FORMULES = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "'=1",
    " =1",
    "=cmd|'/c calc'!A0",
    "#REF!",
    "\tx",
]


def relu(tmp_path: Path, octets: bytes) -> Lecture:
    (tmp_path / "classeur.xlsx").write_bytes(octets)
    return lire(tmp_path / "classeur.xlsx", limites=DEPOT)


def feuilles(*lignes: LigneDuGabarit):
    document = load_workbook(BytesIO(classeur("Ministère A", "MA", "2023-T1", lignes)))
    return document, document["Valeurs"], document["Mode d'emploi"]


def a_remplir(valeurs) -> set[str]:
    titres = list(LARGEURS)[PREMIERE_A_REMPLIR:]
    return {
        case.coordinate for rangee in valeurs["A2:N4"] for case in rangee if valeurs[1][case.column - 1].value in titres
    }


def textes(maximum: int, minimum: int = 0):
    lettres = st.characters(exclude_categories=["C"]) | st.sampled_from("=+-@＝'\n#")
    simple = st.text(lettres, min_size=minimum, max_size=30)
    return simple.map(lambda t: normalize("NFC", t).strip(BLANCS)).filter(lambda t: minimum <= len(t) <= maximum)


NOMBRES = st.tuples(st.integers(0, PLAFOND), st.integers(0, PLAFOND)).map(sorted)
REPONSES = NOMBRES.map(lambda paire: (*paire, "")) | st.sampled_from(gabarit.ABSENCES).map(lambda a: (None, None, a))
PREUVES = st.just("") | st.text(ascii_letters + "/=+-@?#", min_size=1, max_size=40).map("https://{}".format)
BROUILLONS = st.tuples(REPONSES, textes(500, 1), textes(1000), PREUVES, textes(1000))


SANS_REDUIRE = [phase for phase in Phase if phase not in {Phase.shrink, Phase.explain}]  # un processus par essai


@settings(
    max_examples=20, deadline=None, phases=SANS_REDUIRE, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(textes(250, 1), st.lists(BROUILLONS, min_size=1, max_size=12))
def test_un_brouillon_ecrit_dans_le_classeur_se_relit_exactement(tmp_path, organisation, brouillons):
    lignes = [
        PAPIER._replace(code=f"I-{rang}")._replace(
            numerateur=n,
            denominateur=d,
            absence=absence,
            motif=motif,
            note=note,
            preuve=preuve,
            justification=justification,
        )
        for rang, ((n, d, absence), motif, note, preuve, justification) in enumerate(brouillons)
    ]
    lecture = relu(tmp_path, classeur(organisation, "S. A. & Fils", "2023-T1", lignes))
    assert lecture.erreurs == []
    codes = {"": "", **dict(zip(gabarit.ABSENCES, Absence.values, strict=True))}
    assert [
        (organisation, "S. A. & Fils", "2023-T1", e.code, e.numerateur, e.denominateur, codes[e.absence], *e[11:])
        for e in lignes
    ] == [tuple(getattr(relue, champ) for champ in CHAMPS) for relue in lecture.lignes]


def test_un_classeur_laisse_vide_dit_ce_qui_manque_case_par_case(tmp_path):
    lecture = relu(tmp_path, classeur("Ministère A", "MA", "2023-T1", [PAPIER, PAPIER._replace(code="AUTRE")]))
    assert lecture.lignes == []
    assert [erreur.colonne.split()[0] for erreur in lecture.erreurs] == ["H2", "I2", "H3", "I3"]
    assert all(erreur.attendu.startswith("Un nombre est attendu") for erreur in lecture.erreurs)


def test_un_classeur_sans_indicateur_reste_lisible(tmp_path):
    (erreur,) = relu(tmp_path, classeur("Ministère A", "MA", "2023-T1", [])).erreurs
    assert erreur.attendu == "Ce fichier n'a aucune ligne de valeurs."


@pytest.mark.parametrize("texte", FORMULES)
def test_aucun_texte_ne_devient_une_formule(texte):
    ligne = LigneDuGabarit(*[texte] * 6, 1, 2, None, None, *[texte] * 5)
    octets = classeur(texte, texte, texte, [ligne])
    with zipfile.ZipFile(BytesIO(octets)) as archive:
        contenu = b"".join(archive.read(nom) for nom in archive.namelist() if "sheets/" in nom)
    assert not any(balise in contenu for balise in (b"<f>", b"<f ", b't="e"', b't="str"'))
    cases = [case for feuille in load_workbook(BytesIO(octets)) for rangee in feuille for case in rangee if case.value]
    assert {case.data_type for case in cases} == {"s", "n"}
    assert sum(texte in str(case.value) for case in cases if "\r" not in texte) >= (13 if "\r" not in texte else 0)
    assert all(str(case.value)[0] not in "=+-@\t\r\0＝" for case in cases)


def test_un_caractere_que_le_xml_ne_porte_pas_n_empeche_pas_le_classeur(tmp_path):
    octets = classeur(
        "A\0B", "MA", "2023-T1", [PAPIER._replace(libelle_numerateur="a\x0bb", note="n\ufffe", numerateur=1)]
    )
    assert [erreur.colonne for erreur in relu(tmp_path, octets).erreurs] == ["I2 (denominateur)"]


def test_seules_les_cases_a_remplir_sont_ouvertes_et_colorees():
    _, valeurs, mode_d_emploi = feuilles(*[PAPIER] * 3)
    cases = [case for rangee in valeurs for case in rangee]
    assert {case.coordinate for case in cases if not case.protection.locked} == a_remplir(valeurs)
    assert {case.coordinate for case in cases if case.fill.fill_type} == a_remplir(valeurs)
    assert all(case.protection.locked for rangee in mode_d_emploi for case in rangee)
    for feuille in (valeurs, mode_d_emploi):
        assert feuille.protection.sheet
        assert feuille.protection.password is None


def test_chaque_case_a_remplir_dit_ce_qu_elle_attend():
    _, valeurs, _ = feuilles(*[PAPIER._replace(libelle_denominateur="long " * 50)] * 3)
    regles = {}
    for regle in valeurs.data_validations.dataValidation:
        assert regle.showInputMessage
        assert regle.showErrorMessage
        assert regle.allow_blank
        assert 0 < len(regle.prompt) <= 255
        assert regle.error.endswith(".")
        for rangee in valeurs[str(regle.sqref)] if ":" in str(regle.sqref) else [[valeurs[str(regle.sqref)]]]:
            regles |= {case.coordinate: (regle.type, regle.formula1, regle.formula2) for case in rangee}
    assert regles.keys() == a_remplir(valeurs)
    assert regles["H4"] == regles["I2"] == ("whole", "0", str(PLAFOND))
    assert regles["J3"] == ("list", '"Non disponible,Sans objet"', None)
    assert [regles[case][:2] for case in ("K2", "L2", "M2", "N4")] == [
        ("textLength", str(LONGUEURS[nom])) for nom in ("motif", "note", "preuve", "justification")
    ]


def test_le_classeur_est_fait_de_tableaux_nommes_sans_case_fusionnee():
    document, valeurs, mode_d_emploi = feuilles(PAPIER, PAPIER)
    assert document.sheetnames == ["Valeurs", "Mode d'emploi"]
    assert document.properties.language == "fr-CA"
    assert "Ministère A" in document.properties.title
    for feuille in (valeurs, mode_d_emploi):
        (tableau,) = feuille.tables.values()
        assert (tableau.ref, tableau.headerRowCount) == (feuille.dimensions, 1)
        assert [case.value for case in feuille[1]] == tableau.column_names
        assert not feuille.merged_cells.ranges
        assert feuille.freeze_panes == "A2"
        assert all(case.alignment.wrap_text for rangee in feuille for case in rangee)
    assert [case.value for case in valeurs[1]] == list(LARGEURS)


def test_le_mode_d_emploi_porte_les_definitions_entieres_et_le_precedent():
    longue = PAPIER._replace(
        definition="Une phrase. " * 300,
        precedent="4e trimestre de 2022",
        precedent_numerateur=1200,
        precedent_denominateur=0,
    )
    _, valeurs, mode_d_emploi = feuilles(longue, PAPIER._replace(code="AUTRE"))
    dits = dict(mode_d_emploi.iter_rows(min_row=2, values_only=True))
    assert dits["SANS-PAPIER, définition"] == longue.definition
    assert dits["SANS-PAPIER, numérateur"] == "Processus sans papier"
    assert dits["SANS-PAPIER, dénominateur"] == "Processus en tout"
    assert dits["SANS-PAPIER, précédent"] == "4e trimestre de 2022\u00a0: 1\u00a0200 sur 0"
    assert "AUTRE, précédent" not in dits
    assert [case.value for case in valeurs[2]][5:7] == [1200, 0]


def test_les_bornes_du_classeur_sont_celles_des_valeurs():
    assert LONGUEURS == modele.LONGUEURS
    assert list(gabarit.ABSENCES) == Absence.labels
    assert set(ABSENCES.values()) == set(Absence.values)


@settings(max_examples=300)
@given(st.from_regex(PREUVE, fullmatch=True))
def test_une_preuve_lue_est_un_lien_que_la_base_accepte(preuve):
    assert len(preuve) <= modele.LONGUEURS["preuve"]
    assert not preuve or modele.LIEN.match(preuve)
