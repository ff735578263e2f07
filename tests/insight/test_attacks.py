"""What somebody gains who asks again and again, in other ways, to find out about one learner."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from privet.events.query import Scope
from privet.insight.asking import ask
from privet.insight.noise import COMMON, Noise, transition
from privet.insight.rules import Period
from tests.insight.expected import QUESTION, YESTERDAY
from tests.population import HEDGE, Learner

NOISE = Noise(b"a secret of this installation only")
TRIES = 4000
LUCK = 3 * 0.5 / TRIES**0.5
"""Three standard errors of a share that was measured in so many tries."""
ONE_OR_TWO = 0.59
"""Who guesses whether one learner was removed or two is right in less than this share."""
ONE_TO_FIVE = 0.34
"""Who guesses how many of one to five were removed is right in less than this share."""


def _differences() -> dict[int, float]:
    """How likely each difference of two noises is, between sets that are not the same."""
    found: Counter[int] = Counter()
    for first, chance in transition(COMMON).items():
        for second, other in transition(COMMON).items():
            found[first - second] += chance * other  # type: ignore[assignment]
    return dict(found)


DIFFERENCES = _differences()


def _best_guess(seen: int, among: range) -> int:
    """The number that makes what was seen the most likely; the attacker knows the table."""
    return max(among, key=lambda removed: DIFFERENCES.get(seen - removed, 0.0))


def _asked_twice(random: Random, removed: int) -> int:
    """The difference of two answers: with some learners, and by a filter that removes them."""
    keys = [random.getrandbits(63) % 4294967296 for _ in range(random.randint(30, 300))]
    with_them = NOISE.on_count(len(keys), sum(keys))
    without = NOISE.on_count(len(keys) - removed, sum(keys[removed:]))
    return with_them - without


def _share_right(among: range) -> float:
    random = Random(7)  # noqa: S311 - a test's, not a secret
    right = 0
    for _ in range(TRIES):
        removed = random.choice(among)
        right += _best_guess(_asked_twice(random, removed), among) == removed
    return right / TRIES


def test_a_difference_does_not_tell_one_learner_from_two() -> None:
    assert _share_right(range(1, 3)) < ONE_OR_TWO + LUCK


def test_a_difference_does_not_tell_how_many_were_removed() -> None:
    assert _share_right(range(1, 6)) < ONE_TO_FIVE + LUCK


def test_the_stated_bounds_follow_from_the_table() -> None:
    for among, bound in ((range(1, 3), ONE_OR_TWO), (range(1, 6), ONE_TO_FIVE)):
        best = sum(
            max(DIFFERENCES.get(seen - removed, 0.0) for removed in among)
            for seen in range(-20, 21)
        )
        assert best / len(among) < bound


def test_the_difference_of_one_learner_is_often_not_one() -> None:
    random = Random(11)  # noqa: S311 - a test's, not a secret
    exact = sum(_asked_twice(random, 1) == 1 for _ in range(TRIES)) / TRIES
    assert exact < 0.2


def test_a_known_limit_two_answers_can_show_that_somebody_differs() -> None:
    """Written down in docs/explanation/small-counts.md: equal sets have equal noise."""
    random = Random(13)  # noqa: S311 - a test's, not a secret
    unseen = sum(_asked_twice(random, 1) == 0 for _ in range(TRIES)) / TRIES
    assert 0.1 < unseen < 0.2


def test_one_who_did_nearly_everything_cannot_be_told() -> None:
    for key in range(1000):
        shown = NOISE.on_amount(1000, 990, count=40, key=key)
        assert abs(shown - 1000) > 200


def test_two_sums_of_the_same_learners_do_not_tell_what_lies_between() -> None:
    """28 days less 27 days leave one day, on which only one learner may have been there."""
    random = Random(17)  # noqa: S311 - a test's, not a secret
    top, of_the_day = 400, 12
    errors = []
    for _ in range(TRIES):
        key, amount = random.getrandbits(50), random.randint(5_000, 20_000)
        whole = NOISE.on_amount(amount, top, count=80, key=key)
        without = NOISE.on_amount(amount - of_the_day, top, count=80, key=key)
        errors.append(abs(whole - without - of_the_day))
    assert sorted(errors)[TRIES // 4] > 2 * of_the_day


def test_asking_about_many_periods_does_not_average_the_noise_away() -> None:
    """The greater part of the share hangs on the learners alone."""
    for key in range(200):
        top = 300
        moved = [
            NOISE.on_amount(amount, top, count=80, key=key) - amount
            for amount in range(6_000, 6_400, 4)
        ]
        assert abs(sum(moved) / len(moved)) > top / 3


def _same_learners_asked_in_many_ways() -> Iterator[dict[str, object]]:
    """All who agreed, over all their days, asked by other queries, periods and scopes."""
    question = QUESTION
    later = Period(first=question.period.first, last=YESTERDAY + timedelta(days=400))
    for one in (question, replace(question, by="somebody else"), replace(question, period=later)):
        yield ask("activity_totals", one)[0]
        yield ask("places_totals", one)[0]
    (whole,) = (row for row in ask("activity_sessions", question) if row["length"] is None)
    yield whole


def test_all_ways_of_asking_about_the_same_learners_say_the_same(filled: list[Learner]) -> None:
    said = list(_same_learners_asked_in_many_ways())
    assert len({row["learners"] for row in said}) == 1
    assert len({row["events"] for row in said if "events" in row}) == 1


def test_a_filter_and_a_scope_that_leave_the_same_learners_say_the_same(
    filled: list[Learner],
) -> None:
    by_filter = ask("activity_totals", replace(QUESTION, institution=HEDGE))
    by_scope = ask(
        "activity_totals", replace(QUESTION, scope=Scope(institutions=frozenset({HEDGE})))
    )
    assert by_filter == by_scope
    (by_row,) = (
        row for row in ask("places_by_country", replace(QUESTION, further={"country": "ES"}))
    )
    alone = ask("places_totals", replace(QUESTION, further={"country": "ES"}))[0]
    assert by_row["learners"] == alone["learners"] == alone["with_country"]


@pytest.mark.parametrize("course", ["course-v1:Hedge+S101+2026"])
def test_a_part_is_the_same_as_a_row_and_as_a_filter(course: str, filled: list[Learner]) -> None:
    rows = {row["course"]: row for row in ask("activity_by_course", QUESTION)}
    (alone,) = ask("activity_totals", replace(QUESTION, course=course))
    assert rows[course]["learners"] == alone["learners"]
    assert rows[course]["events"] == alone["events"]
