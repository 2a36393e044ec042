"""Ce que la base refuse elle-même, sur PostgreSQL comme sur SQLite: changer le passé.

Un déclencheur est une condition SQL que les deux moteurs comprennent. Ils sont posés après chaque `migrate` et levés
avant, sur SQLite, qui refait ses tables en les renommant et ne supporte pas qu'un déclencheur les nomme alors.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import AppConfig
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate, pre_migrate

from organisations.models.statut import ACCEPTES, MODIFIABLES, TRANSITIONS, Statut

EN_SQLITE = {
    "IS DISTINCT FROM": "IS NOT",  # que SQLite ne connaît que depuis 3.39
    r"jsonb_array_elements\((\w+) -> '(\w+)'\)": r"json_each(\1, '$.\2')",
    r"([\w.]+) ->> '(\w+)'": r"json_extract(\1, '$.\2')",
}


def en_sql(condition: str, moteur: str) -> str:
    """La condition, écrite pour PostgreSQL, dans les mots de ce moteur."""
    for mot, autre in EN_SQLITE.items() if moteur == "sqlite" else ():
        condition = re.sub(mot, autre, condition)
    return condition


@dataclass(frozen=True)
class Declencheur:
    """Refuse `geste` (INSERT, UPDATE ou DELETE) sur `table` quand `condition` est vraie.

    `verrou` est pris d'abord, sur PostgreSQL seulement: SQLite n'a qu'un écrivain à la fois.
    """

    table: str
    geste: str
    condition: str
    message: str
    verrou: str = ""
    role: str = "garde"

    @property
    def nom(self) -> str:
        """Un nom par table, geste et rôle."""
        return f"{self.table}_{self.geste.lower()}_{self.role}"

    def sql(self, moteur: str) -> list[str]:
        """Les ordres qui le posent."""
        condition = en_sql(self.condition, moteur)
        if moteur == "sqlite":
            return [
                f"CREATE TRIGGER {self.nom} BEFORE {self.geste} ON {self.table} FOR EACH ROW WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, {_texte(self.message)}); END"
            ]
        verrou = f"PERFORM {self.verrou}; " if self.verrou else ""
        return [
            f"CREATE OR REPLACE FUNCTION {self.nom}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {verrou}"
            f"IF {condition} THEN RAISE EXCEPTION {_texte(self.message)} USING ERRCODE = 'check_violation'; "
            f"END IF; RETURN {'OLD' if self.geste == 'DELETE' else 'NEW'}; END $$",
            f"CREATE TRIGGER {self.nom} BEFORE {self.geste} ON {self.table} FOR EACH ROW EXECUTE FUNCTION {self.nom}()",
        ]


@dataclass(frozen=True)
class Vidange:
    """Refuse TRUNCATE sur `table`; SQLite n'a pas cet ordre."""

    table: str

    @property
    def nom(self) -> str:
        """Un nom par table."""
        return f"{self.table}_truncate_garde"

    def sql(self, moteur: str) -> list[str]:
        """Les ordres qui la posent."""
        if moteur == "sqlite":
            return []
        return [
            f"CREATE OR REPLACE FUNCTION {self.nom}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION 'Cette table ne se vide pas.' USING ERRCODE = 'check_violation'; END $$",
            f"CREATE TRIGGER {self.nom} BEFORE TRUNCATE ON {self.table} EXECUTE FUNCTION {self.nom}()",
        ]


Garde = Declencheur | Vidange


TOUJOURS = "1 = 1"


def ajout_seulement(table: str, quoi: str) -> list[Garde]:
    """On y ajoute des lignes; on n'en change ni n'en retire aucune."""
    return [
        Declencheur(table, "UPDATE", TOUJOURS, f"{quoi} ne se modifie pas."),
        Declencheur(table, "DELETE", TOUJOURS, f"{quoi} ne se supprime pas."),
        Vidange(table),
    ]


def journal(table: str) -> list[Garde]:
    """Des lignes qu'on ajoute seulement; qui a transmis une version, même avant un renvoi, ne l'accepte jamais."""
    transmis = f"SELECT 1 FROM {table} WHERE dossier_id = NEW.dossier_id AND par_id = NEW.par_id AND vers = 'SOUMIS'"  # noqa: S608
    meme_personne = f"NEW.vers = '{Statut.VALIDE}' AND EXISTS ({transmis})"
    return [
        *ajout_seulement(table, "Le journal"),
        Declencheur(table, "INSERT", meme_personne, "Qui a transmis un dossier ne peut pas le valider."),
    ]


def histoires(application: str, *modeles: str) -> list[Garde]:
    """L'histoire de ces modèles du catalogue: on y ajoute seulement."""
    return [garde for nom in modeles for garde in ajout_seulement(f"{application}_historical{nom}", "L'histoire")]


def decide_une_fois(table: str, quoi: str, *faits: str) -> list[Garde]:
    """Une ligne qui attend une décision: datée par l'un de ces faits, elle ne change plus; elle ne s'efface jamais."""
    decidee = " OR ".join(f"OLD.{fait} IS NOT NULL" for fait in faits)
    return [
        Declencheur(table, "UPDATE", f"({decidee})", f"{quoi} est déjà décidée."),
        Declencheur(table, "DELETE", TOUJOURS, f"{quoi} ne se supprime pas."),
        Vidange(table),
    ]


