"""La réponse d'une organisation, ou son absence: en phrases. Pur: ignore Django."""

import datetime

from barometre.chiffres import Case, Chiffre
from indicateurs import affichage
from indicateurs.arithmetique import Etat
from indicateurs.langue import _, citer, gettext_noop
from indicateurs.mots import abreger, date, retard, typographier

ABSENCES = {
    Etat.PAS_ENCORE_DUE: gettext_noop("pas encore due"),
    Etat.NON_DISPONIBLE: gettext_noop("non disponible"),
}
SANS_OBJET = gettext_noop("sans objet")


def case(chiffre: Chiffre, arretee_le: datetime.date, court: bool = False) -> str:
    """La part d'une organisation, ou pourquoi il n'y en a pas: jamais vide, jamais zéro pour dire l'absence."""
    if chiffre.part is not None or chiffre.case is None:
        return chiffre.texte
    return absence(chiffre.case, arretee_le, court)


def sur(partie: int, tout: int) -> str:
    """« 614 sur 1 000 », d'un seul tenant."""
    phrase = _("%(partie)s sur %(tout)s") % {"partie": affichage.nombre(partie), "tout": affichage.nombre(tout)}
    return phrase.replace(" ", "\xa0")


def absence(case_: Case, arretee_le: datetime.date, court: bool = False) -> str:
    """Pourquoi il n'y a pas de part: « non disponible : systèmes en migration »."""
    if case_.etat == Etat.EN_RETARD:
        return retard((arretee_le - datetime.date.fromisoformat(case_.echeance)).days)
    etat = _(ABSENCES.get(Etat(case_.etat), SANS_OBJET))
    motif = abreger(case_.motif) if court else case_.motif
    return typographier(_("%(etat)s : %(motif)s") % {"etat": etat, "motif": citer(motif)}) if motif else etat


def absence_datee(case_: Case, arretee_le: datetime.date) -> str:
    """Pourquoi il n'y a pas de part; d'un silence, de quel jour: « en retard de 3 jours au 18 mai 2023 »."""
    dite = absence(case_, arretee_le)
    if case_.etat not in (Etat.EN_RETARD, Etat.PAS_ENCORE_DUE):
        return dite
    return _("%(silence)s au %(jour)s") % {"silence": dite, "jour": date(arretee_le)}
