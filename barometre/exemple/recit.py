"""L'histoire de l'exemple, dans l'ordre du temps: reprise, dépôts, relectures, éditions, corrections.

Une validation suit toujours la dernière édition: chaque trimestre se raconte jusqu'à sa publication avant le suivant.
"""

import datetime
from collections.abc import Callable, Iterator

from barometre.exemple import scenario, textes
from barometre.exemple.monde import Monde
from barometre.exemple.scenario import JOUR, Erreur, instant
from barometre.exemple.tirage import Depot, hasard, repond, repondre
from barometre.models import Edition, Parution
from indicateurs.models import Indicateur, Prolongation, Saisie, Soumission, Trimestre
from organisations.models import Organisation

Saisies = dict[Indicateur, Saisie]
RENVOI_SUR = 14  # une soumission sur quatorze revient à son auteur avant d'être acceptée


def raconter(monde: Monde, annoncer: Callable[[str], None]) -> None:
    """Toute l'histoire; `annoncer` reçoit chaque étape."""
    annoncer("l'historique")
    _reprendre(monde)
    for code in scenario.SUIVIS:
        annoncer(f"le trimestre {code}")
        trimestre = monde.trimestres[code]
        _annoncer(monde, trimestre)
        _rattacher(monde, code)
        _prolonger(monde, trimestre)
        tardives = list(_deposer(monde, trimestre))
        _publier(monde, trimestre, scenario.PUBLICATIONS[code])
        _rattraper(monde, trimestre, tardives)
        if corrective := scenario.CORRECTIVES.get(code):
            _publier(monde, trimestre, *corrective)
    annoncer("le trimestre en cours")
    for code in (scenario.EN_COURS, *scenario.A_VENIR):
        _annoncer(monde, monde.trimestres[code])
    _laisser_en_suspens(monde)
    _entamer(monde, monde.trimestres[scenario.EN_COURS])


def _reprendre(monde: Monde) -> None:
    """L'historique d'avant la plateforme, repris d'un coup par les comptes techniques."""
    reponses = {}
    for code in scenario.REPRIS:
        trimestre = monde.trimestres[code]
        for organisation in monde.attendues(trimestre):
            if repond(monde.declarantes[organisation.sigle], code) == Depot.A_TEMPS:
                saisies = _saisies(monde, organisation, trimestre)
                reponses[organisation.pk, trimestre.pk] = {i.pk: saisie for i, saisie in saisies.items()}
    Soumission.objects.reprendre(
        reponses,
        declarant=monde.comptes.reprise_declare,
        validateur=monde.comptes.reprise_valide,
        le=instant("2021-12-06"),
        motif="Reprise de l'historique.",
    )


def _rattacher(monde: Monde, code: str) -> None:
    """Des organisations changent de portefeuille."""
    for sigle, ministere in scenario.RATTACHEMENTS.get(code, {}).items():
        organisation = monde.organisations[sigle]
        organisation.ministere = monde.organisations[ministere]
        organisation.save(update_fields=["ministere"])


def _prolonger(monde: Monde, trimestre: Trimestre) -> None:
    for report in scenario.PROLONGATIONS:
        if report.trimestre == trimestre.code:
            Prolongation.objects.create(
                organisation=monde.organisations[report.sigle],
                trimestre=trimestre,
                echeance_le=trimestre.echeance_le + report.jours * JOUR,
                motif=report.motif,
                accordee_par=monde.comptes.relectrice,
                accordee_le=instant(trimestre.fin + report.accorde_apres * JOUR),
            )


def _deposer(monde: Monde, trimestre: Trimestre) -> Iterator[Organisation]:
    """Les dépôts acceptés avant la publication; rend les organisations qui répondront après."""
    for organisation in monde.attendues(trimestre):
        quand = repond(monde.declarantes[organisation.sigle], trimestre.code)
        if quand == Depot.TARD:
            yield organisation
        elif quand == Depot.A_TEMPS:
            jours = hasard("depot", organisation.sigle, trimestre.code).randint(12, 46)
            _deposer_et_valider(monde, organisation, trimestre, instant(trimestre.fin + jours * JOUR, 13))


def _deposer_et_valider(monde: Monde, organisation: Organisation, trimestre: Trimestre, le: datetime.datetime) -> None:
    soumission = _transmettre(monde, organisation, trimestre, le)
    relectrice = monde.comptes.relectrice
    h = hasard("renvoi", organisation.sigle, trimestre.code)
    if not h.randrange(RENVOI_SUR):
        soumission.renvoyer(par=relectrice, le=le + datetime.timedelta(hours=2), motif=h.choice(textes.RENVOIS))
        indicateur = monde.indicateurs["sans-papier"]
        saisie = soumission.valeurs.get(indicateur=indicateur).saisie
        par, repris = soumission.cree_par, le + datetime.timedelta(hours=4)
        soumission.saisir({indicateur: saisie._replace(justification=textes.JUSTIFICATION)}, par=par, le=repris)
        soumission.soumettre(par=par, le=repris)
    soumission.valider(par=relectrice, le=le + datetime.timedelta(hours=6))


def _annoncer(monde: Monde, trimestre: Trimestre) -> None:
    """Le jour où paraîtra l'édition, et son changement s'il y en a un."""
    for code, fait_le, jour, motif in scenario.ANNONCES:
        if code == trimestre.code:
            Parution.objects.annoncer(
                trimestre=trimestre,
                jour=datetime.date.fromisoformat(jour),
                par=monde.comptes.editrice,
                le=instant(fait_le),
                motif=motif,
            )


