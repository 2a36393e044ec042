"""Les pages sans chiffre: accessibilité, confidentialité, à propos."""

from typing import Any

from barometre.models import Edition
from barometre.pages.cadre import Page


def contexte(edition: Edition | None, titre: str) -> dict[str, Any]:
    """Rien que le cadre."""
    return {"page": Page.de(edition, titre, "")}
