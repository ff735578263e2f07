"""The detectors over a lake: what they find, what they leave alone, and bad input."""

from datetime import timedelta
from typing import Any

import pytest

from privet.events.lake import default_lake
from privet.integrity.findings import DetectorKind, How
from privet.integrity.models import FindingRow, LookedAt
from privet.integrity.pipeline import IntegrityError, Wanted, run_detectors
from privet.integrity.reading import UnknownCourseError
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
    run,
    spoil,
)


def _kinds() -> list[str]:
    return [str(one.kind) for one in findings()]


def test_answers_copied_at_once_behind_one_address_are_found_with_their_timeline(
    scene: Scene,
) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    scene.load()
    run()
    (found,) = findings()
    assert found.kind is DetectorKind.IMMEDIATE
    assert found.subjects == (MALLORY, ALICE)
    assert (found.n, found.x, found.shared_network, found.ip_degree) == (14, 14, True, 2)
    assert found.q <= 0.01
    assert {item.dt_seconds for item in found.items} == {20.0}
    assert {item.how for item in found.items} == {How.SHOWANSWER}
    assert found.country == "GB"


def test_without_a_common_address_it_is_another_detector(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS, harvester_at=ELSEWHERE)
    scene.load()
    run()
    assert _kinds() == ["other_network"]


def test_answers_copied_an_hour_later_are_found_at_home_only(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS, lag=3700)
    scene.copies(PROBLEMS, lag=3700, harvester=BOB, master=CAROL, harvester_at=ELSEWHERE,
                 master_at=99)  # fmt: skip
    scene.load()
    run()
    assert [(str(one.kind), one.subjects) for one in findings()] == [("delayed", (MALLORY, ALICE))]


def test_who_begins_first_at_home_and_leaves_problems_unsolved_is_no_harvester(
    scene: Scene,
) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS[:10], lag=3700)
    scene.copies(PROBLEMS[:10], lag=3700, harvester=BOB, master=CAROL, harvester_at=ELSEWHERE,
                 master_at=ELSEWHERE)  # fmt: skip
    for number, problem in enumerate(PROBLEMS[10:]):
        scene.submits(BOB, problem, day=number, second=8000, right=False, address=ELSEWHERE)
    scene.load()
    run()
    assert [one.subjects for one in findings()] == [(MALLORY, ALICE)]


def test_what_comes_a_day_later_was_not_taken_over(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS[:2], lag=3700)
    scene.copies(PROBLEMS[2:], lag=90_000)
    scene.load()
    run()
    assert findings() == []


def test_answers_got_by_wrong_attempts_are_found(scene: Scene) -> None:
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
    (found,) = findings()
    assert found.kind is DetectorKind.EXHAUSTED
    assert {item.how for item in found.items} == {How.EXHAUSTED}


def test_several_accounts_that_feed_one_are_one_finding(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS[:7])
    scene.copies(PROBLEMS[7:], harvester=BOB)
    scene.load()
    run()
    (found,) = findings()
    assert found.kind is DetectorKind.SEVERAL_HARVESTERS
    assert found.subjects == (BOB, MALLORY, ALICE)
    assert found.x == 14


def test_whoever_answers_before_the_answer_is_shown_copies_nothing(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS, lag=-20)
    scene.load()
    run()
    assert _kinds() == []


