"""La liste des organisations en fichiers: ce que la page montre, avec les mêmes filtres, dans le même ordre."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from barometre import depot, export, pages
from barometre.http import publique
from barometre.models import Edition

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def nomme(extension: str) -> Callable[[Callable], Callable]:
    """Nomme le fichier d'après l'édition; le cache d'une page ne garde que ses octets et leur type."""

    def decorer(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(vue)
        def enveloppe(requete: HttpRequest, edition: str = "") -> HttpResponse:
            reponse = vue(requete, edition=edition)
            if reponse.status_code == 200:
                reponse.headers["Content-Disposition"] = f'attachment; filename="{_nom(edition, extension)}"'
            return reponse

        return enveloppe

    return decorer


@nomme("csv")
@publique
def organisations_csv(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """La liste en CSV."""
    parue = _exiger(edition)
    codes, lignes = pages.fichiers.organisations(parue, requete.GET)
    return HttpResponse(export.csv(parue.code, codes, lignes), content_type=CSV)


@nomme("xlsx")
@publique
def organisations_xlsx(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """La liste en classeur."""
    parue = _exiger(edition)
    codes, lignes = pages.fichiers.organisations(parue, requete.GET)
    return HttpResponse(export.xlsx(parue.code, parue.arretee_le, codes, lignes), content_type=XLSX)


def _exiger(edition: Edition | None) -> Edition:
    if edition is None:
        raise Http404("Rien n'est encore publié.")
    return edition


def _nom(edition: str, extension: str) -> str:
    """« barometre-2023-T1-organisations.csv »."""
    designee = depot.designee()
    code = edition or (designee.code if designee else "")
    return "-".join(filter(None, ("barometre", code, f"organisations.{extension}")))
