"""N'importe quels textes dans n'importe quels champs: rien ne se perd, rien ne se devine, rien ne tombe."""

from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as essais
from hypothesis import strategies as st

from indicateurs.nombres import NombreIllisible, lire_entier
from tests import fabrique as f
from tests.indicateurs.espace import Page, a_plat, adresse, deux, ecrire, etat, ouvrir, soumission
from tests.volume import volume

pytestmark = pytest.mark.django_db


au_hasard = essais(
    max_examples=volume(40, 2_000),
    deadline=None,
    phases=[phase for phase in Phase if phase not in {Phase.shrink, Phase.explain}],  # une page par essai
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
TEXTES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
NOMS = ["numerateur", "denominateur", "motif", "note", "preuve", "justification"]
PLAUSIBLES = st.sampled_from(
    ["0", "7", "12", "1 234", "1\u202f234,0", "1,234", "１２", "²", "-5", "", " ", "https://a.b"]
)
CARTES = st.fixed_dictionaries(
    dict.fromkeys(NOMS, TEXTES | PLAUSIBLES) | {"absence": st.sampled_from(["", "", "NON_DISPONIBLE", "SANS_OBJET"])}
)


def propre(texte: str) -> str:
    """Ce qui doit revenir d'un texte: les accents composés, les fins de ligne simples, sans blancs au bord."""
    return normalize("NFC", texte).replace("\r\n", "\n").replace("\r", "\n").strip()


def meme(tape: str, relu: str) -> bool:
    """Le même texte, ou le même nombre autrement écrit."""
    try:
        return lire_entier(tape.strip()) == lire_entier(relu)
    except NombreIllisible:
        return propre(tape) == propre(relu)


@pytest.mark.epreuve
@au_hasard
@given(CARTES, CARTES)
def test_tout_texte_enregistre_revient_tel_quel(moi, ici, papier, ouvert):
    with f.monde_jetable():
        assert ecrire(moi, ici, papier=papier, ouvert=ouvert).status_code == 303
        relu = ouvrir(moi, ici).saisie
        for champ, tape in a_plat({"papier": papier, "ouvert": ouvert}).items():
            assert meme(tape, relu.get(champ, "")), champ
        if ecrite := soumission(ici):
            assert f.rejouer(ecrite) == ecrite.contenu()
        else:  # rien d'écrit: aucun dossier ne commence
            assert not any(tape.strip() for tape in a_plat({"papier": papier, "ouvert": ouvert}).values())


BRUTS = st.dictionaries(
    st.sampled_from([*a_plat({"papier": dict.fromkeys([*NOMS, "absence"], "")}), "jeton", "base", "geste", "statut"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
    | st.sampled_from(["transmettre", "1.0.", "1.1.", f"1.{'9' * 5_000}."])
    | st.sampled_from(["{}", "[]", "[" * 5_000, '{"papier": 3}', '{"papier": {"a": []}}', "9" * 5_000]),
)


@pytest.mark.epreuve
@au_hasard
@given(BRUTS, st.booleans())
def test_aucun_envoi_ne_fait_tomber_la_page(moi, ici, brut, deja):
    with f.monde_jetable():
        if deja:
            ecrire(moi, ici, papier=deux(1, 2))
        avant = etat()
        reponse = moi.post(adresse("saisie", ici), brut)
        assert reponse.status_code in {303, 400, 409}
        if reponse.status_code != 303:
            assert etat() == avant
        assert ouvrir(moi, ici).statut == 200


@pytest.mark.parametrize("nom", NOMS)
@pytest.mark.parametrize("geste", ["enregistrer", "transmettre"])
def test_un_caractere_nul_est_refuse_sans_rien_ecrire(moi, ici, nom, geste):
    avant = etat()
    reponse = ecrire(moi, ici, geste, papier=deux(1, 2) | {nom: "a\0b"}, ouvert=deux(1, 2))

    assert reponse.status_code == 400
    assert etat() == avant
    assert ("Rien n'est enregistré" if geste == "enregistrer" else "Rien n'est transmis") in Page(reponse).texte


@pytest.mark.parametrize("geste", ["enregistrer", "transmettre"])
def test_un_caractere_nul_avant_l_ouverture_ne_fait_pas_tomber_la_page(moi, ici, settings, geste):
    settings.HORLOGE = f.instant("2023-06-15")
    assert ecrire(moi, ici, geste, papier=deux("\0", 2), ouvert=deux(1, 2)).status_code in {400, 409}


@pytest.mark.parametrize(
    ("tape", "lu"),
    [
        ("2147483648", 2**31),
        ("1 000 000 000 000 000", 10**15),
        ("12.0", 12),
        ("007", 7),
        ("1\u202f234", 1234),
        (str(2**53 + 1), None),
        (str(2**63), None),
        ("9" * 4_301, None),
        ("１２３", None),
        ("²", None),
        ("1_000", None),
        ("\u22125", None),
        ("1e3", None),
        ("1,234", None),
        ("1,5", None),
        ("NaN", None),
    ],
)
def test_un_nombre_tape_est_le_bon_entier_ou_un_refus(moi, ici, tape, lu):
    ecrire(moi, ici, papier=deux(tape, 10**15))
    compte = {"numerateur": lu, "denominateur": 10**15}
    ebauche = {"ebauche": {"numerateur": tape, "denominateur": str(10**15)}}
    assert soumission(ici).contenu() == {"papier": compte if lu is not None else ebauche}

    envoi = ecrire(moi, ici, "transmettre", ouvert=deux(1, 2))
    assert envoi.status_code == (303 if lu is not None else 400)
