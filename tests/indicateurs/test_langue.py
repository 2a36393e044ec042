"""Nombres, dates et accords suivent la langue de la page; sans rien de branché, tout est en français."""

import datetime
from fractions import Fraction

import pytest

from indicateurs import affichage, langue, mots

MOTS = {
    "point": "point",
    "points": "points",
    "ans": "years",
    "an": "year",
    "trimestres": "quarters",
    "trimestre": "quarter",
    "fin %s": "end of %s",
    "en retard d'un jour": "one day late",
    "en retard de %d jours": "%d days late",
    "en retard de %d mois": "%d months late",
    "en retard de %d ans": "%d years late",
    "octet": "byte",
    "ko": "kB",
    "Mo": "MB",
}


@pytest.fixture
def anglais(monkeypatch):
    """Une page en anglais."""
    for nom in ("traduire", "courante"):
        monkeypatch.setattr(langue._Langue, nom, getattr(langue._Langue, nom))
    langue.brancher(traduire=lambda phrase: MOTS[phrase], courante=lambda: langue.ANGLAIS)


def test_sans_langue_de_page_tout_est_en_francais(monkeypatch):
    monkeypatch.setattr(langue._Langue, "courante", staticmethod(lambda: None))
    assert affichage.pourcentage(Fraction(614, 1000)) == "61,4\xa0%"
    assert mots.date("2023-05-18") == "18 mai 2023"


def test_un_nombre_s_ecrit_a_l_anglaise(anglais):
    assert affichage.pourcentage(Fraction(614, 1000)) == "61.4%"
    assert affichage.pourcentage(Fraction(9996, 10000)) == "99.9%"  # un arrondi n'y franchit pas plus de ligne
    assert affichage.cible_en_texte(Fraction(75, 100)) == "75%"
    assert affichage.cible_en_texte(Fraction(412, 1000)) == "41.2%"
    assert affichage.nombre(1_234_567) == "1,234,567"
    assert [affichage.points(Fraction(n, 1000)) for n in (10, 9, 15)] == [
        "1.0\xa0point",
        "0.9\xa0points",
        "1.5\xa0points",
    ]


def test_zero_est_pluriel_en_anglais_et_singulier_en_francais(anglais, monkeypatch):
    assert [affichage.accorder(n, "answer") for n in (0, 1, 2)] == ["0 answers", "1 answer", "2 answers"]
    monkeypatch.setattr(langue._Langue, "courante", staticmethod(lambda: langue.FRANCAIS))
    assert [affichage.accorder(n, "réponse") for n in (0, 1, 2)] == ["0 réponse", "1 réponse", "2 réponses"]


def test_le_temps_se_dit_en_anglais(anglais):
    assert mots.date(datetime.date(2023, 5, 1)) == "May 1, 2023"
    assert mots.trimestre("2023-T2") == "Q2 2023"
    assert mots.mois("2023-T1") == "March 2023"
    assert mots.terme("2023-T4") == "end of 2023"
    assert mots.terme("2024-T2") == "Q2 2024"
    assert [mots.duree(n) for n in (0, 1, 4, 11, 12)] == [
        "zero quarters",
        "one quarter",
        "one year",
        "11 quarters",
        "three years",
    ]
    assert [mots.retard(n) for n in (1, 12, 150, 800)] == [
        "one day late",
        "12 days late",
        "5 months late",
        "2 years late",
    ]
    assert [mots.taille(n) for n in (812, 12_345, 1_200_000)] == ["812 bytes", "12.3\xa0kB", "1.2\xa0MB"]
