"""Réglages: tout ce qui change d'un lieu à l'autre vient de l'environnement (ou de `.env`).

Fermé par défaut: sans réglage, le site exige HTTPS, n'affiche aucune erreur détaillée et ne répond qu'à localhost.
"""

import warnings
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from barometre.version import empreinte_du_code

RACINE = Path(__file__).resolve().parent.parent

env = environ.Env(interpolate=False)
env.read_env(RACINE / ".env")


def exiger(nom: str, comment: str) -> str:
    """Le réglage `nom`; s'il manque, une phrase dit lequel et comment le poser (`ImproperlyConfigured`)."""
    if valeur := env.str(nom, ""):
        return valeur
    raise ImproperlyConfigured(f"{nom} manque. {comment} Tous les réglages sont décrits dans .env.exemple.")


def lire(nom: str, lecture, defaut: str, attendu: str):
    """Le réglage `nom`, ou son défaut s'il est absent ou vide; mal formé, une phrase dit ce qui est attendu."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # environ avertit d'un moteur inconnu là où il faut s'arrêter
        try:
            return lecture(env.str(nom, "") or defaut)
        except (KeyError, ValueError, UserWarning, ImproperlyConfigured) as erreur:
            raise ImproperlyConfigured(f"{nom} est mal formé. Attendu : {attendu}") from erreur


def oui_ou_non(texte: str) -> bool:
    """1 ou 0."""
    return {"1": True, "0": False}[texte]


SECRET_KEY = exiger("SECRET_KEY", "Créez .env avec une clé neuve en tapant « make installer ».")
DEBUG = False
HTTPS = lire("HTTPS", oui_ou_non, "1", "1 ou 0.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- données ---------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": lire(
        "DATABASE_URL",
        env.db_url_config,
        f"sqlite:///{RACINE / 'var' / 'barometre.sqlite3'}",
        "postgres://utilisateur@hote:5432/base ou sqlite:///chemin.",
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    # Mesuré avec 8 écrivains: IMMEDIATE et WAL ensemble ne perdent aucune écriture; l'un sans l'autre, si.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
elif DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

CACHES = {
    "default": lire("CACHE_URL", env.cache_url_config, "locmemcache://", "redis://hote:6379/0 ou locmemcache://"),
}
CACHES["default"] |= {"TIMEOUT": 24 * 3600, "KEY_PREFIX": "barometre"}
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(RACINE / "var" / "media")))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- application -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "barometre",
    "indicateurs",
    "organisations",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "barometre.middleware.EntetesDeSecurite",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "barometre.middleware.ConnexionExigee",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "barometre.urls"
WSGI_APPLICATION = "barometre.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RACINE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
AUTH_USER_MODEL = "organisations.Utilisateur"
LOGIN_URL = "admin:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{nom}"}
    for nom in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}}]

# --- langue et temps -------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
FORMAT_MODULE_PATH = ["barometre.formats_regionaux"]
TIME_ZONE = "America/Toronto"
USE_TZ = True

# --- statique et cache des pages -------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(RACINE / "static-servis")))
STATICFILES_DIRS = [RACINE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
VERSION_DU_CODE = empreinte_du_code(RACINE)

# --- sécurité --------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "img-src": [SELF],
        "style-src": [SELF],
        "script-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "barometre.views.formulaire_refuse"
X_FRAME_OPTIONS = "DENY"
if lire("DERRIERE_UN_MANDATAIRE", oui_ou_non, "0", "1 ou 0."):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("NIVEAU_DE_JOURNAL", "INFO")},
}
