"""What a scan is made of: steps, observations, findings; plain values without a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from privet.consent.technologies import Category, TechnologyKind


class Step(StrEnum):
    """One row of the matrix; each begins with a browser that knows nothing."""

    NO_ACTION = "no_action"
    REJECT = "reject"
    ACCEPT = "accept"
    ONLY_PERFORMANCE = "only_performance"
    ONLY_FUNCTIONALITY = "only_functionality"
    ONLY_TARGETING = "only_targeting"
    GPC = "gpc"
    WITHDRAW = "withdraw"
    """Everything is accepted, then everything withdrawn."""
    ROUTE = "route"
    """Without a decision, on to another page of the same document."""
    SIGNED_IN = "signed_in"
    COURSE = "course"
    """Inside a member institution's course."""


class State(StrEnum):
    """What had been decided at a moment."""

    UNDECIDED = "undecided"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    ONLY_PERFORMANCE = "only_performance"
    ONLY_FUNCTIONALITY = "only_functionality"
    ONLY_TARGETING = "only_targeting"
    SIGNALLED = "gpc"
    """Undecided, with Global Privacy Control."""
    WITHDRAWN = "withdrawn"

    @property
    def allows(self) -> frozenset[Category]:
        """The categories that may be used then, where consent is asked first."""
        match self:
            case State.ACCEPTED:
                return frozenset(Category)
            case State.ONLY_PERFORMANCE:
                return frozenset({Category.NECESSARY, Category.PERFORMANCE})
            case State.ONLY_FUNCTIONALITY:
                return frozenset({Category.NECESSARY, Category.FUNCTIONALITY})
            case State.ONLY_TARGETING:
                return frozenset({Category.NECESSARY, Category.TARGETING})
            case _:
                return frozenset({Category.NECESSARY})


class Kind(StrEnum):
    """By which means something is kept in a browser, or asked of it; finer than the registry."""

    COOKIE = "cookie"
    LOCAL_STORAGE = "local_storage"
    SESSION_STORAGE = "session_storage"
    INDEXED_DB = "indexed_db"
    CACHE = "cache"
    FILE_SYSTEM = "file_system"
    SERVICE_WORKER = "service_worker"
    WINDOW_NAME = "window_name"
    HISTORY_STATE = "history_state"
    ETAG = "etag"
    PIXEL = "pixel"
    SCRIPT = "script"
    IFRAME = "iframe"
    BEACON = "beacon"
    FETCH = "fetch"
    WEB_SOCKET = "web_socket"
    EVENT_STREAM = "event_stream"
    WEB_RTC = "web_rtc"
    STYLE = "style"
    FONT = "font"
    MEDIA = "media"
    PREFETCH = "prefetch"
    PRECONNECT = "preconnect"
    NAVIGATION = "navigation"
    ADVERTISING_API = "advertising_api"
    """Topics, Protected Audience, Shared Storage, Attribution Reporting."""
    OTHER = "other"

    @property
    def registered_as(self) -> TechnologyKind:
        """The registry's word for it."""
        return _REGISTERED_AS.get(self, TechnologyKind.BEACON)

    @property
    def is_kept(self) -> bool:
        """Whether something stays in the browser, rather than goes out of it."""
        return self in _KEPT


_KEPT = frozenset(
    {
        Kind.COOKIE, Kind.LOCAL_STORAGE, Kind.SESSION_STORAGE, Kind.INDEXED_DB, Kind.CACHE,
        Kind.FILE_SYSTEM, Kind.SERVICE_WORKER, Kind.WINDOW_NAME, Kind.HISTORY_STATE, Kind.ETAG,
    }
)  # fmt: skip
_REGISTERED_AS: Mapping[Kind, TechnologyKind] = {
    Kind.COOKIE: TechnologyKind.COOKIE,
    Kind.LOCAL_STORAGE: TechnologyKind.LOCAL_STORAGE,
    Kind.SESSION_STORAGE: TechnologyKind.SESSION_STORAGE,
    Kind.WINDOW_NAME: TechnologyKind.SESSION_STORAGE,
    Kind.HISTORY_STATE: TechnologyKind.SESSION_STORAGE,
    Kind.INDEXED_DB: TechnologyKind.INDEXED_DB,
    Kind.FILE_SYSTEM: TechnologyKind.INDEXED_DB,
    Kind.CACHE: TechnologyKind.CACHE,
    Kind.SERVICE_WORKER: TechnologyKind.CACHE,
    Kind.ETAG: TechnologyKind.CACHE,
    Kind.SCRIPT: TechnologyKind.SCRIPT,
    Kind.IFRAME: TechnologyKind.IFRAME,
    Kind.PIXEL: TechnologyKind.PIXEL,
    Kind.STYLE: TechnologyKind.PIXEL,
    Kind.FONT: TechnologyKind.PIXEL,
    Kind.MEDIA: TechnologyKind.PIXEL,
    Kind.PREFETCH: TechnologyKind.PIXEL,
    Kind.PRECONNECT: TechnologyKind.PIXEL,
}


