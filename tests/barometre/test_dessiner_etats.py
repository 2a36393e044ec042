"""La documentation tirée du code dit ce que le code fait, et se refait à l'identique."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from barometre import formats
from barometre.chiffres import Case
from barometre.management.commands import dessiner_etats
from organisations.models import TRANSITIONS, Dossier, Statut


@pytest.fixture
def ailleurs(settings, tmp_path) -> Path:
    """Un projet sans documentation."""
    settings.RACINE = tmp_path
    return tmp_path / "docs"


def dessiner(**options) -> str:
    sortie = StringIO()
    call_command("dessiner_etats", stdout=sortie, **options)
    return sortie.getvalue()


def test_la_documentation_du_depot_est_a_jour():
    assert "à jour" in dessiner(verifier=True)


def test_chaque_passage_permis_est_dessine_et_aucun_autre():
    lignes = dessiner_etats.dessiner().splitlines()
    traits = {tuple(ligne.split(":")[0].split(" --> ")) for ligne in map(str.strip, lignes) if " --> " in ligne}
    permis = {(de.value, vers) for de, suites in TRANSITIONS.items() for vers in suites}
    assert traits == permis | {("[*]", Statut.BROUILLON.value), (Statut.REMPLACE.value, "[*]")}


def test_chaque_verbe_dessine_est_un_verbe_du_dossier():
    assert all(callable(getattr(Dossier, verbe)) for verbe, _ in dessiner_etats.VERBES.values())


def test_un_passage_sans_verbe_se_remarque(monkeypatch):
    monkeypatch.setitem(TRANSITIONS, Statut.REMPLACE, frozenset({Statut.BROUILLON}))
    with pytest.raises(KeyError):
        dessiner_etats.dessiner()


def test_chaque_colonne_publiee_est_decrite_par_une_phrase():
    for colonnes in (formats.VALEURS, formats.ORGANISATIONS, formats.CHIFFRES):
        assert all(colonne.description.endswith(".") for colonne in colonnes)
        assert all(f"| `{colonne.nom}` | {colonne.description} |" in dessiner_etats.decrire() for colonne in colonnes)
    assert tuple(colonne.nom for colonne in formats.VALEURS) == Case._fields


def test_verifier_nomme_ce_qui_est_perime_et_n_ecrit_rien(ailleurs):
    with pytest.raises(CommandError, match=r"docs/etats\.md, docs/donnees\.md"):
        dessiner(verifier=True)
    assert not ailleurs.exists()
    dessiner()
    (ailleurs / "etats.md").write_text("# Autre chose\n")
    with pytest.raises(CommandError, match=r"docs/etats\.md\.$"):
        dessiner(verifier=True)


def test_dessiner_deux_fois_n_ecrit_qu_une_fois(ailleurs):
    assert "Écrit" in dessiner()
    assert "à jour" in dessiner()
    assert sorted(chemin.name for chemin in ailleurs.iterdir()) == ["donnees.md", "etats.md"]
