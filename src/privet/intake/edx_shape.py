"""What lines of a log share: kind of event, page, place. Worked out once for each combination.

A platform says the same combination of type, page, host and course thousands of times, so one
look-up stands for the work of five.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

import msgspec

from privet.catalogue import acts, edx, web
from privet.catalogue.spec import Event, Origin
from privet.intake.edx_payload import Detail
from privet.intake.edx_scrub import host_of, mask, path_of, scrub_path, scrub_text
from privet.intake.edx_values import course_in_path, institution_slug, read_course

CACHED = 65_536
TEXT_LIMIT = 1000
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
_TYPE = re.compile(r"[\w.:/@+-]{1,100}")


class Named:
    """One kind of event with what is done with its payload."""

    def __init__(self, event: Event, pseudonym: Callable[[str], str]) -> None:
        self.event = event
        self.name = event.name
        self.uses = event.uses_bits
        self.detail = Detail(event, pseudonym)
        self.names_learner = event.origin is Origin.SERVER and "user_id" not in event.by_name
        """Whether its payload may say whom it is about; a browser is not believed."""
        self.objects = tuple(name for name in _OBJECTS if name in event.by_name)
        """Those of its fields that may say what it is about; the first that is there does."""
        self.is_implicit = event is edx.IMPLICIT
        self.is_other = event in {edx.OTHER, edx.OTHER_BROWSER}


class Shape(NamedTuple):
    """What a line says beside its person, moment and payload."""

    named: Named
    uses: int
    """Those of the event that the operator permits."""
    called: str
    """The platform's own name of an event."""
    page: str
    place: tuple[str, str] | None
    """Course and institution, as the platform's context has them."""
    place_by_page: tuple[str, str]
    """The same as the page, or at least the organisation, lets one know."""
    object: str
    referrer: str


class Shapes:
    """Finds shapes; ``uses`` is what the operator permits, as bits."""

    def __init__(self, *, uses: int, pseudonym: Callable[[str], str]) -> None:
        self._uses = uses
        self._by_name = {name: Named(event, pseudonym) for name, event in KNOWN.items()}
        self._implicit = Named(edx.IMPLICIT, pseudonym)
        self._other = Named(edx.OTHER, pseudonym)
        self._other_browser = Named(edx.OTHER_BROWSER, pseudonym)
        self._find_page = lru_cache(CACHED)(_page)
        self.find = lru_cache(CACHED)(self._shape)
        """The shape of a line, by what it says of these ten things."""

    def _shape(  # noqa: PLR0917 - the key of the cache
        self,
        source: str | None,
        kind: str | None,
        name: str | None,
        page: str | None,
        referer: str | None,
        host: str | None,
        path: str | None,
        course: str | None,
        org: str | None,
        usage_key: str | None,
    ) -> Shape:
        named = self._named(source or "", kind or "", name or "")
        there, here = host_of(referer or ""), (host or "").partition(":")[0].lower()
        if named is self._implicit:
            url = kind
        elif page and page != "x_module":
            url = page
        elif referer and host and there == here:
            url = referer
        else:
            url = path
        page, course_of_page = self._find_page(url or "")
        by_page = read_course(course_of_page) if course_of_page else None
        return Shape(
            named=named,
            uses=named.uses & self._uses,
            called=name or kind or "",
            page=page,
            place=read_course(course) if course else None,
            place_by_page=by_page or ("", _org(org or "")),
            object=scrub_text(usage_key)[:TEXT_LIMIT] if usage_key else "",
            referrer="" if there == here else there,
        )

    def _named(self, source: str, kind: str, name: str) -> Named:
        """The catalogue's event for what a line calls itself; ``name`` goes before ``event_type``.

        What a browser reports under the name of an act on the server is not that act.
        """
        is_server = source in _SERVER_SOURCES
        if is_server and kind[:1] == "/":
            return self._implicit
        for called in (name, kind):
            event = KNOWN.get(_ALIASES.get(called, called))
            if event is not None and event.origin is Origin.SERVER and not is_server:
                event = KNOWN.get(f"{event.name}.browser")
            if event is not None:
                return self._by_name[event.name]
        return self._other if is_server else self._other_browser


def _page(url: str) -> tuple[str, str]:
    path = path_of(url)
    return scrub_path(path)[:TEXT_LIMIT], course_in_path(path)


def _org(text: str) -> str:
    return institution_slug(text) if len(text) <= 100 and "@" not in text else ""


@lru_cache(CACHED)
def type_detail(text: str) -> bytes:
    """The platform's own name of an event that has no name here, if it is a name at all."""
    known = _TYPE.fullmatch(text.strip())
    said = scrub_path(mask(path_of(known[0]))) if known else "unreadable"
    return msgspec.json.encode({"event_type": said})
