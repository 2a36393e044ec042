"""Les en-têtes propres à une page publique, posés hors de ce que le cache garde."""

from collections.abc import Callable, Mapping
from functools import wraps

from django.http import HttpRequest, HttpResponse

from barometre import depot

PARTAGE = {"Cross-Origin-Resource-Policy": "cross-origin"}  # un autre site peut la montrer
OUVERTE = PARTAGE | {"Access-Control-Allow-Origin": "*"}  # et un script la lire


def avec(entetes: Mapping[str, str], fichier: str = "") -> Callable:
    """Pose ces en-têtes sur la réponse; avec `fichier`, elle se télécharge sous ce nom.

    Le nom peut citer les paramètres de l'adresse, et `{edition}`: « 2023-T1- », l'édition lue. Il dit que les chiffres
    sont fictifs quand ceux de la plus récente le sont: aucune édition ne suit une fictive sans l'être.
    """

    def decorer(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(vue)
        def enveloppe(requete: HttpRequest, *args, **kwargs) -> HttpResponse:
            reponse = vue(requete, *args, **kwargs)
            for nom, valeur in entetes.items():
                reponse.headers[nom] = valeur
            if fichier and reponse.status_code == 200:
                dit = fichier.format(**kwargs | {"edition": _lue(**kwargs)})
                reponse.headers["Content-Disposition"] = f'attachment; filename="barometre-{_fictif()}{dit}"'
            return reponse

        return enveloppe

    return decorer


def _fictif() -> str:
    designee = depot.designee()
    return "fictif-" if designee and designee.fictive else ""


def _lue(edition: str = "", **_: str) -> str:
    """Le code de l'édition que nomme l'adresse, sinon de la plus récente, et un trait d'union."""
    designee = depot.designee()
    code = edition or (designee.code if designee else "")
    return f"{code}-" if code else ""
