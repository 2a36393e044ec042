#!/usr/bin/env python
"""La porte des commandes: `manage.py <commande>`."""

import os
import sys


def main() -> None:
    """Lance la commande demandée."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "barometre.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as erreur:
        sys.exit(f"Réglage : {erreur}")
    except OperationalError as erreur:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"La base ne répond pas, ou n'est pas migrée (« manage.py migrate ») : {str(erreur).splitlines()[0]}")


if __name__ == "__main__":
    main()
