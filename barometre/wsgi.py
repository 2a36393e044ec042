"""L'application WSGI que sert granian."""

import os

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "barometre.settings")


class Demande(WSGIRequest):
    """Une demande dont le type ne se lit pas: un refus de plus pour `DemandeBornee`, et non une panne."""

    def _set_content_type_params(self, meta):
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]
        except ValueError:
            self.content_type, self.content_params = "", {"charset": "illisible"}


application = get_wsgi_application()
application.request_class = Demande
