"""Ce que l'équipe fait dans l'administration laisse une trace: qui, quoi, quand, d'où.

Un geste noté par Django (`LogEntry`) écrit sa trace au même instant et dans la même transaction: l'un ne reste pas sans
l'autre. Toute autre demande d'écrire, refusée ou sans effet, et tout fichier emporté en laissent une avant que la
réponse ne parte. Si une trace ne s'écrit pas, la réponse est une panne (500), jamais un silence.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.admin import site
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry, LogEntryManager
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Model
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.urls import reverse

from organisations.horloge import maintenant
from organisations.models import Trace
from organisations.requete import identifiee, requete_courante, reseau

FAIT, REFUS, CONFLIT, PANNE = 200, 400, 409, 500
LECTURES = ("GET", "HEAD", "OPTIONS")
PAGES = ("text/html", "application/json", "text/javascript")
NOTES = {ADDITION: "Ajout.", CHANGE: "Changement.", DELETION: "Suppression."}
MOTS = {
    "add": "ajouter",
    "change": "changer",
    "changelist": "liste",
    "delete": "supprimer",
    "history": "histoire",
    "logout": "quitter",
    "password_change": "changer de mot de passe",
}
LONGUEUR = 250


@dataclass
class Demande:
    """Ce qu'une personne demande à l'administration, le temps que la réponse se fasse."""

    par: int
    page: str
    reseau: str
    numero: str
    ecrites: list[int] = field(default_factory=list)
    statut: int = FAIT  # ce que devient un flux dont l'en-tête est déjà parti

    @contextmanager
    def en_cours(self) -> Iterator[None]:
        """Ce qui se note pendant ce temps l'est à cette demande."""
        jeton = _EN_COURS.set(self)
        try:
            with identifiee(self.numero):
                yield
        finally:
            _EN_COURS.reset(jeton)

    def noter(self, lignes: Iterable[LogEntry]) -> None:
        """Une trace pour chacun de ces gestes faits."""
        self._ecrire((_objet(ligne), ligne.get_change_message() or NOTES[ligne.action_flag], FAIT) for ligne in lignes)

    def clore(self, objet: str, geste: str, statut: int) -> None:
        """Une trace de la demande elle-même, si elle est refusée ou si aucun geste n'en est resté."""
        if statut >= REFUS or not self._est_tracee():
            self._ecrire([(objet, geste, statut)])

    def _est_tracee(self) -> bool:
        """Une trace d'un geste défait depuis n'y est plus."""
        return bool(self.ecrites) and Trace.objects.filter(pk__in=self.ecrites, requete=self.numero).exists()

    def _ecrire(self, gestes: Iterable[tuple[str, str, int]]) -> None:
        commun: dict[str, Any] = {
            "par_id": self.par,
            "le": maintenant(),
            "adresse": self.reseau,
            "requete": self.numero,
            "page": self.page[:LONGUEUR],
        }
        traces = [Trace(**commun, objet=o[:LONGUEUR], geste=geste, statut=statut) for o, geste, statut in gestes]
        self.ecrites += [trace.pk for trace in Trace.objects.bulk_create(traces)]


_EN_COURS: ContextVar[Demande | None] = ContextVar("demande", default=None)


def statuer(statut: int) -> None:
    """La demande en cours finit ainsi, quoi que dise l'en-tête déjà parti de sa réponse."""
    if demande := _EN_COURS.get():
        demande.statut = statut


