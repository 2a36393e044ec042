"""Une édition, ses réponses, son bilan: en phrases. Pur: ignore Django."""

import datetime
from collections.abc import Sequence

from barometre.chiffres import Chiffre
from indicateurs import affichage
from indicateurs.affichage import accorder
from indicateurs.arithmetique import Comptes, Verdict, code_du_rang
from indicateurs.langue import _, citer, gettext_noop
from indicateurs.mots import date, lettres, mois, trimestre, typographier

ETATS = {
    Verdict.ATTEINTE: (gettext_noop("est atteinte"), gettext_noop("sont atteintes")),
    Verdict.EN_VOIE: (gettext_noop("est en voie d'être atteinte"), gettext_noop("sont en voie d'être atteintes")),
    Verdict.EN_RETARD: (gettext_noop("est en retard"), gettext_noop("sont en retard")),
    Verdict.NON_JUGEABLE: (gettext_noop("ne peut être jugée"), gettext_noop("ne peuvent être jugées")),
}  # d'une cible, de plusieurs


def reponses(repondantes: int | None, attendues: int | None) -> str:
    """« 54 organisations sur 60 ont répondu. »; d'une édition qui n'a pas figé ces comptes, où les lire."""
    if repondantes is None or attendues is None:
        return _("Qui a répondu se lit dans ses fichiers.")
    if attendues == 0:
        return _("Aucune organisation ne devait répondre.")
    if attendues == 1:
        oui, non = _("La seule organisation attendue a répondu."), _("La seule organisation attendue n'a pas répondu.")
        return oui if repondantes else non
    if repondantes == attendues:
        return _("Les %s ont répondu.") % accorder(attendues, _("organisation"))
    if repondantes == 0:
        return _("Aucune des %s n'a répondu.") % accorder(attendues, _("organisation"))
    tout = affichage.nombre(attendues)
    if repondantes == 1:
        return _("Une organisation sur %s a répondu.") % tout
    trous = {"combien": affichage.nombre(repondantes), "tout": tout}
    return _("%(combien)s organisations sur %(tout)s ont répondu.") % trous


def trop_tot(echeance: datetime.date, jour: datetime.date, repondantes: int, attendues: int) -> str:
    """L'alerte de qui publierait avant l'échéance, ou sans la moitié des réponses; vide sinon."""
    if jour > echeance and repondantes * 2 >= attendues:
        return ""
    phrase = _("L'échéance était le %s.") if jour > echeance else _("L'échéance est le %s.")
    return f"{phrase % date(echeance)} {reponses(repondantes, attendues)}"


def couverture(comptes: Comptes) -> str:
    """Qui a répondu, sur combien d'attendues."""
    return reponses(comptes.repondantes, comptes.attendues)


def edition(code: str, publiee_le: datetime.date) -> str:
    """« Édition 2023-T1, publiée le 18 mai 2023. »"""
    return _("Édition %(code)s, publiée le %(date)s.") % {"code": code, "date": date(publiee_le)}


def prochaine(jour: str) -> str:
    """« Prochaine : 17 août 2023. », ou rien si aucune n'est annoncée."""
    return typographier(_("Prochaine : %s.") % date(jour)) if jour else ""


def hors_calendrier(raison: str) -> str:
    """Pourquoi l'édition a paru un jour qui n'était pas annoncé."""
    return typographier(_("Parue hors du calendrier annoncé : %s") % citer(raison))


def changement(avant: datetime.date, apres: datetime.date, le: datetime.date) -> str:
    """« Le 6 octobre 2022, la date est passée du 10 novembre 2022 au 17 novembre 2022. »"""
    trous = {"le": date(le), "avant": date(avant), "apres": date(apres)}
    return _("Le %(le)s, la date est passée du %(avant)s au %(apres)s.") % trous


def bilan(chiffres: Sequence[Chiffre], quand: str) -> str:
    """La phrase d'accueil: combien de cibles, pour quand, et où elles en sont."""
    if not chiffres:
        return _("Aucune cible nationale n'est fixée.")
    phrase = _("%(nombre)s cible %(dates)s.") if len(chiffres) == 1 else _("%(nombre)s cibles %(dates)s.")
    nombre = lettres(len(chiffres), feminin=True).capitalize()
    annonce = phrase % {"nombre": nombre, "dates": _dates(sorted({c.regle.points[-1][0] for c in chiffres}))}
    etats = _("En %(mois)s, %(etats)s.") % {"mois": mois(quand), "etats": _etats([c.verdict for c in chiffres])}
    return typographier(f"{annonce} {etats}")


def _dates(termes: Sequence[int]) -> str:
    """Pour quand sont des cibles; de trois termes ou plus, l'année du dernier."""
    if len(termes) > 2:
        return _("d'ici %d") % (termes[-1] // 4)
    premier, *autre = (_pour(code_du_rang(terme)) for terme in termes)
    return _("%(premier)s et %(autre)s") % {"premier": premier, "autre": autre[0]} if autre else premier


def _pour(code: str) -> str:
    return _("pour la fin de %s") % code[:4] if code.endswith("T4") else _("pour le %s") % trimestre(code)


def _etats(verdicts: Sequence[Verdict]) -> str:
    """Où en sont une, deux ou plusieurs cibles."""
    if len(verdicts) == 1:
        return _("elle %s") % _etat(verdicts[0])
    if len(verdicts) == 2 and verdicts[0] != verdicts[1]:
        premier, autre = map(_etat, verdicts)
        return _("l'une %(premier)s, l'autre %(autre)s") % {"premier": premier, "autre": autre}
    if len(set(verdicts)) == 1:
        phrase = _("les deux %s") if len(verdicts) == 2 else _("toutes %s")
        return phrase % _etat(verdicts[0], pluriel=True)
    nombres = [(v, verdicts.count(v)) for v in Verdict if v in verdicts]
    return ", ".join(
        _("%(nombre)s %(etat)s") % {"nombre": lettres(n, feminin=True), "etat": _etat(v, pluriel=n > 1)}
        for v, n in nombres
    )


def _etat(verdict_: Verdict, pluriel: bool = False) -> str:
    return _(ETATS[verdict_][pluriel])
