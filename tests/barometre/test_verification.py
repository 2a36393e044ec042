"""La vérification ne trouve rien quand rien n'a bougé, et nomme l'édition dès qu'un octet ou une ligne a changé."""

import copy
import csv
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from barometre import depot, formats
from barometre.models import Edition
from tests import fabrique as f
from tests import mondes

pytestmark = pytest.mark.django_db

FICHIERS = ("SHA256SUMS", "chiffres.csv", "indicateurs.json", "organisations.csv", "valeurs.csv")
CODES = ("2023-T1", "2023-T1-r1", "2023-T2")


@pytest.fixture(scope="module")
def monde(django_db_setup, django_db_blocker, tmp_path_factory):
    """Trois éditions, publiées une fois pour tous les tests; rend leurs fichiers."""
    with mondes.monde_partage(django_db_blocker, tmp_path_factory):
        mondes.publier_trois_editions()
        yield f.dossiers_publies()


@pytest.fixture
def intactes(monde) -> None:
    """Les trois dossiers, dans le lieu du test."""
    for chemin, octets in monde.items():
        ici = depot.racine() / chemin
        ici.parent.mkdir(parents=True, exist_ok=True)
        ici.write_bytes(octets)


def reproches_a(code: str) -> list[str]:
    """Ce qui est reproché à cette édition, et à elle seule."""
    tous = f.problemes()
    assert {c for c, reproches in tous.items() if reproches} <= {code}
    return tous[code]


def test_rien_n_est_reproche_a_des_editions_intactes(intactes):
    assert f.problemes() == {code: [] for code in CODES}


# --- le dossier ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ou", [0, 0.37, 0.71, -1])
@pytest.mark.parametrize("nom", FICHIERS)
@pytest.mark.parametrize("code", CODES[:2])
def test_un_octet_change_dans_un_fichier_se_voit(intactes, code, nom, ou):
    chemin = depot.dossier(code) / nom
    octets = bytearray(chemin.read_bytes())
    octets[ou if ou < 0 else int(ou * len(octets))] ^= 1
    chemin.write_bytes(octets)

    attendu = "empreinte" if nom == "SHA256SUMS" else nom
    assert any(attendu in reproche for reproche in reproches_a(code))


@pytest.mark.parametrize("nom", FICHIERS)
def test_un_fichier_qui_manque_se_voit_et_se_nomme(intactes, nom):
    (depot.dossier("2023-T1-r1") / nom).unlink()

    assert [nom in reproche for reproche in reproches_a("2023-T1-r1")] == [True]


def test_un_dossier_qui_manque_se_voit(intactes):
    depot.retirer("2023-T1")

    assert reproches_a("2023-T1")


def test_un_dossier_entier_refait_se_voit_a_l_empreinte(intactes):
    """Changer un chiffre et refaire toutes les sommes ne suffit pas."""
    dossier = depot.dossier("2023-T1")
    fichiers = {nom: (dossier / nom).read_bytes() for nom in formats.FICHIERS}
    fichiers["chiffres.csv"] = fichiers["chiffres.csv"].replace(b"EN_RETARD", b"EN_VOIE", 1)
    for nom, octets in (fichiers | {"SHA256SUMS": formats.sommes(fichiers)}).items():
        (dossier / nom).write_bytes(octets)

    assert any("empreinte" in reproche for reproche in reproches_a("2023-T1"))


SUBSTITUTIONS = st.tuples(
    st.floats(0, 0.9999), st.sampled_from([b"", b"\n", b",", b'"', b"\r", b"\x00", b"\xff", b"9", b"x"])
)


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nom=st.sampled_from(FICHIERS), substitution=SUBSTITUTIONS, longueur=st.sampled_from([1, 1, 1, 40]))
def test_quel_que_soit_le_degat_la_verification_le_dit_sans_tomber(intactes, nom, substitution, longueur):
    chemin = depot.dossier("2023-T1") / nom
    octets = chemin.read_bytes()
    ou = int(substitution[0] * len(octets))
    abime = octets[:ou] + substitution[1] + octets[ou + longueur :]
    try:
        chemin.write_bytes(abime)
        assert bool(reproches_a("2023-T1")) == (abime != octets)
    finally:
        chemin.write_bytes(octets)


def test_un_guillemet_qui_avale_tout_le_fichier_se_voit(intactes):
    limite = csv.field_size_limit(200)
    try:
        chemin = depot.dossier("2023-T1") / "valeurs.csv"
        lignes = chemin.read_bytes().split(b"\n")
        lignes[2] = lignes[2].replace(b",", b',"', 1)
        chemin.write_bytes(b"\n".join(lignes))
        assert reproches_a("2023-T1")
    finally:
        csv.field_size_limit(limite)


# --- le registre et la base ------------------------------------------------------------------------------------------

