"""Une organisation: ses parts et ses courbes, celles de ses semblables, son plan, ses envois, son histoire."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from barometre import graphiques, lignees, phrases, tableaux
from barometre.chiffres import Serie
from barometre.models import Edition
from barometre.pages.cadre import Lien, Page, categorie, publiees, vers
from barometre.pages.cartes import Carte, Figure, dessiner
from barometre.pages.organisation import envois, histoire, initiatives, semblables
from barometre.pages.sorties import Sorties
from barometre.parcours import Parcours, parcourir
from indicateurs import mots
from indicateurs.langue import _, citer


def suite(edition: Edition, fiche: Mapping[str, Any]) -> str:
    """Le nom d'adresse de celle qui la remplace; vide tant qu'elle déclare, ou si rien ne la remplace."""
    sigle = lignees.suivre(publiees(edition), fiche["sigle"], edition.attendues)
    return "" if sigle == fiche["sigle"] else edition.organisations[sigle]["slug"]


def contexte(edition: Edition, fiche: Mapping[str, Any]) -> dict[str, Any]:
    """Tout ce que sa page montre; quatre requêtes."""
    sigle, arret = fiche["sigle"], timezone.localdate(edition.arretee_le)
    fil = Lien(_("Organisations"), vers(edition, "organisations"))
    parcours, plan = parcourir(edition, sigle), initiatives.du_plan(edition, sigle)
    cartes = list(_cartes(edition, parcours, arret))
    return {
        "page": replace(Page.de(edition, fiche["nom"], "organisations", fil), en_bref=_en_bref(cartes)),
        "fiche": fiche,
        "categorie": _categorie(edition, fiche),
        "portefeuille": _portefeuille(edition, fiche),
        "avis": histoire.avis(edition, fiche),
        "liens": list(_liens(edition, fiche, plan is not None)),
        "cartes": cartes,
        "semblables": semblables.tableau(edition, fiche, parcours.series, arret),
        "plan": plan,
        "notes": _notes(edition, parcours),
        "envois": envois.tableau(parcours, arret),
        "corrections": envois.corrections(parcours),
        "recit": histoire.recit(edition, fiche, parcours),
        "jointes": histoire.jointes(edition, parcours, arret),
        "citation": _citation(edition, fiche),
    }


def _categorie(edition: Edition, fiche: Mapping[str, Any]) -> Lien:
    """Sa catégorie, et celles qui en sont."""
    nom = categorie(fiche["categorie"])
    return Lien(nom, f"{vers(edition, 'organisations')}?{urlencode({'categorie': fiche['categorie']})}")


def _portefeuille(edition: Edition, fiche: Mapping[str, Any]) -> Lien | None:
    """Son portefeuille, du nom de sa tête; rien si elle n'en a pas."""
    tete = edition.organisations.get(fiche["portefeuille"])
    if tete is None:
        return None
    return Lien(tete["nom"], vers(edition, "portefeuille", tete["slug"]))


def _liens(edition: Edition, fiche: Mapping[str, Any], a_un_plan: bool) -> Iterator[Lien]:
    """Où aller depuis sa page."""
    yield Lien(_("Comparer avec d'autres"), f"{vers(edition, 'comparer')}?{urlencode({'o': fiche['slug']})}")
    if a_un_plan:
        yield Lien(_("Son plan de transformation numérique"), reverse("plan_public", args=[fiche["slug"]]))
    if fiche["site_web"]:
        yield Lien(_("Site web de l'organisation"), fiche["site_web"])


def _citation(edition: Edition, fiche: Mapping[str, Any]) -> str:
    """L'adresse qui montrera toujours ce que cette édition dit d'elle."""
    return f"{settings.ADRESSE_DU_SITE}{reverse('edition:organisation', args=[edition.code, fiche['slug']])}"


def _cartes(edition: Edition, parcours: Parcours, arret: datetime.date) -> Iterator[Carte]:
    """Une carte par indicateur qu'elle a dû déclarer."""
    for code in edition.regles:
        if code in parcours.series:
            yield _carte(edition, parcours, parcours.series[code], arret)


def _en_bref(cartes: Iterable[Carte]) -> str:
    """« Processus sans papier : 61,4 % au 1er trimestre de 2023. », par chiffre connu."""
    phrase = _("%(indicateur)s : %(chiffre)s")
    dites = ((carte.titre, phrases.en_bref(carte.chiffre)) for carte in cartes if carte.est_connue)
    return mots.typographier(" ".join(phrase % {"indicateur": titre, "chiffre": dite} for titre, dite in dites))


def _carte(edition: Edition, parcours: Parcours, serie: Serie, arret: datetime.date) -> Carte:
    """Le dernier chiffre d'une organisation, ou pourquoi il n'y en a pas, et sa courbe."""
    chiffre, code = serie.dernier, serie.regle.code
    absence = phrases.absence_datee(chiffre.case, arret) if chiffre.part is None and chiffre.case else ""
    return Carte(
        code,
        serie.regle.intitule,
        vers(edition, "indicateur", code),
        chiffre,
        phrases.verdict(chiffre) if chiffre.regle.points else "",
        _figure(edition, parcours, serie, arret) if serie.observes else None,
        list(_complements(edition, serie)),
        absence=absence,
    )


def _figure(edition: Edition, parcours: Parcours, serie: Serie, arret: datetime.date) -> Figure:
    """Sa courbe, qui dit sous quels noms elle se lit."""
    figure = dessiner(serie, graphiques.MOYEN, tableaux.d_une_organisation, arret)
    notes = [*figure.notes, *histoire.noms_d_avant(edition, parcours, serie)]
    slug = edition.organisations[parcours.lignee[-1]]["slug"]
    return replace(figure, notes=notes, sorties=Sorties.de(edition, "courbe_propre", slug, serie.regle.code))


def _complements(edition: Edition, serie: Serie) -> Iterator[str]:
    """Quand, combien, et de quel côté du seuil."""
    chiffre = serie.dernier
    if chiffre.trimestre != edition.trimestre.code:
        yield _("C'était au %s.") % mots.trimestre(chiffre.trimestre)
    if chiffre.part is not None:
        yield f"{phrases.sur(chiffre.comptes.numerateur, chiffre.comptes.denominateur)}."
    if majorite := phrases.majorite(chiffre):
        yield f"{majorite}."


def _notes(edition: Edition, parcours: Parcours) -> list[tuple[str, str]]:
    """Les notes publiques, les plus récentes d'abord: de quel trimestre, puis sur quoi et ce qu'elle dit."""
    cases = [c.case for s in parcours.series.values() for c in s.chiffres if c.case and c.case.note]
    phrase = _("%(indicateur)s : %(note)s")
    return [
        (
            mots.trimestre(c.trimestre),
            mots.typographier(phrase % {"indicateur": edition.regles[c.indicateur].intitule, "note": citer(c.note)}),
        )
        for c in sorted(cases, key=lambda c: c.trimestre, reverse=True)
    ]
