"""Content: sections, videos, problems, answers and grades, put to a real lake."""

from datetime import timedelta

import pytest

from privet.insight.content import show_answers, show_content, show_segments
from privet.insight.content_rules import FEWEST_TO_QUOTE
from privet.insight.reports import report
from privet.kernel.config import Config
from tests.events.rows import ALICE, BOB, CAROL, NOON
from tests.insight.kit import (
    COURSE,
    PROBLEM,
    QUESTION,
    VIDEO,
    check,
    days_ago,
    event,
    exact,
    keep,
    video,
)

pytestmark = pytest.mark.usefixtures("empty_home")
MANY = [8_000_000_000 + number * 7_919 for number in range(40)]


def _watched(subject: int, until: float) -> list[dict[str, object]]:
    later = NOON + timedelta(seconds=until)
    return [video("play_video", 0, subject), video("stop_video", until, subject, at=later)]


def test_nothing_is_there_before_anything_happened(empty_home: Config) -> None:
    found = show_content(QUESTION)
    assert found.totals.learners == 0
    assert (found.sections, found.videos, found.problems) == ((), (), ())
    assert [line.learners for line in found.grades] == [0] * 10


def test_a_learner_counts_once_in_each_section_whatever_they_did() -> None:
    keep(
        event("page_view"), event("page_view", at=days_ago(1)), *_watched(ALICE, 10), check(1),
        event("page_view", BOB), event("page_view", BOB, page_path="/courses/s101/units/3"),
        event("page_view", CAROL, page_path="/courses/s101"),
    )  # fmt: skip
    rows = {row["section"]: row for row in exact("content_sections")}
    assert set(rows) == {"units/2", "units/3"}
    assert rows["units/2"]["learners"] == 2
    assert rows["units/2"]["readers"] == 2
    assert rows["units/2"]["viewers"] == rows["units/2"]["triers"] == 1
    (totals,) = exact("content_totals")
    assert (totals["learners"], totals["readers"], totals["viewers"], totals["triers"]) == (
        2, 2, 1, 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/courses/course-v1:A+B+C/courseware/chapter1/seq2/", "courseware/chapter1/seq2"),
        ("/courses/edX/DemoX/Demo/courseware/ch/sq/1", "courseware/ch/sq"),
        (
            "/learning/course/course-v1:A+B+C/block-v1:A+B+C+type@sequential+block@s/block-v1:x",
            "block-v1:A+B+C+type@sequential+block@s",
        ),
        ("/courses/s101/units/4/notes", "units/4"),
    ],
)
def test_a_section_is_read_from_a_platforms_own_addresses(path: str, section: str) -> None:
    keep(event("page_view", page_path=path))
    assert [row["section"] for row in exact("content_sections")] == [section]


def test_the_time_in_a_section_is_the_median_of_what_learners_saw() -> None:
    keep(*(event("page_view", subject) for subject in MANY))
    keep(
        *(
            event("page_leave", subject, detail={"visible_seconds": 60 + place % 3})
            for place, subject in enumerate(MANY)
        )
    )
    (line,) = show_content(QUESTION).sections
    assert line.seconds == 61


def test_the_time_of_one_who_was_seen_there_among_many_is_no_median() -> None:
    keep(*(check(2, subject) for subject in MANY))
    keep(event("page_view"), event("page_leave", detail={"visible_seconds": 61}))
    (line,) = show_content(QUESTION).sections
    assert line.learners > 30
    assert line.seconds is None


def test_the_length_that_one_player_said_among_many_is_no_median() -> None:
    silent = (video("play_video", 0, subject, length=None) for subject in MANY)
    keep(*silent, video("play_video", 0, length=61))
    (line,) = show_content(QUESTION).videos
    assert (line.duration, line.seen) == (None, 0)


