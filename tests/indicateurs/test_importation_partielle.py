"""Un fichier pris en partie: les bonnes lignes entrent, les autres sont rangées; les deux, ou rien."""

from functools import partial

import pytest
from django.core.management.base import CommandError
from django.db import DataError

from indicateurs.importation import Importation
from indicateurs.models import Indicateur, Trimestre, Valeur
from organisations.models import Organisation
from tests import fabrique as f
from tests.lectures import ENTETE, IMPOSSIBLE, RAMQ, ecrire_csv, importer, rangees, refuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def fichier(tmp_path):
    """Écrit un CSV et rend son chemin."""
    return partial(ecrire_csv, tmp_path / "reprise.csv")


def test_partiel_ecrit_les_bonnes_lignes_et_range_les_autres_pretes_a_relire(fichier, tmp_path):
    refusees = tmp_path / "refusees.csv"
    chemin = fichier(RAMQ, "Régie,RAMQ 2,2022-T4,sans-papier,3,2", "Régie 3,RAMQ3,2022-T4,sans-papier,1 ,")
    bilan = importer(chemin, "--creer", "--valider", "--partiel", "--refusees", str(refusees))
    assert (bilan["valeurs"], len(bilan["erreurs"]), bilan["refusees"]) == (1, 2, str(refusees))
    refusees.write_text(refusees.read_text().replace(",3,2,", ",1,2,").replace(",1 ,,", ",1,4,"))
    encore = importer(str(refusees), "--creer", "--valider")
    assert (encore["valeurs"], encore["erreurs"]) == (2, [])


def test_un_fichier_illisible_ne_se_prend_pas_en_partie(fichier, tmp_path):
    binaire = tmp_path / "image.csv"
    binaire.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    assert refuser(str(binaire), "--partiel", "--creer", "--valider")
    assert refuser(str(tmp_path / "absent.csv"), "--partiel")
    assert refuser(fichier(RAMQ, entete="a,b,c"), "--partiel")


def test_si_les_refusees_ne_s_ecrivent_pas_rien_ne_s_ecrit(fichier, tmp_path):
    chemin, options = fichier(RAMQ, IMPOSSIBLE), ("--creer", "--valider", "--partiel", "--refusees")
    for impossible in ("/nul/part.csv", str(tmp_path)):
        with pytest.raises(CommandError, match=r"^Rien n'a été écrit\s: le fichier des lignes refusées"):
            importer(chemin, *options, impossible)
        assert not Organisation.objects.exists()
        assert not Valeur.objects.exists()
    assert [autre.name for autre in tmp_path.iterdir()] == ["reprise.csv"]


def test_si_la_base_refuse_le_fichier_des_refusees_ne_parait_pas(fichier, tmp_path, monkeypatch):
    def en_panne(*args, **options):
        raise DataError("value too long for type character varying(40)\nDETAIL: …")

    monkeypatch.setattr(Importation, "_reprendre", en_panne)
    refusees = tmp_path / "refusees.csv"
    with pytest.raises(CommandError, match=r"La base refuse une de ces lignes\s: value too long"):
        importer(fichier(RAMQ, IMPOSSIBLE), "--creer", "--valider", "--partiel", "--refusees", str(refusees))
    assert not refusees.exists()
    assert not Organisation.objects.exists()


def test_refusees_sans_partiel_ou_sur_le_fichier_importe_est_refuse(fichier, tmp_path):
    chemin = fichier(RAMQ)
    with pytest.raises(CommandError, match="--partiel"):
        importer(chemin, "--creer", "--refusees", str(tmp_path / "refusees.csv"))
    with pytest.raises(CommandError, match="le fichier importé lui-même"):
        importer(chemin, "--creer", "--partiel", "--refusees", chemin)


def test_le_nom_choisi_par_defaut_n_ecrase_rien_et_le_nom_demande_ecrase(fichier, tmp_path, monkeypatch):
    (tmp_path / "ici").mkdir()
    monkeypatch.chdir(tmp_path / "ici")
    chemin, options = fichier(RAMQ, IMPOSSIBLE), ("--creer", "--valider", "--partiel")
    noms = [importer(chemin, *options)["refusees"] for _ in range(3)]
    assert noms == ["reprise.refusees.csv", "reprise.refusees-2.csv", "reprise.refusees-3.csv"]
    (tmp_path / "choisi.csv").write_text("avant")
    importer(chemin, *options, "--refusees", str(tmp_path / "choisi.csv"))
    assert [ligne["sigle"] for ligne in rangees(tmp_path / "choisi.csv")] == ["SA"]


