"""Ce qu'une édition révise: une réponse qui manquait, une réponse corrigée, et la raison de chacune."""

import pytest

from barometre.chiffres import Case
from barometre.revisions import Genre, comparer, resumer

PUBLIE = "2023-T1"
LU = Case("RAMQ", PUBLIE, "papier", "VALEUR", 6, 10, version=1)
TARD = LU._replace(etat="EN_RETARD", numerateur=None, denominateur=None, version=None)
DUE = TARD._replace(etat="PAS_ENCORE_DUE")
ND = TARD._replace(etat="NON_DISPONIBLE", motif="panne", version=1)
CORRIGE = LU._replace(numerateur=7, version=2)
MOTIFS = {("RAMQ", PUBLIE, 2): "Double compte.", ("RAMQ", PUBLIE, 3): "Oubli."}


def seule(avant, apres):
    """La seule révision de ces deux cases."""
    [revision] = comparer([avant] if avant else [], [apres] if apres else [], PUBLIE, MOTIFS)
    return revision[3:]


@pytest.mark.parametrize(
    ("avant", "apres", "dit"),
    [
        (TARD, LU, (Genre.REVISION, "sans réponse", "6\xa0sur\xa010", "Réponse arrivée après l'échéance.")),
        (DUE, LU, (Genre.REVISION, "pas encore due", "6\xa0sur\xa010", "Première réponse.")),
        (TARD, ND, (Genre.REVISION, "sans réponse", "non disponible\xa0: panne", "Réponse arrivée après l'échéance.")),
        (LU, CORRIGE, (Genre.CORRECTION, "6\xa0sur\xa010", "7\xa0sur\xa010", "Double compte.")),
        (ND, CORRIGE, (Genre.CORRECTION, "non disponible\xa0: panne", "7\xa0sur\xa010", "Double compte.")),
        (
            LU,
            CORRIGE._replace(version=3),
            (Genre.CORRECTION, "6\xa0sur\xa010", "7\xa0sur\xa010", "Double compte. Oubli."),
        ),
        (TARD, CORRIGE, (Genre.REVISION, "sans réponse", "7\xa0sur\xa010", "Réponse arrivée après l'échéance.")),
        (None, CORRIGE, (Genre.REVISION, "non attendue", "7\xa0sur\xa010", "Cette réponse n'était pas attendue.")),
        (None, LU, (Genre.REVISION, "non attendue", "6\xa0sur\xa010", "Cette réponse n'était pas attendue.")),
        (LU, None, (Genre.REVISION, "6\xa0sur\xa010", "non attendue", "Cette réponse n'est plus attendue.")),
        (TARD, None, (Genre.REVISION, "sans réponse", "non attendue", "Cette réponse n'est plus attendue.")),
        (None, TARD, (Genre.REVISION, "non attendue", "sans réponse", "Cette réponse n'était pas attendue.")),
        (
            LU,
            LU._replace(note="Vérifié", version=2),
            (Genre.CORRECTION, "6\xa0sur\xa010", "6\xa0sur\xa010 (note changée)", "Double compte."),
        ),
    ],
)
def test_chaque_revision_dit_l_avant_l_apres_son_genre_et_sa_raison(avant, apres, dit):
    assert seule(avant, apres) == dit


@pytest.mark.parametrize(
    ("avant", "apres"),
    [
        (LU, LU),
        (LU, LU._replace(version=2)),
        (DUE, TARD),
        (LU, LU._replace(echeance="2024-01-01")),
        (LU, LU._replace(valide_le="2024-01-01")),
    ],
)
def test_ce_qui_dit_la_meme_chose_n_est_pas_une_revision(avant, apres):
    assert comparer([avant] if avant else [], [apres] if apres else [], PUBLIE, MOTIFS) == []


def test_un_trimestre_pas_encore_publie_n_est_pas_revise():
    assert comparer([LU], [LU, LU._replace(trimestre="2023-T2")], PUBLIE, {}) == []


def test_les_revisions_se_rangent_par_trimestre_organisation_et_indicateur():
    cles = [("B", "2023-T1", "x"), ("A", "2023-T1", "y"), ("A", "2023-T1", "x"), ("Z", "2022-T4", "x")]
    cases = [Case(*cle, "VALEUR", 1, 2, version=1) for cle in cles]
    rangees = [revision[:3] for revision in comparer([], cases, PUBLIE, {})]

    assert rangees == [cles[3], cles[2], cles[1], cles[0]]


# --- en bref ---------------------------------------------------------------------------------------------------------


def bref(*paires) -> list[str]:
    """Le résumé de ces cases, avant et après, une organisation par paire."""
    ensembles = [
        [case._replace(sigle=f"O{rang}") for rang, paire in enumerate(paires) if (case := paire[cote])]
        for cote in (0, 1)
    ]
    return resumer(comparer(*ensembles, PUBLIE, {("O2", PUBLIE, 2): "Double compte."}))


def test_en_bref_les_reponses_se_comptent_et_chaque_correction_se_dit():
    assert bref((TARD, LU), (TARD, CORRIGE), (LU, CORRIGE)) == [
        "Révision\xa0: 2 réponses de plus aux trimestres déjà publiés.",
        "Correction, O2, 1er trimestre de 2023\xa0: Double compte.",
    ]


def test_en_bref_ce_qui_n_est_plus_attendu_ou_le_devient_se_dit():
    assert bref((LU, None), (None, TARD)) == [
        "Révision\xa0: 1 réponse n'est plus attendue.",
        "Révision\xa0: 1 réponse désormais attendue.",
    ]
    assert bref((LU, None), (TARD, None)) == ["Révision\xa0: 2 réponses ne sont plus attendues."]


def test_en_bref_une_correction_de_plusieurs_indicateurs_se_dit_une_fois():
    autres = LU._replace(indicateur="autre"), CORRIGE._replace(indicateur="autre")

    assert len(resumer(comparer([LU, autres[0]], [CORRIGE, autres[1]], PUBLIE, MOTIFS))) == 1


def test_en_bref_rien_ne_se_dit_de_ce_qui_ne_change_pas():
    assert bref((LU, LU), (DUE, TARD)) == []
