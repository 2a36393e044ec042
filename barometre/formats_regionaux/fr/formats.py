"""Les formats du Québec (ceux de Django pour `fr_CA`) sous le code de langue `fr`."""

from django.conf.locale.fr_CA.formats import *  # noqa: F403
