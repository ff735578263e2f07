"""Which pages may send events, and the headers that tell their browsers so."""

from collections.abc import Mapping

from privet.accounts.facts import SiteFacts
from privet.collector.http import Answer, Header
from privet.collector.limits import LIMITS
from privet.collector.reasons import Reason, RefusedError

_VARY: Header = (b"vary", b"Origin")


def check_origin(origin: str, site: SiteFacts) -> None:
    """Raise `RefusedError` for a page of another site. Apps and servers send no origin."""
    if origin and origin not in site.origins:
        raise RefusedError(Reason.ORIGIN_NOT_ALLOWED)


def is_known_origin(origin: str, sites: Mapping[str, SiteFacts]) -> bool:
    """Whether any site lists the origin: a preflight does not say for which site it asks."""
    for site in sites.values():  # noqa: SIM110 - a generator costs a microsecond a request
        if origin in site.origins:
            return True
    return False


def origin_headers(origin: bytes, *, is_known: bool) -> tuple[Header, ...]:
    """The headers of an answer to a page; without them its browser hides the answer."""
    if not origin:
        return ()
    if not is_known:
        return (_VARY,)
    return (
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-credentials", b"true"),
        _VARY,
    )


def preflight(origin: bytes, *, is_known: bool) -> Answer:
    """The answer to ``OPTIONS``: what a page of a known origin may send."""
    headers = origin_headers(origin, is_known=is_known)
    if not (origin and is_known):
        return Answer(403, b"", headers)
    return Answer(
        204,
        b"",
        (
            *headers,
            (b"access-control-allow-methods", b"POST"),
            (b"access-control-allow-headers", b"Content-Type"),
            (b"access-control-max-age", b"%d" % LIMITS.preflight_seconds),
        ),
    )
