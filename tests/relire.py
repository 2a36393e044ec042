"""De quoi relire comme une personne du CQEN: la file, la page d'un dossier, les deux gestes."""

from django.contrib.admin.models import LogEntry
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from indicateurs.models import EvenementFiche, EvenementSoumission, FicheExpertise, Indicateur, Soumission, Valeur
from organisations.models import Dossier, EvenementPlan, Initiative, PlanTransformation
from tests import fabrique as f
from tests.dossiers import transmettre, un_plan
from tests.indicateurs.espace import Page

LE = f.instant("2023-05-01")
JOUR = f.instant("2023-05-04")
TABLES = (
    *(Soumission, Valeur, EvenementSoumission, PlanTransformation, Initiative, EvenementPlan),
    *(FicheExpertise, EvenementFiche, LogEntry),
)


def une_soumission() -> Soumission:
    """Un brouillon complet, que rien ne signale."""
    papier = Indicateur.objects.first() or f.indicateur("papier")
    ancienne = f.organisation()
    f.validee(ancienne, f.trimestre("2022-T4"), {papier: (5, 10)})
    return f.brouillon(ancienne, f.trimestre(), {papier: (6, 10)}, LE)


def une_fiche() -> FicheExpertise:
    """Une fiche complète, non transmise."""
    organisation = f.organisation()
    return FicheExpertise.objects.create(
        organisation=organisation,
        indicateur=Indicateur.objects.first() or f.indicateur("papier"),
        reference=f"fiche-{next(f.NUMEROS)}",
        titre="Un guichet",
        realisation="Fait.",
        resultat="Obtenu.",
        contact="a@exemple.test",
        cree_le=LE,
        cree_par=f.declarant(organisation),
    )


GENRES = {"soumission": une_soumission, "plan": un_plan, "fiche": une_fiche}


def a_relire(genre: str) -> Dossier:
    """Un dossier de ce genre, transmis."""
    return transmettre(GENRES[genre]())


def adresse(modele: type[Dossier] | Dossier, nom: str, *cle: object, filtres: str = "") -> str:
    """Une adresse de la relecture de ce genre de dossier."""
    suite = f"?{urlencode({'_changelist_filters': filtres})}" if filtres else ""
    return reverse(f"admin:{modele._meta.app_label}_{modele._meta.model_name}_{nom}", args=cle) + suite


def liste(navigateur: Client, modele: type[Dossier] = Soumission, **filtres: object) -> list:
    """Les dossiers que la liste montre, dans l'ordre."""
    reponse = navigateur.get(adresse(modele, "changelist"), filtres)
    return list(reponse.context["cl"].result_list)


def ouvrir(navigateur: Client, dossier: Dossier, filtres: str = "") -> Page:
    """La page d'un dossier."""
    return Page(navigateur.get(adresse(dossier, "change", dossier.pk, filtres=filtres)))


def geste(navigateur: Client, dossier: Dossier, nom: str, page: Page | None = None, **envoi: object) -> HttpResponse:
    """`valider` ou `renvoyer`, tel que la page l'enverrait: la page donnée, ou celle d'aujourd'hui."""
    ici = adresse(dossier, nom, dossier.pk)
    champs = (page or ouvrir(navigateur, dossier)).formulaires[ici]
    champs.pop("formules", None)  # des cases, que rien ne coche d'avance
    return navigateur.post(ici, champs | envoi)


def dits(reponse: HttpResponse, navigateur: Client) -> str:
    """Ce que la page suivante dit, et la page elle-même."""
    assert reponse.status_code == 303
    return Page(navigateur.get(reponse.headers["Location"])).texte


def etat() -> dict:
    """Tout ce que relire peut changer, et les courriels: pour prouver que rien n'a changé."""
    return f.photo(*TABLES) | {"courriels": len(mail.outbox)}


def journal(dossier: Dossier) -> list[str]:
    """Les statuts par où le dossier est passé."""
    return [vers for _, vers, *_ in f.journal(dossier)]
