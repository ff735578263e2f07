"""All steps for one batch: from typed events to entries of the log and a count of the rest."""

from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections import defaultdict
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from msgspec import UNSET, UnsetType

from privet.catalogue.uses import Use
from privet.collector.addresses import Page, read_page, referrer_host, scrub_link, scrub_text
from privet.collector.append import BatchBuilder
from privet.collector.client import parse_address
from privet.collector.enrich import Enricher, Origin
from privet.collector.fields import ReadDetail, detail_reader
from privet.collector.gate import decide
from privet.collector.identify import Identifier, Sender
from privet.collector.limits import LIMITS, Limits
from privet.collector.parse import Batch, Parsed, SentEvent
from privet.collector.reasons import Counts, Reason, RefusedError
from privet.events.live import Arrival
from privet.events.record import NOBODY, Entry

_PROVENANCE = int(Use.ANALYTICS | Use.MARKETING)
"""The uses that may know the referrer and the campaign."""
_NO_PAGE = Page("")


class Request(NamedTuple):
    """What the steps need to know of the request beside its batch."""

    sender: Sender
    origin: Origin
    gpc: bool
    now: datetime
    now_millis: int


class Outcome(NamedTuple):
    """What became of a batch."""

    builder: BatchBuilder
    dropped: Counts
    fields: Counts
    arrivals: list[Arrival]
    """As the live view shows them; at most as many as there was room for."""


class Pipeline:
    """The steps gate, enrich and seal for all events of a batch."""

    def __init__(self, identifier: Identifier, enricher: Enricher, limits: Limits) -> None:
        self._identifier = identifier
        self._enricher = enricher
        self._limits = limits

    def run(self, parsed: Parsed, request: Request, room: int) -> Outcome:
        """Gate and enrich all events; raises `RefusedError` if one of them is malformed."""
        run = _Run(self._identifier, self._enricher, request, room)
        run.set_clock(parsed.envelope, self._limits)
        run.take(parsed)
        return run.outcome


class _Lane(NamedTuple):
    """What events of one name, person and origin share in a batch."""

    reason: Reason | None
    """Why all of them are dropped."""
    is_known: bool
    uses: int = 0
    actor: int = NOBODY
    place: int = NOBODY
    is_traced: bool = False
    """Whether they may hold a referrer and a campaign."""
    read: ReadDetail | None = None