DU_MCN = (
    "soumission_id IN (SELECT s.id FROM indicateurs_soumission s JOIN organisations_organisation o "
    "ON o.id = s.organisation_id JOIN indicateurs_trimestre t ON t.id = s.trimestre_id "
    "WHERE o.sigle = 'MCN' AND t.code = '2022-T2')"
)
ALTERATIONS = {
    "valeur_changee": f"UPDATE indicateurs_valeur SET numerateur = numerateur + 1 WHERE {DU_MCN}",
    "note_changee": f"UPDATE indicateurs_valeur SET note = 'autre' WHERE {DU_MCN}",
    "valeur_effacee": f"DELETE FROM indicateurs_valeur WHERE {DU_MCN}",
    "validation_postdatee": (
        "UPDATE indicateurs_soumission SET valide_le = '2024-01-01 00:00:00+00:00' "
        "WHERE statut = 'VALIDE' AND version = 1"
    ),
    "sigle_change": "UPDATE organisations_organisation SET sigle = 'PIRATE' WHERE sigle = 'MCN'",
    "code_change": "UPDATE indicateurs_indicateur SET code = 'pirate' WHERE code = 'papier'",
    "prolongation_effacee": "DELETE FROM indicateurs_prolongation",
}


@pytest.mark.parametrize("ordre", ALTERATIONS.values(), ids=ALTERATIONS)
def test_un_registre_altere_sous_les_declencheurs_se_voit_dans_chaque_edition_qui_le_publie(intactes, ordre):
    with f.monde_jetable():
        f.alterer(ordre)
        assert all(f.problemes().values())


D_UNE_EDITION = {
    "agregat_change": "UPDATE barometre_agregat SET numerateur = numerateur - 1 WHERE {une_ligne}",
    "panel_change": "UPDATE barometre_agregat SET panel_numerateur = 0 WHERE {une_ligne}",
    "agregat_efface": "DELETE FROM barometre_agregat WHERE {une_ligne}",
    "agregats_effaces": "DELETE FROM barometre_agregat WHERE edition_id = {edition}",
    "note": "UPDATE barometre_edition SET note = 'Autre' WHERE id = {edition}",
    "fictive": "UPDATE barometre_edition SET fictive = TRUE WHERE id = {edition}",
    "instant": "UPDATE barometre_edition SET arretee_le = '2023-06-14 12:00:00+00:00' WHERE id = {edition}",
}


@pytest.mark.parametrize("ordre", D_UNE_EDITION.values(), ids=D_UNE_EDITION)
def test_une_ligne_d_edition_ou_d_agregat_alteree_se_voit(intactes, ordre):
    edition = Edition.objects.get(code="2023-T1-r1")
    ligne = edition.agregats.filter(numerateur__gt=0, panel_numerateur__gt=0).first().pk
    with f.monde_jetable():
        f.alterer(ordre.format(edition=edition.pk, une_ligne=f"id = {ligne}"))
        assert reproches_a("2023-T1-r1")


def test_une_empreinte_alteree_se_voit_dans_l_edition_et_dans_la_suivante(intactes):
    with f.monde_jetable():
        f.alterer("UPDATE barometre_edition SET empreinte = 'x' WHERE code = '2023-T1-r1'")
        assert {code: bool(reproches) for code, reproches in f.problemes().items()} == {
            "2023-T1": False,
            "2023-T1-r1": True,
            "2023-T2": True,
        }


def feuilles(noeud, chemin=()):
    """Les chemins de toutes les feuilles d'un JSON."""
    if isinstance(noeud, dict | list):
        for cle, enfant in noeud.items() if isinstance(noeud, dict) else enumerate(noeud):
            yield from feuilles(enfant, (*chemin, cle))
    else:
        yield chemin


def une_feuille_de_chaque_sorte(catalogue) -> list[tuple]:
    """Le premier et le dernier chemin de chaque sorte (le nom d'une organisation, le texte d'une définition…)."""
    sortes: dict[tuple, list[tuple]] = {}
    for chemin in feuilles(catalogue):
        sortes.setdefault(tuple(cle for cle in chemin if isinstance(cle, str)), []).append(chemin)
    return sorted({chemin for chemins in sortes.values() for chemin in (chemins[0], chemins[-1])}, key=str)


def test_chaque_mot_du_catalogue_d_une_edition_est_couvert_par_la_verification(intactes):
    edition = Edition.objects.get(code="2023-T1")
    muettes = []
    for chemin in une_feuille_de_chaque_sorte(edition.catalogue):
        faux = copy.deepcopy(edition.catalogue)
        noeud = faux
        for cle in chemin[:-1]:
            noeud = noeud[cle]
        ancien = noeud[chemin[-1]]
        noeud[chemin[-1]] = (
            not ancien if isinstance(ancien, bool) else (ancien + 1 if isinstance(ancien, int) else f"{ancien}9")
        )
        with f.monde_jetable():
            f.alterer("UPDATE barometre_edition SET catalogue = %s WHERE code = '2023-T1'", json.dumps(faux))
            if not reproches_a("2023-T1"):
                muettes.append(chemin)

    assert muettes == []


@pytest.mark.parametrize("code", CODES[:2])
def test_une_edition_effacee_laisse_un_trou_que_la_suivante_denonce(intactes, code):
    suivante = CODES[CODES.index(code) + 1]
    with f.monde_jetable():
        f.alterer(
            "DELETE FROM barometre_agregat WHERE edition_id IN (SELECT id FROM barometre_edition WHERE code = %s)", code
        )
        f.alterer("DELETE FROM barometre_edition WHERE code = %s", code)
        assert f.problemes()[suivante]
