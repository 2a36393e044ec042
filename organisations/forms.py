"""Le plan tel qu'il se tape."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from organisations.champs import Texte, normaliser, plusieurs_lignes, une_date
from organisations.models import MODIFIABLES, Avancement, ContenuDInitiative, ContenuDuPlan, PlanTransformation

PLUS_LOURD_DOCUMENT = 10 * 1024 * 1024
PLUS_D_INITIATIVES = 50
INCOMPLET = "Ce formulaire est incomplet. Rechargez la page, puis recommencez."


class Progres(forms.IntegerField):
    """Un entier écrit en chiffres seulement: « 1_0 » ou « 5.0 » ne se devinent pas."""

    def to_python(self, value: Any) -> int | None:
        """L'entier, ou rien."""
        if value not in self.empty_values and not str(value).strip().isdecimal():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class EntreDeuxDates(forms.Form):
    """Un début et une fin, dans l'ordre."""

    JOURS = 0  # ce qui les sépare au moins

    debut = forms.DateField(label="Début", widget=une_date())
    fin = forms.DateField(label="Fin", widget=une_date())

    def clean(self) -> dict[str, Any]:
        """La fin suit le début."""
        champs = self.cleaned_data
        if "debut" in champs and "fin" in champs and (champs["fin"] - champs["debut"]).days < self.JOURS:
            self.add_error("fin", "La fin doit suivre le début. Corrigez l'une des deux dates.")
        return champs


class FormulaireDeCorrection(forms.Form):
    """Pourquoi ce qui fut accepté se corrige."""

    motif = Texte(
        label="Pourquoi corriger",
        help_text="Cette raison sera publique.",
        max_length=1000,
        widget=plusieurs_lignes(3),
    )


class FormulaireDuPlan(EntreDeuxDates):
    """Le plan lui-même. `jeton` et `base` disent ce que la page montrait: ils se comparent, sans plus."""

    JOURS = 1

    resume = Texte(
        label="Résumé",
        help_text="Ce que votre organisation promet, en quelques phrases. Il est nécessaire pour transmettre.",
        required=False,
        max_length=5000,
        widget=plusieurs_lignes(6),
    )
    document = forms.FileField(
        label="Document du plan",
        help_text="Un fichier PDF, 10 mégaoctets au plus. Choisissez-le juste avant d'enregistrer.",
        required=False,
        widget=forms.FileInput({"accept": "application/pdf"}),
        error_messages={"empty": "Ce fichier est vide. Choisissez-en un autre."},
    )
    jeton = forms.Field(required=False, widget=forms.HiddenInput)
    base = forms.Field(required=False, widget=forms.HiddenInput)

    def clean_document(self) -> UploadedFile | None:
        """Un PDF, par ses premiers octets: le type annoncé dépend du navigateur."""
        document = self.cleaned_data["document"]
        if document and document.size > PLUS_LOURD_DOCUMENT:
            raise ValidationError("Ce document dépasse 10 mégaoctets. Allégez-le, puis recommencez.", code="lourd")
        if document and document.read(5) != b"%PDF-":
            raise ValidationError("Ce fichier n'est pas un PDF. Choisissez-en un autre.")
        return document


class FormulaireDInitiative(EntreDeuxDates):
    """Un projet du plan."""

    titre = Texte(label="Titre", max_length=250)
    changement = Texte(
        label="Ce qui change pour la population", required=False, max_length=2000, widget=plusieurs_lignes(3)
    )
    etat = forms.ChoiceField(label="État", choices=Avancement.choices)
    progres = Progres(label="Progrès", min_value=0, max_value=100, widget=forms.NumberInput({"inputmode": "numeric"}))

    field_order = ("titre", "changement", "debut", "fin", "etat", "progres")


