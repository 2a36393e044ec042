"""Les mêmes réponses, écrites en CSV ou dans le classeur à remplir, se lisent ou se refusent pareil."""

import csv
import subprocess
from dataclasses import fields
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from indicateurs.gabarit import LARGEURS, LigneDuGabarit, classeur
from indicateurs.lecture import DEPOT, Lecture, Ligne, lire

CHAMPS = [champ.name for champ in fields(Ligne) if champ.name not in {"numero", "brutes"}]
SAISIES = ["Numérateur", "Dénominateur", "Absence", "Motif", "Note", "Preuve", "Justification"]
SANS_REDUIRE = [phase for phase in Phase if phase not in {Phase.shrink, Phase.explain}]  # un processus par essai
VARIANTES = [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "cp1252"), (";", "cp1252"), (",", "utf-8-sig")]

Saisie = tuple[int | float | str, ...]
PARIS = st.sampled_from(
    ["", "panne", "à l'été", "=1+1", "- un\n- deux", "'=1", "a\r\nb", "x" * 501, "«\u00a0œuf\u00a0»", "#N/A"]
)
COMPTES = st.integers(-5, 10**16) | st.sampled_from([0, 1, 999, 1000, 2.5, "", "ND", "abc", "sans objet"])
LIGNES: st.SearchStrategy[Saisie] = st.tuples(
    COMPTES,
    COMPTES,
    st.sampled_from(["", "", "Non disponible", "Sans objet", "SO", "peut-être"]),
    PARIS,
    PARIS,
    st.sampled_from(["", "https://exemple.quebec/a?b=c", "ftp://exemple.quebec", "https://a b"]),
    PARIS,
)


def canon(lecture: Lecture) -> tuple[list, list]:
    """Ce que dit la lecture, sans ce qui dépend du format: les numéros de ligne et les adresses de case."""
    colonnes = [erreur.colonne.split("(")[-1].rstrip(")") for erreur in lecture.erreurs]
    return (
        [tuple(getattr(ligne, champ) for champ in CHAMPS) for ligne in lecture.lignes],
        list(zip(colonnes, [erreur.attendu for erreur in lecture.erreurs], strict=True)),
    )


def en_texte(valeur: float | str, separateur: str) -> str:
    """Un nombre comme un tableur français l'écrit: milliers insécables, virgule des décimales."""
    if isinstance(valeur, str):
        return valeur
    if isinstance(valeur, float):
        return str(valeur).replace(".", ",")
    milliers = f"{valeur:,}".replace(",", "\u00a0")
    return f"{milliers},0" if separateur == ";" and valeur % 2 else milliers


def lue_en_csv(dossier: Path, lignes: list[Saisie], separateur: str, encodage: str) -> Lecture:
    chemin = dossier / "valeurs.csv"
    with chemin.open("w", encoding=encodage, newline="") as flux:
        sortie = csv.writer(flux, delimiter=separateur)
        sortie.writerow(["Organisation", "SIGLE", "trimestre", "Indicateur", *SAISIES])
        for rang, ligne in enumerate(lignes):
            cases = [en_texte(valeur, separateur) for valeur in ligne]
            sortie.writerow(["Société québécoise", "SQ", "2023-T1", f"I-{rang}", *cases])
    return lire(chemin, limites=DEPOT)


def rempli(lignes: list[Saisie]) -> bytes:
    """Le classeur téléchargé, puis rempli comme dans un tableur: un texte y reste un texte."""
    vides = [LigneDuGabarit(f"I-{rang}", "Intitulé", "n", "d", "définition") for rang in range(len(lignes))]
    document = load_workbook(BytesIO(classeur("Société québécoise", "SQ", "2023-T1", vides)))
    for rang, ligne in enumerate(lignes, 2):
        for titre, valeur in zip(SAISIES, ligne, strict=True):
            case = document["Valeurs"].cell(rang, list(LARGEURS).index(titre) + 1)
            case.value = valeur if valeur != "" else None
            if isinstance(valeur, str) and valeur:
                case.data_type = "s"
    octets = BytesIO()
    document.save(octets)
    return octets.getvalue()


@settings(
    max_examples=25, deadline=None, phases=SANS_REDUIRE, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(LIGNES, min_size=20, max_size=30), st.sampled_from(VARIANTES))
def test_le_csv_et_le_classeur_rempli_disent_la_meme_chose(tmp_path, lignes, variante):
    (tmp_path / "classeur.xlsx").write_bytes(rempli(lignes))
    assert canon(lue_en_csv(tmp_path, lignes, *variante)) == canon(lire(tmp_path / "classeur.xlsx", limites=DEPOT))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LIGNES, min_size=1, max_size=10))
def test_tous_les_csv_disent_la_meme_chose(tmp_path, lignes):
    premiere, *autres = [canon(lue_en_csv(tmp_path, lignes, *variante)) for variante in VARIANTES]
    assert all(autre == premiere for autre in autres)


@pytest.mark.libreoffice
def test_le_classeur_reenregistre_par_libreoffice_dit_la_meme_chose(tmp_path):
    lignes: list[Saisie] = [(5, 10, "", "", "- un\n- deux", "", ""), ("", "", "Non disponible", "panne", "", "", "'=1")]
    (tmp_path / "avant.xlsx").write_bytes(rempli(lignes))
    (tmp_path / "apres").mkdir()
    profil = f"-env:UserInstallation=file://{tmp_path}/profil"
    subprocess.run(
        ["soffice", profil, "--headless", "--convert-to", "xlsx", "--outdir", "apres", "avant.xlsx"],
        cwd=tmp_path,
        check=True,
        timeout=120,
    )
    assert canon(lire(tmp_path / "apres" / "avant.xlsx", limites=DEPOT)) == canon(lire(tmp_path / "avant.xlsx"))
