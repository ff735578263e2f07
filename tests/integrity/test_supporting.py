"""What only supports a case: those who submit together, and the same wrong answers."""

from privet.integrity.groups import join_all
from tests.integrity.scene import ALICE, BOB, CAROL, PROBLEMS, Scene, findings, run


def test_those_who_submit_together_are_a_group_and_open_nothing(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    for number, problem in enumerate(PROBLEMS):
        for who, later in ((ALICE, 0.0), (BOB, 15.0), (CAROL, 30.0)):
            scene.submits(who, problem, day=number % 7, second=4000.0 + 200 * number + later)
    scene.load()
    run()
    assert findings() == []
    (group,) = findings(supporting=True)
    assert (str(group.kind), group.subjects) == ("close_submitters", (ALICE, BOB, CAROL))


def test_the_same_rare_wrong_answers_are_seen(scene: Scene) -> None:
    scene.crowd(PROBLEMS, people=60)
    for number, problem in enumerate(PROBLEMS):
        for who, later in ((ALICE, 0.0), (BOB, 50_000.0)):
            scene.submits(who, problem, day=number % 7, second=later + 300 * number, right=False,
                          answer=f"odd{number}")  # fmt: skip
    scene.load()
    run()
    (pair,) = findings(supporting=True)
    assert (str(pair.kind), pair.subjects, pair.x) == ("answer_copying", (ALICE, BOB), 14)


def test_popular_wrong_answers_say_nothing(scene: Scene) -> None:
    scene.crowd(PROBLEMS, people=60)
    for number, problem in enumerate(PROBLEMS):
        for who, later in ((ALICE, 0.0), (BOB, 50_000.0)):
            scene.submits(who, problem, day=number % 7, second=later + 300 * number, right=False)
    scene.load()
    run()
    assert findings(supporting=True) == []


def test_what_hangs_together_is_one_group() -> None:
    assert set(join_all([(1, 2), (2, 3), (4, 5)])) == {frozenset({1, 2, 3}), frozenset({4, 5})}
