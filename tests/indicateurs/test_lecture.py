"""Un fichier de valeurs donne en une passe toutes ses lignes et toutes ses erreurs, et ne lève jamais."""

import pytest

from indicateurs.lecture import COLONNES, FACULTATIVES, IGNOREES, Ligne, lire
from tests.lectures import BONNE, ENTETE, dites, seule_erreur


def test_une_ligne_bien_formee_est_lue_en_entier(fichier_lu):
    lecture = fichier_lu([ENTETE + ",absence,motif,note", BONNE + ",,,à suivre"])
    assert lecture.erreurs == []
    assert lecture.lignes == [Ligne(2, "Ministère A", "MA", "2023-T1", "PAPIER", 5, 10, "", "", "à suivre")]


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("fin", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separateur", [",", ";", "\t"])
def test_l_encodage_les_fins_de_ligne_et_le_separateur_sont_reconnus(fichier_lu, encodage, fin, separateur):
    texte = fin.join([ENTETE, BONNE, "", BONNE.replace("T1", "T2")]).replace(",", separateur)
    lecture = fichier_lu(texte, encodage)
    assert lecture.erreurs == []
    assert [(ligne.numero, ligne.organisation, ligne.numerateur) for ligne in lecture.lignes] == [
        (2, "Ministère A", 5),
        (4, "Ministère A", 5),
    ]


def test_l_ordre_la_casse_et_les_colonnes_vides_de_l_entete_sont_libres(fichier_lu):
    lecture = fichier_lu(
        ["Denominateur; NUMERATEUR ;Indicateur;TRIMESTRE;sigle;Organisation;;", "10;5;P;2023-T1;MA;A;;"]
    )
    assert lecture.erreurs == []
    assert (lecture.lignes[0].numerateur, lecture.lignes[0].denominateur) == (5, 10)


@pytest.mark.parametrize(
    "entete", ["Numérateur,DÉNOMINATEUR", "numerateur,de\u0301nominateur", "\u00a0NUMÉRATEUR ,Dénominateur"]
)
def test_les_accents_de_l_entete_sont_libres(fichier_lu, entete):
    lecture = fichier_lu([f"Organisation,Sigle,Trimestre,Indicateur,{entete}", BONNE])
    assert lecture.colonnes == list(COLONNES)
    assert (lecture.erreurs, len(lecture.lignes)) == ([], 1)


def test_une_preuve_et_une_justification_accompagnent_une_valeur(fichier_lu):
    preuve = f"https://{'x' * 492}"
    (ligne,) = fichier_lu([f"{ENTETE},Preuve,Justification", f'{BONNE},{preuve},"un écart\r\nvoulu"']).lignes
    assert (ligne.preuve, ligne.justification) == (preuve, "un écart\nvoulu")


def test_ce_qui_n_est_la_que_pour_la_personne_s_ignore_quoi_qu_il_contienne(fichier_lu, tableau):
    titres = ["Intitulé", "Définition", "Précédent numérateur", "Précédent  dénominateur", "Erreurs"]
    lecture = fichier_lu([",".join([ENTETE, *titres]), f"{BONNE},a\u0007,{'x' * 5000},ND,-1,refusée"])
    assert lecture.colonnes[6:] == [*IGNOREES[1:], "erreurs"]
    assert (lecture.erreurs, len(lecture.lignes)) == ([], 1)
    lecture = lire(tableau([*COLONNES, *titres], [*BONNE.split(","), "=1", "#REF!", True, "=1/0", None]))
    assert (lecture.erreurs, len(lecture.lignes)) == ([], 1)


def test_un_entete_faux_dit_tout_ce_qui_lui_manque_d_un_coup(fichier_lu):
    lecture = fichier_lu(["sigle,sigle,trimestre,indicateur,numerateur,taux", "a,b,c,d,e,f"])
    assert lecture.lignes == []
    manquantes, inconnues, doubles = lecture.erreurs
    assert "manquantes\u00a0: organisation, denominateur." in manquantes.attendu
    assert "inconnues\u00a0: taux." in inconnues.attendu
    assert "en double\u00a0: sigle." in doubles.attendu
    assert all(erreur.ligne == 1 and erreur.lu.startswith("sigle, sigle") for erreur in lecture.erreurs)
    assert all(ENTETE.replace(",", ", ") in str(erreur) for erreur in lecture.erreurs)


def test_les_lignes_vides_et_les_blancs_autour_ne_comptent_pas(fichier_lu):
    lecture = fichier_lu(
        ["", " , ,", ENTETE, ",,,,,", "  ;", " \u00a0Ministère A  , MA\t, 2023-T1 ,PAPIER, 5 ,10 ", " , ,\t,,,,,"]
    )
    assert dites(lecture) == [(5, "")]
    assert lecture.lignes == [Ligne(6, "Ministère A", "MA", "2023-T1", "PAPIER", 5, 10, "", "", "")]


def test_le_separateur_est_celui_de_l_entete_meme_apres_des_lignes_vides(fichier_lu):
    assert len(fichier_lu(["", ";;", ENTETE.replace(",", ";"), "A, B, C;MA;2023-T1;P;1;2"]).lignes) == 1


def test_les_textes_sont_normalises_en_nfc(fichier_lu):
    (ligne,) = fichier_lu([ENTETE, BONNE.replace("è", "e\u0300")]).lignes
    assert ligne.organisation == "Ministère A"


def test_toutes_les_erreurs_de_toutes_les_lignes_viennent_en_une_passe(fichier_lu):
    lecture = fichier_lu([ENTETE, "A,é!,2023T1,,1e3,", BONNE, "B,B,2023-T5,P,-1,²"])
    assert sorted(dites(lecture)) == sorted(
        [(2, colonne) for colonne in ("sigle", "trimestre", "indicateur", "numerateur", "denominateur")]
        + [(4, colonne) for colonne in ("trimestre", "numerateur", "denominateur")]
    )
    assert [ligne.numero for ligne in lecture.lignes] == [3]
    assert [numero for numero, _ in lecture.refusees] == [2, 4]
    assert "valeurs.csv, ligne 2, trimestre, lu «\u00a02023T1\u00a0». Un trimestre est attendu, comme 2023-T1." in [
        str(erreur) for erreur in lecture.erreurs
    ]


@pytest.mark.parametrize(
    ("colonne", "texte"),
    [
        ("organisation", ""),
        ("organisation", "x" * 251),
        ("organisation", "x" * 40_000),
        ("organisation", "Min\u0000istère".replace("\u0000", "\u0007")),
        ("organisation", "Ministère\u001c"),
        ("organisation", "Mini\u0085stère"),
        ("sigle", ""),
        ("sigle", "M/A"),
        ("sigle", "-MA"),
        ("sigle", "M\nA"),
        ("sigle", "x" * 41),
        ("trimestre", "2023-T0"),
        ("trimestre", "2023-t1"),
        ("trimestre", "1989-T1"),
        ("trimestre", "2101-T1"),
        ("trimestre", "２０２３-T1"),
        ("trimestre", "T1-2023"),
        ("indicateur", "a_b"),
        ("indicateur", "x" * 41),
        ("numerateur", ""),
        ("numerateur", "-5"),
        ("numerateur", "1,5"),
        ("numerateur", "11"),
        ("denominateur", "9" * 4301),
        ("denominateur", "1_000"),
        ("absence", "N/D"),
        ("motif", "x" * 501),
        ("note", "x" * 1001),
        ("justification", "x" * 1001),
        ("preuve", "javascript:alert(1)"),
        ("preuve", "exemple.quebec/preuve"),
        ("preuve", "https://"),
        ("preuve", "https://exemple.quebec/une preuve"),
        ("preuve", f"https://{'x' * 493}"),
    ],
)
def test_une_case_fautive_est_nommee_et_sa_ligne_refusee(fichier_lu, colonne, texte):
    cases = dict(zip(COLONNES + FACULTATIVES, [*BONNE.split(","), *[""] * 5], strict=True))
    cases[colonne] = f'"{texte}"'
    erreur = seule_erreur(fichier_lu([",".join(cases), ",".join(cases.values())]))
    assert (erreur.ligne, erreur.colonne) == (2, colonne)
    assert len(erreur.lu) <= 81


@pytest.mark.parametrize("sigle", ["M", "MA-2", "S. A. & Fils", "L'ÉTS", "x" * 40])
def test_un_sigle_peut_avoir_des_accents_et_des_espaces(fichier_lu, sigle):
    assert [ligne.sigle for ligne in fichier_lu([ENTETE, f"A,{sigle},2023-T1,P,1,2"]).lignes] == [sigle]


def test_un_retour_de_ligne_dans_une_case_garde_les_numeros_physiques(fichier_lu):
    lecture = fichier_lu([ENTETE + ",note", BONNE + ',"une\nnote"', "B,MA,2023-T2,PAPIER,5,,"])
    assert lecture.lignes[0].note == "une\nnote"
    assert dites(lecture) == [(4, "denominateur")]


@pytest.mark.parametrize(
    ("numerateur", "denominateur", "attendus"),
    [
        ("0", "0", (0, 0)),
        ("0", "7", (0, 7)),
        ('"40,000"', '"1,234,567"', (40_000, 1_234_567)),
        ("1\u202f234", "1\u00a0234", (1234, 1234)),
        ("12.0", "12", (12, 12)),
    ],
)
def test_zero_est_un_nombre_et_les_milliers_se_lisent(fichier_lu, numerateur, denominateur, attendus):
    (ligne,) = fichier_lu([ENTETE, f"A,MA,2023-T1,P,{numerateur},{denominateur}"]).lignes
    assert (ligne.numerateur, ligne.denominateur, ligne.absence) == (*attendus, "")


def test_la_virgule_des_milliers_n_est_lue_que_dans_un_fichier_a_virgules(fichier_lu):
    assert fichier_lu([ENTETE, 'A,MA,2023-T1,P,"1,000","2,000"']).lignes[0].numerateur == 1000
    assert dites(fichier_lu([ENTETE.replace(",", ";"), "A;MA;2023-T1;P;1,000;2000"])) == [(2, "numerateur")]


def test_une_virgule_de_milliers_sans_guillemets_ne_deplace_pas_les_cases(fichier_lu):
    erreur = seule_erreur(fichier_lu([ENTETE, "A,MA,2023-T1,P,1,234,5678"]))
    assert erreur.attendu == "6 cases sont attendues, cette ligne en a 7."


def test_une_case_de_nombre_vide_dit_ce_qui_peut_s_y_ecrire(fichier_lu):
    erreur = seule_erreur(fichier_lu([ENTETE, "A,MA,2023-T1,P,,2"]))
    assert erreur.attendu.startswith("Un nombre est attendu\u00a0: 0 pour zéro, ND s'il n'est pas disponible")


def test_un_numerateur_sans_denominateur_est_refuse(fichier_lu):
    erreur = seule_erreur(fichier_lu([ENTETE, "A,MA,2023-T1,P,3,0"]))
    assert (erreur.colonne, erreur.attendu) == ("numerateur", "Le numérateur dépasse le dénominateur, 0.")


@pytest.mark.parametrize(
    ("cases", "attendus"),
    [
        ("ND,ND,,", ("NON_DISPONIBLE", "non précisé")),
        ("nd,,,", ("NON_DISPONIBLE", "non précisé")),
        (",Nd,,panne", ("NON_DISPONIBLE", "panne")),
        ("SO,so,,", ("SANS_OBJET", "")),
        (",,NON_DISPONIBLE,panne", ("NON_DISPONIBLE", "panne")),
        (",,nd,panne", ("NON_DISPONIBLE", "panne")),
        (",,sans_objet,", ("SANS_OBJET", "")),
        ("ND,ND,ND,", ("NON_DISPONIBLE", "non précisé")),
        (",,Non disponible,panne", ("NON_DISPONIBLE", "panne")),
        (",,SANS\u00a0OBJET,", ("SANS_OBJET", "")),
        (",,Sàns  objet,", ("SANS_OBJET", "")),
        ("Non  disponible,,,", ("NON_DISPONIBLE", "non précisé")),
    ],
)
def test_une_absence_est_une_reponse_a_part_entiere(fichier_lu, cases, attendus):
    lecture = fichier_lu([ENTETE + ",absence,motif", f"A,MA,2023-T1,P,{cases}"])
    assert lecture.erreurs == []
    (ligne,) = lecture.lignes
    assert (ligne.absence, ligne.motif) == attendus
    assert ligne.numerateur is None
    assert ligne.denominateur is None


@pytest.mark.parametrize(
    ("cases", "colonnes"),
    [
        ("ND,5,,", ["denominateur"]),
        ("5,10,ND,panne", ["numerateur", "denominateur"]),
        ("0,0,SO,", ["numerateur", "denominateur"]),
        ("ND,SO,,", ["absence"]),
        ("ND,ND,SO,", ["absence"]),
        (",,NON_DISPONIBLE,", ["motif"]),
        (",,NON_DISPONIBLE,\u3000", ["motif"]),
        (",,,", ["numerateur", "denominateur"]),
        ("ſo,ſo,,", ["numerateur", "denominateur"]),
    ],
)
def test_une_absence_contradictoire_ou_sans_motif_est_refusee(fichier_lu, cases, colonnes):
    lecture = fichier_lu([ENTETE + ",absence,motif", f"A,MA,2023-T1,P,{cases}"])
    assert lecture.lignes == []
    assert dites(lecture) == [(2, colonne) for colonne in colonnes]


def test_la_meme_valeur_deux_fois_nomme_la_premiere_ligne(fichier_lu):
    lecture = fichier_lu([ENTETE, BONNE, BONNE.replace("T1", "T2"), "Autre,ma,2023-T1,papier,1,2"])
    assert len(lecture.lignes) == 2
    (erreur,) = lecture.erreurs
    assert (erreur.ligne, erreur.attendu) == (4, "Cette valeur est déjà donnée à la ligne 2.")


def test_une_ligne_refusee_dit_encore_qui_elle_nommait(fichier_lu):
    lecture = fichier_lu([ENTETE, "A,Ma,2023-T1,Papier,3,2", "x", "A,MA,2023-T9,P,1,2", "A,é!,2023-T1,P,1,2"])
    assert lecture.lignes == []
    assert lecture.vues == {("ma", "2023-T1", "papier"): 2}


def test_une_ligne_bonne_garde_ses_cases_telles_qu_ecrites(fichier_lu):
    (ligne,) = fichier_lu([ENTETE, "Ministère A ,MA,2023-T1,PAPIER,1 000,1 000.0"]).lignes
    assert ligne.brutes == ("Ministère A ", "MA", "2023-T1", "PAPIER", "1 000", "1 000.0")
