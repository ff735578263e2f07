"""From the requests that were heard to what is reported of them: what kind, and who asked.

Pure, as all that gathers.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from privet.consent.scan.jar import Jar, header
from privet.consent.scan.parties import is_same_site
from privet.consent.scan.shapes import Kind, Observation, SetBy
from privet.consent.scan.stacks import Call, script_in
from privet.consent.scan.watch import Hop, Told, without_query

_KINDS: Mapping[str, Kind] = {
    "Document": Kind.IFRAME,
    "Image": Kind.PIXEL,
    "Script": Kind.SCRIPT,
    "Stylesheet": Kind.STYLE,
    "Font": Kind.FONT,
    "Media": Kind.MEDIA,
    "TextTrack": Kind.MEDIA,
    "Ping": Kind.BEACON,
    "CSPViolationReport": Kind.BEACON,
    "Fetch": Kind.FETCH,
    "XHR": Kind.FETCH,
    "WebSocket": Kind.WEB_SOCKET,
    "EventSource": Kind.EVENT_STREAM,
    "Prefetch": Kind.PREFETCH,
    "Preconnect": Kind.PRECONNECT,
    "Popup": Kind.NAVIGATION,
}
_OF_PAGES = ("Preconnect", "Prefetch", "Popup", "Document", "Image", "Stylesheet", "Font", "Media")
"""What no worker asks for."""
_REPORTS = ("reporting-endpoints", "report-to")
_ADDRESS = re.compile(r"https?://[^\s\"'\\,;>]+")


def requests(jar: Jar) -> Iterator[Observation]:
    """What was asked of other hosts, and what they are told by the browser itself."""
    causes = [(told.what, jar.calls_of(told)) for told in jar.told if is_cause(told)]
    warmed = {_told_host(told) for told in jar.told if told.what["kind"] == Kind.PRECONNECT}
    for hop in jar.hops:
        if _counts(hop, jar) and not (hop.type == "Preconnect" and host_of(hop) in warmed):
            yield _request(hop, jar, [] if hop.initiator.stack else _calls(hop, causes))
    for hop in jar.hops:
        yield from _reports(hop)


def _request(hop: Hop, jar: Jar, calls: Sequence[Call]) -> Observation:
    kind = Kind.NAVIGATION if hop.is_main else _KINDS.get(hop.type, Kind.OTHER)
    script = calls[0].script if calls else _script(hop, jar)
    return Observation(
        kind=kind,
        name=host_of(hop) if kind is Kind.PRECONNECT else urlsplit(hop.url).path or "/",
        host=host_of(hop),
        page="",
        wall=hop.wall,
        set_by=SetBy.SCRIPT if calls and not hop.came_from else _set_by(hop, script),
        script=without_query(hop.came_from) if hop.came_from else script,
        stack=tuple(call.text for call in calls) or hop.initiator.stack,
    )


def _counts(hop: Hop, jar: Jar) -> bool:
    """Whether a request is reported: those to other hosts, and each beacon.

    The scanner itself goes to pages; what a page leads to by itself is reported.
    """
    if hop.type == "Preflight":
        return False
    if hop.is_main:
        return bool(hop.came_from) or _is_sent_by_page(hop, jar)
    page = urlsplit(jar.visit_at(hop.wall).url).hostname or ""
    return not page or host_of(hop) != page or hop.type == "Ping"


def is_cause(told: Told) -> bool:
    """Whether a hook told who is behind a request, and nothing of its own."""
    return bool(told.what["kind"] == "cause")


def _calls(hop: Hop, causes: Sequence[tuple[Mapping[str, Any], list[Call]]]) -> list[Call]:
    """The calls behind a request of which the browser names none."""
    return next((calls for what, calls in causes if what["url"] == hop.url), [])


def _is_sent_by_page(hop: Hop, jar: Jar) -> bool:
    """Whether the page itself led away to another site, as a form or a script does.

    A link to another site is no tracking, but one that only passes through that site is.
    """
    before = [one for one in jar.visits if one.wall < hop.wall]
    last = urlsplit(before[-1].url).hostname if before else ""
    is_through = hop.is_led_to and hop.url in jar.left_behind
    is_sent = hop.initiator.is_script or is_through
    return bool(is_sent and last and not is_same_site(last, host_of(hop)))


def _set_by(hop: Hop, script: str) -> SetBy:
    if hop.came_from:
        return SetBy.REDIRECT
    if hop.worker and not (hop.worker == "?" and hop.type in _OF_PAGES):
        return SetBy.WORKER if script or hop.worker != "?" else SetBy.UNKNOWN
    return SetBy.SCRIPT if hop.initiator.is_script else SetBy.MARKUP


def _script(hop: Hop, jar: Jar) -> str:
    shown = without_query(jar.visit_at(hop.wall).url)
    if hop.worker == "?":
        worker = "" if hop.type in _OF_PAGES else jar.worker_that_names(urlsplit(hop.url).path)
        return jar.script_at(worker) or (shown if hop.type in _OF_PAGES else "")
    told = [script_in(place) for place in hop.initiator.stack]
    named = next((one for one in told if one in jar.fetched), hop.initiator.script)
    page = without_query(hop.document) or shown
    if hop.type == "Document" and hop.document and not told:
        # The browser names who holds the frame; it was the frame itself that led on.
        return page
    return named or jar.script_at(hop.worker) or page


def _reports(hop: Hop) -> Iterator[Observation]:
    """Where a page has the browser report to: that is sent later than any scan lasts."""
    if hop.type != "Document" or urlsplit(hop.url).hostname is None:
        return
    named = " ".join(header(hop.headers, name) for name in _REPORTS)
    for url in dict.fromkeys(_ADDRESS.findall(named)):
        if urlsplit(url).hostname != host_of(hop):
            yield Observation(
                kind=Kind.BEACON,
                name=urlsplit(url).path or "/",
                host=urlsplit(url).hostname or "",
                page="",
                wall=hop.wall,
                set_by=SetBy.HEADER,
                script=without_query(hop.url),
            )


def _told_host(told: Told) -> str:
    return urlsplit(told.what["url"]).hostname or ""


def host_of(hop: Hop) -> str:
    """The host of a request."""
    return urlsplit(hop.url).hostname or ""
