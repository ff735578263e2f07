"""What the collector takes at most; docs/reference/collector-api.md lists the same values."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds on a request, a batch and a client. Only the rate depends on who asks."""

    body_bytes: int = 256 * 1024
    body_seconds: float = 10.0
    """How long a body may take to arrive."""
    batch_events: int = 100
    name_chars: int = 100
    session_chars: int = 32
    page_chars: int = 2048
    object_chars: int = 512
    course_chars: int = 255
    institution_chars: int = 100
    referrer_chars: int = 2048
    campaign_chars: int = 200
    user_chars: int = 255
    agent_chars: int = 1024
    """A longer user agent is cut."""
    list_items: int = 50
    """Texts in a list."""
    json_depth: int = 12
    """Levels of a free JSON field."""
    small_skew_seconds: int = 5
    """A client's clock that is off by less is believed."""
    largest_skew_seconds: int = 26 * 3600
    """A clock that is off by more cannot be corrected; its events are dropped as ``clock``."""
    future_seconds: int = 300
    """How far ahead of the server an event may be after its clock was corrected."""
    web_age_seconds: int = 8 * 86_400
    """How old an event of a browser or an app may be: a week offline, and a day."""
    api_age_seconds: int = 32 * 86_400
    """How old an event of a platform's server may be."""
    client_burst: int = 3000
    """Requests that one address may make at once."""
    client_per_second: float = 300.0
    """Requests that one address may make for ever; a campus behind one address fits.

    ``PRIVET_CLIENT_REQUESTS_PER_SECOND`` sets it, and the burst to ten times as many. A platform's
    server that shows a valid key is not counted.
    """
    clients_remembered: int = 100_000
    """Addresses whose rate is known at a time; the one heard of longest ago is forgotten."""
    retry_after_seconds: int = 5
    preflight_seconds: int = 7200


LIMITS = Limits()
