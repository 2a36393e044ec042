"""La page où l'on relit un plan: chaque fait et chaque initiative à côté de la version d'avant."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from organisations.models import Initiative, PlanTransformation

FAITS = {"debut": "Début", "fin": "Fin", "resume": "Résumé", "document": "Document"}
D_UNE_INITIATIVE = {
    "titre": "titre",
    "changement": "ce qui change pour la population",
    "debut": "début",
    "fin": "fin",
    "etat": "état",
    "progres": "progrès",
}


class Paire(NamedTuple):
    """Une initiative d'hier et d'aujourd'hui; l'une des deux peut manquer."""

    mot: str  # ajoutée, retirée, changée ou inchangée
    change: Sequence[str]  # les faits qui changent
    avant: Initiative | None
    ici: Initiative | None


def contexte(plan: PlanTransformation) -> dict[str, Any]:
    """Trois requêtes: la version d'avant, et les initiatives des deux."""
    avant = plan._versions().filter(version=plan.version - 1).first()
    versions = [plan, *([avant] if avant else [])]
    initiatives: dict[int, list[Initiative]] = {version.pk: [] for version in versions}
    for initiative in Initiative.objects.filter(plan__in=versions).order_by("rang"):
        initiatives[initiative.plan_id].append(initiative)
    return {
        "avant": avant,
        "faits": [_fait(nom, titre, plan, avant) for nom, titre in FAITS.items()],
        "paires": list(apparier(initiatives[avant.pk] if avant else [], initiatives[plan.pk])),
    }


def apparier(avant: Sequence[Initiative], ici: Sequence[Initiative]) -> Iterator[Paire]:
    """Chaque initiative d'aujourd'hui avec celle d'hier de même titre, à défaut sa renommée; puis celles retirées."""
    restantes, compagnes = list(avant), {}
    for est_la_meme in (_de_meme_titre, _renommee):
        for initiative in ici:
            pareilles = [a for a in restantes if est_la_meme(a, initiative)]
            if initiative.rang not in compagnes and pareilles:
                compagnes[initiative.rang] = pareilles[0]
                restantes.remove(pareilles[0])
    for initiative in ici:
        yield _paire(compagnes.get(initiative.rang), initiative)
    for retiree in restantes:
        yield Paire("retirée", (), retiree, None)


def _de_meme_titre(avant: Initiative, ici: Initiative) -> bool:
    return avant.titre == ici.titre


def _renommee(avant: Initiative, ici: Initiative) -> bool:
    """Le rang ne suffit pas, une initiative retirée décale les autres: le texte, ou les deux dates, sont restés."""
    meme_texte = bool(ici.changement) and avant.changement == ici.changement
    return avant.rang == ici.rang and (meme_texte or (avant.debut, avant.fin) == (ici.debut, ici.fin))


def _paire(avant: Initiative | None, ici: Initiative) -> Paire:
    if avant is None:
        return Paire("ajoutée", (), None, ici)
    change = [mots for nom, mots in D_UNE_INITIATIVE.items() if getattr(avant, nom) != getattr(ici, nom)]
    return Paire("changée" if change else "inchangée", change, avant, ici)


def _fait(nom: str, titre: str, plan: PlanTransformation, avant: PlanTransformation | None) -> dict[str, Any]:
    """Un fait du plan, celui d'avant, et s'il change."""
    ici, autre = getattr(plan, nom), getattr(avant, nom, None)
    return {
        "nom": nom,
        "titre": titre,
        "ici": ici,
        "avant": autre,
        "change": avant is not None and str(ici) != str(autre),
    }
