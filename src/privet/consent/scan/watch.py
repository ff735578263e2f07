"""Listens to a browser while it is driven, and keeps what it tells of.

Two sources that check each other: the browser's own events (requests with their initiators, raw
headers with what was refused, workers of every depth), and `hooks.js` inside each page and
worker, which knows the script behind an assignment. The schema follows that of OpenWPM.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession

from privet.consent.scan.stacks import script_in

BINDING = "__privetScan"
HOOKS = (files("privet.consent.scan") / "hooks.js").read_text()
_MOST_FRAMES = 12
_WORKERS = ("Worker", "SharedWorker")


@dataclass(frozen=True, kw_only=True)
class Initiator:
    """Who caused a request."""

    is_script: bool
    script: str
    stack: tuple[str, ...]


@dataclass(kw_only=True)
class Hop:
    """One request; a redirected one has several, each with its own address."""

    url: str
    wall: float
    type: str
    initiator: Initiator
    is_main: bool
    """Whether it is the page itself."""
    worker: str
    """The worker that asked; empty for a page."""
    came_from: str = ""
    """The address that redirected here."""
    document: str = ""
    """The document that asked; of a frame that leads on by itself the one it showed."""
    is_led_to: bool = False
    """Whether a page is behind it, and not somebody who typed its address."""
    extra: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a hook told."""

    what: Mapping[str, Any]
    worker: str
    calls: tuple[tuple[str, str], ...] = ()
    """Scripts and places, where the hook itself knew none and the browser's trace did."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """From when on the page had an address."""

    wall: float
    """When it was asked for."""
    url: str
    since: float
    """When the document was asked for; differs from ``wall`` for a route within the page."""


class Watcher:
    """Keeps what the sessions of one browser tell."""

    def __init__(self) -> None:
        self.hops: list[Hop] = []
        self.told: list[Told] = []
        self.visits: list[Visit] = []
        self.workers: set[str] = set()
        """The addresses of all workers that were started."""
        self._asked: list[Hop] = []
        self._texts: dict[str, Initiator] = {}
        """Who asked for an address that is itself a text (``data:``, ``blob:``)."""
        self._documents: dict[str, str] = {}
        """What each frame showed last."""
        self._by_request: dict[tuple[str, str], list[Hop]] = {}
        self._extras: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        self._number = 0
        self._main_frame = ""

    def attach(self, session: CDPSession, *, main_frame: str = "") -> None:
        """Listen to a page and to all workers that it starts."""
        self._main_frame = main_frame or self._main_frame
        channel = _Channel(self, session)
        for name in (*_NETWORK_EVENTS, *_PAGE_EVENTS):
            session.on(name, _listener(self, name))
        session.on("Target.attachedToTarget", channel.attached)
        session.on("Target.receivedMessageFromTarget", channel.received)
        for method, parameters in _ENABLE:
            session.send(method, dict(parameters))
        session.send("Page.enable")
        session.send("Page.addScriptToEvaluateOnNewDocument", {"source": HOOKS})

    def hear_of(self, url: str, resource: str) -> None:
        """Keep a request that the driver tells of; it hears a worker's first ones for sure."""
        nobody = Initiator(is_script=False, script="", stack=())
        kind = _RESOURCES.get(resource, "Other")
        self._asked.append(
            Hop(url=url, wall=time.time(), type=kind, initiator=nobody, is_main=False, worker="?")
        )

    def hear_line(self, words: str) -> None:
        """Keep what a hook told in a window that the page opened."""
        marker, _, payload = words.partition(" ")
        if marker == BINDING and payload.startswith("{"):
            self._hear_told(payload, "")

    def next_number(self) -> int:
        """A number for a message."""
        self._number += 1
        return self._number

    def hear(self, event: str, params: Mapping[str, Any], worker: str, session: str) -> None:
        """Keep one event of one session."""
        match event:
            case "Network.requestWillBeSent":
                self._hear_request(params, worker, session)
            case "Network.responseReceivedExtraInfo":
                self._extras.setdefault((session, params["requestId"]), []).append(params)
            case "Network.responseReceived":
                hops = self._by_request.get((session, params["requestId"]))
                if hops:
                    hops[-1].headers = params["response"]["headers"]
            case "Network.webSocketCreated" | "Network.webTransportCreated":
                self._hear_socket(params, worker, session)
            case "Network.webSocketHandshakeResponseReceived":
                for hop in self._by_request.get((session, params["requestId"]), []):
                    hop.extra = {"headers": params["response"]["headers"], "blockedCookies": []}
            case "Network.requestWillBeSentExtraInfo":
                self._hear_purpose(params, session)
            case _:
                self._hear_page(event, params, worker)

    def _hear_page(self, event: str, params: Mapping[str, Any], worker: str) -> None:
        if event == "Runtime.bindingCalled" and params["name"] == BINDING:
            self._hear_told(params["payload"], worker)
        elif event == "Runtime.consoleAPICalled":
            given = [str(one.get("value", "")) for one in params["args"]]
            if len(given) > 1 and given[0] == BINDING:
                self._hear_told(given[1], worker, params.get("stackTrace"))
        elif event == "Page.navigatedWithinDocument" and params["frameId"] == self._main_frame:
            since = self.visits[-1].since if self.visits else time.time()
            self.visits.append(Visit(wall=time.time(), url=params["url"], since=since))

    def _hear_told(self, payload: str, worker: str, stack: Mapping[str, Any] | None = None) -> None:
        what = json.loads(payload)
        self.told.append(Told(what=what, worker=worker, calls=tuple(_frames(stack, self._texts))))
        if what.get("maker") in _WORKERS:
            self.workers.add(what["url"])

    def finish(self) -> list[Hop]:
        """All requests, each with the raw headers of its answer."""
        for key, hops in self._by_request.items():
            for hop, extra in zip(hops, self._extras.get(key, []), strict=False):
                hop.extra = extra
        heard = {hop.url for hop in self.hops}
        self.hops.extend(hop for hop in self._asked if _is_web(hop.url) and hop.url not in heard)
        self._asked.clear()
        return self.hops

    def _hear_request(self, params: Mapping[str, Any], worker: str, session: str) -> None:
        request, kind = params["request"], params.get("type", "Other")
        is_main = kind == "Document" and params.get("frameId") == self._main_frame and not worker
        before = self._by_request.get((session, params["requestId"]), [])
        initiator = read_initiator(params["initiator"], self._texts)
        if not _is_web(request["url"]):
            self._texts[request["url"]] = initiator
            return
        hop = Hop(
            url=request["url"],
            wall=params["wallTime"],
            type=kind,
            initiator=before[0].initiator if before else initiator,
            is_main=is_main,
            worker=worker,
            came_from=before[-1].url if before and "redirectResponse" in params else "",
            document=self._document(params, kind),
        )
        self._keep(hop, session, params["requestId"])
        if is_main:
            self.visits.append(Visit(wall=hop.wall, url=hop.url, since=hop.wall))

    def _document(self, params: Mapping[str, Any], kind: str) -> str:
        if kind != "Document":
            return str(params.get("documentURL", ""))
        frame = params.get("frameId", "")
        last = self._documents.get(frame, "")
        self._documents[frame] = params["request"]["url"]
        return last

    def _hear_purpose(self, params: Mapping[str, Any], session: str) -> None:
        """A prefetch says so in a header that only the raw request has."""
        raw = {key.lower(): value for key, value in params["headers"].items()}
        hops = self._by_request.get((session, params["requestId"]))
        if hops and hops[-1].type == "Other" and "prefetch" in raw.get("sec-purpose", ""):
            hops[-1].type = "Prefetch"

    def _hear_socket(self, params: Mapping[str, Any], worker: str, session: str) -> None:
        hop = Hop(
            url=params["url"],
            wall=time.time(),
            type="WebSocket",
            initiator=read_initiator(params.get("initiator", {})),
            is_main=False,
            worker=worker,
        )
        self._keep(hop, session, params.get("requestId", params.get("transportId", "")))

    def _keep(self, hop: Hop, session: str, request: str) -> None:
        if _is_web(hop.url):
            self.hops.append(hop)
            self._by_request.setdefault((session, request), []).append(hop)


