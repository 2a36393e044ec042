"""`manage.py dessiner_etats`: écrit la documentation qui se tire du code, et vérifie qu'elle est à jour."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from barometre import formats
from organisations.models import TRANSITIONS, Statut

COMMANDE = "manage.py dessiner_etats"
# Le verbe qui fait chaque passage, et qui le prononce.
VERBES = {
    (Statut.BROUILLON, Statut.SOUMIS): ("soumettre", "l'organisation"),
    (Statut.SOUMIS, Statut.VALIDE): ("valider", "le CQEN"),
    (Statut.SOUMIS, Statut.A_CORRIGER): ("renvoyer", "le CQEN, avec un motif"),
    (Statut.A_CORRIGER, Statut.SOUMIS): ("soumettre", "l'organisation"),
    (Statut.VALIDE, Statut.REMPLACE): ("valider", "le CQEN, en acceptant la version suivante"),
}
TABLEAUX = {
    "valeurs.csv": (
        "Une ligne par organisation attendue, trimestre et indicateur, silences compris. Dans les comptes, une VALEUR "
        "de zéro sur zéro est sans objet, et PAS_ENCORE_DUE est sans réponse.",
        formats.VALEURS,
    ),
    "organisations.csv": ("Une ligne par organisation, telle qu'elle était.", formats.ORGANISATIONS),
    "chiffres.csv": (
        "Une ligne par indicateur, trimestre et portefeuille, et une pour l'ensemble. Les parts et les cibles sont des "
        "pourcentages à six décimales.",
        formats.CHIFFRES,
    ),
}
ETATS = """\
Un plan, une soumission ou une fiche passe par ces statuts, et par aucun autre chemin. Corriger un dossier validé ouvre
une nouvelle version, en brouillon; l'ancienne reste publique jusqu'à ce que la nouvelle soit validée.
"""
DONNEES = """\
Chaque édition est un dossier qui se suffit. Les fichiers CSV sont en UTF-8, séparés par des virgules, avec un point
décimal et des dates ISO; une cellule vide veut dire inconnu, jamais zéro.

`indicateurs.json` donne l'édition, les trimestres et, pour chaque indicateur, ses règles, ses définitions datées et le
chemin de ses cibles. Leurs mots en anglais, s'ils sont écrits, sont sous la clé `anglais`; les stratégies qui avaient
un plan en vigueur, sous `strategies`. `SHA256SUMS` donne l'empreinte de chaque fichier; `sha256sum --check SHA256SUMS`
la vérifie.
"""


class Command(BaseCommand):
    """Écrit `docs/etats.md` et `docs/donnees.md`."""

    help = "Tire du code la documentation des statuts et des données."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--verifier", action="store_true", help="n'écrit rien; échoue si un fichier n'est pas à jour"
        )

    def handle(self, *, verifier: bool, **options) -> None:
        """Écrit les fichiers périmés; avec `--verifier`, sort en erreur (1) et les nomme."""
        perimes = {chemin: texte for chemin, texte in documents().items() if not _dit(chemin, texte)}
        noms = ", ".join(f"docs/{chemin.name}" for chemin in perimes)
        if verifier and perimes:
            raise CommandError(f"À refaire avec « {COMMANDE} » : {noms}.")
        for chemin, texte in perimes.items():
            chemin.parent.mkdir(exist_ok=True)
            chemin.write_text(texte, encoding="utf-8")
        self.stdout.write(f"Écrit : {noms}." if perimes else "La documentation est à jour.")


def documents() -> dict[Path, str]:
    """Chaque fichier engendré et ce qu'il doit dire."""
    docs = Path(settings.RACINE) / "docs"
    return {docs / "etats.md": dessiner(), docs / "donnees.md": decrire()}


def dessiner() -> str:
    """`TRANSITIONS` en diagramme et en tableau; lève `KeyError` pour un passage sans verbe."""
    passages = [(de, vers, *VERBES[de, vers]) for de in Statut for vers in Statut if vers in TRANSITIONS[de]]
    diagramme = [
        *(f'    state "{statut.label}" as {statut}' for statut in Statut),
        f"    [*] --> {Statut.BROUILLON}: saisir, corriger",
        *(f"    {de} --> {vers}: {verbe}" for de, vers, verbe, _ in passages),
        *(f"    {statut} --> [*]" for statut in Statut if not TRANSITIONS[statut]),
    ]
    lignes = ((de.label, f"`{verbe}`", vers.label, qui) for de, vers, verbe, qui in passages)
    return "\n".join(
        [
            *_entete("Les statuts d'un dossier", ETATS),
            "```mermaid",
            "stateDiagram-v2",
            *diagramme,
            "```",
            "",
            *_tableau(("de", "verbe", "vers", "qui"), lignes),
            "",
        ]
    )


def decrire() -> str:
    """Les fichiers d'une édition, colonne par colonne."""
    lignes = _entete("Les fichiers d'une édition", DONNEES)
    for nom, (phrase, colonnes) in TABLEAUX.items():
        rangees = [("`edition`", formats.EDITION), *((f"`{c.nom}`", c.description) for c in colonnes)]
        lignes += [f"## {nom}", "", phrase, "", *_tableau(("colonne", "ce qu'elle dit"), rangees), ""]
    return "\n".join(lignes)


def _entete(titre: str, texte: str) -> list[str]:
    return [f"# {titre}", "", f"Fichier engendré par `{COMMANDE}` : ne le modifiez pas à la main.", "", texte]


def _tableau(entetes: Iterable[str], rangees: Iterable[Iterable[str]]) -> Iterator[str]:
    entetes = tuple(entetes)
    yield from (f"| {' | '.join(rangee)} |" for rangee in (entetes, ["---"] * len(entetes), *rangees))


def _dit(chemin: Path, texte: str) -> bool:
    return chemin.exists() and chemin.read_text(encoding="utf-8") == texte
