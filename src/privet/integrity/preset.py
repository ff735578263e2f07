"""The named sets of thresholds. Where each figure is from, and what it was tuned on, stands in
docs/reference/integrity-detectors.md."""

from dataclasses import dataclass

from privet.integrity.findings import USUAL


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """What the detectors of copying ask of a pair of accounts."""

    name: str = USUAL
    window_seconds: int = 120
    """An answer submitted within it was submitted at once; also the width of a bucket."""
    reach_seconds: int = 21_600
    """An answer submitted later than this after it was got is not set against it."""
    fewest_shared: int = 2
    """Problems that a pair behind one address must have in common to be looked at."""
    fewest_apart: int = 3
    """Problems answered at once that a pair without a common address must have."""
    most_accounts: int = 50
    """Behind an address with more accounts than this, only acts at the same address link a pair."""
    most_by_itself: float = 0.2
    """A harvester solves at most this share of its problems before it has the answer."""
    least_fed: float = 0.6
    """At least this share of the answers it got is submitted by the master afterwards."""
    least_direction: float = 0.9
    """At least this share of the common items come after the answer (F1 says it with certainty)."""
    least_first_right: float = 0.8
    """What is copied is right at the first attempt: at least this share."""
    quick_median_seconds: float = 90.0
    quick_p90_seconds: float = 300.0
    pair_p90_seconds: float = 150.0
    """For two items only: both about this quick."""
    slow_median_seconds: float = 600.0
    """Between quick and slow lies help in person; see `helped_p`."""
    fewest_slow: int = 3
    helped_p: float = 1e-6
    """In between, so many right first attempts must be as unlikely as this for the master."""
    most_q: float = 0.01


@dataclass(frozen=True, kw_only=True)
class FiveFilters:
    """The filters of Northcutt, Ho and Chuang (2016), under their numbers."""

    name: str = "northcutt-2016"
    direction: float = 0.9
    certainty: float = 0.9
    """F1: P(share > direction) must reach it."""
    p90_seconds: float = 300.0
    """F2."""
    most_accounts: int = 10
    """F5: address groups of so many accounts are dropped."""


USUAL_THRESHOLDS = Thresholds()
FIVE_FILTERS = FiveFilters()
PRESETS = (USUAL_THRESHOLDS.name, FIVE_FILTERS.name)


@dataclass(frozen=True, kw_only=True)
class SharingThresholds:
    """What the detectors of shared accounts ask."""

    learned_days: int = 14
    """An account's first days teach where it is used, and are never evidence."""
    learned_acts: int = 10
    """Nor are its first acts. Published rules count sign-ins, which not every platform tells."""
    within_seconds: int = 43_200
    most_speed: float = 900.0
    """Kilometres an hour; published rules use 805 and 900."""
    overlap_seconds: int = 120
    gap_seconds: int = 300
    """Acts further apart than this are not one stretch of work."""
    window_days: int = 28
    fewest_days: int = 3
    """Within ``window_days``."""
    misplaced_days: float = 0.001
    """So often an honest account is taken for somewhere else on a day: an assumption."""
    most_q: float = 0.01


@dataclass(frozen=True, kw_only=True)
class SupportThresholds:
    """What the detectors ask that only support a case."""

    window_seconds: int = 60
    fewest_close: int = 8
    most_mean_seconds: float = 2160.0
    """0.6 hours, the extreme quantile that was published."""
    rare_share: float = 0.05
    most_accounts: int = 30
    fewest_alike: int = 4
    most_q: float = 0.01


SHARING_THRESHOLDS = SharingThresholds()
SUPPORT_THRESHOLDS = SupportThresholds()
