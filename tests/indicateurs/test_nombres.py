"""Un nombre écrit par une personne donne le bon entier, ou un refus qui s'explique."""

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicateurs.nombres import ESPACES, PLAFOND, NombreIllisible, lire_entier

SALES = Path(__file__).parents[2].parent / "shared" / "donnees" / "sales"


@pytest.mark.parametrize(
    ("texte", "entier"),
    [
        ("0", 0),
        ("12", 12),
        ("  12\t\n", 12),
        ("007", 7),
        ("1 234", 1234),
        ("1\u00a0234\u00a0567", 1_234_567),
        ("1\u202f234\u202f567", 1_234_567),
        ("1\u2009234", 1234),
        ("12,0", 12),
        ("12.0", 12),
        ("12,00", 12),
        ("12.0000", 12),
        ("1 234,0", 1234),
        ("2147483648", 2**31),
        ("1000000000000000", PLAFOND),
        ("1 000 000 000 000 000", PLAFOND),
    ],
)
def test_un_nombre_bien_ecrit_donne_son_entier(texte, entier):
    assert lire_entier(texte) == entier
    assert lire_entier(texte, virgule_de_milliers=True) == entier


@pytest.mark.parametrize(
    ("texte", "entier"), [("1,000", 1000), ("40,000", 40_000), ("1,234,567", 1_234_567), ("1,234.0", 1234)]
)
def test_la_virgule_separe_les_milliers_seulement_si_on_le_demande(texte, entier):
    assert lire_entier(texte, virgule_de_milliers=True) == entier
    with pytest.raises(NombreIllisible):
        lire_entier(texte)


@pytest.mark.parametrize(
    ("texte", "phrase"),
    [
        ("", "rien n'est écrit"),
        (" \u00a0 ", "rien n'est écrit"),
        ("-5", "négatif"),
        ("\u22125", "négatif"),
        ("\u20135", "négatif"),
        ("- 1 234", "négatif"),
        ("12,5", "nombre entier est attendu, sans décimales"),
        ("90.11000000002", "nombre entier est attendu, sans décimales"),
        ("1e3", "nombre entier est attendu"),
        ("1_000", "nombre entier est attendu"),
        ("²", "nombre entier est attendu"),
        ("１２３", "nombre entier est attendu"),
        ("٣", "nombre entier est attendu"),
        ("+5", "nombre entier est attendu"),
        ("-", "nombre entier est attendu"),
        ("ND", "nombre entier est attendu"),
        ("0x10", "nombre entier est attendu"),
        ("12 34", "nombre entier est attendu"),
        ("0 123", "nombre entier est attendu"),
        ("1 234\u00a0567", "nombre entier est attendu"),
        ("12,", "nombre entier est attendu"),
        ("1.234", "deux façons"),
        ("12.000", "deux façons"),
        ("0,123", "deux façons"),
        ("9007199254740993", "au plus 1\u00a0000\u00a0000\u00a0000\u00a0000\u00a0000"),
        ("1000000000000001", "au plus"),
        ("9" * 4301, "au plus 40 caractères"),
    ],
)
@pytest.mark.parametrize("virgule_de_milliers", [False, True])
def test_un_nombre_douteux_est_refuse_avec_sa_raison(texte, phrase, virgule_de_milliers):
    with pytest.raises(NombreIllisible, match=phrase):
        lire_entier(texte, virgule_de_milliers=virgule_de_milliers)


@pytest.mark.parametrize("texte", ["1,234,00", "1,2345", "1,234,5", "1 234,000", "1,234 567"])
def test_deux_emplois_de_la_virgule_dans_un_meme_nombre_sont_refuses(texte):
    with pytest.raises(NombreIllisible):
        lire_entier(texte, virgule_de_milliers=True)


@pytest.mark.parametrize("motif", ["9", "1 ", "1,", "-", " ", "1 234,", "0,0", "²"])
def test_un_texte_demesure_est_refuse_sans_attendre(motif):
    debut = time.process_time()
    with pytest.raises(NombreIllisible):
        lire_entier(motif * 50_000, virgule_de_milliers=True)
    assert time.process_time() - debut < 0.05


@given(st.integers(0, PLAFOND), st.sampled_from(ESPACES), st.sampled_from(["", ",0", ".0", ",00"]))
def test_un_entier_mis_en_forme_se_relit_intact(entier, espace, decimales):
    assert lire_entier(f"{entier}{decimales}") == entier
    assert lire_entier(f"{entier:,}".replace(",", espace) + decimales) == entier
    assert lire_entier(f"{entier:,}", virgule_de_milliers=True) == entier


@given(st.text() | st.text(alphabet="0123456789,. \u00a0\u202f-_e+²１"), st.booleans())
def test_tout_texte_donne_un_entier_de_ses_seuls_chiffres_ou_un_refus(texte, virgule_de_milliers):
    try:
        entier = lire_entier(texte, virgule_de_milliers=virgule_de_milliers)
    except NombreIllisible:
        return
    chiffres = "".join(c for c in texte if c in "0123456789")
    assert 0 <= entier <= PLAFOND
    assert chiffres.lstrip("0").rstrip("0") == str(entier).rstrip("0")


@pytest.mark.donnees
def test_un_format_revise_seul_ne_change_pas_le_nombre():
    fichier = SALES / "05_govuk_valeurs_revisees.csv"
    if not fichier.exists():
        pytest.skip(f"les données réelles ne sont pas là: {fichier}")
    with fichier.open(encoding="utf-8", newline="") as flux:
        seuls = [ligne for ligne in csv.DictReader(flux) if ligne["nature"] == "format seul"]
    assert seuls
    for ligne in seuls:
        avant, apres = (
            lire_entier(ligne[colonne], virgule_de_milliers=True) for colonne in ("ancienne_valeur", "nouvelle_valeur")
        )
        assert avant == apres


@pytest.mark.donnees
@pytest.mark.parametrize("espace", [" ", "\u00a0", "\u202f"])
def test_les_montants_quebecois_se_lisent_avec_les_trois_espaces(espace):
    fichier = SALES / "04_quebec_credits_2024_25_retranscrit.csv"
    if not fichier.exists():
        pytest.skip(f"les données réelles ne sont pas là: {fichier}")
    with fichier.open(encoding="utf-8", newline="") as flux:
        montants = [ligne["Montant"] for ligne in csv.DictReader(flux, delimiter=";")]
    assert montants
    for montant in montants:
        ecrit = espace.join(montant.split())
        if montant.startswith("-"):
            with pytest.raises(NombreIllisible, match="négatif"):
                lire_entier(ecrit)
        else:
            assert lire_entier(ecrit) == int("".join(montant.split()))
