"""Aucune phrase calculée n'échappe au catalogue: tout ce qui n'y passe pas garde ses lettres. Sans base."""

import datetime
import re
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import pytest

from barometre import phrases, tableaux
from barometre.chiffres import ENSEMBLE, Case, Chiffre, Serie
from barometre.graphiques import ETROIT, LARGE, dessiner, elever, relever
from barometre.graphiques import repartition as barres
from barometre.revisions import Genre, comparer, resumer
from indicateurs import langue, mots
from indicateurs.arithmetique import Comptes, Verdict
from tests.barometre.suites import regle, serie

MOTS = re.compile(r"%\(\w+\)[sd]|%[sd%]|[^\W\d_]+")
PERMIS = {*mots.MOIS_ANGLAIS, *mots.EN_LETTRES_ANGLAISES, *(m.capitalize() for m in mots.EN_LETTRES_ANGLAISES), "Q"}
DONNEES = {"T", "Sans", "papier", "Tous", "Autre", "RAMQ", "panne", "Oubli", "Ministère"}  # écrites par des personnes
JOUR = datetime.date(2023, 5, 18)
CODE = "2023-T1"


def traduire(phrase: str) -> str:
    """La phrase, un signe à la place de chaque mot, et ses trous."""
    return MOTS.sub(lambda mot: mot[0] if mot[0].startswith("%") else "¤", phrase)


@pytest.fixture(autouse=True)
def anglais(monkeypatch):
    """Une page en anglais, où tout ce qui passe par le catalogue perd ses lettres."""
    for nom in ("traduire", "courante"):
        monkeypatch.setattr(langue._Langue, nom, getattr(langue._Langue, nom))
    langue.brancher(traduire=traduire, courante=lambda: langue.ANGLAIS)


def echappees(*textes: str) -> set[str]:
    """Les mots qui ne sont passés par aucun catalogue; lève si un texte est vide ou n'en porte pas le signe."""
    assert textes
    assert [texte for texte in textes if "¤" not in texte] == []
    sans_pluriels = (texte.replace("¤s", "¤") for texte in textes)  # le s qu'`accorder` ajoute
    return {mot for texte in sans_pluriels for mot in re.findall(r"[^\W\d_]+", texte)} - PERMIS - DONNEES


