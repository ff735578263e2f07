"""Pairs of a course: in however many parts they are asked for, and whom nothing is asked about."""

from typing import Any

import pytest

from privet.events.lake import default_lake
from privet.integrity.candidates import Course
from privet.integrity.copying import Judged, ask_pairs, find_copying
from privet.integrity.preset import USUAL_THRESHOLDS
from privet.integrity.reading import Reader
from privet.integrity.rules import Pair
from tests.integrity.scene import (
    ALICE,
    BOB,
    COURSE,
    ELSEWHERE,
    HOME,
    MALLORY,
    PROBLEMS,
    Scene,
    day_of,
    findings,
    rounded,
    run,
)

SEATS = range(40, 52)


@pytest.fixture
def crowded(scene: Scene) -> Scene:
    """Two who copy, one without a common address, and a row of seats that keep together."""
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    scene.copies(PROBLEMS[:8], harvester=BOB, master=2001, harvester_at=HOME, master_at=ELSEWHERE)
    for seat in SEATS:
        for number, problem in enumerate(PROBLEMS):
            lag = 2.0 * seat if number < 4 else 3_600.0
            at: dict[str, Any] = {
                "day": number % 7,
                "second": 100_000.0 % 7200 + 200 * number,
                "address": seat,
            }
            scene.shows(3000 + seat, problem, **at)
            scene.submits(4000 + seat, problem, **at | {"second": at["second"] + lag})
    scene.load()
    return scene


def _reader() -> Reader:
    return Reader(by="test", lake=default_lake(), start=day_of(0), end=day_of(60))


def _course(**more: object) -> Course:
    return Course(key=COURSE, institution="hedge", since=day_of(0), **more)  # type: ignore[arg-type]


def _pairs(**more: object) -> list[Pair]:
    found = ask_pairs(_reader(), _course(), USUAL_THRESHOLDS, **more)  # type: ignore[arg-type]
    pairs = (one.pair for one in found if one.pair.x)
    return sorted(map(rounded, pairs), key=lambda pair: (pair.harvester, pair.master))


def _suppliers(problems: list[str]) -> list[dict[str, Any]]:
    rows = _reader().ask(
        "copying_suppliers", course=COURSE, since=day_of(0), own=0.2, reach=21_600,
        fewest_apart=3, problems=[{"problem": name} for name in problems],
    )  # fmt: skip
    return sorted(rows, key=lambda row: row["subject"])


def _judged(*, part_accounts: int | None = None) -> Judged:
    return find_copying(_reader(), _course(), USUAL_THRESHOLDS, part_accounts=part_accounts)


def test_parts_find_what_the_whole_finds(crowded: Scene) -> None:
    whole = _pairs()
    assert len(whole) > 10
    assert _pairs(part_accounts=7) == whole
    assert sorted(map(repr, _judged(part_accounts=7).findings)) == sorted(
        map(repr, _judged().findings)
    )


@pytest.mark.parametrize("told", [PROBLEMS[:1], PROBLEMS[:7], ["never seen"]])
def test_who_may_have_got_answers_is_the_same_if_a_problem_was_not_told(
    crowded: Scene, told: list[str]
) -> None:
    by_all = _suppliers(PROBLEMS)
    assert {MALLORY, BOB, 3040} <= {row["subject"] for row in by_all}
    assert sum(row["masters"] for row in by_all) > len(SEATS)
    assert _suppliers(told) == by_all


def test_in_a_course_without_any_act_nobody_is_judged(crowded: Scene) -> None:
    nowhere = Course(key="course-v1:No+N1+2026", institution="hedge", since=day_of(0))
    assert find_copying(_reader(), nowhere, USUAL_THRESHOLDS) == Judged(
        findings=(), pairs=frozenset()
    )


def test_only_pairs_without_a_chance_are_left_out(crowded: Scene) -> None:
    whole, likely = _pairs(), _pairs(fed=USUAL_THRESHOLDS.least_fed)
    left_out = [pair for pair in whole if pair not in likely]
    assert left_out
    assert all(not pair.shares_address for pair in left_out)
    assert all(pair.fast_hits * 2 < 0.6 * pair.harvester_got for pair in left_out)
    assert all(pair in whole for pair in likely)


def test_a_pair_whose_finding_stands_is_told_whatever_remains(crowded: Scene) -> None:
    likely = _pairs(fed=0.6)
    (one, *_) = [pair for pair in _pairs() if pair not in likely]
    standing = frozenset({(one.harvester, one.master)})
    asked = ask_pairs(_reader(), _course(standing=standing), USUAL_THRESHOLDS, fed=0.6)
    assert one in [rounded(again.pair) for again in asked]


def test_a_finding_without_a_common_address_falls_when_hardly_any_answer_serves(
    scene: Scene,
) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS[:6], harvester_at=HOME, master_at=ELSEWHERE)
    scene.load()
    run()
    assert [finding.subjects for finding in findings()] == [(MALLORY, ALICE)]
    late = 38
    for number in range(60):
        scene.shows(MALLORY, f"q{number}", day=late, second=200.0 * number)
    for number in range(3):
        second = 200.0 * number + 10
        scene.submits(ALICE, f"q{number}", day=late, second=second, address=ELSEWHERE)
    scene.load()
    run()
    assert findings() == []


def test_who_submits_the_same_answers_again_on_later_days_is_not_taken_for_somebody_who_works_alone(
    scene: Scene,
) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    for day in range(8, 14):
        for number, problem in enumerate(PROBLEMS):
            scene.submits(MALLORY, problem, day=day, second=60.0 * number, attempts=day - 6)
    scene.load()
    run()
    assert [finding.subjects for finding in findings()] == [(MALLORY, ALICE)]


@pytest.mark.parametrize("is_backwards", [False, True])
def test_tries_of_one_moment_have_the_order_of_their_ids(scene: Scene, is_backwards: bool) -> None:
    scene.copies(PROBLEMS[:6])
    for number, problem in enumerate(PROBLEMS[:6]):
        at = 100_000.0 % 7200 + 200 * number + 20
        scene.submits(ALICE, problem, day=number, second=at, right=False, attempts=2)
    if is_backwards:
        scene.rows.reverse()
    scene.load()
    (pair,) = (pair for pair in _pairs() if pair.master == ALICE)
    assert (pair.x, pair.first_right) == (6, 6)
