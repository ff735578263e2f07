"""A collector for each test: real log, keys and live view; time and consent set by hand."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt

from privet.accounts.facts import Algorithm, IdentityKey, SiteFacts, SourceFacts
from privet.catalogue.uses import ALL_USES, ESSENTIAL, Choice
from privet.collector.app import CollectorApp
from privet.collector.assembly import Parts, build
from privet.collector.limits import LIMITS, Limits
from privet.collector.script import Script
from privet.consent.cookies import (
    CONSENT_COOKIE,
    VISITOR_COOKIE,
    ConsentCookie,
    CookieKeys,
    day_of,
    new_visitor,
    sign_consent,
    sign_visitor,
)
from privet.consent.places import Regime
from privet.consent.rules import ALL_CHOICES, Standing, uses_of_choices
from privet.events.log import LogLimits, LogWriter, claim_log, list_segments, read_segment
from privet.events.record import Batch, decode_batch
from privet.kernel.clock import FixedClock, to_micros
from privet.kernel.config import Config
from privet.kernel.crypto import KeyRing, person_key
from privet.kernel.ids import new_event_id
from privet.network.facts import AddressFacts, AgentFacts, DeviceType, NetworkKind

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECRET = b"the-hedgerow-secret-that-is-long-enough-for-every-hash-of-the-sha-2"
API_KEY = "privet_key-of-hedgerow"
ORIGIN = "https://learn.hedge.example"
ALICE_ADDRESS = "203.0.113.7"
ALICE_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def allows(choices: Choice = ALL_CHOICES, **changes: Any) -> Standing:
    """The standing of someone who said yes to these choices."""
    uses = int(uses_of_choices(choices) | ESSENTIAL)
    return Standing(uses=uses, choices=int(choices), decided=True)._replace(**changes)


REFUSER = allows(Choice(0))


@dataclass
class HandConsent:
    """Consent's facts, set by hand."""

    sites: Mapping[str, SiteFacts]
    standings: dict[bytes, Standing] = field(default_factory=dict)
    sources: dict[str, SourceFacts] = field(default_factory=dict)
    stale: bool = False

    def standing(self, key: bytes) -> Standing | None:
        return self.standings.get(key)

    def is_stale(self, now: datetime) -> bool:  # noqa: ARG002 - the protocol's
        return self.stale

    def source_of_key(self, key: str) -> SourceFacts | None:
        return self.sources.get(key)


class HandNetwork:
    """A network that knows one address and calls agents with ``bot`` in them bots."""

    def about_address(self, address: Any) -> AddressFacts:  # noqa: ARG002 - the protocol's
        return AddressFacts(
            country="ES",
            region="ES-MD",
            asn=64500,
            organisation="Example ISP",
            kind=NetworkKind.RESIDENTIAL,
            evidence="organisation:access",
        )

    def about_agent(self, agent: str, hints: Mapping[str, str] = {}) -> AgentFacts:
        return AgentFacts(
            browser="Firefox 128",
            os=hints.get("sec-ch-ua-platform", "Linux").strip('"'),
            device=DeviceType.DESKTOP,
            is_bot="bot" in agent.lower(),
        )


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def reason(self) -> str:
        return str(self.json["error"]["reason"])


