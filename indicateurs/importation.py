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
from django.utils.text import slugify

from indicateurs.lecture import Lecture, Ligne
from indicateurs.models import Definition, Indicateur, Saisie, Soumission, Trimestre
from indicateurs.models.reprise import Bilan
from organisations.models import Organisation, Statut, Utilisateur

Refus = tuple[str, str]  # la colonne, ce qui était attendu
Reponses = dict[tuple[str, str], dict[str, Saisie]]  # par (sigle, trimestre), puis par code d'indicateur
ADRESSE_MAXIMALE = Organisation._meta.get_field("slug").max_length or 0


class ImportRefuse(Exception):
    """Le fichier a des erreurs et rien n'a été écrit; elles sont dans la lecture."""


@dataclass(frozen=True, slots=True)
class Avertissement:
    """Une organisation que le fichier nomme autrement que la base: elle a peut-être changé de nom."""

    ligne: int
    sigle: str
    lu: str
    connu: str

    def __str__(self) -> str:
        return f"ligne {self.ligne}, {self.sigle} : le fichier dit « {self.lu} », la base « {self.connu} »."


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
        self.avertissements: list[Avertissement] = []

    @transaction.atomic
    def ecrire(self, *, partiel: bool = False, simuler: bool = False) -> Bilan:
        """Écrit les lignes qui tiennent.

        Lève `ImportRefuse` si une seule ne tient pas; avec `partiel`, si aucune ne tient. `simuler` fait tout, puis
        défait tout.
        """
        self._charger()
        reponses = self._confronter()
        self._avertir()
        if self.lecture.erreurs and not (partiel and reponses):
            raise ImportRefuse
        if self.creer:
            self._creer_les_inconnus(reponses)
        bilan = self._reprendre(reponses) if self.valider else self._saisir(reponses)
        if simuler:
            transaction.set_rollback(True)
        return bilan

    # --- ce que la base connaît --------------------------------------------------------------------------------------

    def _charger(self) -> None:
        self.declarant = Utilisateur.objects.technique("reprise-declaration")
        self.validateur = Utilisateur.objects.technique("reprise-validation")
        self.organisations = {o.sigle.lower(): o for o in Organisation.objects.all()}
        self.adresses = {o.slug: o.sigle for o in self.organisations.values()}
        self.indicateurs = {i.code.lower(): i for i in Indicateur.objects.prefetch_related("definitions")}
        self.definis = {
            code: (min(d.applicable_du for d in i.definitions.all()), i.retire_le)
            for code, i in self.indicateurs.items()
            if i.definitions.all()
        }
        interdits = Soumission.objects.ouverts() if self.valider else Soumission.objects.transmis()
        self.occupees = {
            (sigle.lower(), quand) for sigle, quand in interdits.values_list("organisation__sigle", "trimestre__code")
        }
        self._charger_les_trimestres()

    def _charger_les_trimestres(self) -> None:
        """Les trimestres connus et, s'ils peuvent être créés, ceux du fichier; `fins` n'a que ceux qui se déclarent."""
        self.trimestres = {t.code: t for t in Trimestre.objects.all()}
        if self.creer:
            for code in {quand for _, quand, _ in self.lecture.vues} - self.trimestres.keys():
                self.trimestres[code] = Trimestre.objects.du_code(code)
        jour = timezone.localdate(self.le)
        self.fins = {
            code: fin
            for code, trimestre in self.trimestres.items()
            if (fin := trimestre.fin) < jour and (trimestre.est_ouvert(self.le) or not self.valider)
        }

    # --- ligne par ligne ---------------------------------------------------------------------------------------------

    def _confronter(self) -> Reponses:
        """Les réponses qui tiennent; les autres lignes passent aux refusées."""
        lecture, reponses = self.lecture, defaultdict[tuple[str, str], dict[str, Saisie]](dict)
        noms: dict[str, Ligne] = {}
        self.reproches: dict[str, str] = {}  # par sigle inconnu
        self.sigles: dict[str, Ligne] = {}  # la première ligne acceptée qui nomme chaque organisation
        self.codes: dict[str, Ligne] = {}  # et chaque indicateur
        for ligne in lecture.lignes:
            sigle, code = ligne.sigle.lower(), ligne.indicateur.lower()
            if refus := list(self._refus(ligne, sigle, code, noms.setdefault(sigle, ligne))):
                lecture.refuser(ligne.numero, dict(zip(lecture.colonnes, ligne.brutes, strict=False)), refus)
                continue
            self.sigles.setdefault(sigle, ligne)
            self.codes.setdefault(code, ligne)
            saisie = Saisie(**{champ: getattr(ligne, champ) for champ in Saisie._fields})
            reponses[sigle, ligne.trimestre][code] = saisie
        lecture.erreurs.sort(key=lambda erreur: erreur.ligne)
        lecture.refusees.sort(key=lambda refusee: refusee[0])
        return reponses

    def _refus(self, ligne: Ligne, sigle: str, code: str, premiere: Ligne) -> Iterator[Refus]:
        """Tout ce que la base reproche à une ligne; un inconnu que `creer` peut créer n'est pas un reproche."""
        nom, attendu = ligne.organisation, premiere.organisation
        if nom != attendu and _simple(nom) != _simple(attendu):
            yield "organisation", f"Le même nom qu'à la ligne {premiere.numero} est attendu pour ce sigle."
        if ligne.trimestre not in self.fins:
            yield "trimestre", "Un trimestre connu, terminé et ouvert est attendu (--creer ajoute les terminés)."
        if sigle not in self.organisations and (reproche := self._reproche_au_sigle(sigle, ligne)):
            yield "sigle", reproche
        if code not in self.indicateurs and not self.creer:
            yield "indicateur", "Un indicateur connu est attendu (--creer ajoute les inconnus)."
        if ligne.trimestre in self.fins:
            yield from self._refus_du_trimestre(sigle, code, ligne.trimestre)

    def _reproche_au_sigle(self, sigle: str, ligne: Ligne) -> str:
        """Ce qui empêche de créer une organisation de ce sigle, partout dans le fichier; vide si rien."""
        if not self.creer:
            return "Une organisation connue est attendue (--creer ajoute les inconnues)."
        if sigle not in self.reproches:
            adresse, reproche = slugify(ligne.sigle), ""
            if not 0 < len(adresse) <= ADRESSE_MAXIMALE:
                reproche = f"Un sigle dont l'adresse a de 1 à {ADRESSE_MAXIMALE} lettres et chiffres est attendu."
            elif (autre := self.adresses.setdefault(adresse, ligne.sigle)) != ligne.sigle:
                reproche = f"Un autre sigle est attendu : son adresse, « {adresse} », est celle de « {autre} »."
            self.reproches[sigle] = reproche
        return self.reproches[sigle]

    def _refus_du_trimestre(self, sigle: str, code: str, quand: str) -> Iterator[Refus]:
        fin, organisation = self.fins[quand], self.organisations.get(sigle)
        if organisation and not organisation.est_attendue(fin):
            yield "trimestre", "Cette organisation n'a pas à déclarer pour ce trimestre."
        debut, retrait = self.definis.get(code, (fin, None))
        if debut > fin or (retrait and retrait <= fin):
            yield "indicateur", "Cet indicateur n'est pas en vigueur ce trimestre."
        if (sigle, quand) in self.occupees:
            yield "trimestre", "Une version est en préparation ou en relecture : terminez-la d'abord."

    def _avertir(self) -> None:
        """Une organisation connue sous un autre nom n'est pas une erreur, mais se dit, à sa première ligne."""
        for sigle, ligne in self.sigles.items():
            lu, connue = ligne.organisation, self.organisations.get(sigle)
            if connue and _simple(lu) != _simple(connue.nom):
                self.avertissements.append(Avertissement(ligne.numero, connue.sigle, lu, connue.nom))

    # --- ce qui manque à la base -------------------------------------------------------------------------------------

    def _creer_les_inconnus(self, reponses: Reponses) -> None:
        """Crée ce que la base ignore, selon deux règles.

        N'est créé que ce qu'une ligne acceptée nomme. Mais cela commence au premier trimestre terminé où le fichier le
        nomme, même sur une ligne refusée: corrigée, cette ligne s'importera à son tour.
        """
        debuts_des_sigles: dict[str, str] = {}
        debuts_des_codes: dict[str, str] = {}
        for sigle, quand, code in self.lecture.vues:
            if quand in self.fins:
                debuts_des_sigles[sigle] = min(quand, debuts_des_sigles.get(sigle, quand))
                debuts_des_codes[code] = min(quand, debuts_des_codes.get(code, quand))
        for quand in sorted({quand for _, quand in reponses}):
            self._creer_trimestre(self.trimestres[quand])
        for sigle, ligne in self.sigles.items():
            if sigle not in self.organisations:
                self._creer_organisation(ligne, self.trimestres[debuts_des_sigles[sigle]].debut)
        for code, ligne in self.codes.items():
            if code not in self.indicateurs:
                self._creer_indicateur(ligne, self.trimestres[debuts_des_codes[code]].debut)

    def _creer_trimestre(self, trimestre: Trimestre) -> None:
        if trimestre.pk is None:
            trimestre.save()
            self.creees["trimestres"] += 1

    def _creer_organisation(self, ligne: Ligne, debut: datetime.date) -> None:
        self.organisations[ligne.sigle.lower()] = Organisation.objects.create(
            sigle=ligne.sigle, nom=ligne.organisation, assujettie_du=debut
        )
        self.creees["organisations"] += 1

    def _creer_indicateur(self, ligne: Ligne, debut: datetime.date) -> None:
        code = ligne.indicateur
        indicateur = Indicateur.objects.create(code=code, intitule=code)
        texte = f"Définition à écrire : indicateur créé par la reprise du fichier {self.lecture.fichier}."
        Definition.objects.create(indicateur=indicateur, applicable_du=debut, texte=texte)
        self.indicateurs[code.lower()] = indicateur
        self.creees["indicateurs"] += 1

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
            derniere = Soumission.objects.derniere_version(organisation=organisation, trimestre=trimestre)
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
            derniere.saisir(saisies, par=self.declarant, le=self.le)
            bilan["soumissions"] += 1
            bilan["valeurs"] += len(saisies)
        return Bilan(*(bilan[champ] for champ in Bilan._fields))


def _simple(nom: str) -> str:
    """Un nom sans ce qui varie d'une saisie à l'autre: casse, espaces, apostrophe courbe ou droite."""
    return " ".join(nom.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
