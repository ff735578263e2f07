"""Turns lines of a tracking log into gated, enriched, scrubbed entries of the durable log.

One `LineMapper` lives in each process that reads. It remembers what it worked out about users,
courses, paths, addresses and agents, since a log says the same of them thousands of times.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache

import msgspec

from privet.catalogue import acts, edx, web
from privet.catalogue.spec import Event, Origin
from privet.catalogue.uses import Use
from privet.consent.rules import regate
from privet.events.record import NOBODY, Entry
from privet.intake.edx_circumstances import Circumstances
from privet.intake.edx_line import Context, Line
from privet.intake.edx_payload import (
    EMPTY,
    Detail,
    Payload,
    as_text,
    keep_of_form,
    number_or_text,
    read_payload,
)
from privet.intake.edx_people import People, Who
from privet.intake.edx_reasons import Barred, Lost, Unread
from privet.intake.edx_scrub import (
    host_of,
    mask,
    path_of,
    scrub_path,
    scrub_text,
    without_username,
)
from privet.intake.edx_values import (
    course_in_path,
    institution_slug,
    line_id,
    read_course,
    read_time,
    session_number,
)
from privet.kernel.clock import Clock, to_micros

CACHED = 65_536
_NO_CONTEXT = Context()
_SERVER_SOURCES = frozenset({"server", "task"})
_ALIASES = {
    "edx.video.loaded": "load_video",
    "edx.video.played": "play_video",
    "edx.video.paused": "pause_video",
    "edx.video.stopped": "stop_video",
    "edx.video.position.changed": "seek_video",
    "edx.video.speed.changed": "speed_change_video",
    "edx.video.transcript.shown": "show_transcript",
    "edx.video.transcript.hidden": "hide_transcript",
    "edx.bi.video.speed.changed": "speed_change_video",
    "edx.video.error": "edx.other.browser",
}
"""Names of the mobile apps for what has a name already."""
_NOT_FROM_LOGS = frozenset({"edx.implicit", "edx.other", "edx.other.browser"})
KNOWN: Mapping[str, Event] = {
    event.name: event
    for event in (*edx.EVENTS, *acts.EVENTS, *web.VIDEO)
    if event not in acts.ACCOUNTS and event.name not in _NOT_FROM_LOGS
}
"""The events that a line of a tracking log can name."""
_OBJECTS = ("problem_id", "problem", "module_id", "component_usage_id", "block_id", "id",
            "exam_content_id", "submission_uuid", "team_id", "certificate_id", "target_url",
            "usage_key", "location")  # fmt: skip
_ANALYTIC = int(Use.ANALYTICS | Use.MARKETING)
_TEXT_LIMIT = 1000
_TYPE = re.compile(r"[\w.:/@+-]{1,100}")
_NOTHING: Mapping[str, bytes] = {}
_NOTHING_SENT = frozenset(
    (b"null", b'""', b"{}", b'"{}"', rb'"{\"POST\": {}, \"GET\": {}}"',
     rb'"{\"GET\": {}, \"POST\": {}}"', b'{"POST": {}, "GET": {}}')
)  # fmt: skip
_LONGEST_NOTHING = max(map(len, _NOTHING_SENT))
_ASKED = b'{"method":"GET"}'


@dataclass(kw_only=True)
class Tally:
    """What became of the lines and fields of a block."""

    lines: int = 0
    events: int = 0
    kept: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    not_permitted: Counter[str] = field(default_factory=Counter)
    fields_dropped: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Take another tally's counts into this one."""
        self.lines += other.lines
        self.events += other.events
        self.kept += other.kept
        for mine, theirs in (
            (self.skipped, other.skipped),
            (self.rejected, other.rejected),
            (self.not_permitted, other.not_permitted),
            (self.fields_dropped, other.fields_dropped),
        ):
            mine.update(theirs)


@dataclass(frozen=True, kw_only=True)
class MapperKeys:
    """The keys under which ids of lines and sessions are hidden."""

    line: bytes
    session: bytes


