"""The answers of the technique page, as values that cannot change."""

from dataclasses import dataclass
from datetime import date

from privet.insight.results import NameLine
from privet.insight.vitals import Band


@dataclass(frozen=True, kw_only=True)
class TimingLine:
    """The 75th percentile of each measure: milliseconds, but ``cls`` has no unit.

    None of few learners, and where nothing measured it.
    """

    name: str
    """A page's path or a type of device; empty for all together."""
    learners: int
    pages: float
    """How many times a page was measured."""
    lcp: float | None
    inp: float | None
    cls: float | None
    fcp: float | None
    ttfb: float | None


@dataclass(frozen=True, kw_only=True)
class BandLine:
    """How many measurements of a kind lie in a band."""

    measure: str
    band: Band
    learners: int
    pages: float


@dataclass(frozen=True, kw_only=True)
class ErrorLine:
    """Errors of one signature: the same message, numbers and quoted texts apart, and functions."""

    signature: str
    """Twelve hexadecimal digits."""
    message: str
    stack: str
    """The five innermost functions."""
    first_day: date
    last_day: date
    learners: int
    errors: float


@dataclass(frozen=True, kw_only=True)
class ErrorDay:
    """One error on a day."""

    point: date
    learners: int
    errors: float


@dataclass(frozen=True, kw_only=True)
class ErrorDetail:
    """Where and when one error happened."""

    line: ErrorLine
    pages: tuple[NameLine, ...]
    browsers: tuple[NameLine, ...]
    scripts: tuple[NameLine, ...]
    days: tuple[ErrorDay, ...]
    """Those on which it happened to enough learners to be said."""


@dataclass(frozen=True, kw_only=True)
class Technique:
    """With what learners came, how fast pages were, and what failed."""

    browsers: tuple[NameLine, ...]
    systems: tuple[NameLine, ...]
    devices: tuple[NameLine, ...]
    timing: TimingLine
    bands: tuple[BandLine, ...]
    timing_by_page: tuple[TimingLine, ...]
    timing_by_device: tuple[TimingLine, ...]
    errors: tuple[ErrorLine, ...]
