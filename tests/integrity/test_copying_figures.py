"""What is told of each pair, against the same worked out act by act, whatever is done again."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from privet.events.lake import default_lake
from privet.integrity.candidates import Course
from privet.integrity.copying import ask_pairs
from privet.integrity.preset import USUAL_THRESHOLDS
from privet.integrity.reading import Reader
from privet.integrity.rules import Pair
from tests.integrity.plain_copying import Plain
from tests.integrity.scene import COURSE, PROBLEMS, Scene, day_of, rounded

PEOPLE = range(6001, 6025)
DAYS = 12


def _live(scene: Scene, seed: int, *, says_attempts: bool) -> None:
    """People who try, look up, and submit again on later days; some follow others closely."""
    random_ = random.Random(seed)  # noqa: S311 - a scene, not a secret
    for who in PEOPLE:
        likes_to_ask = who % 4 == 0
        for problem in random_.sample(PROBLEMS, random_.randint(2, 12)):
            for turn, day in enumerate(sorted(random_.sample(range(DAYS), random_.randint(1, 4)))):
                where: dict[str, Any] = {
                    "day": day,
                    "address": random_.choice([0, 70, 71, who, who]),
                }
                # In quarters, which floating-point numbers hold exactly.
                second = random_.randrange(0, 14_400) / 4
                if random_.random() < (0.9 if likes_to_ask else 0.2):
                    scene.shows(who, problem, second=second, **where)
                    if likes_to_ask and random_.random() < 0.8:
                        continue
                attempts = 10 * turn if says_attempts else None
                for act in _tries(random_, second=second, attempts=attempts):
                    scene.submits(who, problem, **act, **where)
    for number, problem in enumerate(PROBLEMS[:9]):
        scene.shows(6004, problem, day=number % 3, second=4000 + 60 * number, address=70)
        scene.submits(6005, problem, day=number % 3, second=4030 + 60 * number, address=71)
        scene.submits(6005, problem, day=number % 3 + 4, second=50 * number, address=70)


def _tries(
    random_: random.Random, *, second: float, attempts: int | None
) -> Iterator[dict[str, Any]]:
    for number in range(random_.randint(1, 4)):
        yield {
            "second": second + 5 + 17 * number,
            "right": random_.random() < 0.5,
            "attempts": 1 if attempts is None else attempts + number + 1,
        }


def _told(**more: Any) -> dict[tuple[int, int], Pair]:
    reader = Reader(by="test", lake=default_lake(), start=day_of(0), end=day_of(60))
    course = Course(key=COURSE, institution="hedge", since=day_of(0))
    asked = ask_pairs(reader, course, USUAL_THRESHOLDS, **more)
    return {(one.pair.harvester, one.pair.master): rounded(one.pair) for one in asked if one.pair.x}


@pytest.mark.parametrize(("seed", "says_attempts"), [(1, True), (2, False)])
def test_every_figure_of_a_pair_is_that_of_its_acts_one_by_one(
    scene: Scene, seed: int, says_attempts: bool
) -> None:
    _live(scene, seed, says_attempts=says_attempts)
    plain = Plain(scene.rows, USUAL_THRESHOLDS)
    scene.load()
    told, expected = _told(), plain.pairs()
    assert {pair: rounded(expected[pair]) for pair in told} == told
    assert told.keys() >= plain.candidates() & expected.keys()
    assert len(told) > 5


def test_nobody_solves_a_problem_twice(scene: Scene) -> None:
    _live(scene, 1, says_attempts=True)
    scene.load()
    before = _told()
    for who in range(7001, 7030):
        for day in range(3):
            scene.submits(who, PROBLEMS[0], day=day, second=60.0 * (who - 7000), attempts=day + 1)
    scene.load()
    once = _told()
    for who in range(7001, 7030):
        for day in range(20, 26):
            scene.submits(who, PROBLEMS[0], day=day, second=60.0 * (who - 7000), attempts=day)
    scene.load()
    assert _told() == once != before
