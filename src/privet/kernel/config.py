"""Settings that every process reads from the environment (see docs/reference/settings.md)."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
    """``sqlite:///path`` or ``postgresql://user:password@host/name?sslmode=verify-full``."""
    public_url: str = "http://127.0.0.1:8000"
    """The address under which browsers reach Privet; no slash at the end."""
    sealed_days: int = 30
    """How long raw addresses can be opened, in days."""
    client_requests_per_second: int = 300
    """How many requests one address may make for ever; ten times as many at once."""
    mail_url: str = ""
    """How mails leave, see `privet.post.transport`; empty: none are sent."""
    mail_from: str = ""
    """The address that mails come from."""
    names_who_looked: bool = False
    """Whether learners read the name of the member of staff who looked at their data."""
    anonymous_totals: tuple[str, ...] = ("opt_out",)
    """Where page views of those who allowed nothing are counted: regimes and countries."""
    consent_days: int = 183
    """How long a decision counts, refusals too, in days; then people are asked again."""
    case_reply_weeks: int = 3
    """How long a learner has to reply to an integrity case, in weeks."""
    case_appeal_weeks: int = 3
    """How long a learner has to appeal, in weeks."""
    case_lapse_weeks: int = 12
    """How long staff have for each step of a case, in weeks; then it closes for the learner."""
    case_keep_weeks: int = 26
    """How long the evidence of a closed case is kept, in weeks."""
    controller: str = ""
    """Who is responsible for the data, as policies name them: a name and a postal address."""
    contact: str = ""
    """Where people reach them: an e-mail address, or an address of the web."""
    policy_news_days: int = 30
    """For how many days a changed policy is announced to who has not seen it."""
    obeys_dnt: bool = False
    """Whether ``DNT: 1`` is obeyed like Global Privacy Control."""
    detects: bool = False
    """Whether the worker runs the detectors of integrity each night."""
    allowed_disparity: float = 2.0
    """How many times as often as others a group may be flagged before a detector is marked."""
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
    def totals(self) -> Path:
        """Directory of anonymous page totals that wait for the worker."""
        return self.home / "totals"

    @property
    def network(self) -> Path:
        """Directory of IP data that the operator put in place of the embedded one."""
        return self.home / "network"


def read_config(environ: Mapping[str, str] = os.environ) -> Config:
    """Read ``PRIVET_*``; raises `ConfigError` with the setting's name if one cannot be used.

    A setting that is there but empty counts as not set.
    """
    given = {name: value for name, value in environ.items() if value}
    home = Path(given.get("PRIVET_HOME", "var")).absolute()
    config = Config(
        home=home,
        lake=given.get("PRIVET_LAKE", str(home / "lake")),
        keys=Path(given.get("PRIVET_KEYS", home / "keys")).absolute(),
        database_url=_read_database(given, f"sqlite:///{home / 'state.sqlite3'}"),
        public_url=_read_address(given, "PRIVET_PUBLIC_URL"),
        sealed_days=_read_count(given, "PRIVET_SEALED_DAYS", of="days"),
        client_requests_per_second=_read_count(
            given, "PRIVET_CLIENT_REQUESTS_PER_SECOND", of="requests"
        ),
        mail_url=given.get("PRIVET_MAIL_URL", ""),
        mail_from=given.get("PRIVET_MAIL_FROM", ""),
        names_who_looked=_read_switch(given, "PRIVET_NAME_WHO_LOOKED"),
        anonymous_totals=_read_totals(given, "PRIVET_ANONYMOUS_TOTALS"),
        consent_days=_read_count(given, "PRIVET_CONSENT_DAYS", of="days"),
        case_reply_weeks=_read_count(given, "PRIVET_CASE_REPLY_WEEKS", of="weeks"),
        case_appeal_weeks=_read_count(given, "PRIVET_CASE_APPEAL_WEEKS", of="weeks"),
        case_lapse_weeks=_read_count(given, "PRIVET_CASE_LAPSE_WEEKS", of="weeks"),
        case_keep_weeks=_read_count(given, "PRIVET_CASE_KEEP_WEEKS", of="weeks"),
        controller=given.get("PRIVET_CONTROLLER", "").strip(),
        contact=_read_contact(given, "PRIVET_CONTACT"),
        policy_news_days=_read_count(given, "PRIVET_POLICY_NEWS_DAYS", of="days"),
        obeys_dnt=_read_switch(given, "PRIVET_OBEY_DNT"),
        detects=_read_switch(given, "PRIVET_INTEGRITY"),
        allowed_disparity=_read_ratio(given, "PRIVET_ALLOWED_DISPARITY"),
        debug=_read_switch(given, "PRIVET_DEBUG"),
        trusted_proxies=tuple(given.get("PRIVET_TRUSTED_PROXIES", "").split()),
    )
    _check_keys_apart(config)
    return config


