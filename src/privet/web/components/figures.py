"""A figure: one number, what it counts, and how it changed."""

from dataclasses import dataclass
from enum import StrEnum

from privet.web.components.tables import Kind


class Direction(StrEnum):
    """Which way a figure went."""

    UP = "up"
    DOWN = "down"
    SAME = "same"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number with its name; ``before`` is what it is compared with, if with anything."""

    name: str
    value: float | None
    kind: Kind = Kind.COUNT
    before: float | None = None
    remark: str = ""
    """Said in place of a change."""

    @property
    def change(self) -> float | None:
        """The change as a share of the earlier number; none if there is nothing to compare."""
        if self.value is None or not self.before:
            return None
        return (self.value - self.before) / self.before

    @property
    def direction(self) -> Direction | None:
        """Which way it went, to the whole percent; none if there is nothing to compare."""
        change = self.change
        if change is None:
            return None
        percent = round(change * 100)
        if percent == 0:
            return Direction.SAME
        return Direction.UP if percent > 0 else Direction.DOWN
