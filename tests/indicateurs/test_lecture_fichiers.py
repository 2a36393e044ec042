"""Tout fichier, même abîmé, donne des lignes ou des erreurs; ses refus se corrigent et se relisent."""

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from indicateurs import lecture as module
from indicateurs.classeur import Limites
from indicateurs.lecture import COLONNES, DEPOT, Lecture, Ligne, ecrire_refusees, lire
from indicateurs.texte import desarmer, rearmer
from tests.lectures import BONNE, ENTETE, dites, seule_erreur


@pytest.mark.parametrize(
    ("contenu", "phrase"),
    [
        (b"", "vide"),
        (b"\xef\xbb\xbf\n\n ,,\n", "vide"),
        (f"{ENTETE}\n{BONNE}".encode("utf-16"), "UTF-16"),
        (f"{ENTETE}\n{BONNE}\x00".encode(), "UTF-16 ou n'est pas du texte"),
        (f"{ENTETE}\nÉa".encode("cp1252") + b"\x81", "ni en UTF-8 ni en Windows-1252"),
        (f"{ENTETE}\n{BONNE}".encode() + b"\xe9", "mélange"),
        (f"\ufeff{ENTETE}\n".encode() + b"\xe9", "mélange"),
        (b"a" * 3_000_000, "million de caractères"),
        (b"PK\x03\x04 pas une archive", "ne se lit pas"),
    ],
)
def test_un_fichier_qui_n_est_pas_du_texte_est_refuse_d_une_phrase(fichier_lu, contenu, phrase):
    erreur = seule_erreur(fichier_lu(contenu))
    assert erreur.ligne == 0
    assert phrase in erreur.attendu


def test_un_fichier_trop_lourd_absent_ou_qui_est_un_dossier_est_refuse_d_une_phrase(tmp_path):
    assert seule_erreur(lire(tmp_path / "absent.csv")).attendu == "Ce fichier ne s'ouvre pas."
    assert seule_erreur(lire(tmp_path)).attendu == "Ce fichier ne s'ouvre pas."
    (tmp_path / "lourd.csv").write_text(f"{ENTETE}\n{BONNE}\n")
    erreur = seule_erreur(lire(tmp_path / "lourd.csv", limites=Limites(octets=50)))
    assert erreur.attendu.startswith("Ce fichier pèse plus de 0\u00a0Mo")


def test_un_guillemet_mal_ferme_est_une_erreur_et_la_suite_se_lit(fichier_lu):
    lecture = fichier_lu([ENTETE, '"A"x,MA,2023-T1,P,1,2', BONNE, '"B,MA,2023-T1,P,1,2'])
    assert dites(lecture) == [(2, ""), (4, "")]
    assert [ligne.numero for ligne in lecture.lignes] == [3]
    assert lecture.refusees[0] == (2, {"organisation": '"A"x,MA,2023-T1,P,1,2\n'})


@pytest.mark.parametrize("ouverte", ['"A,MA,2023-T1,P,1,2', 'A,MA,2023-T1,P,1,"2', '"A,""MA"",2023-T1,P,1,2'])
def test_un_guillemet_jamais_ferme_ne_cache_aucune_des_lignes_qui_suivent(fichier_lu, ouverte):
    suite = [BONNE.replace("MA", f"M{rang}") for rang in range(300)]
    lecture = fichier_lu([ENTETE, BONNE, ouverte, *suite[:150], 'B,MB,2023-T1,P,"1,2', *suite[150:]])
    assert dites(lecture) == [(3, ""), (154, "")]
    assert [ligne.numero for ligne in lecture.lignes] == [2, *range(4, 154), *range(155, 305)]
    assert lecture.refusees[0][1] == {"organisation": f"{ouverte}\n"}


def test_des_guillemets_tous_mal_fermes_ne_se_relisent_pas_sans_fin(fichier_lu):
    lecture = fichier_lu([ENTETE, *['a","b'] * 3000])
    assert len(lecture.refusees) == 3000


def test_un_fichier_qui_n_a_qu_un_entete_est_une_erreur(fichier_lu, tableau):
    assert seule_erreur(fichier_lu([ENTETE, "", ",,,,,"])).attendu == "Ce fichier n'a aucune ligne de valeurs."
    assert seule_erreur(lire(tableau(COLONNES))).attendu == "Ce fichier n'a aucune ligne de valeurs."


def test_un_fichier_de_refusees_qui_ne_s_ecrit_pas_ne_laisse_rien_derriere_lui(fichier_lu, tmp_path, monkeypatch):
    lecture = fichier_lu([ENTETE, "x"])
    (tmp_path / "avant.csv").write_text("avant")
    monkeypatch.setattr(module.csv.DictWriter, "writerow", lambda *_: (_ for _ in ()).throw(OSError("disque plein")))
    with pytest.raises(OSError, match="disque plein"):
        ecrire_refusees(tmp_path / "avant.csv", lecture)
    assert (tmp_path / "avant.csv").read_text() == "avant"
    assert {chemin.name for chemin in tmp_path.iterdir()} == {"avant.csv", "valeurs.csv"}


