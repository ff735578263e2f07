"""All steps for one batch: from typed events to entries of the log and a count of the rest."""

from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections import Counter
from datetime import datetime
from functools import lru_cache, partial
from typing import NamedTuple

from msgspec import UNSET

from privet.catalogue.registry import find_event
from privet.catalogue.uses import Use
from privet.collector.addresses import read_page, referrer_host, scrub_link, scrub_text
from privet.collector.append import BatchBuilder
from privet.collector.client import parse_address
from privet.collector.enrich import Enricher, Origin
from privet.collector.fields import detail_reader
from privet.collector.gate import Decision, decide
from privet.collector.identify import Identifier, Person, Sender
from privet.collector.limits import Limits
from privet.collector.parse import Envelope, RawEvent
from privet.collector.reasons import Reason, RefusedError
from privet.events.live import Arrival
from privet.events.record import NOBODY, Entry

_PROVENANCE = int(Use.ANALYTICS | Use.MARKETING)
"""The uses that may know the referrer and the campaign."""


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
    dropped: Counter[Reason]
    fields: Counter[Reason]
    arrivals: list[Arrival]
    """As the live view shows them; at most as many as there was room for."""


class Pipeline:
    """The steps gate, enrich and seal for all events of a batch."""

    def __init__(self, identifier: Identifier, enricher: Enricher, limits: Limits) -> None:
        self._identifier = identifier
        self._enricher = enricher
        self._limits = limits

    def run(self, envelope: Envelope, request: Request, room: int) -> Outcome:
        """Gate and enrich all events; raises `RefusedError` if one of them is malformed."""
        run = _Run(self._identifier, self._enricher, self._limits, request, room)
        run.set_clock(envelope)
        for event in envelope.events:
            run.take(event)
        return run.outcome