class _Run:
    """One batch on its way; what its events share is worked out once, in lanes."""

    def __init__(
        self, identifier: Identifier, enricher: Enricher, request: Request, room: int
    ) -> None:
        self._identifier = identifier
        self._enricher = enricher
        self._request = request
        self._room = room
        self._sender = request.sender
        self._is_server = request.sender.is_server
        self.outcome = Outcome(BatchBuilder(), defaultdict(int), defaultdict(int), [])
        self._lanes: dict[object, _Lane] = {}
        self._origin_mark = b""
        self._skew = self._oldest = self._newest = 0
        self._is_clock_off = False

    def set_clock(self, envelope: Batch, limits: Limits) -> None:
        """Learn which times are right, and how far off the sender's clock was when it sent."""
        now = self._request.now_millis
        age = limits.api_age_seconds if self._is_server else limits.web_age_seconds
        self._oldest = now - age * 1000
        self._newest = now + limits.future_seconds * 1000
        if isinstance(envelope.sent, UnsetType):
            return
        skew = now - envelope.sent
        if abs(skew) > limits.largest_skew_seconds * 1000:
            # Nothing can be between them, so every event is dropped.
            self._is_clock_off = True
            self._oldest, self._newest = 1, 0
        elif abs(skew) > limits.small_skew_seconds * 1000:
            self._skew = skew

    def take(self, parsed: Parsed) -> None:
        """Store each event in the builder, or count why not."""
        lanes, oldest, newest, skew = self._lanes, self._oldest, self._newest, self._skew
        entries = self.outcome.builder.entries
        seen: set[bytes] = set()
        for event, event_id in zip(parsed.envelope.events, parsed.ids, strict=True):
            session = _read_session(event.session) if event.session else 0
            lane = lanes.get(event.name) or self._lane(event)
            millis = event.time + skew
            if lane.reason is not None or not oldest <= millis <= newest:
                self._drop(event, lane, lane.reason or self._late_reason(millis))
            elif event_id in seen:
                self._drop(event, lane, Reason.DUPLICATE)
            else:
                seen.add(event_id)
                entries.append(self._entry(event, event_id, session, millis * 1000, lane))
                if self._room:
                    self._show(self._arrival(event, lane.uses))

    def _lane(self, event: SentEvent) -> _Lane:
        """The event's lane; those of a browser are found by their name alone."""
        if not self._is_server:
            lane = self._lanes[event.name] = self._make_lane(event)
            return lane
        mark = (event.name, event.user, event.ip, event.agent)
        if mark not in self._lanes:
            self._lanes[mark] = self._make_lane(event)
        return self._lanes[mark]

    def _make_lane(self, event: SentEvent) -> _Lane:
        """The gate comes first: nothing is looked up about an event that may not be stored."""
        person = self._sender.person
        if self._is_server and event.user:
            person = self._identifier.person(self._sender.site, event.user, self._request.now)
        gpc, origin = self._request.gpc, self._request.origin
        decision = decide(event.name, person.standing, gpc, self._is_server)
        if decision.reason is not None:
            return _Lane(decision.reason, decision.event is not None)
        if self._is_server:
            origin = _origin_of(event)
        uses, builder = decision.uses, self.outcome.builder
        mark = self._mark_of(origin)
        found = self._enricher.circumstance(mark, origin, uses, self._request.now)
        return _Lane(
            reason=None,
            is_known=True,
            uses=uses,
            actor=builder.actor(person.actor),
            place=builder.circumstance(found),
            is_traced=bool(uses & _PROVENANCE),
            read=detail_reader(event.name, uses),
        )

    def _mark_of(self, origin: Origin) -> bytes:
        """The origin's mark; a browser's events share the one of their request."""
        if self._is_server:
            return self._enricher.mark(origin)
        self._origin_mark = self._origin_mark or self._enricher.mark(origin)
        return self._origin_mark

    def _late_reason(self, millis: int) -> Reason:
        if self._is_clock_off:
            return Reason.CLOCK
        return Reason.IN_FUTURE if millis > self._newest else Reason.TOO_OLD

    def _drop(self, event: SentEvent, lane: _Lane, reason: Reason) -> None:
        """Count it and forget it. A name that the catalogue lacks may say anything: not kept."""
        self.outcome.dropped[reason] += 1
        if self._room:
            self._show(Arrival(event.name if lane.is_known else "", reason.value))

    def _show(self, arrival: Arrival) -> None:
        self._room -= 1
        self.outcome.arrivals.append(arrival)

    def _entry(
        self, event: SentEvent, event_id: bytes, session: int, micros: int, lane: _Lane
    ) -> Entry:
        path, campaign = read_page(event.page) if event.page else _NO_PAGE
        referrer = ""
        if lane.is_traced:
            referrer = referrer_host(event.referrer) if event.referrer else ""
            campaign = scrub_text(event.campaign) if event.campaign else campaign
        else:
            campaign = ""
        detail = b""
        if lane.read is not None and event.data is not UNSET:
            detail = lane.read(event.data, self.outcome.fields, self._mark, not self._is_server)
        return Entry(
            event_id,
            micros,
            event.name,
            lane.uses,
            lane.actor,
            lane.place,
            session,
            event.institution or self._sender.institution,
            event.course or "",
            self._object(event.object) if event.object else "",
            path,
            referrer,
            campaign,
            detail,
        )

    def _mark(self, external_id: str) -> str:
        """What stands in a row for a third person's id."""
        return self._identifier.mark(self._sender.site, external_id)

    def _object(self, sent: str) -> str:
        """The object; one that a browser gives as an address is scrubbed as links are."""
        if self._is_server:
            return sent
        is_address = sent.startswith(("/", "http:", "https:", "mailto:", "tel:"))
        return scrub_link(sent) if is_address else scrub_text(sent)

    def _arrival(self, event: SentEvent, uses: int) -> Arrival:
        received = self._request.now_millis * 1000
        return Arrival(event.name, "", uses, received, self._sender.source, event.course or "")


def _origin_of(event: SentEvent) -> Origin:
    """The learner's address and agent as a platform's server saw them."""
    address = parse_address(event.ip) if event.ip else None
    if event.ip and address is None:
        raise RefusedError(Reason.BAD_ADDRESS)
    return Origin(address, event.agent[: LIMITS.agent_chars] if event.agent else "", {})


@lru_cache(maxsize=8192)
def _read_session(text: str) -> int:
    """A session's 8 bytes as a signed number, from 16 hexadecimal digits or base64url."""
    try:
        if len(text) == 16:
            raw = bytes.fromhex(text)
        else:
            raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, Base64Error):
        raw = b""
    if len(raw) != 8:
        raise RefusedError(Reason.BAD_SESSION)
    return int.from_bytes(raw, "big", signed=True)
