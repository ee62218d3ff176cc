"""The portal's settings: one file, read from the environment (see ``.env.example``).

Secure by default: with nothing set, ``DEBUG`` is off and the portal refuses to start without a
``SECRET_KEY``. ``make run`` sets what a first look needs.
"""

import logging
from pathlib import Path

from celery.schedules import crontab
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
    SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1"])
    CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
    VAR_DIR = Path(env.str("VAR_DIR", str(VAR_DIR)))
    REDIS_URL = env.str("REDIS_URL", "")
    DATABASE_URL = env.str("DATABASE_URL", f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")
    DATABASES = {"default": env.dj_db_url("DATABASE_URL", DATABASE_URL)}
    HTTPS = env.bool("HTTPS", not DEBUG)
    BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
    EMAIL = env.dj_email_url("EMAIL_URL", "console:")
    DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "trygghetsportalen@example.se")
    LOG_LEVEL = env.log_level("LOG_LEVEL", logging.INFO)
    # Seconds that a worker may hold a job before another may take it; renewed by its heartbeat.
    JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", 60)
    # Seconds between two looks for work that was left lying (outbox rows, expired leases).
    SWEEP_SECONDS = env.float("SWEEP_SECONDS", 15.0)
    # Where people reach the portal, for links in what is sent to other systems; a path alone while it is not set.
    PORTAL_URL = env.str("PORTAL_URL", "")
    # The municipality's alarm service, which an escalated case is posted to (docs/escalation.md).
    ESCALATION_WEBHOOK_URL = env.str("ESCALATION_WEBHOOK_URL", "")
    ESCALATION_WEBHOOK_SECRET = env.str("ESCALATION_WEBHOOK_SECRET", "")
    # The virus scanner's daemon: "unix:/path" or "tcp://host:port". Empty: files wait and nobody opens them. "off":
    # they are opened unscanned, and the pages say so.
    CLAMD = env.str("CLAMD", "")
    LARGEST_FILE_MB = env.int("LARGEST_FILE_MB", 10)
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
    "attachments",
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
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
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
    "organisation.middleware.FormErrorMiddleware",
    "organisation.middleware.TodayMiddleware",
    "organisation.middleware.SecondFactorMiddleware",
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
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "organisation.login.password_rules.NotTheMunicipality"},
]
# Seconds for which a link to a new password works.
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
# The address of who asks is what the one proxy in front says; without a proxy, what the connection says.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
ACCOUNT_ADAPTER = "organisation.login.local.LocalAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Django's own: the library's would keep a second copy of each address, by which people could log in.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
# Amount/period/of what. Only failed attempts count, so that a whole municipality behind one address gets in. The
# counters lie in the database (CACHES): without it nobody logs in.
ACCOUNT_RATE_LIMITS: dict[str, str | None] = {
    # Right passwords are not limited.
    "login": None,
    # Failed: one account from one address; one account from anywhere, and one address. Codes count as accounts do.
    "login_failed_here": "5/5m/key",
    "login_failed": "10/5m/key,100/d/key,300/5m/ip",
    "reset_password": "300/5m/ip,5/h/key",
    "reset_password_from_key": "300/5m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ACCOUNT_FORMS = {
    "login": "safety_portal.account_forms.LoginForm",
    "reset_password": "safety_portal.account_forms.ResetPasswordForm",
    "reset_password_from_key": "safety_portal.account_forms.ResetPasswordKeyForm",
    "change_password": "safety_portal.account_forms.ChangePasswordForm",
    "set_password": "safety_portal.account_forms.SetPasswordForm",
    "reauthenticate": "safety_portal.account_forms.ReauthenticateForm",
}
# The municipality's own provider (OpenID Connect, SAML); which ones there are is data: manage.py login_provider.
SOCIALACCOUNT_ADAPTER = "organisation.login.provided.ProvidedLoginAdapter"
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {}
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
# A link and not a form: see organisation/views/provided_login.py.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_QUERY_EMAIL = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
# The second factor.
MFA_ADAPTER = "organisation.login.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Addresses are the employer's word and never verified by mail.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODE_DIGITS = 8
MFA_TOTP_DIGITS = 6
MFA_TOTP_PERIOD = 30
# Periods that a code may be early or late; each code works once all the same.
MFA_TOTP_TOLERANCE = 1
MFA_TRUST_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
MFA_FORMS = {
    "authenticate": "safety_portal.account_forms.GiveCodeForm",
    "reauthenticate": "safety_portal.account_forms.ConfirmByCodeForm",
    "activate_totp": "safety_portal.account_forms.AddAppForm",
    "authenticate_webauthn": "safety_portal.account_forms.GivePasskeyForm",
    "login_webauthn": "safety_portal.account_forms.LoginByPasskeyForm",
    "reauthenticate_webauthn": "safety_portal.account_forms.ConfirmByPasskeyForm",
    "add_webauthn": "safety_portal.account_forms.AddPasskeyForm",
    "edit_webauthn": "safety_portal.account_forms.NamePasskeyForm",
}
# Which sessions there are is written once, at log-in; following each page would cost two queries a page.
USERSESSIONS_TRACK_ACTIVITY = False
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
    "reclaim-jobs": {"task": "notifications.tasks.reclaim_jobs", "schedule": SWEEP_SECONDS},
    "sweep-report-files": {"task": "followup.tasks.sweep_files", "schedule": SWEEP_SECONDS},
    "sweep-person-exports": {"task": "incidents.tasks.sweep_exports", "schedule": 3600.0},
    # An authority must be told within hours: whoever handles the case is told in time.
    "watch-clocks": {"task": "incidents.tasks.watch_clocks", "schedule": 600.0},
    "end-report-drafts": {"task": "incidents.tasks.end_drafts", "schedule": 3600.0},
    # Whoever has not opened a case is reminded, and then the next in line gets it.
    "look-after-cases": {"task": "incidents.tasks.look_after_cases", "schedule": 3600.0},
    "forget-code-lookups": {"task": "incidents.tasks.forget_lookups", "schedule": 3600.0},
    "forget-old-sessions": {"task": "organisation.tasks.forget_old_sessions", "schedule": 3600.0},
    "end-old-imports": {"task": "organisation.tasks.end_old_imports", "schedule": 3600.0},
    # Monday morning, when somebody is at work to do something about it; weekly, not daily nagging.
    "remind-appointers": {
        "task": "organisation.tasks.remind_appointers",
        "schedule": crontab(day_of_week="mon", hour="7", minute="0"),
    },
    "sweep-chart-papers": {"task": "organisation.tasks.sweep_papers", "schedule": crontab(hour="3", minute="10")},
    "count-vacancies-anew": {
        "task": "organisation.tasks.count_vacancies_anew",
        "schedule": crontab(hour="2", minute="20"),
    },
    # Whoever does not answer an escalated case in time is followed by the next in line.
    "call-next": {"task": "incidents.tasks.call_next", "schedule": 60.0},
    # In the daytime, when a kind word is welcome and somebody is there to be called; more than once, as machines stop.
    "offer-support-again": {
        "task": "incidents.tasks.offer_support_again",
        "schedule": crontab(hour="8-16/2", minute="25"),
    },
    # Files that wait since the scanner was down, and stored bytes that no row points to.
    "scan-waiting-files": {"task": "attachments.tasks.scan_waiting", "schedule": 60.0},
    "sweep-files": {"task": "attachments.tasks.sweep_files", "schedule": crontab(hour="3", minute="30")},
    "end-case-imports": {"task": "incidents.tasks.end_case_imports", "schedule": 3600.0},
    # Each morning of January, so that no machine that stood still costs a year; each authority is asked once.
    "propose-disposals": {
        "task": "incidents.tasks.propose_disposals",
        "schedule": crontab(month_of_year="1", hour="6", minute="0"),
    },
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
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 60 * 60
# Also after a log-in by the municipality's provider: on a shared computer, closing the browser is leaving.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Sent along when the provider leads back here, and never with another site's form.
SESSION_COOKIE_SAMESITE = "Lax"
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
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# Of one file, in bytes, before it is checked (attachments/services.py).
LARGEST_FILE = LARGEST_FILE_MB * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    # First: drops what no form would take, so that nobody fills the disk.
    "attachments.uploads.CountingUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Attempts to log in are counted here, by all processes together and also while Redis is down. The table comes with
# the migrations (organisation.CacheRow).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        # Above what honest use can fill: when it is full, old counters make room, also those still counting.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

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