class _Channel:
    """Talks to the workers below one session; theirs nest in turn."""

    def __init__(self, watcher: Watcher, session: CDPSession) -> None:
        self._watcher = watcher
        self._session = session
        self._workers: dict[str, str] = {}

    def attached(self, params: Mapping[str, Any]) -> None:
        """A worker or frame has been started and waits."""
        self._begin((params["sessionId"],), params)

    def received(self, params: Mapping[str, Any]) -> None:
        """A worker says something."""
        self._hear((params["sessionId"],), json.loads(params["message"]))

    def _begin(self, way: tuple[str, ...], params: Mapping[str, Any]) -> None:
        target = params["targetInfo"]
        is_frame = target["type"] in ("iframe", "page")
        self._workers[way[-1]] = "" if is_frame else target["url"]
        if not is_frame:
            self._watcher.workers.add(target["url"])
        for method, parameters in _ENABLE:
            self._send(way, method, parameters)
        if is_frame:
            self._send(way, "Page.enable", {})
            self._send(way, "Page.addScriptToEvaluateOnNewDocument", {"source": HOOKS})
        else:
            self._send(way, "Runtime.evaluate", {"expression": HOOKS})
        self._send(way, "Runtime.runIfWaitingForDebugger", {})

    def _hear(self, way: tuple[str, ...], message: Mapping[str, Any]) -> None:
        event, params = message.get("method", ""), message.get("params", {})
        if event == "Target.attachedToTarget":
            self._begin((*way, params["sessionId"]), params)
        elif event == "Target.receivedMessageFromTarget":
            self._hear((*way, params["sessionId"]), json.loads(params["message"]))
        else:
            worker = self._workers.get(way[-1], "")
            self._watcher.hear(event, params, worker, way[-1])

    def _send(self, way: Sequence[str], method: str, parameters: Mapping[str, Any]) -> None:
        for session in reversed(way):
            message = {"id": self._watcher.next_number(), "method": method, "params": parameters}
            method = "Target.sendMessageToTarget"
            parameters = {"sessionId": session, "message": json.dumps(message)}
        self._session.send(method, dict(parameters))


