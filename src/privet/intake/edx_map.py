"""Turns lines of a tracking log into gated, enriched, scrubbed rows for the durable log.

One `LineMapper` lives in each process that reads. It remembers what it worked out about users,
courses, paths, addresses and agents, since a log says the same of them thousands of times.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from privet.catalogue.uses import Use
from privet.consent.rules import regate
from privet.intake.edx_circumstances import Circumstances
from privet.intake.edx_line import Context, Line
from privet.intake.edx_people import People
from privet.intake.edx_reasons import Barred, Unread
from privet.intake.edx_said import read_said
from privet.intake.edx_scrub import without_username
from privet.intake.edx_shape import CACHED, Shapes
from privet.intake.edx_tally import Tally
from privet.intake.edx_values import line_hasher, session_number
from privet.kernel.clock import Clock, to_micros

_NO_CONTEXT = Context()
_ANALYTIC = int(Use.ANALYTICS | Use.MARKETING)


@dataclass(frozen=True, kw_only=True)
class MapperKeys:
    """The keys under which ids of lines and sessions are hidden."""

    line: bytes
    session: bytes


Texts = tuple[str, str, str, str, str, str]
"""The values of `TEXT_NAMES`, which many events of a batch share."""
TEXT_NAMES = ("name", "course", "institution", "object", "page_path", "referrer_host")
Row = tuple[bytes, int, int, int, int | None, int, bytes | None, Texts]
"""An event: the values of `ROW_NAMES`. Made for every line, so it is no class of its own."""
ROW_NAMES = ("digest", "time", "uses", "actor", "circumstance", "session", "detail", "texts")


class LineMapper:
    """Maps lines to rows; ``uses`` is what the operator permits, as bits."""

    def __init__(
        self,
        *,
        uses: Use,
        keys: MapperKeys,
        people: People,
        circumstances: Circumstances,
        clock: Clock,
    ) -> None:
        self._digest = line_hasher(keys.line)
        self._latest = to_micros(clock.now() + timedelta(days=1))
        self._find_shape = Shapes(uses=int(uses), pseudonym=people.pseudonym).find
        self._find_who = people.find
        self._place_of = people.place_of
        self._find_circumstance = circumstances.find
        self._find_session = lru_cache(CACHED)(
            lambda session: session_number(keys.session, session)
        )

    def map_line(
        self, text: bytes, line: Line, at: int | None, tally: Tally
    ) -> Row | Unread | Barred:
        """One event's row, or why there is none; the fields it loses are counted in ``tally``.

        ``at`` is what `read_times` reads in `time_of` the line.
        """
        context = line.context or _NO_CONTEXT
        if at is None or at < 0:
            return Unread.NO_TIME
        if at > self._latest:
            return Barred.IN_FUTURE
        module = context.module
        shape = self._find_shape(
            line.event_source, line.event_type, line.name, line.page, line.referer, line.host,
            context.path, context.course_id, context.org_id, module and module.usage_key,
        )  # fmt: skip
        named, uses, _, page, place, place_by_page, object_, referrer = shape
        if not uses:
            return Barred.NO_USE
        detail, said_object, said_place, learner, lost = read_said(shape, bytes(line.event))
        actor, standing, is_acting = self._find_who(context.user_id, line.username or "", learner)
        if standing is not None and not (uses := regate(named.event, standing, uses)):
            return Barred.DECIDED
        for reason, count in lost:
            tally.fields_dropped[reason] += count
        circumstance, session = None, 0
        if is_acting:
            circumstance = self._find_circumstance(line.ip or "", line.agent or "", at, uses)
            if token := line.session or context.session:
                session = self._find_session(token)
        course, institution = place or said_place or place_by_page
        texts = (
            named.name, course, institution, said_object or object_,
            _without_name(page, line.username), referrer if uses & _ANALYTIC else "",
        )  # fmt: skip
        return (
            self._digest(text), at, uses, self._place_of(actor), circumstance, session, detail,
            texts,
        )  # fmt: skip


def time_of(line: Line) -> str:
    """What a line says of its moment; nothing if it says nothing."""
    return line.time or (line.context and line.context.received_at) or ""


def _without_name(page: str, username: str | None) -> str:
    name = username.strip() if username else ""
    return without_username(page, name) if name and name in page else page
