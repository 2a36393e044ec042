"""Un monde où chacun a son rôle, et chaque adresse du site, remplie d'un objet à soi, d'autrui ou qui n'existe pas."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from http.cookies import SimpleCookie
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from allauth.account.utils import user_pk_to_url_str
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from organisations.equipe.jeton import jeton_de
from organisations.horloge import maintenant
from organisations.models import ContenuDInitiative, ContenuDuPlan, Invitation, Organisation, Role, Utilisateur
from tests import collaboration, mondes
from tests import fabrique as f
from tests.barometre.public import PARAMETRES, accepter, fiche
from tests.organisations.connexions import MOT_DE_PASSE, cle_d_acces, code, entrer, equiper
from tests.test_architecture import adresses

ROLES = ("anonyme", "redige", "transmet", "autre", "revoque", "desactive")
ROLES += ("sans_facteur", "relecteur", "publieur", "superutilisateur")
DE_L_EQUIPE = ROLES[6:]
METHODES = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
COLONNES = ("dehors", "redige", "transmet", "etranger", *DE_L_EQUIPE)
PROPRE = {"mien": "ramq", "d_autrui": "saaq"}
PARAMETRE = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^)]*\))*\)|<(?:\w+:)?(\w+)>")


class Monde(NamedTuple):
    """Qui peut entrer, sous quels témoins; ce que valent les paramètres des adresses; où sont les fichiers."""

    clients: dict[str, Client]
    temoins: dict[str, SimpleCookie]
    parametres: dict[str, dict[str, Any]]
    media: Path

    def demander(self, role: str, methode: str, adresse: str, *args: Any, **options: Any) -> HttpResponse:
        """Une demande d'une personne, sous les témoins qu'elle avait en entrant."""
        client = self.clients[role]
        client.cookies = copie(self.temoins[role])
        reponse = getattr(client, methode.lower())(adresse, *args, **options)
        if reponse.streaming:
            b"".join(reponse.streaming_content)  # un fichier se ferme quand il est lu
        return reponse


def copie(temoins: SimpleCookie) -> SimpleCookie:
    """Les mêmes témoins, qu'une réponse peut changer."""
    return SimpleCookie({nom: temoin.value for nom, temoin in temoins.items()})


@contextmanager
def monde(django_db_blocker, tmp_path_factory) -> Iterator[Monde]:
    """Deux organisations, dont l'une a son plan accepté; une personne par rôle; une édition publiée."""
    with mondes.monde_partage(django_db_blocker, tmp_path_factory):
        personnes = batir()
        clients = {role: Client(REMOTE_ADDR=f"10.0.0.{rang}") for rang, role in enumerate(ROLES)}
        for role, personne in personnes.items():
            entrer(clients[role], personne.email)
            if role in DE_L_EQUIPE and role != "sans_facteur":
                clients[role].post("/compte/deuxieme-facteur/code/", {"code": code()})
            clients[role].post("/compte/reauthentification/", {"password": MOT_DE_PASSE})
        personnes["desactive"].is_active = False
        personnes["desactive"].save(update_fields=["is_active"])
        temoins = {role: client.cookies for role, client in clients.items()}
        yield Monde(clients, temoins, parametres(personnes), Path(settings.MEDIA_ROOT))


def batir() -> dict[str, Utilisateur]:
    """Écrit le monde; rend la personne de chaque rôle."""
    ramq, saaq = (f.ministere(sigle) for sigle in ("RAMQ", "SAAQ"))  # chacune a son portefeuille
    papier, (t1, t2) = f.indicateur("papier"), (f.trimestre(c) for c in ("2023-T1", "2023-T2"))
    validees = [f.validee(o, t1, {papier: (6, 10)}) for o in (ramq, saaq)]
    f.corrigee(validees[1], {papier: (7, 10)}, f.instant("2023-05-01"))
    f.edition(t1).designer()
    strategie = f.plan(ramq).strategie
    f.plan(saaq, strategie)
    for organisation in (ramq, saaq):
        f.brouillon(organisation, t2, {papier: (7, 10)})
        joindre_un_document(organisation)
        collaboration.partager(organisation, papier)
    for dossier in (saaq.plans.get(), fiche(saaq, papier, "publique")):
        accepter(dossier, f.relecteur(), "2023-05-03")
    personnes = {
        "redige": f.declarant(ramq, Role.REDACTION),
        "transmet": f.declarant(ramq),
        "autre": f.declarant(saaq),
        "revoque": f.declarant(ramq),
        "desactive": f.declarant(ramq),
        "sans_facteur": f.relecteur(),
        "relecteur": f.relecteur(),
        "publieur": f.publieur(),
        "superutilisateur": f.personne(is_staff=True, is_superuser=True),
    }
    personnes["revoque"].habilitations.get().revoquer(par=personnes["transmet"], le=f.instant("2023-06-01"))
    for role in DE_L_EQUIPE[1:]:
        equiper(personnes[role])
    for organisation, role in ((ramq, "transmet"), (saaq, "autre")):
        f.declarant(organisation)  # une personne de plus, que l'on puisse révoquer
        Invitation.objects.inviter(
            f"invitee@{organisation.slug}.test",
            organisation=organisation,
            role=Role.REDACTION,
            par=personnes[role],
            le=maintenant(),
        )
    Group.objects.create(name="Relecture")
    f.trace(personnes["relecteur"])
    return personnes


