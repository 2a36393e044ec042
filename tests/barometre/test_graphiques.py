"""La géométrie: des relevés exacts, des trous jamais franchis, des noms qui ne se touchent pas. Sans base."""

from fractions import Fraction
from itertools import pairwise

import pytest

from barometre import tableaux
from barometre.chiffres import Serie
from barometre.formats import en_csv, lire_csv
from barometre.graphiques import ETROIT, LARGE, MOYEN, couleurs, dessiner, ecarter, mesurer, relever
from barometre.graphiques.figure import BANDE, Ecrits, figurer
from barometre.graphiques.planche import Legende, composer
from barometre.pages.courbes import COURBE
from indicateurs.affichage import pour_cent_exact
from indicateurs.arithmetique import rang
from tests.barometre.suites import serie

CADRES = [LARGE, MOYEN, ETROIT]


def trace(courbe, cle):
    return next(t for t in courbe.traces if t.cle == cle)


@pytest.mark.parametrize("cadre", CADRES)
def test_l_axe_va_toujours_de_zero_a_cent(cadre):
    courbe = dessiner(serie({"2022-T1": 40, "2022-T2": 41}), cadre)
    assert [g.texte for g in courbe.graduations] == [f"{p}\xa0%" for p in (0, 25, 50, 75, 100)]
    assert (courbe.graduations[0].y, courbe.graduations[-1].y) == (cadre.plancher, cadre.haut)


@pytest.mark.parametrize("cadre", CADRES)
def test_un_trimestre_manquant_est_un_trou_jamais_un_pont(cadre):
    courbe = dessiner(serie({"2022-T1": 40, "2022-T2": None, "2022-T3": 42, "2023-T1": 50}), cadre)
    assert [[p.rang for p in s] for s in trace(courbe, "observe").segments] == [
        [rang("2022-T1")],
        [rang("2022-T3")],
        [rang("2023-T1")],
    ]
    assert trace(courbe, "observe").ligne == ""


def test_un_point_par_trimestre_connu_et_aucun_a_zero_pour_l_absent():
    courbe = dessiner(serie({"2022-T1": 0, "2022-T2": None, "2022-T3": 42}), LARGE)
    assert [p.part for p in trace(courbe, "observe").points] == [0, Fraction(42, 100)]
    assert trace(courbe, "observe").marques.count("M") == 2


@pytest.mark.parametrize("cadre", CADRES)
def test_les_points_places_rendent_la_part_exacte(cadre):
    courbe = dessiner(serie({"2022-T1": 40, "2022-T2": 75, "2022-T3": 100}, panel=True), cadre)
    for une in courbe.traces:
        for point in une.points:
            relu = (cadre.plancher - point.y) / (cadre.plancher - cadre.haut)
            assert relu == pytest.approx(float(point.part), abs=0.0005)
            assert cadre.gauche <= point.x <= cadre.bord


def test_le_chemin_se_prolonge_jusqu_a_la_cible_et_commence_a_son_premier_point():
    courbe = dessiner(serie({"2021-T4": 10, "2022-T1": 40, "2022-T2": 41}), LARGE)
    cible = trace(courbe, "cible").points
    assert (cible[0].rang, cible[-1].rang) == (rang("2022-T1"), rang("2023-T4"))
    assert cible[-1].part == Fraction(60, 100)
    assert trace(courbe, "cible").nom.texte == "cible 60\xa0%"


def test_sans_cible_ni_panel_il_n_y_a_qu_une_ligne():
    courbe = dessiner(serie({"2022-T1": 40, "2022-T2": 41}, points=()), LARGE)
    assert [t.cle for t in courbe.traces] == ["observe"]


def test_une_rupture_coupe_la_ligne_et_se_place_entre_deux_trimestres():
    courbe = dessiner(serie({"2022-T1": 40, "2022-T2": 41, "2022-T3": 20}, ruptures=["2022-07-15"]), LARGE)
    segments = trace(courbe, "observe").segments
    assert [len(s) for s in segments] == [2, 1]
    assert segments[0][-1].x < courbe.ruptures[0].x < segments[1][0].x
    assert len(trace(courbe, "cible").segments) == 1


def test_une_rupture_hors_de_la_serie_ne_se_dessine_pas():
    courbe = dessiner(serie({"2022-T1": 40, "2022-T2": 41}, ruptures=["2019-01-01", "2022-01-01", "2022-12-01"]), LARGE)
    assert courbe.ruptures == ()


@pytest.mark.parametrize("cadre", CADRES)
def test_les_noms_des_lignes_ne_se_touchent_pas_et_restent_dans_le_cadre(cadre):
    for part in (0, 25, 100):
        courbe = dessiner(serie({"2022-T1": part, "2022-T2": part}, panel=True, points=(("2022-T1", part),)), cadre)
        hauteurs = sorted(t.nom.y for t in courbe.traces)
        assert all(b - a >= 14 for a, b in pairwise(hauteurs))
        assert cadre.haut <= hauteurs[0]
        assert hauteurs[-1] <= cadre.plancher


def test_ecarter_garde_l_ordre_et_ne_bouge_que_ce_qui_se_touche():
    assert ecarter([100, 50, 200], 0, 300) == [100, 50, 200]
    assert ecarter([100, 101, 102], 0, 300) == [100, 114, 128]
    assert ecarter([298, 299, 300], 0, 300) == [272, 286, 300]


