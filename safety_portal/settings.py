"""The portal's settings: one file, read from the environment (see ``.env.example``).

Secure by default: with nothing set, ``DEBUG`` is off and the portal refuses to start without a
``SECRET_KEY``. ``make run`` sets what a first look needs.
"""

import logging
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env, EnvError

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)


def _required(name: str, hint: str) -> str:
    """Return the variable ``name``, or stop with a sentence that says how to set it."""
    value = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {hint}")
    return value


try:
    # --- Basics ---------------------------------------------------------------------------
    DEBUG = env.bool("DEBUG", False)
    SECRET_KEY = _required(
        "SECRET_KEY", "Put a long random text in the environment or in .env; `make run` makes its own."
    )
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1"])
    CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
    VAR_DIR = Path(env.str("VAR_DIR", str(VAR_DIR)))
    REDIS_URL = env.str("REDIS_URL", "")
    DATABASE_URL = env.str("DATABASE_URL", f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")
    DATABASES = {"default": env.dj_db_url("DATABASE_URL", DATABASE_URL)}
    HTTPS = env.bool("HTTPS", not DEBUG)
    EMAIL = env.dj_email_url("EMAIL_URL", "console:")
    DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "trygghetsportalen@example.se")
    LOG_LEVEL = env.log_level("LOG_LEVEL", logging.INFO)
    # Seconds that a worker may hold a job before another may take it; renewed by its heartbeat.
    JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", 60)
    # Seconds between two looks for work that was left lying (outbox rows, expired leases).
    SWEEP_SECONDS = env.float("SWEEP_SECONDS", 15.0)
except EnvError as error:
    raise ImproperlyConfigured(f"{error} See .env.example for what each variable means.") from error

VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- Database -----------------------------------------------------------------------------
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A first look only: WAL lets the web and the worker share the file, IMMEDIATE takes the
    # write lock at BEGIN, so that no transaction fails half way with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Apps ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "followup",
    "actionplans",
    "risks",
    "incidents",
    "policies",
    "organisation",
    "notifications",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "guardian",
    "simple_history",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "organisation.middleware.NoStoreMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "organisation.middleware.TreeOfTodayMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]
ROOT_URLCONF = "safety_portal.urls"
WSGI_APPLICATION = "safety_portal.wsgi.application"
FORM_RENDERER = "safety_portal.forms.PortalRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "organisation.context_processors.portal",
            ],
        },
    },
]

# --- People and log-in --------------------------------------------------------------------
AUTH_USER_MODEL = "organisation.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "organisation.access.ScopeBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "organisation.accounts.LocalAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "safety_portal.account_forms.LoginForm",
    "reset_password": "safety_portal.account_forms.ResetPasswordForm",
    "reset_password_from_key": "safety_portal.account_forms.ResetPasswordKeyForm",
    "change_password": "safety_portal.account_forms.ChangePasswordForm",
    "set_password": "safety_portal.account_forms.SetPasswordForm",
    "reauthenticate": "safety_portal.account_forms.ReauthenticateForm",
}
# Guardian keeps no anonymous user: who is not logged in has no grants.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False

# --- Language, time -----------------------------------------------------------------------
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["safety_portal.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"
USE_THOUSAND_SEPARATOR = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- Static and stored files --------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static" / "build"]
MEDIA_ROOT = VAR_DIR / "files"
STORAGES = {
    # Private: no URL serves this folder; a view sends a file after its own rights check.
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

# --- Work in the background ---------------------------------------------------------------
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, int | str]
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # Above the longest task; a lost worker's message comes back after this.
        "visibility_timeout": 900,
        "unacked_restore_limit": 100,
        # An enqueue must never hold a request: the outbox row is the promise, this the hurry.
        "socket_connect_timeout": 1,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0,
        "socket_timeout": 30,
    }
else:
    _broker = VAR_DIR / "broker"
    for _folder in ("messages", "control", "processed"):
        (_broker / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker / "messages"),
        "data_folder_out": str(_broker / "messages"),
        "control_folder": str(_broker / "control"),
        "processed_folder": str(_broker / "processed"),
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SOFT_TIME_LIMIT = 600
CELERY_TASK_TIME_LIMIT = 660
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep-outbox": {"task": "notifications.tasks.sweep_outbox", "schedule": SWEEP_SECONDS},
    "beat-heart": {"task": "notifications.tasks.beat_heart", "schedule": SWEEP_SECONDS},
    "reclaim-jobs": {"task": "followup.tasks.reclaim_jobs", "schedule": SWEEP_SECONDS},
    "end-report-drafts": {"task": "incidents.tasks.end_drafts", "schedule": 3600.0},
    # A rule about persons may come into force at midnight; the list follows within the hour.
    "rank-risks": {"task": "risks.tasks.rank_by_new_rules", "schedule": 3600.0},
}

# --- Mail ---------------------------------------------------------------------------------
EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10

# --- Security -----------------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS and env.bool("HTTPS_REDIRECT", True)
# Health checks ask the process itself, by plain http.
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 60 * 60
# In the database, so that a report is taken also while Redis is down.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CSRF_FAILURE_VIEW = "safety_portal.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
# W005, W021: the municipality's other subdomains and the preload list are not the portal's to decide.
# W008: the redirect to https may be the proxy's. guardian.W001: rights are answered by our own backend.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021", "guardian.W001"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

# Only log-in rate limits use a cache; it must work while Redis is down.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Logs: structured, one JSON object a line, never a person's name or a case's text --------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "safety_portal.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
