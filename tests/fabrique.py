"""Des objets pour les tests, faits par les verbes: aucun test ne peut bâtir une ligne impossible."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from typing import Any

from django.contrib.auth.models import Permission
from django.db import connection, models, transaction

from barometre import depot
from barometre.declencheurs import DECLENCHEURS as DU_BAROMETRE
from barometre.models import Edition
from barometre.verification import verifier_toutes
from indicateurs.declencheurs import DECLENCHEURS as DES_INDICATEURS
from indicateurs.models import Cible, Definition, Indicateur, Saisie, Soumission, Trimestre
from organisations.declencheurs import DECLENCHEURS as DES_ORGANISATIONS
from organisations.declencheurs import lever
from organisations.models import (
    Dossier,
    Habilitation,
    Initiative,
    Organisation,
    PlanTransformation,
    Role,
    Strategie,
    Trace,
    Utilisateur,
)

NUMEROS = count(1)
DEBUT = datetime.date(2019, 1, 1)
FIN = datetime.date(2023, 12, 31)
HORS_CALENDRIER = "Un essai ne s'annonce pas."
TOUS_LES_DECLENCHEURS = [*DU_BAROMETRE, *DES_INDICATEURS, *DES_ORGANISATIONS]


def instant(jour: str, heure: int = 12) -> datetime.datetime:
    """Une heure UTC d'un jour AAAA-MM-JJ."""
    return datetime.datetime.fromisoformat(f"{jour}T{heure:02}:00:00+00:00")


def apres(trimestre: Trimestre, jours: int = 10) -> datetime.datetime:
    """Quelques jours après la fin d'un trimestre."""
    return instant((trimestre.fin + datetime.timedelta(days=jours)).isoformat())


def organisation(sigle: str = "", **champs) -> Organisation:
    """Une organisation assujettie depuis 2019."""
    sigle = sigle or f"ORG{next(NUMEROS)}"
    return Organisation.objects.create(**{"sigle": sigle, "nom": f"Organisme {sigle}", "assujettie_du": DEBUT} | champs)


def ministere(sigle: str = "", **champs) -> Organisation:
    """Une tête de portefeuille."""
    return organisation(sigle, categorie="MINISTERE", **champs)


def indicateur(code: str = "", du: datetime.date = DEBUT, **champs) -> Indicateur:
    """Un indicateur défini depuis 2019."""
    code = code or f"indicateur-{next(NUMEROS)}"
    nouveau = Indicateur.objects.create(**{"code": code, "intitule": f"Intitulé de {code}"} | champs)
    Definition.objects.create(indicateur=nouveau, applicable_du=du, texte="Ce qui est compté.")
    return nouveau


def trimestre(code: str = "2023-T1") -> Trimestre:
    """Le trimestre de ce code, créé au besoin."""
    existant = Trimestre.objects.filter(code=code).first()
    if existant is None:
        existant = Trimestre.objects.du_code(code)
        existant.save()
    return existant


def cible(sur: Indicateur, code: str, pourcentage: str, organisation: Organisation | None = None) -> Cible:
    """Un point daté du chemin d'un indicateur."""
    return Cible.objects.create(
        indicateur=sur, trimestre=trimestre(code), pourcentage=Decimal(pourcentage), organisation=organisation
    )


def personne(*permissions: str, **champs) -> Utilisateur:
    """Une personne avec ces permissions (`app.code`)."""
    adresse = f"personne{next(NUMEROS)}@exemple.test"
    nouvelle = Utilisateur.objects.create_user(adresse, "mot-de-passe-tres-long", **champs)
    nouvelle.user_permissions.add(*map(permission, permissions))
    return nouvelle


def permission(nom: str) -> Permission:
    """La permission `app.code`."""
    application, code = nom.split(".")
    return Permission.objects.get(content_type__app_label=application, codename=code)


def declarant(pour: Organisation, role: str = Role.TRANSMISSION) -> Utilisateur:
    """Une personne habilitée pour cette organisation."""
    nouvelle = personne()
    Habilitation.objects.create(
        personne=nouvelle, organisation=pour, role=role, accordee_par=nouvelle, accordee_le=instant("2019-01-01")
    )
    return nouvelle


