"""Django's settings, made from Privet's configuration."""

from urllib.parse import unquote, urlsplit

from privet.kernel.config import read_config
from privet.kernel.crypto import KeyRing

CONFIG = read_config()

SECRET_KEY = KeyRing(CONFIG.keys).signing_key("django").hex()
DEBUG = CONFIG.debug
ALLOWED_HOSTS = [urlsplit(CONFIG.public_url).hostname or "localhost", "127.0.0.1", "localhost"]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Account"
ROOT_URLCONF = "privet.web.urls"
STATIC_URL = "/static/privet/"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "privet.accounts",
    "privet.consent",
    "privet.events",
    "privet.intake",
    "privet.audit",
]


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:] if parts.path.startswith("//") else parts.path),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
    }


DATABASES = {"default": _database(CONFIG.database_url)}
