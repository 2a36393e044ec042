"""Les organisations d'un indicateur: leur répartition, et qui se nomme au bout de chaque catégorie."""

import re
from fractions import Fraction

import pytest

from barometre import graphiques, phrases
from barometre.graphiques import repartition
from tests.barometre.deux_trimestres import MIGRATION, SILENCE, lignes, lue, monde, section


# --- la répartition --------------------------------------------------------------------------------------------------
def test_une_part_exacte_entre_dans_la_tranche_qui_commence_la():
    exactes = [Fraction(n, 100) for n in (0, 10, 20, 90, 100)]
    presque = [Fraction(99_999, 1_000_000), Fraction(899_999, 1_000_000)]
    assert graphiques.repartir(exactes) == (1, 1, 1, 0, 0, 0, 0, 0, 0, 2)
    assert graphiques.repartir(presque) == (1, 0, 0, 0, 0, 0, 0, 0, 1, 0)
    assert graphiques.repartir([]) == (0,) * 10


def test_une_barre_est_haute_comme_son_compte_et_tient_dans_le_cadre():
    for cadre in (repartition.LARGE, repartition.ETROIT):
        dessin = graphiques.elever((4, 2, 0, 0, 0, 0, 0, 0, 0, 1), cadre)
        hauteurs = [bloc.hauteur for bloc in dessin.blocs]
        assert hauteurs[0] == cadre.plancher - cadre.haut == 2 * hauteurs[1] == 4 * hauteurs[9]
        assert hauteurs[2:9] == [0] * 7
        assert [repere.texte for repere in dessin.comptes] == [*"42000000", "0", "1"]
        assert all(cadre.gauche <= bloc.x and bloc.x + bloc.largeur <= cadre.bord for bloc in dessin.blocs)


@pytest.mark.parametrize(
    ("comptes", "attendu"),
    [
        ((0, 2, 1), "La tranche la plus fournie, «\xa0de 33 à moins de 66\xa0%\xa0», réunit 2 organisations sur 3."),
        ((2, 2, 0), "2 tranches sont les plus fournies, avec 2 organisations sur 4 chacune."),
        ((1, 1, 0), "Aucune tranche ne réunit plus d'une organisation."),
        ((0, 0, 1), "La seule organisation qui a un chiffre est dans la tranche «\xa0de 66 à 99\xa0%\xa0»."),
    ],
)
def test_la_repartition_dit_vrai_d_une_ou_de_plusieurs_tranches(comptes, attendu):
    assert phrases.repartition(comptes) == attendu


@pytest.mark.django_db
def test_le_dessin_et_le_tableau_de_la_repartition_disent_les_memes_comptes(client):
    monde({"A": (SILENCE, (0, 10)), "B": (SILENCE, (1, 10)), "C": (SILENCE, (10, 10)), "D": (SILENCE, SILENCE)})
    sienne = section(lue(client), "repartition")
    tableau = [cellules[0] for cellules in lignes(sienne).values()]
    assert tableau == ["1", "1", *"0000000", "1"]
    for largeur in (480, 280):
        dessin = re.search(rf'<svg class="\w+ l{largeur}".*?</svg>', sienne, flags=re.DOTALL)[0]
        assert 'role="img" aria-label="Répartition\xa0: Sans papier.' in dessin
        assert re.findall("<text[^>]*>(.*?)</text>", dessin)[:10] == tableau
        assert dessin.count('class="bloc"') == 3
    assert "Une part qui tombe juste sur une limite entre dans la tranche qui commence là." in sienne
    assert {"de 0 à moins de 10\xa0%", "de 90 à 100\xa0%"} <= set(lignes(sienne))


@pytest.mark.django_db
def test_sans_aucun_chiffre_il_n_y_a_pas_de_dessin_et_une_phrase_le_dit(client):
    monde({"A": (SILENCE, MIGRATION), "B": (SILENCE, SILENCE)})
    page = lue(client)
    sienne = section(page, "repartition")
    assert "Aucune organisation n'a de chiffre à ce trimestre." in sienne
    assert "<svg" not in sienne
    assert "moins de quatre organisations se comparent" in section(page, "avancees")


