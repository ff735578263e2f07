"""Measuring courses for calibration: what is kept, what a preview says, and who may see it."""

from datetime import timedelta

import pytest

from privet.events.lake import default_lake
from privet.integrity.calibration import (
    KEPT_DAYS,
    STALE_AFTER,
    find_measured,
    has_looked,
    list_measured,
    look_at,
    measure_courses,
    preview,
)
from privet.integrity.candidates import Course
from privet.integrity.course_thresholds import save_thresholds
from privet.integrity.models import CourseFigures
from privet.integrity.reading import Reader, UnknownCourseError
from tests.integrity.scene import (
    ALICE,
    COURSE,
    MALLORY,
    NOW,
    PROBLEMS,
    Scene,
    day_of,
    findings,
    rounded,
    run,
)


def _measure(**asked: object) -> list[str]:
    given: dict[str, object] = {"lake": default_lake(), "by": "test", "now": NOW}
    return measure_courses(**(given | asked))  # type: ignore[arg-type]


@pytest.fixture
def measured(scene: Scene) -> Scene:
    """A pair that copies within 80 seconds, in a course of forty others."""
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS, lag=80)
    scene.load()
    assert _measure() == [COURSE]
    return scene


def test_the_preview_at_the_values_in_force_is_what_a_run_finds(measured: Scene) -> None:
    run()
    found = preview(COURSE, values={}, key="most_q")
    assert found.now.masters == found.then.masters == len(findings()) == 1
    assert (found.gained, found.lost) == ((), ())
    assert found.now.by_kind == {findings()[0].kind: 1}


def test_it_shows_what_a_stricter_value_would_no_longer_flag(measured: Scene) -> None:
    found = preview(COURSE, values={"quick_p90_seconds": 60.0}, key="quick_p90_seconds")
    assert found.then.masters == 0
    ((pair, *_),) = found.lost
    assert (pair.n, pair.x, pair.lag_p90) == (14, 14, 80.0)
    assert [point.masters for point in found.curve] == [0, 1, 1, 1, 1, 1]


def test_what_was_set_for_the_course_is_what_it_is_set_against(measured: Scene) -> None:
    moved = {"quick_p90_seconds": 60.0}
    save_thresholds(
        course=COURSE, institution="hedge", values=moved, why="a trial", by="account:7", now=NOW
    )
    found = preview(COURSE, values={}, key="most_q")
    assert (found.now.masters, found.then.masters) == (0, 1)
    assert len(found.gained) == 1
    (line,) = list_measured(institutions=None)
    assert line.chosen is not None
    assert line.chosen.values == moved


def test_chance_flags_nobody_where_answers_were_got_a_day_before(measured: Scene) -> None:
    found = preview(COURSE, values={}, key="most_q")
    assert (found.now_by_chance, found.then_by_chance) == (0, 0)
    assert found.suggested == 0.01
    assert len(found.chance) == 2


def test_chance_finds_those_who_follow_each_other_day_after_day(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    for number, problem in enumerate(PROBLEMS):
        # Submitted a day before it is shown, at the same minute of the evening: nothing is copied.
        scene.shows(MALLORY, problem, day=number % 5, second=500.0 * number)
        scene.submits(ALICE, problem, day=number % 5 - 1, second=500.0 * number + 20)
    scene.load()
    _measure()
    found = preview(COURSE, values={}, key="most_q")
    assert found.now.masters == 0
    assert found.chance[0].candidates > 0


def test_no_pseudonym_is_kept(measured: Scene) -> None:
    kept = CourseFigures.objects.get()
    text = f"{kept.pairs}{kept.by_chance}"
    assert kept.pairs["pairs"]
    assert str(ALICE) not in text
    assert str(MALLORY) not in text


def test_fresh_figures_are_left_alone_if_only_stale_ones_are_asked_for(measured: Scene) -> None:
    assert _measure(only_stale=True) == []
    assert _measure(only_stale=True, now=NOW + STALE_AFTER) == [COURSE]
    assert _measure(only_stale=True, now=NOW + 2 * STALE_AFTER, most=0) == []


def test_one_course_can_be_measured_alone(measured: Scene) -> None:
    with pytest.raises(UnknownCourseError, match="'another'"):
        _measure(course="another")
    assert _measure(course=COURSE) == [COURSE]
    assert CourseFigures.objects.count() == 1


def test_figures_that_nothing_renews_are_deleted(measured: Scene) -> None:
    assert _measure(most=0, now=NOW + timedelta(days=KEPT_DAYS)) == []
    assert not CourseFigures.objects.exists()


@pytest.mark.parametrize("said", [{"fields": ["something", "else"]}, {"version": 1}])
def test_figures_that_were_taken_otherwise_are_not_read(
    said: dict[str, object], measured: Scene
) -> None:
    row = CourseFigures.objects.get()
    row.pairs |= said
    row.save(update_fields=["pairs"])
    assert find_measured(COURSE, institutions=None) is None
    assert _measure(only_stale=True) == [COURSE]
    assert find_measured(COURSE, institutions=None) is not None


def test_another_institution_sees_no_figures_of_the_course(measured: Scene) -> None:
    assert find_measured(COURSE, institutions=frozenset({"hedge"})) is not None
    assert find_measured(COURSE, institutions=frozenset({"bramble"})) is None
    assert list_measured(institutions=frozenset({"bramble"})) == []


def test_it_is_known_whether_the_detectors_have_looked(measured: Scene) -> None:
    assert not has_looked()
    run()
    assert has_looked()


def test_a_course_that_is_measured_a_pair_at_a_time_has_the_figures_of_one_look(
    measured: Scene,
) -> None:
    # Beside it somebody who was helped: looked at, and flagged by no setting.
    measured.copies(PROBLEMS[:3], lag=400, harvester=3001, master=3002, harvester_at=91,
                    master_at=91)  # fmt: skip
    measured.load()
    reader = Reader(by="test", lake=default_lake(), start=day_of(0), end=NOW.date())
    course = Course(key=COURSE, institution="hedge", since=day_of(0))
    whole = look_at(reader, course, earlier=0)
    bit_by_bit = look_at(reader, course, earlier=0, at_once=1, part_accounts=5)
    assert [*map(rounded, bit_by_bit.pairs)] == [*map(rounded, whole.pairs)]
    assert (bit_by_bit.candidates, bit_by_bit.decades) == (whole.candidates, whole.decades)
    assert whole.pairs
    assert whole.candidates > len(whole.pairs) > 1


def test_no_pair_that_a_setting_could_flag_is_left_out(measured: Scene) -> None:
    for number, problem in enumerate(PROBLEMS):
        # Far apart, and slower than the window of a usual hit.
        second = 15_000.0 + 400 * number
        measured.shows(3001, problem, day=number % 7, second=second, address=91)
        measured.submits(3002, problem, day=number % 7, second=second + 250, address=92)
    measured.load()
    _measure()
    loose = {"quick_median_seconds": 300.0, "quick_p90_seconds": 600.0}
    (gained, *_), *_ = preview(COURSE, values=loose, key="most_q").gained
    assert (gained.x, gained.lag_median, gained.shares_address) == (14, 250.0, False)


def test_a_course_that_moved_is_measured_whole_where_it_is_now(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    for row in scene.rows:
        row["institution"] = "willow" if row["day"] < day_of(3) else "bramble"
    scene.load()
    done = measure_courses(lake=default_lake(), by="test", now=NOW)
    assert done == [COURSE]
    (line,) = list_measured(institutions=None)
    assert (line.institution, line.first) == ("bramble", day_of(0))