def _default(name: str) -> Any:
    """What stands in `Config` for a setting whose field has its name."""
    return getattr(Config, name.removeprefix("PRIVET_").lower())


def _read_database(given: Mapping[str, str], default: str) -> str:
    url = given.get("PRIVET_DATABASE_URL", default)
    if not _DATABASE.match(url):
        raise ConfigError(
            "PRIVET_DATABASE_URL names no database that Privet can use.",
            remedy="Set it to sqlite:///path or postgresql://user:password@host/name.",
        )
    return url


def _read_address(given: Mapping[str, str], name: str) -> str:
    text = str(given.get(name, _default(name))).rstrip("/")
    if not _ADDRESS.fullmatch(text):
        raise ConfigError(
            f"{name} is not an address of the web.",
            remedy="Set it to http:// or https:// and a host, such as https://privet.example.org.",
        )
    return text


def _read_count(given: Mapping[str, str], name: str, *, of: str) -> int:
    text = given.get(name, str(_default(name)))
    if not _COUNT.fullmatch(text):
        raise ConfigError(
            f"{name} is not a number of {of}.", remedy="Set it to a whole number from 1 to 9999."
        )
    return int(text)


def _read_switch(given: Mapping[str, str], name: str) -> bool:
    """Other words are refused: who writes ``true`` must not find that it was taken for no."""
    text = given.get(name, "0")
    if text not in ("0", "1"):
        raise ConfigError(f"{name} is neither 0 nor 1.", remedy="Set it to 1 for yes, 0 for no.")
    return text == "1"


def _read_contact(given: Mapping[str, str], name: str) -> str:
    text = given.get(name, "").strip()
    if text and not _CONTACT.fullmatch(text):
        raise ConfigError(
            f"{name} is neither an e-mail address nor an address of the web.",
            remedy="Set it to one, such as privacy@example.org or https://example.org/privacy.",
        )
    return text


def _read_ratio(given: Mapping[str, str], name: str) -> float:
    text = given.get(name, str(_default(name)))
    if not _RATIO.fullmatch(text) or float(text) < 1:
        raise ConfigError(
            f"{name} is not a ratio.", remedy="Set it to a number from 1 to 99, such as 1.25."
        )
    return float(text)


def _read_totals(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    words = tuple(given[name].split()) if name in given else _default(name)
    if not all(_TOTALS.fullmatch(word) for word in words):
        raise ConfigError(
            f"{name} is not a list of regimes and countries.",
            remedy="Set it to off, or to words such as: opt_out FR GB unknown except_gpc.",
        )
    return () if "off" in words else words


def _check_keys_apart(config: Config) -> None:
    """Whoever may read or copy the lake must not get the keys with it, nor the other way round."""
    if "://" in config.lake:
        return
    lake, keys = Path(config.lake).resolve(), config.keys.resolve()
    if keys.is_relative_to(lake) or lake.is_relative_to(keys):
        raise ConfigError(
            "PRIVET_KEYS and PRIVET_LAKE lie in one another.",
            remedy="Give the keys a directory of their own, outside the lake.",
        )


_ADDRESS = re.compile(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?")
_DATABASE = re.compile(r"sqlite:///|postgres(?:ql)?://")
_CONTACT = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+|https?://[^\s<>\"]+")
_TOTALS = re.compile(r"off|opt_in|opt_out|unknown|except_gpc|except_refused|[A-Z]{2}")
_RATIO = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,4})?")
_COUNT = re.compile(r"[1-9][0-9]{0,3}")