@pytest.mark.parametrize("ligne", ["A,MA,2023-T1,P,1", "A,MA,2023-T1,P,1,2,3", "A"])
def test_une_ligne_trop_courte_ou_trop_longue_est_refusee(fichier_lu, ligne):
    assert "6 cases sont attendues" in seule_erreur(fichier_lu([ENTETE, ligne])).attendu


def test_un_fichier_presque_tout_faux_s_arrete_et_n_importe_rien(fichier_lu, monkeypatch):
    monkeypatch.setattr(module, "REFUSEES_MAXIMALES", 10)
    lecture = fichier_lu([ENTETE, BONNE, *["x"] * 50])
    assert lecture.lignes == lecture.refusees == []
    assert len(lecture.erreurs) == 12
    assert "la lecture s'arrête là" in lecture.erreurs[-1].attendu


def test_le_nom_que_la_personne_connait_est_celui_des_erreurs(tmp_path):
    (tmp_path / "tmp123").write_text("")
    assert lire(tmp_path / "tmp123", nom="mes\nvaleurs.csv").erreurs[0].fichier == "mes valeurs.csv"


def test_les_lignes_refusees_se_corrigent_et_se_relisent(fichier_lu, tmp_path):
    lecture = fichier_lu([f"note,{ENTETE}", f"une note,{BONNE}", "n,B,MB,2023T1,P,1,-2", "n,C,MC,2023-T1,P,1,234,5678"])
    ecrire_refusees(tmp_path / "refusees.csv", lecture)
    texte = (tmp_path / "refusees.csv").read_text(encoding="utf-8")
    premiere, seconde = csv.DictReader(texte.splitlines())
    assert list(premiere) == ["note", *COLONNES, "erreurs"]
    assert premiere["trimestre"] == "2023T1"
    assert "trimestre\u00a0: Un trimestre est attendu" in premiere["erreurs"]
    assert "denominateur\u00a0: Ce nombre est négatif" in premiere["erreurs"]
    assert seconde["organisation"] == "n | C | MC | 2023-T1 | P | 1 | 234 | 5678"
    relue = fichier_lu(texte)
    assert (relue.lignes, [numero for numero, _ in relue.refusees]) == ([], [2, 3])
    ecrire_refusees(tmp_path / "encore.csv", relue)
    assert (tmp_path / "encore.csv").read_text(encoding="utf-8").splitlines()[0] == f"note,{ENTETE},erreurs"
    corrigee = fichier_lu(texte.replace("2023T1", "2023-T1").replace("-2", "2"))
    assert [ligne.sigle for ligne in corrigee.lignes] == ["MB"]


def test_les_lignes_refusees_ne_portent_aucune_formule(tmp_path):
    textes = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "-5", "+5", "-1,5", "a=b"]
    lecture = Lecture("f", ["note"], refusees=[(rang, {"note": texte}) for rang, texte in enumerate(textes)])
    ecrire_refusees(tmp_path / "refusees.csv", lecture)
    with (tmp_path / "refusees.csv").open(encoding="utf-8", newline="") as flux:
        ecrits = [ligne["note"] for ligne in csv.DictReader(flux)]
    assert ecrits == [f"'{texte}" for texte in textes[:7]] + textes[7:]


def test_une_ligne_refusee_deux_fois_ne_prend_qu_une_apostrophe(fichier_lu, tmp_path):
    lecture = fichier_lu([f"{ENTETE},note", "A,MA,2023-T1,P,1,-2,=1+1"])
    for nom in ("une.csv", "deux.csv"):
        ecrire_refusees(tmp_path / nom, lecture)
        lecture = fichier_lu((tmp_path / nom).read_text(encoding="utf-8"))
    assert "'=1+1" in (tmp_path / "deux.csv").read_text(encoding="utf-8").split(",")
    corrigee = fichier_lu((tmp_path / "deux.csv").read_text(encoding="utf-8").replace("-2", "2"))
    assert [ligne.note for ligne in corrigee.lignes] == ["=1+1"]


