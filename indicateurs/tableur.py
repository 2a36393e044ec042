"""Le classeur d'un trimestre: fait pour l'organisation, puis relu d'elle. Rien n'est écrit ici."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import BoundedSemaphore

from django.core.files.uploadedfile import UploadedFile

from indicateurs import gabarit, mots
from indicateurs.forms import Brute, FormulaireDuTrimestre
from indicateurs.lecture import DEPOT, Lecture, Ligne, lire
from indicateurs.models import Absence, Indicateur, Saisie
from indicateurs.nombres import NombreIllisible, lire_entier

OCTETS_MAXIMAUX = 2 * 1024**2
LECTEURS = BoundedSemaphore(2)  # un par cœur: vingt bombes à la fois ne prennent ni la mémoire ni le temps des autres
PATIENCE = 5  # secondes
TROP_DE_LECTURES = "Beaucoup de fichiers sont lus en ce moment. Réessayez dans une minute."
PRECISIONS = ("note", "preuve", "justification")
AUCUN = "Choisissez le fichier à vérifier."
TROP_GROS = "Ce fichier pèse plus de 2 Mio : gardez le seul tableau de ce trimestre."


def remplir(formulaire: FormulaireDuTrimestre) -> bytes:
    """Le classeur XLSX à remplir, avec ce qui est déjà enregistré."""
    organisation, trimestre = formulaire.soumission.organisation, formulaire.soumission.trimestre
    lignes = [_ligne(formulaire, indicateur) for indicateur in formulaire.indicateurs]
    return gabarit.classeur(organisation.nom, organisation.sigle, trimestre.code, lignes)


def _ligne(formulaire: FormulaireDuTrimestre, indicateur: Indicateur) -> gabarit.LigneDuGabarit:
    definition = indicateur.definition_au(formulaire.soumission.trimestre.fin)
    avant = next(iter(formulaire.historique.get(indicateur.pk, ())), None)
    dite = formulaire.actuel.get(indicateur.code, {})
    return gabarit.LigneDuGabarit(
        code=indicateur.code,
        intitule=indicateur.intitule,
        libelle_numerateur=indicateur.libelle_numerateur,
        libelle_denominateur=indicateur.libelle_denominateur,
        definition=definition.texte if definition else "",
        precedent=mots.trimestre(avant.soumission.trimestre.code) if avant else "",
        precedent_numerateur=avant.numerateur if avant else None,
        precedent_denominateur=avant.denominateur if avant else None,
        numerateur=_entier(dite.get("numerateur", "")),
        denominateur=_entier(dite.get("denominateur", "")),
        absence=dict(Absence.choices).get(dite.get("absence", ""), ""),
        **{nom: dite.get(nom, "") for nom in ("motif", "note", "preuve", "justification")},
    )


def _entier(texte: str) -> int | None:
    """Le nombre d'un brouillon; rien si ce n'en est pas un."""
    try:
        return lire_entier(texte)
    except NombreIllisible:
        return None


class Depot:
    """Un fichier déposé pour un trimestre: ce qu'il dit, ou tout ce qui ne va pas, et le statut HTTP qui convient."""

    def __init__(self, formulaire: FormulaireDuTrimestre, fichier: UploadedFile | None) -> None:
        self.formulaire = formulaire
        self._par_code = {indicateur.code.lower(): indicateur for indicateur in formulaire.indicateurs}
        self.reponses: dict[str, Brute] = {}
        self.saisies: dict[Indicateur, Saisie] = {}
        self.erreurs: list[str] = []
        self.statut = 200
        if fichier is None:
            self._refuser(400, AUCUN)
        elif (fichier.size or 0) > OCTETS_MAXIMAUX:
            self._refuser(413, TROP_GROS)
        elif LECTEURS.acquire(timeout=PATIENCE):
            try:
                self._lire(fichier)
            finally:
                LECTEURS.release()
        else:
            self._refuser(503, TROP_DE_LECTURES)

    def _refuser(self, statut: int, *erreurs: str) -> None:
        self.statut = statut
        self.erreurs += erreurs

    def _lire(self, fichier: UploadedFile) -> None:
        with NamedTemporaryFile(prefix="depot-") as provisoire:
            for bloc in fichier.chunks():
                provisoire.write(bloc)
            provisoire.flush()
            lecture = lire(Path(provisoire.name), nom=fichier.name or "", limites=DEPOT)
        for ligne in lecture.lignes:
            if refus := list(self._reproches(ligne)):
                lecture.refuser(ligne.numero, dict(zip(lecture.colonnes, ligne.brutes, strict=False)), refus)
        if lecture.erreurs:
            self._refuser(400, *map(str, sorted(lecture.erreurs, key=lambda erreur: erreur.ligne)))
        else:
            self._retenir(lecture)

    def _reproches(self, ligne: Ligne) -> Iterator[tuple[str, str]]:
        """Ce que la lecture seule ne sait pas: une ligne parle de cette organisation et de ce trimestre."""
        soumission = self.formulaire.soumission
        if ligne.sigle.lower() != soumission.organisation.sigle.lower():
            yield "sigle", f"Le sigle de votre organisation est attendu : {soumission.organisation.sigle}."
        if ligne.trimestre != soumission.trimestre.code:
            yield "trimestre", f"Le trimestre de cette page est attendu : {soumission.trimestre.code}."
        if ligne.indicateur.lower() not in self._par_code:
            yield "indicateur", "Un indicateur à déclarer ce trimestre est attendu."

    def _retenir(self, lecture: Lecture) -> None:
        """Ce que dit chaque ligne; une précision dont le fichier n'a pas la colonne reste celle du brouillon."""
        for ligne in lecture.lignes:
            indicateur = self._par_code[ligne.indicateur.lower()]
            dite = self.formulaire.actuel.get(indicateur.code, {})
            gardees = {nom: dite.get(nom, "") for nom in PRECISIONS if nom not in lecture.colonnes}
            saisie = Saisie(**{nom: getattr(ligne, nom) for nom in Saisie._fields} | gardees)
            self.saisies[indicateur] = saisie
            self.reponses[indicateur.code] = {nom: str(dit) for nom, dit in saisie.en_json().items()}
