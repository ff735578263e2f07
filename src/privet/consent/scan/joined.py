"""Joins what the network stack wrote down to what was heard of each request.

Pure. What nobody heard of becomes a request of its own; what was heard without its answer's raw
headers gets them.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from privet.consent.scan.netlog import Logged
from privet.consent.scan.watch import Hop, Initiator

_TYPES = {
    "audio": "Media",
    "audioworklet": "Script",
    "document": "Popup",
    "embed": "Document",
    "empty": "Fetch",
    "font": "Font",
    "frame": "Document",
    "iframe": "Document",
    "image": "Image",
    "object": "Document",
    "paintworklet": "Script",
    "report": "Ping",
    "script": "Script",
    "serviceworker": "Script",
    "sharedworker": "Script",
    "style": "Stylesheet",
    "track": "TextTrack",
    "video": "Media",
    "worker": "Script",
}
"""By the header `Sec-Fetch-Dest`, which browsers send where the connection is to be trusted."""
_NOBODY = Initiator(is_script=False, script="", stack=())


def join(hops: Iterable[Hop], logged: Sequence[Logged]) -> list[Hop]:
    """The requests of both, in the order of their time."""
    heard = sorted(hops, key=lambda hop: hop.wall)
    waiting: dict[str, deque[Logged]] = defaultdict(deque)
    for one in logged:
        if not one.is_preconnect:
            waiting[one.url].append(one)
    known = {hop.url for hop in heard}
    hosts = {urlsplit(hop.url).netloc for hop in heard}
    for hop in heard:
        if waiting[hop.url]:
            _complete(hop, waiting[hop.url].popleft())
    unheard = [_hop(one) for one in logged if _is_new(one, known, hosts)]
    return sorted([*heard, *unheard], key=lambda hop: hop.wall)


def _complete(hop: Hop, one: Logged) -> None:
    hop.is_led_to = one.origin.startswith("http")
    if hop.type == "Other" and _type(one) in ("Ping", "Prefetch"):
        # The browser's own events do not say so, or too late.
        hop.type = _type(one)
    if one.set_cookie and not _knows_cookies(hop):
        hop.extra = _extra(one)


def _knows_cookies(hop: Hop) -> bool:
    """Whether the raw headers were heard; those of a socket leave its cookies out."""
    return hop.extra is not None and hop.type != "WebSocket"


def _is_new(one: Logged, known: set[str], hosts: set[str]) -> bool:
    if one.is_preconnect:
        # The browser also warms up what it is about to ask.
        return urlsplit(one.url).netloc not in hosts
    return one.url not in known and one.method != "OPTIONS"


def _hop(one: Logged) -> Hop:
    return Hop(
        url=one.url,
        wall=one.wall,
        type=_type(one),
        initiator=_NOBODY,
        is_main=False,
        worker="?",
        came_from=one.came_from,
        extra=_extra(one),
    )


def _type(one: Logged) -> str:
    if one.is_preconnect:
        return "Preconnect"
    if one.url.startswith(("ws://", "wss://")):
        return "WebSocket"
    if "prefetch" in one.headers.get("sec-purpose", ""):
        return "Prefetch"
    if "text/event-stream" in one.headers.get("accept", ""):
        return "EventSource"
    kind = _TYPES.get(one.headers.get("sec-fetch-dest", ""), "Other")
    is_beacon = one.method == "POST" and one.headers.get("sec-fetch-mode") == "no-cors"
    return "Ping" if kind == "Fetch" and is_beacon else kind


def _extra(one: Logged) -> dict[str, object]:
    return {"headers": {"set-cookie": "\n".join(one.set_cookie)}, "blockedCookies": []}