def test_full_and_partial_views_add_up_over_days() -> None:
    keep(
        *_watched(ALICE, 89), *_watched(BOB, 90),
        # Carol sees the two halves on two days.
        video("play_video", 0, CAROL, at=days_ago(1)),
        video("pause_video", 50, CAROL, at=days_ago(1) + timedelta(seconds=50)),
        video("play_video", 50, CAROL),
        video("stop_video", 100, CAROL, at=NOON + timedelta(seconds=50)),
    )  # fmt: skip
    (row,) = exact("content_videos")
    assert (row["learners"], row["full_viewers"], row["partial_viewers"]) == (3, 2, 1)
    assert row["plays"] == 4
    assert (row["duration_values"], row["duration_numbers"]) == ([100], [3])


@pytest.mark.parametrize("seen", [0, 1, 2, 17, 44, 45, 49, 50])
def test_the_parts_seen_are_counted_bit_by_bit(seen: int) -> None:
    keep(*_watched(ALICE, seen * 2))
    (row,) = exact("content_videos")
    assert row["seen_values"] == [pytest.approx(seen / 50)]
    assert row["full_viewers"] == (seen >= 45)
    assert row["partial_viewers"] == (1 <= seen < 45)


def test_a_video_over_its_length_says_who_saw_each_part_and_who_again() -> None:
    keep(
        *_watched(ALICE, 100), *_watched(BOB, 20),
        video("play_video", 0, BOB, at=days_ago(1)),
        video("pause_video", 4, BOB, at=days_ago(1) + timedelta(seconds=4)),
    )  # fmt: skip
    rows = {row["segment"]: row for row in exact("content_video_segments", video=VIDEO)}
    assert [rows[part]["learners"] for part in (0, 1, 2, 9, 10, 49)] == [2, 2, 2, 2, 1, 1]
    assert [rows[part]["again"] for part in (0, 1, 2)] == [1, 1, 0]


def test_the_page_has_all_fifty_parts_in_order() -> None:
    keep(*(row for subject in MANY for row in _watched(subject, 50)))
    parts = show_segments(QUESTION, video=VIDEO)
    assert [part.segment for part in parts] == list(range(50))
    assert abs(parts[0].learners - len(MANY)) <= 5
    assert parts[49].learners == 0
    assert parts[25].begins == 0.5


def test_right_at_first_and_right_in_the_end_are_told_apart() -> None:
    keep(
        check(2), check(0, at=NOON + timedelta(hours=1)),
        check(0, BOB, at=days_ago(3)), check(1, BOB), check(2, BOB, at=NOON + timedelta(hours=1)),
        event("showanswer", BOB, object=PROBLEM, detail={"problem_id": PROBLEM}),
        event("showanswer", CAROL, object=PROBLEM, detail={"problem_id": PROBLEM}),
    )  # fmt: skip
    (row,) = exact("content_problems")
    said = ("learners", "triers", "right_first", "right_ever", "looked", "tries", "tries_top")
    assert [row[name] for name in said] == [3, 2, 1, 2, 2, 5, 3]


def test_a_days_tries_hold_the_first_and_the_last() -> None:
    keep(
        check(0, answer="first"), check(1, answer="middle", at=NOON + timedelta(minutes=1)),
        check(2, answer="last", at=NOON + timedelta(minutes=2)),
    )  # fmt: skip
    (row,) = exact("all_problem_tries")
    assert (row["first_right"], row["last_right"], row["ever_right"]) == (0, 1, 1)
    assert row["first_answer"] == '{"p1_2_1":"first"}'
    assert row["last_answer"] == '{"p1_2_1":"last"}'
    assert (row["grade"], row["max_grade"], row["section"]) == (2, 2, "units/2")


