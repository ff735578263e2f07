"""The pages of content and technique: figures, files, and what is chosen in the address."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlencode

import pytest
from django.test import Client

from privet.accounts.roles import Role
from privet.kernel.config import Config
from privet.web.console.content_words import say_section, short_id
from privet.web.console.technique_errors import say_stack
from tests.insight.kit import COURSE, PROBLEM, VIDEO, check, enrol, event, keep, video
from tests.population import make_staff
from tests.web.conftest import SignIn

MANY = [8_000_000_000 + number * 7_919 for number in range(30)]
YESTERDAY = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(1)


@pytest.fixture
def bob(empty_home: Config, sign_in: SignIn) -> Client:
    """An analyst of all institutions, over thirty learners who did the same."""
    rows = []
    for place, subject in enumerate(MANY):
        later = YESTERDAY + timedelta(seconds=90)
        error = {"message": "TypeError: x", "script": "/app.js", "stack": "f < g"}
        rows += [
            enrol(subject, at=YESTERDAY - timedelta(days=20)),
            event("page_view", subject, at=YESTERDAY),
            video("play_video", 0, subject, at=YESTERDAY),
            video("stop_video", 95 if place % 2 else 40, subject, at=later),
            check(2 if place % 2 else 0, subject, at=YESTERDAY, answer=f"choice_{place % 2}"),
            event("page_timing", subject, at=YESTERDAY, detail={"lcp": 3000, "cls": 0.05}),
            event("page_error", subject, at=YESTERDAY, detail=error),
        ]
    keep(*rows)
    return sign_in(make_staff("bob@example.org", Role.ANALYST))


def _page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def _rows(client: Client, address: str, table: str) -> list[dict[str, object]]:
    joined = f"{address}{'&' if '?' in address else '?'}table={table}&format=json"
    found: list[dict[str, object]] = json.loads(client.get(joined).content)["rows"]
    return found


def test_the_page_says_what_it_counts(bob: Client) -> None:
    page = _page(bob, "/console/content")
    for words in ("Unit 2 · S101", "at least 45 of its 50 parts", "Over the length of “v1”",
                  "Answers to “p1”", "Grades"):  # fmt: skip
        assert words in page


def test_every_table_of_the_page_is_a_file(bob: Client) -> None:
    for name, number in (("sections", 1), ("grades", 10), ("videos", 1), ("problems", 1),
                         ("video", 50), ("answers", 2)):  # fmt: skip
        assert len(_rows(bob, "/console/content", name)) == number
        csv = bob.get(f"/console/content?table={name}&format=csv").content.decode()
        assert len(csv.splitlines()) == number + 1


def test_a_problem_and_a_video_are_those_of_one_course_where_two_call_theirs_alike(
    bob: Client,
) -> None:
    for subject in MANY:
        keep(
            check(0, subject, at=YESTERDAY, answer="elsewhere", course="other"),
            video("play_video", 0, subject, at=YESTERDAY, course="other"),
            video("stop_video", 20, subject, at=YESTERDAY + timedelta(minutes=1), course="other"),
        )
    answers = [
        {row["answer"] for row in _rows(bob, f"/console/content{query}", "answers")}
        for query in ("", "?course=other")
    ]
    assert answers == [{"choice_0", "choice_1"}, {"elsewhere"}]
    again = [row["again"] for row in _rows(bob, "/console/content", "video")]
    assert again == [0] * 50


def test_a_problem_and_a_video_are_chosen_with_their_course(bob: Client) -> None:
    for subject in MANY:
        keep(
            check(0, subject, at=YESTERDAY, answer="elsewhere", course="other"),
            video("play_video", 0, subject, at=YESTERDAY, course="other"),
            video("stop_video", 20, subject, at=YESTERDAY + timedelta(minutes=1), course="other"),
        )
    page = _page(bob, "/console/content")
    links = [unescape(link) for link in re.findall(r'href="([^"]*problem_of=[^"]*)#', page)]
    answers = {
        parse_qs(link.removeprefix("?"))["problem_of"][0]: {
            row["answer"] for row in _rows(bob, f"/console/content{link}", "answers")
        }
        for link in links
    }
    assert answers == {COURSE: {"choice_0", "choice_1"}, "other": {"elsewhere"}}
    watched = [
        sum(bool(row["learners"]) for row in _rows(bob, f"/console/content?{of}", "video"))
        for of in (urlencode({"video": VIDEO, "video_of": course}) for course in (COURSE, "other"))
    ]
    assert watched[0] > watched[1] > 0


def test_the_axes_of_grades_and_of_a_video_say_what_they_count(bob: Client) -> None:
    assert _page(bob, "/console/content").count('"axis": "learners"') == 2


def test_page_and_file_show_the_same_protected_numbers(bob: Client) -> None:
    (row,) = _rows(bob, "/console/content", "videos")
    (again,) = _rows(bob, f"/console/content?course={COURSE.replace('+', '%2B')}", "videos")
    assert row == again
    assert re.search(rf'class="amount">{row["learners"]}<', _page(bob, "/console/content"))


def test_a_video_and_a_problem_can_be_chosen(bob: Client) -> None:
    parts = _rows(bob, f"/console/content?video={VIDEO.replace('+', '%2B')}", "video")
    assert parts[0]["position"] == 0
    assert parts[49]["position"] == 98
    assert parts[30]["learners"] < parts[0]["learners"]  # type: ignore[operator]
    answers = _rows(bob, f"/console/content?problem={PROBLEM.replace('+', '%2B')}", "answers")
    assert {row["answer"] for row in answers} == {"choice_0", "choice_1"}


def test_what_is_not_there_cannot_be_chosen(bob: Client) -> None:
    page = _page(bob, "/console/content?video=other&problem=other")
    assert "Over the length of" not in page
    assert "Answers to" not in page


def test_the_page_before_anything_happened_says_what_will_appear(
    empty_home: Config, sign_in: SignIn
) -> None:
    client = sign_in(make_staff("bob@example.org", Role.ANALYST))
    assert "Here you will see which sections" in _page(client, "/console/content")
    assert "how fast pages are" in _page(client, "/console/technique")
    assert "fall behind" in _page(client, "/console/at-risk")


def test_days_without_content_are_shown_empty(bob: Client) -> None:
    page = _page(bob, "/console/content?from=2020-01-01&to=2020-01-02")
    assert "Nothing to show for this choice" in page
    assert "Web Vitals" in _page(bob, "/console/technique?from=2020-01-01&to=2020-01-02")


def test_speed_is_judged_in_words(bob: Client) -> None:
    page = _page(bob, "/console/technique")
    assert "needs improvement" in page
    assert "3.0\N{NARROW NO-BREAK SPACE}s" in page
    assert "too few learners to say" in page
    assert "web.dev/articles/vitals" in page
    (pages,) = _rows(bob, "/console/technique", "speed-pages")
    assert (pages["lcp_ms"], pages["inp_ms"]) == (3000, None)
    bands = {row["measure"]: row for row in _rows(bob, "/console/technique", "speed")}
    assert set(bands) == {"lcp", "cls"}
    assert bands["lcp"]["good"] == 0


def test_an_error_is_listed_and_opened(bob: Client) -> None:
    (line,) = _rows(bob, "/console/technique", "errors")
    assert (line["message"], line["stack"]) == ("TypeError: x", "f ← g")
    page = _page(bob, f"/console/technique?error={line['signature']}")
    assert 'id="error"' in page
    assert "Functions, the innermost first" in page
    address = f"/console/technique?error={line['signature']}"
    (where,) = _rows(bob, address, "error-pages")
    assert where["name"] == "/courses/s101/units/2"
    assert 'id="error"' not in _page(bob, "/console/technique?error=unknown")


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("", "in no section"), ("units/3", "Unit 3"), ("units/intro", "intro"),
        ("courseware/week1/lesson2", "week1/lesson2"),
        ("block-v1:A+B+C+type@sequential+block@lesson3", "lesson3"),
    ],
)  # fmt: skip
def test_a_section_has_a_name(section: str, words: str) -> None:
    assert say_section(section) == words


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (VIDEO, "v1"), ("course-v1:Hedge+S101+2026", "S101"), ("edX/DemoX/Demo", "DemoX"),
        ("i4x-edX-video-1", "i4x-edX-video-1"), ("", ""),
    ],
)  # fmt: skip
def test_a_key_is_called_by_its_short_end(key: str, words: str) -> None:
    assert short_id(key) == words


def test_a_stack_reads_from_the_innermost_outwards() -> None:
    assert say_stack("f < g\nh") == "f ← g ← h"
    assert say_stack("") == ""
