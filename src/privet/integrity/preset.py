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
    most_own_slow: float = 0.1
    """A slow harvester works at most at this share of its problems for itself, solved or not."""
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
    """No account is judged before it was watched for so long, and for so many acts: that teaches
    where it is used."""
    learned_acts: int = 10
    """Published rules count sign-ins, which not every platform tells."""
    within_seconds: int = 43_200
    most_speed: float = 900.0
    """Kilometres an hour; published rules use 805 and 900."""
    overlap_seconds: int = 120
    gap_seconds: int = 300
    """Acts further apart than this are not one stretch of work."""
    again_after: int = 60
    """A request of one device that is sent twice comes sooner than this after the first."""
    again_within: int = 3_600
    meanwhile_seconds: int = 600
    """In the first place the work goes on: its acts before and after are no further apart."""
    window_days: int = 28
    fewest_days: int = 2
    """Within ``window_days``; and so many days a network is used on that is somebody's place."""
    fewest_again: int = 3
    """On a day on which work crosses, so many problems are done in both places; what is sent late
    or tried once more is one or two."""
    fewest_again_rounds: int = 5
    """And so many on an evening that counts like two days."""
    fewest_full: int = 10
    """So many problems done anew on one evening, as slowly as at first and out of reach, count like
    two days by themselves; within reach, like one on which no trip was possible."""
    fewest_full_crossing: int = 16
    """So many count like two days if they were done while the work in the first place went on:
    somebody who revises may do so in between new work."""
    fewest_abroad: int = 2
    """Of what was solved in one country, so many problems are done again in another, on a day."""
    least_again: float = 0.7
    """And at least this share of what was solved there in that sitting."""
    least_pace: float = 0.5
    """And they take at least this share of the time."""
    least_again_overall: float = 0.85
    """Of all that an account solved in the first place on such evenings: whoever goes over known
    work takes all of it now and then, and some of it mostly."""
    least_anew: float = 1.0
    """And all of it takes this share of the time, where each problem that was wrong at first there
    counts for ``wrong_counts`` more: whoever goes over known work is quicker, and right."""
    wrong_counts: float = 2.0
    least_twice: float = 0.8
    """Over all days of an account on which anything crossed: of what was solved in one of the two
    places, so much is done in both. Of what is sent late, or tried once more, the rest is not."""
    sitting_seconds: int = 5_400
    """What was solved so long before and after belongs to the same sitting."""
    more_by_places: int = 3
    """So many days more, if some speak only by the places that it was in: somebody's VPN on a
    second device may look like that, and so may two computers at work by turns."""
    more_by_near: int = 1
    """So many days more, if less than ``fewest_full`` problems were done anew, in a country that
    can be reached in the time; and at least ``fewest_again`` on each."""
    more_by_overlaps: int = 1
    """So many days more, if all that was seen is two places at the same time, and work that
    crossed too rarely to count by itself."""
    fewest_rounds: int = 2
    """An evening on which work crossed so often, on two kinds of device and with work in the
    first place in between, counts like two days."""
    misplaced_days: float = 0.001
    """So often an honest account seems to be in two places on a day, where nothing is known of it:
    an assumption."""
    misplaced_weight: int = 10_000
    """It counts like so many days of accounts that were watched."""
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