def relecteur() -> Utilisateur:
    """Une personne du CQEN qui relit."""
    siennes = [f"indicateurs.{code}" for code in ("relire_soumission", "relire_ficheexpertise", "accompagner")]
    return personne(*siennes, "organisations.relire_plantransformation", is_staff=True)


def publieur() -> Utilisateur:
    """Une personne du CQEN qui publie."""
    return personne("barometre.publier_edition", is_staff=True)


def trace(par: Utilisateur, **champs) -> Trace:
    """Un geste de l'équipe, le 1er juin 2023."""
    faits = {"le": instant("2023-06-01"), "page": "/admin/", "geste": "Valide", "statut": 302, "requete": "a" * 32}
    return Trace.objects.create(par=par, **faits | {"adresse": "192.0.2.0/24"} | champs)


def brouillon(
    pour: Organisation,
    quand: Trimestre,
    reponses: Mapping[Indicateur, Saisie | tuple[int, int]],
    le: datetime.datetime | None = None,
) -> Soumission:
    """Une première version, saisie et non transmise."""
    le = le or apres(quand)
    soumission = Soumission.objects.create(organisation=pour, trimestre=quand, cree_le=le, cree_par=declarant(pour))
    saisies = {i: Saisie(*reponse) for i, reponse in reponses.items()}
    soumission.saisir(saisies, par=soumission.cree_par, le=le)
    return soumission


def plan(pour: Organisation, sur: Strategie | None = None, le: datetime.datetime | None = None) -> PlanTransformation:
    """Une première version de plan, complète et non transmise."""
    sur = sur or Strategie.objects.create(code=f"strategie-{next(NUMEROS)}", titre="Stratégie", debut=DEBUT, fin=FIN)
    nouveau = PlanTransformation.objects.create(
        organisation=pour,
        strategie=sur,
        debut=DEBUT,
        fin=FIN,
        resume="Ce qui est promis.",
        cree_le=le or instant("2019-06-01"),
        cree_par=declarant(pour),
    )
    Initiative.objects.create(plan=nouveau, rang=1, titre="Des formulaires en ligne", debut=DEBUT, fin=FIN)
    return nouveau


def justifier(soumission: Soumission) -> None:
    """Une justification pour chaque réponse qui étonne."""
    saisies = {v.indicateur: v.saisie for v in soumission.valeurs.select_related("indicateur")}
    etonnantes = {i: saisies[i]._replace(justification="Vérifié.") for i in soumission.etonnements(saisies)}
    soumission.saisir(etonnantes, par=soumission.cree_par, le=soumission.cree_le)


def transmise(pour, quand, reponses, le: datetime.datetime | None = None) -> Soumission:
    """Une soumission à relire."""
    soumission = brouillon(pour, quand, reponses, le)
    justifier(soumission)
    soumission.soumettre(par=soumission.cree_par, le=soumission.cree_le)
    return soumission


def validee(pour, quand, reponses, le: datetime.datetime | None = None) -> Soumission:
    """Une soumission acceptée."""
    soumission = transmise(pour, quand, reponses, le)
    soumission.valider(par=relecteur(), le=soumission.cree_le)
    return soumission


def corrigee(avant: Soumission, reponses, le: datetime.datetime, motif: str = "Erreur de calcul") -> Soumission:
    """La version suivante d'une soumission acceptée, acceptée à son tour."""
    auteur = declarant(avant.organisation)
    nouvelle = avant.corriger(par=auteur, le=le, motif=motif)
    nouvelle.saisir({i: Saisie(*reponse) for i, reponse in reponses.items()}, par=auteur, le=le)
    justifier(nouvelle)
    nouvelle.soumettre(par=auteur, le=le)
    nouvelle.valider(par=relecteur(), le=le)
    return nouvelle


def edition(quand: Trimestre, le: datetime.datetime | None = None, **champs) -> Edition:
    """L'édition publiée d'un trimestre, un jour que personne n'avait annoncé."""
    faits = {"trimestre": quand, "le": le or apres(quand, 60), "hors_calendrier": HORS_CALENDRIER}
    return Edition.publier(par=publieur(), **faits | champs)