class _Run:
    """One batch on its way; what its events share is worked out once."""

    def __init__(
        self,
        identifier: Identifier,
        enricher: Enricher,
        limits: Limits,
        request: Request,
        room: int,
    ) -> None:
        self._identifier = identifier
        self._enricher = enricher
        self._limits = limits
        self._request = request
        self._room = room
        self._sender = request.sender
        self.outcome = Outcome(BatchBuilder(), Counter(), Counter(), [])
        self._places: dict[tuple[bytes, int], int] = {}
        self._seen: set[bytes] = set()
        self._web_mark: bytes | None = None
        self._mark = partial(identifier.mark, self._sender.site)
        self._skew = 0
        self._is_clock_off = False
        age = limits.api_age_seconds if self._sender.is_server else limits.web_age_seconds
        self._oldest = request.now_millis - age * 1000
        self._newest = request.now_millis + limits.future_seconds * 1000

    def set_clock(self, envelope: Envelope) -> None:
        """Learn how far the sender's clock is off from the time at which it sent."""
        if envelope.sent is UNSET:
            return
        skew = self._request.now_millis - envelope.sent
        if abs(skew) > self._limits.largest_skew_seconds * 1000:
            self._is_clock_off = True
        elif abs(skew) > self._limits.small_skew_seconds * 1000:
            self._skew = skew

    def take(self, event: RawEvent) -> None:
        """Store the event in the builder, or count why not."""
        event_id = _read_id(event.id)
        session = _read_session(event.session) if event.session else 0
        person = self._person(event)
        decision = decide(event.name, person.standing, self._request.gpc, self._sender.is_server)
        reason = decision.reason or self._late_reason(event, event_id)
        if reason is not None:
            self._drop(event, reason, is_known=decision.event is not None)
            return
        mark, origin = self._origin(event)
        if not self._sender.is_server and self._enricher.is_bot(mark, origin, self._request.now):
            self._drop(event, Reason.BOT, is_known=True)
            return
        self._seen.add(event_id)
        place = self._place(mark, origin, decision.uses)
        entry = self._entry(event, event_id, session, decision, place)
        entry.actor = self.outcome.builder.actor(person.actor)
        self.outcome.builder.entries.append(entry)
        if self._room > len(self.outcome.arrivals):
            self.outcome.arrivals.append(self._arrival(event, decision.uses))

    def _person(self, event: RawEvent) -> Person:
        if not event.user:
            return self._sender.person
        if not self._sender.is_server:
            self.outcome.fields[Reason.UNLISTED_FIELD] += 1
            return self._sender.person
        return self._identifier.person(self._sender.site, event.user, self._request.now)

    def _late_reason(self, event: RawEvent, event_id: bytes) -> Reason | None:
        if self._is_clock_off:
            return Reason.CLOCK
        millis = event.time + self._skew
        if millis > self._newest:
            return Reason.IN_FUTURE
        if millis < self._oldest:
            return Reason.TOO_OLD
        return Reason.DUPLICATE if event_id in self._seen else None

    def _drop(self, event: RawEvent, reason: Reason, *, is_known: bool) -> None:
        """Count it and forget it. A name that the catalogue lacks may say anything: not kept."""
        self.outcome.dropped[reason] += 1
        if self._room > len(self.outcome.arrivals):
            name = event.name if is_known else ""
            self.outcome.arrivals.append(Arrival(name, reason.value))

    def _origin(self, event: RawEvent) -> tuple[bytes, Origin]:
        """The learner's address and agent: the connection's, or those that a server names."""
        if not self._sender.is_server:
            if self._web_mark is None:
                self._web_mark = self._enricher.mark(self._request.origin)
            return self._web_mark, self._request.origin
        address = parse_address(event.ip) if event.ip else None
        if event.ip and address is None:
            raise RefusedError(Reason.BAD_ADDRESS)
        agent = event.agent[: self._limits.agent_chars] if event.agent else ""
        origin = Origin(address, agent, {})
        return self._enricher.mark(origin), origin

    def _place(self, mark: bytes, origin: Origin, uses: int) -> int:
        place = self._places.get((mark, uses))
        if place is None:
            found = self._enricher.circumstance(mark, origin, uses, self._request.now)
            place = self._places[mark, uses] = self.outcome.builder.circumstance(found)
        return place

    def _entry(
        self, event: RawEvent, event_id: bytes, session: int, decision: Decision, place: int
    ) -> Entry:
        uses = decision.uses
        page = read_page(event.page) if event.page else None
        is_traced = bool(uses & _PROVENANCE)
        return Entry(
            event_id,
            (event.time + self._skew) * 1000,
            event.name,
            uses,
            NOBODY,
            place,
            session,
            event.institution or self._sender.institution,
            event.course or "",
            self._object(event),
            page.path if page else "",
            referrer_host(event.referrer) if event.referrer and is_traced else "",
            self._campaign(event, page.campaign if page else "") if is_traced else "",
            self._detail(event, uses),
        )

    def _object(self, event: RawEvent) -> str:
        """The object; one that a browser gives as an address is scrubbed as links are."""
        found = event.object or ""
        if not found or self._sender.is_server:
            return found
        is_address = found.startswith(("/", "http:", "https:", "mailto:", "tel:"))
        return scrub_link(found) if is_address else scrub_text(found)

    @staticmethod
    def _campaign(event: RawEvent, of_page: str) -> str:
        return scrub_text(event.campaign) if event.campaign else of_page

    def _detail(self, event: RawEvent, uses: int) -> bytes:
        if event.data is UNSET:
            return b""
        reader = detail_reader(event.name, uses, find_event)
        is_observed = not self._sender.is_server
        return reader.read(event.data, self.outcome.fields, self._mark, scrub=is_observed)

    def _arrival(self, event: RawEvent, uses: int) -> Arrival:
        received = self._request.now_millis * 1000
        return Arrival(event.name, "", uses, received, self._sender.source, event.course or "")


def _read_id(text: str) -> bytes:
    """The 16 bytes of a UUIDv7; raises `RefusedError` for anything else."""
    if len(text) == 36 and text[14] == "7" and text[19] in "89abAB":
        try:
            found = bytes.fromhex(text.replace("-", ""))
        except ValueError:
            found = b""
        if len(found) == 16:
            return found
    raise RefusedError(Reason.BAD_EVENT_ID)


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
