"""De quoi taper un plan comme un navigateur, et lire la page qui revient."""

import html
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from organisations.champs import normaliser
from organisations.horloge import maintenant
from organisations.models import EvenementPlan, Initiative, PlanTransformation, Strategie
from tests import fabrique as f

PDF = b"%PDF-1.7\n" + bytes(range(256))
UNE = {
    "titre": "Des formulaires en ligne",
    "changement": "Moins de papier.",
    "debut": "2020-01-01",
    "fin": "2021-12-31",
}
DEUX = {"titre": "Un guichet", "changement": "", "debut": "2021-01-01", "fin": "2022-06-30"}
AVANCEMENT = {"etat": "EN_COURS", "progres": "40"}
TABLES = (PlanTransformation, Initiative, EvenementPlan)
PLAN = "/espace/regie/plan/"


def tape(*initiatives: dict, geste: str = "enregistrer", jeton: str = "1.0.", **plan: Any) -> dict[str, Any]:
    """Ce qu'un navigateur envoie."""
    envoi = {"debut": "2019-06-01", "fin": "2023-12-31", "resume": "Ce qui est promis.", "jeton": jeton}
    envoi |= {
        "geste": geste,
        "initiatives-TOTAL_FORMS": len(initiatives),
        "initiatives-INITIAL_FORMS": len(initiatives),
    }
    for n, initiative in enumerate(initiatives):
        envoi |= {f"initiatives-{n}-{nom}": valeur for nom, valeur in (AVANCEMENT | initiative).items()}
    return envoi | plan


def telle_quelle(reponse, **tape: Any) -> dict[str, Any]:
    """Ce qu'un navigateur renvoie d'une page, sauf ce qu'on y tape."""
    saisie = reponse.context["saisie"]
    formulaires = (saisie.plan, saisie.initiatives.management_form, *saisie.initiatives)
    champs = {champ.html_name: champ.value() for f in formulaires for champ in f if champ.name != "document"}
    textes = {nom: "" if dit is None else normaliser(str(dit)).replace("\n", "\r\n") for nom, dit in champs.items()}
    return textes | {"geste": "enregistrer"} | tape


def dites(reponse) -> dict[str, tuple[str, str, bool]]:
    """Ce que la page dit des différences: le sien, l'autre, et si l'autre est repris."""
    return {nom: tuple(dit) for nom, *dit in reponse.context["saisie"].differences}


def montree(reponse) -> str:
    """La révision que la page cache."""
    return re.search(r'name="jeton" value="([^"]*)"', reponse.content.decode())[1]


def titres(reponse) -> list[str]:
    return [ligne["titre"].value() for ligne in reponse.context["saisie"].initiatives]


def texte(reponse) -> str:
    return html.unescape(reponse.content.decode())


def sans_csrf(reponse) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", reponse.content)


def le_plan() -> PlanTransformation:
    return PlanTransformation.objects.order_by("-version").first()


def photo() -> dict:
    return f.photo(*TABLES)


def valide(organisation) -> PlanTransformation:
    """Un plan accepté par le CQEN."""
    plan = f.plan(organisation, Strategie.objects.get())
    plan.soumettre(par=plan.cree_par, le=plan.cree_le)
    plan.valider(par=f.relecteur(), le=plan.cree_le)
    return plan


def renvoyer(plan: PlanTransformation, motif: str = "Précisez les dates.") -> None:
    plan.refresh_from_db()
    plan.renvoyer(par=f.relecteur(), le=maintenant(), motif=motif)


def pdf(nom: str = "Plan.pdf", octets: bytes = PDF, genre: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, octets, content_type=genre)
