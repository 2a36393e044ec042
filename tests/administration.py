"""De quoi parcourir l'administration: ses adresses, un objet de chaque sorte, et ce qu'une personne y obtient."""

from collections.abc import Callable, Container, Mapping
from typing import Any

from django.apps import apps
from django.contrib.admin import site
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model

from barometre.models import Parution
from indicateurs.models import DemandeProlongation, LigneDeRappel, Palier, Rappel
from organisations.models import Attribution, FormuleDeRenvoi
from tests import autorisations as a
from tests import fabrique as f

TOUTES = {nom: adresse for nom, adresse in a.toutes_les_adresses().items() if nom.startswith("admin:")}
PORTE, SORTIE = "admin:login", "admin:logout"
DERRIERE = {nom: adresse for nom, adresse in TOUTES.items() if nom not in (PORTE, SORTIE)}
DE_DJANGO = ("_changelist", "_add", "_change", "_delete", "_history")


def peupler() -> None:
    """Un objet au moins de chaque sorte que l'administration montre."""
    ramq, trimestre, le = f.Organisation.objects.get(sigle="RAMQ"), f.trimestre("2023-T2"), f.instant("2023-07-10")
    accordant, rappelee = f.personne("indicateurs.add_prolongation"), f.personne()
    fin = f.instant("2023-09-15").date()
    demande = DemandeProlongation.objects.demander(
        organisation=ramq, trimestre=trimestre, echeance_souhaitee=fin, motif="Inondation", par=f.personne(), le=le
    )
    demande.accorder(par=accordant, le=le, echeance_le=fin)
    rappel = Rappel.objects.create(personne=rappelee, jour=le.date(), envoye_le=le)
    LigneDeRappel.objects.create(
        rappel=rappel,
        personne=rappelee,
        organisation=ramq,
        trimestre=trimestre,
        echeance_le=trimestre.echeance_le,
        palier=Palier.EN_RETARD,
    )
    f.cible(f.Indicateur.objects.get(code="papier"), "2023-T4", "75")
    Attribution.objects.create(portefeuille=f.ministere("MCN"), relecteur=f.relecteur())
    FormuleDeRenvoi.objects.create(texte="Vérifiez le dénominateur.")
    Parution.objects.annoncer(trimestre=trimestre, jour=fin, par=f.publieur(), le=le)


def ecarts(
    monde: a.Monde, role: str, permis: Container[str], parmi: Mapping[str, a.Adresse] = DERRIERE
) -> list[tuple[str, str, str]]:
    """Ce que ce rôle obtient d'autre que ce qui est permis, à chaque adresse, pour chaque objet."""
    obtenus = [
        (adresse.vers(objet, monde), methode, obtenir(monde, role, methode, adresse.vers(objet, monde)))
        for adresse in parmi.values()
        for objet in adresse.objets
        for methode in ("GET", "POST")
    ]
    return [obtenu for obtenu in obtenus if obtenu[-1] not in permis]


def obtenir(monde: a.Monde, role: str, methode: str, adresse: str) -> str:
    """Le statut, ou la page où mène la réponse; ce qu'elle aurait écrit se défait."""
    with transaction.atomic():
        resultat = a.resultat(monde.demander(role, methode, adresse))
        transaction.set_rollback(True)
    return resultat


def mene_ailleurs(adresse: str, _methode: str, resultat: str) -> bool:
    """Est-ce une redirection de Django qui ne montre rien?

    L'ancienne adresse d'un objet, une barre oubliée; pour l'histoire d'un objet absent, le sommaire, quel que soit le
    droit.
    """
    if adresse.endswith("/history/"):
        return resultat == "admin:index"
    return resultat.endswith("_change") or not adresse.endswith("/")


def partout(adresse: a.Adresse, monde: a.Monde) -> list[str]:
    """Cette adresse, pour chaque objet qu'elle peut montrer."""
    if adresse.noms != ["object_id"]:
        return [adresse.vers(adresse.objets[0], monde)]
    _, application, modele = adresse.motif.split("/")[:3]
    cles = apps.get_model(application, modele)._default_manager.values_list("pk", flat=True)
    return ["/" + adresse.motif.replace("<path:object_id>", str(cle)) for cle in cles]


def supprimes(monde: a.Monde, envoyer: Callable[[type[Model], Model], Any]) -> set[str]:
    """Les sortes d'objets dont un, au moins, ne survit pas à ce que `envoyer` demande."""
    perdus = set()
    for modele in site._registry:
        for objet in modele._default_manager.all():
            with transaction.atomic():
                avant = cles()
                envoyer(modele, objet)
                apres = cles()
                transaction.set_rollback(True)
            perdus |= {nom for nom in avant if avant[nom] - apres[nom]}
    return perdus


def cles() -> dict[str, set]:
    """La clé de chaque ligne de la base, séances à part."""
    tables = [modele for modele in apps.get_models() if modele is not Session]
    return {modele.__name__: set(modele._default_manager.values_list("pk", flat=True)) for modele in tables}
