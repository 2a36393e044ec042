"""Les rappels: ce qu'il faut rappeler à un instant, à qui, et l'envoi; un courriel par personne et par jour au plus."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from smtplib import SMTPServerDisconnected
from typing import Any, NamedTuple

from django.core.mail import get_connection
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from indicateurs import courriels
from indicateurs.calendrier import Attente, attentes
from indicateurs.models import LigneDeRappel, Palier, Rappel, Trimestre
from organisations.models import Habilitation, Organisation, Utilisateur

RETARD_MAXIMAL = 30  # jours; au-delà, un courriel de plus n'y change rien
DU_CALENDRIER = tuple(palier for palier in Palier if palier != Palier.A_LA_MAIN)


class Ligne(NamedTuple):
    """Une attente à rappeler, au palier qu'elle a atteint."""

    attente: Attente
    palier: Palier


Envois = Mapping[Utilisateur, Sequence[Ligne]]


class Bilan(NamedTuple):
    """Ce que l'envoi a fait; d'un échec on ne garde que le nom de sa cause, dont le reste dirait l'adresse."""

    partis: Envois
    echecs: Counter[str]

    @property
    def envoyes(self) -> int:
        """Combien de courriels sont partis."""
        return len(self.partis)

    @property
    def lignes(self) -> int:
        """Combien d'échéances ils rappellent."""
        return sum(len(lignes) for lignes in self.partis.values())

    @property
    def sigles(self) -> str:
        """Les organisations vraiment rappelées."""
        return ", ".join(sorted({li.attente.organisation.sigle for lignes in self.partis.values() for li in lignes}))


def palier_atteint(jours: int) -> Palier | None:
    """Le plus urgent des paliers atteints à tant de jours après l'échéance (avant, si négatif)."""
    return max((p for p in DU_CALENDRIER if p <= jours), default=None)


def a_rappeler(le: datetime.datetime) -> Envois:
    """Par personne à qui écrire, ses lignes par échéance; six requêtes au plus, quel que soit leur nombre.

    Après des jours sautés, seul part le palier le plus urgent: ceux d'avant ne partent jamais après coup.
    """
    jour = timezone.localdate(le)
    depuis = jour - datetime.timedelta(days=RETARD_MAXIMAL)
    lignes = [
        Ligne(attente, palier)
        for attente in attentes(Organisation.objects.all(), depuis)
        if attente.trimestre.est_ouvert(le) and (palier := palier_atteint((jour - attente.echeance_le).days))
    ]
    rappelees = LigneDeRappel.objects.filter(trimestre__in={ligne.attente.trimestre for ligne in lignes})
    deja = set(rappelees.values_list("personne", "organisation", "trimestre", "echeance_le", "palier"))
    envois = defaultdict(list)
    for personne, ligne in _par_personne(lignes, pas_rappelees(jour)):
        echeance, organisation, trimestre = ligne.attente
        if (personne.pk, organisation.pk, trimestre.pk, echeance, ligne.palier) not in deja:
            envois[personne].append(ligne)
    return envois


def a_la_main(attendues: Iterable[Attente], habilitations: QuerySet[Habilitation]) -> Envois:
    """De même, pour ce que le CQEN a choisi de rappeler, quel qu'en soit le jour, et ces habilitations."""
    envois = defaultdict(list)
    for personne, ligne in _par_personne([Ligne(a, Palier.A_LA_MAIN) for a in attendues], habilitations):
        envois[personne].append(ligne)
    return envois


def dues(organisations: Iterable[Organisation], trimestre: Trimestre, le: datetime.datetime) -> list[Attente]:
    """Ce que ces organisations n'ont pas transmis de ce trimestre, s'il est ouvert."""
    if not trimestre.est_ouvert(le):
        return []
    toutes = attentes(organisations, datetime.date.min)
    return [attente for attente in toutes if attente.trimestre == trimestre]


def _par_personne(
    lignes: Iterable[Ligne], habilitations: QuerySet[Habilitation]
) -> Iterator[tuple[Utilisateur, Ligne]]:
    """Chaque ligne, et chaque personne à qui ces habilitations la destinent; deux rôles n'en font qu'une."""
    par_organisation = defaultdict(set)
    for habilitation in habilitations.select_related("personne"):
        par_organisation[habilitation.organisation_id].add(habilitation.personne)
    for ligne in lignes:
        for personne in par_organisation[ligne.attente.organisation.pk]:
            yield personne, ligne


def joignables() -> QuerySet[Habilitation]:
    """Qui peut parler pour une organisation, et entrer."""
    return Habilitation.objects.actives().filter(personne__is_active=True)


def pas_rappelees(jour: datetime.date) -> QuerySet[Habilitation]:
    """Parmi elles, qui n'a pas encore reçu de rappel ce jour-là."""
    return joignables().exclude(personne__rappels__jour=jour)


def envoyer(envois: Envois, le: datetime.datetime) -> Bilan:
    """Envoie chaque courriel, par une seule connexion, et le note; celui qui ne part pas sera réessayé plus tard.

    Un refus n'arrête pas les autres; une connexion qui tombe, si: un serveur muet ne fait attendre qu'une fois.
    """
    if not envois:
        return Bilan({}, Counter())
    partis: dict[Utilisateur, Sequence[Ligne]] = {}
    restent, echecs = dict(envois), Counter[str]()
    try:
        with get_connection() as connexion:
            for personne, lignes in envois.items():
                try:
                    if _envoyer(personne, lignes, le, connexion):
                        partis[personne] = lignes
                except SMTPServerDisconnected:
                    raise
                except OSError as panne:
                    echecs[type(panne).__name__] += 1
                del restent[personne]
    except OSError as panne:
        echecs += Counter({type(panne).__name__: len(restent)})
    return Bilan(partis, echecs)


def _envoyer(personne: Utilisateur, lignes: Sequence[Ligne], le: datetime.datetime, connexion: Any) -> bool:
    """Note le rappel, puis l'envoie; `False` si un autre lancement l'a pris. Lève `OSError` si rien n'est parti.

    Dans cet ordre, une panne entre les deux perd un rappel plutôt que d'en envoyer deux.
    """
    try:
        rappel = _noter(personne, lignes, le)
    except IntegrityError:
        return False
    try:
        courriels.rappeler(personne, [ligne.attente for ligne in lignes], le, connexion)
    except OSError:
        with transaction.atomic():
            rappel.lignes.all().delete()
            rappel.delete()
        raise
    return True


@transaction.atomic
def _noter(personne: Utilisateur, lignes: Sequence[Ligne], le: datetime.datetime) -> Rappel:
    rappel = Rappel.objects.create(personne=personne, jour=timezone.localdate(le), envoye_le=le)
    LigneDeRappel.objects.bulk_create(
        LigneDeRappel(rappel=rappel, personne=personne, palier=ligne.palier, **ligne.attente._asdict())
        for ligne in lignes
    )
    return rappel
