"""Ce qu'un fichier changerait au catalogue: chaque différence, ou chaque erreur, et rien d'autre."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from import_export.resources import ModelResource
from import_export.results import Result, RowResult

from organisations.catalogue.tableau import Tableau
from organisations.figes import FIGES

NOUVELLE, CHANGEE = "Nouvelle", "Changée"
GENRES = {RowResult.IMPORT_TYPE_NEW: NOUVELLE, RowResult.IMPORT_TYPE_UPDATE: CHANGEE}
ATTENDUE = "Une valeur est attendue."
MANQUANTE = "Une ligne nouvelle demande cette colonne, que le fichier n'a pas."
APERCU = 80  # caractères de ce qui a été lu, dans une erreur


class Changement(NamedTuple):
    """Une case, avant et après."""

    colonne: str
    avant: str
    apres: str


class Difference(NamedTuple):
    """Ce qu'une ligne du fichier ajoute ou change."""

    ligne: int
    genre: str
    objet: str
    changements: list[Changement]


class Erreur(NamedTuple):
    """Une chose refusée: où, ce qui a été lu, et pourquoi. La ligne 0 est le fichier entier."""

    ligne: int
    colonne: str
    lu: str
    phrase: str


@dataclass
class Apercu:
    """Ce que le fichier ferait."""

    differences: list[Difference] = field(default_factory=list)
    inchangees: int = 0
    erreurs: list[Erreur] = field(default_factory=list)
    ajoutees: list[models.Model] = field(default_factory=list)
    changees: list[models.Model] = field(default_factory=list)

    @property
    def a_ecrire(self) -> bool:
        """Y a-t-il quelque chose à confirmer?"""
        return bool(self.differences) and not self.erreurs

    @property
    def empreinte(self) -> str:
        """Ce que la personne a vu; si elle change avant qu'elle confirme, rien ne s'écrit."""
        return hashlib.sha256(json.dumps([self.differences, self.inchangees]).encode()).hexdigest()


