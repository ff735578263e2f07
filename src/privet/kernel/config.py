"""Settings that every process reads from the environment (see docs/reference/settings.md)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from privet.kernel.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class Config:
    """Where Privet keeps its things and how long it keeps them.

    ``home`` holds everything of one installation. Keys lie in a directory of their own, which
    must not be inside the lake.
    """

    home: Path
    lake: str
    """Path or object-store URL of the Delta table's directory."""
    keys: Path
    database_url: str
    """``sqlite:///path`` or ``postgresql://user:password@host/name``."""
    public_url: str = "http://127.0.0.1:8000"
    """The address under which browsers reach Privet; no slash at the end."""
    sealed_days: int = 30
    """How long raw addresses can be opened, in days."""
    debug: bool = False
    trusted_proxies: tuple[str, ...] = field(default=())
    """Networks (CIDR) whose ``X-Forwarded-For`` is believed."""

    @property
    def log(self) -> Path:
        """Directory of the durable log; each collector has a directory of its own in it."""
        return self.home / "log"

    @property
    def quarantine(self) -> Path:
        """Directory of damaged parts of segments."""
        return self.home / "quarantine"

    @property
    def live(self) -> Path:
        """Directory of the rings and counters that running collectors show."""
        return self.home / "live"

    @property
    def network(self) -> Path:
        """Directory of IP data that the operator put in place of the embedded one."""
        return self.home / "network"


def read_config(environ: Mapping[str, str] = os.environ) -> Config:
    """Read ``PRIVET_*``; raises `ConfigError` with the setting's name if one cannot be used."""
    home = Path(environ.get("PRIVET_HOME", "var")).absolute()
    return Config(
        home=home,
        lake=environ.get("PRIVET_LAKE", str(home / "lake")),
        keys=Path(environ.get("PRIVET_KEYS", home / "keys")).absolute(),
        database_url=environ.get("PRIVET_DATABASE_URL", f"sqlite:///{home / 'state.sqlite3'}"),
        public_url=environ.get("PRIVET_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
        sealed_days=_read_days(environ, "PRIVET_SEALED_DAYS", 30),
        debug=environ.get("PRIVET_DEBUG", "") == "1",
        trusted_proxies=tuple(environ.get("PRIVET_TRUSTED_PROXIES", "").split()),
    )


def _read_days(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, str(default))
    if not text.isdecimal() or int(text) < 1:
        raise ConfigError(
            f"{name} is not a number of days.", remedy="Set it to a whole number from 1 up."
        )
    return int(text)
