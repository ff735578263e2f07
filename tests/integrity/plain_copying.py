"""The figures of pairs worked out anew from acts one by one, for small scenes: slow, and plain."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import permutations
from math import floor, log
from typing import Any

import numpy as np

from privet.integrity.preset import Thresholds
from privet.integrity.rules import Pair

Row = dict[str, Any]


@dataclass
class Had:
    """An answer that an account got on a day, the first time on it."""

    at: float
    is_exhausted: bool
    address: int


@dataclass
class Work:
    """What an account did with a problem."""

    had: list[Had] = field(default_factory=list)
    tries: list[Row] = field(default_factory=list)

    @property
    def solution(self) -> Row | None:
        """Its first right submission."""
        return next((row for row in self.tries if row["is_right"]), None)


class Plain:
    """A scene's course, act by act."""

    def __init__(self, rows: Sequence[Row], thresholds: Thresholds) -> None:
        self.limits = thresholds
        self.work: defaultdict[int, dict[str, Work]] = defaultdict(dict)
        by_day: defaultdict[tuple[int, str, date], list[Row]] = defaultdict(list)
        for row in sorted(map(_parsed, rows), key=lambda row: row["time"]):
            by_day[row["subject"], row["problem"], row["day"]].append(row)
        for (subject, problem, _), acts in by_day.items():
            work = self.work[subject].setdefault(problem, Work())
            work.tries += [row for row in acts if row["is_check"]]
            work.had += _had(acts)

    def pairs(self) -> dict[tuple[int, int], Pair]:
        """All that could be asked for: every ordered pair with an item in common."""
        found = (self._pair(*people) for people in permutations(self.work, 2))
        return {(pair.harvester, pair.master): pair for pair in found if pair and pair.x}

    def candidates(self) -> set[tuple[int, int]]:
        """Those that the reference says are looked at, by first right submissions."""
        return {
            (one, other)
            for one, other in permutations(self.work, 2)
            if self._is_supplier(one) and self._is_looked_at(one, other)
        }

    def _is_looked_at(self, one: int, other: int) -> bool:
        is_linked = (one, other) in self.links
        shared, quick = set(), set()
        for problem, work, right in self._common(one, other):
            for had in work.had:
                lag = right["at"] - had.at
                is_here = is_linked or had.address == right["address"] != 0
                if is_here and 0 < lag <= self.limits.reach_seconds:
                    shared.add(problem)
                if 0 < lag <= self.limits.window_seconds:
                    quick.add(problem)
        return len(shared) >= self.limits.fewest_shared or len(quick) >= self.limits.fewest_apart

    def _is_supplier(self, one: int) -> bool:
        touched, got, by_itself, _ = self._counts(one)
        return got >= 2 and by_itself <= self.limits.most_by_itself * touched

    def _counts(self, one: int) -> tuple[int, int, int, int]:
        works = self.work[one].values()
        own = [
            work for work in works
            if not work.had or (work.solution and work.solution["at"] < work.had[0].at)
        ]  # fmt: skip
        alone = sum(bool(work.solution) for work in own)
        return len(works), sum(bool(work.had) for work in works), alone, len(own)

    @cached_property
    def links(self) -> dict[tuple[int, int], int]:
        """By pair: how many accounts are behind the address that both were seen at."""
        seen: defaultdict[int, set[int]] = defaultdict(set)
        for subject, works in self.work.items():
            for work in works.values():
                for address in [*(had.address for had in work.had), *_addresses_solved(work)]:
                    seen[address].add(subject)
        found: dict[tuple[int, int], int] = {}
        for address, people in seen.items():
            if address and len(people) <= self.limits.most_accounts:
                for pair in permutations(people, 2):
                    found[pair] = min(len(people), found.get(pair, len(people)))
        return found

    def _common(self, one: int, other: int) -> Iterator[tuple[str, Work, Row]]:
        for problem, work in self.work[one].items():
            theirs = self.work[other].get(problem)
            if work.had and theirs and theirs.solution:
                yield problem, work, theirs.solution

    def _pair(self, one: int, other: int) -> Pair | None:
        lags, chances = [], defaultdict(list)
        figures: dict[str, Any] = {"shared": 0, "exhausted": 0, "first_right": 0, "log_first": 0.0}
        for problem, work, right in self._common(one, other):
            before = [had.at for had in work.had if had.at < right["at"]]
            got_at = max(before) if before else min(had.at for had in work.had)
            lag = right["at"] - got_at
            lags.append(lag)
            chances[right["day"]].append(
                (lag, self._chance(problem, got_at, self.limits.window_seconds),
                 self._chance(problem, got_at, self.limits.reach_seconds))
            )  # fmt: skip
            figures["shared"] += any(had.address == right["address"] != 0 for had in work.had)
            if lag > 0:
                figures["exhausted"] += any(had.is_exhausted for had in work.had)
                figures["first_right"] += self.work[other][problem].tries[0]["is_right"]
                rate = self._first_rate(problem)
                figures["log_first"] += log(max(0.02, min(0.98, rate)))
        if not lags:
            return None
        positive = [lag for lag in lags if lag > 0]
        touched, got, by_itself, own = self._counts(one)
        solved = [w.tries[0]["is_right"] for w in self.work[other].values() if w.solution]
        return Pair(
            harvester=one, master=other, n=len(lags), x=len(positive),
            lag_p90=float(np.quantile(positive, 0.9)) if positive else 0.0,
            lag_median=float(np.quantile(positive, 0.5)) if positive else 0.0,
            last_day=max(chances), linked=self.links.get((one, other), 0),
            harvester_touched=touched, harvester_got=got, harvester_by_itself=by_itself,
            harvester_own=own, master_solved=len(solved), master_first_right=sum(solved),
            **figures, **self._hits(chances), **self._eligible,
        )  # fmt: skip

    def _hits(self, days: dict[date, list[tuple[float, float, float]]]) -> dict[str, Any]:
        window, reach = self.limits.window_seconds, self.limits.reach_seconds
        fast = [[lag for lag, _, _ in day if 0 < lag <= window] for day in days.values()]
        slow = [[lag for lag, _, _ in day if 0 < lag <= reach] for day in days.values()]
        near = [sorted(log(window / max(1.0, lag)) for lag in day) for day in fast]
        return {
            "fast_expected": sum(min(1.0, sum(f for _, f, _ in day)) for day in days.values()),
            "slow_expected": sum(min(1.0, sum(s for *_, s in day)) for day in days.values()),
            "fast_days": sum(map(bool, fast)), "slow_days": sum(map(bool, slow)),
            "fast_hits": sum(map(len, fast)), "slow_hits": sum(map(len, slow)),
            "closeness": sum(sum(day[:-1]) for day in near),
        }  # fmt: skip

    @cached_property
    def _eligible(self) -> dict[str, int]:
        suppliers = {one for one in self.work if self._is_supplier(one)}
        fewest = self.limits.fewest_apart
        harvesters = [one for one in suppliers if self._counts(one)[1] >= fewest]
        masters = [
            works for works in self.work.values()
            if sum(work.solution is not None for work in works.values()) >= fewest
        ]  # fmt: skip
        return {
            "eligible_shared": sum(one in suppliers for one, _ in self.links),
            "eligible_apart": len(harvesters) * len(masters),
        }

    def _chance(self, problem: str, got_at: float, width: int) -> float:
        """The share of the problem's solvers who were first right in the bucket or the next."""
        moments = self._of_all(problem, lambda work: work.solution and work.solution["at"])
        bucket = floor(got_at / width)
        return sum(floor(at / width) in (bucket, bucket + 1) for at in moments) / len(moments)

    def _first_rate(self, problem: str) -> float:
        tries = self._of_all(problem, lambda work: work.solution and work.tries[0])
        return sum(bool(one["is_right"]) for one in tries) / len(tries)

    def _of_all(self, problem: str, figure: Callable[[Work], Any]) -> list[Any]:
        works = (works[problem] for works in self.work.values() if problem in works)
        return [found for work in works if (found := figure(work))]


def _parsed(row: Row) -> Row:
    detail = json.loads(row["detail"])
    time: datetime = row["time"]
    return {
        "subject": row["subject"], "problem": detail["problem_id"], "day": row["day"],
        "time": time, "at": time.timestamp(), "address": row["address_token"] or 0,
        "is_check": row["name"] == "problem_check", "is_right": detail.get("success") == "correct",
    }  # fmt: skip


def _had(acts: Sequence[Row]) -> list[Had]:
    """The first moment of a day at which the answer was there: shown, or got by wrong attempts."""
    wrong = 0
    for row in acts:
        if not row["is_check"]:
            return [Had(row["at"], False, row["address"])]
        if row["is_right"] and wrong >= 2:
            return [Had(row["at"], True, row["address"])]
        wrong += not row["is_right"]
    return []


def _addresses_solved(work: Work) -> list[int]:
    """Where it was solved, on each day the first time."""
    first: dict[date, int] = {}
    for row in work.tries:
        if row["is_right"]:
            first.setdefault(row["day"], row["address"])
    return list(first.values())
