"""Pourquoi un dossier est renvoyé: des formules à cocher, et ce qu'on ajoute."""

from typing import Any

from django import forms

from organisations.admin.base import est_une_cle
from organisations.champs import Texte, plusieurs_lignes
from organisations.models import FormuleDeRenvoi


class Formules(forms.ModelMultipleChoiceField):
    """Des formules à cocher."""

    def clean(self, value: Any) -> Any:
        """Une clé que la base ne saurait lire est un choix inconnu, non une panne."""
        for cle in value or ():
            if not est_une_cle(cle):
                raise forms.ValidationError(self.error_messages["invalid_choice"], params={"value": cle})
        return super().clean(value)


class FormulaireDeRenvoi(forms.Form):
    """Les raisons toutes faites, et un texte libre; l'un des deux au moins."""

    formules = Formules(
        FormuleDeRenvoi.objects.order_by("ordre", "texte"),
        label="Raisons qui reviennent",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    precisions = Texte(
        label="Précisions",
        help_text="L'organisation lira ces raisons, dans un courriel et sur sa page.",
        required=False,
        max_length=2000,
        widget=plusieurs_lignes(4),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not FormuleDeRenvoi.objects.exists():  # rien à cocher: pas de titre au-dessus du vide
            del self.fields["formules"]

    def clean(self) -> dict[str, Any]:
        """Un renvoi dit pourquoi."""
        champs = super().clean() or {}
        if not self.errors and not (champs.get("formules") or champs["precisions"].strip()):
            raise forms.ValidationError("Dites à l'organisation pourquoi : cochez une raison ou écrivez-la.")
        return champs

    @property
    def motif(self) -> str:
        """Les formules cochées, puis les précisions, une par ligne; même refusées, elles se gardent."""
        dites = [formule.texte for formule in self.cleaned_data.get("formules", ())]
        precisions = self.cleaned_data.get("precisions", self["precisions"].value() or "")
        return "\n".join([*dites, precisions.strip()]).strip()
