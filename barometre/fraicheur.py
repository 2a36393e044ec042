"""L'état de ce qui paraît entre deux éditions, plans et fiches: une requête, que suivent l'ETag et le cache.

On compte ce qui ne fait que croître (versions acceptées, lignes d'histoire): un compte ne dépend ni de l'horloge ni de
l'ordre où deux transactions finissent.
"""

import hashlib
from typing import Any

from django.db.models import Count, Func, IntegerField, Max, Subquery

from indicateurs.models import Indicateur
from organisations.models import Organisation, Strategie


def des_plans() -> str:
    """Change dès qu'un plan est accepté, ou qu'un nom montré avec lui change."""
    return _etat("plans", Organisation, Strategie)


def des_fiches() -> str:
    """Change dès qu'une fiche est acceptée, ou qu'un nom montré avec elle change."""
    return _etat("fiches", Organisation, Indicateur)


def _etat(dossiers: str, *nommes: Any) -> str:
    acceptes = {"acceptes": Count(f"{dossiers}__valide_le"), "dernier": Max(f"{dossiers}__valide_le")}
    changements = {f"noms_{rang}": Max(_changements(modele)) for rang, modele in enumerate(nommes)}
    faits = Organisation.objects.aggregate(**acceptes, **changements)
    return hashlib.sha256(repr(sorted(faits.items())).encode()).hexdigest()[:12]


def _changements(modele: Any) -> Subquery:
    """Combien de lignes compte l'histoire de ce modèle."""
    compte = Func("history_id", function="COUNT", output_field=IntegerField())
    return Subquery(modele.history.order_by().annotate(compte=compte).values("compte"))
