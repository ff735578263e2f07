"""Setting a course's thresholds: bounds, reason, record, and that the pipeline obeys."""

import pytest

from privet.audit.models import Record
from privet.integrity.course_thresholds import (
    ThresholdError,
    find_chosen,
    list_chosen,
    save_thresholds,
    thresholds_for,
)
from privet.integrity.models import LookedAt
from privet.integrity.preset import USUAL_THRESHOLDS
from tests.integrity.scene import COURSE, NOW, PROBLEMS, Scene, findings, run


def _save(values: dict[str, float], why: str = "a course in lockstep") -> None:
    save_thresholds(
        course=COURSE, institution="hedge", values=values, why=why, by="account:7", now=NOW
    )


@pytest.mark.django_db
def test_a_course_has_the_usual_thresholds_until_somebody_sets_others() -> None:
    assert thresholds_for(COURSE) == USUAL_THRESHOLDS
    _save({"least_direction": 0.95})
    assert thresholds_for(COURSE).least_direction == 0.95
    assert thresholds_for("another") == USUAL_THRESHOLDS


@pytest.mark.django_db
def test_who_set_what_and_why_is_on_record() -> None:
    _save({"least_direction": 0.95}, why=" a course in\x00 lockstep ")
    record = Record.objects.get(act="integrity.thresholds")
    assert (record.by, record.why) == ("account:7", "a course in lockstep")
    assert record.about == {"course": COURSE, "least_direction": "0.95"}
    chosen = find_chosen(COURSE)
    assert chosen is not None
    assert (chosen.values, chosen.why, chosen.saved) == (
        {"least_direction": 0.95}, "a course in lockstep", NOW,
    )  # fmt: skip


@pytest.mark.django_db
def test_all_as_usual_takes_the_setting_away_and_is_on_record_too() -> None:
    _save({"least_direction": 0.95})
    _save({"least_direction": 0.9})
    assert list_chosen([COURSE]) == {}
    assert Record.objects.filter(act="integrity.thresholds").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"least_direction": 0.2}, "too loose"),
        ({"quick_p90_seconds": 901.0}, "too slow"),
        ({"fewest_slow": 3.5}, "half an item"),
        ({"window_seconds": 60.0}, "not to be moved"),
        ({"least_direction": float("nan")}, "no number"),
        ({"least_direction": 0.95}, "  "),
        ({"least_direction": 0.95}, "x" * 501),
    ],
)
def test_what_is_out_of_bounds_or_without_reason_is_refused(
    values: dict[str, float], why: str
) -> None:
    with pytest.raises(ThresholdError):
        _save(values, why)
    assert find_chosen(COURSE) is None


def test_the_next_run_looks_at_the_whole_course_with_the_new_thresholds(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS, lag=80)
    scene.load()
    run()
    assert [str(one.kind) for one in findings()] == ["immediate"]
    # Nothing is as quick as this any more, and at a slower pace a pair needs more items than ten.
    _save({"quick_median_seconds": 30.0, "quick_p90_seconds": 60.0, "least_first_right": 1.0})
    assert not LookedAt.objects.filter(course=COURSE).exists()
    assert run().days > 0
    assert [str(one.kind) for one in findings()] != ["immediate"]
