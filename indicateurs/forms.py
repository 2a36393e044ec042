"""Ce qu'une personne tape pour un trimestre: une carte par indicateur, lue sans rien perdre ni rien deviner."""

import datetime
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict

from indicateurs.bornes import LIEN, LONGUEURS
from indicateurs.models import Absence, Indicateur, Saisie, Soumission, Valeur
from indicateurs.models.soumission import Reponse
from indicateurs.models.valeur import ABSENCE_MOTIVEE, LIEN_ATTENDU, NUMERATEUR_SOUS_DENOMINATEUR
from indicateurs.nombres import NombreIllisible, lire_entier
from organisations.champs import Texte, exiger_gardable, normaliser, plusieurs_lignes, une_date
from organisations.models import MODIFIABLES, Conflit, Statut

UN_NOMBRE_OU_UNE_ABSENCE = "Donnez deux nombres, ou une absence : pas les deux."
NOMBRE_MANQUANT = "Donnez ce nombre : 0 pour zéro, ou dites qu'il n'y en a pas."
A_JUSTIFIER = "Expliquez pourquoi ces nombres sont justes, ou corrigez-les."
RENVOYE_DEPUIS = "Le CQEN a renvoyé ce trimestre depuis : lisez son message, puis transmettez de nouveau."
CHAMPS = Saisie._fields
Brute = dict[str, str]  # ce qui est tapé, par champ


def _texte(nom: str, libelle: str, aide: str, widget: forms.Widget | None = None) -> Texte:
    return Texte(required=False, label=libelle, help_text=aide, max_length=LONGUEURS[nom], widget=widget)


class Entier(forms.CharField):
    """Un nombre entier comme une personne l'écrit: `1234`, `1 234`, `1234,0`."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}))

    def to_python(self, value: Any) -> Any:
        """L'entier; rien si rien n'est écrit."""
        texte = super().to_python(value)
        try:
            return lire_entier(texte) if texte else None
        except NombreIllisible as refus:
            raise ValidationError(str(refus)) from refus


class Carte(forms.Form):
    """La réponse à un indicateur: deux nombres ou une absence, et ce qui les explique."""

    numerateur = Entier()
    denominateur = Entier()
    absence = forms.ChoiceField(
        label="Ce que vous déclarez",
        choices=[("", "Deux nombres, ci-dessus"), *Absence.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    motif = _texte(
        "motif", "Pourquoi", "Cette raison sera publique. Elle est nécessaire si le chiffre n'est pas disponible."
    )
    note = _texte("note", "Note publique", "Elle paraîtra à côté du chiffre.", plusieurs_lignes(2))
    preuve = _texte("preuve", "Lien vers une preuve", "Pour le CQEN seulement : https://…")
    justification = _texte("justification", "Justification au CQEN", "Elle n'est pas publique.", plusieurs_lignes(2))

    def __init__(self, indicateur: Indicateur, donnees: QueryDict | None = None, initial: Brute | None = None) -> None:
        super().__init__(donnees, prefix=indicateur.code, initial=initial or {}, use_required_attribute=False)
        self.indicateur = indicateur
        self.fields["numerateur"].label = indicateur.libelle_numerateur
        self.fields["denominateur"].label = indicateur.libelle_denominateur
        self.etonnements: list[str] = []

    def clean(self) -> dict[str, Any]:
        """Ce qu'un champ seul ne sait pas: deux nombres ou une absence, dans l'ordre."""
        champs = self.cleaned_data
        nombres = [nom for nom in ("numerateur", "denominateur") if champs.get(nom) is not None or nom in self.errors]
        if absence := champs.get("absence"):
            if nombres:
                self.add_error("absence", UN_NOMBRE_OU_UNE_ABSENCE)
            if absence == Absence.NON_DISPONIBLE and not champs.get("motif") and "motif" not in self.errors:
                self.add_error("motif", ABSENCE_MOTIVEE)
        else:
            for nom in {"numerateur", "denominateur"} - set(nombres):
                self.add_error(nom, NOMBRE_MANQUANT)
            if "numerateur" in champs and "denominateur" in champs and champs["numerateur"] > champs["denominateur"]:
                self.add_error("numerateur", NUMERATEUR_SOUS_DENOMINATEUR)
        if champs.get("preuve") and not LIEN.match(champs["preuve"]):
            self.add_error("preuve", LIEN_ATTENDU)
        return champs

    @property
    def brute(self) -> Brute:
        """Ce qui est tapé et n'est pas vide, en NFC."""
        tape = {nom: normaliser(self[nom].data or "").strip() for nom in CHAMPS}
        return {nom: texte for nom, texte in tape.items() if texte}

    @property
    def reponse(self) -> Reponse:
        """Une saisie si elle tient, sinon une ébauche, ou rien si rien n'est tapé.

        Lève `ValidationError` si un caractère ne peut pas se garder.
        """
        if not (brute := self.brute):
            return None
        for nom, texte in brute.items():
            exiger_gardable(texte, f"{self.indicateur.intitule}, {self.fields[nom].label}")
        return self.saisie if self.is_valid() else brute

    @property
    def saisie(self) -> Saisie:
        """La réponse d'une carte qui tient."""
        return Saisie(**{nom: self.cleaned_data[nom] for nom in CHAMPS})


