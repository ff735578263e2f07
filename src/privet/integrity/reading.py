"""How this room asks the lake: its queries, for the use integrity alone."""

from datetime import date
from typing import Any

from privet.catalogue.uses import Use
from privet.events.lake import Lake
from privet.events.query import Scope, query, register_queries, register_rollups
from privet.kernel.errors import PrivetError

register_rollups("privet.integrity.rollups")
register_queries("privet.integrity.sql")

_EVERYTHING = Scope()


class UnknownCourseError(PrivetError):
    """A course was named in which nobody is known to have worked."""

    def __init__(self, course: str, *, until: date) -> None:
        super().__init__(
            f"No work in a course {course!r} is known up to {until}.",
            remedy="Look its key up among the console's courses, and write it as it stands there.",
        )


class Reader:
    """Asks in one name, of one lake, over one span of days, in one scope."""

    def __init__(
        self, *, by: str, lake: Lake, start: date, end: date, scope: Scope = _EVERYTHING
    ) -> None:
        self._by = by
        self._lake = lake
        self._scope = scope
        self.start = start
        self.end = end

    def no_earlier_than(self, day: date) -> "Reader":
        """The same, over the days of its span from ``day`` on."""
        return Reader(
            by=self._by, lake=self._lake, start=max(self.start, day), end=self.end,
            scope=self._scope,
        )  # fmt: skip

    def ask(self, name: str, *, course: str = "", **params: Any) -> list[dict[str, Any]]:
        """The rows of a query of this room; ``course`` where it takes one."""
        asked = params | ({"course": course} if course else {})
        found = query(
            name, use=Use.INTEGRITY, scope=self._scope, by=self._by, lake=self._lake,
            start=self.start, end=self.end, **asked,
        )  # fmt: skip
        return [dict(zip(found.columns, row, strict=True)) for row in found.rows]
