"""L'état d'une case: chaque combinaison des faits en donne un, et un seul, le même que dit la règle en français."""

import datetime
from itertools import product

import pytest

from indicateurs.etats import (
    CORRECTIONS,
    MOTS,
    RAPPELABLES,
    Delai,
    EtatDeCase,
    Reponse,
    Situation,
    Versions,
    de_la_case,
    du_dossier,
    silence,
)
from organisations.models import Statut

E = EtatDeCase
OUVRE, COMMUNE = datetime.date(2023, 7, 1), datetime.date(2023, 8, 14)
UN_JOUR = datetime.timedelta(days=1)
PROLONGEE = COMMUNE + 18 * UN_JOUR
# Les jours où quelque chose change: avant, le jour même, et le lendemain de chaque date.
JOURS = [d + n * UN_JOUR for d in (OUVRE, COMMUNE, PROLONGEE) for n in (-1, 0, 1)] + [COMMUNE + 400 * UN_JOUR]
VERSIONS = [Versions(statut, False) for statut in ("", "BROUILLON", "SOUMIS", "A_CORRIGER")] + [
    Versions(statut, True) for statut in ("VALIDE", "BROUILLON", "SOUMIS", "A_CORRIGER")
]
REPONSES = [
    None,
    Reponse(denominateur=10),
    Reponse(denominateur=0),
    Reponse(absence="NON_DISPONIBLE", motif="Panne."),
    Reponse(absence="SANS_OBJET"),
]


def delai(jour: datetime.date, echeance: datetime.date = COMMUNE) -> Delai:
    return Delai(jour, OUVRE, COMMUNE, echeance)


def attendu(versions: Versions, reponse: Reponse | None, quand: Delai) -> EtatDeCase:
    """La règle, redite naïvement, état par état."""
    se_tait = not versions.en_vigueur and versions.derniere in ("", "BROUILLON")
    se_tait = se_tait or (versions.en_vigueur and reponse is None)
    passee = quand.jour > quand.echeance
    regles = {
        E.PAS_ENCORE_DUE: se_tait and quand.jour < OUVRE,
        E.ATTENDUE: se_tait and OUVRE <= quand.jour <= COMMUNE and quand.echeance == COMMUNE,
        E.PROLONGEE: se_tait and OUVRE <= quand.jour <= PROLONGEE and quand.echeance == PROLONGEE,
        E.EN_RETARD: se_tait and passee,
        E.A_RELIRE: not versions.en_vigueur and versions.derniere == "SOUMIS",
        E.A_CORRIGER: not versions.en_vigueur and versions.derniere == "A_CORRIGER",
        E.VALIDEE: versions.en_vigueur and reponse == Reponse(denominateur=10),
        E.NON_DISPONIBLE: versions.en_vigueur and reponse is not None and reponse.absence == "NON_DISPONIBLE",
        E.SANS_OBJET: versions.en_vigueur
        and reponse is not None
        and (reponse.absence == "SANS_OBJET" or reponse.denominateur == 0),
    }
    [etat] = [etat for etat, vraie in regles.items() if vraie]
    return etat


@pytest.mark.parametrize("versions", VERSIONS, ids=str)
@pytest.mark.parametrize("reponse", REPONSES, ids=str)
def test_chaque_combinaison_a_un_etat_et_un_seul(versions, reponse):
    for jour, echeance in product(JOURS, (COMMUNE, PROLONGEE)):
        quand = delai(jour, echeance)
        situation = de_la_case(du_dossier(versions, quand), reponse, quand)
        assert situation.etat == attendu(versions, reponse, quand), (jour, echeance)


def test_les_combinaisons_eprouvees_donnent_chacun_des_neuf_etats():
    cas = product(VERSIONS, REPONSES, (delai(j, e) for j in JOURS for e in (COMMUNE, PROLONGEE)))
    assert {attendu(*faits) for faits in cas} == set(E) == set(MOTS)


def test_les_statuts_nommes_sont_ceux_d_un_dossier():
    """Le module est pur: il redit leurs noms."""
    assert set(CORRECTIONS) == {s.value for s in Statut} - {"VALIDE", "REMPLACE"}
    assert {v.derniere for v in VERSIONS} - {""} == {s.value for s in Statut} - {"REMPLACE"}


@pytest.mark.parametrize("statut", CORRECTIONS)
@pytest.mark.parametrize("reponse", REPONSES, ids=str)
def test_une_correction_en_cours_se_dit_sans_rien_oter_a_ce_qui_est_valide(statut, reponse):
    quand = delai(COMMUNE)
    avec, sans = (de_la_case(du_dossier(Versions(s, True), quand), reponse, quand) for s in (statut, "VALIDE"))

    assert avec.etat == sans.etat
    assert avec.texte == f"{sans.texte}, {CORRECTIONS[statut]}"


@pytest.mark.parametrize(
    ("situation", "texte"),
    [
        (Situation(E.PAS_ENCORE_DUE), "pas encore due"),
        (Situation(E.ATTENDUE), "attendue"),
        (Situation(E.PROLONGEE), "prolongée"),
        (Situation(E.EN_RETARD, 1), "en retard d'un jour"),
        (Situation(E.EN_RETARD, 12), "en retard de 12 jours"),
        (Situation(E.A_RELIRE), "à relire"),
        (Situation(E.A_CORRIGER), "à corriger"),
        (Situation(E.A_CORRIGER, 3), "à corriger, en retard de 3 jours"),
        (Situation(E.VALIDEE), "validée"),
        (Situation(E.NON_DISPONIBLE, motif="Panne."), "non disponible\xa0: Panne."),
        (Situation(E.SANS_OBJET), "sans objet"),
    ],
)
def test_un_etat_se_dit_en_mots_courts(situation, texte):
    assert situation.texte == texte


def test_une_longue_raison_est_abregee_et_reste_entiere_pour_le_fichier():
    raison = "Les systèmes sont en migration. " * 10
    situation = Situation(E.NON_DISPONIBLE, motif=raison)
    assert len(situation.texte) < 110
    assert situation.motif == raison


def test_le_retard_se_compte_depuis_la_vraie_echeance():
    assert silence(delai(COMMUNE + UN_JOUR)).retard == 1
    assert silence(delai(PROLONGEE + 2 * UN_JOUR, PROLONGEE)).retard == 2
    renvoyee = du_dossier(Versions("A_CORRIGER"), delai(COMMUNE + 5 * UN_JOUR))
    assert (renvoyee.etat, renvoyee.retard) == (E.A_CORRIGER, 5)


def test_une_prolongation_pas_plus_lointaine_ne_prolonge_rien():
    assert silence(delai(COMMUNE, COMMUNE)).etat == E.ATTENDUE


def test_on_ne_rappelle_que_ce_qui_est_ouvert_et_pas_transmis():
    assert {E.PAS_ENCORE_DUE, E.A_RELIRE, E.VALIDEE, E.NON_DISPONIBLE, E.SANS_OBJET}.isdisjoint(RAPPELABLES)
