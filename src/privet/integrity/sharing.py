"""One account that several people use: impossible travel, and two works at the same time.

Only sign-ins that worked, submissions, shown answers and posts are looked at. Where the places
speak, both are fixed lines, each with a device of its own: a network that hides where it is, or
that many people stand behind, is never evidence, nor is one device that is seen in two places.
Where the work itself speaks (most of it done twice: while both go on, or anew in another country),
the network only tells the two apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from scipy.stats import binom

from privet.integrity.findings import DetectorKind, Finding, Item
from privet.integrity.geography import hours_needed
from privet.integrity.preset import SharingThresholds
from privet.integrity.reading import Reader
from privet.integrity.rules import confidence_in, false_discovery_q

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Sight:
    """One account in two places on a day: a row of one of the three queries, and which it was."""

    kind: DetectorKind
    row: Row

    @property
    def networks(self) -> tuple[int, int]:
        """Where it was."""
        return self.row["network_before"], self.row["network"]

    @property
    def is_by_work(self) -> bool:
        """Whether the work itself tells, not the places."""
        return bool(self.row["problem"])

    @property
    def is_crossing(self) -> bool:
        """Whether it is work that went on in the one place when it was done in the other."""
        return self.is_by_work and self.kind is DetectorKind.SHARING_CONCURRENCY

    @property
    def is_mere_hop(self) -> bool:
        """Whether all it says is that acts came from two countries."""
        return not self.is_by_work and self.kind is DetectorKind.SHARING_TRAVEL

    @property
    def again(self) -> int:
        """Of crossing work: how many problems were done in both places that day."""
        return int(self.row["again"])

    @property
    def is_mere_overlap(self) -> bool:
        """Whether all it says is that acts came from two places at the same time."""
        return self.kind is DetectorKind.SHARING_CONCURRENCY and not self.is_by_work

    @property
    def seconds(self) -> float:
        """Between the one place and the other."""
        return float((self.row["first_time"] - self.row["time_before"]).total_seconds())


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
    rounds: Mapping[date, tuple[Sight, ...]] = field(default_factory=dict)
    """Those on which work crossed again and again, with each crossing."""

    @property
    def occasions(self) -> int:
        """How often it was seen in two places: a day with rounds counts twice."""
        return len(self.sights) + len(self.rounds)

    @property
    def shown(self) -> tuple[Sight, ...]:
        """What a case shows: one sight a day, or all the rounds if there is a single day."""
        first = self.sights[0].row["day"]
        return self.rounds.get(first, self.sights) if len(self.sights) == 1 else self.sights

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
        sight
        for part in range(parts)
        for sight in _look(reader, thresholds, parts=parts, part=part)
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


def is_impossible(row: Row, thresholds: SharingThresholds) -> bool:
    """Whether nobody travels between two countries in that time, by their nearest points."""
    hours = hours_needed(
        row["country_before"], row["country"], kilometres_an_hour=thresholds.most_speed
    )
    apart = (row["first_time"] - row["time_before"]).total_seconds()
    return hours is not None and apart < hours * 3600


def gather_days(
    sights: Iterable[Sight], watched: Mapping[int, Watched], thresholds: SharingThresholds
) -> list[Days]:
    """The days of each account that was watched for long enough, one sight of each day.

    Both places must be ones that the account keeps to: a strange one is a trip. What happened in an
    account's first days counts once it was watched for longer, since only then is it known where it
    is used; where the work itself crossed, that does not matter. An evening of rounds needs one
    place that the account keeps to: while the work there goes on, nobody is on a trip. Work that
    crosses counts from several problems a day on: one or two are sent late, or tried once more.
    """
    by_subject: defaultdict[int, defaultdict[date, list[Sight]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for sight in sights:
        by_subject[sight.row["subject"]][sight.row["day"]].append(sight)
    found = (
        _gather(subject, days, watched[subject], thresholds) for subject, days in by_subject.items()
    )
    return [one for one in found if one.sights]


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
    rounds: dict[date, tuple[Sight, ...]] = {}
    for day in sorted(days):
        kept = [
            sight
            for sight in days[day]
            if (is_learned or sight.is_by_work)
            and (not sight.is_crossing or sight.again >= thresholds.fewest_again)
            and min(_days_at(sight, known)) >= thresholds.fewest_days
        ]
        own = [
            sight
            for sight in days[day]
            if sight.is_crossing
            and sight.again >= thresholds.fewest_again_rounds
            and max(_days_at(sight, known)) >= thresholds.fewest_days
        ]
        in_turn = find_rounds(own)
        if len(in_turn) >= thresholds.fewest_rounds:
            rounds[day] = in_turn
        found += (kept or rounds.get(day, ()))[:1]
    return Days(subject=subject, sights=tuple(found), active_days=known.active_days, rounds=rounds)


def _days_at(sight: Sight, known: Watched) -> list[int]:
    return [known.days_at.get(network, 0) for network in sight.networks]


def find_rounds(sights: Iterable[Sight]) -> tuple[Sight, ...]:
    """Crossings of different problems between two kinds of device, one after another.

    Between any two of them the work in the first place went on. Who hands something in twice, late
    or from a list that had waited does not come this far, however many problems it is; one kind of
    device may be one device.
    """
    found: list[Sight] = []
    crossings = (one for one in sights if one.is_crossing and one.row["is_other_device"])
    for one in sorted(crossings, key=lambda sight: sight.row["went_on"]):
        is_new = all(one.row["problem"] != other.row["problem"] for other in found)
        if is_new and (not found or one.row["first_time"] >= found[-1].row["went_on"]):
            found.append(one)
    return tuple(found)


def misplaced_rate(seen: Sequence[Days], *, days: int, thresholds: SharingThresholds) -> float:
    """How often an honest account seems to be in two places on a day, as this population tells.

    Accounts seen so on a single day count as honest. What was assumed beforehand counts like
    ``misplaced_weight`` days, so that few accounts do not tell too much.
    """
    single = sum(len(one.sights) == 1 for one in seen)
    weight = thresholds.misplaced_weight
    return (single + thresholds.misplaced_days * weight) / (days + weight)


def is_done_anew(row: Row, thresholds: SharingThresholds) -> bool:
    """Whether most of a sitting was done again in another country, at the pace of the first time.

    Somebody who goes over what they know is quicker, or takes some of it only.
    """
    return (
        row["country"] != ""
        and row["country_before"] not in ("", row["country"])
        and row["again"] >= thresholds.fewest_abroad
        and row["again"] >= thresholds.least_again * row["solved"]
        and 0 < thresholds.least_pace * row["spent_before"] <= row["spent"]
        and is_impossible(row, thresholds)
    )


def _look(
    reader: Reader, thresholds: SharingThresholds, *, parts: int, part: int
) -> Iterator[Sight]:
    """What speaks most clearly comes first: work that crosses, then travel, then overlaps."""
    among: dict[str, Any] = {"parts": parts, "part": part}
    again = _look_again(reader, thresholds, **among)
    yield from _look_at_crossings(reader, thresholds, again)
    for row in again:
        if is_done_anew(row, thresholds):
            yield Sight(kind=DetectorKind.SHARING_TRAVEL, row=row)
    for row in reader.ask("sharing_hops", within_seconds=thresholds.within_seconds, **among):
        if is_impossible(row, thresholds):
            yield Sight(kind=DetectorKind.SHARING_TRAVEL, row=row)
    for row in reader.ask(
        "sharing_overlaps", overlap_seconds=thresholds.overlap_seconds,
        gap_seconds=thresholds.gap_seconds, **among,
    ):  # fmt: skip
        yield Sight(kind=DetectorKind.SHARING_CONCURRENCY, row=row)


def _look_again(
    reader: Reader, thresholds: SharingThresholds, *, parts: int, part: int
) -> list[dict[str, Any]]:
    """What was done again elsewhere, by day and pair of places."""
    within = thresholds.within_seconds
    changing = reader.ask("sharing_changes", within_seconds=within, parts=parts, part=part)
    if not changing:
        return []
    return reader.ask(
        "sharing_again", subjects=[row["subject"] for row in changing], within_seconds=within,
        again_after=thresholds.again_after, again_within=thresholds.again_within,
        sitting_seconds=thresholds.sitting_seconds,
    )  # fmt: skip


def _look_at_crossings(
    reader: Reader, thresholds: SharingThresholds, again: Sequence[Row]
) -> Iterator[Sight]:
    """Of accounts alone that did as much in both places as is asked for anyway."""
    soon = {
        _evening(row): int(row["soon"]) for row in again if row["soon"] >= thresholds.fewest_again
    }
    if not soon:
        return
    for row in reader.ask(
        "sharing_crossings", subjects=sorted({evening[0] for evening in soon}),
        again_after=thresholds.again_after, again_within=thresholds.again_within,
        meanwhile_seconds=thresholds.meanwhile_seconds,
    ):  # fmt: skip
        found = {**row, "again": soon.get(_evening(row), 0)}
        yield Sight(kind=DetectorKind.SHARING_CONCURRENCY, row=found)


def _evening(row: Row) -> tuple[int, date, int, int]:
    """Whose, when, from where and to where."""
    return row["subject"], row["day"], row["network_before"], row["network"]


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
    time, and of two countries of which nothing but the places tells.
    """
    firm = [sight for sight in one.sights if not sight.is_mere_hop]
    is_weak = not one.rounds and all(sight.is_mere_overlap for sight in firm)
    fewest = thresholds.fewest_days + is_weak * thresholds.more_by_overlaps
    with_hops = thresholds.fewest_days + thresholds.more_by_hops
    return (
        _closest(one, firm, thresholds) >= fewest
        or _closest(one, one.sights, thresholds) >= with_hops
    )


def _closest(one: Days, sights: Sequence[Sight], thresholds: SharingThresholds) -> int:
    """The most occasions of an account that lie within the window."""
    days = [sight.row["day"] for sight in sights] + list(one.rounds)
    span = timedelta(days=thresholds.window_days)
    return max((sum(1 for day in days if first <= day < first + span) for first in days), default=0)


def _coincidence_p(one: Days, rate: float) -> float:
    """The chance of so many occasions; a day with rounds is two of those that there were."""
    return float(binom.sf(one.occasions - 1, one.active_days + len(one.rounds), rate))


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
