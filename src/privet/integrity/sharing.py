"""One account that several people use: work in two countries, and two works at the same time.

Only sign-ins that worked, submissions, shown answers and posts are looked at. Where the places
speak, both are fixed lines, each with a device of its own: a network that hides where it is, or
that many people stand behind, is never evidence, nor is one device that is seen in two places.
Where the work itself speaks (most of it done twice: while both go on, or anew in another country),
the network only tells the two apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from scipy.stats import binom

from privet.integrity.findings import DetectorKind, Finding, Item
from privet.integrity.preset import SharingThresholds
from privet.integrity.reading import Reader
from privet.integrity.rules import confidence_in, false_discovery_q
from privet.integrity.sharing_sights import Row, Sight, find_rounds, look


@dataclass(frozen=True, kw_only=True)
class Watched:
    """How an account was watched."""

    active_days: int
    watched_days: int
    """From its first to its last."""
    acts: int
    days_at: Mapping[int, int]
    """On how many days it acted from each network."""


@dataclass(frozen=True, kw_only=True)
class Days:
    """The days on which one account was seen in two places, one sight of each."""

    subject: int
    sights: tuple[Sight, ...]
    active_days: int
    telling: Mapping[date, tuple[Sight, ...]] = field(default_factory=dict)
    """Those that count like two, with what was seen on each."""

    @property
    def occasions(self) -> int:
        """How often it was seen in two places: a telling day counts twice."""
        return len(self.sights) + len(self.telling)

    @property
    def shown(self) -> tuple[Sight, ...]:
        """What a case shows: one sight a day, or all that was seen if there is a single day."""
        first = self.sights[0].row["day"]
        return self.telling.get(first, self.sights) if len(self.sights) == 1 else self.sights

    @property
    def kind(self) -> DetectorKind:
        """What most of its days speak to."""
        travels = sum(sight.kind is DetectorKind.SHARING_TRAVEL for sight in self.sights)
        is_travel = travels * 2 > len(self.sights)
        return DetectorKind.SHARING_TRAVEL if is_travel else DetectorKind.SHARING_CONCURRENCY


def find_sharing(
    reader: Reader, thresholds: SharingThresholds, *, accounts: int, parts: int
) -> list[Finding]:
    """All accounts that the evidence speaks against; ``parts`` bound the memory.

    ``accounts`` is how many there are at least; tests are counted for all that could be found.
    """
    sights = [
        sight for part in range(parts) for sight in look(reader, thresholds, parts=parts, part=part)
    ]
    watched = _watch(reader, {sight.row["subject"] for sight in sights})
    seen = gather_days(sights, watched, thresholds)
    eligible, days = _count_population(reader, parts=parts)
    rate = misplaced_rate(seen, days=days, thresholds=thresholds)
    flagged = [one for one in seen if is_enough(one, thresholds)]
    chances = [_coincidence_p(one, rate) for one in flagged]
    values = false_discovery_q(chances, eligible=max(accounts, eligible))
    institution_of = _institutions(reader, [one.subject for one in flagged])
    return [
        _describe(reader, one, p, q, institution=institution_of.get(one.subject, ""))
        for one, p, q in zip(flagged, chances, values, strict=True)
        if q <= thresholds.most_q
    ]


def gather_days(
    sights: Iterable[Sight], watched: Mapping[int, Watched], thresholds: SharingThresholds
) -> list[Days]:
    """The days of each account that was watched for long enough, one sight of each day.

    Both places must be ones that the account keeps to: a strange one is a trip. What happened in an
    account's first days counts once it was watched for longer, since only then is it known where it
    is used; where the work itself crossed, that does not matter. An evening that tells much needs
    one place that the account keeps to. Work that crosses counts from several problems a day on:
    one or two are sent late, or tried once more.
    """
    by_subject: defaultdict[int, list[Sight]] = defaultdict(list)
    for sight in sights:
        by_subject[sight.row["subject"]].append(sight)
    found = (
        _gather(subject, _by_evening(seen, thresholds), watched[subject], thresholds)
        for subject, seen in by_subject.items()
    )
    return [one for one in found if one.sights]


def _by_evening(sights: Iterable[Sight], thresholds: SharingThresholds) -> dict[date, list[Sight]]:
    """By the day on which it began: what goes on past midnight (UTC) is one evening."""
    by_day: defaultdict[date, list[Sight]] = defaultdict(list)
    for sight in sights:
        by_day[sight.row["day"]].append(sight)
    sitting = timedelta(seconds=thresholds.sitting_seconds)
    found: dict[date, list[Sight]] = {}
    ends: datetime | None = None
    for day in sorted(by_day):
        if ends is None or min(sight.begins for sight in by_day[day]) > ends + sitting:
            began = day
        ends = max(sight.ends for sight in by_day[day])
        evening = found.setdefault(began, [])
        evening += (replace(sight, row={**sight.row, "day": began}) for sight in by_day[day])
    return found


def _gather(
    subject: int,
    days: Mapping[date, Sequence[Sight]],
    known: Watched,
    thresholds: SharingThresholds,
) -> Days:
    is_learned = (
        known.watched_days >= thresholds.learned_days and known.acts > thresholds.learned_acts
    )
    found: list[Sight] = []
    telling: dict[date, tuple[Sight, ...]] = {}
    for day in sorted(days):
        kept = [
            sight
            for sight in days[day]
            if (is_learned or sight.is_by_work)
            and (not sight.is_crossing or sight.again >= thresholds.fewest_again)
            and min(_days_at(sight, known)) >= thresholds.fewest_days
        ]
        if told := _tells_much(days[day], known, thresholds):
            telling[day] = told
        found += sorted(told or kept, key=lambda sight: sight.is_mere_place)[:1]
    return Days(
        subject=subject, sights=tuple(found), active_days=known.active_days, telling=telling
    )


def _tells_much(
    sights: Sequence[Sight], known: Watched, thresholds: SharingThresholds
) -> tuple[Sight, ...]:
    """What was seen on a day that counts like two; nothing if it does not.

    Work that crossed in rounds, or that was done twice to the full: while the work in the one place
    went on, or anew, as slowly as at first, in a country that was out of reach. The account keeps
    to one of the two places at least; where it is out of reach, the other is no trip.
    """
    own = [
        sight
        for sight in sights
        if sight.is_by_work
        and not sight.is_reachable
        and max(_days_at(sight, known)) >= thresholds.fewest_days
    ]
    crossing = [sight for sight in own if sight.is_crossing]
    in_turn = find_rounds(
        sight for sight in crossing if sight.again >= thresholds.fewest_again_rounds
    )
    if len(in_turn) >= thresholds.fewest_rounds:
        return in_turn
    crossed = {
        sight.row["problem"]: sight
        for sight in crossing
        if sight.again >= thresholds.fewest_full_crossing
    }
    slow = (
        sight
        for sight in own
        if not sight.is_crossing
        and sight.again >= thresholds.fewest_full
        and sight.row["spent"] >= sight.row["spent_before"]
    )
    return tuple(crossed.values()) or tuple(slow)


def _days_at(sight: Sight, known: Watched) -> list[int]:
    return [known.days_at.get(network, 0) for network in sight.networks]


def misplaced_rate(seen: Sequence[Days], *, days: int, thresholds: SharingThresholds) -> float:
    """How often an honest account seems to be in two places on a day, as this population tells.

    Accounts seen so once count as honest. What was assumed beforehand counts like
    ``misplaced_weight`` days, so that few accounts do not tell too much.
    """
    single = sum(one.occasions == 1 for one in seen)
    weight = thresholds.misplaced_weight
    return (single + thresholds.misplaced_days * weight) / (days + weight)


def _watch(reader: Reader, subjects: set[int]) -> dict[int, Watched]:
    if not subjects:
        return {}
    rows: defaultdict[int, list[Row]] = defaultdict(list)
    for row in reader.ask("sharing_places", subjects=sorted(subjects)):
        rows[row["subject"]].append(row)
    return {
        subject: Watched(
            active_days=places[0]["active_days"], watched_days=places[0]["watched_days"],
            acts=int(places[0]["acts"]), days_at={row["network"]: row["days"] for row in places},
        )
        for subject, places in rows.items()
    }  # fmt: skip


def _count_population(reader: Reader, *, parts: int) -> tuple[int, int]:
    """How many accounts could be seen in two places, and their active days."""
    counts = [
        row
        for part in range(parts)
        for row in reader.ask("sharing_population", parts=parts, part=part)
    ]
    return sum(int(row["accounts"]) for row in counts), sum(int(row["days"]) for row in counts)


def is_enough(one: Days, thresholds: SharingThresholds) -> bool:
    """Whether there are days enough within the window.

    Of what two devices of one person may look like, more are asked for: of two places at the same
    time, and of places of which nothing but themselves tells. So they are of a little work that
    was done anew in a country that its owner may have gone to.
    """
    by_work = [sight for sight in one.sights if sight.is_by_work]
    firm = [sight for sight in one.sights if _is_firm(sight, thresholds)]
    is_weak = not one.telling and all(sight.is_overlap for sight in firm)
    fewest = thresholds.fewest_days + is_weak * thresholds.more_by_overlaps
    with_near = thresholds.fewest_days + thresholds.more_by_near
    with_places = thresholds.fewest_days + thresholds.more_by_places
    return (
        _closest(one, firm, thresholds) >= fewest
        or _closest(one, by_work, thresholds) >= with_near
        or _closest(one, one.sights, thresholds) >= with_places
    )


def _is_firm(sight: Sight, thresholds: SharingThresholds) -> bool:
    """Whether it speaks of a second person, and not of two devices or of a trip."""
    is_a_few_near = sight.is_reachable and sight.again < thresholds.fewest_full
    return not (sight.is_mere_place or is_a_few_near)


def _closest(one: Days, sights: Sequence[Sight], thresholds: SharingThresholds) -> int:
    """The most occasions of an account that lie within the window."""
    days = [sight.row["day"] for sight in sights] + list(one.telling)
    span = timedelta(days=thresholds.window_days)
    return max((sum(1 for day in days if first <= day < first + span) for first in days), default=0)


def _coincidence_p(one: Days, rate: float) -> float:
    """The chance of so many occasions; a telling day is two of those that there were."""
    return float(binom.sf(one.occasions - 1, one.active_days + len(one.telling), rate))


def _institutions(reader: Reader, subjects: list[int]) -> dict[int, str]:
    """The institution of each account that has to do with a single one."""
    if not subjects:
        return {}
    known: defaultdict[int, list[str]] = defaultdict(list)
    for row in reader.ask("account_institutions", subjects=subjects):
        known[row["subject"]].append(row["institution"])
    return {subject: found[0] for subject, found in known.items() if len(found) == 1}


def _describe(reader: Reader, one: Days, p: float, q: float, *, institution: str) -> Finding:
    rows = [sight.row for sight in one.sights]
    kinds = tuple(sorted({row[name] for row in rows for name in ("kind", "kind_before")} - {""}))
    return Finding(
        kind=one.kind, institution=institution, course="", subjects=(one.subject,),
        n=one.active_days, x=len(rows), p=p, q=q, lag_p90_seconds=None, shared_network=False,
        ip_degree=0, network_kinds=kinds, items=tuple(_item(sight) for sight in one.shown),
        confidence=confidence_in(x=len(rows), q=q, degree=0, kinds=kinds),
        day=reader.end, country=rows[-1]["country_before"],
    )  # fmt: skip


def _item(sight: Sight) -> Item:
    """A day; where the work crossed, the problem that was answered in both places."""
    row = sight.row
    return Item(
        problem=row["problem"], answer_obtained=row["time_before"], how=None,
        submitted=row["first_time"], correct=False, dt_seconds=sight.seconds,
    )  # fmt: skip