def _publier(monde: Monde, trimestre: Trimestre, jour: str, note: str = "") -> None:
    Edition.publier(trimestre=trimestre, par=monde.comptes.editrice, le=instant(jour), note=note, fictive=True)


def _rattraper(monde: Monde, trimestre: Trimestre, tardives: list[Organisation]) -> None:
    """Après la publication: les réponses tardives et les corrections, qui entrent dans l'édition suivante."""
    apres = datetime.date.fromisoformat(scenario.PUBLICATIONS[trimestre.code])
    for rang, organisation in enumerate(tardives):
        _deposer_et_valider(monde, organisation, trimestre, instant(apres + (5 + rang % 9) * JOUR))
    for erreur in scenario.CORRIGEES:
        if erreur.trimestre == trimestre.code:
            correction = _corriger(monde, erreur, instant(apres + 11 * JOUR))
            correction.soumettre(par=correction.cree_par, le=instant(apres + 12 * JOUR))
            correction.valider(par=monde.comptes.relectrice, le=instant(apres + 15 * JOUR))


def _corriger(monde: Monde, erreur: Erreur, le: datetime.datetime) -> Soumission:
    """Ouvre une correction de `sans-papier`, saisie et non transmise."""
    organisation = monde.organisations[erreur.sigle]
    avant = Soumission.objects.valides().get(organisation=organisation, trimestre=monde.trimestres[erreur.trimestre])
    personne = monde.comptes.transmet[erreur.sigle]
    correction = avant.corriger(par=personne, le=le, motif=erreur.motif)
    indicateur = monde.indicateurs["sans-papier"]
    valeur = avant.valeurs.get(indicateur=indicateur)
    juste = (valeur.numerateur or 0) * (1000 - erreur.trop) // 1000
    saisies = {indicateur: valeur.saisie._replace(numerateur=juste)}
    correction.saisir(_justifiees(correction, saisies), par=personne, le=le)
    return correction


def _laisser_en_suspens(monde: Monde) -> None:
    """Ce que le CQEN a devant lui après la dernière édition: à relire, renvoyé, inachevé."""
    dernier = monde.trimestres[scenario.DERNIER]
    for sigle, jour in zip(scenario.EN_RELECTURE, ("2023-06-01", "2023-06-08"), strict=True):
        _transmettre(monde, monde.organisations[sigle], dernier, instant(jour))
    renvoyee = _transmettre(monde, monde.organisations[scenario.RENVOYEE], dernier, instant("2023-05-12"))
    renvoyee.renvoyer(par=monde.comptes.relectrice, le=instant("2023-05-16"), motif=textes.RENVOIS[0])
    _ebaucher(monde, scenario.EN_BROUILLON, dernier, instant("2023-05-10"))
    _ebaucher(monde, scenario.PROLONGEE, dernier, instant("2023-05-11"))
    transmise, _en_brouillon = (
        _corriger(monde, erreur, instant("2023-06-12")) for erreur in scenario.CORRECTIONS_OUVERTES
    )
    transmise.soumettre(par=transmise.cree_par, le=instant("2023-06-13"))


def _entamer(monde: Monde, trimestre: Trimestre) -> None:
    """Le trimestre qui vient d'ouvrir: quelques brouillons, deux dépôts."""
    for sigle in scenario.BROUILLONS_EN_COURS:
        _ebaucher(monde, sigle, trimestre, instant("2023-07-05"))
    for sigle in scenario.TRANSMISES_EN_COURS:
        _transmettre(monde, monde.organisations[sigle], trimestre, instant("2023-07-06"))


def _transmettre(monde: Monde, organisation: Organisation, trimestre: Trimestre, le: datetime.datetime) -> Soumission:
    """Une soumission complète, transmise."""
    personne = monde.comptes.transmet[organisation.sigle]
    soumission = Soumission.objects.create(
        organisation=organisation, trimestre=trimestre, cree_le=le - 3 * JOUR, cree_par=personne
    )
    saisies = _justifiees(soumission, _saisies(monde, organisation, trimestre))
    soumission.saisir(saisies, par=personne, le=le)
    soumission.soumettre(par=personne, le=le)
    return soumission


def _ebaucher(monde: Monde, sigle: str, trimestre: Trimestre, le: datetime.datetime) -> None:
    """Un brouillon où il manque des réponses."""
    organisation, personne = monde.organisations[sigle], monde.comptes.transmet[sigle]
    soumission = Soumission.objects.create(
        organisation=organisation, trimestre=trimestre, cree_le=le, cree_par=personne
    )
    saisies = _saisies(monde, organisation, trimestre)
    soumission.saisir(dict(list(saisies.items())[:2]), par=personne, le=le)


def _justifiees(soumission: Soumission, saisies: Saisies) -> Saisies:
    """Ces réponses, et une justification de celles qui étonnent."""
    etonnantes = soumission.etonnements(saisies)
    return saisies | {i: saisies[i]._replace(justification=textes.JUSTIFICATION) for i in etonnantes}


def _saisies(monde: Monde, organisation: Organisation, trimestre: Trimestre) -> Saisies:
    reponses = repondre(monde.declarantes[organisation.sigle], trimestre.code)
    return {monde.indicateurs[code]: Saisie(**reponse._asdict()) for code, reponse in reponses.items()}