def joindre_un_document(organisation: Organisation) -> None:
    """Un document au plan de l'organisation."""
    plan = organisation.plans.get()
    initiatives = [ContenuDInitiative.de(initiative) for initiative in plan.initiatives.all()]
    contenu = ContenuDuPlan(plan.debut, plan.fin, plan.resume, initiatives)
    document = ContentFile(b"%PDF-1.7 Le plan.", "plan.pdf")
    plan.rediger(contenu, par=plan.cree_par, le=plan.cree_le, document=document)


def parametres(personnes: Mapping[str, Utilisateur]) -> dict[str, dict[str, Any]]:
    """Par objet, ce que vaut chaque paramètre d'adresse: `adresse.parametre`, à défaut `parametre`.

    `croise`: mon organisation et la clé d'un objet d'autrui; `neant`: mon organisation et une clé qui n'existe pas.
    """
    inconnus = {"cle": 999_999, "pk": 999_999, "version": 99, "object_id": 999_999, "content_type_id": 999_999}
    inconnus |= {"code": "2050-T1", "edition": "2050-T1", "jeton": "invente", "uidb36": "zz", "key": "invente"}
    inconnus |= {"reference": "inconnue", "nom": "secret.csv", "app_label": "auth", "url": "inconnue/"}
    objets = {nom: des_objets(slug, personnes) for nom, slug in PROPRE.items()}
    return objets | {
        "absent": inconnus | {"slug": "absente"},
        "croise": objets["d_autrui"] | {"slug": "ramq", "version": 2},
        "neant": inconnus | {"slug": "ramq"},
    }


def des_objets(slug: str, personnes: Mapping[str, Utilisateur]) -> dict[str, Any]:
    """Ce que valent les paramètres pour cette organisation."""
    organisation = Organisation.objects.get(slug=slug)
    oubli = Utilisateur.objects.get(pk=personnes["revoque"].pk)  # son jeton suit sa dernière entrée
    tenue = organisation.habilitations.actives().order_by("pk").last()
    invitation = organisation.invitations.get()
    cle = cle_d_acces(personnes["transmet" if slug == "ramq" else "autre"])
    en_brouillon = dict.fromkeys((f"{n}.code" for n in ("saisie", "tableur", "classeur", "prolongation")), "2023-T2")
    return en_brouillon | {
        **PARAMETRES,
        **collaboration.parametres(organisation),
        "slug": slug,
        "code": "2023-T1",
        "indicateur.code": "papier",
        "version": 1,
        "invitation_retirer.cle": invitation.pk,
        "cle": tenue.pk,
        "jeton": jeton_de(invitation),
        "pk": cle.pk,
        "uidb36": user_pk_to_url_str(oubli),
        "key": default_token_generator.make_token(oubli),
        "app_label": "auth",
        "content_type_id": 1,
        "url": "auth/group",
    }


