"""La fiche d'expertise telle qu'elle se tape."""

import json
from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from indicateurs.bornes import LONGUEURS_DE_FICHE
from indicateurs.models import ContenuDeFiche, FicheExpertise, Indicateur
from organisations.champs import LONGUEUR_MAXIMALE, Texte, normaliser, plusieurs_lignes
from organisations.forms import Difference
from organisations.models import MODIFIABLES

CHAMPS = ("titre", "indicateur", "realisation", "resultat", "contact")
A_REMPLIR = {
    "realisation": "Dites ce qui a été fait avant de transmettre.",
    "resultat": "Dites ce que cela a donné avant de transmettre.",
    "contact": "Donnez une adresse avant de transmettre.",
}


class FormulaireDeFiche(forms.Form):
    """Un brouillon demande un titre et un indicateur; le reste se vérifie avant de transmettre.

    `jeton` et `base` disent ce que la page montrait: ils se comparent, sans plus.
    """

    titre = Texte(
        label="Titre", help_text="Ce qu'une autre organisation y cherchera.", max_length=LONGUEURS_DE_FICHE["titre"]
    )
    indicateur = forms.ModelChoiceField(
        Indicateur.objects.order_by("ordre", "code"),
        label="Indicateur",
        empty_label="Choisissez un indicateur",
        to_field_name="code",
        error_messages={"invalid_choice": "Choisissez un indicateur de la liste."},
    )
    realisation = Texte(
        label="Ce qui a été fait",
        help_text="Par qui, comment, en combien de temps. 5 000 caractères au plus.",
        required=False,
        max_length=LONGUEUR_MAXIMALE,
        widget=plusieurs_lignes(6),
    )
    resultat = Texte(
        label="Ce que cela a donné",
        help_text="Les résultats, les difficultés, ce que vous referiez. 5 000 caractères au plus.",
        required=False,
        max_length=LONGUEUR_MAXIMALE,
        widget=plusieurs_lignes(5),
    )
    contact = Texte(
        label="Adresse pour en savoir plus",
        help_text="Un courriel qui sera public. Préférez celui d'une équipe, comme projet@organisation.ca.",
        required=False,
        max_length=LONGUEURS_DE_FICHE["contact"],
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    jeton = forms.Field(required=False, widget=forms.HiddenInput)
    base = forms.Field(required=False, widget=forms.HiddenInput)

    use_required_attribute = False  # un brouillon s'enregistre incomplet

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differences: list[Difference] = []

    @classmethod
    def de(cls, fiche: FicheExpertise) -> Self:
        """Ce qui est enregistré; rien d'une fiche pas encore commencée."""
        dit = _enregistre(fiche)
        return cls(initial=dit | {"jeton": fiche.jeton, "base": json.dumps(dit, ensure_ascii=False)})

    @property
    def lu(self) -> str:
        """Le jeton de la page d'où vient l'envoi."""
        return self["jeton"].data or ""

    def verifier(self, *, complete: bool) -> bool:
        """Tout tient-il? `complete` exige aussi ce qu'il faut pour transmettre; chaque faute est à son champ."""
        self.full_clean()
        if complete:
            for nom, phrase in A_REMPLIR.items():
                self._verifier_champ(nom, phrase)
        return not self.errors

    def _verifier_champ(self, nom: str, phrase: str) -> None:
        dit = self.cleaned_data.get(nom)
        if dit == "":
            self.add_error(nom, phrase)
        elif dit and len(dit) > LONGUEURS_DE_FICHE[nom]:
            self.add_error(nom, f"Ce texte a {len(dit)} caractères, raccourcissez-le à {LONGUEURS_DE_FICHE[nom]}.")
        elif dit and nom == "contact":
            try:
                validate_email(dit)
            except ValidationError:
                self.add_error(nom, "Donnez une adresse complète, comme projet@organisation.ca.")

    @property
    def contenu(self) -> ContenuDeFiche:
        """La fiche telle qu'elle entre, une fois vérifiée."""
        return ContenuDeFiche(**{nom: self.cleaned_data[nom] for nom in ContenuDeFiche._fields})

    def confrontee(self, fiche: FicheExpertise) -> Self:
        """La même, à jour de ce qu'un autre a enregistré: ce que la personne n'a pas touché en est repris."""
        a_jour = type(self).de(fiche)
        base = _lire_base(self["base"].data)
        siens = _textes({nom: self[nom].data or "" for nom in CHAMPS})
        autres = _textes(_enregistre(fiche))
        touches = [nom for nom in CHAMPS if siens[nom] != base[nom]]
        nouvelle = type(self)(initial={**a_jour.initial, **{nom: self[nom].data or "" for nom in touches}})
        modifiable = fiche.statut in MODIFIABLES
        for nom in CHAMPS if modifiable else touches:
            if siens[nom] != autres[nom] and (autres[nom] != base[nom] or not modifiable):
                sienne, autre = nouvelle._en_mots(nom, siens[nom]), nouvelle._en_mots(nom, autres[nom])
                etiquette = str(self.fields[nom].label)
                nouvelle.differences.append(Difference(etiquette, sienne, autre, nom not in touches))
        return nouvelle

    def _en_mots(self, nom: str, dit: str) -> str:
        """Un champ, comme la page le montre: l'indicateur par son intitulé."""
        if nom != "indicateur":
            return dit
        return dict(Indicateur.objects.values_list("code", "intitule")).get(dit, dit)


def _enregistre(fiche: FicheExpertise) -> dict[str, str]:
    """Ce que la base dit de la fiche; rien si elle n'est pas commencée."""
    return dict.fromkeys(CHAMPS, "") if fiche.pk is None else fiche.contenu()


def _textes(contenu: Mapping[str, Any]) -> dict[str, str]:
    """Ce que dit une fiche, tapée ou enregistrée, en textes qui se comparent."""
    return {nom: normaliser(str(contenu[nom])).strip() for nom in CHAMPS}


def _lire_base(tape: str | None) -> dict[str, str]:
    """Ce que la page montrait; illisible, elle ne montrait rien: tout passe alors pour écrit par la personne."""
    try:
        return _textes(json.loads(tape or ""))
    except (ValueError, TypeError, KeyError, RecursionError):
        return dict.fromkeys(CHAMPS, "")