def est_en_ajout_seulement(garde: Garde) -> bool:
    """Cette garde est-elle celle d'une table où l'on ne fait qu'ajouter?"""
    return isinstance(garde, Declencheur) and garde.geste == "UPDATE" and garde.condition == TOUJOURS


def _texte(phrase: str) -> str:
    return "'" + phrase.replace("'", "''") + "'"


def _liste(valeurs: Iterable[str]) -> str:
    return ", ".join(map(_texte, valeurs))


def _change(*colonnes: str) -> str:
    return " OR ".join(f"NEW.{colonne} IS DISTINCT FROM OLD.{colonne}" for colonne in colonnes) or "1 = 0"


def cycle_de_vie(table: str, cle: Iterable[str], contenu: Iterable[str] = ()) -> list[Garde]:
    """Un dossier suit `TRANSITIONS`; transmis, il reste, figé; accepté, seul un remplacement le change."""
    passages = _liste(f"{de}>{vers}" for de, suites in TRANSITIONS.items() for vers in sorted(suites))
    return [
        Declencheur(table, "INSERT", f"NEW.statut <> '{Statut.BROUILLON}'", "Un dossier commence en brouillon."),
        Declencheur(
            table,
            "UPDATE",
            f"{_change('version', 'motif_de_correction', 'cree_le', 'cree_par_id', *cle)} "
            f"OR (OLD.statut <> NEW.statut AND OLD.statut || '>' || NEW.statut NOT IN ({passages})) "
            f"OR (OLD.statut NOT IN ({_liste(MODIFIABLES)}) AND ({_change('revision', *contenu)})) "
            f"OR (OLD.statut IN ({_liste(ACCEPTES)}) "
            f"AND ({_change('soumis_le', 'soumis_par_id', 'valide_le', 'valide_par_id')})) "
            f"OR (OLD.statut = '{Statut.REMPLACE}' AND {_change('remplace_le')})",
            "Ce dossier ne peut pas être changé ainsi.",
        ),
        Declencheur(table, "DELETE", f"OLD.statut <> '{Statut.BROUILLON}'", "Un dossier transmis ne se supprime pas."),
        Vidange(table),
    ]


def contenu_fige(table: str, parent: str, lien: str) -> list[Garde]:
    """Les lignes d'un dossier ne changent que tant qu'il est en brouillon ou à corriger."""

    def ferme(ligne: str) -> str:
        statut = f"(SELECT statut FROM {parent} WHERE id = {ligne}.{lien})"  # noqa: S608 (nos propres noms)
        return f"{statut} NOT IN ({_liste(MODIFIABLES)})"

    phrase = "Un dossier transmis ne change plus."
    return [
        Declencheur(table, "INSERT", ferme("NEW"), phrase),
        Declencheur(table, "UPDATE", f"{ferme('OLD')} OR {ferme('NEW')}", phrase),
        Declencheur(table, "DELETE", ferme("OLD"), phrase),
        Vidange(table),
    ]


DECLENCHEURS = [
    *cycle_de_vie(
        "organisations_plantransformation",
        ["organisation_id", "strategie_id"],
        contenu=["debut", "fin", "resume", "document"],
    ),
    *contenu_fige("organisations_initiative", "organisations_plantransformation", "plan_id"),
    *journal("organisations_evenementplan"),
    *ajout_seulement("organisations_trace", "Une trace"),
    *histoires("organisations", "strategie", "organisation", "utilisateur", "utilisateur_groups", "attribution"),
    *decide_une_fois("organisations_habilitation", "Cette habilitation", "revoquee_le"),
    *decide_une_fois("organisations_invitation", "Cette invitation", "acceptee_le", "retiree_le"),
]


def poser(connexion: BaseDatabaseWrapper, gardes: Iterable[Garde]) -> None:
    """Pose les gardes qui manquent, ou remplace celles qui sont là."""
    lever(connexion, gardes)
    with connexion.cursor() as curseur:
        for garde in gardes:
            for ordre in garde.sql(connexion.vendor):
                curseur.execute(ordre)


def lever(connexion: BaseDatabaseWrapper, gardes: Iterable[Garde]) -> None:
    """Retire les gardes dont la table existe."""
    tables = set(connexion.introspection.table_names())
    with connexion.cursor() as curseur:
        for garde in (g for g in gardes if g.table in tables):
            sur = f" ON {garde.table}" if connexion.vendor == "postgresql" else ""
            curseur.execute(f"DROP TRIGGER IF EXISTS {garde.nom}{sur}")


def brancher(application: AppConfig, gardes: list[Garde]) -> None:
    """Fait suivre aux gardes chaque migration de l'application."""

    def apres(using: str, **_: object) -> None:
        if router.allow_migrate(using, application.label):
            poser(connections[using], gardes)

    def avant(using: str, **_: object) -> None:
        if connections[using].vendor == "sqlite":
            lever(connections[using], gardes)

    nom = f"declencheurs_{application.label}"
    post_migrate.connect(apres, sender=application, weak=False, dispatch_uid=nom)
    pre_migrate.connect(avant, sender=application, weak=False, dispatch_uid=nom)
