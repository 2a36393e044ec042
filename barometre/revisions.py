"""Ce qu'une édition change à ce qui était déjà publié, et pourquoi. Pur: ignore Django."""

import csv
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from barometre import formats
from barometre.chiffres import Case
from barometre.phrases import sur
from indicateurs.affichage import accorder
from indicateurs.arithmetique import Etat
from indicateurs.langue import _, citer, gettext_noop
from indicateurs.mots import trimestre, typographier

SILENCES = (Etat.PAS_ENCORE_DUE, Etat.EN_RETARD)
DITS = {
    Etat.PAS_ENCORE_DUE: gettext_noop("pas encore due"),
    Etat.EN_RETARD: gettext_noop("sans réponse"),
    Etat.NON_DISPONIBLE: gettext_noop("non disponible"),
    Etat.SANS_OBJET: gettext_noop("sans objet"),
}
MARQUE = "r"  # le signe d'une valeur révisée, celui des statistiques officielles
SANS_RAISON = gettext_noop("Aucune raison n'est écrite.")  # la base l'exige de toute correction
Motifs = Mapping[tuple[str, str, int], str]  # la raison d'une version corrigée: sigle, trimestre, version


class Genre(StrEnum):
    """Une réponse qui manquait ou n'est plus attendue, ou une réponse publiée puis corrigée."""

    REVISION = "révision"
    CORRECTION = "correction"


class Revision(NamedTuple):
    """Une case déjà publiée qui ne dit plus la même chose."""

    sigle: str
    trimestre: str
    indicateur: str
    genre: Genre
    avant: str
    apres: str
    raison: str
    ancienne: Case | None = None
    nouvelle: Case | None = None

    @property
    def acceptee_le(self) -> str:
        """L'instant où le CQEN a accepté la nouvelle réponse; vide s'il n'y en a plus."""
        return self.nouvelle.valide_le if self.nouvelle else ""


def differentes(avant: bytes, apres: bytes) -> tuple[list[Case], list[Case]]:
    """Les cases de deux `valeurs.csv` dont la ligne diffère: les seules à comparer, et à lire."""
    (entete, anciennes), (entete_neuve, neuves) = _lignes(avant), _lignes(apres)
    communes = set(anciennes) & set(neuves) if entete == entete_neuve else set()
    return _cases(entete, set(anciennes) - communes), _cases(entete_neuve, set(neuves) - communes)


def reponses_apres(octets: bytes, jusqu_au: str) -> list[Case]:
    """Les réponses d'un `valeurs.csv` aux trimestres d'après celui-là; les silences n'en sont pas."""
    entete, lignes = _lignes(octets)
    ou = entete.index("trimestre")
    recentes = (ligne for ligne in csv.reader(lignes) if ligne[ou] > jusqu_au)
    return [case for ligne in recentes if (case := _case(entete, ligne)).etat not in SILENCES]


def _lignes(octets: bytes) -> tuple[list[str], list[str]]:
    """Les noms des colonnes et les lignes, sans la colonne de l'édition; lève `ValueError` si ce n'en est pas un.

    Une note qui saute de ligne n'en fait pas deux: une ligne finit quand ses guillemets sont fermés.
    """
    lignes, ouverte = [], ""
    for morceau in octets.decode().split("\n"):
        ouverte = f"{ouverte}\n{morceau}" if ouverte else morceau
        if ouverte.count('"') % 2 == 0:
            lignes.append(ouverte.partition(",")[2])
            ouverte = ""
    entete = lignes.pop(0).split(",")
    if ouverte or not set(Case._fields) <= set(entete):
        raise ValueError("Ce fichier n'est pas un valeurs.csv.")
    return entete, [ligne for ligne in lignes if ligne]


def _cases(entete: list[str], lignes: Iterable[str]) -> list[Case]:
    return [_case(entete, ligne) for ligne in csv.reader(lignes)]


def _case(entete: list[str], ligne: list[str]) -> Case:
    return formats.case_lue(dict(zip(entete, ligne, strict=True)))


def comparer(avant: Iterable[Case], apres: Iterable[Case], jusqu_au: str, motifs: Motifs) -> list[Revision]:
    """Ce qui diffère, jusqu'au dernier trimestre déjà publié, dans l'ordre: trimestre, organisation, indicateur."""
    anciennes = {case[:3]: case for case in avant}
    neuves = {case[:3]: case for case in apres if case.trimestre <= jusqu_au}
    cles = sorted(anciennes.keys() | neuves.keys(), key=lambda cle: (cle[1], cle[0], cle[2]))
    revisions = (_comparer(anciennes.get(cle), neuves.get(cle), motifs) for cle in cles)
    return [revision for revision in revisions if revision]