class Traces:
    """Suit chaque demande faite à l'administration par une personne connue."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponseBase:
        if not requete.path.startswith(reverse("admin:index")) or not requete.user.is_authenticated:
            return self.suite(requete)
        demande = Demande(requete.user.pk, requete.path, _reseau_de(requete), requete_courante())
        with demande.en_cours():
            reponse = self.suite(requete)
        return _tracer(demande, requete, reponse)


class Flux:
    """Une réponse qui s'écrit pendant qu'elle part: ce qu'elle fait est suivi, et noté au plus tard à sa fin."""

    def __init__(self, contenu: Iterable[bytes], demande: Demande, clore: Callable[[int], None]) -> None:
        self.contenu, self.demande, self.clore = iter(contenu), demande, clore
        self.clos = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            with self.demande.en_cours():
                return next(self.contenu)
        except Exception as fin:
            if not isinstance(fin, StopIteration):
                self.demande.statut = PANNE
            self.close()
            raise

    def close(self) -> None:
        """La fin, ou le départ de la personne qui lisait."""
        if not self.clos:
            self.clos = True
            self.clore(self.demande.statut)


def _tracer(demande: Demande, requete: HttpRequest, reponse: HttpResponseBase) -> HttpResponseBase:
    fichier = _est_un_fichier(reponse)
    if requete.method in LECTURES and not fichier:
        return reponse
    objet, mots = _en_mots(requete)
    if isinstance(reponse, StreamingHttpResponse) and not fichier:

        def clore(statut: int) -> None:
            demande.clore(objet, f"Demande : {mots}", statut)

        reponse.streaming_content = Flux(reponse.streaming_content, demande, clore)  # type: ignore[arg-type]
    else:
        demande.clore(objet, f"{'Fichier' if fichier else 'Demande'} : {mots}", reponse.status_code)
    return reponse


def _reseau_de(requete: HttpRequest) -> str:
    """D'où vient la demande, derrière les mandataires déclarés; vide si son adresse ne se lit pas."""
    try:
        return reseau(get_adapter().get_client_ip(requete))
    except (ImproperlyConfigured, PermissionDenied):
        return ""


def _est_un_fichier(reponse: HttpResponseBase) -> bool:
    """Ce qui s'emporte: ni une page, ni ce qu'une page demande pour elle-même."""
    forme = reponse.headers.get("Content-Type", "text/html").partition(";")[0]
    return "Content-Disposition" in reponse.headers or (reponse.status_code == FAIT and forme not in PAGES)


def _en_mots(requete: HttpRequest) -> tuple[str, str]:
    """L'objet et le geste demandés, tels que l'adresse les dit: aucun champ du formulaire n'est lu."""
    trouvee = requete.resolver_match
    nom = (trouvee and trouvee.url_name) or ""
    if trouvee is None or not nom:
        return "", "adresse inconnue"
    for modele in site._registry:
        if nom.startswith(debut := f"{modele._meta.app_label}_{modele._meta.model_name}_"):
            cle = trouvee.kwargs.get("object_id", "")
            return f"{modele._meta.verbose_name} {cle}".strip(), _mots(nom.removeprefix(debut))
    return "", _mots(nom)


def _mots(nom: str) -> str:
    return MOTS.get(nom, nom.replace("_", " "))


def _objet(ligne: LogEntry) -> str:
    """« invitation : eve@exemple.test »."""
    modele: type[Model] | None = None
    if ligne.content_type_id:
        modele = ContentType.objects.get_for_id(ligne.content_type_id).model_class()
    return f"{modele._meta.verbose_name} : {ligne.object_repr}" if modele else ligne.object_repr


@receiver(post_save, sender=LogEntry)
def _a_la_note(instance: LogEntry, created: bool, **_: Any) -> None:
    """Un geste vient d'être noté."""
    if created and (demande := _EN_COURS.get()):
        demande.noter([instance])


def _noter_un_lot(self: LogEntryManager, lignes: Iterable[LogEntry], *args: Any, **options: Any) -> list[LogEntry]:
    """Django note plusieurs objets d'un coup par `bulk_create`, qui n'émet aucun signal: la trace suit quand même."""
    notees = super(LogEntryManager, self).bulk_create(lignes, *args, **options)
    if demande := _EN_COURS.get():
        demande.noter(notees)
    return notees


setattr(LogEntryManager, "bulk_create", _noter_un_lot)  # noqa: B010