@given(st.text(st.sampled_from("'=+-@＝\t\r\n 5a")) | st.text())
@example("'=1")
@example("''-1")
def test_un_texte_desarme_ne_commence_par_aucun_signe_et_se_rearme_intact(texte):
    desarme = desarmer(texte)
    assert rearmer(desarme) == texte
    assert (
        desarme.lstrip()[:1] not in set("=+-@＝") or desarme.lstrip("+-").replace(",", ".").replace(".", "").isdigit()
    )
    assert desarme[:1] not in set("\t\r")


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_un_depot_a_au_plus_deux_mille_lignes_de_valeurs(fichier_lu, tableau, tmp_path, format_):
    lignes = [["A", "MA", "2023-T1", f"I-{rang}", "1", "2"] for rang in range(2001)]
    for nombre, attendu in ((2000, []), (2001, ["Plus de 2\u00a0000 lignes de valeurs\u00a0: découpez ce fichier."])):
        rangees = [COLONNES, *lignes[:1], [""] * 6, *lignes[1:nombre]]
        if format_ == "csv":
            (tmp_path / "depot.csv").write_text("\n".join(map(",".join, rangees)))
        chemin = tableau(*rangees) if format_ == "xlsx" else tmp_path / "depot.csv"
        lecture = lire(chemin, limites=DEPOT)
        assert [erreur.attendu for erreur in lecture.erreurs] == attendu
        assert len(lecture.lignes) == (0 if attendu else nombre)
        assert len(lire(chemin).lignes) == nombre


def test_un_csv_depose_pese_au_plus_cinq_megaoctets(tmp_path):
    (tmp_path / "lourd.csv").write_text(f"{ENTETE}\n" + "\n" * 5_000_000)
    assert "plus de 5\u00a0Mo" in seule_erreur(lire(tmp_path / "lourd.csv", limites=DEPOT)).attendu


def test_un_classeur_se_lit_comme_un_csv_et_ses_erreurs_ont_une_adresse(tmp_path):
    classeur = Workbook()
    feuille = classeur.active
    feuille.append([*COLONNES, "motif", None])
    feuille.append(["Ministère A", "MA", "2023-T1", "PAPIER", 0, 10.0])
    feuille.append([])
    feuille.append(["Ministère A", "MA", "2023-T2", "PAPIER", "ND", None, "panne"])
    feuille.append(["Ministère A", "MA", "2023-T3", "PAPIER", "=1+1", 12.5])
    feuille.append(["Ministère A", "MA", "2023-T4", "PAPIER", None, "1,000"])
    classeur.save(tmp_path / "valeurs")
    lecture = lire(tmp_path / "valeurs", nom="valeurs.xlsx")
    assert lecture.lignes == [
        Ligne(2, "Ministère A", "MA", "2023-T1", "PAPIER", 0, 10, "", "", ""),
        Ligne(4, "Ministère A", "MA", "2023-T2", "PAPIER", None, None, "NON_DISPONIBLE", "panne", ""),
    ]
    assert [(erreur.colonne, erreur.lu) for erreur in lecture.erreurs] == [
        ("E5 (numerateur)", "=1+1"),
        ("F5 (denominateur)", "12.5"),
        ("E6 (numerateur)", ""),
        ("F6 (denominateur)", "1,000"),
    ]
    assert lecture.erreurs[0].attendu == "Une formule est écrite, sa valeur est attendue."


OCTETS = st.binary(max_size=300) | st.tuples(
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    st.lists(st.text(alphabet='aé,;\t"0123ND-T \u00a0\u0301\r\n=\u0007', max_size=30), max_size=6),
).map(lambda paire: "\n".join([ENTETE, *paire[1]]).encode(paire[0], "ignore"))


@settings(deadline=None)
@given(OCTETS)
@example(b"\x0b")
def test_n_importe_quels_octets_donnent_des_lignes_ou_des_erreurs(octets):
    with tempfile.TemporaryDirectory() as dossier:
        chemin = Path(dossier) / "valeurs.csv"
        chemin.write_bytes(octets)
        lecture = lire(chemin)
        assert len({erreur.ligne for erreur in lecture.erreurs} - {0, 1}) >= bool(lecture.refusees)
        assert all("\n" not in str(erreur) for erreur in lecture.erreurs)
        ecrire_refusees(Path(dossier) / "refusees.csv", lecture)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=20), st.integers(0, 10**15)),
        min_size=1,
    )
)
def test_ce_qui_s_ecrit_en_csv_se_relit_intact(paires):
    with tempfile.TemporaryDirectory() as dossier:
        chemin = Path(dossier) / "valeurs.csv"
        with chemin.open("w", encoding="utf-8", newline="") as flux:
            sortie = csv.writer(flux)
            sortie.writerow(COLONNES)
            for rang, (nom, nombre) in enumerate(paires):
                sortie.writerow([f"A{nom}Z", f"S{rang}", "2023-T1", "P", nombre, f"{nombre:,}"])
        lecture = lire(chemin)
    assert lecture.erreurs == []
    assert [(ligne.numerateur, ligne.denominateur) for ligne in lecture.lignes] == [(n, n) for _, n in paires]
