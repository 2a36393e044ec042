"""Les personnages de l'exemple: quatre comptes de démonstration, des signataires qui ne peuvent pas entrer."""

from dataclasses import dataclass, field

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from barometre.exemple.scenario import instant
from organisations.models import Habilitation, Organisation, Role, Utilisateur

MOT_DE_PASSE = "barometre-demo-2023"
DECLARANTE, RELECTRICE, EDITRICE = "declarante@ramq.example", "relectrice@cqen.example", "editrice@cqen.example"
PILOTE = "pilote@cqen.example"
COMPTES = (
    (DECLARANTE, "déclare et transmet"),
    (RELECTRICE, "relit au CQEN"),
    (EDITRICE, "publie au CQEN"),
    (PILOTE, "tient le catalogue au CQEN"),
)
DECLARE_POUR = ("RAMQ", "INESSS")
APPLICATIONS = ("barometre", "indicateurs", "organisations")
GROUPES = {
    "Relecture": (
        "relire_soumission",
        "relire_plantransformation",
        "relire_ficheexpertise",
        "habiliter",
        "add_prolongation",
        "accompagner",
        "rappeler",
    ),
    "Publication": ("publier_edition", "add_parution"),
    "Catalogue": (
        *(
            f"{geste}_{modele}"
            for geste in ("add", "change")
            for modele in ("strategie", "organisation", "indicateur", "definition", "cible", "trimestre")
        ),
        *("add_attribution", "change_attribution", "delete_attribution"),
        *("add_formulederenvoi", "change_formulederenvoi", "delete_formulederenvoi"),
        *("add_utilisateur", "change_utilisateur", "exporter_trace"),
    ),
}


@dataclass
class Comptes:
    """Qui fait quoi dans l'exemple."""

    declarante: Utilisateur
    relectrice: Utilisateur
    editrice: Utilisateur
    reprise_declare: Utilisateur
    reprise_valide: Utilisateur
    transmet: dict[str, Utilisateur] = field(default_factory=dict)  # par sigle


def creer_les_comptes() -> Comptes:
    """Les quatre comptes de démonstration et les deux comptes techniques de la reprise."""
    creer = Utilisateur.objects.create_user
    relectrice = creer(RELECTRICE, MOT_DE_PASSE, nom="Relectrice de démonstration", is_staff=True)
    relectrice.groups.add(_groupe("Relecture"))
    editrice = creer(EDITRICE, MOT_DE_PASSE, nom="Éditrice de démonstration", is_staff=True)
    editrice.groups.add(_groupe("Publication"))
    pilote = creer(PILOTE, MOT_DE_PASSE, nom="Pilote de démonstration", is_staff=True)
    pilote.groups.add(_groupe("Catalogue"))
    return Comptes(
        declarante=creer(DECLARANTE, MOT_DE_PASSE, nom="Déclarante de démonstration"),
        relectrice=relectrice,
        editrice=editrice,
        reprise_declare=Utilisateur.objects.technique("reprise-declaration"),
        reprise_valide=Utilisateur.objects.technique("reprise-validation"),
    )


def habiliter(comptes: Comptes, organisations: dict[str, Organisation]) -> None:
    """Une personne transmet pour chaque organisation; une autre rédige, et une habilitation est révoquée."""
    for sigle, organisation in organisations.items():
        personne = comptes.declarante if sigle in DECLARE_POUR else _personne("transmission", sigle)
        comptes.transmet[sigle] = personne
        _accorder(comptes, personne, organisation, Role.TRANSMISSION)
    _accorder(comptes, _personne("redaction", "RAMQ"), organisations["RAMQ"], Role.REDACTION)
    partie = _accorder(comptes, _personne("ancienne", "SAAQ"), organisations["SAAQ"], Role.TRANSMISSION)
    partie.revoquer(par=comptes.relectrice, le=instant("2022-09-06"))


def _personne(role: str, sigle: str) -> Utilisateur:
    """Une personne fictive; sans mot de passe, elle ne peut pas entrer."""
    return Utilisateur.objects.create_user(f"{role}@{sigle.lower()}.example", nom=f"{role.capitalize()}, {sigle}")


def _accorder(comptes: Comptes, personne: Utilisateur, organisation: Organisation, role: str) -> Habilitation:
    return Habilitation.objects.create(
        personne=personne,
        organisation=organisation,
        role=role,
        accordee_par=comptes.relectrice,
        accordee_le=instant("2021-11-29"),
    )


def _groupe(nom: str) -> Group:
    """Le groupe, ses permissions propres et le droit de tout voir du domaine."""
    groupe, _ = Group.objects.get_or_create(name=nom)
    groupe.permissions.add(
        *Permission.objects.filter(
            Q(codename__in=GROUPES[nom]) | Q(codename__startswith="view_"), content_type__app_label__in=APPLICATIONS
        )
    )
    return groupe
