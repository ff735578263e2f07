"""Which items leak, what copying explains, and what would have closed it."""

from dataclasses import replace

import pytest

from privet.events.lake import default_lake
from privet.integrity.prevention import (
    Leak,
    Prevention,
    Remedy,
    easiest_enough,
    list_courses,
    report_prevention,
)
from tests.integrity.cast import a_finding, an_item, keep
from tests.integrity.scene import ALICE, COURSE, MALLORY, NOW, PROBLEMS, Scene, run

ITEM = Leak(
    problem="p", accounts=50, solvers=40, shown_unsolved=3, answered_later=20, exhausted=2,
    most_attempts=4, is_same_for_all=True, by_shown=5, by_attempts=1,
)  # fmt: skip


def _report(institutions: frozenset[str] | None = None) -> Prevention | None:
    return report_prevention(
        COURSE, lake=default_lake(), institutions=institutions, by="test", now=NOW
    )


def _items() -> dict[str, Leak]:
    found = _report()
    assert found is not None
    return {item.problem: item for item in found.items}


def test_the_easiest_remedy_that_closes_nearly_all_is_named() -> None:
    assert ITEM.closes == {Remedy.HIDE: 5, Remedy.LIMIT: 1, Remedy.VARY: 6}
    assert ITEM.best is Remedy.HIDE


def test_where_neither_is_enough_answers_are_varied() -> None:
    assert replace(ITEM, by_attempts=4).best is Remedy.VARY


def test_an_item_whose_answers_differ_already_is_not_told_to_vary_them() -> None:
    assert Remedy.VARY not in replace(ITEM, is_same_for_all=False).closes
    assert Remedy.VARY in replace(ITEM, is_same_for_all=None).closes


def test_an_item_that_does_not_leak_needs_nothing() -> None:
    tight = replace(ITEM, shown_unsolved=0, most_attempts=2)
    assert tight.closes == {}
    assert tight.best is None


def test_an_item_that_leaks_unused_is_told_the_easiest() -> None:
    assert replace(ITEM, by_shown=0, by_attempts=0).best is Remedy.HIDE
    assert easiest_enough({}) is None


def test_copied_answers_are_explained_by_the_items_of_findings(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS[:10])
    scene.load()
    run()
    found = _report()
    assert found is not None
    assert found.explained == 10
    assert found.closes == {Remedy.HIDE: 10, Remedy.LIMIT: 0, Remedy.VARY: 10}
    assert found.share is not None
    assert found.share.value == 10 / found.answers
    by_name = {item.problem: item for item in found.items}
    assert by_name[PROBLEMS[0]].by_shown == 1
    assert by_name[PROBLEMS[13]].explained == 0
    # Those that explain most stand first.
    assert all(item.explained for item in found.items[:10])


def test_who_saw_an_answer_unsolved_and_who_came_later_is_counted(scene: Scene) -> None:
    scene.shows(MALLORY, "p", day=0, second=100)
    scene.submits(ALICE, "p", day=0, second=50)
    for person in range(3):
        scene.submits(5000 + person, "p", day=0, second=200.0 + person)
    scene.load()
    item = _items()["p"]
    assert (item.accounts, item.solvers, item.shown_unsolved, item.answered_later) == (4, 4, 1, 3)
    assert item.is_same_for_all is None


def test_answers_got_by_trying_are_closed_by_fewer_attempts(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    for number, problem in enumerate(PROBLEMS):
        here = {"day": number % 7}
        for attempt in (1, 2):
            scene.submits(MALLORY, problem, second=5000 + 200 * number + 5 * attempt, right=False,
                          attempts=attempt, **here)  # fmt: skip
        scene.submits(MALLORY, problem, second=5020 + 200 * number, attempts=3, **here)
        scene.submits(ALICE, problem, second=5040 + 200 * number, **here)
    scene.load()
    run()
    item = _items()[PROBLEMS[0]]
    assert (item.by_shown, item.by_attempts, item.most_attempts) == (0, 1, 3)
    assert item.best is Remedy.LIMIT


@pytest.mark.parametrize(("differ", "same"), [(False, True), (True, False)])
def test_it_shows_whether_all_are_asked_for_the_same(
    scene: Scene, differ: bool, same: bool
) -> None:
    for person in range(12):
        answer = f"a{person}" if differ else "a"
        scene.submits(5000 + person, "p", day=0, second=100.0 * person, answer=answer)
    scene.load()
    assert _items()["p"].is_same_for_all is same


def test_courses_stand_in_the_order_of_what_copying_explains(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    scene.load()
    run()
    (line,) = list_courses(lake=default_lake(), institutions=None, by="test", now=NOW)
    found = _report()
    assert found is not None
    assert (line.course, line.answers, line.explained) == (COURSE, found.answers, 14)


def test_another_institution_has_no_report_of_it(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.load()
    elsewhere = frozenset({"bramble"})
    assert _report(elsewhere) is None
    asked = {"institutions": elsewhere, "by": "test", "now": NOW}
    assert list_courses(lake=default_lake(), **asked) == []  # type: ignore[arg-type]


def test_a_course_in_which_nobody_was_right_has_no_share(scene: Scene) -> None:
    scene.submits(ALICE, "p", day=0, second=0, right=False)
    scene.load()
    found = _report()
    assert found is not None
    assert (found.answers, found.share) == (0, None)


def test_no_more_is_explained_than_is_left_to_see(scene: Scene) -> None:
    scene.submits(ALICE, "p", day=0, second=500)
    scene.load()
    one = replace(an_item(), problem="p")
    keep(*(a_finding(subjects=(n, n + 1), items=(one, replace(one, source=n))) for n in range(5)))
    found = _report()
    assert found is not None
    assert (found.answers, found.explained) == (1, 1)
    assert found.share is not None
    assert found.share.value == 1.0
