"""All steps for one batch: from typed events to entries of the log and a count of the rest."""

from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections import defaultdict
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import msgspec
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
from privet.collector.remember import remembered
from privet.consent.rules import Standing
from privet.events.live import Arrival
from privet.events.record import NOBODY

_PROVENANCE = int(Use.ANALYTICS | Use.MARKETING)
"""The uses that may know the referrer and the campaign."""
_NO_PAGE = Page("")


class Request(msgspec.Struct, gc=False):
    """What the steps need to know of the request beside its batch."""

    sender: Sender
    origin: Origin
    gpc: bool
    now: datetime
    now_millis: int


class Outcome(msgspec.Struct, gc=False):
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


class _Plan(NamedTuple):
    """What the gate's word means for all events of one name of one person."""

    reason: Reason | None
    """Why all of them are dropped."""
    is_known: bool
    uses: int
    is_traced: bool
    """Whether they may hold a referrer and a campaign."""
    read: ReadDetail | None


_Lane = tuple[_Plan, Reason | None, int, int, int, bool, ReadDetail | None]
"""What events of one name, person and origin share in a batch, in the order in which it is
unpacked for each: their plan, why all are dropped, their uses, the indexes of their actor and of
their circumstance, and the plan's rest. Unpacking costs as much as reading one field by name."""


@lru_cache(maxsize=8192)
def _plan(name: str, standing: Standing, gpc: bool, is_server: bool) -> _Plan:
    """As `decide`, and like it of nothing but what it is given, so that it can be remembered."""
    decision = decide(name, standing, gpc, is_server)
    if decision.reason is not None:
        return _Plan(decision.reason, decision.event is not None, 0, False, None)
    uses = decision.uses
    return _Plan(None, True, uses, bool(uses & _PROVENANCE), detail_reader(name, uses))


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
        """Store each event in the builder, or count why not.

        Half of a request's time goes here, so that it is one loop without calls of our own but
        for what a cache answers.
        """
        lanes, oldest, newest, skew = self._lanes, self._oldest, self._newest, self._skew
        sender, ids = self._sender, parsed.ids
        institution, is_server = sender.institution, sender.is_server
        entries, faults, mark = self.outcome.builder.entries, self.outcome.fields, self._mark
        scrubs = parsed.may_hold_mail and not is_server
        seen: set[bytes] | None = None if len(set(ids)) == len(ids) else set()
        lane_name, session_text, session = "", "", 0
        for event, event_id in zip(parsed.envelope.events, ids, strict=True):
            # Most events of a batch have the session and the name of the one before.
            if event.session != session_text:
                session_text = event.session
                session = _read_session(session_text)
            name = event.name
            if is_server or name != lane_name:
                lane_name = name
                lane = lanes.get(name) or self._lane(event)
                plan, reason, uses, actor, place, is_traced, read = lane
            millis = event.time + skew
            if reason is not None or not oldest <= millis <= newest:
                self._drop(event, plan, reason or self._late_reason(millis))
                continue
            if seen is not None and _is_again(event_id, seen):
                self._drop(event, plan, Reason.DUPLICATE)
                continue
            path, campaign = read_page(event.page) if event.page else _NO_PAGE
            referrer, detail = "", b""
            if not is_traced:
                campaign = ""
            elif event.referrer or event.campaign:
                referrer, campaign = _read_provenance(event, campaign)
            if read is not None and event.data is not UNSET:
                detail = read(event.data, faults, mark, scrubs)
            sent = event.object
            object_ = _scrub_object(sent) if sent and not is_server else sent
            entries.append(
                (event_id, millis * 1000, name, uses, actor, place, session,
                 event.institution or institution, event.course, object_, path, referrer,
                 campaign, detail)
            )  # fmt: skip
            if self._room:
                self._show(self._arrival(event, uses))

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
        plan = _plan(event.name, person.standing, gpc, self._is_server)
        reason, _, uses, is_traced, read = plan
        if reason is not None:
            return plan, reason, 0, NOBODY, NOBODY, False, None
        if self._is_server:
            origin = _origin_of(event)
        builder, mark = self.outcome.builder, self._mark_of(origin)
        found = self._enricher.circumstance(mark, origin, uses, self._request.now)
        actor, place = builder.actor(person.actor), builder.circumstance(found)
        return plan, None, uses, actor, place, is_traced, read

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

    def _drop(self, event: SentEvent, plan: _Plan, reason: Reason) -> None:
        """Count it and forget it. A name that the catalogue lacks may say anything: not kept."""
        self.outcome.dropped[reason] += 1
        if self._room:
            self._show(Arrival(event.name if plan.is_known else "", reason.value))

    def _show(self, arrival: Arrival) -> None:
        self._room -= 1
        self.outcome.arrivals.append(arrival)

    def _mark(self, external_id: str) -> str:
        """What stands in a row for a third person's id."""
        return self._identifier.mark(self._sender.site, external_id)

    def _arrival(self, event: SentEvent, uses: int) -> Arrival:
        received = self._request.now_millis * 1000
        return Arrival(event.name, "", uses, received, self._sender.source, event.course)


def _is_again(event_id: bytes, seen: set[bytes]) -> bool:
    """Whether an event was seen before in its batch; from now on it was."""
    if event_id in seen:
        return True
    seen.add(event_id)
    return False


def _origin_of(event: SentEvent) -> Origin:
    """The learner's address and agent as a platform's server saw them."""
    address = parse_address(event.ip) if event.ip else None
    if event.ip and address is None:
        raise RefusedError(Reason.BAD_ADDRESS)
    return Origin(address, event.agent[: LIMITS.agent_chars] if event.agent else "", {})


def _read_provenance(event: SentEvent, campaign: str) -> tuple[str, str]:
    """The referrer's host, and the campaign: the one that is named, else that of the page."""
    referrer = referrer_host(event.referrer) if event.referrer else ""
    return referrer, scrub_text(event.campaign) if event.campaign else campaign


@remembered
def _scrub_object(sent: str) -> str:
    """A browser's object; one that is an address is scrubbed as links are."""
    is_address = sent.startswith(("/", "http:", "https:", "mailto:", "tel:"))
    return scrub_link(sent) if is_address else scrub_text(sent)


@remembered
def _read_session(text: str) -> int:
    """A session's 8 bytes, as 16 hexadecimal digits or base64url, as a number; 0 for no session."""
    if not text:
        return 0
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
