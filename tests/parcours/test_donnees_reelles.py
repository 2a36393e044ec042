"""Des données publiques réelles, du fichier aux chiffres publiés, contre des agrégats calculés ailleurs."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
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
    return {
        (ligne["trimestre"], ligne["indicateur"]): ligne
        for ligne in lignes
        if not (ligne["portefeuille"] or ligne["categorie"])
    }


def pour_cent(numerateur: int, denominateur: int) -> Decimal:
    """La part à six décimales, calculée ici: la moitié vers le haut."""
    return (Decimal(100) * numerateur / denominateur).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def attendues(fichier: Path) -> dict[str, int]:
    """Par trimestre, les organisations dont une ligne, même refusée, est de ce trimestre ou d'un trimestre passé."""
    premiers: dict[str, str] = {}
    lignes = lire(fichier)
    for ligne in lignes:
        premiers[ligne["sigle"]] = min(ligne["trimestre"], premiers.get(ligne["sigle"], "9"))
    return {quand: sum(p <= quand for p in premiers.values()) for quand in {ligne["trimestre"] for ligne in lignes}}


def verifier_contre(
    chiffres: dict, oracle: list[dict[str, str]], fichier: Path, refusees: Iterable[dict[str, str]] = ()
) -> int:
    """Chaque agrégat de l'oracle, moins les lignes refusées, qu'il avait comptées; rend combien elles en touchent."""
    combien_attendues, moins = attendues(fichier), Counter[tuple[str, str, str]]()
    for ligne in refusees:
        cle = ligne["trimestre"], ligne["indicateur"]
        moins[*cle, "numerateur"] += int(ligne["numerateur"])
        moins[*cle, "denominateur"] += int(ligne["denominateur"])
        moins[*cle, "lignes"] += int(ligne["denominateur"]) > 0
    for attendu in oracle:
        cle = attendu["trimestre"], attendu["indicateur"]
        publie = chiffres[cle]
        numerateur = int(attendu["somme_num"]) - moins[*cle, "numerateur"]
        denominateur = int(attendu["somme_den"]) - moins[*cle, "denominateur"]
        calculables = int(attendu["nb_org_calculables"]) - moins[*cle, "lignes"]
        au_dessus = int(attendu["B_nb_org_sup_50"]) - moins[*cle, "lignes"]  # elles dépassaient 100 %
        assert (int(publie["numerateur"]), int(publie["denominateur"])) == (numerateur, denominateur)
        assert (int(publie["calculables"]), int(publie["au_dessus_du_seuil"])) == (calculables, au_dessus)
        assert int(publie["sans_objet"]) == int(attendu["nb_denominateur_zero"])
        assert int(publie["attendues"]) == combien_attendues[cle[0]]
        assert Decimal(publie["part_globale"]) == pour_cent(numerateur, denominateur)
        assert Decimal(publie["part_organisations"]) == pour_cent(au_dessus, calculables)
        if not moins[*cle, "numerateur"]:
            assert Decimal(publie["part_globale"]) == Decimal(attendu["A_pourcent"])
            assert Decimal(publie["part_organisations"]) == Decimal(attendu["B_pourcent"])
    return len({cle[:2] for cle in moins if moins[*cle[:2], "numerateur"]})


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
    chiffres = publier("2017-T3")
    oracle = lire(DONNEES / "oracle" / "uk_govuk_transactions__agregats_calcules.csv")
    touches = {(ligne["trimestre"], ligne["indicateur"]) for ligne in impossibles.values()}
    assert verifier_contre(chiffres, oracle, fichier, impossibles.values()) == len(touches) > 0
    assert touches <= {(attendu["trimestre"], attendu["indicateur"]) for attendu in oracle}


def test_les_agregats_de_11_ministeres_canadiens_sont_ceux_de_l_oracle():
    fichier = DONNEES / "ca_normes_service_2017_2018.csv"
    bilan = importer(fichier)
    assert (bilan["valeurs"], bilan["erreurs"]) == (44, [])
    oracle = lire(DONNEES / "oracle" / "ca_normes_service_2017_2018__agregats_calcules.csv")
    assert verifier_contre(publier("2018-T1"), oracle, fichier) == 0


def test_sans_partiel_une_seule_ligne_impossible_retient_tout_le_fichier():
    from django.core.management.base import CommandError

    from indicateurs.models import Valeur

    with pytest.raises(CommandError, match=r"^7 erreurs\s: rien n'a été écrit\.$"):
        call_command(
            "importer_valeurs", str(DONNEES / "uk_govuk_transactions.csv"), "--creer", "--valider", stderr=StringIO()
        )
    assert not Valeur.objects.exists()


def test_les_lignes_refusees_corrigees_s_importent_sans_refus(tmp_path):
    refusees = tmp_path / "refusees.csv"
    importer(DONNEES / "uk_govuk_transactions.csv", "--partiel", "--refusees", str(refusees))
    corrigees = [ligne | {"numerateur": ligne["denominateur"]} for ligne in lire(refusees)]
    with refusees.open("w", newline="", encoding="utf-8") as flux:
        sortie = csv.DictWriter(flux, corrigees[0])
        sortie.writeheader()
        sortie.writerows(corrigees)
    bilan = importer(refusees)
    assert (len(corrigees), bilan["erreurs"], bilan["avertissements"]) == (7, [], [])


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
