"""Un fichier déposé qui ne convient pas est refusé en entier, par des phrases, et rien n'est écrit."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from indicateurs.tableur import OCTETS_MAXIMAUX
from tests import fabrique as f
from tests.classeurs import parties
from tests.indicateurs.depots import REMPLI, csv, deposer, refuse, remplir, telecharger
from tests.indicateurs.espace import CODE, Page, adresse, entree, etat, ouvrir, soumission
from tests.indicateurs.test_fichiers_sales import fichiers_sales

pytestmark = pytest.mark.django_db


@pytest.fixture
def ici(ici):
    f.trimestre("2023-T1")
    return ici


# --- ce qui n'est pas d'ici ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("titre", "valeur", "case", "phrase"),
    [
        ("Sigle", "AUTRE", "B2 (sigle)", "Le sigle de votre organisation est attendu\xa0: RAMQ."),
        ("Trimestre", "2023-T1", "C2 (trimestre)", "Le trimestre de cette page est attendu\xa0: 2023-T2."),
        ("Indicateur", "inconnu", "D2 (indicateur)", "Un indicateur à déclarer ce trimestre est attendu."),
        ("Indicateur", "retire", "D2 (indicateur)", "Un indicateur à déclarer ce trimestre est attendu."),
    ],
)
def test_ce_qui_est_d_un_autre_est_refuse_avec_sa_case(moi, ici, titre, valeur, case, phrase):
    autre = f.organisation("AUTRE")
    f.indicateur("retire", retire_le=f.trimestre(CODE).debut)
    octets = remplir(telecharger(moi, ici), REMPLI[0] | {titre: valeur}, REMPLI[1])
    page = refuse(moi, ici, octets, case, phrase, nom="a.xlsx")

    assert "1 point à corriger" in page.texte
    assert soumission(ici) is None
    assert soumission(autre) is None


def test_un_fichier_qui_mele_le_sien_et_celui_d_un_autre_n_ecrit_rien(moi, ici):
    autre = f.organisation("AUTRE")
    lignes = [f"RAMQ,RAMQ,{CODE},papier,1,2,,,", f"AUTRE,AUTRE,{CODE},ouvert,1,2,,,"]
    page = refuse(moi, ici, csv(*lignes), "ligne 3, sigle, lu «\xa0AUTRE\xa0»")

    assert page.formulaires.get(adresse("saisie", ici)) is None, "pas d'aperçu"
    assert soumission(autre) is None


def test_une_personne_d_une_autre_organisation_ne_depose_ni_ne_telecharge(ici):
    etranger = entree(f.declarant(f.organisation("AUTRE")))

    assert etranger.get(adresse("classeur", ici)).status_code == 404
    assert deposer(etranger, ici, csv(f"RAMQ,RAMQ,{CODE},papier,1,2,,,"), "a.csv").status_code == 404


def test_toutes_les_erreurs_viennent_d_un_coup_chacune_avec_sa_case(moi, ici):
    octets = remplir(
        telecharger(moi, ici),
        {"Sigle": "AUTRE", "Numérateur": 5, "Dénominateur": 10},
        {"Numérateur": "abc", "Dénominateur": -1, "Preuve": "ftp://x"},
    )
    refuse(moi, ici, octets, "4 points", "B2 (sigle)", "H3 (", "I3 (", "M3 (", nom="a.xlsx")


def test_une_case_vide_n_est_pas_un_zero(moi, ici):
    refuse(moi, ici, remplir(telecharger(moi, ici)), "H2 (numerateur)", "0 pour zéro", nom="a.xlsx")


# --- les fichiers hostiles -------------------------------------------------------------------------------------------


def test_sans_fichier_la_page_demande_lequel(moi, ici):
    avant = etat()
    page = Page(moi.post(adresse("tableur", ici)))

    assert (page.statut, etat()) == (400, avant)
    assert "Choisissez le fichier à vérifier." in page.texte


def test_un_fichier_de_plus_de_deux_mebioctets_est_trop_lourd(moi, ici):
    refuse(moi, ici, b"x" * (OCTETS_MAXIMAUX + 1), "plus de 2 Mio", statut=413)
    refuse(moi, ici, b"x" * OCTETS_MAXIMAUX)


def test_plus_de_deux_mille_rangees_sont_refusees(moi, ici):
    refuse(moi, ici, csv(*[f"RAMQ,RAMQ,{CODE},i{rang},1,2,,," for rang in range(2001)]), "Plus de 2\xa0000 lignes")


def test_une_formule_n_est_pas_evaluee(moi, ici):
    refuse(moi, ici, remplir(telecharger(moi, ici), {"Numérateur": "=1+1", "Dénominateur": 9}), "H2 (", nom="a.xlsx")


def zip_de(archive, contenu) -> bytes:
    return archive(contenu).read_bytes()


@pytest.mark.parametrize(
    "contenu",
    [
        lambda archive: zip_de(archive, parties() | {"xl/vbaProject.bin": b"macro"}),
        lambda archive: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096),
        lambda archive: zip_de(archive, parties() | {"xl/gros.xml": bytes(60_000_000)}),
        lambda archive: zip_de(archive, parties('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
        lambda archive: b"PK\x03\x04" + bytes(200),
        lambda archive: b"",
        lambda archive: b"\0" * 5000,
        lambda archive: bytes(range(256)) * 20,
        lambda archive: b"%PDF-1.7\n",
    ],
    ids=["macros", "chiffre", "bombe", "case lointaine", "tronque", "vide", "nuls", "octets", "pdf"],
)
def test_un_fichier_hostile_est_refuse_par_une_phrase(moi, ici, archive, contenu):
    page = refuse(moi, ici, contenu(archive), nom="valeurs.xlsx")

    assert "Traceback" not in page.texte


@pytest.mark.parametrize(
    "nom",
    [
        "../../etc/passwd",
        "..\\..\\a.csv",
        "/etc/passwd",
        "a\r\nSet-Cookie: x=1.csv",
        "<img src=x onerror=alert(1)>.csv",
        '"; rm -rf /.csv',
        "é" * 200 + ".csv",
        "x" * 5000,
        "\u202egpj.csv",
        "CON.xlsx",
        ".",
        "a\0b.csv",
        "$(id).csv",
        "'.csv",
        "%00.csv",
        "=cmd|x.csv",
    ],
    ids=range(16),
)
def test_un_nom_de_fichier_hostile_ne_sort_pas_de_sa_place(moi, ici, nom, tmp_path):
    avant = etat()
    fichier = SimpleUploadedFile("a.csv", b"x")
    fichier._name = nom  # sans le nettoyage de Django: celui du formulaire reçu le refait
    reponse = moi.post(adresse("tableur", ici), {"fichier": fichier})

    assert reponse.status_code == 400
    assert etat() == avant
    assert "<img" not in reponse.content.decode()
    assert "\r\nSet-Cookie: x" not in str(reponse.headers)
    assert not list(tmp_path.rglob("*passwd*"))


@pytest.mark.donnees
@pytest.mark.parametrize("chemin", fichiers_sales(), ids=lambda chemin: chemin.name)
def test_un_fichier_reel_d_un_autre_genre_est_refuse_avec_une_phrase(moi, ici, chemin: Path):
    statut = 413 if chemin.stat().st_size > OCTETS_MAXIMAUX else 400
    page = refuse(moi, ici, chemin.read_bytes(), nom=chemin.name, statut=statut)

    assert "Le fichier est bon" not in page.texte


def test_le_formulaire_reste_lisible_apres_un_refus(moi, ici):
    refuse(moi, ici, "n'importe quoi")
    assert ouvrir(moi, ici).statut == 200
