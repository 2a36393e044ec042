"""Réglages: tout ce qui change d'un lieu à l'autre vient de l'environnement (ou de `.env`).

Fermé par défaut: sans réglage, le site exige HTTPS, n'affiche aucune erreur détaillée et ne répond qu'à localhost.
"""

from email.utils import parseaddr
from pathlib import Path

from csp.constants import NONE, SELF

from barometre.environnement import (
    RACINE,
    adresse_ou_rien,
    au_moins,
    env,
    exiger,
    instant_ou_rien,
    lire,
    niveau,
    oui_ou_non,
    site,
)
from barometre.version import empreinte_du_code

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
    "barometre.site_admin.Administration",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "simple_history",
    "import_export",
]
MIDDLEWARE = [
    "barometre.middleware.DemandeIdentifiee",
    "barometre.middleware.LangueDeLAdresse",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "barometre.middleware.EntetesDeSecurite",
    "barometre.middleware.DemandeBornee",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "barometre.middleware.MethodeRefusee",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "organisations.traces.Traces",
    "organisations.comptes.seances.Seances",
    "barometre.middleware.ConnexionExigee",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "barometre.middleware.CacheEnPanne",
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
                "barometre.pages.cadre.demonstration",
                "barometre.pages.cadre.situer",
            ],
        },
    }
]

# --- le catalogue ----------------------------------------------------------------------------------------------------
# Lu par `indicateurs`, dont `organisations` ne sait rien: nommer ici les formats évite qu'elle l'importe.
IMPORT_FORMATS = EXPORT_FORMATS = ["indicateurs.formats.Csv", "indicateurs.formats.Xlsx"]
IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.CacheStorage"  # partagé entre processus, sans fichier

# --- entrer ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organisations.Utilisateur"
AUTHENTICATION_BACKENDS = ["organisations.comptes.adaptateur.ParCourriel"]
LOGIN_URL = "account_login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{nom}"}
    for nom in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}}]
PASSWORD_RESET_TIMEOUT = 3600
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # un témoin de moins
# L'équipe n'entre dans l'administration qu'avec son deuxième facteur.
MFA_EXIGEE = lire("MFA_EXIGEE", oui_ou_non, "1", "1 ou 0.")
SEANCE_INACTIVITE = 60 * lire("SEANCE_INACTIVITE", au_moins(1), "60", "un nombre de minutes, au moins 1.")
SEANCE_DUREE = 12 * 3600
# Plus long: une séance finie se lit encore, pour dire qu'elle est finie et garder ce qui venait d'être saisi.
SESSION_COOKIE_AGE = 7 * 24 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

ACCOUNT_ADAPTER = "organisations.comptes.adaptateur.Adaptateur"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# L'adresse donnée par le CQEN, ou prouvée par une invitation, est réputée vérifiée: aucune ligne `EmailAddress`.
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ALLOW_UNVERIFIED_EMAIL = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# Un seul poste ne peut épuiser les essais d'un compte: la personne honnête entre pendant qu'il s'acharne.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,20/m/key", "code": "5/m/ip,10/m/key"}
ACCOUNT_FORMS = {
    "login": "organisations.comptes.forms.Connexion",
    "reauthenticate": "organisations.comptes.forms.Reauthentification",
    "change_password": "organisations.comptes.forms.MotDePasse",
    "reset_password": "organisations.comptes.forms.Oubli",
    "reset_password_from_key": "organisations.comptes.forms.NouveauMotDePasse",
}
MFA_ADAPTER = "organisations.comptes.adaptateur.AdaptateurDuFacteur"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # sur un poste seulement
MFA_TOTP_ISSUER = "Baromètre numérique"
MFA_FORMS = {
    "authenticate": "organisations.comptes.forms.Code",
    "reauthenticate": "organisations.comptes.forms.CodeDeNouveau",
    "activate_totp": "organisations.comptes.forms.ActivationDuCode",
    "add_webauthn": "organisations.comptes.forms.CleDAcces",
    "login_webauthn": "organisations.comptes.forms.EntreeParCle",
    "authenticate_webauthn": "organisations.comptes.forms.CleApresMotDePasse",
    "reauthenticate_webauthn": "organisations.comptes.forms.CleDeNouveau",
}