def test_an_account_that_solves_for_itself_is_no_harvester(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    for number, problem in enumerate(PROBLEMS):
        scene.submits(MALLORY, problem, day=number % 7, second=2000 + 200 * number)
    scene.copies(PROBLEMS, lag=20)
    scene.load()
    run()
    assert _kinds() == []


def test_a_run_over_the_same_days_changes_nothing(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    scene.load()
    run()
    before = list(FindingRow.objects.values())
    again = run(first=day_of(0))
    assert again.found == 1
    assert list(FindingRow.objects.values()) == before


def test_what_was_looked_at_is_not_looked_at_again_without_being_asked(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.load()
    assert run().days == LookedAt.objects.filter(course=COURSE).count() > 0
    assert run().days == 0


def test_day_by_day_it_finds_what_one_run_finds(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    scene.load()
    days = [day_of(number) for number in range(8)]
    for day in days:
        run(first=day, last=day)
    (by_day,) = findings()
    run(last=days[-1])
    (at_once,) = findings()
    assert by_day == at_once


def test_a_finding_that_new_evidence_does_not_bear_out_falls(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    scene.load()
    run()
    for number, problem in enumerate(f"own{n}" for n in range(20)):
        scene.submits(MALLORY, problem, day=8, second=100.0 * number)
    scene.load()
    assert run().fell == 1
    assert _kinds() == []


def test_a_run_up_to_an_earlier_day_takes_nothing_of_later_days_back(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS[:10])
    scene.load()
    run()
    (before,) = findings()
    for wanted in ({"last": day_of(1)}, {"first": day_of(0), "last": day_of(4)}):
        assert run(**wanted).fell == 0
        assert findings() == [before]
    for number in range(20):
        scene.submits(MALLORY, f"own{number}", day=1, second=100.0 * number)
    scene.load()
    assert run(first=day_of(0)).fell == 1
    assert findings() == []


def test_a_course_that_moved_is_looked_at_once_and_belongs_where_it_is_now(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    for row in scene.rows:
        row["institution"] = "willow" if row["day"] < day_of(3) else "bramble"
    scene.load()
    report = run()
    assert (report.courses, report.days) == (1, 8)
    assert [one.institution for one in findings()] == ["bramble"]
    scene.submits(BOB, "p00", day=9, second=0)
    scene.rows[0]["institution"] = "willow"
    scene.load()
    run(first=day_of(0))
    assert [one.institution for one in findings()] == ["willow"]


def test_one_course_can_be_looked_at_alone(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.load()
    with pytest.raises(UnknownCourseError, match="'another'"):
        run(course="another")
    assert run(course=COURSE).courses == 1


def test_the_five_filters_ask_for_a_certificate_and_a_small_group(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    scene.load()
    run(preset="northcutt-2016")
    assert findings("northcutt-2016") == []
    scene.act(ALICE, "edx.certificate.created", "", day=9, second=0)
    scene.load()
    run(preset="northcutt-2016", first=day_of(0))
    assert [one.subjects for one in findings("northcutt-2016")] == [(MALLORY, ALICE)]


def test_the_five_filters_lose_a_shared_network(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    scene.act(ALICE, "edx.certificate.created", "", day=9, second=0)
    for person in range(10):
        scene.submits(7000 + person, PROBLEMS[0], day=1, second=3000 + person)
    scene.load()
    run(preset="northcutt-2016")
    assert findings("northcutt-2016") == []


@pytest.mark.parametrize(
    "wanted", [{"preset": "hearsay"}, {"first": day_of(2), "last": day_of(1)}]
)  # fmt: skip
def test_an_odd_wish_is_refused_in_words(scene: Scene, wanted: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        run(**wanted)


def test_findings_expire_when_nothing_renews_them(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    scene.load()
    run()
    FindingRow.objects.update(expires=FindingRow.objects.get().found)
    run()
    assert _kinds() == []


def test_a_run_that_was_stopped_goes_on_where_it_stopped(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    scene.load()
    stopped = run_detectors(
        Wanted(), lake=default_lake(), by="test", now=NOW, should_stop=lambda: True
    )
    assert (stopped.left, stopped.courses) == (2, 0)
    assert not LookedAt.objects.exists()
    answers = iter([False, True])
    partly = run_detectors(
        Wanted(), lake=default_lake(), by="test", now=NOW, should_stop=lambda: next(answers)
    )
    assert (partly.left, partly.courses) == (1, 1)
    assert _kinds() == ["immediate"]
    rest = run()
    assert (rest.left, rest.courses, rest.days) == (0, 0, 0)
    assert LookedAt.objects.filter(course="").exists()


def test_a_course_that_fails_stops_no_other_and_is_tried_again(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    scene.same_in(OTHER_COURSE)
    scene.load()
    spoilt = spoil(COURSE)
    report = run()
    assert (report.failed, report.courses, report.left) == ((COURSE,), 1, 0)
    assert [finding.course for finding in findings()] == [OTHER_COURSE]
    assert not LookedAt.objects.filter(course=COURSE).exists()
    assert LookedAt.objects.filter(course="").exists()
    spoilt.delete()
    again = run()
    assert (again.failed, again.courses) == ((), 1)
    assert {finding.course for finding in findings()} == {COURSE, OTHER_COURSE}


def test_courses_and_the_accounts_as_a_whole_can_be_left_out(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    scene.load()
    report = run(but=frozenset({COURSE, ""}))
    assert (report.courses, report.failed) == (0, ())
    assert not LookedAt.objects.exists()


class TestBadInput:
    """What odd clocks, missing addresses and repeated events do to the detectors."""

    def test_an_event_that_is_dated_after_its_receipt_is_no_evidence(self, scene: Scene) -> None:
        scene.crowd(PROBLEMS)
        for number, problem in enumerate(PROBLEMS):
            here = {"day": number % 7, "received_after": -timedelta(hours=1).total_seconds()}
            scene.shows(MALLORY, problem, second=5000 + 200 * number, **here)
            scene.submits(ALICE, problem, second=5020 + 200 * number, **here)
        scene.load()
        run()
        assert _kinds() == []

    def test_two_seconds_of_skew_between_servers_do_not_hide_a_pair(self, scene: Scene) -> None:
        scene.crowd(PROBLEMS)
        scene.copies(PROBLEMS[:13])
        scene.shows(MALLORY, PROBLEMS[13], day=6, second=9002)
        scene.submits(ALICE, PROBLEMS[13], day=6, second=9000)
        scene.load()
        run()
        (found,) = findings()
        assert (found.n, found.x) == (14, 13)

    def test_missing_addresses_link_nobody(self, scene: Scene) -> None:
        scene.crowd(PROBLEMS)
        scene.copies(PROBLEMS, harvester_at=0, master_at=0)
        scene.load()
        run()
        (found,) = findings()
        assert (str(found.kind), found.shared_network, found.ip_degree) == (
            "other_network", False, 0,
        )  # fmt: skip

    def test_a_clock_that_goes_back_between_two_attempts_takes_the_item_out(
        self, scene: Scene
    ) -> None:
        scene.crowd(PROBLEMS)
        scene.copies(PROBLEMS[:13])
        here = {"day": 6}
        scene.shows(MALLORY, PROBLEMS[13], second=9000, **here)
        scene.submits(ALICE, PROBLEMS[13], second=9020, attempts=2, **here)
        scene.submits(ALICE, PROBLEMS[13], second=9050, attempts=1, right=False, **here)
        scene.load()
        run()
        (found,) = findings()
        assert PROBLEMS[13] not in {item.problem for item in found.items}

    def test_minutes_of_skew_hide_a_quick_pair_and_wrong_nobody(self, scene: Scene) -> None:
        scene.crowd(PROBLEMS)
        scene.copies(PROBLEMS, lag=20 - 240)
        scene.load()
        run()
        assert _kinds() == []

    def test_an_account_in_two_places_by_a_wrong_clock_is_left_alone(self, scene: Scene) -> None:
        for day in range(21):
            scene.submits(ALICE, f"h{day}", day=day, second=0)
        abroad: dict[str, Any] = {"address": 99, "asn": 2, "country": "JP", "browser": "Safari 18"}
        for day in (16, 18, 20):
            scene.submits(ALICE, f"b{day}", day=day, second=3600, received_after=-7200, **abroad)
        scene.load()
        run()
        assert _kinds() == []

    def test_a_learner_with_a_new_name_stays_the_same_account(self, scene: Scene) -> None:
        scene.crowd(PROBLEMS)
        scene.copies(PROBLEMS[:7])
        scene.act(ALICE, "settings_changed", "", day=3, second=0, setting="username")
        scene.copies(PROBLEMS[7:])
        scene.load()
        run()
        (found,) = findings()
        assert (found.subjects, found.x) == ((MALLORY, ALICE), 14)

    def test_an_event_that_is_there_twice_counts_once(self, scene: Scene) -> None:
        scene.crowd(PROBLEMS)
        scene.copies(PROBLEMS)
        scene.copies(PROBLEMS)
        scene.load()
        run()
        (found,) = findings()
        assert (found.n, found.x, len(found.items)) == (14, 14, 14)

    def test_a_problem_that_is_graded_anew_does_not_move_the_submission(self, scene: Scene) -> None:
        scene.crowd(PROBLEMS)
        scene.copies(PROBLEMS)
        for problem in PROBLEMS:
            scene.act(ALICE, "edx.grades.problem.submitted", problem, day=20, second=0)
        scene.load()
        run()
        (found,) = findings()
        assert {item.dt_seconds for item in found.items} == {20.0}
