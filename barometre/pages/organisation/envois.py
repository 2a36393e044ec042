"""Le calendrier de ce qu'une organisation a transmis: quand, à temps ou non, et ce qui en fut accepté."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from django.utils import timezone

from barometre import phrases
from barometre.chiffres import Case
from barometre.pages.cadre import Lien
from barometre.pages.revisions import entre
from barometre.parcours import Parcours
from barometre.phrases.organisations import transmission
from barometre.tableaux import Colonne, Tableau, dresser
from indicateurs.affichage import accorder
from indicateurs.arithmetique import Etat
from indicateurs.langue import _, gettext_noop
from indicateurs.mots import date, trimestre, typographier

TITRES = (
    gettext_noop("Trimestre"),
    gettext_noop("Réponses"),
    gettext_noop("Échéance"),
    gettext_noop("Transmission"),
    gettext_noop("Acceptée le"),
    gettext_noop("Version"),
)

ORDRE = (Etat.VALEUR, Etat.SANS_OBJET, Etat.NON_DISPONIBLE, Etat.PAS_ENCORE_DUE, Etat.EN_RETARD)
PLURIELS = {  # les autres absences ne varient pas
    Etat.PAS_ENCORE_DUE: gettext_noop("pas encore dues"),
    Etat.NON_DISPONIBLE: gettext_noop("non disponibles"),
}


def tableau(parcours: Parcours, arret: datetime.date) -> Tableau | None:
    """Un trimestre par ligne, le plus récent d'abord; rien si elle n'a jamais dû déclarer."""
    lignes = [_ligne(parcours, cases, arret) for cases in _recues(parcours)]
    if not lignes:
        return None
    dresse = dresser(_("Ce que l'organisation a transmis"), [Colonne(_(titre)) for titre in TITRES], lignes)
    return replace(dresse, ample=True)


class Correction(NamedTuple):
    """De quel trimestre et de quel jour elle est, sa raison, et ce que révise l'édition où elle parut d'abord."""

    titre: str
    raison: str
    lien: Lien | None


def corrections(parcours: Parcours) -> list[Correction]:
    """Chaque version publiée qui en corrige une autre, la plus récente d'abord."""
    trouvees = []
    for cases in _recues(parcours):
        sigle, quand = cases[0].sigle, cases[0].trimestre
        if correction := parcours.corrections.get((sigle, quand)):
            faits = {"jour": _jour(max(c.valide_le for c in cases)), "trimestre": trimestre(quand)}
            titre = typographier(_("%(jour)s, correction du %(trimestre)s :") % faits)
            trouvees.append(Correction(titre, correction.raison, correction.entre and _revise(*correction.entre)))
    return trouvees


def _revise(avant: str, apres: str) -> Lien:
    return Lien(_("Ce que révise l'édition %s") % apres, entre(avant, apres))


def _recues(parcours: Parcours) -> list[list[Case]]:
    """Les cases de chaque trimestre, le plus récent d'abord."""
    recues: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for serie in parcours.series.values():
        for chiffre in serie.chiffres:
            if chiffre.case:
                recues[chiffre.trimestre, chiffre.case.sigle].append(chiffre.case)
    return [cases for __, cases in sorted(recues.items(), reverse=True)]


def _ligne(parcours: Parcours, cases: Sequence[Case], arret: datetime.date) -> list[str]:
    """Ce qu'un trimestre a reçu, sous le nom qu'elle avait alors."""
    sigle, quand, echeance = cases[0].sigle, cases[0].trimestre, cases[0].echeance
    titre = trimestre(quand) if sigle == parcours.lignee[-1] else f"{trimestre(quand)} ({sigle})"
    version = max((c.version for c in cases if c.version), default=None)
    debut = [titre, _resume(cases, arret), date(echeance)]
    if version is None:
        return [*debut, _("rien d'accepté"), _("pas encore"), _("aucune")]
    envoi = transmission(parcours.transmises.get((sigle, quand)), echeance)
    return [*debut, envoi, _jour(max(c.valide_le for c in cases)), str(version)]


def _jour(instant: str) -> str:
    return date(timezone.localdate(datetime.datetime.fromisoformat(instant)))


def _resume(cases: Iterable[Case], arret: datetime.date) -> str:
    """« 3 chiffres, 2 non disponibles »; d'un seul mot quand toutes se taisent pareillement: « pas encore dues »."""
    comptes = Counter(_mots(case, arret) for case in sorted(cases, key=_ordre))
    [(singulier, pluriel), combien], *reste = comptes.items()
    if not reste and singulier != _("chiffre"):
        return singulier if combien == 1 else pluriel
    return ", ".join(accorder(combien, *mots) for mots, combien in comptes.items())


def _ordre(case: Case) -> tuple[int, bool]:
    """Les chiffres, les sans objet (dont zéro sur zéro), puis les autres absences."""
    return ORDRE.index(Etat(case.etat)), not case.denominateur


def _mots(case: Case, arret: datetime.date) -> tuple[str, str]:
    """Ce qu'une case a reçu, au singulier et au pluriel."""
    if case.etat == Etat.VALEUR and case.denominateur:
        return _("chiffre"), _("chiffres")
    dite = phrases.absence(case._replace(motif=""), arret)
    return dite, _(PLURIELS[Etat(case.etat)]) if case.etat in PLURIELS else dite
