"""Ce qu'une page montre, en fichier: une liste avec ses filtres et son ordre, les réponses à un indicateur."""

from django.http import Http404, HttpRequest, HttpResponse

from barometre import export, pages, pannes
from barometre.entetes import OUVERTE, avec
from barometre.entre_editions import ILLISIBLE
from barometre.http import publique
from barometre.models import Edition
from barometre.pages.liste.rangs import CHAMPS
from barometre.views import erreurs

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@avec(OUVERTE, "{edition}organisations.csv")
@publique(lit=CHAMPS)
def organisations_csv(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """La liste en CSV."""
    parue = _exiger(edition)
    codes, lignes = pages.fichiers.organisations(parue, requete.GET)
    return HttpResponse(export.csv(parue.code, codes, lignes), content_type=CSV)


@avec(OUVERTE, "{edition}organisations.xlsx")
@publique(lit=CHAMPS)
def organisations_xlsx(requete: HttpRequest, edition: Edition | None) -> HttpResponse:
    """La liste en classeur."""
    parue = _exiger(edition)
    codes, lignes = pages.fichiers.organisations(parue, requete.GET)
    return HttpResponse(export.xlsx(parue.code, parue.arretee_le, codes, lignes), content_type=XLSX)


@avec(OUVERTE, "{edition}{code}-valeurs.csv")
@publique
def valeurs_csv(requete: HttpRequest, edition: Edition | None, code: str) -> HttpResponse:
    """Les réponses qui font le dernier chiffre d'un indicateur."""
    parue = _exiger(edition)
    if code not in parue.regles:
        raise Http404("Cet indicateur n'est pas publié.")
    try:
        return HttpResponse(pages.fichiers.valeurs(parue, code), content_type=CSV)
    except ILLISIBLE as panne:
        pannes.noter(panne)
        return erreurs.fichier_illisible(requete)


def _exiger(edition: Edition | None) -> Edition:
    if edition is None:
        raise Http404("Rien n'est encore publié.")
    return edition
