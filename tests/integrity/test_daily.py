"""One day more: a run over new days alone says what a run over all days says."""

from collections.abc import Callable
from datetime import date

import pytest

from privet.catalogue.uses import Use
from privet.events.erasure import run_erasure_pass
from privet.events.lake import default_lake
from privet.events.rollup_build import find_due, make
from privet.events.service import erase_subjects, withhold
from privet.integrity.candidates import Course
from privet.integrity.copying import ask_pairs
from privet.integrity.findings import Finding
from privet.integrity.models import LookedAt
from privet.integrity.pipeline import Reached, Wanted, run_detectors
from privet.integrity.preset import USUAL_THRESHOLDS
from privet.integrity.reading import Reader
from privet.integrity.rules import Pair
from tests.integrity.scene import (
    ALICE,
    BOB,
    CAROL,
    COURSE,
    ELSEWHERE,
    MALLORY,
    NOW,
    OTHER_COURSE,
    PROBLEMS,
    Scene,
    day_of,
    findings,
    rounded,
    run,
)

LATER = [f"q{number}" for number in range(6)]
NEW_DAY = 20


@pytest.fixture
def looked_at(scene: Scene) -> Scene:
    """Three pairs that copy in a first week, which was looked at."""
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    scene.copies(PROBLEMS[:8], harvester=BOB, master=2001, harvester_at=90, master_at=ELSEWHERE)
    scene.copies(PROBLEMS[:9], lag=3700, harvester=CAROL, master=2002, harvester_at=91,
                 master_at=91)  # fmt: skip
    scene.load()
    _roll_up()
    run()
    assert len(findings()) == 3
    return scene


def _a_day_more(scene: Scene) -> None:
    """Two of the pairs go on, a new pair begins, and others work on the same problems."""
    for person in range(30):
        for number, problem in enumerate(LATER):
            scene.submits(9000 + person, problem, day=NEW_DAY, second=150.0 * person + 7 * number,
                          address=5000 + person)  # fmt: skip
    pairs = [(MALLORY, ALICE, 77, 77), (BOB, 2001, 90, ELSEWHERE), (3001, 3002, 92, 92)]
    for turn, (harvester, master, there, here) in enumerate(pairs):
        for number, problem in enumerate(LATER):
            second = 5_000.0 + 1_500 * turn + 90 * number
            scene.shows(harvester, problem, day=NEW_DAY, second=second, address=there)
            scene.submits(master, problem, day=NEW_DAY, second=second + 15, address=here)


def _late(scene: Scene) -> None:
    for problem in PROBLEMS[8:]:
        scene.shows(BOB, problem, day=3, second=5_000, address=90)
        scene.submits(2001, problem, day=3, second=5_030, address=ELSEWHERE)


def _withdrawn(_: Scene) -> None:
    withhold(subjects={CAROL, 9003}, uses=Use.INTEGRITY, by="test")


def _erased(_: Scene) -> None:
    erase_subjects(subjects={BOB, 9004}, person_keys=[], by="test")
    assert run_erasure_pass(by="test") is not None


def _twice(scene: Scene) -> None:
    scene.copies(PROBLEMS[:5])
    scene.crowd(PROBLEMS, people=10)


def _nothing(_: Scene) -> None:
    return


HAPPENINGS = [_nothing, _late, _withdrawn, _erased, _twice]


@pytest.mark.parametrize("happens", HAPPENINGS)
def test_a_new_day_brings_the_findings_of_a_run_over_everything(
    looked_at: Scene, happens: Callable[[Scene], None]
) -> None:
    happens(looked_at)
    _a_day_more(looked_at)
    looked_at.load()
    assert run(first=day_of(NEW_DAY)).days == 1
    by_day = _of_people(findings())
    LookedAt.objects.all().delete()
    run()
    assert _of_people(findings()) == by_day
    assert {one.subjects[-1] for one in by_day} >= {ALICE, 3002}


@pytest.mark.parametrize("happens", HAPPENINGS)
def test_each_pair_of_a_new_day_has_the_figures_of_the_whole_course(
    looked_at: Scene, happens: Callable[[Scene], None]
) -> None:
    happens(looked_at)
    _a_day_more(looked_at)
    looked_at.load()
    whole, new = _pairs(day_of(0)), _pairs(day_of(NEW_DAY))
    assert {(MALLORY, ALICE), (3001, 3002)} <= new.keys() < whole.keys()
    assert all(whole[key] == pair for key, pair in new.items())
    is_new = {key for key, pair in whole.items() if pair.last_day >= day_of(NEW_DAY)}
    assert is_new & _with_a_hit_on_it() == new.keys() & _with_a_hit_on_it()


def test_files_made_beforehand_change_no_figure_of_a_pair(looked_at: Scene) -> None:
    _a_day_more(looked_at)
    looked_at.load()
    before = _pairs(day_of(NEW_DAY))
    _roll_up()
    assert _pairs(day_of(NEW_DAY)) == before


def test_a_finding_without_new_acts_for_weeks_stays_as_it_was(looked_at: Scene) -> None:
    before = {one.subjects[-1]: one for one in findings()}
    _a_day_more(looked_at)
    for person in range(5):
        looked_at.submits(9000 + person, "last", day=NEW_DAY + 35, second=60.0 * person)
    looked_at.load()
    run(first=day_of(NEW_DAY + 35))
    after = {one.subjects[-1]: one for one in findings()}
    assert after[2002] == before[2002]


def test_a_run_that_is_killed_after_a_course_ends_where_an_undisturbed_one_ends(
    looked_at: Scene,
) -> None:
    _a_day_more(looked_at)
    looked_at.same_in(OTHER_COURSE)
    looked_at.load()

    def die(reached: Reached) -> None:
        if reached.course == OTHER_COURSE:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_detectors(Wanted(), lake=default_lake(), by="test", now=NOW, on_progress=die)
    assert (3001, 3002) in {one.subjects for one in findings()}
    run()
    resumed = findings()
    assert {one.course for one in resumed if one.subjects == (3001, 3002)} == {COURSE, OTHER_COURSE}
    run(first=day_of(NEW_DAY))
    assert _of_people(findings()) == _of_people(resumed)


def _roll_up() -> None:
    lake = default_lake()
    for due in find_due(lake):
        make(lake, due)


def _of_people(found: list[Finding]) -> list[Finding]:
    return sorted(found, key=lambda one: (one.course, one.subjects))


def _pairs(since: date) -> dict[tuple[int, int], Pair]:
    reader = Reader(by="test", lake=default_lake(), start=day_of(0), end=day_of(60))
    course = Course(key=COURSE, institution="hedge", since=since)
    asked = (one.pair for one in ask_pairs(reader, course, USUAL_THRESHOLDS))
    return {(pair.harvester, pair.master): rounded(pair) for pair in asked if pair.x}


def _with_a_hit_on_it() -> set[tuple[int, int]]:
    """The pairs that were told to go on, or to begin, on the new day."""
    return {(MALLORY, ALICE), (BOB, 2001), (3001, 3002)}