def test_les_annees_ne_se_chevauchent_pas_meme_sur_dix_ans():
    suite = {f"{annee}-T{q}": 40 for annee in range(2014, 2024) for q in range(1, 5)}
    annees = dessiner(serie(suite, points=()), ETROIT).annees
    assert all(b.x - a.x >= 40 for a, b in pairwise(annees))
    assert annees[0].texte == "2014"


def test_un_seul_trimestre_se_place_au_milieu():
    courbe = dessiner(serie({"2022-T2": 40}, points=()), ETROIT)
    assert trace(courbe, "observe").points[0].x == (ETROIT.gauche + ETROIT.bord) / 2
    assert [a.texte for a in courbe.annees] == ["2022"]


def test_la_bande_n_existe_que_pour_une_part_d_organisations_et_des_silences():
    parts = {"2022-T1": 40, "2022-T2": None, "2022-T3": 50}
    avec = serie(parts, agregation="PART_ORGANISATIONS", silencieuses=2)
    assert len(dessiner(avec, LARGE).bandes) == 2
    assert [r.bornes for r in relever(avec)][:2] == [(Fraction(4, 12), Fraction(6, 12)), None]
    assert dessiner(serie(parts, silencieuses=2), LARGE).bandes == ()
    assert dessiner(serie(parts, agregation="PART_ORGANISATIONS"), LARGE).bandes == ()


def une_fois_tous() -> Serie:
    """Trois trimestres de réponses qui manquent, sauf au deuxième."""
    parts, par_tete = {"2022-T1": 40, "2022-T2": 70, "2022-T3": 60}, {"agregation": "PART_ORGANISATIONS"}
    avec, sans = serie(parts, silencieuses=2, **par_tete).chiffres, serie(parts, **par_tete).chiffres
    return Serie((avec[0], sans[1], avec[2]))


@pytest.mark.parametrize("cadre", CADRES)
def test_un_trimestre_ou_tous_ont_repondu_resserre_la_bande_sans_la_couper(cadre):
    une = une_fois_tous()
    [bande] = dessiner(une, cadre).bandes
    assert bande.count("L") == 5
    assert bande.count(f" {cadre.y(Fraction(7, 10)):g}") == 2
    assert relever(une)[1].bornes == (Fraction(7, 10), Fraction(7, 10))
    [ecrite] = [ligne for ligne in tableaux.des_releves(relever(une), "").lignes if "2e trimestre" in ligne.titre][:1]
    assert ecrite.cellules[-1][1] == "toutes connues"


def test_la_figure_a_manipuler_garde_elle_aussi_une_seule_bande():
    une = une_fois_tous()
    colonnes = {cle: ["¤"] * len(relever(une)) for cle in ("observe", "cible", BANDE)}
    [bande] = [t for t in figurer(une, Ecrits(colonnes, "", []))["data"] if t["meta"] == BANDE]
    assert bande["x"].count(None) == 1
    assert [y for x, y in zip(bande["x"], bande["y"], strict=True) if x == "2022-T2"] == [70, 70]


def test_la_planche_emportee_garde_une_seule_bande():
    chemins = composer(une_fois_tous(), Legende("", "", [])).chemins
    assert [c.d.count("L") for c in chemins if c.fond == couleurs.PALE] == [5]


def test_le_fichier_des_points_dit_les_deux_bornes_quand_tous_ont_repondu():
    lignes = lire_csv(en_csv("2022-T3", COURBE, relever(une_fois_tous())))
    assert [ligne["borne_basse"] for ligne in lignes[:3:2]] == [pour_cent_exact(Fraction(n, 12)) for n in (4, 6)]
    assert lignes[1]["borne_basse"] == lignes[1]["borne_haute"] == lignes[1]["part_observee"] != ""


@pytest.mark.parametrize("cadre", CADRES)
def test_la_courbe_et_son_tableau_disent_les_memes_points(cadre):
    une = serie({"2022-T1": 40, "2022-T2": None, "2022-T4": 55}, panel=True)
    courbe = dessiner(une, cadre)
    lignes = {r.rang: r for r in courbe.releves}
    for cle in ("observe", "panel", "cible"):
        places = {p.rang: p.part for p in trace(courbe, cle).points}
        assert places == {r: getattr(releve, cle) for r, releve in lignes.items() if getattr(releve, cle) is not None}
    tableau = tableaux.des_releves(courbe.releves, "Titre")
    assert len(tableau.lignes) == len(courbe.releves)
    par_trimestre = {ligne.titre: [texte for _, texte in ligne.cellules] for ligne in tableau.lignes}
    assert par_trimestre["1er trimestre de 2022"][0] == "40,0\xa0%"
    assert par_trimestre["2e trimestre de 2022"][0] == "non disponible"
    assert par_trimestre["3e trimestre de 2022"][0] == "non publiée"
    assert par_trimestre["1er trimestre de 2023"][0] == "à venir"


def test_la_barre_dit_la_part_le_chemin_et_la_cible():
    chiffre = serie({"2022-T1": 40}).dernier
    assert mesurer(chiffre) == (400, 200, 600)
    assert mesurer(serie({"2022-T1": None}, points=()).dernier) == (None, None, None)