class Rig:
    """A collector in this process, and what a test wants to do with it."""

    def __init__(
        self, home: Path, limits: Limits = LIMITS, proxies: tuple[str, ...] = (), **parts: Any
    ) -> None:
        self.config = Config(
            home=home,
            lake=str(home / "lake"),
            keys=home / "keys",
            database_url="",
            trusted_proxies=proxies,
        )
        self.keys = KeyRing(self.config.keys)
        self.clock = FixedClock(NOW)
        self.seconds = 0.0
        self.site = SiteFacts(
            slug="hedgerow",
            name="Hedgerow",
            origins=frozenset({ORIGIN}),
            institution="hedge-university",
            identity_keys={"k1": IdentityKey(kid="k1", algorithm=Algorithm.HS256, material=SECRET)},
        )
        self.other = SiteFacts(
            slug="elsewhere", name="Elsewhere", origins=frozenset({"https://else.example"})
        )
        self.consent = HandConsent(
            sites={"hedgerow": self.site, "elsewhere": self.other},
            sources={API_KEY: SourceFacts(key_id=1, site="hedgerow")},
        )
        self.limits = limits
        self._changed = parts
        self.app = CollectorApp(self._make)

    def _make(self) -> Parts:
        log = LogWriter(
            claim_log(self.config.log, prefix="collector"),
            limits=LogLimits(reserve_bytes=0, segment_seconds=30),
        )
        wanted: dict[str, Any] = {
            "keys": self.keys,
            "consent": self.consent,
            "network": HandNetwork(),
            "clock": self.clock,
            "limits": self.limits,
            "monotonic": lambda: self.seconds,
            "log": log,
            "script": Script(self.config.home / "privet.js"),
        }
        return build(self.config, **(wanted | self._changed))

    def key_of(self, external_id: str, site: str = "hedgerow") -> bytes:
        return person_key(self.keys.link_key(), site, external_id)

    def decide(self, external_id: str, standing: Standing) -> None:
        """Let a learner have decided."""
        self.consent.standings[self.key_of(external_id)] = standing

    def token(self, external_id: str = "alice", **claims: Any) -> str:
        """An identity token of Hedgerow's."""
        now = int(self.clock.now().timestamp())
        facts = {"iss": "hedgerow", "sub": external_id, "aud": "privet"}
        times = {"iat": now, "exp": now + 600}
        return jwt.encode(facts | times | claims, SECRET, "HS256", headers={"kid": "k1"})

    def visitor_cookies(self, choices: Choice, gpc: bool = False, of_learner: bool = False) -> str:
        """The header of a visitor who decided so in this browser."""
        keys = CookieKeys.of(self.keys)
        now = self.clock.now()
        consent = ConsentCookie(
            site="hedgerow",
            choices=choices,
            notice=1,
            day=day_of(now),
            gpc=gpc,
            regime=Regime.OPT_IN,
            of_learner=of_learner,
        )
        visitor = new_visitor("hedgerow", now=now)
        return (
            f"{CONSENT_COOKIE}={sign_consent(consent, keys=keys)}; "
            f"{VISITOR_COOKIE}={sign_visitor(visitor, keys=keys)}"
        )

    def event(self, name: str = "page_view", **changes: Any) -> dict[str, Any]:
        """An event of this moment."""
        millis = to_micros(self.clock.now()) // 1000
        return {
            "id": str(new_event_id(millis)),
            "name": name,
            "time": millis,
            "session": secrets.token_hex(8),
            "page": "/courses/x",
            "course": "course-v1:Hedge+S101+2026",
        } | changes

    def batch(self, *events: dict[str, Any], **changes: Any) -> bytes:
        body = {"site": "hedgerow", "events": list(events) or [self.event()]}
        return json.dumps(body | changes).encode()

    async def request(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] = {},
        *,
        chunks: list[bytes] | None = None,
        peer: str = ALICE_ADDRESS,
        hangs: bool = False,
    ) -> Reply:
        """One request through the ASGI application."""
        sent: list[Any] = []
        parts = chunks if chunks is not None else [body]

        async def receive() -> dict[str, Any]:
            if not parts:
                if hangs:
                    await asyncio.sleep(3600)
                return {"type": "http.disconnect"}
            part = parts.pop(0)
            more = bool(parts) or hangs
            return {"type": "http.request", "body": part, "more_body": more}

        async def send(message: Any) -> None:
            sent.append(message)

        pairs = [(k.lower().encode(), v.encode("latin-1")) for k, v in headers.items()]
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "headers": pairs,
            "client": (peer, 4711),
        }
        await self.app(scope, receive, send)
        start, end = sent
        return Reply(start["status"], dict(start["headers"]), end["body"])

    async def post(self, body: bytes, headers: Mapping[str, str] = {}, **kw: Any) -> Reply:
        """Post a batch as Alice's browser does."""
        common = {
            "content-type": "application/json",
            "origin": ORIGIN,
            "user-agent": ALICE_AGENT,
        }
        return await self.request("POST", "/t/events", body, common | dict(headers), **kw)

    async def post_server(self, body: bytes, key: str = API_KEY) -> Reply:
        """Post a batch as the platform's server does."""
        headers = {"content-type": "application/json", "authorization": f"Bearer {key}"}
        return await self.request("POST", "/t/events", body, headers, peer="198.51.100.2")

    def stored(self) -> list[Batch]:
        """All batches in sealed segments; call it after the collector has stopped."""
        refs = list_segments(self.config.log)
        return [decode_batch(f.payload) for r in refs for f in read_segment(r.path).frames]

    def run(self, scenario: Any) -> list[Batch]:
        """Run a coroutine function on this rig, stop the collector, and return what it stored."""

        async def whole() -> None:
            await self.app.start()
            try:
                await scenario
            finally:
                await self.app.stop()

        asyncio.run(whole())
        return self.stored()


__all__ = ["ALL_USES", "NOW", "ORIGIN", "REFUSER", "HandConsent", "Rig", "allows", "timedelta"]