class FormulaireDuTrimestre:
    """Toutes les cartes d'un trimestre, avec ce que la base disait quand la page fut lue.

    `soumission` peut n'être pas encore enregistrée. `donnees` est ce qui est envoyé; sans elles, les cartes disent ce
    qui est enregistré, ou, avec `reprendre`, ce qui fut transmis au trimestre d'avant là où rien n'est encore dit.
    """

    def __init__(self, soumission: Soumission, donnees: QueryDict | None = None, *, reprendre: bool = False) -> None:
        self.soumission, self.donnees = soumission, donnees
        self.historique = soumission.historique()
        attendus = soumission.indicateurs_attendus().order_by("ordre", "code")
        self.indicateurs = list(attendus.prefetch_related("definitions"))
        self.actuel = {code: _brute(dit) for code, dit in soumission.contenu().items()} if soumission.pk else {}
        self.repris = {
            i.code: self.historique[i.pk][0]
            for i in self.indicateurs
            if reprendre and i.code not in self.actuel and self.historique.get(i.pk)
        }
        dites = {code: _reprise(valeur) for code, valeur in self.repris.items()} | self.actuel
        self.cartes = [Carte(i, donnees, initial=dites.get(i.code, {})) for i in self.indicateurs]

    @property
    def base(self) -> str:
        """Ce que la page montre de la base, gardé dans la page pour départager deux enregistrements croisés."""
        return json.dumps(self.actuel)

    @property
    def lu(self) -> str:
        """Le jeton de la page d'où vient l'envoi."""
        return self.donnees.get("jeton", "") if self.donnees else ""

    @cached_property
    def reponses(self) -> dict[Indicateur, Reponse]:
        """Ce qui est envoyé, par indicateur. Lève `ValidationError` si un caractère ne peut pas se garder."""
        return {carte.indicateur: carte.reponse for carte in self.cartes}

    def verifier(self) -> bool:
        """Tout est-il prêt à transmettre? Sinon, chaque carte porte ses erreurs."""
        valides = {carte.indicateur: carte.saisie for carte in self.cartes if carte.is_valid()}
        etonnantes = self.soumission.etonnements(valides, self.historique)
        for carte in self.cartes:
            carte.etonnements = etonnantes.get(carte.indicateur, [])
            if carte.etonnements and not carte.cleaned_data["justification"]:
                carte.add_error("justification", A_JUSTIFIER)
        return not any(carte.errors for carte in self.cartes)

    @transaction.atomic
    def enregistrer(self, *, par, le: datetime.datetime) -> tuple[Soumission, bool]:
        """Écrit le brouillon; rend la soumission et si quelque chose a changé. Lève ce que lève `saisir`."""
        avant = self.soumission
        if avant.pk is None and not any(self.reponses.values()):
            return avant, False  # rien à garder: aucun dossier ne commence
        soumission = Soumission.objects.commencer(avant.organisation, avant.trimestre, par=par, le=le)
        return soumission, soumission.saisir(self.reponses, par=par, le=le, jeton=self.lu)

    @transaction.atomic
    def transmettre(self, *, par, le: datetime.datetime) -> tuple[Soumission, bool]:
        """Enregistre et transmet; rend la soumission et si elle vient de partir. Déjà partie ainsi, ne refait rien.

        Lève `Conflit` si le même envoi avait déjà transmis ces réponses, et que le CQEN les a renvoyées depuis.
        """
        soumission, change = self.enregistrer(par=par, le=le)
        if not change and soumission.statut not in MODIFIABLES:
            return soumission, False
        if not change and soumission.statut == Statut.A_CORRIGER and soumission.jeton != self.lu:
            raise Conflit(RENVOYE_DEPUIS)
        soumission.soumettre(par=par, le=le)
        return soumission, True


