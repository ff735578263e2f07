"""One account that several people use: impossible travel, and work in two places at once.

Only sign-ins that worked, submissions, shown answers and posts are looked at. Both places are fixed
lines, each with a device of its own: a network that hides where it is, or that many people stand
behind, is never evidence, nor is one device that is seen in two places.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from scipy.stats import binom

from privet.integrity.findings import DetectorKind, Finding, Item
from privet.integrity.geography import hours_needed
from privet.integrity.preset import SharingThresholds
from privet.integrity.reading import Reader
from privet.integrity.rules import confidence_in, false_discovery_q

Sight = Mapping[str, Any]
"""A row of sharing_hops.sql or sharing_overlaps.sql."""


@dataclass(frozen=True, kw_only=True)
class Days:
    """The days on which one account was seen in two places, one sight of each."""

    subject: int
    sights: tuple[Sight, ...]
    active_days: int


def find_sharing(
    reader: Reader, thresholds: SharingThresholds, *, accounts: int, parts: int
) -> list[Finding]:
    """All accounts that the evidence speaks against; ``parts`` bound the memory."""
    detectors: tuple[tuple[DetectorKind, str, dict[str, Any], Callable[[Sight], bool]], ...] = (
        (
            DetectorKind.SHARING_TRAVEL, "sharing_hops",
            {"within_seconds": thresholds.within_seconds},
            lambda sight: is_impossible(sight, thresholds),
        ),
        (
            DetectorKind.SHARING_CONCURRENCY, "sharing_overlaps",
            {
                "overlap_seconds": thresholds.overlap_seconds,
                "gap_seconds": thresholds.gap_seconds,
            },
            lambda _: True,
        ),
    )  # fmt: skip
    learned: dict[str, Any] = {
        "learned_days": thresholds.learned_days, "learned_acts": thresholds.learned_acts,
    }  # fmt: skip
    found: list[Finding] = []
    for kind, name, asked, is_evidence in detectors:
        sights = [
            sight
            for part in range(parts)
            for sight in reader.ask(name, parts=parts, part=part, **learned, **asked)
            if is_evidence(sight)
        ]
        found += _flag(reader, kind, sights, thresholds, accounts)
    return found


def is_impossible(sight: Sight, thresholds: SharingThresholds) -> bool:
    """Whether nobody travels between two countries in that time, by their nearest points."""
    hours = hours_needed(
        sight["country_before"], sight["country"], kilometres_an_hour=thresholds.most_speed
    )
    return hours is not None and _seconds(sight) < hours * 3600


def gather_days(sights: Sequence[Sight], thresholds: SharingThresholds) -> list[Days]:
    """Accounts with evidence on enough different days of some 28, on networks that they keep to.

    A network with a device is kept to if it is seen on two of the days; a strange one is a trip.
    """
    by_subject: defaultdict[int, dict[date, Sight]] = defaultdict(dict)
    for sight in sights:
        by_subject[sight["subject"]].setdefault(sight["day"], sight)
    found = []
    for subject, days in by_subject.items():
        seen = tuple(days[day] for day in sorted(days))
        if _closest(sorted(days), thresholds.window_days) >= thresholds.fewest_days and _stable(
            seen
        ):
            found.append(Days(subject=subject, sights=seen, active_days=seen[-1]["active_days"]))
    return found


def _closest(days: Sequence[date], window: int) -> int:
    """The most of some days that lie within so many days of each other."""
    span = timedelta(days=window)
    return max(sum(first <= day < first + span for day in days) for first in days)


def _stable(sights: Sequence[Sight]) -> bool:
    counts: defaultdict[tuple[int, str], int] = defaultdict(int)
    for sight in sights:
        for end in ("", "_before"):
            counts[sight[f"network{end}"], sight[f"kit{end}"]] += 1
    return sum(count >= 2 for count in counts.values()) >= 2


def _flag(
    reader: Reader, kind: DetectorKind, sights: Sequence[Sight], thresholds: SharingThresholds,
    accounts: int,
) -> list[Finding]:  # fmt: skip
    flagged = gather_days(sights, thresholds)
    chances = [
        float(binom.sf(len(one.sights) - 1, one.active_days, thresholds.misplaced_days))
        for one in flagged
    ]
    values = false_discovery_q(chances, eligible=accounts)
    institution_of = _institutions(reader, [one.subject for one in flagged])
    return [
        _describe(reader, kind, one, p, q, institution=institution_of.get(one.subject, ""))
        for one, p, q in zip(flagged, chances, values, strict=True)
        if q <= thresholds.most_q
    ]


def _institutions(reader: Reader, subjects: list[int]) -> dict[int, str]:
    """The institution of each account that has to do with a single one."""
    if not subjects:
        return {}
    known: defaultdict[int, list[str]] = defaultdict(list)
    for row in reader.ask("account_institutions", subjects=subjects):
        known[row["subject"]].append(row["institution"])
    return {subject: found[0] for subject, found in known.items() if len(found) == 1}


def _describe(
    reader: Reader, kind: DetectorKind, one: Days, p: float, q: float, *, institution: str
) -> Finding:
    kinds = tuple(sorted({s[name] for s in one.sights for name in ("kind", "kind_before")}))
    return Finding(
        kind=kind, institution=institution, course="", subjects=(one.subject,), n=one.active_days,
        x=len(one.sights), p=p, q=q, lag_p90_seconds=None, shared_network=False, ip_degree=0,
        network_kinds=kinds, items=tuple(_item(sight) for sight in one.sights),
        confidence=confidence_in(x=len(one.sights), q=q, degree=0, kinds=kinds),
        day=reader.end, country=one.sights[-1]["country_before"],
    )  # fmt: skip


def _item(sight: Sight) -> Item:
    return Item(
        problem="", answer_obtained=sight["time_before"], how=None, submitted=sight["first_time"],
        correct=False, dt_seconds=_seconds(sight),
    )  # fmt: skip


def _seconds(sight: Sight) -> float:
    return float((sight["first_time"] - sight["time_before"]).total_seconds())
