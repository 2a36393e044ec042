"""Les fichiers réels, sales à leur façon, se lisent sans s'altérer ou se refusent avec leurs raisons."""

import csv
from pathlib import Path

import pytest

from indicateurs.classeur import ORDINAIRES
from indicateurs.lecture import COLONNES, DEPOT, lire

SALES = Path(__file__).parents[2].parent / "shared" / "donnees" / "sales"


def fichiers_sales() -> list[Path]:
    return sorted(chemin for chemin in SALES.rglob("*.*") if chemin.suffix in {".csv", ".tsv", ".xlsx", ".png"})


@pytest.mark.donnees
@pytest.mark.parametrize("limites", [ORDINAIRES, DEPOT], ids=["commande", "depot"])
@pytest.mark.parametrize("chemin", fichiers_sales(), ids=lambda chemin: chemin.name)
def test_un_fichier_reel_d_un_autre_genre_est_refuse_avec_ses_raisons(chemin, limites):
    lecture = lire(chemin, limites=limites)
    assert lecture.lignes == []
    assert lecture.erreurs
    assert all(erreur.attendu.endswith(".") and erreur.ligne <= 1 for erreur in lecture.erreurs)


@pytest.mark.donnees
@pytest.mark.parametrize("encodage", ["utf-8-sig", "cp1252"])
def test_les_comptes_federaux_se_lisent_ou_se_refusent_sans_s_alterer(tmp_path, encodage):
    source = SALES / "03_canada_bom_num_sup_den_grands_nombres.csv"
    if not source.exists():
        pytest.skip(f"les données réelles ne sont pas là: {source}")
    with source.open(encoding="utf-8-sig", newline="") as flux:
        services = list(csv.DictReader(flux))
    ecrites = [
        (s["service_std_fr"][:250].strip(), f"S{rang}", f"2017-T{t}", "NORME", *comptes)
        for rang, s in enumerate(services)
        for t in range(1, 5)
        for comptes in [(s[f"q{t}_performance_result"], s[f"q{t}_business_volume"])]
    ]
    with (tmp_path / "federal.csv").open("w", encoding=encodage, newline="") as flux:
        csv.writer(flux).writerows([COLONNES, *ecrites])
    lecture = lire(tmp_path / "federal.csv")
    possibles = [ligne for ligne in ecrites if int(ligne[4]) <= int(ligne[5])]
    assert 0 < len(possibles) < len(ecrites)
    assert len(lecture.erreurs) == len(ecrites) - len(possibles)
    assert all(erreur.colonne == "numerateur" for erreur in lecture.erreurs)
    assert [
        (lue.organisation, lue.sigle, lue.trimestre, lue.indicateur, str(lue.numerateur), str(lue.denominateur))
        for lue in lecture.lignes
    ] == possibles