class Difference(NamedTuple):
    """Un champ que l'autre a écrit, et ce qui en reste dans la page: le sien, ou ce que la personne y a écrit aussi."""

    intitule: str
    champ: str
    autre: str
    sienne: str
    est_reprise: bool


class Fusion(FormulaireDuTrimestre):
    """Après deux enregistrements croisés: ce que l'autre a écrit, sauf là où la personne a écrit elle aussi."""

    def __init__(self, soumission: Soumission, perdant: FormulaireDuTrimestre) -> None:
        super().__init__(soumission)
        base = _lire_base(perdant.donnees.get("base", "") if perdant.donnees else "")
        self.differences: list[Difference] = []
        for carte, sienne in zip(self.cartes, perdant.cartes, strict=True):
            code = carte.indicateur.code
            carte.initial = self._departager(carte, self.actuel.get(code, {}), base.get(code, {}), sienne.brute)

    def _departager(self, carte: Carte, autre: Brute, base: Brute, sienne: Brute) -> Brute:
        garde = {}
        for nom in CHAMPS:
            la, ici, avant = autre.get(nom, ""), sienne.get(nom, ""), base.get(nom, "")
            garde[nom] = la if ici == avant else ici
            if la not in (ici, avant):
                libelle = str(carte.fields[nom].label)
                self.differences.append(Difference(carte.indicateur.intitule, libelle, la, ici, ici == avant))
        return garde


def _brute(dit: Mapping[str, Any]) -> Brute:
    """Le contenu d'un indicateur, tel qu'on le taperait."""
    return dict(dit["ebauche"]) if "ebauche" in dit else {nom: str(fait) for nom, fait in dit.items()}


def _reprise(valeur: Valeur) -> Brute:
    """Du trimestre d'avant, ce qui se reprend: les nombres ou l'absence et sa raison."""
    return _brute(valeur.saisie._replace(note="", justification="", preuve="").en_json())


def _lire_base(texte: str) -> dict[str, Brute]:
    """Ce que la page disait de la base; rien si elle est illisible: tout passe alors pour écrit par la personne."""
    try:
        lue = json.loads(texte)
        return {str(code): {str(nom): str(dit) for nom, dit in brute.items()} for code, brute in lue.items()}
    except (ValueError, AttributeError, RecursionError):
        return {}


class FormulaireDeProlongation(forms.Form):
    """Une date plus lointaine, et pourquoi."""

    echeance_souhaitee = forms.DateField(label="Nouvelle date souhaitée", widget=une_date())
    motif = Texte(label="Pourquoi plus de temps", max_length=1000, widget=plusieurs_lignes(3))
