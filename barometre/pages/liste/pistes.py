"""Où chercher encore quand aucun nom d'organisation ne contient ce qui fut tapé."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from barometre import lignees
from barometre.models import Edition
from barometre.pages.cadre import Lien, vers
from barometre.pages.filtres import contient
from barometre.pages.liste.proches import proches
from indicateurs.affichage import accorder
from indicateurs.langue import _
from indicateurs.mots import abreger, replier, typographier

NOMMEES = 8


class Piste(NamedTuple):
    """Une phrase, où elle mène, et les organisations qu'elle propose."""

    phrase: str
    liens: Sequence[Lien] = ()
    sigles: Sequence[str] = ()


def ailleurs(edition: Edition, q: str, adresse: str) -> Piste | None:
    """Celles que les filtres écartent, s'il y en a."""
    trouvees = contenant(edition, q)
    if not trouvees:
        return None
    combien = accorder(len(trouvees), _("organisation correspond"), _("organisations correspondent"))
    return Piste(_("Ces filtres les écartent toutes."), [Lien(_("Sans eux, %s") % combien, adresse)])


def pister(edition: Edition, q: str) -> Piste | None:
    """Celles qui ont porté un tel nom, sinon celles dont le nom y ressemble."""
    cherche = abreger(q, 40)
    if anciennes := _sous_un_nom_d_avant(edition, q):
        dit = _("Aucun nom d'aujourd'hui ne contient « %s ». Un nom d'avant le contient :") % cherche
        return Piste(typographier(dit), nommees(edition, anciennes), anciennes)
    noms = {sigle: f"{edition.organisations[sigle]['nom']} {sigle}" for sigle in edition.attendues}
    if semblables := proches(noms, q):
        dit = _("Aucun nom ne contient « %s ». Les plus proches :") % cherche
        return Piste(typographier(dit), nommees(edition, semblables), semblables)
    return None


def contenant(edition: Edition, q: str) -> list[str]:
    """Les sigles, par nom, des organisations attendues dont le nom ou le sigle contient tous ces mots."""
    trouves = (s for s in edition.attendues if contient(f"{edition.organisations[s]['nom']} {s}", q))
    return sorted(trouves, key=lambda sigle: (replier(edition.organisations[sigle]["nom"]), sigle))


def nommees(edition: Edition, sigles: Sequence[str]) -> list[Lien]:
    """Un lien vers chacune."""
    fiches = (edition.organisations[sigle] for sigle in sigles)
    return [Lien(f"{f['nom']} ({f['sigle']})", vers(edition, "organisation", f["slug"])) for f in fiches]


def _sous_un_nom_d_avant(edition: Edition, q: str) -> list[str]:
    """Celles qui déclarent et dont un ancien nom, ou celui d'une organisation remplacée, contient tous ces mots."""
    noms: dict[str, list[str]] = defaultdict(list)
    for sigle, fiche in edition.organisations.items():
        suite = lignees.suivre(edition.organisations, sigle, edition.attendues)
        if suite in edition.attendues:
            noms[suite] += [ancien["nom"] for ancien in fiche.get("anciens_noms", [])]
            noms[suite] += [f"{fiche['nom']} {sigle}"] if suite != sigle else []
    return sorted(sigle for sigle, anciens in noms.items() if any(contient(nom, q) for nom in anciens))[:NOMMEES]
