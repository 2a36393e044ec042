"""Simuler une édition: ce qu'on demande, et ce que la page en montre."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms

from barometre import pages
from barometre.models import Edition, PublicationRefusee
from indicateurs import mots
from indicateurs.models import Trimestre
from organisations.champs import Texte, exiger_gardable, plusieurs_lignes

LONGUEUR = 500


class ParCode(forms.ModelChoiceField):
    """Un trimestre, par son code."""

    def label_from_instance(self, obj: Any) -> str:
        """« 2e trimestre de 2023 »."""
        return mots.trimestre(obj.code)


class Phrases(Texte):
    """Un texte que le public lira."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=LONGUEUR, widget=plusieurs_lignes(2), **options)

    def clean(self, value: Any) -> str:
        """Le texte, qui se garde et s'écrit."""
        texte = super().clean(value)
        exiger_gardable(texte, str(self.label))
        return texte


class FormulaireDeSimulation(forms.Form):
    """Quel trimestre, avec quelle note, et pourquoi hors du calendrier s'il y a lieu."""

    trimestre = ParCode(None, label="Dernier trimestre", to_field_name="code", empty_label=None)
    note = Phrases(label="Note", help_text="Obligatoire pour une édition corrective. Le public la lira.")
    hors_calendrier = Phrases(
        label="Pourquoi hors du calendrier",
        help_text="Si ce jour n'a pas été annoncé quatre semaines d'avance. Le public le lira.",
    )

    def __init__(self, *args: Any, le: datetime.datetime) -> None:
        super().__init__(*args)
        self.le = le
        publiables = Trimestre.objects.termines(le).order_by("code")
        derniere = Edition.objects.derniere()
        if derniere:
            publiables = publiables.filter(code__gte=derniere.trimestre.code)
        trimestre: Any = self.fields["trimestre"]
        trimestre.queryset = publiables
        trimestre.initial = publiables.last()

    @property
    def faits(self) -> dict[str, Any]:
        """Ce que `Edition.preparer` demande."""
        return {**self.cleaned_data, "le": self.le}

    @property
    def suite(self) -> str:
        """La même demande, dans une adresse; rien si elle est mal formée."""
        if not self.is_valid():
            return ""
        dit = self.cleaned_data
        return f"?{urlencode(dit | {'trimestre': dit['trimestre'].code})}"


def simulation(formulaire: FormulaireDeSimulation, par: Any) -> dict[str, Any]:
    """Ce que l'édition demandée dirait, ou pourquoi elle ne peut pas être; rien n'est écrit."""
    try:
        projet = Edition.simuler(**formulaire.faits)
    except PublicationRefusee as refus:
        formulaire.add_error(None, str(refus))
        return {}
    empeche = ""
    try:
        projet.edition.exiger_publiable(par)
    except PublicationRefusee as refus:
        empeche = str(refus)
    champs = {"trimestre": projet.edition.trimestre.code, "jeton": projet.jeton}
    caches = champs | {nom: formulaire.cleaned_data[nom] for nom in ("note", "hors_calendrier")}
    return pages.publication.contexte(projet) | {"empeche": empeche, "caches": caches}
