"""Settings of the Rutin project, all from the environment, safe by default."""

import warnings
from pathlib import Path
from urllib.parse import urlsplit

import bootstrap_wrapper
from csp.constants import NONE, SELF
from django.urls import reverse_lazy

from diagnostics import __version__
from diagnostics.project.catalogues import read_states
from diagnostics.project.environment import (
    bounce_mailbox,
    database,
    database_folder,
    environment,
    key_folder,
    mail_server,
    report_paper,
    require_key_folders,
    secret_key,
    shared_secret,
    site_url,
    trusted_proxies,
)
from diagnostics.project.layout import BASE_DIR, LOCALE_DIR, TEMPLATE_DIR
from survey.mail.mailboxes import LOOPBACK
from survey.policy import WRONG_PASSWORDS, WRONG_PASSWORDS_SPAN

DEBUG = environment.bool("DEBUG", False)
SOFTWARE_VERSION = __version__  # noted in every release
SECRET_KEY = secret_key(debug=DEBUG)
SITE_URL = site_url(debug=DEBUG)
SITE_IS_HTTPS = SITE_URL.startswith("https://")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
ALLOWED_HOSTS = environment.list("ALLOWED_HOSTS", default=[SITE_HOST])
if SITE_HOST in LOOPBACK:
    ALLOWED_HOSTS += sorted(LOOPBACK - {"::1"})

INSTALLED_APPS = [
    "diagnostics",
    "survey",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "survey.middleware.NoKeys",
    "survey.proxies.TrustedProxies",
    "survey.middleware.LinkWithoutReferrer",
    "survey.large_bodies.SmallBodies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "survey.middleware.NothingIsKept",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "survey.kept_posts.SignInRequired",
    "survey.middleware.UserLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "survey.kept_posts.KeptPosts",
    "survey.middleware.AnswersAreDeleted",
    "survey.middleware.DocumentIsUnreadable",
]

ROOT_URLCONF = "diagnostics.urls"
WSGI_APPLICATION = "diagnostics.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [TEMPLATE_DIR],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

