"""Ce qu'une édition révise: une réponse qui manquait, une réponse corrigée, et la raison de chacune."""

import random

import pytest

from barometre import formats
from barometre.chiffres import Case
from barometre.revisions import Genre, comparer, differentes, resumer

PUBLIE = "2023-T1"
LU = Case("RAMQ", PUBLIE, "papier", "VALEUR", 6, 10, version=1)
TARD = LU._replace(etat="EN_RETARD", numerateur=None, denominateur=None, version=None)
DUE = TARD._replace(etat="PAS_ENCORE_DUE")
ND = TARD._replace(etat="NON_DISPONIBLE", motif="panne", version=1)
CORRIGE = LU._replace(numerateur=7, version=2)
ZERO = CORRIGE._replace(numerateur=0, denominateur=0)
MOTIFS = {("RAMQ", PUBLIE, 2): "Double compte.", ("RAMQ", PUBLIE, 3): "Oubli."}


def seule(avant, apres):
    """La seule révision de ces deux cases."""
    [revision] = comparer([avant] if avant else [], [apres] if apres else [], PUBLIE, MOTIFS)
    return revision[3:7]


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
        (LU, ZERO, (Genre.CORRECTION, "6\xa0sur\xa010", "sans objet (0\xa0sur\xa00)", "Double compte.")),
        (
            ZERO._replace(version=1),
            CORRIGE,
            (Genre.CORRECTION, "sans objet (0\xa0sur\xa00)", "7\xa0sur\xa010", "Double compte."),
        ),
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


# --- au hasard -------------------------------------------------------------------------------------------------------
def test_cinq_cents_revisions_au_hasard_disent_toutes_leur_avant_leur_apres_leur_genre_et_leur_raison():
    hasard = random.Random(5)

    def tirer(sigle: str, version: int | None) -> Case | None:
        if version is None:
            return hasard.choice([None, TARD, DUE]) and TARD._replace(sigle=sigle)
        etat = hasard.choice(["VALEUR", "NON_DISPONIBLE", "SANS_OBJET"])
        comptes = (hasard.randrange(10**6), 10**6) if etat == "VALEUR" else (None, None)
        return Case(
            sigle, PUBLIE, "papier", etat, *comptes, "panne" if etat == "NON_DISPONIBLE" else "", version=version
        )

    avant = {f"O{n}": tirer(f"O{n}", hasard.choice([None, 1])) for n in range(900)}
    apres = {s: tirer(s, hasard.choice([None, 2 if case and case.version else 1])) for s, case in avant.items()}
    changees = {s for s in avant if _dit(avant[s]) != _dit(apres[s])}
    motifs = {(sigle, PUBLIE, 2): f"Raison de {sigle}." for sigle in avant}
    revisions = comparer(filter(None, avant.values()), filter(None, apres.values()), PUBLIE, motifs)

    assert {r.sigle for r in revisions} == changees
    assert len(changees) > 500
    for r in revisions:
        assert all((r.avant, r.apres, r.raison, r.genre)), r
        assert (r.ancienne, r.nouvelle) == (avant[r.sigle], apres[r.sigle])
        corrigee = bool(avant[r.sigle] and apres[r.sigle] and avant[r.sigle].version and apres[r.sigle].version)
        assert (r.genre == Genre.CORRECTION) == corrigee
        assert not corrigee or r.raison == f"Raison de {r.sigle}."


def _dit(case: Case | None) -> tuple | None:
    return case and ((case.etat, case.numerateur, case.motif) if case.version else ())


def test_ne_comparer_que_les_lignes_differentes_donne_les_memes_revisions():
    avant = [LU._replace(sigle=f"O{n}", note="Deux\nlignes, « et »") for n in range(4)] + [TARD]
    apres = [avant[0], CORRIGE._replace(sigle="O1"), *avant[3:], CORRIGE._replace(sigle="NEUVE")]
    fichiers = (formats.en_csv(code, formats.VALEURS, cases) for code, cases in (("A", avant), ("B", apres)))
    tout, utiles = comparer(avant, apres, PUBLIE, {}), comparer(*differentes(*fichiers), PUBLIE, {})

    assert [r.sigle for r in utiles] == ["NEUVE", "O1", "O2"]
    assert [r[:7] for r in utiles] == [r[:7] for r in tout]


@pytest.mark.parametrize("abime", [b"", b"edition\n1\n", b"edition,sigle\nA,B\n", b'edition,sigle\nA,"B\n', b"\xff"])
def test_un_fichier_qui_n_en_est_pas_un_ne_se_compare_pas(abime):
    entier = formats.en_csv("A", formats.VALEURS, [LU])
    with pytest.raises(ValueError, match=r"n'est pas un valeurs\.csv|can't decode"):
        differentes(entier, abime)


def test_une_note_ne_peut_pas_se_faire_passer_pour_une_ligne():
    fausse = formats.en_csv("A", formats.VALEURS, [LU._replace(sigle="FAUSSE")]).decode().splitlines()[1]
    avant = [LU._replace(note=f"Avant\n{fausse}\naprès")]
    apres = [LU._replace(note=f"Avant\nautre chose\n{fausse}\naprès")]
    fichiers = (formats.en_csv("A", formats.VALEURS, cases) for cases in (avant, apres))

    assert differentes(*fichiers) == (avant, apres)