# OpenID Connect, si OIDC_CLIENT est posé.
SOCIALACCOUNT_ADAPTER = "organisations.comptes.adaptateur.AdaptateurOIDC"
OIDC_ORIGINE = []
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [], "OAUTH_PKCE_ENABLED": True}}
if OIDC_CLIENT := env.str("OIDC_CLIENT", ""):
    OIDC_SECRET = exiger("OIDC_SECRET", "OIDC_CLIENT est posé : le fournisseur vous a aussi donné un secret.")
    OIDC_SERVEUR = exiger("OIDC_SERVEUR", "C'est l'adresse de découverte du fournisseur.")
    OIDC_ORIGINE = [lire("OIDC_SERVEUR", site, "", "https://connexion.exemple.quebec/realms/etat.")]
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": "oidc",
            "name": env.str("OIDC_NOM", "votre organisation"),
            "client_id": OIDC_CLIENT,
            "secret": OIDC_SECRET,
            "settings": {"server_url": OIDC_SERVEUR},
        }
    ]

# --- courriel --------------------------------------------------------------------------------------------------------
# Jamais la console: un courriel n'a pas sa place dans un journal.
vars().update(
    lire(
        "EMAIL_URL",
        env.email_url_config,
        f"filemail:///{RACINE / 'var' / 'courriels'}",
        "smtp+tls://utilisateur:secret@hote:587 ou filemail:////chemin.",
    )
)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("COURRIEL_EXPEDITEUR", "barometre@localhost")
EMAIL_TIMEOUT = 10  # un serveur de courriel muet ne retient ni une page ni les rappels
# À qui le public écrit, et où lire le code si un lieu le publie.
CONTACT = env.str("CONTACT", "") or parseaddr(DEFAULT_FROM_EMAIL)[1]
CODE_SOURCE = lire("CODE_SOURCE", adresse_ou_rien, "", "https://forge.exemple.quebec/barometre.")
# Où mènent les liens des courriels et du calendrier, écrits sans qu'aucune demande dise le nom du site.
ADRESSE_DU_SITE = lire("ADRESSE_DU_SITE", site, "http://127.0.0.1:8000", "https://barometre.exemple.quebec.")

# --- langue et temps -------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
# Sans lui, le site est entier en français, et /en/ n'existe pas.
ANGLAIS = lire("BAROMETRE_ANGLAIS", oui_ou_non, "1", "1 ou 0.")
LANGUAGES = [("fr", "Français"), *([("en", "English")] if ANGLAIS else [])]
FORMAT_MODULE_PATH = ["barometre.formats_regionaux"]
LOCALE_PATHS = [RACINE / "barometre" / "locale"]
TIME_ZONE = "America/Toronto"
USE_TZ = True
# En démonstration seulement: l'instant où se place le monde d'exemple.
HORLOGE = lire("HORLOGE", instant_ou_rien, "", "un instant, comme 2023-08-04T14:00:00+00:00.")

# --- statique et cache des pages -------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(RACINE / "static-servis")))
STATICFILES_DIRS = [RACINE / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "barometre.statique.DePlotly",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "barometre.statique.Rangement"},
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
        # Un navigateur tient aussi compte des redirections: le formulaire d'entrée mène au fournisseur OIDC.
        "form-action": [SELF, *OIDC_ORIGINE],
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
CSRF_FAILURE_VIEW = "barometre.views.erreurs.formulaire_refuse"
X_FRAME_OPTIONS = "DENY"
# Combien de mandataires ajoutent leur ligne à X-Forwarded-For: l'adresse limitée est celle qu'a vue le premier.
ALLAUTH_TRUSTED_PROXY_COUNT = lire("DERRIERE_UN_MANDATAIRE", au_moins(0), "0", "le nombre de mandataires, ou 0.")
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "numero": {"()": "barometre.journal.Numero"},
        "sans_jeton": {"()": "barometre.journal.plus_tard", "chemin": "organisations.equipe.jeton.SansJeton"},
    },
    "formatters": {"ligne": {"format": "%(asctime)s %(levelname)s %(requete)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["numero"], "formatter": "ligne"}},
    # Au niveau DEBUG, il écrit tout ce qu'une page sait: adresses et jetons compris.
    "loggers": {
        "django.template": {"level": "INFO"},
        "django.request": {"filters": ["sans_jeton"]},
        "django.security.csrf": {"filters": ["sans_jeton"]},
        "django.server": {"filters": ["sans_jeton"], "propagate": True},
    },
    "root": {
        "handlers": ["console"],
        "level": lire("NIVEAU_DE_JOURNAL", niveau, "INFO", "DEBUG, INFO, WARNING ou ERROR."),
    },
}