class SetBy(StrEnum):
    """How it came about."""

    HEADER = "header"
    SCRIPT = "script"
    """`document.cookie`, the storage and database interfaces, a request that a script made."""
    COOKIE_STORE = "cookie_store"
    MARKUP = "markup"
    """The page's own text or a style sheet asks for it."""
    REDIRECT = "redirect"
    WORKER = "worker"
    UNKNOWN = "unknown"
    """It is there, and nobody was seen setting it."""


class DriftKind(StrEnum):
    """What can be wrong with a finding."""

    UNREGISTERED = "unregistered"
    WRONG_CATEGORY = "wrong_category"
    """It came before what its category needs had been decided."""
    WRONG_LIFETIME = "wrong_lifetime"
    AFTER_WITHDRAWAL = "after_withdrawal"
    """It was still there, or came anew, after everything had been withdrawn."""
    NO_BANNER = "no_banner"
    """The banner was not visible."""


@dataclass(frozen=True, kw_only=True)
class Observation:
    """Something that the browser told of, before it is judged."""

    kind: Kind
    name: str
    """A cookie's or item's name; for a request the path without its query."""
    host: str
    page: str
    """The address of the page, without its query."""
    wall: float
    """Seconds since 1970."""
    set_by: SetBy
    path: str = ""
    script: str = ""
    stack: tuple[str, ...] = ()
    lifetime: str = ""
    """Declared: ISO 8601, ``session`` or ``unlimited``; empty for requests."""
    partition_key: str = ""
    http_only: bool = False
    blocked: str = ""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What is reported of one technology in one step; the fields of the table ``Finding``."""

    step: Step
    third_party_cookies: bool
    decision_state: State
    kind: Kind
    name: str
    domain: str
    page: str
    party: str
    set_by: SetBy
    first_seen_ms: int
    path: str = ""
    canonical: str = ""
    setter_script: str = ""
    setter_stack: tuple[str, ...] = ()
    times: int = 1
    lifetime_declared: str = ""
    lifetime_effective: str = ""
    partition_key: str = ""
    http_only: bool = False
    blocked: str = ""
    is_left: bool = False
    """Whether it was still there after everything had been withdrawn."""
    registered: bool = False
    category: str = ""
    drift: tuple[DriftKind, ...] = ()
    suggestion: str = ""


@dataclass(frozen=True, kw_only=True)
class StepRun:
    """What became of one step."""

    step: Step
    third_party_cookies: bool
    was_driven: bool
    why_not: str = ""
    broke_off: bool = False
    """Whether it was begun and could not be brought to its end, so that it vouches for nothing."""
    banner_visible: bool | None = None
    """None where the step does not look for it."""
    was_opened: bool = False
    """Whether the first page came."""
    signed_in: bool = False
    """Whether a decision was made by somebody signed in, since a visitor could not make it."""
    pictures: tuple[str, ...] = ()
    """Names of PNG files, beside the scan."""


def does_not_open(runs: Sequence[StepRun]) -> bool:
    """Whether the site did not open twice in a row: then there is nothing to wait for."""
    begun = [run for run in runs if run.was_driven or run.broke_off]
    return len(begun) > 1 and not any(run.was_opened for run in begun[-2:])


@dataclass(frozen=True, kw_only=True)
class Report:
    """The whole outcome of a scan."""

    urls: tuple[str, ...]
    browser: str
    runs: tuple[StepRun, ...] = field(default=())
    found: tuple[Found, ...] = field(default=())

    @property
    def is_without_banner(self) -> bool:
        """Whether a banner was looked for and not visible."""
        return any(run.banner_visible is False for run in self.runs)

    @property
    def broken_off(self) -> tuple[StepRun, ...]:
        """The steps that were begun and not brought to their end."""
        return tuple(run for run in self.runs if run.broke_off)

    @property
    def has_drift(self) -> bool:
        """Whether anything is not as the registry says."""
        return self.is_without_banner or any(one.drift for one in self.found)
