"""Ce qu'une édition publiée fige: la même condition pour la base, qui refuse, et pour la page, qui dit pourquoi."""

from collections.abc import Callable

from django.db import connection
from django.db.models import BooleanField, Model
from django.db.models.expressions import RawSQL

from barometre.declencheurs import CHIFFRE_PUBLIE, DEJA_PUBLIEE, STRATEGIE_PUBLIEE
from indicateurs.models import Indicateur, Trimestre
from organisations.declencheurs import en_sql
from organisations.figes import FIGES, Fige
from organisations.models import Organisation, Strategie

RAISON = "Une édition publiée en dépend : cela ne change plus."


def brancher() -> None:
    """Dit aux applications d'en bas ce que les éditions figent."""
    par_indicateur, par_trimestre = (CHIFFRE_PUBLIE.format(champ=f"{nom}_id") for nom in ("indicateur", "trimestre"))
    FIGES.brancher(Organisation, Fige(("sigle",), RAISON, _vaut(DEJA_PUBLIEE)))
    FIGES.brancher(Strategie, Fige(("code",), RAISON, _vaut(STRATEGIE_PUBLIEE)))
    FIGES.brancher(Indicateur, Fige(("code", "agregation", "seuil"), RAISON, _vaut(par_indicateur)))
    FIGES.brancher(Trimestre, Fige(("annee", "numero"), RAISON, _vaut(par_trimestre)))


def _vaut(condition: str) -> Callable[[Model], bool]:
    """La condition d'un déclencheur, demandée pour une ligne."""

    def est_publie(objet: Model) -> bool:
        sql = en_sql(condition.replace("OLD.", f"{objet._meta.db_table}."), connection.vendor)
        lignes = type(objet)._default_manager.annotate(publie=RawSQL(sql, [], BooleanField()))  # noqa: S611 - nos noms
        return lignes.filter(pk=objet.pk, publie=True).exists()

    return est_publie
