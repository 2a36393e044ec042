"""Ce qu'une édition change à ce qui était déjà publié, et pourquoi. Pur: ignore Django."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from barometre.chiffres import Case
from barometre.phrases import sur
from indicateurs.affichage import accorder
from indicateurs.arithmetique import Etat
from indicateurs.mots import trimestre, typographier

SILENCES = (Etat.PAS_ENCORE_DUE, Etat.EN_RETARD)
DITS = {
    Etat.PAS_ENCORE_DUE: "pas encore due",
    Etat.EN_RETARD: "sans réponse",
    Etat.NON_DISPONIBLE: "non disponible",
    Etat.SANS_OBJET: "sans objet",
}
NON_ATTENDUE, PLUS_ATTENDUE = "non attendue", "n'est plus attendue"
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
    note = " (note changée)" if avant and apres and avant[:7] == apres[:7] else ""
    return Revision(*montree[:3], genre, _dire(avant), f"{_dire(apres)}{note}", raisons)


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
        return f"Cette réponse {PLUS_ATTENDUE}."
    if avant is None:
        return "Cette réponse n'était pas attendue."
    if avant.version:
        versions = range(avant.version + 1, (apres.version or 0) + 1)
        return " ".join(motifs[cle] for v in versions if (cle := (apres.sigle, apres.trimestre, v)) in motifs)
    return "Réponse arrivée après l'échéance." if avant.etat == Etat.EN_RETARD else "Première réponse."


def _dire(case: Case | None) -> str:
    """« 614 sur 1 000 », « non disponible : panne », « sans réponse »; jamais vide."""
    if case is None:
        return NON_ATTENDUE
    if case.etat == Etat.VALEUR:
        return sur(case.numerateur or 0, case.denominateur or 0)
    dit = DITS[Etat(case.etat)]
    return typographier(f"{dit} : {case.motif}") if case.motif else dit


def resumer(revisions: Iterable[Revision]) -> list[str]:
    """En bref: combien de réponses en plus, en moins, et chaque correction avec sa raison."""
    en_plus = perdues = neuves = 0
    corrections: dict[str, None] = {}  # une correction touche plusieurs indicateurs: dite une fois, dans l'ordre
    for revision in revisions:
        if revision.genre == Genre.CORRECTION:
            corrections[f"Correction, {revision.sigle}, {trimestre(revision.trimestre)} : {revision.raison}"] = None
        elif revision.apres == NON_ATTENDUE:
            perdues += 1
        elif revision.avant == NON_ATTENDUE:
            neuves += 1
        else:
            en_plus += 1
    comptes = {
        f"{accorder(en_plus, 'réponse')} de plus aux trimestres déjà publiés": en_plus,
        f"{accorder(perdues, 'réponse')} {'ne sont plus attendues' if perdues > 1 else PLUS_ATTENDUE}": perdues,
        f"{accorder(neuves, 'réponse')} désormais {'attendues' if neuves > 1 else 'attendue'}": neuves,
    }
    dites = [f"Révision : {compte}." for compte, combien in comptes.items() if combien]
    return [typographier(phrase) for phrase in (*dites, *corrections)]