@pytest.mark.parametrize("places", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_tries_of_one_moment_have_the_order_of_their_ids(places: tuple[int, ...]) -> None:
    tries = [check(0, answer="first"), check(1, answer="middle"), check(2, answer="last")]
    keep(*(tries[place] for place in places))
    (row,) = exact("all_problem_tries")
    assert (row["first_right"], row["last_right"], row["grade"]) == (0, 1, 2)
    assert row["first_answer"] == '{"p1_2_1":"first"}'
    assert row["last_answer"] == '{"p1_2_1":"last"}'


def test_without_a_word_on_success_the_points_say_it() -> None:
    keep(
        event("problem_check", detail={"problem_id": PROBLEM, "grade": 3, "max_grade": 3}),
        event("problem_check", BOB, detail={"problem_id": PROBLEM, "grade": 1, "max_grade": 3}),
        event("problem_check", CAROL, detail={"problem_id": PROBLEM}),
    )
    assert [row["ever_right"] for row in exact("all_problem_tries")] == [1, 0, 0]


def test_answers_that_few_gave_are_never_quoted() -> None:
    words = ["my name is Alice", *["common"] * (len(MANY) - 1)]
    keep(*(check(0, subject, answer=said) for subject, said in zip(MANY, words, strict=True)))
    later = NOON + timedelta(hours=1)
    keep(*(check(2, subject, answer="right", at=later) for subject in MANY))
    found = show_answers(QUESTION, problem=PROBLEM)
    assert [(line.answer, line.is_right) for line in found.first] == [("common", False)]
    assert [(line.answer, line.is_right) for line in found.last] == [("right", True)]
    assert abs(found.last[0].learners - len(MANY)) <= 5


def test_answers_that_few_gave_leave_on_no_other_path_either() -> None:
    """Through the API and ``privet query`` a rare answer is not quoted either."""
    for number, subject in enumerate(MANY):
        keep(check(0, subject, answer=f"I am {number // 4}" if number < 20 else "common"))
    said = report("content_answers", QUESTION, given={"problem": PROBLEM})
    assert {row["answer"] for row in said.rows} == {'{"p1_2_1":"common"}'}
    assert all(row["learners"] >= FEWEST_TO_QUOTE for row in said.rows)


def test_a_grade_is_the_share_of_points_of_what_was_tried_last() -> None:
    other = "block-v1:Hedge+S101+2026+type@problem+block@p2"
    keep(
        check(2), check(0, object=other),
        check(0, BOB), check(2, BOB, at=NOON + timedelta(hours=1)),
        event("problem_check", CAROL, detail={"problem_id": PROBLEM, "grade": 0, "max_grade": 0}),
    )  # fmt: skip
    rows = exact("content_grades")
    assert [(row["step"], row["learners"]) for row in rows] == [(5, 1), (9, 1)]


def test_lines_say_where_they_are_and_their_shares() -> None:
    keep(*(row for subject in MANY for row in _watched(subject, 100)))
    keep(*(check(2, subject) for subject in MANY), *(event("page_view", one) for one in MANY))
    found = show_content(QUESTION)
    (section,), (film,), (problem,) = found.sections, found.videos, found.problems
    assert (section.course, film.video, problem.problem) == (COURSE, VIDEO, PROBLEM)
    assert film.seen == 1
    assert film.duration == 100
    assert film.full_share == pytest.approx(1, abs=0.15)
    assert problem.first_share == pytest.approx(1, abs=0.15)
    assert problem.ever_share == pytest.approx(1, abs=0.15)
    assert problem.looked_share == 0
    assert sum(line.learners for line in found.grades) == found.grades[9].learners


def test_other_days_are_not_in_it() -> None:
    keep(check(2, at=days_ago(60)), event("page_view", at=days_ago(60)))
    assert exact("content_totals")[0]["learners"] == 0


def test_a_video_is_named_by_the_pages_of_those_who_are_counted() -> None:
    keep(*(row for subject in MANY for row in _watched(subject, 50)))
    moves = video("seek_video", 3, CAROL, to=9, page_path="/courses/s101/units/9")
    keep(moves)
    (line,) = show_content(QUESTION).videos
    assert line.section == "units/2"
