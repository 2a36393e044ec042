"""Les phrases: vraies, courtes, accordées, avec les espaces de l'OQLF. Sans base."""

import datetime
from dataclasses import replace
from fractions import Fraction

import pytest

from barometre import phrases
from barometre.chiffres import ENSEMBLE, Case, Chiffre, Serie
from indicateurs import mots
from indicateurs.arithmetique import Comptes
from tests.barometre.suites import regle, serie

ARRET = datetime.date(2023, 5, 18)


def chiffre(numerateur: int, trimestre: str = "2023-T1", **champs) -> Chiffre:
    return Chiffre(regle(**champs), trimestre, ENSEMBLE, Comptes(10, 10, 10, numerateur, 1000, numerateur // 100))


@pytest.mark.parametrize(
    ("code", "attendu"), [("2023-T1", "1er trimestre de 2023"), ("2022-T4", "4e trimestre de 2022")]
)
def test_un_trimestre_se_dit_en_mots(code, attendu):
    assert mots.trimestre(code) == attendu


def test_un_trimestre_se_dit_par_son_dernier_mois():
    assert [mots.mois(f"2023-T{q}") for q in (1, 2, 3, 4)] == [
        "mars 2023",
        "juin 2023",
        "septembre 2023",
        "décembre 2023",
    ]


def test_une_duree_se_dit_en_annees_quand_elle_est_ronde():
    assert [mots.duree(n) for n in (1, 2, 3, 4, 12, 40, 41)] == [
        "un trimestre",
        "deux trimestres",
        "trois trimestres",
        "un an",
        "trois ans",
        "10 ans",
        "41 trimestres",
    ]


@pytest.mark.parametrize(
    ("repondantes", "attendues", "attendu"),
    [
        (54, 60, "54 organisations sur 60 ont répondu."),
        (1, 60, "Une organisation sur 60 a répondu."),
        (0, 60, "Aucune des 60 organisations n'a répondu."),
        (60, 60, "Les 60 organisations ont répondu."),
        (1, 1, "La seule organisation attendue a répondu."),
        (0, 1, "La seule organisation attendue n'a pas répondu."),
        (0, 0, "Aucune organisation ne devait répondre."),
        (1200, 1500, "1\xa0200 organisations sur 1\xa0500 ont répondu."),
    ],
)
def test_la_couverture_s_accorde_de_zero_a_plusieurs(repondantes, attendues, attendu):
    assert phrases.reponses(repondantes, attendues) == attendu


@pytest.mark.parametrize(
    ("numerateur", "attendu"),
    [
        (600, "Atteinte"),
        (599, "En voie"),
        (423, "En retard de 0,6 point sur le chemin"),
        (100, "En retard de 32,9 points sur le chemin"),
    ],
)
def test_le_verdict_se_dit_en_mots(numerateur, attendu):
    assert phrases.verdict(chiffre(numerateur)).replace("\xa0", " ") == attendu


def test_un_retard_infime_ne_se_dit_pas_de_zero_point():
    un = Chiffre(regle(points=(("2023-T1", 50),)), "2023-T1", ENSEMBLE, Comptes(1, 1, 1, 499_999, 1_000_000))
    assert phrases.verdict(un) == "En retard de 0,1\xa0point sur le chemin"
    assert un.texte == "49,9\xa0%"


def test_un_chiffre_non_jugeable_dit_pourquoi():
    vide = serie({"2023-T1": None}).dernier
    assert phrases.verdict(vide) == "Non jugeable\xa0: aucun chiffre à ce trimestre"
    assert phrases.verdict(chiffre(5, points=())) == "Non jugeable\xa0: aucune cible n'est fixée"
    avant = chiffre(5, trimestre="2021-T4")
    assert phrases.verdict(avant) == "Non jugeable\xa0: le chemin commence au 1er trimestre de 2022"
    petit = replace(avant, trimestre="2023-T1", regle=replace(avant.regle, denominateur_minimal=2000))
    assert phrases.verdict(petit) == "Non jugeable\xa0: trop peu de cas, moins de 2\xa0000"


def test_l_accueil_compte_les_cibles_et_dit_ou_elles_en_sont():
    retard, voie, atteinte = chiffre(100), chiffre(599), chiffre(700)
    cas = [
        ((), "Aucune cible nationale n'est fixée."),
        ((retard,), "Une cible pour la fin de 2023. En mars 2023, elle est en retard."),
        (
            (voie, retard),
            "Deux cibles pour la fin de 2023. En mars 2023, l'une est en voie d'être atteinte, l'autre est en retard.",
        ),
        ((atteinte, atteinte), "Deux cibles pour la fin de 2023. En mars 2023, les deux sont atteintes."),
        (
            (voie, retard, retard),
            "Trois cibles pour la fin de 2023. En mars 2023, une est en voie d'être atteinte, deux sont en retard.",
        ),
    ]
    assert [phrases.bilan(chiffres, "2023-T1") for chiffres, _ in cas] == [attendu for _, attendu in cas]


def test_deux_cibles_de_dates_differentes_se_disent_toutes_les_deux():
    autre = chiffre(100, points=(("2024-T2", 60),))
    assert phrases.bilan([chiffre(599), autre], "2023-T1").startswith(
        "Deux cibles pour la fin de 2023 et pour le 2e trimestre de 2024."
    )


def test_la_projection_dit_quand_ou_pas_a_ce_rythme():
    montante = serie({"2022-T1": 20, "2022-T2": 25, "2022-T3": 30, "2022-T4": 35})
    assert phrases.projection(montante) == "À ce rythme, la cible serait atteinte au 1er trimestre de 2024."
    plate = serie({"2022-T1": 20, "2022-T2": 20, "2022-T3": 20, "2022-T4": 20})
    assert phrases.projection(plate) == "À ce rythme, la cible ne serait pas atteinte d'ici dix ans."
    assert phrases.projection(serie({"2022-T1": 20})).startswith("Il faut quatre trimestres connus")
    assert phrases.projection(serie({"2022-T1": 70})) == ""
    assert phrases.projection(serie({"2022-T1": 20}, points=())) == ""


def test_la_pente_ne_se_mesure_pas_a_travers_une_rupture():
    parts = {"2021-T1": 5, "2021-T2": 5, "2021-T3": 5, "2021-T4": 40, "2022-T1": 42, "2022-T2": 44, "2022-T3": 46}
    sans, avec = serie(parts), serie(parts, ruptures=("2021-10-01",))
    assert sans.projection != avec.projection
    assert phrases.projection(avec) == "À ce rythme, la cible serait atteinte au 2e trimestre de 2024."
    assert phrases.projection(serie(parts, ruptures=("2022-01-01",))).startswith("Il faut quatre trimestres connus")


def test_sans_chiffre_au_dernier_trimestre_rien_n_est_projete():
    parts = {"2021-T1": 10, "2021-T2": 20, "2021-T3": 30, "2021-T4": 40, "2022-T1": None}
    assert phrases.projection(serie(parts)) == ""


def test_l_evolution_dit_d_ou_l_on_part_et_ou_l_on_est():
    annees = {f"{a}-T{q}": None for a in (2020, 2021, 2022) for q in (1, 2, 3, 4)}
    une = serie({**annees, "2020-T1": 41, "2023-T1": 61})
    assert phrases.evolution(une) == "La part est passée de 41,0\xa0% à 61,0\xa0% en trois ans."
    assert (
        phrases.evolution(serie({"2022-T1": 5, "2022-T2": 5})) == "La part n'a pas changé en un trimestre, à 5,0\xa0%."
    )
    assert phrases.evolution(serie({"2022-T1": None})) == "Aucun chiffre n'est encore connu."
    assert phrases.evolution(serie({"2022-T1": 5})).startswith("Un seul trimestre est comparable\xa0: 5,0\xa0%")


def test_l_evolution_ne_franchit_pas_une_rupture_et_nomme_un_dernier_trimestre_absent():
    rompue = serie({"2022-T1": 80, "2022-T2": 10, "2022-T3": 20}, ruptures=["2022-04-01"])
    assert phrases.evolution(rompue) == (
        "Depuis la nouvelle définition, la part est passée de 10,0\xa0% à 20,0\xa0% en un trimestre."
    )
    sans_fin = serie({"2022-T1": 10, "2022-T2": 20, "2022-T3": None})
    assert phrases.evolution(sans_fin).endswith("du 1er trimestre de 2022 au 2e trimestre de 2022.")


def test_un_portefeuille_ne_se_compare_pas_par_dessus_une_rupture():
    parts = {"2022-T1": 40, "2022-T2": 41, "2022-T3": 42, "2022-T4": 43, "2023-T1": 50}
    assert phrases.tendance(serie(parts)) == "en hausse de 10,0\xa0points"
    assert phrases.tendance(serie(parts, ruptures=["2022-06-01"])) == "non comparable"
    assert phrases.tendance(serie({"2023-T1": 50})) == "non comparable"


@pytest.mark.parametrize(
    ("etat", "dite"),
    [
        ("EN_RETARD", "en retard de 12 jours au 18 mai 2023"),
        ("PAS_ENCORE_DUE", "pas encore due au 18 mai 2023"),
        ("NON_DISPONIBLE", "non disponible"),
        ("SANS_OBJET", "sans objet"),
    ],
)
def test_une_absence_qui_peut_cesser_dit_de_quel_jour_elle_est(etat, dite):
    assert phrases.absence_datee(_case(etat), ARRET) == dite


@pytest.mark.parametrize(
    ("parts", "champs", "dite"),
    [
        (40, {}, "40,0\xa0% au 1er trimestre de 2023; cible 60\xa0% fin 2023."),
        (40, {"points": ()}, "40,0\xa0% au 1er trimestre de 2023."),
        (None, {}, ""),
    ],
)
def test_un_chiffre_en_bref_dit_sa_part_son_trimestre_et_sa_cible(parts, champs, dite):
    assert phrases.en_bref(serie({"2023-T1": parts}, **champs).dernier) == dite


def _case(etat: str, **champs) -> Case:
    return Case("RAMQ", "2023-T1", "sans-papier", etat, echeance="2023-05-06", **champs)


@pytest.mark.parametrize(
    ("case", "attendu"),
    [
        (_case("NON_DISPONIBLE", motif="systèmes en migration"), "non disponible\xa0: systèmes en migration"),
        (_case("SANS_OBJET"), "sans objet"),
        (_case("VALEUR", numerateur=0, denominateur=0), "sans objet"),
        (_case("PAS_ENCORE_DUE"), "pas encore due"),
        (_case("EN_RETARD"), "en retard de 12 jours"),
        (_case("EN_RETARD")._replace(echeance="2023-05-17"), "en retard d'un jour"),
        (_case("EN_RETARD")._replace(echeance="2022-12-01"), "en retard de 5 mois"),
        (_case("EN_RETARD")._replace(echeance="2020-05-01"), "en retard de 3 ans"),
        (_case("VALEUR", numerateur=0, denominateur=40), "0\xa0%"),
    ],
)
def test_une_case_sans_chiffre_dit_pourquoi_et_zero_reste_zero(case, attendu):
    assert phrases.case(Chiffre.propre(regle(), case), ARRET) == attendu


def test_un_long_motif_se_coupe_entre_deux_mots():
    motif = "systèmes en migration vers une nouvelle plateforme depuis le printemps dernier"
    court = phrases.absence(_case("NON_DISPONIBLE", motif=motif), ARRET, court=True)
    assert court == "non disponible\xa0: systèmes en migration vers une nouvelle…"
    assert phrases.absence(_case("NON_DISPONIBLE", motif=motif), ARRET).endswith("dernier")


def test_les_bornes_disent_ce_que_les_silences_changeraient():
    une = serie({"2023-T1": 40}, agregation="PART_ORGANISATIONS", silencieuses=2).dernier
    assert phrases.bornes(une) == (
        "Selon ce que diraient les 2 organisations silencieuses, la part irait de 33,3\xa0% à 50,0\xa0%."
    )
    assert phrases.bornes(serie({"2023-T1": 40}, agregation="PART_ORGANISATIONS").dernier) == ""
    assert "l'organisation silencieuse" in phrases.bornes(
        serie({"2023-T1": 40}, agregation="PART_ORGANISATIONS", silencieuses=1).dernier
    )


def test_le_panel_dit_qui_il_est_ou_qu_il_n_existe_pas():
    assert phrases.panel(serie({"2022-T4": 40, "2023-T1": 41}, panel=True)) == (
        "Panel constant\xa0: les 5 organisations qui ont un chiffre à chacun des deux derniers trimestres."
    )
    seule = replace(serie({"2023-T1": 40}).dernier, panel=Comptes(attendues=1))
    assert "il n'y en a pas" in phrases.panel(Serie((seule,)))
    assert phrases.panel(serie({"2023-T1": 40})) == ""


def test_les_phrases_tiennent_en_vingt_mots():
    une = serie({"2022-T4": 40, "2023-T1": 41}, panel=True, agregation="PART_ORGANISATIONS", silencieuses=3)
    toutes = [
        phrases.projection(une),
        phrases.evolution(une),
        phrases.bornes(une.dernier),
        *phrases.notes(une),
        phrases.bilan([une.dernier, chiffre(100)], "2023-T1"),
    ]
    for phrase in (p for texte in toutes for p in texte.split(". ")):
        assert len(phrase.split()) <= 20, phrase


def test_une_part_d_organisations_dit_de_quoi_elle_est_une_part():
    parts, sujet = {"2022-T3": 10, "2022-T4": 20, "2023-T1": 50}, "part des organisations au-dessus de 50\xa0% "
    par_tete = {"agregation": "PART_ORGANISATIONS"}
    dite = phrases.evolution(serie(parts, **par_tete))
    assert dite == f"La {sujet}est passée de 10,0\xa0% à 50,0\xa0% en deux trimestres."
    rompue = phrases.evolution(serie(parts, ruptures=["2022-10-01"], **par_tete))
    assert rompue.startswith(f"Depuis la nouvelle définition, la {sujet}est passée de 20,0\xa0%")
    egale = phrases.evolution(serie({"2022-T4": 20, "2023-T1": 20}, **par_tete))
    assert egale == f"La {sujet}n'a pas changé en un trimestre, à 20,0\xa0%."
    assert " des organisations" not in phrases.evolution(serie(parts))


def test_l_image_d_une_part_d_organisations_dit_de_quoi_elle_est_une_part():
    une = serie({"2023-T1": 50}, agregation="PART_ORGANISATIONS").dernier
    assert phrases.image(une).startswith("Sans papier\xa0: 50,0\xa0% des organisations au 1er trimestre de 2023.")
    assert " des organisations" not in phrases.image(serie({"2023-T1": 50}).dernier)
    vide = serie({"2023-T1": None}, agregation="PART_ORGANISATIONS").dernier
    assert " des organisations" not in phrases.image(vide)


def test_un_seuil_se_dit_du_bon_cote():
    majorite = replace(regle(points=()), majorite=Fraction(1, 2))
    moitie = Chiffre(majorite, "2023-T1", ENSEMBLE, Comptes(1, 1, 1, 50, 100))
    assert phrases.majorite(moitie) == "Pas au-dessus du seuil de 50\xa0%"
    assert phrases.majorite(replace(moitie, comptes=Comptes(1, 1, 1, 51, 100))) == "Au-dessus du seuil de 50\xa0%"
