"""Les réglages des tests: ceux du site, avec une clé d'essai et sans ce qui ralentit."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "cle-d-essai")
os.environ.setdefault("NIVEAU_DE_JOURNAL", "ERROR")

from barometre.settings import *  # noqa: F403

CACHES["default"]["TIMEOUT"] = 60  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = tempfile.mkdtemp(prefix="barometre-essais-")
SECURE_SSL_REDIRECT = False
STATIC_ROOT = tempfile.mkdtemp(prefix="barometre-statique-")