def chiffre(numerateur: int, trimestre: str = CODE, **champs) -> Chiffre:
    return Chiffre(regle(**champs), trimestre, ENSEMBLE, Comptes(10, 10, 10, numerateur, 1000, numerateur // 100))


def comptant(attendues: int, calculables: int, au_dessus: int) -> Chiffre:
    comptes = Comptes(attendues, calculables, calculables, 1, 2, au_dessus)
    return Chiffre(regle(agregation="PART_ORGANISATIONS", points=()), CODE, ENSEMBLE, comptes)


VERDICTS = [chiffre(700), chiffre(599), chiffre(100), chiffre(100, points=()), chiffre(5, trimestre="2021-T4")]
VERDICTS += [chiffre(100, minimum=2000), serie({CODE: None}).dernier]
SERIES = [
    serie({"2022-T1": 41, "2023-T1": 61}),
    serie({"2022-T1": 5, "2022-T2": 5}),
    serie({"2022-T1": None}),
    serie({"2022-T1": 5}),
    serie({"2022-T1": 80, "2022-T2": 10, "2022-T3": 20}, ruptures=["2022-04-01"]),
    serie({"2022-T1": 10, "2022-T2": 20, "2022-T3": None}),
    serie({"2022-T4": 40, "2023-T1": 41}, panel=True, agregation="PART_ORGANISATIONS", silencieuses=2),
    serie({"2022-T1": 20, "2022-T2": 25, "2022-T3": 30, "2022-T4": 35}),
    serie({"2022-T1": 20, "2022-T2": 20, "2022-T3": 20, "2022-T4": 20}),
    serie({"2022-T4": None, "2023-T1": 41}),
    serie({"2022-T4": 41, "2023-T1": None}),
    serie({"2022-T4": 50, "2023-T1": 40, "2023-T2": 30}, ruptures=["2023-04-01"]),
    serie({"2022-T4": None, "2023-T1": None}),
    serie({"2022-T4": 41, "2023-T1": 40}),
    Serie(
        tuple(
            replace(chiffre(n, quand), comptes=Comptes(9, 9, 9, n, 10**6)) for n, quand in ((1, "2022-T4"), (2, CODE))
        )
    ),
    Serie((replace(serie({CODE: 40}).dernier, panel=Comptes(attendues=1)),)),
]


def test_les_phrases_d_un_chiffre_passent_par_le_catalogue():
    majorite = replace(chiffre(510), regle=replace(regle(points=()), majorite=Fraction(1, 2)))
    dites = [phrases.verdict(un) for un in VERDICTS]
    dites += [phrases.situation(un) for un in VERDICTS if un.regle.cible is not None]
    dites += [phrases.reperes(chiffre(100)), phrases.cible(regle()), phrases.cible(regle(points=(("2024-T2", 60),)))]
    dites += [phrases.majorite(majorite), phrases.majorite(replace(majorite, comptes=Comptes(1, 1, 1, 1, 9)))]
    for attendues, calculables, au_dessus in ((3, 0, 0), (3, 1, 0), (3, 2, 1), (3, 3, 2)):
        un = comptant(attendues, calculables, au_dessus)
        dites += [phrases.dont_depassent(un), *phrases.expliquer(un)]
    dites += phrases.expliquer(chiffre(100))
    for silencieuses in (1, 2):
        une = serie({CODE: 40}, agregation="PART_ORGANISATIONS", silencieuses=silencieuses)
        dites.append(phrases.bornes(une.dernier))
    assert echappees(*dites) == set()


def test_les_phrases_d_une_edition_passent_par_le_catalogue():
    comptes = [(54, 60), (1, 60), (0, 60), (60, 60), (1, 1), (0, 1), (0, 0)]
    dites = [phrases.reponses(*paire) for paire in comptes]
    dites += [phrases.trop_tot(JOUR, JOUR + datetime.timedelta(jours), 1, 9) for jours in (-1, 1)]
    dites += [phrases.edition(CODE, JOUR), phrases.prochaine("2023-08-17"), phrases.hors_calendrier("panne")]
    dites.append(phrases.changement(JOUR, JOUR, JOUR))
    assert echappees(*dites) == set()


def test_le_bilan_passe_par_le_catalogue_quels_que_soient_les_verdicts():
    retard, voie, atteinte = chiffre(100), chiffre(599), chiffre(700)
    sans, loin, plus_loin = VERDICTS[-1], chiffre(1, points=(("2024-T2", 60),)), chiffre(1, points=(("2025-T4", 60),))
    assert {un.verdict for un in (retard, voie, atteinte, sans)} == set(Verdict)
    suites = [(), (retard, voie), (sans, sans), (voie, voie, voie), (retard, loin), (retard, loin, plus_loin)]
    suites += [(un,) for un in (retard, voie, atteinte, sans)]
    suites += [(un, un, autre) for un in (retard, voie, atteinte, sans) for autre in (retard, atteinte)]
    assert echappees(*(phrases.bilan(suite, CODE) for suite in suites)) == set()


def test_les_phrases_d_une_serie_passent_par_le_catalogue():
    dites = [phrases.evolution(une) for une in SERIES] + [phrases.tendance(une, recul=1) for une in SERIES]
    moindre = replace(chiffre(100, "2022-T1"), comptes=Comptes(10, 10, 9, 100, 1000, 1))
    dites.append(phrases.tendance_d_un_perimetre(Serie((moindre, chiffre(200)))))
    dites += [phrases.en_bref(chiffre(100)), phrases.en_bref(chiffre(100, points=()))]
    dites += [dite for une in SERIES for dite in (*phrases.notes(une), *phrases.mouvements(une))]
    dites += filter(
        None, (dire(une) for une in SERIES for dire in (phrases.projection, phrases.nature_de_la_projection))
    )
    assert echappees(*dites) == set()


def test_les_lignes_franchies_passent_par_le_catalogue():
    parts = [chiffre(n) for n in (100, 500, 700)]
    seuils = [replace(un, regle=replace(regle(points=()), majorite=Fraction(1, 2))) for un in parts]
    paires = [(a, b) for suite in (parts, seuils) for a in suite for b in suite]
    assert echappees(*(dit for paire in paires for dit in phrases.passages(*paire))) == set()


def test_les_absences_et_les_tranches_passent_par_le_catalogue():
    etats = ["NON_DISPONIBLE", "SANS_OBJET", "PAS_ENCORE_DUE", "EN_RETARD"]
    cases = [
        Case("RAMQ", CODE, "papier", etat, motif=m, echeance="2023-05-06") for etat in etats for m in ("", "panne")
    ]
    dites = [phrases.absence(case, JOUR, court=court) for case in cases for court in (False, True)]
    dites += [phrases.absence_datee(case, JOUR) for case in cases]
    dites += [phrases.tranche(6), phrases.tranche(9), phrases.sur(1, 2)]
    dites += [phrases.repartition(comptes) for comptes in ([1] + [0] * 9, [1, 1], [2, 2], [3, 1])]
    dites += [phrases.sans_groupe(noms, 4) for noms in (["Ministère"], ["Ministère", "Autre"])]
    dites += [phrases.effectif(n) for n in (0, 1, 13)]
    assert echappees(*dites) == set()


def test_les_phrases_constantes_attendent_le_catalogue():
    assert echappees(*map(langue._, [phrases.AUCUN_PASSAGE, phrases.LIMITES])) == set()


def ecrits(tableau: tableaux.Tableau) -> list[str]:
    """Tout ce qu'un tableau dit, sauf les nombres seuls."""
    textes = [tableau.legende, *(colonne.titre for colonne in tableau.colonnes)]
    textes += [texte for ligne in tableau.lignes for texte in (ligne.titre, *(t for _, t in ligne.cellules))]
    return [texte for texte in textes if re.search(r"[^\W\d_]|¤", texte.replace("Q", ""))]


def test_les_tableaux_passent_par_le_catalogue():
    une, silence = SERIES[6], Case("RAMQ", "2022-T4", "papier", "NON_DISPONIBLE", motif="panne")
    propre = Serie(
        (Chiffre.propre(regle(), silence), Chiffre.propre(regle(), Case("RAMQ", CODE, "papier", "VALEUR", 1, 2)))
    )
    trouee = serie({"2021-T3": 40, "2022-T2": 45})
    montres = [
        tableaux.des_releves(relever(une), "¤"),
        tableaux.des_releves(relever(trouee), "¤"),
        tableaux.des_releves(relever(serie({CODE: 40}, agregation="PART_ORGANISATIONS")), "¤"),
        tableaux.d_une_organisation(relever(propre), "¤", JOUR),
        tableaux.d_une_organisation(relever(trouee), "¤", JOUR),
        tableaux.des_reponses(une.dernier),
        tableaux.des_comptes(une.dernier),
        tableaux.des_comptes(trouee.dernier),
        tableaux.des_perimetres("¤", "¤", [("¤", une), ("¤", trouee)], ["", ""]),
        tableaux.des_fichiers([SimpleNamespace(nom="¤", contenu="¤", taille="¤", adresse="")]),
    ]
    assert echappees(*(texte for tableau in montres for texte in ecrits(tableau))) == set()
    changes = tableaux.des_changements([une, serie({CODE: 40})], ["", ""])
    textes = [texte for texte in ecrits(changes) if texte != une.regle.intitule]  # écrit par une personne
    assert echappees(*textes) == set()


def test_les_courbes_passent_par_le_catalogue():
    une = serie({"2022-T1": 40, "2022-T2": 41}, panel=True, ruptures=["2022-04-01"])
    for cadre in (LARGE, ETROIT):
        courbe = dessiner(une, cadre)
        noms = [*(trace.nom.texte for trace in courbe.traces), *(repere.texte for repere in courbe.ruptures)]
        assert len(noms) == 4
        assert echappees(*noms) == set()
        assert [graduation.texte for graduation in courbe.graduations] == ["0%", "25%", "50%", "75%", "100%"]
    assert elever([1] * 10, barres.LARGE).limites[-1].texte == "100%"


def test_les_revisions_passent_par_le_catalogue():
    lu = Case("RAMQ", CODE, "papier", "VALEUR", 6, 10, version=1)
    tard = lu._replace(etat="EN_RETARD", numerateur=None, denominateur=None, version=None)
    corrige = lu._replace(numerateur=7, version=2)
    panne = tard._replace(etat="NON_DISPONIBLE", motif="panne", version=1)
    due, note = tard._replace(etat="PAS_ENCORE_DUE"), lu._replace(note="Autre", version=2)
    paires = [(tard, lu), (due, lu), (tard, panne), (None, lu), (lu, None), (lu, corrige), (lu, note)]
    motifs, dites = {("RAMQ", CODE, 2): "Oubli."}, []
    for avant, apres in paires:
        for raisons in (motifs, {}):
            [revision] = comparer([avant] if avant else [], [apres] if apres else [], CODE, raisons)
            dites += [revision.avant, revision.apres, *resumer([revision])]
            dites += [] if langue.nu(revision.raison) == "Oubli." else [revision.raison]
            assert revision.genre in Genre
    perdues = [lu._replace(sigle=f"O{n}") for n in range(2)]
    dites += [*resumer(comparer(perdues, [], CODE, {})), *resumer(comparer([], perdues, CODE, {}))]
    assert echappees(*dites) == set()