def _comparer(avant: Case | None, apres: Case | None, motifs: Motifs) -> Revision | None:
    """La révision d'une case, s'il y en a une: un silence qui dure n'en est pas une."""
    if _contenu(avant) == _contenu(apres):
        return None
    montree = apres or avant
    assert montree  # noqa: S101 - l'une des deux existe
    raisons = _raisons(avant, apres, motifs)
    publiees = avant and apres and avant.version and apres.version
    genre = Genre.CORRECTION if publiees else Genre.REVISION
    dite = _dire(apres)
    if avant and apres and avant[:7] == apres[:7]:
        dite = _("%s (note changée)") % dite
    return Revision(*montree[:3], genre, _dire(avant), dite, raisons, avant, apres)


def _contenu(case: Case | None) -> tuple | None:
    """Ce qu'une case dit; rien quand elle se tait, `None` quand elle n'est pas attendue."""
    if case is None:
        return None
    if case.etat in SILENCES:
        return ()
    return case.etat, case.numerateur, case.denominateur, case.motif, case.note


def _raisons(avant: Case | None, apres: Case | None, motifs: Motifs) -> str:
    """Le motif de chaque version depuis celle qui fut publiée; si rien ne le fut, ce qu'est cette réponse."""
    if apres is None:
        return _("Cette réponse n'est plus attendue.")
    if avant is None:
        return _("Cette réponse n'était pas attendue.")
    if avant.version:
        versions = range(avant.version + 1, (apres.version or 0) + 1)
        dites = [motifs[cle] for v in versions if (cle := (apres.sigle, apres.trimestre, v)) in motifs]
        return citer(" ".join(dites)) or _(SANS_RAISON)
    return _("Réponse arrivée après l'échéance.") if avant.etat == Etat.EN_RETARD else _("Première réponse.")


def _dire(case: Case | None) -> str:
    """« 614 sur 1 000 », « sans objet (0 sur 0) », « non disponible : panne », « sans réponse »; jamais vide."""
    if case is None:
        return _("non attendue")
    if case.etat == Etat.VALEUR:
        compte = sur(case.numerateur or 0, case.denominateur or 0)
        return compte if case.denominateur else _("sans objet (%s)") % compte
    dit = _(DITS[Etat(case.etat)])
    return typographier(_("%(etat)s : %(motif)s") % {"etat": dit, "motif": citer(case.motif)}) if case.motif else dit


def resumer(revisions: Iterable[Revision], nommer: Callable[[str], str] = str) -> list[str]:
    """En bref: combien de réponses en plus, en moins, et chaque correction avec sa raison.

    `nommer` dit une organisation de son sigle: le sigle seul, si l'on n'en dit rien.
    """
    en_plus = perdues = neuves = 0
    corrections: dict[str, None] = {}  # une correction touche plusieurs indicateurs: dite une fois, dans l'ordre
    for revision in revisions:
        if revision.genre == Genre.CORRECTION:
            corrections[_corriger(revision, nommer(revision.sigle))] = None
        elif revision.nouvelle is None:
            perdues += 1
        elif revision.ancienne is None:
            neuves += 1
        else:
            en_plus += 1
    moins = _("Révision : %s ne sont plus attendues.") if perdues > 1 else _("Révision : %s n'est plus attendue.")
    plus = _("Révision : %s désormais attendues.") if neuves > 1 else _("Révision : %s désormais attendue.")
    comptes = ((_("Révision : %s de plus aux trimestres déjà publiés."), en_plus), (moins, perdues), (plus, neuves))
    dites = [phrase % accorder(combien, _("réponse")) for phrase, combien in comptes if combien]
    return [typographier(phrase) for phrase in (*dites, *corrections)]


def _corriger(revision: Revision, qui: str) -> str:
    """« Correction, RAMQ, 1er trimestre de 2023 : Double compte. »"""
    trous = {"sigle": qui, "trimestre": trimestre(revision.trimestre), "raison": revision.raison}
    return _("Correction, %(sigle)s, %(trimestre)s : %(raison)s") % trous
