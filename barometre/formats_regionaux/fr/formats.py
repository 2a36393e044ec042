"""Les formats du Québec (ceux de Django pour `fr_CA`) sous le code de langue `fr`."""

from django.conf.locale.fr_CA.formats import *  # noqa: F403

# Ceux de Django écriraient « 10 10 00 »: le « h » y est le code de l'heure.
TIME_FORMAT = r"H \h i"
DATETIME_FORMAT = rf"j F Y, {TIME_FORMAT}"