def read_initiator(
    initiator: Mapping[str, Any], texts: Mapping[str, Initiator] = MappingProxyType({})
) -> Initiator:
    """Who caused a request, the innermost call first, across asynchronous calls."""
    frames = _frames(initiator.get("stack"), texts)
    if frames:
        return Initiator(
            is_script=True, script=frames[0][0], stack=tuple(place for _, place in frames)
        )
    is_script = initiator.get("type") == "script"
    return Initiator(is_script=is_script, script=without_query(initiator.get("url", "")), stack=())


def without_query(url: str) -> str:
    """An address without what could name a person."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https", "ws", "wss"):
        return ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _is_web(url: str) -> bool:
    return urlsplit(url).scheme in ("http", "https", "ws", "wss")


def _frames(
    stack: Mapping[str, Any] | None, texts: Mapping[str, Initiator]
) -> list[tuple[str, str]]:
    """Scripts and places; of a script that is a text in an address, those of who asked for it."""
    found: list[tuple[str, str]] = []
    while stack is not None and len(found) < _MOST_FRAMES:
        for frame in stack.get("callFrames", ()):
            script = without_query(frame["url"])
            made = texts.get(frame["url"])
            if made:
                found.extend((script_in(place), place) for place in made.stack)
            elif script:
                name = frame["functionName"] or "anonymous"
                place = f"{name} {script}:{frame['lineNumber'] + 1}:{frame['columnNumber'] + 1}"
                found.append((script, place))
        stack = stack.get("parent")
    return found[:_MOST_FRAMES]


def _listener(watcher: Watcher, event: str) -> Any:
    def hear(params: Mapping[str, Any]) -> None:
        watcher.hear(event, params, "", "")

    return hear


_RESOURCES = {
    "document": "Popup",
    "eventsource": "EventSource",
    "fetch": "Fetch",
    "font": "Font",
    "image": "Image",
    "media": "Media",
    "ping": "Ping",
    "script": "Script",
    "stylesheet": "Stylesheet",
    "texttrack": "TextTrack",
    "xhr": "XHR",
}
"""The driver's words; a document that only it heard of stands in a window that a page opened."""
_NETWORK_EVENTS = (
    "Network.requestWillBeSentExtraInfo",
    "Network.requestWillBeSent",
    "Network.responseReceivedExtraInfo",
    "Network.responseReceived",
    "Network.webSocketCreated",
    "Network.webSocketHandshakeResponseReceived",
    "Network.webTransportCreated",
)
_PAGE_EVENTS = (
    "Runtime.bindingCalled",
    "Runtime.consoleAPICalled",
    "Page.navigatedWithinDocument",
)
_ENABLE: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("Network.enable", {}),
    ("Runtime.enable", {}),
    ("Runtime.setAsyncCallStackDepth", {"maxDepth": 16}),
    ("Runtime.addBinding", {"name": BINDING}),
    (
        "Target.setAutoAttach",
        {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": False},
    ),
)
