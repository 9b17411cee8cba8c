"""All settings. What a company tunes (levels, calendars, prices, texts, procedures) is data, not settings.

BAOXIU_HOME         folder of database, attachments and secret (default: ./var)
DATABASE_URL        postgres://… ; default: SQLite in BAOXIU_HOME
BAOXIU_SECRET_KEY   default: made at first start, kept in BAOXIU_HOME/secret_key
BAOXIU_SIGNING_KEY  default: made at first start, kept in BAOXIU_HOME/signing_key; certificates are signed with it
BAOXIU_HOSTS        comma-separated host names served (default: loopback)
BAOXIU_ORIGIN       public address in messages, e.g. https://service.example.com
BAOXIU_HTTPS        1 behind TLS: secure cookies, HSTS (default 0)
BAOXIU_DEMO         1: sample accounts, one-click sign-in, loopback only (set by `baoxiu demo`)
BAOXIU_DEBUG        1: development error pages
BAOXIU_LANGUAGE     zh-hans (default) or en: the first language of the interface
BAOXIU_TIME_ZONE    default Asia/Shanghai
BAOXIU_COMPANY      the company's name on pages and documents
BAOXIU_MAIL_URL     smtp://user:password@host:port or smtps://… ; empty: messages wait in the outbox
BAOXIU_MAIL_FROM    sender of messages
BAOXIU_PAYMENT_URL  the payment gateway's page for customers; empty: no online payment
BAOXIU_PAYMENT_SECRET  shared with the gateway: signs orders and notices
BAOXIU_SMS_URL      aliyun://key:secret@host?sign=name: the SMS provider; empty: no text messages
BAOXIU_REDIS_URL    redis://host:6379/0: wakes workers on other machines at once; empty: they look once a second
BAOXIU_OSRM_URL     http://host:5000 of the company's own OSRM road server, asked when a day is planned; empty: none
BAOXIU_UPLOAD_MB    largest attachment in megabytes (default 20)
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url

from baoxiu.config import env

PACKAGE = Path(__file__).resolve().parent.parent
HOME = env.folder("HOME", Path.cwd() / "var")
DEMO = env.flag("DEMO")
DEBUG = env.flag("DEBUG")
HTTPS = env.flag("HTTPS")
SECRET_KEY = env.secret("SECRET_KEY", HOME / "secret_key")
SIGNING_KEY = env.secret("SIGNING_KEY", HOME / "signing_key")
ALLOWED_HOSTS = env.words("HOSTS", "127.0.0.1,localhost,[::1]")
ORIGIN = env.text("ORIGIN", "http://127.0.0.1:8000")
COMPANY = env.text("COMPANY", "宝修电器" if DEMO else "Baoxiu")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "axes",
    "ninja",
    "baoxiu.people",
    "baoxiu.jobs",
    "baoxiu.catalogue",
    "baoxiu.parts",
    "baoxiu.terms",
    "baoxiu.service_levels",
    "baoxiu.confidentiality",
    "baoxiu.cases",
    "baoxiu.intake",
    "baoxiu.registrations",
    "baoxiu.triage",
    "baoxiu.dispatch",
    "baoxiu.visits",
    "baoxiu.depot",
    "baoxiu.repair",
    "baoxiu.charges",
    "baoxiu.followups",
    "baoxiu.supervision",
    "baoxiu.notify",
    "baoxiu.clocks",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "baoxiu.faces.common.middleware.Compressed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "baoxiu.faces.common.middleware.language",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "baoxiu.faces.common.middleware.audience",
    "baoxiu.faces.common.middleware.unstorable",
    "baoxiu.faces.common.middleware.headers",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "baoxiu.config.urls"
WSGI_APPLICATION = "baoxiu.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "faces" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "baoxiu.faces.common.jinja.environment",
            "context_processors": ["baoxiu.faces.common.jinja.one_token"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

_SQLITE = {
    "ENGINE": "baoxiu.config.sqlite",
    "NAME": HOME / "baoxiu.sqlite3",
    "CONN_MAX_AGE": None,
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-2000; "
        "PRAGMA wal_autocheckpoint=4000; "
        "PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON;",
    },
    "TEST": {"NAME": HOME / "test.sqlite3"},
}
_url = os.environ.get("DATABASE_URL")
DATABASES = {
    "default": dj_database_url.parse(_url, conn_max_age=600, conn_health_checks=True) if _url else _SQLITE
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Staff"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "baoxiu.people.sessions.Backend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "baoxiu.faces.common.accounts.Adapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
# wrong passwords are counted by axes, per account and peer: nobody locks a colleague out from elsewhere
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": "120/m/ip"}
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = "baoxiu.faces.common.accounts.counted_by"
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "baoxiu.faces.common.accounts.peer"
AXES_USERNAME_CALLABLE = "baoxiu.faces.common.accounts.claimed_name"
AXES_LOCKOUT_CALLABLE = "baoxiu.faces.common.accounts.locked"
PASSWORD_RESET_TIMEOUT = 3600

SESSION_ENGINE = "baoxiu.people.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "__Host-baoxiu" if HTTPS else "baoxiu"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_IDLE_MINUTES = 120
# at most 2 kB of what was said and never shown: who only posts does not make his session grow
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = False
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "baoxiu.faces.common.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 600
FILE_UPLOAD_PERMISSIONS = 0o640

LANGUAGE_CODE = env.text("LANGUAGE", "zh-hans")
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT", Path.cwd() / "staticfiles")
STATICFILES_DIRS = [PACKAGE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MANIFEST_STRICT = False
ATTACHMENTS = HOME / "attachments"
UPLOAD_BYTES = env.number("UPLOAD_MB", 20) * 1_000_000

_mail = urlsplit(env.text("MAIL_URL"))
MAIL_CONFIGURED = bool(_mail.hostname)
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 25)
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_TIMEOUT = 10
SMS_URL = env.text("SMS_URL")
OSRM_URL = env.text("OSRM_URL")
REDIS_URL = env.address("REDIS_URL", "redis", "redis", "rediss", "unix")
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "service@localhost")

PAYMENT_URL = env.text("PAYMENT_URL")
PAYMENT_SECRET = env.text("PAYMENT_SECRET")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "baoxiu.faces.common.logs.OneLine",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "filters": {"no_tokens": {"()": "baoxiu.faces.common.logs.WithoutTokens"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_tokens"]}
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
