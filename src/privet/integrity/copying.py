"""Copying between accounts of a course: from the figures of pairs to findings."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from itertools import islice
from typing import Any

from privet.integrity.candidates import Course, Search, find_candidates
from privet.integrity.findings import DetectorKind, Finding, How, Item
from privet.integrity.groups import join_all
from privet.integrity.preset import FiveFilters, Thresholds
from privet.integrity.reading import Reader
from privet.integrity.rules import (
    Pair,
    coincidence_p,
    confidence_in,
    false_discovery_q,
    kind_of_copying,
    passes_five_filters,
)

KINDS = (
    DetectorKind.IMMEDIATE, DetectorKind.OTHER_NETWORK, DetectorKind.DELAYED,
    DetectorKind.EXHAUSTED, DetectorKind.SEVERAL_HARVESTERS,
)  # fmt: skip
_PAIR_FIELDS = tuple(field.name for field in fields(Pair))
PAIRS_AT_ONCE = 100_000
"""So many pairs are set against each other in one question, so that memory is bounded."""
JUDGED_ANEW = timedelta(days=28)
"""So long after the last act of either a pair whose finding stands is judged with each run."""
CROWD_ACCOUNTS = 12_500
"""What is usual in a course is told by about so many of its accounts: of a larger one by those with
the lowest pseudonyms, which are random, so that they are the same each time."""
_PSEUDONYMS = 2**63
_SHARE_COUNTED = 64
"""Accounts are counted in one of so many parts of all pseudonyms."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A pair that was asked for."""

    pair: Pair
    is_new: bool
    """Whether one of both did anything in the days that are new, or not long before."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What came of looking at a course's pairs."""

    findings: tuple[Finding, ...]
    pairs: frozenset[tuple[int, int]]
    """All pairs that were judged, harvester and master: those of masters with anything new."""


Suspect = tuple[Pair, DetectorKind, float, float]
"""A pair, what it speaks to, p and q."""


def find_copying(
    reader: Reader, course: Course, thresholds: Thresholds, *, part_accounts: int | None = None
) -> Judged:
    """The usual detectors, over pairs with anything new, by all that both did in the course.

    Pairs of findings that stand are weighed with them, since one set of tests is corrected as a
    whole; a master of whom nothing is new is not judged.
    """
    fed = _least_fed(thresholds, course)
    asked = list(ask_pairs(reader, course, thresholds, fed=fed, part_accounts=part_accounts))
    told = {(one.pair.harvester, one.pair.master) for one in asked} | course.told_again
    # Of whom nothing is left to see has objected, is restricted or is gone.
    gone = course.told_again - {(one.pair.harvester, one.pair.master) for one in asked}
    masters = {one.pair.master for one in asked if one.is_new} | {master for _, master in gone}
    suspects = [
        suspect
        for suspect in weigh([one.pair for one in asked if one.pair.x], thresholds)
        if suspect[0].master in masters
    ]
    found = _describe(reader, course, suspects, preset=thresholds.name)
    return Judged(
        findings=tuple(_join_harvesters(found)),
        pairs=frozenset(pair for pair in told if pair[1] in masters),
    )


def weigh(pairs: Sequence[Pair], thresholds: Thresholds) -> list[Suspect]:
    """The pairs that are significant among all eligible ones.

    Pairs with an address in common and pairs without are two families of tests, told apart before
    any test is made: one in the same home is looked at among homes, not among all of a course.
    """
    found: list[Suspect] = []
    for shares in (True, False):
        family = [
            (pair, kind)
            for pair in pairs
            if pair.shares_address is shares and (kind := kind_of_copying(pair, thresholds))
        ]
        chances = [
            coincidence_p(pair, is_quick=kind is not DetectorKind.DELAYED) for pair, kind in family
        ]
        eligible = max(
            (p.eligible_shared if shares else p.eligible_apart for p in pairs), default=0
        )
        values = false_discovery_q(chances, eligible=eligible)
        found += [
            (pair, kind, p, q)
            for (pair, kind), p, q in zip(family, chances, values, strict=True)
            if q <= thresholds.most_q
        ]
    return found


