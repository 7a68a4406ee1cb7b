"""Settings from the environment, safe by default. Production refuses what is unsafe and says which."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlparse

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.web.secrets import secret_key

HOME = Path(os.environ.get("WHATWORKS_HOME", "centre")).resolve()
PARTICIPANTS = Path(
    os.environ.get("WHATWORKS_PARTICIPANTS") or HOME / "participants"
).resolve()  # rows of people: never in the database
PRODUCTION = os.environ.get("WHATWORKS_MODE", "local") == "production"
BASE_URL = os.environ.get("WHATWORKS_URL", "http://127.0.0.1:8000").rstrip("/")

DEBUG = False
SECRET_KEY = os.environ.get("WHATWORKS_SECRET_KEY") or secret_key(HOME)
ALLOWED_HOSTS = [urlparse(BASE_URL).hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]


def _database(url: str) -> dict[str, object]:
    if not url:
        return {
            "ENGINE": "whatworks.ledger.sqlite",
            "NAME": HOME / "centre.sqlite3",
            "OPTIONS": {
                # A reader never waits; a writer takes the one write lock at once instead of failing half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                " PRAGMA cache_size=-32000;",
            },
        }
    parts = urlparse(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise InputError(
            said("DATABASE_URL must start with postgresql://; leave it empty to use SQLite in the centre's folder.")
        )
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": query.get("port", str(parts.port or "")),
        "CONN_MAX_AGE": 60,
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOMS = [
    "ledger",
    "people",
    "scope",
    "contact",
    "collate",
    "baseline",
    "screen",
    "extract",
    "synthesise",
    "rate",
    "trial",
    "publish",
    "commission",
    "convene",
    "implement",
    "decide",
    "learn",
    "archive",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "whatworks.web.apps.WebConfig",  # before the sign-in library, so that its pages have our look
    "allauth",
    "allauth.account",
    *(f"whatworks.{room}.apps.{room.capitalize()}Config" for room in ROOMS),
]
MIDDLEWARE = [
    "whatworks.web.middleware.guard",  # outermost, so that redirects and errors carry its headers too
    "whatworks.web.compressing.compress",
    "django.middleware.security.SecurityMiddleware",
    "whatworks.web.storing.store",  # inside what sends to https, outside all that opens a session
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "whatworks.web.explaining.explain",  # innermost: what is measured and kept is the page as readers get it
]
ROOT_URLCONF = "whatworks.web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            # every text of every template goes through translation, and so does what methods made in English
            "builtins": ["django.templatetags.i18n", "whatworks.web.templatetags.speaking"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "whatworks.web.context.house",
            ],
        },
    }
]

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "whatworks.web.accounts.ClosedAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workspace"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
EMAIL_BACKEND = os.environ.get("WHATWORKS_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = os.environ.get("WHATWORKS_EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("WHATWORKS_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("WHATWORKS_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("WHATWORKS_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("WHATWORKS_EMAIL_TLS", "") == "yes"
EMAIL_TIMEOUT = 20  # seconds for one answer of the mail server
DEFAULT_FROM_EMAIL = os.environ.get("WHATWORKS_EMAIL_FROM", "whatworks@localhost")

# Searches that a machine runs again: who asks, which key, how many requests at most, and other addresses of the services.
ONLINE = {
    "WHATWORKS_MAILTO": os.environ.get("WHATWORKS_MAILTO", ""),
    "WHATWORKS_OPENALEX_KEY": os.environ.get("WHATWORKS_OPENALEX_KEY", ""),
    "requests": os.environ.get("WHATWORKS_ONLINE_REQUESTS", "100"),
    "openalex": os.environ.get("WHATWORKS_OPENALEX_URL", ""),
    "crossref": os.environ.get("WHATWORKS_CROSSREF_URL", ""),
    "statistics": os.environ.get("WHATWORKS_STATISTICS_URL", ""),
}

# A centre speaks one language: its pages are kept and published, the same for every reader.
LANGUAGE_CODE = os.environ.get("WHATWORKS_LANGUAGE") or "en-gb"
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "locale"]
if LANGUAGE_CODE not in dict(LANGUAGES):
    raise InputError(
        said(
            "WHATWORKS_LANGUAGE is “%(language_code)s”; choose one of %(languages)s.",
            language_code=LANGUAGE_CODE,
            languages=", ".join(dict(LANGUAGES)),
        )
    )
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 50 * 1024 * 1024

if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    if not BASE_URL.startswith("https://"):
        raise InputError(
            said("Production needs WHATWORKS_URL with https, such as https://evidence.example.org; it is not set so.")
        )
    if not os.environ.get("WHATWORKS_SECRET_KEY"):
        raise InputError(
            said("Production needs WHATWORKS_SECRET_KEY (50 random characters or more) in the environment.")
        )
    if len(SECRET_KEY) < 50:
        raise InputError(
            said("WHATWORKS_SECRET_KEY has %(count)s characters; production needs 50 or more.", count=len(SECRET_KEY))
        )

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