def reprendre(
    reponses: Mapping[tuple[Organisation, Trimestre], Mapping[Indicateur, Saisie | tuple[int, int]]],
    le: datetime.datetime,
    motif: str = "Nouvelle livraison",
):
    """Reprend des réponses par ensembles; rend le bilan."""
    comptes = Utilisateur.objects
    return Soumission.objects.reprendre(
        {
            (o.pk, t.pk): {i.pk: Saisie(*r) for i, r in par_indicateur.items()}
            for (o, t), par_indicateur in reponses.items()
        },
        declarant=comptes.technique("reprise-declarant"),
        validateur=comptes.technique("reprise-validateur"),
        le=le,
        motif=motif,
    )


@contextmanager
def tout_attendu() -> Iterator[None]:
    """Le temps d'une reprise, tout est attendu partout: le périmètre se resserre ensuite, comme il arrive en vrai."""
    champs = {
        Organisation: ("assujettie_du", "assujettie_au"),
        Definition: ("applicable_du",),
        Indicateur: ("retire_le",),
    }
    avant = {modele: list(modele._default_manager.values("pk", *noms)) for modele, noms in champs.items()}
    Organisation.objects.update(assujettie_du=DEBUT, assujettie_au=None)
    Definition.objects.update(applicable_du=DEBUT)
    Indicateur.objects.update(retire_le=None)
    yield
    for modele, lignes in avant.items():
        for ligne in lignes:
            modele._default_manager.filter(pk=ligne.pop("pk")).update(**ligne)


def photo(*modeles: type[models.Model]) -> dict[str, list[dict[str, Any]]]:
    """Toutes les lignes de ces modèles, pour prouver que rien n'a changé."""
    return {modele.__name__: list(modele._default_manager.order_by("pk").values()) for modele in modeles}


def journal(dossier: Dossier) -> list[tuple]:
    """Les passages d'un dossier d'un statut à l'autre: de, vers, par, le, motif."""
    passages = dossier.journal.filter(changements__isnull=True).order_by("pk")
    return list(passages.values_list("de", "vers", "par", "le", "motif"))


def rejouer(dossier: Dossier) -> dict[str, Any]:
    """Le contenu d'un dossier tel que son journal le raconte."""
    contenu: dict[str, Any] = {}
    for ligne in dossier.journal.filter(changements__isnull=False).order_by("pk"):
        for nom, changement in ligne.changements.items():
            assert contenu.get(nom) == changement["avant"]
            contenu[nom] = changement["apres"]
    return {nom: dit for nom, dit in contenu.items() if dit is not None}


def dossiers_publies() -> dict[str, bytes]:
    """Chaque fichier de chaque édition, par chemin."""
    racine = depot.racine()
    return {str(chemin.relative_to(racine)): chemin.read_bytes() for chemin in racine.glob("*/*") if chemin.is_file()}


def problemes() -> dict[str, list[str]]:
    """Ce que la vérification reproche à chaque édition."""
    trouves: dict[str, list[str]] = defaultdict(list)
    for code, reproches in verifier_toutes():
        trouves[code] += reproches
    return dict(trouves)


def alterer(ordre: str, *valeurs: Any) -> None:
    """Le geste de quelqu'un qui tient la base entière: sans déclencheur ni contrainte, jusqu'à la fin du test."""
    connection.check_constraints()
    lever(connection, TOUS_LES_DECLENCHEURS)
    with connection.cursor() as curseur:
        curseur.execute(ordre, valeurs)
        assert curseur.rowcount


@contextmanager
def monde_jetable() -> Iterator[None]:
    """Un bloc dont rien ne reste dans la base: pour les données engendrées, exemple après exemple."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def sql(ordre: str, *valeurs: Any) -> int:
    """Exécute un ordre SQL brut et vérifie aussitôt toutes les contraintes; rend le nombre de lignes touchées."""
    adapter = connection.ops.adapt_datetimefield_value
    parametres = [adapter(v) if isinstance(v, datetime.datetime) else v for v in valeurs]
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(ordre, parametres)
        touchees = curseur.rowcount
        connection.check_constraints()
    return touchees


def vider(table: str) -> int:
    """L'ordre qui vide une table d'un coup: TRUNCATE, ou sur SQLite, qui ne l'a pas, un DELETE sans condition."""
    return sql(f"TRUNCATE {table} CASCADE" if connection.vendor == "postgresql" else f"DELETE FROM {table}")
