"""Ce qu'on tape pour inviter une personne, et pour répondre à l'invitation."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from organisations.comptes.forms import NOUVEAU
from organisations.forms import Texte
from organisations.models import Habilitation, Organisation, Role, Utilisateur


class FormulaireDInvitation(forms.Form):
    """Qui inviter, pour quoi faire."""

    courriel = forms.EmailField(label="Adresse de courriel", max_length=254)
    role = forms.ChoiceField(label="Rôle", choices=Role.choices, widget=forms.RadioSelect)

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean_courriel(self) -> str:
        """En minuscules, comme l'invitation la garde."""
        return self.cleaned_data["courriel"].lower()

    def clean(self) -> dict[str, Any]:
        """Une personne ne reçoit pas ce que son rôle lui permet déjà."""
        champs = self.cleaned_data
        tenues = Habilitation.objects.actives().filter(organisation=self.organisation)
        tenues = tenues.qui_permettent(champs.get("role", ""))
        if tenues.filter(personne__email__iexact=champs.get("courriel", "")).exists():
            self.add_error("courriel", "Cette personne tient déjà ce rôle, ou un rôle plus large.")
        return champs


class FormulaireDuCompte(forms.Form):
    """Le compte d'une personne invitée; son adresse est celle de l'invitation."""

    nom = Texte(label="Votre nom", max_length=150, widget=forms.TextInput({"autocomplete": "name"}))
    mot_de_passe = forms.CharField(
        label="Choisissez un mot de passe",
        help_text=NOUVEAU,
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, courriel: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.courriel = courriel

    def clean(self) -> dict[str, Any]:
        """Le mot de passe ne ressemble ni au nom ni à l'adresse."""
        champs = self.cleaned_data
        if "mot_de_passe" in champs:
            qui = Utilisateur(email=self.courriel, nom=champs.get("nom", ""))
            try:
                password_validation.validate_password(champs["mot_de_passe"], qui)
            except ValidationError as refus:
                self.add_error("mot_de_passe", refus)
        return champs
