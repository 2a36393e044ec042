"""Confronter un fichier lu à ce que la base connaît, puis l'écrire: tout, ou seulement ce qui tient.

Les refus de la base (organisation inconnue, trimestre pas terminé…) s'ajoutent aux erreurs de la lecture, ligne par
ligne, pour que la personne les voie toutes d'un coup.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from indicateurs.lecture import Erreur, Lecture, Ligne
from indicateurs.models import Definition, Indicateur, Saisie, Soumission, Trimestre
from indicateurs.models.reprise import Bilan
from organisations.models import Organisation, Statut, Utilisateur

Refus = tuple[str, str]  # la colonne, ce qui était attendu
Reponses = dict[tuple[str, str], dict[str, Saisie]]  # par (sigle, trimestre), puis par code d'indicateur


class ImportRefuse(Exception):
    """Le fichier a des erreurs et rien n'a été écrit; elles sont dans la lecture."""


@dataclass
class Importation:
    """L'import d'un fichier lu. `le` est son moment; `creer` crée organisations, indicateurs et trimestres inconnus."""

    lecture: Lecture
    le: datetime.datetime
    creer: bool = False
    valider: bool = False

    def __post_init__(self) -> None:
        self.motif = f"Reprise du fichier {self.lecture.fichier}"
        self.creees: Counter[str] = Counter()

    @transaction.atomic
    def ecrire(self, *, partiel: bool = False, simuler: bool = False) -> Bilan:
        """Écrit les lignes qui tiennent; lève `ImportRefuse` si une seule ne tient pas, sauf si `partiel`.

        `simuler` fait tout, puis défait tout.
        """
        self._charger()
        if self.creer:
            self._creer_les_inconnus()
        reponses = self._confronter()
        if self.lecture.erreurs and not partiel:
            raise ImportRefuse
        bilan = self._reprendre(reponses) if self.valider else self._saisir(reponses)
        if simuler:
            transaction.set_rollback(True)
        return bilan

    # --- ce que la base connaît --------------------------------------------------------------------------------------

    def _charger(self) -> None:
        self.declarant = Utilisateur.objects.technique("reprise-declaration")
        self.validateur = Utilisateur.objects.technique("reprise-validation")
        self.organisations = {o.sigle.lower(): o for o in Organisation.objects.all()}
        self.indicateurs = {i.code.lower(): i for i in Indicateur.objects.prefetch_related("definitions")}
        self.trimestres = {t.code: t for t in Trimestre.objects.all()}
        self.jour = timezone.localdate(self.le)
        interdits = Soumission.objects.ouverts() if self.valider else Soumission.objects.transmis()
        self.occupees = set(interdits.values_list("organisation", "trimestre"))
        self.definis = {
            code: (min(d.applicable_du for d in i.definitions.all()), i.retire_le)
            for code, i in self.indicateurs.items()
            if i.definitions.all()
        }

    def _creer_les_inconnus(self) -> None:
        """Crée ce que les lignes nomment et que la base ignore, dès le premier trimestre où une ligne le nomme."""
        noms: dict[str, Ligne] = {}
        codes: dict[str, Ligne] = {}
        for ligne in sorted(self.lecture.lignes, key=lambda ligne: (ligne.trimestre, ligne.numero)):
            if ligne.trimestre not in self.trimestres:
                self._creer_trimestre(ligne.trimestre)
            if ligne.trimestre in self.trimestres and self.trimestres[ligne.trimestre].fin < self.jour:
                noms.setdefault(ligne.sigle.lower(), ligne)
                codes.setdefault(ligne.indicateur.lower(), ligne)
        for sigle in noms.keys() - self.organisations.keys():
            self._creer_organisation(noms[sigle])
        for code in codes.keys() - self.indicateurs.keys():
            self._creer_indicateur(codes[code])

    def _creer_trimestre(self, code: str) -> None:
        trimestre = Trimestre.objects.du_code(code)
        if trimestre.fin < self.jour:
            trimestre.save()
            self.trimestres[code] = trimestre
            self.creees["trimestres"] += 1

    def _creer_organisation(self, ligne: Ligne) -> None:
        self.organisations[ligne.sigle.lower()] = Organisation.objects.create(
            sigle=ligne.sigle, nom=ligne.organisation, assujettie_du=self.trimestres[ligne.trimestre].debut
        )
        self.creees["organisations"] += 1

    def _creer_indicateur(self, ligne: Ligne) -> None:
        code, debut = ligne.indicateur, self.trimestres[ligne.trimestre].debut
        indicateur = Indicateur.objects.create(code=code, intitule=code)
        texte = f"Définition à écrire: indicateur créé par la reprise du fichier {self.lecture.fichier}."
        Definition.objects.create(indicateur=indicateur, applicable_du=debut, texte=texte)
        self.indicateurs[code.lower()] = indicateur
        self.definis[code.lower()] = (debut, None)
        self.creees["indicateurs"] += 1

    # --- ligne par ligne ---------------------------------------------------------------------------------------------

    def _confronter(self) -> Reponses:
        """Les réponses qui tiennent; les autres lignes passent aux refusées."""
        reponses: Reponses = defaultdict(dict)
        noms: dict[str, Ligne] = {}
        self.termines = {code for code, trimestre in self.trimestres.items() if trimestre.fin < self.jour}
        for ligne in self.lecture.lignes:
            sigle, code = ligne.sigle.lower(), ligne.indicateur.lower()
            refus = list(self._refus(ligne, sigle, code, noms.setdefault(sigle, ligne)))
            for colonne, attendu in refus:
                self._refuser(ligne, colonne, attendu)
            if not refus:
                saisie = Saisie(ligne.numerateur, ligne.denominateur, ligne.absence, ligne.motif, ligne.note)
                reponses[sigle, ligne.trimestre][code] = saisie
        return reponses

    def _refus(self, ligne: Ligne, sigle: str, code: str, premiere: Ligne) -> Iterator[Refus]:
        """Tout ce que la base reproche à une ligne."""
        nom, attendu = ligne.organisation, premiere.organisation
        if nom != attendu and _simple(nom) != _simple(attendu):
            yield "organisation", f"Le même nom qu'à la ligne {premiere.numero} est attendu pour ce sigle."
        if ligne.trimestre not in self.termines:
            yield "trimestre", "Un trimestre terminé et connu est attendu (--creer ajoute ceux qui sont terminés)."
        if sigle not in self.organisations:
            yield "sigle", "Une organisation connue est attendue (--creer ajoute les inconnues)."
        if code not in self.indicateurs:
            yield "indicateur", "Un indicateur connu est attendu (--creer ajoute les inconnus)."
        if sigle in self.organisations and ligne.trimestre in self.trimestres:
            yield from self._refus_du_trimestre(code, self.organisations[sigle], self.trimestres[ligne.trimestre])

    def _refus_du_trimestre(self, code: str, organisation: Organisation, trimestre: Trimestre) -> Iterator[Refus]:
        fin = trimestre.fin
        if not organisation.est_attendue(fin):
            yield "trimestre", "Cette organisation n'a pas à déclarer pour ce trimestre."
        debut, retrait = self.definis.get(code, (fin, None))
        if debut > fin or (retrait and retrait <= fin):
            yield "indicateur", "Cet indicateur n'est pas en vigueur ce trimestre."
        if (organisation.pk, trimestre.pk) in self.occupees:
            yield "trimestre", "Une version est en préparation ou en relecture: terminez-la d'abord."

    def _refuser(self, ligne: Ligne, colonne: str, attendu: str) -> None:
        brutes = {c: "" if (v := getattr(ligne, c)) is None else str(v) for c in Ligne.__slots__ if c != "numero"}
        self.lecture.erreurs.append(Erreur(self.lecture.fichier, ligne.numero, colonne, brutes[colonne], attendu))
        if not self.lecture.refusees or self.lecture.refusees[-1][0] != ligne.numero:
            self.lecture.refusees.append((ligne.numero, brutes))

    # --- l'écriture --------------------------------------------------------------------------------------------------

    def _reprendre(self, reponses: Reponses) -> Bilan:
        cles = {code: indicateur.pk for code, indicateur in self.indicateurs.items()}
        par_cles = {
            (self.organisations[sigle].pk, self.trimestres[quand].pk): {cles[c]: s for c, s in saisies.items()}
            for (sigle, quand), saisies in reponses.items()
        }
        return Soumission.objects.reprendre(
            par_cles, declarant=self.declarant, validateur=self.validateur, le=self.le, motif=self.motif
        )

    def _saisir(self, reponses: Reponses) -> Bilan:
        """Enregistre en brouillon; une soumission déjà validée et différente reçoit une correction."""
        bilan = Counter[str]()
        for (sigle, quand), par_code in reponses.items():
            organisation, trimestre = self.organisations[sigle], self.trimestres[quand]
            saisies = {self.indicateurs[code]: saisie for code, saisie in par_code.items()}
            derniere = Soumission.objects.derniere_version(organisation, trimestre)
            if derniere and derniere.dit_deja(saisies):
                bilan["inchangees"] += len(saisies)
                continue
            if derniere is None:
                derniere = Soumission.objects.create(
                    organisation=organisation, trimestre=trimestre, cree_le=self.le, cree_par=self.declarant
                )
            elif derniere.statut == Statut.VALIDE:
                derniere = derniere.corriger(par=self.declarant, le=self.le, motif=self.motif)
                bilan["corrections"] += 1
            derniere.saisir(saisies)
            bilan["soumissions"] += 1
            bilan["valeurs"] += len(saisies)
        return Bilan(*(bilan[champ] for champ in Bilan._fields))


def _simple(nom: str) -> str:
    """Un nom sans ce qui varie d'une saisie à l'autre: casse, espaces, apostrophe courbe ou droite."""
    return " ".join(nom.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
