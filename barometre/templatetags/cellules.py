"""Une ligne de tableau, écrite d'un trait: une liste de 320 organisations a près de deux mille cellules."""

import re
from functools import lru_cache
from html import escape  # six fois plus vite que celui de Django, qui fait de même

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from barometre.tableaux import Ligne
from indicateurs.langue import nu

register = template.Library()
CITATION = re.compile("\u2068([^\u2068\u2069<]*)\u2069")  # dans un texte échappé, rien n'y ouvre de balise


@register.filter
def citations(texte: str) -> SafeString:
    """Le texte, chaque citation qu'y fait `citer` marquée comme française: un lecteur d'écran la lit ainsi."""
    return mark_safe(_marquer(escape(texte)))  # noqa: S308 - le texte vient d'être échappé


@register.filter
def cellules(ligne: Ligne) -> SafeString:
    """Son titre, puis chaque cellule avec celui de sa colonne, que montre un écran étroit; un chiffre va à droite."""
    titre = f'<a href="{escape(ligne.lien)}">{escape(ligne.titre)}</a>' if ligne.lien else escape(ligne.titre)
    ecrites = [f"{_ouvrir(c.titre, c.est_chiffree)}{_cellule(escape(texte))}</td>" for c, texte in ligne.cellules]
    return mark_safe(f'<th scope="row">{_marquer(titre)}</th>{"".join(ecrites)}')  # noqa: S308 - tout est échappé


def _cellule(html: str) -> str:
    """D'un seul tenant: en carte, une cellule n'a que deux colonnes, son titre et elle."""
    return f"<span>{_marquer(html)}</span>" if "\u2068" in html else html


def _marquer(html: str) -> str:
    """Le HTML où chaque citation est un élément; ce qui reste d'isolats s'ôte."""
    return nu(CITATION.sub(r'<span lang="fr">\1</span>', html)) if "\u2068" in html else html


@lru_cache(maxsize=512)
def _ouvrir(titre: str, est_chiffree: bool) -> SafeString:
    """La balise qui ouvre une cellule: la même pour toute la colonne."""
    modele = '<td class="n" data-t="{}">' if est_chiffree else '<td data-t="{}">'
    return format_html(modele, nu(titre))
