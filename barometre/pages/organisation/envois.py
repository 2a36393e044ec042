"""Le calendrier de ce qu'une organisation a transmis: quand, à temps ou non, et ce qui en fut accepté."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils import timezone

from barometre import phrases
from barometre.chiffres import Case
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


def tableau(parcours: Parcours, arret: datetime.date) -> Tableau | None:
    """Un trimestre par ligne, le plus récent d'abord; rien si elle n'a jamais dû déclarer."""
    lignes = [_ligne(parcours, cases, arret) for cases in _recues(parcours)]
    if not lignes:
        return None
    dresse = dresser(_("Ce que l'organisation a transmis"), [Colonne(_(titre)) for titre in TITRES], lignes)
    return replace(dresse, ample=True)


def corrections(parcours: Parcours) -> list[tuple[str, str]]:
    """Chaque version publiée qui en corrige une autre: de quel trimestre et de quel jour, puis sa raison."""
    trouvees = []
    for cases in _recues(parcours):
        sigle, quand = cases[0].sigle, cases[0].trimestre
        if raison := parcours.raisons.get((sigle, quand)):
            faits = {"jour": _jour(max(c.valide_le for c in cases)), "trimestre": trimestre(quand)}
            trouvees.append((typographier(_("%(jour)s, correction du %(trimestre)s :") % faits), raison))
    return trouvees


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
    """« 3 chiffres, 1 non disponible », ou le retard."""
    mots: Counter[str] = Counter()
    for case in cases:
        est_chiffree = case.etat == Etat.VALEUR and case.denominateur
        mots["chiffre" if est_chiffree else phrases.absence(case._replace(motif=""), arret)] += 1
    if set(mots) == {mot := next(iter(mots))} and mot != "chiffre":
        return mot
    return ", ".join(accorder(n, _("chiffre")) if m == "chiffre" else f"{n} {m}" for m, n in mots.items())