# --- les plus et les moins avancées ----------------------------------------------------------------------------------
def parts(*nombres: int, sur: int = 100):
    """Des organisations A, B, C… qui ont ces parts au dernier trimestre."""
    return {chr(65 + n): (SILENCE, (nombre * sur // 100, sur)) for n, nombre in enumerate(nombres)}


@pytest.mark.django_db
def test_les_trois_plus_et_les_trois_moins_avancees_ont_leur_compte_et_menent_a_leur_page(client):
    monde(parts(10, 20, 30, 40, 50, 60, 70))
    sienne = section(lue(client), "avancees")
    assert list(lignes(sienne).items()) == [
        ("Régie G", ["70,0\xa0%", "70\xa0sur\xa0100", "les plus avancées"]),
        ("Régie F", ["60,0\xa0%", "60\xa0sur\xa0100", "les plus avancées"]),
        ("Régie E", ["50,0\xa0%", "50\xa0sur\xa0100", "les plus avancées"]),
        ("Régie C", ["30,0\xa0%", "30\xa0sur\xa0100", "les moins avancées"]),
        ("Régie B", ["20,0\xa0%", "20\xa0sur\xa0100", "les moins avancées"]),
        ("Régie A", ["10,0\xa0%", "10\xa0sur\xa0100", "les moins avancées"]),
    ]
    assert 'href="/organisations/g/"' in sienne


@pytest.mark.django_db
def test_aucune_organisation_n_est_aux_deux_bouts(client):
    monde(parts(10, 20, 30, 40, 50))
    assert list(lignes(section(lue(client), "avancees"))) == ["Régie E", "Régie D", "Régie B", "Régie A"]


@pytest.mark.django_db
def test_a_trois_comparables_aucune_liste_et_une_phrase_le_dit(client):
    monde({**parts(10, 20, 30), "D": (SILENCE, SILENCE), "E": (SILENCE, (0, 0)), "F": (SILENCE, MIGRATION)})
    sienne = section(lue(client), "avancees")
    assert "<table" not in sienne
    assert (
        "Dans la catégorie «\xa0Tribunal administratif\xa0», moins de quatre organisations se comparent\xa0: "
        "aucune n'est nommée." in sienne
    )


@pytest.mark.django_db
def test_sous_le_denominateur_minimal_une_organisation_n_est_jamais_nommee(client):
    monde({**parts(10, 20, 30, 40), "PETITE": (SILENCE, (9, 9)), "JUSTE": (SILENCE, (0, 10))}, denominateur_minimal=10)
    sienne = section(lue(client), "avancees")
    assert "Régie PETITE" not in sienne
    assert list(lignes(sienne)) == ["Régie D", "Régie C", "Régie A", "Régie JUSTE"]
    assert "Une organisation qui a moins de 10 cas n'y paraît pas." in sienne


@pytest.mark.django_db
def test_on_ne_range_que_des_semblables(client):
    quatre = dict.fromkeys("ABCD", "MINISTERE")
    autres = dict.fromkeys("EFGHI", "AUTRE")
    monde(parts(10, 20, 30, 40, 1, 99, 98, 97, 2), categories={**quatre, **autres})
    sienne = section(lue(client), "avancees")
    assert "<h3>Ministère</h3>" in sienne
    assert list(lignes(sienne)) == ["Régie D", "Régie C", "Régie B", "Régie A"]
    assert "Les organisations sans catégorie précise sont trop différentes pour se comparer." in sienne


@pytest.mark.django_db
def test_deux_organisations_a_egalite_sont_dites_ex_aequo(client):
    monde({**parts(90, 10, 50, 40, 30, 20), "G": (SILENCE, (9, 10))})
    trouvees = lignes(section(lue(client), "avancees"))
    assert trouvees["Régie A"] == ["90,0\xa0%", "90\xa0sur\xa0100", "les plus avancées, ex æquo"]
    assert trouvees["Régie G"] == ["90,0\xa0%", "9\xa0sur\xa010", "les plus avancées, ex æquo"]
    assert trouvees["Régie C"][2] == "les plus avancées"


@pytest.mark.django_db
def test_trop_d_ex_aequo_se_comptent_sans_que_le_hasard_en_nomme_trois(client):
    monde(parts(100, 100, 100, 100, 30, 20, 10, 5))
    sienne = section(lue(client), "avancees")
    assert "4 organisations sont ex æquo à 100\xa0%, parmi les plus avancées." in sienne
    assert list(lignes(sienne)) == ["Régie F", "Régie G", "Régie H"]


@pytest.mark.django_db
def test_toutes_a_la_meme_part_il_n_y_a_ni_plus_ni_moins_avancees(client):
    monde(parts(50, 50, 50, 50))
    sienne = section(lue(client), "avancees")
    assert "Les 4 organisations sont ex æquo à 50,0\xa0%." in sienne
    assert "<table" not in sienne