class ToutesLesInitiatives(forms.BaseFormSet):
    """Les initiatives d'un plan, dans leur ordre."""

    default_error_messages = {
        **forms.BaseFormSet.default_error_messages,
        "too_many_forms": f"Un plan a {PLUS_D_INITIATIVES} initiatives au plus. Retirez-en.",
        "too_few_forms": INCOMPLET,
        "missing_management_form": INCOMPLET,
    }


Initiatives = forms.formset_factory(
    FormulaireDInitiative,
    formset=ToutesLesInitiatives,
    extra=0,
    min_num=0,
    validate_min=True,  # un total négatif effacerait tout
    max_num=PLUS_D_INITIATIVES,
    absolute_max=PLUS_D_INITIATIVES + 1,
    validate_max=True,
)


class Difference(NamedTuple):
    """Un fait du plan que deux personnes disent autrement; repris de l'autre, ou gardé de qui écrit."""

    nom: str
    sienne: str
    autre: str
    est_reprise: bool


class SaisieDuPlan:
    """La page du plan telle qu'elle se tape: le plan et ses initiatives."""

    def __init__(self, donnees: Any = None, fichiers: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        lignes = initial["initiatives"] if initial else None
        self.plan = FormulaireDuPlan(donnees, fichiers, initial=initial)
        self.initiatives = Initiatives(donnees, fichiers, initial=lignes, prefix="initiatives")
        self.differences: list[Difference] = []

    @classmethod
    def du(cls, plan: PlanTransformation) -> Self:
        """Ce qui est enregistré; pour un plan pas encore commencé, les dates de sa stratégie."""
        dit = _enregistre(plan)
        return cls(initial=dit | {"jeton": plan.jeton, "base": json.dumps(dit, ensure_ascii=False)})

    @property
    def lu(self) -> str:
        """Le jeton de la page d'où vient l'envoi."""
        return self.plan["jeton"].data or ""

    @property
    def brut(self) -> dict[str, Any]:
        """Ce qui est tapé, tel quel, hors le document, qu'un navigateur ne renvoie pas deux fois."""
        return _tape(self.plan) | {"initiatives": [_tape(ligne) for ligne in self.initiatives]}

    def remaniee(self, geste: str) -> Self:
        """La même, ses initiatives déplacées; rien n'est vérifié."""
        brut = self.brut
        return type(self)(initial=brut | {"initiatives": remanier(brut["initiatives"], geste)})

    def confrontee(self, plan: PlanTransformation) -> Self:
        """La même, à jour de ce qu'un autre a enregistré: ce que la personne n'a pas touché en est repris.

        Les initiatives se gardent, ou se reprennent, toutes ensemble.
        """
        brut, a_jour = self.brut, type(self).du(plan).plan.initial
        base, siens, autres = _lire_base(self.plan["base"].data), _textes(brut), _textes(_enregistre(plan))
        touches = [nom for nom in autres if siens[nom] != base[nom]]
        nouvelle = type(self)(initial={**a_jour, **{nom: brut[nom] for nom in touches}})
        a_dire = [nom for nom in autres if autres[nom] != base[nom]] if plan.statut in MODIFIABLES else touches
        for nom in a_dire:
            sien, autre = _faits(nom, siens[nom]), _faits(nom, autres[nom])
            dits = [(fait, sien.get(fait, ""), autre.get(fait, "")) for fait in dict.fromkeys([*sien, *autre])]
            nouvelle.differences += [Difference(*dit, nom not in touches) for dit in dits if dit[1] != dit[2]]
        return nouvelle

    def verifier(self, *, complete: bool) -> bool:
        """Tout tient-il? `complete` exige aussi ce qu'il faut pour transmettre."""
        if complete and self.plan.is_valid():
            if not self.plan.cleaned_data["resume"]:
                self.plan.add_error("resume", "Écrivez le résumé avant de transmettre.")
            if not len(self.initiatives):
                self.plan.add_error(None, "Ajoutez au moins une initiative avant de transmettre.")
        return self.plan.is_valid() & self.initiatives.is_valid()

    @property
    def erreurs(self) -> list[tuple[str, str]]:
        """L'ancre de chaque champ fautif et sa phrase, de haut en bas."""
        formulaires = [("", self.plan), *((f"Initiative {n}, ", f) for n, f in enumerate(self.initiatives, start=1))]
        generales = [*self.plan.non_field_errors(), *self.initiatives.non_form_errors()]
        return [("", phrase) for phrase in generales] + [
            (champ.id_for_label or "", f"{de}{champ.label.lower() if de else champ.label} : {phrase}")
            for de, formulaire in formulaires
            for champ in formulaire
            for phrase in champ.errors
        ]

    @property
    def est_trop_lourde(self) -> bool:
        """Le document dépasse-t-il ce qu'on accepte?"""
        return self.plan.has_error("document", "lourd")

    @property
    def contenu(self) -> ContenuDuPlan:
        """Le plan tel qu'il entre, une fois vérifié."""
        dit = self.plan.cleaned_data
        lignes = [ContenuDInitiative(**ligne.cleaned_data) for ligne in self.initiatives if ligne.cleaned_data]
        return ContenuDuPlan(dit["debut"], dit["fin"], dit["resume"], lignes)


def remanier(lignes: list[Any], geste: str) -> list[Any]:
    """Les lignes après `ajouter`, `monter:2`, `descendre:2` ou `retirer:2`; telles quelles sinon."""
    nom, _, rang = geste.partition(":")
    if nom == "ajouter":
        return [*lignes, {"etat": Avancement.PREVUE, "progres": 0}]
    place = {str(n): n - 1 for n in range(1, len(lignes) + 1)}.get(rang)
    if place is None or nom not in ("monter", "descendre", "retirer"):
        return lignes
    restantes = [*lignes[:place], *lignes[place + 1 :]]
    if nom != "retirer":
        restantes.insert(max(place - 1, 0) if nom == "monter" else place + 1, lignes[place])
    return restantes


def _tape(formulaire: forms.Form) -> dict[str, str]:
    return {champ.name: champ.data or "" for champ in formulaire if champ.name != "document"}


def _enregistre(plan: PlanTransformation) -> dict[str, Any]:
    """Ce que la base dit du plan, hors son document; pas encore commencé, il a les dates de sa stratégie."""
    if plan.pk is None:
        return ContenuDuPlan(plan.debut, plan.fin, plan.resume).en_json()
    return {nom: dit for nom, dit in plan.contenu().items() if nom != "document"}


def _textes(contenu: Mapping[str, Any]) -> dict[str, Any]:
    """Ce que dit un plan, tapé ou enregistré, en textes qui se comparent."""

    def texte(dit: Any) -> str:
        return normaliser(str(dit)).strip()

    lignes = [{nom: texte(ligne[nom]) for nom in FormulaireDInitiative.base_fields} for ligne in contenu["initiatives"]]
    return {nom: texte(contenu[nom]) for nom in ("debut", "fin", "resume")} | {"initiatives": lignes}


def _lire_base(tape: str | None) -> dict[str, Any]:
    """Ce que la page montrait; illisible, elle ne montrait rien: tout passe alors pour écrit par la personne."""
    try:
        return _textes(json.loads(tape or ""))
    except (ValueError, TypeError, KeyError, RecursionError):
        return _textes({"debut": "", "fin": "", "resume": "", "initiatives": []})


def _faits(nom: str, dit: Any) -> dict[str, str]:
    """Ce que dit un champ du plan, chaque fait sous son nom; une initiative en porte plusieurs."""
    if nom != "initiatives":
        return {str(FormulaireDuPlan.base_fields[nom].label): dit}
    etats = dict(Avancement.choices)
    return {
        f"Initiative {rang}, {str(champ.label).lower()}": etats.get(ligne[nom], ligne[nom])
        for rang, ligne in enumerate(dit, start=1)
        for nom, champ in FormulaireDInitiative.base_fields.items()
    }
