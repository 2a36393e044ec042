"""Les cellules d'une ligne de tableau, écrites d'un trait: une liste de 320 organisations en a près de deux mille."""

from functools import lru_cache

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from barometre.tableaux import Ligne

register = template.Library()


@register.filter
def cellules(ligne: Ligne) -> SafeString:
    """Chaque cellule, avec le titre de sa colonne, que montre un écran étroit; ce qui est chiffré va à droite."""
    ecrites = [f"{_ouvrir(c.titre, c.est_chiffree)}{escape(texte)}</td>" for c, texte in ligne.cellules]
    return mark_safe("".join(ecrites))  # noqa: S308 - titres et textes viennent d'être échappés


@lru_cache(maxsize=512)
def _ouvrir(titre: str, est_chiffree: bool) -> SafeString:
    """La balise qui ouvre une cellule: la même pour toute la colonne."""
    modele = '<td class="n" data-t="{}">' if est_chiffree else '<td data-t="{}">'
    return format_html(modele, titre)
