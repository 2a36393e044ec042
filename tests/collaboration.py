"""De quoi taper une fiche et une demande comme un navigateur, et le petit monde des autorisations."""

from typing import Any

from django.urls import reverse

from indicateurs.models import (
    ContenuDeFiche,
    DemandeAccompagnement,
    EvenementFiche,
    FicheExpertise,
    Indicateur,
    MessageAccompagnement,
)
from organisations.horloge import maintenant
from organisations.models import Organisation
from tests import fabrique as f

TABLES = (FicheExpertise, EvenementFiche)
FIL = (DemandeAccompagnement, MessageAccompagnement)
RELATION = {"admin:indicateurs_demandeaccompagnement_relation.code": "papier"}


def fiche(organisation: Organisation, indicateur: Indicateur, par=None, **champs: str) -> FicheExpertise:
    """Une fiche complète, non transmise."""
    dit = {"titre": "Signer sans papier", "realisation": "Tout est revu.", "resultat": "Deux jours.", **champs}
    contenu = ContenuDeFiche(indicateur, **{"contact": "projet@exemple.test"} | dit)
    par = par or f.declarant(organisation)
    return FicheExpertise.objects.proposer(organisation, contenu, par=par, le=maintenant())[0]


def demande(organisation: Organisation, indicateur: Indicateur | None = None, par=None, **faits: Any):
    """Une demande et son premier message."""
    faits = {"objet": "Classer nos données", "texte": "Par où commencer?", "le": maintenant()} | faits
    par = par or f.declarant(organisation)
    return DemandeAccompagnement.objects.demander(organisation, indicateur=indicateur, par=par, **faits)[0]


def partager(organisation: Organisation, indicateur: Indicateur) -> None:
    """Ce que chaque organisation du monde des autorisations a commencé."""
    fiche(organisation, indicateur, titre=f"Ce que fait {organisation.sigle}")
    demande(organisation, indicateur)


def parametres(organisation: Organisation) -> dict[str, Any]:
    """Ce que valent les paramètres des adresses de la collaboration, pour cette organisation."""
    appui = organisation.demandes.get().pk
    return RELATION | {
        "demande.cle": appui,
        "demande_clore.cle": appui,
        "reference": f"ce-que-fait-{organisation.slug}",
    }


def tapee(indicateur: Indicateur, /, geste: str = "enregistrer", jeton: str = "1.0.", **champs: str) -> dict[str, str]:
    """Ce qu'un navigateur envoie d'une fiche complète."""
    dit = {"titre": "Signer sans papier", "realisation": "Tout est revu.", "resultat": "Deux jours."}
    dit |= {"contact": "projet@exemple.test", "indicateur": indicateur.code}
    return dit | {"geste": geste, "jeton": jeton, "base": ""} | champs


def telle_quelle(reponse, **tape: str) -> dict[str, str]:
    """Ce qu'un navigateur renvoie d'une page de fiche, sauf ce qu'on y tape."""
    champs = {champ.html_name: champ.value() or "" for champ in reponse.context["form"]}
    return {nom: str(dit).replace("\n", "\r\n") for nom, dit in champs.items()} | {"geste": "enregistrer"} | tape


def vers(nom: str, organisation: Organisation, *cle: Any) -> str:
    """L'adresse d'une page de la collaboration."""
    return reverse(nom, args=[organisation.slug, *cle])