class _Named:
    """One kind of event with what is done with its payload."""

    def __init__(self, event: Event, pseudonym: Callable[[str], str]) -> None:
        self.event = event
        self.name = event.name
        self.uses = event.uses_bits
        self.detail = Detail(event, pseudonym)
        self._names_learner = event.origin is Origin.SERVER and "user_id" not in event.by_name

    def learner_in(self, payload: Payload) -> str:
        """Whom the event is about, where its payload says so; a browser is not believed."""
        if not self._names_learner:
            return ""
        found = payload.get("user_id") or payload.get("attempt_user_id")
        return number_or_text(found) if found is not None else ""


class LineMapper:
    """Maps lines to entries; ``uses`` is what the operator permits, as bits."""

    def __init__(
        self,
        *,
        uses: Use,
        keys: MapperKeys,
        people: People,
        circumstances: Circumstances,
        clock: Clock,
    ) -> None:
        self._uses = int(uses)
        self._keys = keys
        self._people = people
        self._circumstances = circumstances
        self._latest = to_micros(clock.now() + timedelta(days=1))
        self._by_name = {name: _Named(event, people.pseudonym) for name, event in KNOWN.items()}
        self._implicit = _Named(edx.IMPLICIT, people.pseudonym)
        self._other = _Named(edx.OTHER, people.pseudonym)
        self._other_browser = _Named(edx.OTHER_BROWSER, people.pseudonym)
        self._find_named = lru_cache(CACHED)(self._name_event)
        self._find_page = lru_cache(CACHED)(_page)
        self._find_host = lru_cache(CACHED)(host_of)
        self._find_course = lru_cache(CACHED)(read_course)
        self._find_institution = lru_cache(CACHED)(_org)
        self._find_object = lru_cache(CACHED)(lambda key: scrub_text(key)[:_TEXT_LIMIT])
        self._find_type = lru_cache(CACHED)(_type_detail)
        self._find_session = lru_cache(CACHED)(
            lambda session: session_number(keys.session, session)
        )

    def map_line(self, text: bytes, line: Line, tally: Tally) -> Entry | Unread | Barred:
        """One event's entry, or why there is none; the fields it loses are counted in ``tally``."""
        context = line.context or _NO_CONTEXT
        at = read_time(line.time or context.received_at or "")
        if at is None or at < 0:
            return Unread.NO_TIME
        if at > self._latest:
            return Barred.IN_FUTURE
        named = self._named(line)
        uses = named.uses & self._uses
        if not uses:
            return Barred.NO_USE
        payload = EMPTY if named is self._implicit else self._read(line, tally)
        who = self._people.find(line, context, named.learner_in(payload))
        uses = regate(named.event, who.standing, uses)
        if not uses:
            return Barred.DECIDED
        return self._entry(named, payload, who, uses, at, text, line, context, tally)

    def _entry(  # noqa: PLR0917 - called for every line, where keywords cost as much as the work
        self,
        named: _Named,
        payload: Payload,
        who: Who,
        uses: int,
        at: int,
        text: bytes,
        line: Line,
        context: Context,
        tally: Tally,
    ) -> Entry:
        kept, detail = self._detail(named, payload, line, tally)
        page, course_text = self._page(named, line, context)
        course, institution = self._place(context, course_text, kept)
        circumstance, session = NOBODY, 0
        if who.is_acting:
            circumstance = self._circumstances.find(line.ip or "", line.agent or "", at, uses)
            if token := line.session or context.session:
                session = self._find_session(token)
        return Entry(
            line_id(self._keys.line, at, text),
            at,
            named.name,
            uses,
            self._people.index_of(who),
            circumstance,
            session,
            institution,
            course,
            self._object(kept, context),
            page,
            self._referrer(line) if uses & _ANALYTIC else "",
            "",
            detail,
        )

    def _named(self, line: Line) -> _Named:
        kind = line.event_type or ""
        if kind[:1] == "/" and line.event_source in _SERVER_SOURCES:
            return self._implicit
        return self._find_named(line.event_source or "", kind, line.name or "")

    def _name_event(self, source: str, kind: str, name: str) -> _Named:
        """The catalogue's event for what a line calls itself; ``name`` goes before ``event_type``.

        What a browser reports under the name of an act on the server is not that act.
        """
        is_server = source in _SERVER_SOURCES
        for called in (name, kind):
            event = KNOWN.get(_ALIASES.get(called, called))
            if event is not None and event.origin is Origin.SERVER and not is_server:
                event = KNOWN.get(f"{event.name}.browser")
            if event is not None:
                return self._by_name[event.name]
        return self._other if is_server else self._other_browser

    def _read(self, line: Line, tally: Tally) -> Payload:
        raw = bytes(line.event)
        if len(raw) <= _LONGEST_NOTHING and raw in _NOTHING_SENT:
            return EMPTY
        payload, is_readable = read_payload(raw)
        if not is_readable:
            tally.fields_dropped[Lost.UNREADABLE] += 1
        return payload

    def _detail(
        self, named: _Named, payload: Payload, line: Line, tally: Tally
    ) -> tuple[Mapping[str, bytes], bytes]:
        if named is self._implicit:
            raw = bytes(line.event)
            if len(raw) <= _LONGEST_NOTHING and raw in _NOTHING_SENT:
                return _NOTHING, _ASKED
            return _NOTHING, keep_of_form(raw, tally.fields_dropped)
        if named is self._other or named is self._other_browser:
            tally.fields_dropped[Lost.UNLISTED] += len(payload)
            return _NOTHING, self._find_type(line.name or line.event_type or "")
        kept = named.detail.keep(payload, tally.fields_dropped)
        return kept, named.detail.encode(kept)

    def _page(self, named: _Named, line: Line, context: Context) -> tuple[str, str]:
        """The path of the page, scrubbed, and the course that it says."""
        if named is self._implicit:
            url = line.event_type
        elif line.page and line.page != "x_module":
            url = line.page
        elif line.referer and line.host and self._find_host(line.referer) == _bare(line.host):
            url = line.referer
        else:
            url = context.path
        page, course = self._find_page(url or "")
        name = line.username.strip() if line.username else ""
        return (without_username(page, name) if name and name in page else page), course

    def _place(
        self, context: Context, course_of_page: str, kept: Mapping[str, bytes]
    ) -> tuple[str, str]:
        """The course and the institution, from the first source that names one."""
        in_payload = kept.get("course_id")
        for text in (
            context.course_id,
            in_payload[1:-1].decode(errors="replace") if in_payload else "",
            course_of_page,
        ):
            found = self._find_course(text) if text else None
            if found:
                return found
        return "", self._find_institution(context.org_id or "")

    def _object(self, kept: Mapping[str, bytes], context: Context) -> str:
        for name in _OBJECTS:
            if name in kept:
                return as_text(kept[name])
        module = context.module
        return self._find_object(module.usage_key) if module and module.usage_key else ""

    def _referrer(self, line: Line) -> str:
        """The other site that led here; the platform's own pages are none."""
        host = self._find_host(line.referer) if line.referer else ""
        return "" if host == _bare(line.host or "") else host


def _page(url: str) -> tuple[str, str]:
    path = path_of(url)
    return scrub_path(path)[:_TEXT_LIMIT], course_in_path(path)


def _bare(host: str) -> str:
    return host.partition(":")[0].lower()


def _org(text: str) -> str:
    return institution_slug(text) if len(text) <= 100 and "@" not in text else ""


def _type_detail(text: str) -> bytes:
    """The platform's own name of an event that has no name here, if it is a name at all."""
    known = _TYPE.fullmatch(text.strip())
    said = scrub_path(mask(path_of(known[0]))) if known else "unreadable"
    return msgspec.json.encode({"event_type": said})
