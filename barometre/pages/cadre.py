"""Le cadre de toute page publique: titre, entrées, fil d'Ariane, ligne d'édition."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone

from barometre import depot, phrases
from barometre.models import Edition

SITE = "Baromètre numérique"
ENTREES = (
    ("indicateurs", "Indicateurs", "accueil", "#indicateurs"),
    ("organisations", "Organisations", "organisations", ""),
    ("donnees", "Données", "donnees", ""),
)


class Lien(NamedTuple):
    """Un texte et son adresse; sans adresse, c'est la page où l'on est."""

    texte: str
    adresse: str = ""


@dataclass(frozen=True)
class Page:
    """Le cadre d'une page: ce que son en-tête, son fil et son pied disent."""

    titre: str
    section: str = ""
    fil: Sequence[Lien] = ()
    edition: Edition | None = None
    ligne: str = ""

    @classmethod
    def de(cls, edition: Edition, titre: str, section: str, *fil: Lien) -> "Page":
        """La page d'une édition, l'accueil si elle n'a pas de titre; une requête pour dire qui a répondu."""
        parue = phrases.edition(edition.code, timezone.localdate(edition.arretee_le))
        ligne = f"{parue} {phrases.reponses(edition.repondantes(), len(edition.attendues))}"
        chemin = (Lien("Accueil", reverse("accueil")), *fil, Lien(titre)) if titre else ()
        return cls(titre, section, chemin, edition, ligne)

    @property
    def entrees(self) -> list[dict[str, str]]:
        """Les entrées de l'en-tête."""
        return [{"section": s, "texte": t, "adresse": reverse(nom) + ancre} for s, t, nom, ancre in ENTREES]

    @property
    def est_fictive(self) -> bool:
        """Lit-on des chiffres inventés? Une page sans édition le dit de la plus récente."""
        montree = self.edition or depot.designee()
        return bool(montree and montree.fictive)

    @property
    def titre_complet(self) -> str:
        """Le titre de l'onglet, propre à chaque page."""
        return f"{self.titre} - {SITE}" if self.titre else SITE