VAR_DIR = Path(environment.str("VAR_DIR", str(BASE_DIR / "var")))
DATABASES = {"default": database(VAR_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []

AUTH_USER_MODEL = "survey.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# Account and address together: a company behind one address is never locked out by one of them,
# and nobody elsewhere can lock somebody's account.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"  # of our form; the model calls it email
AXES_CLIENT_IP_CALLABLE = "survey.throttling.sign_in.sign_in_address"
AXES_FAILURE_LIMIT = WRONG_PASSWORDS
AXES_COOLOFF_TIME = WRONG_PASSWORDS_SPAN
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_DISABLE_ACCESS_LOG = True  # no record of who signed in from where
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("survey:account-sign-in")
LOGIN_REDIRECT_URL = reverse_lazy("diagnostics:home")
LOGOUT_REDIRECT_URL = reverse_lazy("survey:account-sign-in")
# In seconds. A day, since a link may be read by others than its owner; a leader who was on holiday
# is told on the link's page how to get a new one.
PASSWORD_RESET_TIMEOUT = 24 * 3600

LANGUAGE_CODE = "en"
LOCALE_PATHS = [LOCALE_DIR]
FORMAT_MODULE_PATH = ["diagnostics.project.formats"]
# Only whole languages are offered: a page half in one and half in another is worse than English.
CATALOGUES = {code: state for code, state in read_states().items() if state.is_whole}
TRANSLATIONS = [("fi", "Suomi"), ("sv", "Svenska"), ("de", "Deutsch")]
LANGUAGES = [("en", "English"), *(pair for pair in TRANSLATIONS if pair[0] in CATALOGUES)]
UNCHECKED_LANGUAGES = {code for code, state in CATALOGUES.items() if not state.checked_by}
LANGUAGE_COOKIE_SECURE = SITE_IS_HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
TIME_ZONE = environment.str("TIME_ZONE", "UTC")
USE_TZ = True

KEY_DIR = key_folder(debug=DEBUG, folder=VAR_DIR)
# A second copy, best on another disk, so that one lost file does not lose a campaign.
KEY_COPY_DIR = environment.str("KEY_COPY_DIR", "")
KEY_COPY_IS_REQUIRED = not DEBUG  # of campaigns without a passphrase of the works council
# On somebody's own machine, as in the demonstration, web server and worker are one account's.
KEYS_ARE_APART = not DEBUG and SITE_HOST not in LOOPBACK
REPORT_DIR = Path(environment.str("REPORT_DIR", str(VAR_DIR / "reports")))
# Where worker and web server are two accounts, a group is what they share.
REPORT_MODE = 0o640 if environment.bool("REPORTS_FOR_GROUP", False) else 0o600
REPORT_PAPER = report_paper()

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [("bootstrap", bootstrap_wrapper.get_bootstrap_dir())]
# Without a collected folder (development, demonstration, tests) files come from the finders:
# hashed names would then answer 404 and a page would pass every check without its style.
STATIC_IS_COLLECTED = (STATIC_ROOT / "staticfiles.json").exists() and not DEBUG
WHITENOISE_USE_FINDERS = not STATIC_IS_COLLECTED
warnings.filterwarnings("ignore", "No directory at", UserWarning)  # WhiteNoise, where not collected
WHITENOISE_AUTOREFRESH = DEBUG
require_key_folders(
    {"KEY_DIR": KEY_DIR, "KEY_COPY_DIR": KEY_COPY_DIR},
    apart_from={
        "the database": database_folder(DATABASES["default"]),
        "REPORT_DIR": REPORT_DIR,
        "STATIC_ROOT": STATIC_ROOT,
    },
    debug=DEBUG,
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "reports": {
        "BACKEND": "diagnostics.jobs.storage.WholeFileStorage",
        "OPTIONS": {
            "location": REPORT_DIR,
            "file_permissions_mode": REPORT_MODE,
            "allow_overwrite": True,  # what is made anew takes the place of what lies there
        },
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if environment.bool("COLLECT_STATIC", STATIC_IS_COLLECTED)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

vars().update(mail_server(debug=DEBUG))
# Reports of mail that did not arrive: the sender's address they go to, where they are read, and
# the secret of a mail service that sends them here instead.
BOUNCE_ADDRESS = environment.str("BOUNCE_ADDRESS", "")
BOUNCE_MAILBOX = bounce_mailbox()
BOUNCE_WEBHOOK_SECRET = shared_secret("BOUNCE_WEBHOOK_SECRET")
DEFAULT_FROM_EMAIL = environment.str("DEFAULT_FROM_EMAIL", f"Rutin <rutin@{SITE_HOST}>")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
TASK_LEASE_SECONDS = 120  # a worker renews its lease every quarter of this
TASK_MAX_ATTEMPTS = 3
GRACE_SECONDS = environment.int("GRACE_SECONDS", 600)  # read only while DEBUG is on
TICK_SECONDS = 60  # how often the worker looks for scheduled work

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SITE_IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "survey.kept_posts.csrf_failure"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SITE_IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SITE_IS_HTTPS
# What survey.proxies believes; it settles the scheme, so Django itself reads no header.
TRUSTED_PROXIES = trusted_proxies()
SECURE_PROXY_SSL_HEADER = None
USE_X_FORWARDED_HOST = USE_X_FORWARDED_PORT = False
# Not "no-referrer": browsers then post with "Origin: null", which the CSRF check must refuse.
# Addresses that hold a secret answer more strictly: survey.middleware.LinkWithoutReferrer.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # bytes, of fields; a file has a limit of its own
UPLOAD_MAX_BYTES = 12 * 1024 * 1024  # of a whole form: two files of 5 MB, and its fields
# A number for each function of 2,000 units, and some: the page of people without e-mail.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4100
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"tokens": {"()": "survey.logging.TokenRedaction"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["tokens"]}},
    "root": {"handlers": ["console"], "level": environment.str("LOG_LEVEL", "INFO")},
    # Django's own handlers lack our filter and would print /s/<token>: all goes to the root's.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # Its worker tells at every look at an empty queue that it found nothing.
        "django_tasks_db": {"level": "ERROR"},
        # It tells of every sign-in, and names nobody.
        "axes": {"level": "WARNING"},
        # Both tell every step of every page that they make.
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
