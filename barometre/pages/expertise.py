"""Le partage d'expertise: les fiches acceptées, cherchées par indicateur, portefeuille et mot; une fiche."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.http import urlencode

from barometre.models import Edition
from barometre.pages.cadre import Lien, Page
from barometre.pages.filtres import Choix, Filtre
from barometre.pages.plan import fiche_de, jour
from barometre.pages.plans import compter, portefeuilles
from indicateurs import mots
from indicateurs.langue import _, citer
from indicateurs.models import FicheExpertise

PAR_PAGE = 30
NOMMER = ("titre", "reference", "organisation__sigle", "organisation__slug")
NOMMEES = 10  # sur la page d'un indicateur
LONGUEUR_D_EXTRAIT = 200


class Extrait(NamedTuple):
    """Une fiche dans une liste."""

    titre: str
    adresse: str
    organisation: str
    indicateur: str
    resultat: str


def liste(edition: Edition | None, champs: Mapping[str, str]) -> dict[str, Any]:
    """Les fiches acceptées, les plus récentes d'abord; une requête de plus que le cadre."""
    fiches = list(_acceptees().order_by("-valide_le", "-pk"))
    indicateurs = Choix("indicateur", _("Indicateur"), {f.indicateur.code: f.indicateur.nom for f in fiches})
    filtre = Filtre.lire(champs, indicateurs, portefeuilles(f.organisation for f in fiches))
    retenues = [f for f in fiches if _retient(filtre, f)]
    page = Paginator(retenues, PAR_PAGE).get_page(champs.get("page"))
    return {
        "page": Page.de(edition, _("Partage d'expertise"), "expertise"),
        "filtre": filtre,
        "compte": compter(len(retenues), len(fiches), _("fiche")),
        "fiches": [_extrait(fiche) for fiche in page],
        "il_y_en_a": bool(fiches),
        "feuilles": _feuilles(filtre, page) if page.has_other_pages() else None,
    }


def contexte(edition: Edition | None, slug: str, reference: str) -> dict[str, Any] | None:
    """Une fiche acceptée; rien s'il n'y en a pas à cette adresse."""
    fiche = _acceptees().filter(organisation__slug=slug, reference=reference).first()
    if fiche is None:
        return None
    publie = edition is not None and fiche.indicateur.code in edition.regles
    acceptee = _("Acceptée par le CQEN (Centre québécois d'excellence numérique) le %s.") % jour(fiche.valide_le)
    fil = Lien(_("Partage d'expertise"), reverse("expertise_publique"))
    return {
        "page": Page.de(edition, _titre(fiche), "expertise", fil),
        "fiche": fiche,
        "organisation": fiche_de(edition, fiche.organisation),
        "indicateur": Lien(fiche.indicateur.nom, reverse("indicateur", args=[fiche.indicateur.code]) if publie else ""),
        "acceptee": acceptee,
        "semblables": _adresse_de_la_liste(fiche.indicateur.code),
    }


def de_l_indicateur(edition: Edition, code: str) -> dict[str, Any]:
    """Les fiches d'un indicateur à l'instant de l'édition, sous les noms qu'elle a figés; une requête."""
    publiques = FicheExpertise.objects.publics_au(edition.arretee_le).filter(indicateur__code=code)
    fiches = list(publiques.select_related("organisation").only(*NOMMER).order_by("-valide_le", "-pk"))
    noms = {sigle: organisation["nom"] for sigle, organisation in edition.organisations.items()}
    return {
        "fiches": [
            (Lien(f.titre, _adresse(f)), noms.get(f.organisation.sigle, f.organisation.sigle)) for f in fiches[:NOMMEES]
        ],
        "toutes_les_fiches": _adresse_de_la_liste(code),
        "autres_fiches": max(0, len(fiches) - NOMMEES),
    }


def _acceptees() -> Any:
    return FicheExpertise.objects.valides().select_related("organisation__ministere", "indicateur")


def _retient(filtre: Filtre, fiche: FicheExpertise) -> bool:
    textes = (fiche.titre, fiche.organisation.nom, fiche.organisation.sigle, fiche.realisation, fiche.resultat)
    valeurs = {"indicateur": fiche.indicateur.code, "portefeuille": fiche.organisation.portefeuille}
    return filtre.retient(" ".join(textes), **valeurs)


def _extrait(fiche: FicheExpertise) -> Extrait:
    resultat = mots.abreger(" ".join(fiche.resultat.split()), LONGUEUR_D_EXTRAIT)
    return Extrait(fiche.titre, _adresse(fiche), str(fiche.organisation), fiche.indicateur.nom, resultat)


def _feuilles(filtre: Filtre, page: Any) -> dict[str, str]:
    """Où l'on est, la page d'avant et celle d'après, avec les mêmes filtres."""
    return {
        "ici": _("Page %(ici)d sur %(toutes)d") % {"ici": page.number, "toutes": page.paginator.num_pages},
        "avant": filtre.adresse(page=page.previous_page_number()) if page.has_previous() else "",
        "apres": filtre.adresse(page=page.next_page_number()) if page.has_next() else "",
    }


def _titre(fiche: FicheExpertise) -> str:
    """Le titre de la page: deux organisations peuvent en donner un même."""
    return f"{citer(fiche.titre)} ({fiche.organisation.sigle})"


def _adresse(fiche: FicheExpertise) -> str:
    return reverse("fiche_publique", args=[fiche.organisation.slug, fiche.reference])


def _adresse_de_la_liste(code: str) -> str:
    return f"{reverse('expertise_publique')}?{urlencode({'indicateur': code})}"