def test_partiel_sans_une_seule_ligne_bonne_sort_en_erreur(fichier, tmp_path):
    refusees = tmp_path / "refusees.csv"
    erreurs = refuser(fichier(IMPOSSIBLE), "--creer", "--valider", "--partiel", "--refusees", str(refusees))
    assert [erreur["ligne"] for erreur in erreurs] == [2]
    assert not refusees.exists()


def test_un_fichier_sans_ligne_de_valeurs_est_refuse(fichier):
    (erreur,) = refuser(fichier(), "--creer", "--valider", "--partiel")
    assert erreur["attendu"] == "Ce fichier n'a aucune ligne de valeurs."


def test_une_ligne_refusee_compte_pour_le_premier_trimestre_et_se_reimporte_corrigee(fichier, tmp_path):
    refusees = tmp_path / "refusees.csv"
    ancienne = RAMQ.replace("2022-T4", "2021-T2").replace(",60,", ",160,")
    bilan = importer(fichier(RAMQ, ancienne), "--creer", "--valider", "--partiel", "--refusees", str(refusees))
    assert bilan["creees"] == {"trimestres": 1, "organisations": 1, "indicateurs": 1}
    assert Organisation.objects.get().assujettie_du.isoformat() == "2021-04-01"
    assert Indicateur.objects.get().definitions.get().applicable_du.isoformat() == "2021-04-01"
    refusees.write_text(refusees.read_text().replace(",160,", ",16,"))
    encore = importer(str(refusees), "--creer", "--valider")
    assert (encore["valeurs"], encore["erreurs"], encore["creees"]) == (1, [], {"trimestres": 1})


def test_creer_ne_cree_que_ce_qu_une_ligne_acceptee_nomme(fichier, tmp_path):
    lignes = (
        RAMQ,
        "Société A,SA,2022-T3,autre,3,2",
        "Autre régie,RAMQ,2022-T2,encore-un,1,2",
        "Société B,SB,2099-T1,lointain,1,2",
    )
    bilan = importer(fichier(*lignes), "--creer", "--valider", "--partiel", "--refusees", str(tmp_path / "r.csv"))
    assert bilan["creees"] == {"trimestres": 1, "organisations": 1, "indicateurs": 1}
    assert [(e["ligne"], e["colonne"]) for e in bilan["erreurs"]] == [
        (3, "numerateur"),
        (4, "organisation"),
        (5, "trimestre"),
    ]
    assert [o.sigle for o in Organisation.objects.all()] == ["RAMQ"]
    assert [i.code for i in Indicateur.objects.all()] == ["sans-papier"]
    assert [t.code for t in Trimestre.objects.all()] == ["2022-T4"]


def test_une_ligne_refusee_par_la_base_ressort_telle_qu_ecrite_et_a_son_rang(fichier, tmp_path):
    f.organisation("RAMQ", nom="Régie de l'assurance maladie")
    f.indicateur("sans-papier")
    f.trimestre("2022-T4")
    entete = "note," + ENTETE + ",absence,motif"
    lignes = ["à voir,A,XA,2022-T4,sans-papier,ND ,nd,,panne", "n,B,XB,2022-T4,sans-papier,3,2,,"]
    lignes += [f"bonne,{RAMQ},,", "n,C,XC,2022-T4,sans-papier,,,SO,", "n,D,XD,2022-T4,sans-papier,1 000,2 000,,"]
    refusees = tmp_path / "refusees.csv"
    importer(fichier(*lignes, entete=entete), "--valider", "--partiel", "--refusees", str(refusees))
    ecrites = refusees.read_text(encoding="utf-8").splitlines()
    assert ecrites[0] == f"{entete},erreurs"
    assert [[ligne[nom] for nom in entete.split(",")] for ligne in rangees(refusees)] == [
        ligne.split(",") for ligne in lignes if not ligne.startswith("bonne")
    ]
    refusees.write_text(refusees.read_text().replace(",3,2,", ",2,3,"))
    encore = importer(str(refusees), "--creer", "--valider")
    assert (encore["valeurs"], encore["erreurs"]) == (4, [])
