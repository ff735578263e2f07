"""The endpoints of suggestions: for the learner of a token, and off by one call."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from privet.accounts.models import PersonKey
from privet.audit.models import Record
from privet.catalogue.uses import Use
from privet.consent.models import Decision
from privet.events.lake import default_lake
from privet.insight.recommend import build
from privet.kernel.clock import SystemClock
from privet.kernel.config import read_config
from tests.events.rows import row, table
from tests.remembered import forget_installation
from tests.web.api.conftest import ORIGIN, Page, Platform

BOTANY, POETRY = "course-v1:Hedge+B1+2026", "course-v1:Hedge+P1+2026"
URL = "/api/v1/recommendations?site=hedgerow"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PRIVET_HOME", str(tmp_path))
    forget_installation()
    yield
    forget_installation()


@pytest.fixture
def platform(home: None, platform: Platform) -> Platform:
    return platform


def fill() -> None:
    """Six others took both courses, and everybody who has a key took Botany."""
    at = datetime.now(UTC).replace(microsecond=0)
    uses = int(Use.INSTRUCTION | Use.PERSONALISATION)
    mine = list(PersonKey.objects.values_list("subject_id", flat=True))
    taken = [(8_000_000_000 + n, course) for n in range(6) for course in (BOTANY, POETRY)]
    name = "edx.course.enrollment.activated"
    rows = [
        row(who, at=at, course=course, name=name, uses=uses)
        for who, course in [*taken, *((who, BOTANY) for who in mine)]
    ]
    default_lake().append(table(*rows))
    build(home=read_config().home, clock=SystemClock(), lake=default_lake())


def call(method: str, token: str, more: str = "", **headers: str) -> Any:
    given = {"authorization": f"Bearer {token}", "origin": ORIGIN} | headers
    return Client().generic(method, URL + more, headers=given)


def enter(platform: Platform) -> None:
    """Alice comes to the centre once, so that she has an account and a pseudonym."""
    Client().post(
        "/privacy/enter",
        {"site": "hedgerow", "token": platform.token()},
        headers={"origin": ORIGIN},
    )


@pytest.fixture
def agreed(platform: Platform, page: Page) -> Platform:
    """Alice said yes to functionality, and took Botany."""
    enter(platform)
    page.decide("functionality", token=platform.token())
    fill()
    return platform


def test_who_allows_it_is_told_what_learners_like_her_went_on_with(agreed: Platform):
    said = call("GET", agreed.token()).json()
    assert said["on"] is True
    assert said["suggestions"] == [{"course": POETRY, "reason": "because", "because": BOTANY}]
    assert said["built"]


def test_who_has_not_decided_is_told_nothing(platform: Platform):
    fill()
    said = call("GET", platform.token()).json()
    assert (said["on"], said["off_because"], said["suggestions"]) == (False, "undecided", [])


def test_one_call_turns_it_off_and_leaves_the_choice(agreed: Platform, page: Page):
    said = call("DELETE", agreed.token()).json()
    assert (said["on"], said["off_because"]) == (False, "objected")
    assert call("GET", agreed.token()).json()["suggestions"] == []
    assert page.state(agreed.token()).json()["choices"]["functionality"] is True
    assert Record.objects.filter(act="consent.objection").count() == 1


def test_twice_is_as_once(agreed: Platform):
    for _ in range(2):
        call("DELETE", agreed.token())
    assert Decision.objects.filter(kind="objection").count() == 1


def test_the_objection_is_taken_back_by_another_call(agreed: Platform):
    call("DELETE", agreed.token())
    assert call("POST", agreed.token()).json()["on"] is True


def test_taking_it_back_grants_nothing(platform: Platform):
    said = call("POST", platform.token()).json()
    assert (said["on"], said["off_because"]) == (False, "undecided")


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
def test_mallory_without_a_token_is_refused(platform: Platform, method: str):
    answer = Client().generic(method, URL, headers={"origin": ORIGIN})
    assert (answer.status_code, answer.json()["error"]["reason"]) == (401, "bad_token")


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
def test_a_foreign_page_is_refused(platform: Platform, method: str):
    answer = call(method, platform.token(), origin="https://evil.example")
    assert answer.status_code == 403


def test_a_site_that_is_not_there_is_said(platform: Platform):
    answer = Client().get("/api/v1/recommendations?site=nowhere")
    assert (answer.status_code, answer.json()["error"]["reason"]) == (404, "unknown_site")


@pytest.mark.parametrize("limit", ["0", "-3", "1", "9999"])
def test_a_limit_is_kept_within_bounds(agreed: Platform, limit: str):
    assert len(call("GET", agreed.token(), f"&limit={limit}").json()["suggestions"]) == 1


def test_a_page_of_the_site_may_delete(platform: Platform):
    answer = Client().options(
        URL, headers={"origin": ORIGIN, "access-control-request-method": "DELETE"}
    )
    assert answer.status_code == 204
    assert "DELETE" in answer.headers["Access-Control-Allow-Methods"]
