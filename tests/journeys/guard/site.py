"""A site whose pages hold things back: the small site of the SDK, with frames, scripts and pixels.

Others' things come from the same server under another name, so they are of another origin.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

from privet.consent.signals import consent_mode_names
from tests.journeys.sdk.site import REPOSITORY, SDK, Site, _Handler

GUARD = SDK.with_name("guard.js")
AXE = REPOSITORY / "sdk" / "node_modules" / "axe-core" / "axe.min.js"
PORTS = range(8400, 8500)
KNOWN = [
    ["necessary", "cookie", "shop_basket"],
    ["targeting", "cookie", "shop_*"],
    ["targeting", "cookie", "seen_ad"],
    ["performance", "cookie", "_visits"],
    ["targeting", "local_storage", "ad.*"],
    ["targeting", "session_storage", "ad.*"],
    ["targeting", "indexed_db", "ads"],
    ["targeting", "cache", "ads-*"],
    ["functionality", "local_storage", "privet_prefs*"],
    ["functionality", "local_storage", "privet_drafts*"],
]
COURSE = "course-v1:Hedge+HR101+2026"
POLICY = (
    "default-src 'none'; script-src 'nonce-n0nce'; style-src 'self'; connect-src 'self';"
    " img-src 'self'; frame-src *; base-uri 'none'; require-trusted-types-for 'script'"
)


@dataclass
class GuardSite(Site):
    """What the site answers; a probe tells the page that it ran."""

    person: str = ""
    head: str = ""
    """Scripts of the page before Privet's."""
    known_in_course: list[list[object]] | None = None
    """What is registered where its pages are a member's; then the rest is kept out of them."""
    reports: list[dict[str, Any]] = field(default_factory=list)
    """What pages found unregistered."""
    slow: Event = field(default_factory=Event)
    """What ``/probe/slow.js`` and ``/frame/slow`` wait for."""

    @property
    def elsewhere(self) -> str:
        """The same server under a name of another origin."""
        return self.address.replace("localhost", "127.0.0.1")

    def page(self, path: str) -> str:
        """A page of the site, with the guard before everything else."""
        person = f' data-person="{self.person}"' if self.person else ""
        guard = f'<script src="/api/v1/guard.js?site=hedgerow" nonce="n0nce"{person}></script>'
        return super().page(path).replace("<title>", f"{self.head}{guard}<title>", 1)


def probe(name: str) -> str:
    """A script that tells that it ran, and goes on as long as the page lives."""
    return f"(window.ran??=[]).push({json.dumps(name)});"


def waiting(category: str, name: str, more: str = "") -> str:
    """A script of the web that waits."""
    return (
        f'<script type="text/plain" data-privet="{category}" data-src="/probe/{name}.js"'
        f' nonce="n0nce" {more}></script>'
    )


class _GuardHandler(_Handler):
    site: GuardSite

    def _answer(
        self, body: str | bytes, kind: str = "text/html", status: int = 200, **headers: str
    ) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", POLICY)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:  # noqa: N802 - the name is the library's
        path = urlsplit(self.path).path
        if not path.startswith(("/api/v1/guard.js", "/probe/", "/frame/", "/pixel")):
            return super().do_GET()
        with self.site.lock:
            self.site.requests.append(f"GET {self.path}")
        name = Path(path).stem
        if name == "slow":
            self.site.slow.wait(60)
        if path == "/api/v1/guard.js":
            given: dict[str, object] = {"known": KNOWN, "mode": consent_mode_names()}
            if self.site.known_in_course is not None:
                course = {"institution": "hedge", "course": COURSE}
                given["course"] = {**course, "known": self.site.known_in_course}
            script = f"(GIVEN=>{{{GUARD.read_text()}}})({json.dumps(given)});"
            self._answer(script, "text/javascript")
        elif path == "/probe/header.js":
            cookie = "by_header=1; Path=/"
            self._answer(probe(name), "text/javascript", Set_Cookie=cookie)
        elif path.startswith("/probe/"):
            self._answer(probe(name), "text/javascript")
        elif path.startswith("/frame/"):
            self._answer(f"<!doctype html><title>{name}</title><p>Frame {name}</p>")
        else:
            self._answer("<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")
        return None

    def do_POST(self) -> None:  # noqa: N802 - the name is the library's
        if self.path != "/api/v1/consent/unregistered":
            return super().do_POST()
        report = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.site.lock:
            self.site.reports.append(report)
        return self._answer("{}", "application/json", 202)


@contextmanager
def serve() -> Iterator[GuardSite]:
    """Run a site of its own on a free port of the range."""
    site = GuardSite()
    handler = type("Handler", (_GuardHandler,), {"site": site})
    server = _listen(handler)
    site.address = f"http://localhost:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.slow.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _listen(handler: type[_GuardHandler]) -> ThreadingHTTPServer:
    for _ in range(3):
        for port in PORTS:
            try:
                return ThreadingHTTPServer(("127.0.0.1", port), handler)
            except OSError:
                continue
        time.sleep(1)
    raise RuntimeError(f"No port of {PORTS} is free.")
