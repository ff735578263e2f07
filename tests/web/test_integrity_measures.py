"""Pages of fairness, prevention and thresholds: figures, files, previews, saving, and reach."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from privet.accounts.registry import create_institution
from privet.accounts.roles import Role
from privet.audit.models import Record
from privet.events.lake import default_lake
from privet.integrity.calibration import measure_courses
from privet.integrity.course_thresholds import find_chosen
from privet.integrity.fairness import mark_disparities
from privet.integrity.models import CourseThresholds
from privet.kernel.clock import FixedClock
from privet.kernel.config import Config
from privet.web.fresh import CONFIRMED
from tests.integrity.scene import COURSE, NOW, PROBLEMS, Scene, run
from tests.population import PASSWORD, make_staff
from tests.web.conftest import SignIn

FAIRNESS = "/console/integrity/fairness"
PREVENTION = "/console/integrity/prevention"
THRESHOLDS = "/console/integrity/thresholds"
OF_COURSE = {"course": COURSE}


@pytest.fixture
def filled(empty_home: Config) -> None:
    """A pair who copied at home, among forty others, and a course that was measured."""
    scene = Scene()
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS, lag=80)
    scene.load()
    run()
    measure_courses(lake=default_lake(), by="test", now=NOW)


@pytest.fixture
def officer(sign_in: SignIn) -> Client:
    return sign_in(make_staff("erin@example.org", Role.INTEGRITY_OFFICER))


@pytest.fixture
def stranger(empty_home: Config, sign_in: SignIn) -> Client:
    """Carol is an officer of another institution."""
    create_institution(slug="bramble", name="Bramble College", by="test")
    return sign_in(make_staff("carol@example.org", Role.INTEGRITY_OFFICER, "bramble"))


def _page(client: Client, address: str, said: dict[str, str] | None = None) -> str:
    answer = client.get(address, said or {})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("address", [FAIRNESS, PREVENTION, THRESHOLDS])
def test_an_empty_page_says_what_will_appear(
    address: str, empty_home: Config, officer: Client
) -> None:
    page = _page(officer, address)
    assert "<code>privet i" in page
    assert "<table" not in page


def test_fairness_is_the_same_on_the_page_and_in_the_file(filled: None, officer: Client) -> None:
    found = officer.get(FAIRNESS, {"table": "country", "format": "json"}).json()
    (row,) = found["rows"]
    assert (row["group"], row["accounts"], row["flagged"]) == ("GB", 42, 2)
    assert row["low"] < row["share"] < row["high"]
    page = _page(officer, FAIRNESS)
    assert "United Kingdom" in page
    assert "Devices are not compared" not in page


def test_fairness_can_be_looked_at_for_one_detector(filled: None, officer: Client) -> None:
    said = {"table": "country", "format": "json"}
    delayed = officer.get(FAIRNESS, said | {"detector": "delayed"}).json()["rows"]
    assert [row["flagged"] for row in delayed] == [0]
    odd = officer.get(FAIRNESS, said | {"detector": "nonsense"}).json()["rows"]
    assert [row["flagged"] for row in odd] == [2]


def test_a_file_of_fairness_has_each_detector_with_its_ratio(filled: None, officer: Client) -> None:
    text = officer.get(FAIRNESS, {"table": "detectors", "format": "csv"}).content.decode()
    assert text.splitlines()[0] == (
        "detector,by,group,accounts,flagged,share,low,high,ratio,ratio_low,ratio_high,exceeds"
    )


def test_what_is_marked_stands_above_all(empty_home: Config, officer: Client) -> None:
    scene = Scene()
    scene.crowd(PROBLEMS)
    for pair in range(8):
        home = {"address": 300 + pair, "country": "BR"}
        for number, problem in enumerate(PROBLEMS):
            second = 90_000.0 + 300 * pair + 200 * number
            scene.shows(2000 + pair, problem, day=number % 7, second=second, **home)
            scene.submits(3000 + pair, problem, day=number % 7, second=second + 20, **home)
    scene.load()
    run()
    assert "No detector was marked" in _page(officer, FAIRNESS)
    mark_disparities(lake=default_lake(), allowed=2.0, by="test", clock=FixedClock(NOW))
    page = _page(officer, FAIRNESS)
    assert "Some groups are flagged more often than is allowed." in page
    assert "Country: Brazil" in page


def test_an_officer_elsewhere_sees_nothing_of_it(filled: None, stranger: Client) -> None:
    assert "<table" not in _page(stranger, FAIRNESS)
    assert COURSE not in _page(stranger, PREVENTION)
    assert COURSE not in _page(stranger, THRESHOLDS)
    assert stranger.get(PREVENTION, OF_COURSE).status_code == 404
    assert stranger.get(THRESHOLDS, OF_COURSE).status_code == 404
    assert _save(stranger).status_code == 404
    assert find_chosen(COURSE) is None


def test_prevention_leads_from_the_courses_to_their_items(filled: None, officer: Client) -> None:
    assert "?course=course-v1%3AHedge%2BH101%2B2026" in _page(officer, PREVENTION)
    page = _page(officer, PREVENTION, OF_COURSE)
    assert "this alone would have closed 14 of the copied answers" in page
    rows = officer.get(
        PREVENTION, OF_COURSE | {"table": "items", "format": "json"}
    ).json()["rows"]  # fmt: skip
    assert len(rows) == 14
    assert {row["recommendation"] for row in rows} == {"hide"}
    assert sum(row["closes"] for row in rows) == 14


def test_prevention_of_a_course_that_is_not_there_is_not_found(
    filled: None, officer: Client
) -> None:
    assert officer.get(PREVENTION, {"course": "nonsense"}).status_code == 404


def test_a_course_without_copying_says_so(empty_home: Config, officer: Client) -> None:
    scene = Scene()
    scene.crowd(PROBLEMS)
    scene.load()
    assert "No finding explains a correct answer" in _page(officer, PREVENTION, OF_COURSE)


def test_a_preview_changes_nothing(filled: None, officer: Client) -> None:
    said = OF_COURSE | {"quick_p90_seconds": "60", "draw": "quick_p90_seconds"}
    page = _page(officer, THRESHOLDS, said)
    assert "Would no longer be flagged" in page
    assert 'name="why"' in page
    assert find_chosen(COURSE) is None


def test_nothing_can_be_saved_before_something_is_moved(filled: None, officer: Client) -> None:
    assert 'name="why"' not in _page(officer, THRESHOLDS, OF_COURSE)


def test_the_curve_of_a_threshold_is_a_file_too(filled: None, officer: Client) -> None:
    said = OF_COURSE | {"draw": "quick_p90_seconds", "table": "curve", "format": "json"}
    rows = officer.get(THRESHOLDS, said).json()["rows"]
    assert [(row["value"], row["flagged"], row["chance"]) for row in rows][:3] == [
        (60, 0, 0), (120, 1, 0), (180, 1, 0),
    ]  # fmt: skip


def _save(client: Client, **said: str):  # type: ignore[no-untyped-def]
    given = OF_COURSE | {"quick_p90_seconds": "60", "why": "The course works in lockstep."} | said
    return client.post(f"{THRESHOLDS}/save", given)


def test_what_is_saved_holds_for_the_course_and_is_on_record(filled: None, officer: Client) -> None:
    answer = _save(officer)
    assert answer.status_code == 303
    chosen = find_chosen(COURSE)
    assert chosen is not None
    assert chosen.values == {"quick_p90_seconds": 60.0}
    assert Record.objects.filter(act="integrity.thresholds").count() == 1
    page = officer.get(answer["Location"]).content.decode()
    assert "Saved." in page
    assert "The course works in lockstep." in page


def test_an_old_page_does_not_undo_what_somebody_saved_meanwhile(
    filled: None, officer: Client
) -> None:
    page = officer.get(THRESHOLDS, {"course": COURSE, "fewest_slow": "4"}).content.decode()
    (seen,) = re.findall(r'name="seen" value="([^"]*)"', page)
    assert _save(officer, seen=seen).status_code == 303
    answer = _save(officer, seen=seen, quick_p90_seconds="300", fewest_slow="4")
    assert answer.status_code == 400
    assert "Somebody saved other values" in answer.content.decode()
    assert CourseThresholds.objects.get().values == {"quick_p90_seconds": 60.0}
    (seen,) = re.findall(r'name="seen" value="([^"]*)"', answer.content.decode())
    assert _save(officer, seen=seen, quick_p90_seconds="300", fewest_slow="4").status_code == 303
    assert CourseThresholds.objects.get().values == {"fewest_slow": 4}


@pytest.mark.usefixtures("filled")
def test_who_signed_in_long_ago_saves_nothing_without_the_password(officer: Client) -> None:
    session = officer.session
    del session[CONFIRMED]
    session.save()
    cache.clear()
    answer = _save(officer)
    assert answer.status_code == 400
    assert "This is not your password." in answer.content.decode()
    assert 'name="password"' in answer.content.decode()
    assert find_chosen(COURSE) is None
    assert _save(officer, password=PASSWORD).status_code == 303
    assert find_chosen(COURSE) is not None


@pytest.mark.parametrize(
    "said", [{"why": " "}, {"quick_p90_seconds": "5000"}, {"fewest_slow": "3.5"}, {"most_q": "?"}]
)
def test_what_cannot_be_saved_is_said_and_kept_in_the_form(
    said: dict[str, str], filled: None, officer: Client
) -> None:
    answer = _save(officer, **said)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert find_chosen(COURSE) is None


def test_a_comma_is_a_point_too(filled: None, officer: Client) -> None:
    assert 'value="0.95"' in _page(officer, THRESHOLDS, OF_COURSE | {"least_direction": "0,95"})
