"""Les plans, les fiches d'expertise et les demandes d'accompagnement de l'exemple."""

import datetime
from collections.abc import Sequence
from random import Random

from barometre.exemple import scenario, textes
from barometre.exemple.monde import Monde
from barometre.exemple.scenario import JOUR, instant
from barometre.exemple.tirage import hasard
from indicateurs.models import ContenuDeFiche, DemandeAccompagnement, FicheExpertise
from organisations.models import Attribution, FormuleDeRenvoi, Initiative, PlanTransformation
from organisations.models.plan import Avancement

Fil = Sequence[tuple[str, str]]  # qui parle, ce qui est dit
AUJOURD_HUI = datetime.date(2023, 7, 7)  # dans l'histoire, qui s'arrête là


def partager(monde: Monde) -> None:
    """Une vingtaine de plans et quelques fiches dans tous les états, des demandes et leur fil."""
    valides = {sigle: _valide(monde, sigle) for sigle in scenario.PLANS_VALIDES}
    for sigle in scenario.PLANS_CORRIGES:
        _corrige(monde, valides[sigle])
    for sigle in scenario.PLANS_EN_RELECTURE:
        _transmis(monde, sigle, instant("2023-06-05"))
    for sigle in scenario.PLANS_RENVOYES:
        plan = _transmis(monde, sigle, instant("2023-05-29"))
        plan.renvoyer(par=monde.comptes.relectrice, le=instant("2023-06-02"), motif=textes.PLANS_RENVOYES)
    for sigle in scenario.PLANS_EN_BROUILLON:
        _redige(monde, sigle, instant("2023-06-19"))
    a_revoir = valides[scenario.PLAN_EN_CORRECTION]
    a_revoir.corriger(par=a_revoir.cree_par, le=instant("2023-06-20"), motif=textes.PLANS_CORRIGES)
    _outiller_la_relecture(monde)
    _fiches(monde)
    for faits in textes.DEMANDES:
        _demande(monde, **faits)


def _outiller_la_relecture(monde: Monde) -> None:
    """Des raisons de renvoi toutes faites, et des portefeuilles confiés à la relectrice."""
    for ordre, texte in enumerate(textes.RENVOIS):
        FormuleDeRenvoi.objects.create(texte=texte, ordre=ordre)
    for sigle in scenario.CONFIES:
        Attribution.objects.create(portefeuille=monde.organisations[sigle], relecteur=monde.comptes.relectrice)


def _redige(monde: Monde, sigle: str, le: datetime.datetime) -> PlanTransformation:
    """Un plan et ses initiatives, en brouillon."""
    organisation = monde.organisations[sigle]
    plan = PlanTransformation.objects.create(
        organisation=organisation,
        strategie=monde.strategie,
        debut=datetime.date(2020, 4, 1),
        fin=datetime.date(2023, 12, 31),
        resume="D'ici la fin de 2023, l'organisation offre ses services les plus demandés en ligne.",
        cree_le=le,
        cree_par=monde.comptes.transmet[sigle],
    )
    h = hasard("plan", sigle)
    for rang, (titre, changement) in enumerate(h.sample(textes.INITIATIVES, h.randint(2, 4)), start=1):
        debut = plan.debut + h.randrange(1250) * JOUR
        fin = max(debut, min(debut + h.randrange(180, 640) * JOUR, plan.fin))
        Initiative.objects.create(
            plan=plan, rang=rang, titre=titre, changement=changement, debut=debut, fin=fin, **_avancement(h, debut, fin)
        )
    return plan


def _avancement(h: Random, debut: datetime.date, fin: datetime.date) -> dict[str, str | int]:
    """L'état et le progrès que disent les dates; une initiative sur douze est abandonnée."""
    if debut >= AUJOURD_HUI:
        return {"etat": Avancement.PREVUE, "progres": 0}
    fait = 100 * (AUJOURD_HUI - debut) // max(fin - debut, JOUR)
    if not h.randrange(12):
        return {"etat": Avancement.ABANDONNEE, "progres": min(fait, 100) // 3}
    return {"etat": Avancement.TERMINEE if fait >= 100 else Avancement.EN_COURS, "progres": min(fait, 100)}


def _transmis(monde: Monde, sigle: str, le: datetime.datetime) -> PlanTransformation:
    plan = _redige(monde, sigle, le - 7 * JOUR)
    plan.soumettre(par=plan.cree_par, le=le)
    return plan


def _valide(monde: Monde, sigle: str) -> PlanTransformation:
    le = instant("2022-01-10") + hasard("plan", sigle, "date").randrange(120) * JOUR
    plan = _transmis(monde, sigle, le)
    plan.valider(par=monde.comptes.relectrice, le=le + 9 * JOUR)
    return plan


def _corrige(monde: Monde, plan: PlanTransformation) -> None:
    """Une version nouvelle, acceptée: l'ancienne est remplacée."""
    nouveau = plan.corriger(par=plan.cree_par, le=instant("2022-11-02"), motif=textes.PLANS_CORRIGES)
    nouveau.soumettre(par=plan.cree_par, le=instant("2022-11-03"))
    nouveau.valider(par=monde.comptes.relectrice, le=instant("2022-11-14"))


def _fiches(monde: Monde) -> None:
    """Des fiches dans chaque état: en brouillon, transmise, renvoyée, acceptées."""
    for faits in textes.FICHES:
        _fiche(monde, **faits)


def _fiche(monde: Monde, sigle: str, indicateur: str, suite: str, **dit: str) -> None:
    par = monde.comptes.transmet[sigle]
    contenu = ContenuDeFiche(monde.indicateurs[indicateur], contact=f"savoir@{sigle.lower()}.example", **dit)
    fiches, le = FicheExpertise.objects, instant("2023-04-11")
    fiche, _ = fiches.proposer(monde.organisations[sigle], contenu, par=par, le=le)
    if suite != "brouillon":
        fiche.soumettre(par=par, le=le + JOUR)
    if suite == "validee":
        fiche.valider(par=monde.comptes.relectrice, le=instant("2023-04-21"))
    if suite == "renvoyee":
        fiche.renvoyer(par=monde.comptes.relectrice, le=instant("2023-04-21"), motif=textes.FICHE_RENVOYEE)


def _demande(monde: Monde, sigle: str, indicateur: str | None, objet: str, fil: Fil, close: bool = False) -> None:
    """Une demande et son fil, un message par jour; la relectrice répond, et la suit dès lors."""
    voix = {"organisation": monde.comptes.transmet[sigle], "cqen": monde.comptes.relectrice}
    le, (_, premier), suite = instant("2023-06-14"), fil[0], fil[1:]
    demande, _ = DemandeAccompagnement.objects.demander(
        monde.organisations[sigle],
        objet=objet,
        indicateur=monde.indicateurs.get(indicateur or ""),
        texte=premier,
        par=voix["organisation"],
        le=le,
    )
    for jours, (qui, texte) in enumerate(suite, start=1):
        demande.repondre(texte, par=voix[qui], le=le + jours * JOUR)
    if close:
        demande.clore(par=voix["cqen"], le=le + len(fil) * JOUR)