def find_by_five_filters(
    reader: Reader, course: Course, filters: FiveFilters, thresholds: Thresholds
) -> Judged:
    """The detector of Northcutt, Ho and Chuang (2016) as published, addresses closed over."""
    loose = replace(thresholds, name=filters.name, fewest_shared=1, most_by_itself=1.0,
                    most_accounts=filters.most_accounts)  # fmt: skip
    pairs = [one.pair for one in ask_pairs(reader, course, loose) if one.pair.x]
    certified = frozenset(row["subject"] for row in reader.ask("certified", course=course.key))
    group_of = _small_groups(reader, course, filters.most_accounts)
    suspects = [
        (pair, DetectorKind.IMMEDIATE, 1.0, 1.0)
        for pair in pairs
        if passes_five_filters(
            pair, filters, certified=certified,
            linked=group_of(pair.harvester) == group_of(pair.master) is not None,
        )
    ]  # fmt: skip
    return Judged(
        findings=tuple(_describe(reader, course, suspects, preset=filters.name)),
        pairs=frozenset((pair.harvester, pair.master) for pair in pairs),
    )


def _small_groups(reader: Reader, course: Course, most: int) -> Callable[[int], int | None]:
    """F4 and F5: the group of an account, closed over addresses; none where it is too large."""
    rows = reader.ask("course_addresses", course=course.key)
    edges = ((("account", r["subject"]), ("address", (r["key_id"], r["address"]))) for r in rows)
    found: dict[int, int] = {}
    for number, group in enumerate(join_all(edges)):
        accounts = [one for kind, one in group if kind == "account"]
        if len(accounts) < most:
            found.update(dict.fromkeys(accounts, number))
    return found.get


def ask_pairs(
    reader: Reader,
    course: Course,
    thresholds: Thresholds,
    *,
    earlier: int = 0,
    window_seconds: int | None = None,
    fed: float = 0.0,
    part_accounts: int | None = None,
    at_once: int = PAIRS_AT_ONCE,
) -> Iterator[Asked]:
    """The course's candidates; with ``earlier``, as if answers had been got so much earlier.

    With ``fed``, pairs that nothing links are left out unless hits serve half that share of what
    the harvester got: no others are quick. A hit is a submission within ``window_seconds``, if it
    is another window than that of the thresholds. Memory is bounded by looking among
    ``part_accounts`` at a time and asking for ``at_once`` pairs.
    """
    found = find_candidates(
        reader, course,
        Search(
            thresholds=thresholds, window_seconds=window_seconds or thresholds.window_seconds,
            earlier=earlier, fed=fed, part_accounts=part_accounts,
        ),
    )  # fmt: skip
    eligible = {
        "eligible_shared": found.eligible_shared,
        "eligible_apart": found.eligible_apart,
    }
    crowd = _crowd_of(reader, course)
    left = iter(found.pairs.items())
    while some := list(islice(left, at_once)):
        told = [{"harvester": one, "master": other, "linked": n} for (one, other), n in some]
        for row in reader.ask(
            "copying_pairs", course=course.key, since=course.since - JUDGED_ANEW, pairs=told,
            earlier=earlier, window=thresholds.window_seconds, reach=thresholds.reach_seconds,
            crowd=crowd, unseen=1 if crowd < _PSEUDONYMS - 1 else 0,
        ):  # fmt: skip
            known = row | eligible
            pair = Pair(**{name: known[name] for name in _PAIR_FIELDS})
            yield Asked(pair=pair, is_new=bool(row["is_new"]))


