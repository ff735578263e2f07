"""Web Vitals: the measures of a page's speed, and what counts as good.

The bounds are those that their authors publish at web.dev/articles/vitals and
web.dev/articles/defining-core-web-vitals-thresholds, to be judged at the 75th percentile.
"""

from dataclasses import dataclass
from enum import StrEnum

SOURCE = "https://web.dev/articles/vitals"


class Band(StrEnum):
    """How a measurement is judged."""

    GOOD = "good"
    MIDDLING = "middling"
    """Between the bounds: "needs improvement"."""
    POOR = "poor"


@dataclass(frozen=True, kw_only=True)
class Vital:
    """One measure: up to ``good`` it is good, up to ``middling`` it needs improvement."""

    key: str
    good: float
    middling: float
    is_time: bool = True
    """In milliseconds; otherwise without a unit."""

    def judge(self, value: float) -> Band:
        """The band of a value; a bound itself belongs to the better one."""
        if value <= self.good:
            return Band.GOOD
        return Band.MIDDLING if value <= self.middling else Band.POOR


VITALS: dict[str, Vital] = {
    vital.key: vital
    for vital in (
        Vital(key="lcp", good=2500, middling=4000),
        Vital(key="inp", good=200, middling=500),
        Vital(key="cls", good=0.1, middling=0.25, is_time=False),
        Vital(key="fcp", good=1800, middling=3000),
        Vital(key="ttfb", good=800, middling=1800),
    )
}
"""The first three are the core ones. The queries write the same bounds, which a test compares."""
