"""Les comptes sont exacts: des sommes, jamais des moyennes, et personne ne disparaît du dénominateur."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicateurs.arithmetique import Comptes, Etat, Reponse, code_du_rang, compter, panel_constant, quotient, rang

MOITIE = Fraction(1, 2)
ABSENTES = (Etat.NON_DISPONIBLE, Etat.SANS_OBJET)
SILENCES = (Etat.PAS_ENCORE_DUE, Etat.EN_RETARD)
GRAND = 10**15


def valeur(n: int, d: int, qui: str = "A") -> Reponse:
    return Reponse(qui, Etat.VALEUR, n, d)


def muette(etat: str, qui: str = "A") -> Reponse:
    return Reponse(qui, etat)


@st.composite
def reponses(tirer) -> Reponse:
    etat = tirer(st.sampled_from(list(Etat)))
    qui = tirer(st.sampled_from("ABCDEF"))
    if etat != Etat.VALEUR:
        return muette(etat, qui)
    d = tirer(st.one_of(st.integers(0, 12), st.integers(0, GRAND)))
    return valeur(tirer(st.integers(0, d)), d, qui)


ENSEMBLES = st.lists(reponses(), max_size=12)
SEUILS = st.integers(0, 9999).map(lambda s: Fraction(s, 10_000))

# --- les rangs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("avant", "apres"), [("2023-T1", "2023-T2"), ("2023-T4", "2024-T1"), ("1999-T4", "2000-T1")])
def test_deux_trimestres_qui_se_suivent_ont_deux_rangs_qui_se_suivent(avant, apres):
    assert rang(apres) == rang(avant) + 1


@given(st.integers(1990 * 4, 2100 * 4 + 3))
def test_un_rang_et_son_code_se_repondent(numero):
    assert rang(code_du_rang(numero)) == numero


@given(st.integers(1990 * 4, 2100 * 4 + 2))
def test_les_codes_sont_dans_l_ordre_des_rangs(numero):
    assert code_du_rang(numero) < code_du_rang(numero + 1)


# --- les deux parts --------------------------------------------------------------------------------------------------


def test_une_part_globale_se_calcule_sur_les_sommes_et_non_par_moyenne():
    comptes = compter([valeur(1, 1, "A"), valeur(0, 99, "B")], MOITIE)

    assert comptes.part_globale == Fraction(1, 100)
    assert comptes.part_organisations == Fraction(1, 2)


@pytest.mark.parametrize(
    ("n", "d", "au_dessus"),
    [
        (1, 2, 0),
        (2, 4, 0),
        (3, 5, 1),
        (2, 5, 0),
        (GRAND // 2, GRAND, 0),
        (GRAND // 2 + 1, GRAND, 1),
        (0, 1, 0),
        (1, 1, 1),
    ],
)
def test_la_moitie_exacte_n_est_pas_une_majorite(n, d, au_dessus):
    assert compter([valeur(n, d)], MOITIE).au_dessus == au_dessus


@pytest.mark.parametrize(
    ("seuil", "n", "au_dessus"), [("0", 0, 0), ("0", 1, 1), ("66.67", 6667, 0), ("66.67", 6668, 1), ("99.99", 9999, 0)]
)
def test_un_seuil_se_depasse_strictement_quel_qu_il_soit(seuil, n, au_dessus):
    assert compter([valeur(n, 10_000)], Fraction(seuil) / 100).au_dessus == au_dessus


def test_zero_sur_zero_est_sans_objet_et_compte_comme_une_reponse():
    comptes = compter([valeur(0, 0)], MOITIE)

    assert comptes == Comptes(attendues=1, repondantes=1, sans_objet=1)
    assert comptes.part_globale is None
    assert comptes.part_organisations is None
    assert comptes.couverture == 1


def test_zero_sur_quelque_chose_est_un_zero_qui_compte():
    comptes = compter([valeur(0, 10)], MOITIE)

    assert comptes.calculables == 1
    assert comptes.part_globale == 0
    assert comptes.part_organisations == 0


def test_une_absence_typee_repond_sans_se_calculer():
    comptes = compter([muette(Etat.NON_DISPONIBLE, "A"), muette(Etat.SANS_OBJET, "B"), valeur(1, 4, "C")], MOITIE)

    assert comptes == Comptes(3, 3, 1, 1, 4, 0, sans_objet=1, non_disponibles=1)


@pytest.mark.parametrize("silence", SILENCES)
def test_un_silence_reste_attendu_et_baisse_la_couverture(silence):
    comptes = compter([valeur(1, 2, "A"), muette(silence, "B")], MOITIE)

    assert (comptes.attendues, comptes.repondantes, comptes.silencieuses) == (2, 1, 1)
    assert comptes.couverture == MOITIE


def test_rien_ne_donne_rien_plutot_que_zero():
    vide = compter([], MOITIE)

    assert vide == Comptes()
    assert (vide.part_globale, vide.part_organisations, vide.couverture, vide.bornes) == (None, None, None, None)
    assert quotient(0, 0) is None


def test_les_bornes_disent_ce_que_les_silencieuses_pourraient_changer():
    comptes = compter(
        [valeur(9, 10, "A"), valeur(1, 10, "B"), muette(Etat.EN_RETARD, "C"), muette(Etat.PAS_ENCORE_DUE, "D")], MOITIE
    )

    assert comptes.bornes == (Fraction(1, 4), Fraction(3, 4))


def test_une_absence_typee_n_est_pas_une_silencieuse_et_ne_deplace_aucune_borne():
    reponses_donnees = [valeur(9, 10, "A"), muette(Etat.SANS_OBJET, "B"), muette(Etat.NON_DISPONIBLE, "C")]

    assert compter(reponses_donnees, MOITIE).bornes == (1, 1)


def test_de_tres_grands_comptes_restent_exacts():
    comptes = compter([valeur(GRAND - 1, GRAND, str(i)) for i in range(2000)], MOITIE)

    assert comptes.part_globale == Fraction(GRAND - 1, GRAND)
    assert comptes.numerateur == 2000 * (GRAND - 1)


@given(ENSEMBLES, SEUILS, st.randoms(use_true_random=False))
def test_l_ordre_des_reponses_ne_change_rien(liste, seuil, hasard):
    melangee = list(liste)
    hasard.shuffle(melangee)

    assert compter(melangee, seuil) == compter(liste, seuil)


@given(ENSEMBLES, SEUILS, st.sampled_from(SILENCES))
def test_une_silencieuse_de_plus_ne_change_que_les_attendues(liste, seuil, silence):
    avant, apres = compter(liste, seuil), compter([*liste, muette(silence)], seuil)

    assert apres == Comptes(**{c: getattr(avant, c) for c in Comptes.__slots__} | {"attendues": avant.attendues + 1})


@given(ENSEMBLES, ENSEMBLES, SEUILS)
def test_les_comptes_de_deux_groupes_s_additionnent(ici, la, seuil):
    ensemble, a, b = compter([*ici, *la], seuil), compter(ici, seuil), compter(la, seuil)

    assert all(getattr(ensemble, c) == getattr(a, c) + getattr(b, c) for c in Comptes.__slots__)


@given(ENSEMBLES, SEUILS)
def test_les_comptes_sont_toujours_dans_l_ordre(liste, seuil):
    c = compter(liste, seuil)

    assert c.attendues >= c.repondantes >= c.calculables >= c.au_dessus >= 0
    assert c.repondantes == c.calculables + c.sans_objet + c.non_disponibles
    assert 0 <= c.numerateur <= c.denominateur
    if c.part_organisations is not None:
        bas, haut = c.bornes
        assert 0 <= bas <= c.part_organisations <= haut <= 1
    if c.couverture == 1 and c.bornes:
        assert c.bornes[0] == c.bornes[1] == c.part_organisations


@given(ENSEMBLES, SEUILS, st.lists(st.sampled_from(SILENCES), max_size=6), st.data())
def test_ce_que_les_silencieuses_repondent_reste_entre_les_bornes(liste, seuil, silences, donnees):
    bornes = compter([*liste, *map(muette, silences)], seuil).bornes
    reponses_tardives = [donnees.draw(st.sampled_from([valeur(0, 1), valeur(1, 1)])) for _ in silences]
    finale = compter([*(r for r in liste if r.etat not in SILENCES), *reponses_tardives], seuil).part_organisations

    if finale is not None and not any(r.etat in SILENCES for r in liste):
        assert bornes[0] <= finale <= bornes[1]


# --- le panel constant -----------------------------------------------------------------------------------------------


def serie(**suites: str) -> dict[int, list[Reponse]]:
    """`A="ooxo"`: A est calculable (o) ou silencieuse (x) à ces trimestres."""
    longueur = len(next(iter(suites.values())))
    etats = {"o": lambda qui: valeur(3, 4, qui), "z": lambda qui: valeur(0, 0, qui)}
    return {
        100 + i: [etats.get(suite[i], lambda qui: muette(Etat.EN_RETARD, qui))(qui) for qui, suite in suites.items()]
        for i in range(longueur)
    }


def test_le_panel_garde_les_organisations_calculables_a_chacun_des_huit_derniers_trimestres():
    panel = panel_constant(serie(A="xxoooooooo", B="oooooooooo", C="oooooooxoo"), MOITIE)

    assert sorted(panel) == list(range(102, 110))
    assert all(c == Comptes(2, 2, 2, 6, 8, 2) for c in panel.values())


def test_moins_de_huit_trimestres_font_un_panel_de_tous():
    panel = panel_constant(serie(A="ooo", B="ooo", C="xoo"), MOITIE)

    assert {q: c.attendues for q, c in panel.items()} == {100: 2, 101: 2, 102: 2}


@pytest.mark.parametrize(("suites", "effectif"), [({"A": "oo", "B": "xo"}, 1), ({"A": "ox", "B": "xo"}, 0)])
def test_un_panel_de_moins_de_deux_organisations_n_a_que_son_effectif(suites, effectif):
    panel = panel_constant(serie(**suites), MOITIE)

    assert panel == dict.fromkeys((100, 101), Comptes(attendues=effectif))
    assert panel[100].part_globale is None
    assert panel[100].part_organisations is None


def test_un_zero_sur_zero_sort_du_panel():
    assert panel_constant(serie(A="oo", B="oo", C="oz"), MOITIE)[100].attendues == 2


def test_une_organisation_qui_n_etait_pas_attendue_sort_du_panel():
    histoire = serie(A="ooo", B="ooo", C="ooo")
    histoire[100] = histoire[100][:2]

    assert {c.attendues for c in panel_constant(histoire, MOITIE).values()} == {2}


def test_sans_trimestre_il_n_y_a_pas_de_panel():
    assert panel_constant({}, MOITIE) == {}


@given(st.lists(st.lists(reponses(), max_size=6, unique_by=lambda r: r.organisation), min_size=1, max_size=10), SEUILS)
def test_le_panel_ne_depend_pas_de_ce_qui_precede_les_huit_derniers_trimestres(suite, seuil):
    histoire = dict(enumerate(suite, start=100))
    recents = {q: histoire[q] for q in sorted(histoire)[-8:]}

    assert panel_constant(histoire, seuil) == panel_constant(recents, seuil)
    assert len({c.attendues for c in panel_constant(histoire, seuil).values()}) == 1