def _crowd_of(reader: Reader, course: Course) -> int:
    """The last pseudonym of the crowd that pairs are held against; in most courses that of all."""
    counted = _PSEUDONYMS // _SHARE_COUNTED
    (row,) = reader.ask("course_crowd", course=course.key, last=counted)
    accounts: int = row["accounts"]
    return min(_PSEUDONYMS - 1, CROWD_ACCOUNTS * counted // max(1, accounts))


def _least_fed(thresholds: Thresholds, course: Course) -> float:
    """What a quick pair without a common address serves at least, for `ask_pairs`."""
    # Half of its lags are up to the median, which are hits if it lies within the window.
    is_told_by_hits = thresholds.quick_median_seconds <= thresholds.window_seconds
    # In a few days chance brings many pairs near to it; all that serves is asked for at once there.
    share = 1 if course.sought_from is None else 2
    return share * thresholds.least_fed if is_told_by_hits else 0.0


def _describe(
    reader: Reader, course: Course, suspects: Sequence[Suspect], *, preset: str
) -> list[Finding]:
    if not suspects:
        return []
    subjects = sorted({one for pair, *_ in suspects for one in (pair.harvester, pair.master)})
    lines = defaultdict(list)
    told = [{"harvester": pair.harvester, "master": pair.master} for pair, *_ in suspects]
    for row in reader.ask("copying_items", course=course.key, pairs=told):
        lines[row["harvester"], row["master"]].append(_item(row))
    kinds, countries = _places(reader, subjects)
    found = []
    for pair, kind, p, q in suspects:
        networks = tuple(sorted(kinds[pair.harvester] | kinds[pair.master]))
        found.append(
            Finding(
                kind=kind, institution=course.institution, course=course.key,
                subjects=(pair.harvester, pair.master), n=pair.n, x=pair.x, p=p, q=q,
                lag_p90_seconds=pair.lag_p90, shared_network=pair.shares_address,
                ip_degree=pair.linked, network_kinds=networks,
                items=tuple(lines[pair.harvester, pair.master]),
                confidence=confidence_in(x=pair.x, q=q, degree=pair.linked, kinds=networks),
                preset=preset, day=reader.end, country=countries.get(pair.master, ""),
            )
        )  # fmt: skip
    return found


def _item(row: dict[str, Any]) -> Item:
    return Item(
        problem=row["problem"],
        answer_obtained=row["got"],
        how=How.EXHAUSTED if row["is_exhausted"] else How.SHOWANSWER,
        submitted=row["solved"],
        correct=True,
        dt_seconds=(row["solved"] - row["got"]).total_seconds(),
        source=row["harvester"],
    )


def _places(reader: Reader, subjects: list[int]) -> tuple[dict[int, set[str]], dict[int, str]]:
    """The kinds of networks of each account, and the country it mostly acts from."""
    kinds: defaultdict[int, set[str]] = defaultdict(set)
    countries: dict[int, str] = {}
    for row in reader.ask("account_places", subjects=subjects):
        if row["kind"]:
            kinds[row["subject"]].add(row["kind"])
        if row["country"]:
            countries.setdefault(row["subject"], row["country"])
    return kinds, countries


def _join_harvesters(found: Sequence[Finding]) -> list[Finding]:
    """One finding for each master; several harvesters of one are a detector of their own."""
    by_master: defaultdict[int, list[Finding]] = defaultdict(list)
    for finding in found:
        by_master[finding.subjects[-1]].append(finding)
    return [
        group[0] if len(group) == 1 else _joined(sorted(group, key=lambda one: one.subjects))
        for group in by_master.values()
    ]


def _joined(group: Sequence[Finding]) -> Finding:
    items = sorted((item for one in group for item in one.items), key=lambda item: item.submitted)
    degrees = [one.ip_degree for one in group if one.ip_degree]
    return replace(
        group[0],
        kind=DetectorKind.SEVERAL_HARVESTERS,
        subjects=(*(one.subjects[0] for one in group), group[0].subjects[-1]),
        n=sum(one.n for one in group),
        x=sum(one.x for one in group),
        p=min(one.p for one in group),
        q=min(one.q for one in group),
        lag_p90_seconds=max(one.lag_p90_seconds or 0.0 for one in group),
        shared_network=any(one.shared_network for one in group),
        ip_degree=min(degrees, default=0),
        network_kinds=tuple(sorted({kind for one in group for kind in one.network_kinds})),
        items=tuple(items),
        confidence=max(one.confidence for one in group),
    )
