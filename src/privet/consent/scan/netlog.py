"""Reads what Chromium's network stack wrote down: all that left the browser, whoever asked for it.

The third source beside the browser's events and the hooks: it knows the requests of shared workers,
of pages on their way out and of the browser on a page's behalf, and each raw ``Set-Cookie`` line.
A browser that died leaves half a file; what can be read of it is.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ARGUMENTS = ("--net-log-capture-mode=IncludeSensitive",)
_TYPE = re.compile(r'"type":(\d+)\}$')
_OWN = "not an origin"
"""Who asks where the browser does so for itself, or for an address that a person typed."""


@dataclass(kw_only=True)
class Logged:
    """One request; a redirected one is several, in their order."""

    url: str
    wall: float
    """Seconds since 1970."""
    method: str
    origin: str
    """Of the page or worker that asked; ``null`` for one that has none."""
    headers: Mapping[str, str]
    """Those of the request, their names in lower case."""
    came_from: str = ""
    set_cookie: tuple[str, ...] = ()
    is_preconnect: bool = False

    @property
    def is_asked_for(self) -> bool:
        """Whether a page is behind it, and not the browser's own errands or an address of none."""
        if not self.url.startswith(("http", "ws")):
            return False
        is_prefetch = "prefetch" in self.headers.get("sec-purpose", "")
        return self.is_preconnect or is_prefetch or self.origin != _OWN


def read_netlog(path: Path) -> list[Logged]:
    """All requests and preconnections, in the order of their time; none if there is no file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", errors="replace") as lines:
        try:
            constants = json.loads(next(lines, "").rstrip().rstrip(",") + "}")["constants"]
        except (ValueError, KeyError):
            return []
        return list(_Reader(constants).read(lines))


class _Reader:
    """Joins the events of each request."""

    def __init__(self, constants: Mapping[str, Any]) -> None:
        self._offset = float(constants["timeTickOffset"])
        types = constants["logEventTypes"]
        self._names = {types[name]: name for name in _WANTED if name in types}
        self._last: dict[int, Logged] = {}

    def read(self, lines: Iterator[str]) -> Iterator[Logged]:
        found: list[Logged] = []
        for line in lines:
            text = line.rstrip().rstrip(",")
            kind = _TYPE.search(text)
            if kind is None or int(kind[1]) not in self._names:
                continue
            try:
                event = json.loads(text)
            except ValueError:
                continue
            one = self._hear(self._names[event["type"]], event)
            found.extend([one] if one else [])
        yield from (one for one in found if one.is_asked_for)

    def _hear(self, name: str, event: Mapping[str, Any]) -> Logged | None:
        """A new request, or none where an event adds to one."""
        source, params = event["source"]["id"], event.get("params", {})
        last = self._last.get(source)
        match name:
            case "URL_REQUEST_START_JOB" if "url" in params:
                one = self._logged(event)
                one.came_from = last.url if last else ""
                self._last[source] = one
                return one
            case "HTTP_STREAM_JOB_CONTROLLER" if params.get("is_preconnect"):
                one = self._logged(event)
                one.is_preconnect = True
                return one
            case "HTTP_TRANSACTION_SEND_REQUEST_HEADERS" if last:
                last.headers = dict(_pairs(params))
            case "HTTP_TRANSACTION_READ_RESPONSE_HEADERS" if last:
                last.set_cookie += tuple(
                    value for key, value in _pairs(params) if key == "set-cookie"
                )
        return None

    def _logged(self, event: Mapping[str, Any]) -> Logged:
        params = event["params"]
        return Logged(
            url=params["url"].partition("#")[0],
            wall=(self._offset + float(event["time"])) / 1000,
            method=params.get("method", "GET"),
            origin=params.get("initiator", _OWN),
            headers={},
        )


def _pairs(params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Header lines as name and value; a list, or a mapping for newer protocols."""
    for line in params.get("headers", ()):
        key, sign, value = str(line).lstrip(":").partition(":")
        if sign:
            yield key.strip().lower(), value.strip()


_WANTED = (
    "URL_REQUEST_START_JOB",
    "HTTP_STREAM_JOB_CONTROLLER",
    "HTTP_TRANSACTION_SEND_REQUEST_HEADERS",
    "HTTP_TRANSACTION_HTTP2_SEND_REQUEST_HEADERS",
    "HTTP_TRANSACTION_READ_RESPONSE_HEADERS",
)
