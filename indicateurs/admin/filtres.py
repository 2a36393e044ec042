"""Ce qu'on demande à voir du suivi: un formulaire, dont les choix viennent de la matrice entière."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from indicateurs import mots
from indicateurs.etats import EtatDeCase
from indicateurs.pages.suivi import SANS_RELECTEUR, Matrice, Selection, portefeuilles, relecteurs

Choix = Iterable[tuple[str, str]]


class FiltresDuSuivi(forms.Form):
    """Les filtres de la page. Un choix inconnu n'est pas appliqué, et se dit."""

    trimestre = forms.ChoiceField(label="Trimestre")
    portefeuille = forms.ChoiceField(label="Portefeuille", required=False)
    relecteur = forms.ChoiceField(label="Personne attitrée", required=False)
    indicateur = forms.ChoiceField(label="Indicateur", required=False)
    etat = forms.ChoiceField(label="État", required=False)

    def __init__(self, demande: QueryDict, matrice: Matrice, trimestres: Iterable[str]) -> None:
        self.choisis = {nom: str(demande[nom]) for nom in Selection.__dataclass_fields__ if demande.get(nom)}
        super().__init__(self.choisis | {"trimestre": matrice.trimestre.code}, auto_id="filtre-%s")
        personnes = [(str(qui.pk), str(qui)) for qui in relecteurs(matrice.rangs)]
        self._proposer("trimestre", [(code, mots.trimestre(code)) for code in trimestres])
        self._proposer("portefeuille", [("", "Tous"), *((sigle, sigle) for sigle in portefeuilles(matrice.rangs))])
        self._proposer("relecteur", [("", "Toutes"), *personnes, (SANS_RELECTEUR, "Aucune")])
        self._proposer("indicateur", [("", "Tous"), *((i.code, i.intitule) for i in matrice.indicateurs)])
        self._proposer("etat", [("", "Tous"), *((e.value, e.mot.capitalize()) for e in EtatDeCase)])

    def _proposer(self, nom: str, choix: Choix) -> None:
        champ: Any = self.fields[nom]
        champ.choices = list(choix)

    @property
    def filtre(self) -> Selection:
        """Ce qui s'applique."""
        self.full_clean()
        return Selection(**{nom: dit for nom, dit in self.cleaned_data.items() if nom != "trimestre"})

    @property
    def ignores(self) -> list[str]:
        """Les filtres dont le choix n'existe pas ce trimestre."""
        return [str(self.fields[nom].label) for nom in self.errors]

    def lien(self, **changements: str) -> str:
        """La même page, filtrée autrement."""
        demande = QueryDict(mutable=True)
        demande.update(self.choisis | changements)
        return f"?{demande.urlencode()}"

    @property
    def en_adresse(self) -> str:
        """Les filtres choisis, tels qu'une adresse les porte."""
        return self.lien()[1:]
