"""Les en-têtes propres à une page publique, posés hors de ce que le cache garde."""

from collections.abc import Callable, Mapping
from functools import wraps

from django.http import HttpRequest, HttpResponse

from barometre import depot

PARTAGE = {"Cross-Origin-Resource-Policy": "cross-origin"}  # un autre site peut la montrer
OUVERTE = PARTAGE | {"Access-Control-Allow-Origin": "*"}  # et un script la lire


def avec(entetes: Mapping[str, str], forme: str = "") -> Callable:
    """Pose ces en-têtes sur la réponse; avec `forme`, elle se télécharge sous un nom qui dit son édition."""

    def decorer(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(vue)
        def enveloppe(requete: HttpRequest, *args, **kwargs) -> HttpResponse:
            reponse = vue(requete, *args, **kwargs)
            for nom, valeur in entetes.items():
                reponse.headers[nom] = valeur
            if forme and reponse.status_code == 200:
                fichier = f"{_nom(kwargs.get('edition', ''), kwargs['code'])}.{forme}"
                reponse.headers["Content-Disposition"] = f'attachment; filename="{fichier}"'
            return reponse

        return enveloppe

    return decorer


def _nom(edition: str, code: str) -> str:
    """Le nom d'un fichier; sans édition nommée, c'est la plus récente."""
    designee = depot.designee()
    return "-".join(filter(None, ("barometre", edition or (designee.code if designee else ""), code)))
