"""Des données publiques réelles, du fichier aux chiffres publiés, contre des agrégats calculés ailleurs."""

import csv
import json
import re
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from barometre import depot, formats
from barometre.models import Edition

DONNEES = Path(__file__).resolve().parents[3] / "shared" / "donnees" / "reelles"
pytestmark = [pytest.mark.django_db, pytest.mark.donnees]


def lire(chemin: Path) -> list[dict[str, str]]:
    with chemin.open(newline="", encoding="utf-8") as flux:
        return list(csv.DictReader(flux))


def importer(chemin: Path, *options: str) -> dict:
    sortie = StringIO()
    call_command("importer_valeurs", str(chemin), "--creer", "--valider", "--json", *options, stdout=sortie)
    return json.loads(sortie.getvalue())


def publier(trimestre: str) -> dict[tuple[str, str], dict[str, str]]:
    """Les lignes d'ensemble de `chiffres.csv`, par trimestre et indicateur."""
    call_command("publier", trimestre, stdout=StringIO())
    lignes = formats.lire_csv(depot.lire(trimestre, "chiffres.csv"))
    return {(ligne["trimestre"], ligne["indicateur"]): ligne for ligne in lignes if not ligne["portefeuille"]}


def verifier_contre(chiffres: dict, oracle: list[dict[str, str]], refusees: dict[tuple[str, str], tuple[int, int]]):
    """Chaque agrégat de l'oracle, moins les lignes refusées, qu'il avait comptées comme des nombres."""
    for attendu in oracle:
        publie = chiffres[attendu["trimestre"], attendu["indicateur"]]
        numerateur, denominateur = refusees.get((attendu["trimestre"], attendu["indicateur"]), (0, 0))
        moins = 1 if denominateur else 0
        assert int(publie["numerateur"]) == int(attendu["somme_num"]) - numerateur
        assert int(publie["denominateur"]) == int(attendu["somme_den"]) - denominateur
        assert int(publie["calculables"]) == int(attendu["nb_org_calculables"]) - moins
        assert int(publie["au_dessus_du_seuil"]) == int(attendu["B_nb_org_sup_50"]) - moins  # elles dépassaient 100 %
        assert int(publie["sans_objet"]) == int(attendu["nb_denominateur_zero"])
        if not moins:
            assert Decimal(publie["part_globale"]) == Decimal(attendu["A_pourcent"])
            assert Decimal(publie["part_organisations"]) == Decimal(attendu["B_pourcent"])


def test_les_agregats_de_69_organismes_britanniques_sont_ceux_de_l_oracle(tmp_path):
    fichier = DONNEES / "uk_govuk_transactions.csv"
    bilan = importer(fichier, "--partiel", "--refusees", str(tmp_path / "refusees.csv"))
    impossibles = {
        numero: ligne
        for numero, ligne in enumerate(lire(fichier), start=2)
        if int(ligne["numerateur"]) > int(ligne["denominateur"])
    }
    assert len(impossibles) == 7
    assert {erreur["ligne"] for erreur in bilan["erreurs"]} == set(impossibles)
    assert all(erreur["colonne"] == "numerateur" for erreur in bilan["erreurs"])
    assert bilan["valeurs"] == 3471 - 7
    refusees = {
        (ligne["trimestre"], ligne["indicateur"]): (int(ligne["numerateur"]), int(ligne["denominateur"]))
        for ligne in impossibles.values()
    }
    verifier_contre(
        publier("2017-T3"), lire(DONNEES / "oracle" / "uk_govuk_transactions__agregats_calcules.csv"), refusees
    )


def test_les_agregats_de_11_ministeres_canadiens_sont_ceux_de_l_oracle():
    bilan = importer(DONNEES / "ca_normes_service_2017_2018.csv")
    assert (bilan["valeurs"], bilan["erreurs"]) == (44, [])
    verifier_contre(
        publier("2018-T1"), lire(DONNEES / "oracle" / "ca_normes_service_2017_2018__agregats_calcules.csv"), {}
    )


def test_sans_partiel_une_seule_ligne_impossible_retient_tout_le_fichier():
    from django.core.management.base import CommandError

    from indicateurs.models import Valeur

    with pytest.raises(CommandError, match="7 erreur"):
        call_command(
            "importer_valeurs", str(DONNEES / "uk_govuk_transactions.csv"), "--creer", "--valider", stderr=StringIO()
        )
    assert not Valeur.objects.exists()


def test_reprendre_deux_fois_le_meme_fichier_ne_change_rien():
    fichier = DONNEES / "ca_normes_service_2017_2018.csv"
    importer(fichier)
    encore = importer(fichier)
    assert (encore["valeurs"], encore["soumissions"], encore["inchangees"]) == (0, 0, 44)


def test_les_fichiers_publies_suffisent_a_refaire_les_sommes(tmp_path):
    importer(DONNEES / "ca_normes_service_2017_2018.csv")
    publier("2018-T1")
    edition = Edition.objects.get()
    cases = formats.lire_cases(depot.lire(edition.code, "valeurs.csv"))
    assert sum(case.denominateur or 0 for case in cases if case.trimestre == "2018-T1") == 29445328361
    assert re.fullmatch(r"[0-9a-f]{64}", edition.empreinte)
