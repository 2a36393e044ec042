"""Qui doit quoi: la matrice d'un trimestre, ses comptes, et ce que ses filtres en gardent."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.utils import timezone

from indicateurs import etats
from indicateurs.etats import RAPPELABLES, Delai, EtatDeCase, Reponse, Situation, Versions
from indicateurs.models import Indicateur, Prolongation, Soumission, Trimestre, Valeur
from organisations.models import Attribution, Organisation, Statut, Utilisateur

SANS_RELECTEUR = "aucune"


@dataclass(frozen=True)
class Rang:
    """Une organisation attendue: où en est son trimestre, et chacune de ses cases."""

    organisation: Organisation
    portefeuille: str  # le sigle de sa tête; vide si elle n'en a pas
    relecteurs: frozenset[Utilisateur]
    delai: Delai
    dossier: Situation
    cases: Sequence[Situation]  # dans l'ordre des indicateurs de la matrice
    a_relire: int | None = None  # la clé de la soumission qui attend sa relecture

    @property
    def est_rappelable(self) -> bool:
        """Attend-on encore que l'organisation transmette?"""
        return self.dossier.etat in RAPPELABLES

    @property
    def est_prolongee(self) -> bool:
        """A-t-elle une échéance à elle, qui compte encore?"""
        return self.est_rappelable and self.delai.echeance != self.delai.echeance_commune


class Compte(NamedTuple):
    """Combien d'organisations ont au moins une case dans cet état, et combien de cases."""

    etat: EtatDeCase
    organisations: int
    cases: int


@dataclass(frozen=True)
class Selection:
    """Ce qu'on veut voir; vide, tout."""

    portefeuille: str = ""
    etat: str = ""
    indicateur: str = ""
    relecteur: str = ""  # la clé d'une personne, ou `SANS_RELECTEUR`

    def retient(self, rang: Rang) -> bool:
        """Cette organisation est-elle de ce portefeuille et de cette personne?"""
        if self.portefeuille and rang.portefeuille != self.portefeuille:
            return False
        if self.relecteur == SANS_RELECTEUR:
            return not rang.relecteurs
        return not self.relecteur or self.relecteur in {str(qui.pk) for qui in rang.relecteurs}


@dataclass(frozen=True)
class Matrice:
    """Les organisations attendues d'un trimestre, par sigle, et les indicateurs attendus."""

    trimestre: Trimestre
    indicateurs: Sequence[Indicateur]
    rangs: Sequence[Rang]
    comptes: Sequence[Compte] = ()

    def filtrer(self, filtre: Selection) -> "Matrice":
        """Ce que le filtre en garde; les comptes précèdent le choix d'un état, pour que chacun y mène."""
        montres = [n for n, i in enumerate(self.indicateurs) if filtre.indicateur in ("", i.code)]
        rangs = [replace(rang, cases=[rang.cases[n] for n in montres]) for rang in self.rangs if filtre.retient(rang)]
        gardes = [r for r in rangs if not filtre.etat or filtre.etat in {case.etat for case in r.cases}]
        return Matrice(self.trimestre, [self.indicateurs[n] for n in montres], gardes, _compter(rangs))


def _compter(rangs: Sequence[Rang]) -> list[Compte]:
    """Chaque état qui se trouve dans ces rangs, dans l'ordre des états."""
    par_rang = [Counter(case.etat for case in rang.cases) for rang in rangs]
    organisations = Counter(etat for cases in par_rang for etat in cases)
    cases = sum(par_rang, Counter[EtatDeCase]())
    return [Compte(etat, organisations[etat], cases[etat]) for etat in EtatDeCase if etat in cases]


def matrice(trimestre: Trimestre, le: datetime.datetime) -> Matrice:
    """Toute la matrice d'un trimestre; six requêtes, quel que soit le nombre d'organisations."""
    indicateurs = list(Indicateur.objects.attendus(trimestre.fin).order_by("ordre", "code"))
    organisations = list(Organisation.objects.attendues(trimestre.fin).select_related("ministere").order_by("sigle"))
    relecteurs, (versions, transmises), reponses = _relecteurs(), _versions(trimestre), _reponses(trimestre)
    echeances = Prolongation.objects.filter(trimestre=trimestre).echeances()

    def rang(o: Organisation) -> Rang:
        echeance = echeances.get((o.pk, trimestre.pk), trimestre.echeance_le)
        delai = Delai(timezone.localdate(le), trimestre.ouvre_le, trimestre.echeance_le, echeance)
        dossier = etats.du_dossier(versions.get(o.pk, Versions()), delai)
        cases = [etats.de_la_case(dossier, reponses.get((o.pk, i.pk)), delai) for i in indicateurs]
        siens = relecteurs.get(o.tete.pk, frozenset()) if o.tete else frozenset()
        return Rang(o, o.portefeuille, siens, delai, dossier, cases, transmises.get(o.pk))

    return Matrice(trimestre, indicateurs, [rang(o) for o in organisations])


def _relecteurs() -> Mapping[int, frozenset[Utilisateur]]:
    """Par portefeuille, les personnes attitrées."""
    par_tete = defaultdict(set)
    for attribution in Attribution.objects.select_related("relecteur"):
        par_tete[attribution.portefeuille_id].add(attribution.relecteur)
    return {tete: frozenset(personnes) for tete, personnes in par_tete.items()}


def _versions(trimestre: Trimestre) -> tuple[Mapping[int, Versions], Mapping[int, int]]:
    """Par organisation, ce que disent les statuts de ses versions, et la clé de celle qui attend sa relecture."""
    statuts, transmises = defaultdict(list), {}
    lignes = Soumission.objects.filter(trimestre=trimestre).order_by("version")
    for organisation, cle, statut in lignes.values_list("organisation", "pk", "statut"):
        statuts[organisation].append(statut)
        if statut == Statut.SOUMIS:
            transmises[organisation] = cle
    return {o: Versions(siens[-1], Statut.VALIDE in siens) for o, siens in statuts.items()}, transmises


def _reponses(trimestre: Trimestre) -> Mapping[tuple[int, int], Reponse]:
    """Par organisation et indicateur, ce que dit la version en vigueur."""
    champs = ("soumission__organisation", "indicateur", "absence", "denominateur", "motif")
    lignes = Valeur.objects.filter(soumission__trimestre=trimestre, soumission__statut=Statut.VALIDE)
    return {(o, i): Reponse(*reponse) for o, i, *reponse in lignes.values_list(*champs)}


def portefeuilles(rangs: Iterable[Rang]) -> list[str]:
    """Les sigles des têtes de ces organisations."""
    return sorted({rang.portefeuille for rang in rangs} - {""})


def relecteurs(rangs: Iterable[Rang]) -> list[Utilisateur]:
    """Les personnes attitrées à ces organisations, par nom."""
    return sorted({qui for rang in rangs for qui in rang.relecteurs}, key=lambda qui: (str(qui), qui.pk))


def courant(le: datetime.datetime) -> Trimestre | None:
    """Le dernier trimestre ouvert, sinon le premier à ouvrir; rien si le catalogue est vide."""
    ouverts = Trimestre.objects.filter(ouvre_le__lte=timezone.localdate(le))
    return ouverts.order_by("-code").first() or Trimestre.objects.order_by("code").first()
