"""L'histoire d'une organisation, ses transmissions, ses semblables: en phrases. Pur: ignore Django."""

import datetime
from collections.abc import Sequence
from fractions import Fraction

from barometre.chiffres import Chiffre
from barometre.phrases.cases import sur
from indicateurs import affichage
from indicateurs.langue import _, gettext_noop
from indicateurs.mots import date, retard, trimestre, typographier

REPRISE = gettext_noop("reprise de l'historique")


def depuis(jour: str) -> str:
    """« Elle doit déclarer depuis le 1er avril 2019. »"""
    return _("Elle doit déclarer depuis le %s.") % date(jour)


def ne_declare_plus(jour: str) -> str:
    """« Cette organisation ne déclare plus depuis le 1er janvier 2023. »"""
    return _("Cette organisation ne déclare plus depuis le %s.") % date(jour)


def remplace(nom: str, le: str) -> str:
    """« Le 1er janvier 2024, « Ministère du Numérique » la remplace. »"""
    return typographier(_("Le %(jour)s, « %(nom)s » la remplace.") % {"jour": date(le), "nom": nom})


def remplacee(avant: str, apres: str) -> str:
    """« Organisation remplacée : Régie du logement (RDL), désormais Tribunal administratif du logement (TAL). »"""
    dite = _("Organisation remplacée : %(avant)s, désormais %(apres)s.")
    return typographier(dite % {"avant": avant, "apres": apres})


def se_nommait(nom: str, au: str) -> str:
    """« Jusqu'au 2 mai 2022, elle se nommait « Ministère des Forêts ». »"""
    return typographier(_("Jusqu'au %(jour)s, elle se nommait « %(nom)s ».") % {"jour": date(au), "nom": nom})


def continue_la_serie(nom: str, sigle: str, au: str) -> str:
    """« Jusqu'au 30 août 2020, elle déclarait sous le nom « Régie du logement » (RDL). »"""
    dite = _("Jusqu'au %(jour)s, elle déclarait sous le nom « %(nom)s » (%(sigle)s).")
    return typographier(dite % {"jour": date(au), "nom": nom, "sigle": sigle})


def integre(nom: str, sigle: str, le: str, par: str = "") -> str:
    """« Le 1er janvier 2022, elle a intégré « Infrastructures technologiques Québec » (ITQ). »"""
    faits = {"jour": date(le), "par": par, "nom": nom, "sigle": sigle}
    dite = _("Le %(jour)s, elle a intégré « %(nom)s » (%(sigle)s).")
    par_une_autre = _("Le %(jour)s, « %(par)s » a intégré « %(nom)s » (%(sigle)s).")
    return typographier((par_une_autre if par else dite) % faits)


def transmission(transmise: datetime.date | None, echeance: str) -> str:
    """« 12 avril 2023, à temps », « 20 mai 2023, en retard de 5 jours »; sans date, une reprise."""
    if transmise is None:
        return _(REPRISE)
    jours = (transmise - datetime.date.fromisoformat(echeance)).days
    ponctualite = retard(jours) if jours > 0 else _("à temps")
    return f"{date(transmise)}, {ponctualite}"


def part_et_compte(chiffre: Chiffre) -> str:
    """La part globale d'un périmètre et ses comptes: « 61,4 % (614 sur 1 000) »."""
    comptes = chiffre.comptes
    if comptes.part_globale is None:
        return _("aucun chiffre")
    # Écrite comme sur la page du périmètre: seule la part principale se compare à sa cible.
    ecrire = affichage.pourcentage if chiffre.regle.compte_des_organisations else chiffre.ecrire
    return typographier(f"{ecrire(comptes.part_globale)} ({sur(comptes.numerateur, comptes.denominateur)})")


def etendue(chiffres: Sequence[Chiffre]) -> str:
    """« Au 1er trimestre de 2023, les parts vont de 48,1 % à 66,7 %. »; vide sans chiffre."""
    quand = max((chiffre.trimestre for chiffre in chiffres), default="")
    connus = [c for c in chiffres if c.part is not None and c.trimestre == quand]
    if len(connus) < 2:
        return _("Au %s, il n'y a pas deux parts à comparer.") % trimestre(quand) if quand else ""
    bas, haut = min(connus, key=_part), max(connus, key=_part)
    if _part(bas) == _part(haut):
        egales = _("Au %(trimestre)s, les parts sont égales, à %(part)s.")
        return egales % {"trimestre": trimestre(quand), "part": bas.texte}
    faits = {"trimestre": trimestre(quand), "bas": bas.texte, "haut": haut.texte}
    return _("Au %(trimestre)s, les parts vont de %(bas)s à %(haut)s.") % faits


def denominateurs(petit: int, grand: int) -> str:
    """Pourquoi se méfier: l'une compte bien plus de cas que l'autre."""
    faits = {"petit": affichage.nombre(petit), "grand": affichage.nombre(grand)}
    return _("Leurs dénominateurs vont de %(petit)s à %(grand)s.") % faits


def _part(chiffre: Chiffre) -> Fraction:
    return chiffre.part if chiffre.part is not None else Fraction(0)
