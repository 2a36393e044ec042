"""Les pages des données ouvertes: les éditions, leurs fichiers, et comment les vérifier."""

from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import timezone

from barometre import depot, pannes
from barometre.formats import FICHIERS, SOMMES
from barometre.models import Edition
from barometre.pages.cadre import Lien, Page
from barometre.tableaux import des_fichiers
from indicateurs import mots
from indicateurs.langue import _, gettext_noop

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
CONTENUS = {
    "chiffres.csv": gettext_noop("Les chiffres publiés, par indicateur, trimestre et portefeuille."),
    "indicateurs.json": gettext_noop("Les règles, définitions et cibles telles qu'elles étaient."),
    "organisations.csv": gettext_noop("Les organisations et leurs portefeuilles tels qu'ils étaient."),
    "valeurs.csv": gettext_noop("La réponse, ou le silence, de chaque organisation attendue."),
    SOMMES: gettext_noop("Les sommes SHA-256 des quatre autres fichiers."),
}


class Fichier(NamedTuple):
    """Un fichier d'une édition."""

    nom: str
    contenu: str
    taille: str
    adresse: str


def type_de(nom: str) -> str:
    """Le type de contenu d'un fichier publié."""
    return TYPES.get(nom.rpartition(".")[2], "text/plain; charset=utf-8")


def prefixe(edition: Edition) -> str:
    """Ce qui distingue, une fois téléchargés, les fichiers de deux éditions."""
    return f"barometre-{edition.code}-"


def nom_telecharge(edition: Edition, nom: str) -> str:
    """Le nom que le fichier prend chez qui le télécharge."""
    return f"{prefixe(edition)}{nom}{'.txt' if nom == SOMMES else ''}"


def index(edition: Edition) -> dict[str, Any]:
    """Toutes les éditions, la plus récente d'abord; une requête de plus que le cadre."""
    editions = Edition.objects.order_by("-rang").only("code", "arretee_le", "note", "empreinte")
    return {
        "page": Page.de(edition, _("Données"), "donnees"),
        "editions": [
            {
                "code": e.code,
                "titre": _("Édition %s") % e.code,
                "parue": _parue(e),
                "note": e.note,
                "empreinte": e.empreinte,
                "adresse": reverse("dossier", args=[e.code]),
            }
            for e in editions
        ],
    }


def de_l_edition(courante: Edition, edition: Edition) -> dict[str, Any]:
    """Les fichiers d'une édition et la façon de les vérifier."""
    fichiers = [_fichier(edition, nom) for nom in (*FICHIERS, SOMMES)]
    sommes = nom_telecharge(edition, SOMMES)
    chaine = f"( cat {sommes}; printf {edition.precedente.empreinte} )" if edition.precedente else f"cat {sommes}"
    return {
        "page": Page.de(courante, _("Édition %s") % edition.code, "donnees", Lien(_("Données"), reverse("donnees"))),
        "edition": edition,
        "parue": _parue(edition),
        "fichiers": des_fichiers(fichiers),
        "verifier": f"sed 's/  /  {prefixe(edition)}/' {sommes} | sha256sum --check",
        "enchainer": f"{chaine} | sha256sum",
    }


def _parue(edition: Edition) -> str:
    return _("Publiée le %s.") % mots.date(timezone.localdate(edition.arretee_le))


def _fichier(edition: Edition, nom: str) -> Fichier:
    adresse = reverse("fichier", args=[edition.code, nom])
    try:
        taille = mots.taille((depot.dossier(edition.code) / nom).stat().st_size)
    except OSError as panne:
        pannes.noter(panne)
        taille = _("absent du dépôt")
    return Fichier(nom, _(CONTENUS[nom]), taille, adresse)
