"""Les dates, les heures et les trimestres en toutes lettres, dans les gabarits."""

import datetime
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import format_html

from indicateurs import mots
from indicateurs.etats import Situation

register = template.Library()


@register.filter
def jour(moment: datetime.date) -> str:
    """« 14 août 2023 », à Montréal."""
    return mots.date(timezone.localdate(moment) if isinstance(moment, datetime.datetime) else moment)


@register.filter
def heure(moment: datetime.datetime) -> str:
    """« 14 h 05 », à Montréal."""
    ici = timezone.localtime(moment)
    return f"{ici.hour} h {ici.minute:02}"


@register.filter
def trimestre(code: str) -> str:
    """« 2e trimestre de 2023 »."""
    return mots.trimestre(code)


@register.filter
@lru_cache(1000)  # une matrice en a des milliers, presque toutes pareilles
def etat(situation: Situation) -> str:
    """L'état d'une case: son mot, que la feuille de style double d'un signe et d'une couleur."""
    return format_html('<span class="etat {}">{}</span>', situation.etat.classe, situation.texte)
