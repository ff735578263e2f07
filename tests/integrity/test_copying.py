"""Pairs of a course: in however many parts they are asked for, and whom nothing is asked about."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from privet.events.lake import default_lake
from privet.integrity.copying import Course, Judged, ask_pairs, find_copying
from privet.integrity.pipeline import LOOK_BACK
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
    return sorted(map(_rounded, found), key=lambda pair: (pair.harvester, pair.master))


def _rounded(pair: Pair) -> Pair:
    """Sums of fractions differ in their last digits from one reading to the next."""
    fractions = {
        field.name: round(getattr(pair, field.name), 9)
        for field in fields(pair)
        if isinstance(getattr(pair, field.name), float)
    }
    return replace(pair, **fractions)


def _judged(*, parts: int = 1) -> Judged:
    return find_copying(_reader(), _course(), USUAL_THRESHOLDS, parts=parts)


def test_parts_find_what_the_whole_finds(crowded: Scene) -> None:
    whole = _pairs()
    assert len(whole) > 10
    assert _pairs(parts=7) == whole
    assert sorted(map(repr, _judged(parts=7).findings)) == sorted(map(repr, _judged().findings))


def test_only_pairs_without_a_chance_are_left_out(crowded: Scene) -> None:
    whole, likely = _pairs(), _pairs(fed=USUAL_THRESHOLDS.least_fed)
    left_out = [pair for pair in whole if pair not in likely]
    assert left_out
    assert all(not pair.shares_address for pair in left_out)
    assert all(pair.fast_hits * 2 < 0.6 * pair.harvester_got for pair in left_out)
    assert all(pair in whole for pair in likely)


def test_a_pair_whose_finding_stands_is_told_whatever_remains(crowded: Scene) -> None:
    (one, *_) = [pair for pair in _pairs() if pair not in _pairs(fed=0.6)]
    standing = frozenset({(one.harvester, one.master)})
    asked = ask_pairs(_reader(), _course(standing=standing), USUAL_THRESHOLDS, fed=0.6)
    assert one in map(_rounded, asked)


def test_a_finding_without_a_common_address_falls_when_hardly_any_answer_serves(
    scene: Scene,
) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS[:6], harvester_at=HOME, master_at=ELSEWHERE)
    scene.load()
    run()
    assert [finding.subjects for finding in findings()] == [(MALLORY, ALICE)]
    late = LOOK_BACK // timedelta(days=1) + 10
    for number in range(60):
        scene.shows(MALLORY, f"q{number}", day=late, second=200.0 * number)
    for number in range(3):
        second = 200.0 * number + 10
        scene.submits(ALICE, f"q{number}", day=late, second=second, address=ELSEWHERE)
    scene.load()
    run()
    assert findings() == []