class Adresse(NamedTuple):
    """Une adresse du site, par son nom; celles de l'administration en ont un qui commence par `admin:`."""

    nom: str
    motif: str
    publique: bool

    @property
    def noms(self) -> list[str]:
        """Ses paramètres."""
        return [a or b for a, b in PARAMETRE.findall(self.motif)]

    @property
    def objets(self) -> list[str]:
        """Les objets à y essayer."""
        if not self.noms:
            return [""]
        if self.noms[0] == "slug" and self.motif.startswith("espace/"):
            suite = ["croise", "neant"] if {"cle", "version", "reference"} & set(self.noms) else ["neant"]
            return ["mien", "d_autrui", "absent", *(suite if self.noms[1:] else [])]
        return ["mien", "absent"] if self.nom != "mfa_remove_webauthn" else ["mien", "d_autrui", "absent"]

    def vers(self, objet: str, monde: Monde) -> str:
        """L'adresse de cet objet."""
        valeurs = monde.parametres[objet or "mien"]

        def valeur(trouve: re.Match) -> str:
            nom = trouve[1] or trouve[2]
            if nom == "object_id" and objet == "mien":
                return str(premier(self.motif))
            propre = self.nom.removeprefix("edition:")  # une page d'une ancienne édition a les mêmes paramètres
            return str(valeurs.get(f"{propre}.{nom}", valeurs.get(nom)))

        return "/" + re.sub(r"[\^$]", "", PARAMETRE.sub(valeur, self.motif))


def premier(motif: str) -> Any:
    """La clé d'un objet que cette adresse de l'administration peut montrer."""
    _, application, modele = motif.split("/")[:3]
    if application == "r":
        return 1
    return apps.get_model(application, modele)._default_manager.order_by("pk").values_list("pk", flat=True).first()


def toutes_les_adresses() -> dict[str, Adresse]:
    """Les adresses du site, par nom."""
    toutes = {}
    for nom, motif, vue in adresses():
        complet = f"admin:{nom or motif.removeprefix('admin/')}" if motif.startswith("admin/") else nom
        toutes[complet] = Adresse(complet, motif, not getattr(vue, "login_required", True))
    return toutes


def resultat(reponse: HttpResponse) -> str:
    """Le statut; pour une redirection, le nom de l'adresse où elle mène."""
    if reponse.status_code not in (301, 302, 303):
        return str(reponse.status_code)
    try:
        return resolve(reponse.headers["Location"].partition("?")[0]).view_name
    except Resolver404:
        return reponse.headers["Location"]


class Ligne(NamedTuple):
    """Une ligne de la table: ce qu'obtient chacun à cette adresse, pour cet objet et ces méthodes."""

    adresse: str
    objet: str
    methodes: tuple[str, ...]
    attendus: dict[str, str]

    def vaut(self, adresse: str, objet: str, methode: str) -> bool:
        """Parle-t-elle de cette demande? `-` vaut pour les objets qui existent, `neant` aussi pour la clé d'autrui."""
        objets = {"-": ("", "mien", "d_autrui"), "*": ("", "mien", "absent"), "neant": ("neant", "croise")}
        connue = fnmatchcase(adresse, self.adresse) and objet in objets.get(self.objet, (self.objet,))
        return connue and methode in self.methodes


def table() -> list[Ligne]:
    """La table attendue, `autorisations.txt`; la première ligne qui vaut l'emporte."""
    ecrites = (texte.split() for texte in Path(__file__).with_suffix(".txt").read_text().splitlines())
    lignes = []
    for adresse, objet, methodes, *cases in (mots for mots in ecrites if mots and mots[0] != "#"):
        attendus = dict(zip_longest(COLONNES, cases, fillvalue=cases[-1]))
        toutes = METHODES if methodes == "*" else tuple(methodes.replace("GET", "GET,HEAD").split(","))
        lignes.append(Ligne(adresse, objet, toutes, attendus))
    return lignes


def attendu(lignes: list[Ligne], adresse: Adresse, objet: str, methode: str, role: str) -> str:
    """Ce que la table dit d'une demande, ou ce que dit la règle là où elle se tait."""
    for ligne in lignes:
        if ligne.vaut(adresse.nom, objet, methode):
            return ligne.attendus[colonne(role, objet)]
    if colonne(role, objet) == "dehors" and not adresse.publique:
        return "account_login"
    servie = any(ligne.vaut(adresse.nom, "mien", methode) for ligne in lignes)
    return "404" if servie else "405"


def colonne(role: str, objet: str) -> str:
    """La colonne d'une personne devant un objet: celle de l'autre organisation est chez elle devant les siens."""
    if role in ("anonyme", "desactive"):
        return "dehors"
    if role in ("redige", "transmet", "autre"):
        chez_elle = objet == "" or (objet == "d_autrui") == (role == "autre")
        return "etranger" if not chez_elle else "redige" if role == "redige" else "transmet"
    return "etranger" if role == "revoque" else role
