"""A small site that speaks Privet's wire protocol, so that the SDK can be watched alone."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

REPOSITORY = Path(__file__).parents[3]
SDK = REPOSITORY / "sdk" / "dist" / "privet.js"
PREFERENCES = REPOSITORY / "sdk" / "dist" / "preferences.js"
EXPERIMENTS = REPOSITORY / "sdk" / "dist" / "experiments.js"
NOTICES = REPOSITORY / "src" / "privet" / "consent" / "notices"
CATEGORIES = ("necessary", "performance", "functionality", "targeting")
CHOICES = (
    "performance",
    "functionality",
    "targeting",
    "marketing_mail",
    "sale_sharing",
    "research",
)
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'nonce-n0nce'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
    ]
)
STYLE = """
body{margin:0 auto;max-width:60em;padding:24px;font:16px/26px sans-serif;color:#1b241d}
body>div{padding:40px;position:relative} *{letter-spacing:0} .far{height:2400px}
main,nav{display:block} a,button,input,select{margin:4px}
.frame{height:280px;border:1px solid #e4e3dc;border-radius:12px;background:#f3f6f1}
@media(prefers-color-scheme:dark){body{background:#101512;color:#e8ede9}a{color:#7cc79a}}
"""


@dataclass
class Site:
    """What the site answers, and what it was asked."""

    address: str = ""
    attributes: str = ""
    """More attributes of the script's element."""
    body: str = ""
    language: str = "en"
    direction: str = "ltr"
    brings_notice: bool = False
    """Whether its pages load the notice beside the script."""
    brings_always: bool = False
    """Whether they do so to whom has a cookie as well, which the server does not take."""
    brings_nothing: bool = False
    """Whether the script of the notice is empty, as to somebody who decided."""
    is_answering: bool = True
    """Whether the consent interface answers."""
    said: dict[str, Any] = field(default_factory=dict)
    """What the consent interface answers otherwise than usual, by the fields of its answer."""
    conflict: list[str] = field(default_factory=list)
    """What counts only once it is confirmed against the browser's signal."""
    is_sound: bool = True
    """Whether a decision in a cookie holds as it is."""
    closed: frozenset[str] = frozenset()
    """What is not offered to a person of this age."""
    token: str = ""
    names: list[str] = field(default_factory=list)
    """The identity tokens with which the consent interface was asked, "" for none."""
    forms: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    """The experiments that run, with the forms of each."""
    collector_status: int = 200
    retry_after: str = ""
    batches: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def events(self) -> list[dict[str, Any]]:
        """All events that were accepted, in the order of their times, each once.

        A page that goes while an answer is on its way sends its events again; the server knows
        them by their ids, and so does this.
        """
        with self.lock:
            found = {event["id"]: event for batch in self.batches for event in batch["events"]}
        return sorted(found.values(), key=lambda event: (event["time"], event["id"]))

    def named(self, name: str) -> list[dict[str, Any]]:
        """The accepted events of one name."""
        return [event for event in self.events if event["name"] == name]

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        with self.lock:
            return sum(line.split(" ")[1].startswith(path) for line in self.requests)

    def page(self, path: str) -> str:
        """A page of the site."""
        return (
            f'<!doctype html><html lang="{self.language}" dir="{self.direction}"><head>'
            f'<meta charset="utf-8"><title>Unit {path}</title>'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            '<link rel="stylesheet" href="/style.css">'
            f"{self.notice_script()}"
            f'<script src="/t/privet.js" data-site="hedgerow" nonce="n0nce" defer '
            f"{self.attributes}></script>"
            "</head><body><main><h1>Introduction to Statistics</h1>"
            f"{self.body}</main></body></html>"
        )

    def notice_script(self) -> str:
        """The element that brings the notice, if the pages have it."""
        address = f"/api/v1/notice.js?site=hedgerow&amp;lang={self.language}"
        return f'<script src="{address}" nonce="n0nce" defer></script>' * self.brings_notice

    def brought(self, header: str) -> str:
        """What that script says to a browser with these cookies."""
        has_decided = "privet_consent=" in header and not self.brings_always
        if self.brings_nothing or not self.is_answering or has_decided:
            return ""
        asked = f"?site=hedgerow&lang={self.language}&institution=&course="
        return f"window.privetNotice={json.dumps({asked: self.state(None)})}"

    def state(self, decided: int | None) -> dict[str, Any]:
        """The answer of the consent interface."""
        text = json.loads((NOTICES / f"{self.language}.json").read_text())
        counts = {"necessary": 2, "performance": 1, "functionality": 0, "targeting": 0}
        return {
            "site": "hedgerow",
            "decided": decided is not None,
            "choices": {name: bool((decided or 0) >> i & 1) for i, name in enumerate(CHOICES)},
            "gpc": False,
            "regime": "opt_in",
            "signal": {"honoured": False, "confirmed": False},
            "asks_again": None,
            "policy_news": [],
            "regime_explained": {
                "country": "ES",
                "words": ["Opt-in: nothing is on unless you say yes.", "It is the law there."],
                "source": {"law": "Directive 2002/58/EC", "link": "https://law.example/58"},
            },
            "asked": [
                {
                    "name": name,
                    "label": text["choices"][name]["name"],
                    "says": text["choices"][name]["says"],
                    "open": name not in self.closed,
                }
                for name in CHOICES
            ],
            "notice": {
                "version": 1,
                "hash": "0" * 64,
                "language": self.language,
                "direction": self.direction,
                "texts": {key: value for key, value in text.items() if isinstance(value, str)},
            },
            "categories": [
                {
                    "name": name,
                    "label": text["choices"][name]["name"],
                    "says": text["choices"][name]["says"],
                    "summary": text[
                        {0: "cookies_none", 1: "cookies_one"}.get(counts[name], "cookies_many")
                    ].replace("{n}", str(counts[name])),
                    "cookies": [
                        {
                            "name": f"privet_{name}_{number}",
                            "says": "What it is for, in a sentence.",
                            "lifetime": "P183D" if number else "session",
                            "vendor": "Privet",
                            "party": "first",
                        }
                        for number in range(counts[name])
                    ],
                }
                for name in CATEGORIES
            ],
            **self.said,
        }


def consent_cookie(choices: int, of: str = "visitor", *, confirmed: bool = False) -> str:
    """A decision as the server writes it; only the signature is not one."""
    payload = {"site": "hedgerow", "choices": choices, "notice": 1, "time": 0, "gpc": 0, "of": of}
    payload |= {"regime": "opt_in"} | ({"confirmed": 1} if confirmed else {})
    text = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
    return f"{text}.signature"


def decided_in(header: str, *, is_signed_in: bool) -> int | None:
    """The choices in a `Cookie` header; a learner's count only while somebody is signed in."""
    for part in header.split("; "):
        name, _, value = part.partition("=")
        if name == "privet_consent":
            payload = value.partition(".")[0]
            read = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
            return int(read["choices"]) if is_signed_in or read["of"] == "visitor" else None
    return None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def log_message(self, *_: object) -> None:
        """Stay silent."""

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

    def do_GET(self) -> None:
        site, path = self.site, urlsplit(self.path).path
        with site.lock:
            site.requests.append(f"GET {self.path}")
        if path == "/t/privet.js":
            self._answer(SDK.read_bytes(), "text/javascript")
        elif path == "/api/v1/notice.js":
            self._answer(site.brought(self.headers.get("Cookie", "")), "text/javascript")
        elif path == "/api/v1/preferences.js":
            self._answer(
                PREFERENCES.read_bytes(), "text/javascript", 200 if site.is_answering else 503
            )
        elif path == "/api/v1/consent/standing":
            text = site.state(None)["notice"]["texts"]["privacy_link"]
            body = json.dumps({"holds": site.is_sound, "label": text})
            self._answer(body, "application/json", 200 if site.is_answering else 503)
        elif path == "/api/v1/experiments.js":
            self._answer(
                f"const FORMS={json.dumps(site.forms)};{EXPERIMENTS.read_text()}", "text/javascript"
            )
        elif path == "/style.css":
            self._answer(STYLE, "text/css")
        elif path == "/privet-token":
            body = json.dumps({"token": site.token}) if site.token else ""
            self._answer(body, "application/json", 200 if site.token else 204)
        elif path == "/api/v1/consent":
            status = 200 if site.is_answering else 503
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            is_signed_in = bool(token)
            with site.lock:
                site.names.append(token)
            said = self.headers.get("Cookie", "") if site.is_sound else ""
            decided = decided_in(said, is_signed_in=is_signed_in)
            self._answer(json.dumps(site.state(decided)), "application/json", status)
        elif path.endswith((".ico", ".webm")):
            self._answer("", "text/plain", 404)
        else:
            self._answer(site.page(path))

    def do_POST(self) -> None:
        site = self.site
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with site.lock:
            site.requests.append(f"POST {self.path}")
        if self.path == "/t/events":
            self._collect(body)
        elif site.is_answering:
            self._decide(body)
        else:
            self._answer("{}", "application/json", 503)

    def _collect(self, body: dict[str, Any]) -> None:
        site = self.site
        if site.collector_status == 200:
            with site.lock:
                site.batches.append(body)
        headers = {"Retry_After": site.retry_after} if site.retry_after else {}
        self._answer("{}", "application/json", site.collector_status, **headers)

    def _decide(self, body: dict[str, Any]) -> None:
        with self.site.lock:
            self.site.decisions.append(body)
            self.site.is_sound = True
        before = decided_in(self.headers.get("Cookie", ""), is_signed_in=True) or 0
        granted = {name: bool(before >> i & 1) for i, name in enumerate(CHOICES)} | body["choices"]
        conflict = [] if body["confirmed"] else [n for n in self.site.conflict if granted[n]]
        granted |= dict.fromkeys(conflict, False)
        choices = sum(1 << CHOICES.index(name) for name, is_yes in granted.items() if is_yes)
        confirmed = bool(body["confirmed"])
        value = consent_cookie(choices, confirmed=confirmed)
        cookie = f"privet_consent={value}; Path=/; Max-Age=1000; SameSite=Lax"
        stored = {"choices": granted, "conflict": conflict, "confirmed": confirmed}
        answer = json.dumps(stored | {"regime": "opt_in"})
        self._answer(answer, "application/json", 201, Set_Cookie=cookie)


@contextmanager
def serve() -> Iterator[Site]:
    """Run a site of its own on a free port of the range 8300 to 8399."""
    site = Site()
    handler = type("Handler", (_Handler,), {"site": site})
    server = _listen(handler)
    site.address = f"http://localhost:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _listen(handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    for port in range(8300, 8400):
        try:
            return ThreadingHTTPServer(("localhost", port), handler)
        except OSError:
            continue
    raise RuntimeError("No port from 8300 to 8399 is free.")
