#!/usr/bin/env python
"""La porte des commandes: `manage.py <commande>`."""

import os
import sys


def main() -> None:
    """Lance la commande demandée."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "barometre.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as erreur:
        sys.exit(f"Réglage: {erreur}")


if __name__ == "__main__":
    main()