class Ressource(ModelResource):
    """Un modèle du catalogue en tableau. Une sous-classe dit ses colonnes et sa clé."""

    facultatives: tuple[str, ...] = ()  # colonnes de la clé qui peuvent être vides

    class Meta:
        skip_unchanged = True
        clean_model_instances = True
        skip_html_diff = True
        store_instance = True
        use_transactions = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._vues: dict[tuple[str, ...], int] = {}

    @property
    def colonnes(self) -> list[str]:
        """Les colonnes, dans l'ordre du fichier exporté."""
        return list(self.get_export_headers())

    @property
    def cle(self) -> list[str]:
        """Celles qui disent de quelle ligne on parle."""
        return [self.fields[nom].column_name for nom in self.get_import_id_fields()]

    def appliquer(self, tableau: Tableau, *, empreinte: str = "") -> Apercu:
        """Écrit le tableau entier si ce qu'il change est bien ce que dit `empreinte`; sinon n'écrit rien."""
        if erreurs := list(self._fautes_d_entete(tableau.headers or [])):
            return Apercu(erreurs=erreurs)
        tableau.ranger(self.ordonner)
        with transaction.atomic():
            if empreinte:
                self._prendre()
            resultat = self.import_data(tableau, tableau=tableau)
            apercu = self._apercu(tableau, resultat)
            if apercu.erreurs or apercu.empreinte != empreinte:
                transaction.set_rollback(True)
        return apercu

    def _prendre(self) -> None:
        """Prend les lignes avant de les lire: ce qu'une autre personne y écrit est lu d'abord, ou attend."""
        lignes = self._meta.model._default_manager.select_for_update(of=("self",), no_key=True)
        list(lignes.order_by("pk").values_list("pk", flat=True))

    def ordonner(self, lignes: list[dict[str, str]]) -> list[int]:
        """L'ordre où les lignes s'écrivent: celui du fichier, sauf où c'est redit."""
        return list(range(len(lignes)))

    # --- ce que la bibliothèque appelle, ligne par ligne ---

    def before_import_row(self, row: dict[str, str], **kwargs: Any) -> None:
        """Une ligne dont on ne sait pas de quoi elle parle est refusée, avec tout ce qui n'y va pas."""
        numero, _, entiere = kwargs["tableau"].rangees[kwargs["row_number"] - 1]
        if entiere:
            raise ValidationError(entiere)
        fautes = {nom: ATTENDUE for nom in self.cle if not (row[nom] or nom in self.facultatives)}
        fautes |= dict(self._illisibles(row))
        dite = tuple(str(row[nom]) for nom in self.cle)
        if not fautes.keys() & set(self.cle):
            premiere = self._vues.setdefault(dite, numero)
            if premiere != numero:
                fautes[self.cle[0]] = f"Cette clé est déjà à la ligne {premiere}."
        if fautes.keys() & set(self.cle):
            raise ValidationError(fautes)

    def _illisibles(self, row: dict[str, str]) -> Iterator[tuple[str, str]]:
        for champ in self.get_import_fields():
            if champ.column_name in row:
                try:
                    champ.clean(row)
                except ValueError as refus:
                    yield champ.column_name, str(refus)

    def validate_instance(self, instance: Any, import_validation_errors: Any = None, validate_unique: Any = True):
        """Les règles du modèle, et ce qu'une édition fige."""
        fautes = dict(import_validation_errors or {})
        if instance.pk:
            try:
                FIGES.exiger_inchange(type(instance)._default_manager.get(pk=instance.pk), instance)
            except ValidationError as fige:
                fautes = fige.update_error_dict(fautes)
        super().validate_instance(instance, fautes, validate_unique)

    # --- ce que la personne lit ---

    def _fautes_d_entete(self, dites: list[str]) -> Iterator[Erreur]:
        fautes = {
            "manquantes": [nom for nom in self.cle if nom not in dites],
            "inconnues": [nom or "(sans nom)" for nom in dites if nom not in self.colonnes],
            "en double": sorted({nom for nom in dites if nom and dites.count(nom) > 1}),
        }
        for faute, noms in fautes.items():
            if noms:
                attendues = f"Attendues : {', '.join(self.colonnes)}."
                yield Erreur(0, "", _court(", ".join(noms)), f"Colonnes {faute}. {attendues}")

    def _apercu(self, tableau: Tableau, resultat: Result) -> Apercu:
        apercu = Apercu(inchangees=resultat.totals[RowResult.IMPORT_TYPE_SKIP])
        apercu.erreurs += [Erreur(0, "", "", "Ce fichier ne peut pas être appliqué.")] * bool(resultat.base_errors)
        for rangee, lue in zip(tableau.rangees, resultat.rows, strict=False):
            if lue.errors or lue.validation_error:
                apercu.erreurs += self._erreurs(tableau, rangee, lue)
            elif genre := GENRES.get(lue.import_type):
                (apercu.ajoutees if genre == NOUVELLE else apercu.changees).append(lue.instance)
                changements = list(self._changements(lue))
                apercu.differences.append(Difference(rangee[0], genre, str(lue.instance), changements))
        apercu.differences.sort()
        apercu.erreurs.sort()
        return apercu

    def _erreurs(self, tableau: Tableau, rangee: tuple[int, list[str], str], lue: RowResult) -> Iterator[Erreur]:
        if lue.errors:
            yield Erreur(rangee[0], "", "", "La base refuse cette ligne : vérifiez ce qui en dépend.")
            return
        cases = dict(zip(tableau.headers, rangee[1], strict=True))
        colonnes = {champ.attribute: champ.column_name for champ in self.fields.values()}
        dites = lue.validation_error.error_dict if _par_champ(lue) else {}
        for nom, fautes in (dites or {NON_FIELD_ERRORS: lue.validation_error.error_list}).items():
            colonne = "" if nom == NON_FIELD_ERRORS else colonnes.get(nom, nom)
            for faute in fautes:
                phrase = faute.messages[0]
                if faute.code in ("blank", "null"):
                    phrase = ATTENDUE if colonne in cases else MANQUANTE
                yield Erreur(rangee[0], colonne, _court(cases.get(colonne, "")), phrase)

    def _changements(self, lue: RowResult) -> Iterator[Changement]:
        for champ in self.get_import_fields():
            avant = champ.export(lue.original) if lue.original else ""
            apres = champ.export(lue.instance)
            if avant != apres:
                yield Changement(champ.column_name, avant, apres)


def _par_champ(lue: RowResult) -> bool:
    return hasattr(lue.validation_error, "error_dict")


def _court(texte: str) -> str:
    """Ce qui a été lu, sur une ligne courte et sans caractère invisible."""
    court = texte if len(texte) <= APERCU else f"{texte[:APERCU]}…"
    return "".join(c if c.isprintable() else " " for c in court)
