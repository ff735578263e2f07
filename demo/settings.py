"""Where the platform keeps its things, and where it finds Privet; read from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SITE = "hedgerow"
"""The platform's name at Privet: the issuer of its identity tokens."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One installation of the platform."""

    home: Path
    privet_url: str
    """Where the server API answers; no slash at the end."""
    site: str = SITE
    trusted_proxies: frozenset[str] = frozenset()
    """Addresses whose ``X-Forwarded-For`` is believed."""

    @property
    def database(self) -> Path:
        """The platform's own SQLite file."""
        return self.home / "hedgerow.sqlite3"

    @property
    def identity_key(self) -> Path:
        """The private Ed25519 key (PEM) under which identity tokens are signed."""
        return self.home / "identity-key.pem"

    @property
    def api_key(self) -> Path:
        """The file that holds the key of Privet's server API."""
        return self.home / "privet-api-key"


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read ``HEDGEROW_HOME``, ``HEDGEROW_PRIVET_URL`` and ``HEDGEROW_TRUSTED_PROXIES``."""
    return Settings(
        home=Path(environ.get("HEDGEROW_HOME", Path(__file__).parent / "var")).absolute(),
        privet_url=environ.get("HEDGEROW_PRIVET_URL", "http://127.0.0.1:8000").rstrip("/"),
        trusted_proxies=frozenset(environ.get("HEDGEROW_TRUSTED_PROXIES", "").split()),
    )
