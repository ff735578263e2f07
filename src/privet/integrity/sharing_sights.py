"""What speaks for two people on a day of an account: a sight of it in two places.

Work done twice counts only where the whole account bears it out: whoever tries a thing once more,
or has a phone that sends it late, does so with some of it, and whoever revises is quicker at it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from privet.integrity.findings import DetectorKind
from privet.integrity.geography import hours_needed, kilometres_apart
from privet.integrity.preset import SharingThresholds
from privet.integrity.reading import Reader

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Sight:
    """One account in two places on a day: a row of one of the three queries, and which it was."""

    kind: DetectorKind
    row: Row
    is_reachable: bool = False
    """Of work done anew in another country: whether one could have got there in the time."""
    has_crossed: bool = False
    """Of two places at the same time: whether a problem at least was done in both meanwhile."""

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
    def is_mere_place(self) -> bool:
        """Whether all it says is where acts came from: two countries, or two lines at one time."""
        return not (self.is_by_work or self.has_crossed)

    @property
    def again(self) -> int:
        """Of work done twice: how many problems were done in both places that evening."""
        return int(self.row["again"])

    @property
    def is_overlap(self) -> bool:
        """Whether it is acts from two places at the same time."""
        return self.kind is DetectorKind.SHARING_CONCURRENCY and not self.is_by_work

    @property
    def begins(self) -> datetime:
        """Since when it was in two places."""
        moment: datetime = self.row["time_before" if self.is_overlap else "first_time"]
        return moment

    @property
    def ends(self) -> datetime:
        """When it was last seen so."""
        moment: datetime = self.row["first_time"]
        return moment

    @property
    def seconds(self) -> float:
        """Between the one place and the other."""
        return float((self.row["first_time"] - self.row["time_before"]).total_seconds())


def look(
    reader: Reader, thresholds: SharingThresholds, *, parts: int, part: int
) -> Iterator[Sight]:
    """What speaks most clearly comes first: work that crosses, travel, overlaps, work done anew."""
    among: dict[str, Any] = {"parts": parts, "part": part}
    again = _look_again(reader, thresholds, **among)
    overlaps = reader.ask(
        "sharing_overlaps", overlap_seconds=thresholds.overlap_seconds,
        gap_seconds=thresholds.gap_seconds, **among,
    )  # fmt: skip
    crossings = _look_at_crossings(reader, thresholds, again, overlaps)
    yield from _crossing_enough(crossings, again, thresholds)
    anew = list(_find_anew(again, thresholds))
    yield from (sight for sight in anew if not sight.is_reachable)
    for row in reader.ask("sharing_hops", within_seconds=thresholds.within_seconds, **among):
        if is_impossible(row, thresholds):
            yield Sight(kind=DetectorKind.SHARING_TRAVEL, row=row)
    yield from _judge_overlaps(overlaps, crossings, thresholds)
    yield from (sight for sight in anew if sight.is_reachable)


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
    reader: Reader, thresholds: SharingThresholds, again: Sequence[Row], overlaps: Sequence[Row]
) -> list[dict[str, Any]]:
    """The problems that were done in both places while the work in the first went on.

    Only of accounts of which so much was done again soon that it may count, or that were in two
    places at the same time. Each is one of an evening: `again` says of how many, and the day is the
    evening's.
    """
    overlapping = {row["subject"] for row in overlaps}
    soon = [
        row
        for row in again
        if row["soon"] >= thresholds.fewest_again or (row["soon"] and row["subject"] in overlapping)
    ]
    evenings: defaultdict[tuple[int, int, int], list[Row]] = defaultdict(list)
    for row in soon:
        evenings[_way(row)].append(row)
    asked = soon and reader.ask(
        "sharing_crossings", subjects=sorted({row["subject"] for row in soon}),
        again_after=thresholds.again_after, again_within=thresholds.again_within,
        meanwhile_seconds=thresholds.meanwhile_seconds,
    )  # fmt: skip
    sitting = timedelta(seconds=thresholds.sitting_seconds)
    return [
        {**row, "day": evening["day"], "again": int(evening["soon"])}
        for row in asked
        for evening in evenings[_way(row)]
        if evening["begins"] <= row["first_time"] <= evening["ends"] + sitting
    ]


def _crossing_enough(
    crossings: Iterable[Row], again: Sequence[Row], thresholds: SharingThresholds
) -> Iterator[Sight]:
    """Of accounts alone that did as much in both places as is asked for anyway."""
    twice = works_twice(again, thresholds)
    for row in crossings:
        if row["again"] >= thresholds.fewest_again and row["subject"] in twice:
            yield Sight(kind=DetectorKind.SHARING_CONCURRENCY, row=row)


def _judge_overlaps(
    overlaps: Iterable[Row], crossings: Iterable[Row], thresholds: SharingThresholds
) -> Iterator[Sight]:
    """Two places at the same time, but for a phone beside a computer if no work crossed.

    A phone has a line of its own, and lists of carriers are never complete.
    """
    moments: defaultdict[tuple[int, frozenset[int]], list[datetime]] = defaultdict(list)
    for row in crossings:
        moments[_pair(row)].append(row["first_time"])
    near = timedelta(seconds=thresholds.meanwhile_seconds)
    for row in overlaps:
        begins, ends = row["time_before"] - near, row["first_time"] + near
        has_crossed = any(begins <= moment <= ends for moment in moments[_pair(row)])
        if has_crossed or not row["is_phone"]:
            yield Sight(
                kind=DetectorKind.SHARING_CONCURRENCY, row=row, has_crossed=has_crossed
            )  # fmt: skip


def _find_anew(again: Sequence[Row], thresholds: SharingThresholds) -> Iterator[Sight]:
    """Work done anew in another country, by accounts to which all of it was new."""
    anew = starts_anew(again, thresholds)
    for row in again:
        if row["subject"] in anew and is_done_anew(row, thresholds):
            is_reachable = not is_impossible(row, thresholds)
            if not is_reachable or row["again"] >= thresholds.fewest_again:
                yield Sight(kind=DetectorKind.SHARING_TRAVEL, row=row, is_reachable=is_reachable)


def _way(row: Row) -> tuple[int, int, int]:
    """Whose, from where and to where."""
    return row["subject"], row["network_before"], row["network"]


def _pair(row: Row) -> tuple[int, frozenset[int]]:
    """Whose, and which two places."""
    return row["subject"], frozenset((row["network_before"], row["network"]))


def works_twice(again: Sequence[Row], thresholds: SharingThresholds) -> frozenset[int]:
    """Accounts that did in both places most of what they solved in either, over all their days.

    Only evenings count on which something was done again soon, and each once, though work may
    have gone both ways. What is sent late, or tried once more on many days, is some of the work
    each time.
    """
    evenings = {(*_pair(row), row["begins"]): row for row in again if row["soon"]}.values()
    done, solved = (_total(evenings, name) for name in ("twice", "either"))
    return frozenset(
        subject for subject in done if done[subject] >= thresholds.least_twice * solved[subject]
    )


def starts_anew(again: Sequence[Row], thresholds: SharingThresholds) -> frozenset[int]:
    """Accounts that did again elsewhere what they had solved as if they had never seen it.

    That is most of it, and slowly, or wrong at first. One evening of somebody who revises may be so
    by chance; all of them together are not.
    """
    evenings = [row for row in again if row["again"] >= thresholds.fewest_abroad]
    done, solved, wrong, spent, before = (
        _total(evenings, name) for name in ("again", "solved", "wrong", "spent", "spent_before")
    )
    return frozenset(
        subject
        for subject in done
        if done[subject] >= thresholds.least_again_overall * solved[subject]
        and spent[subject] * (1 + thresholds.wrong_counts * wrong[subject] / done[subject])
        >= thresholds.least_anew * before[subject]
    )


def _total(rows: Iterable[Row], name: str) -> dict[int, float]:
    """The sum of a figure for each account."""
    found: defaultdict[int, float] = defaultdict(float)
    for row in rows:
        found[row["subject"]] += float(row[name])
    return found


def is_done_anew(row: Row, thresholds: SharingThresholds) -> bool:
    """Whether most of a sitting was done again in another country, at the pace of the first time.

    Somebody who goes over what they know is quicker, or takes some of it only.
    """
    return (
        kilometres_apart(row["country_before"], row["country"]) is not None
        and row["country_before"] != row["country"]
        and row["again"] >= thresholds.fewest_abroad
        and row["again"] >= thresholds.least_again * row["solved"]
        and 0 < thresholds.least_pace * row["spent_before"] <= row["spent"]
    )


def is_impossible(row: Row, thresholds: SharingThresholds) -> bool:
    """Whether nobody travels between two countries in that time, by their nearest points."""
    hours = hours_needed(
        row["country_before"], row["country"], kilometres_an_hour=thresholds.most_speed
    )
    apart = (row["first_time"] - row["time_before"]).total_seconds()
    return hours is not None and apart < hours * 3600


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
