"""Ce qu'on tape pour demander l'appui du CQEN, et pour continuer la conversation."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet

from indicateurs.bornes import LONGUEUR_DU_MESSAGE
from indicateurs.models import Indicateur
from organisations.champs import Texte, plusieurs_lignes

SANS_INDICATEUR = "Aucun en particulier"


class FormulaireDeDemande(forms.Form):
    """L'objet, l'indicateur s'il y en a un, et le premier message."""

    objet = Texte(label="Objet", help_text="En une ligne, ce dont vous avez besoin.", max_length=250)
    indicateur = forms.ModelChoiceField(
        Indicateur.objects.order_by("ordre", "code"),
        label="Indicateur concerné",
        required=False,
        empty_label=SANS_INDICATEUR,
        to_field_name="code",
        error_messages={"invalid_choice": "Choisissez un indicateur de la liste."},
    )
    texte = Texte(
        label="Votre message",
        help_text="Où vous en êtes, ce qui vous arrête, pour quand.",
        max_length=LONGUEUR_DU_MESSAGE,
        widget=plusieurs_lignes(8),
    )


class DernierLu(forms.IntegerField):
    """Le dernier message que la page montrait; refusée, elle revient avec le dernier qu'elle montre maintenant."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> int:
        """Sa clé; 0 si la page n'en montrait aucun."""
        return super().clean(value) or 0

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Celui de cette page-ci, et non de celle d'où vient l'envoi."""
        return initial


class FormulaireDeMessage(forms.Form):
    """Un message du fil, sous la page qui montre ce fil: renvoyé deux fois, un message n'en fait qu'un."""

    texte = Texte(label="Votre message", max_length=LONGUEUR_DU_MESSAGE, widget=plusieurs_lignes(6))
    lu = DernierLu(required=False, min_value=0, max_value=2**63 - 1)

    def __init__(self, fil: QuerySet, donnees: Any = None, repris: Mapping[str, Any] | None = None) -> None:
        self.fil = fil  # lu une seule fois, quand la page se montre
        super().__init__(donnees, initial={"lu": self._dernier, "texte": (repris or {}).get("texte", "")})

    def _dernier(self) -> int:
        return max((message.pk for message in self.fil), default=0)


def cle_lue(donnees: Mapping[str, str], nom: str) -> int | None:
    """La clé que la page montrait; rien si elle n'en montrait aucune, ou si elle est illisible."""
    dit = donnees.get(nom, "")
    return int(dit) if dit.isascii() and dit.isdecimal() and len(dit) < 19 else None
