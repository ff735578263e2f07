"""The notice as a script: for one browser alone, and only for one that has to be asked."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from privet.consent.models import Decision, Served
from privet.web.api.client import BURST
from tests.web.api.conftest import Page, Platform

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/notice.js?site=hedgerow&lang=en"
PLAIN = "?site=hedgerow&lang=en&institution=&course="


def brought(client: Client, more: str = "", **headers: str) -> dict[str, Any]:
    """What the script would leave in a page, by the question that it answers."""
    answer = client.get(ADDRESS + more, headers=headers)
    assert answer.status_code == 200
    text = answer.content.decode()
    if not text:
        return {}
    assert text.startswith("window.privetNotice={")
    assert text.endswith("};\n")
    return dict(json.loads(text.removeprefix("window.privetNotice=").removesuffix(";\n")))


def without_word(state: dict[str, Any]) -> dict[str, Any]:
    """Without the word of what was served, which is another one each time."""
    return state | {"notice": {**state["notice"], "served": ""}}


def test_it_says_to_a_new_visitor_what_the_api_says(page: Page) -> None:
    state = brought(page.client)[PLAIN]
    assert without_word(state) == without_word(page.state().json())
    assert state["notice"]["texts"]["reject_all"] == "Reject all"


def test_a_decision_on_it_names_what_was_served(page: Page) -> None:
    notice = brought(page.client)[PLAIN]["notice"]
    shown = {name: notice[name] for name in ("version", "hash", "served")}
    answer = page.decide("performance", notice=shown)
    assert answer.json()["notice_served"] == str(Served.objects.get().record_id)


@pytest.mark.parametrize("said", [(), ("performance",)])
def test_it_says_nothing_to_who_has_decided(page: Page, said: tuple[str, ...]) -> None:
    page.decide(*said)
    assert brought(page.client) == {}


@pytest.mark.usefixtures("still_buckets")
def test_who_asks_too_often_is_told_so_unless_there_is_nothing_to_say(page: Page) -> None:
    page.decide("performance")
    for _ in range(BURST):
        assert brought(page.client) == {}
    stranger = Client()
    answers = [stranger.get(ADDRESS).status_code for _ in range(BURST + 1)]
    assert (answers[0], answers[-1]) == (200, 429)


def test_what_a_learner_left_behind_decides_for_nobody(page: Page, platform: Platform) -> None:
    page.decide("performance", token=platform.token())
    assert brought(page.client)[PLAIN]["decided"] is False


def test_a_forged_cookie_is_no_decision(page: Page) -> None:
    page.client.cookies["privet_consent"] = "e30.forged"
    assert brought(page.client)[PLAIN]["decided"] is False


def test_it_tells_the_signal_and_the_language_of_this_request_alone(page: Page) -> None:
    state = brought(page.client, **{"sec-gpc": "1"})[PLAIN]
    assert (state["gpc"], state["signal"]["honoured"]) == (True, True)
    assert brought(page.client)[PLAIN]["gpc"] is False
    answer = page.client.get("/api/v1/notice.js?site=hedgerow&lang=es")
    assert "Rechazar todo" in answer.content.decode()


def test_nothing_on_the_way_may_keep_it_and_no_other_site_may_load_it(page: Page) -> None:
    answer = page.client.get(ADDRESS)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Cross-Origin-Resource-Policy"] == "same-site"
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert not answer.has_header("ETag")


def test_loading_it_sets_no_cookie_and_records_nothing(page: Page) -> None:
    answer = page.client.get(ADDRESS)
    assert not answer.cookies
    assert not Decision.objects.exists()
    assert not Served.objects.exists()


def test_it_is_compressed_for_who_takes_that(page: Page) -> None:
    whole = len(page.client.get(ADDRESS).content)
    answer = page.client.get(ADDRESS, headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < whole / 2


def test_it_names_the_question_as_the_page_would_put_it(page: Page) -> None:
    course = "course-v1:Hedge+S 101*~é"
    [asked] = brought(page.client, f"&course={quote(course)}&institution=no/one")
    assert asked == (
        "?site=hedgerow&lang=en&institution=no%2Fone&course=course-v1%3AHedge%2BS+101*%7E%C3%A9"
    )


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?site=nowhere", 404),
        (f"?site={'x' * 81}", 400),
        ("?site=a&lang=" + "x" * 36, 400),
    ],
)
@pytest.mark.usefixtures("platform")
def test_a_bad_question_is_refused(client: Client, query: str, status: int) -> None:
    answer = client.get(f"/api/v1/notice.js{query}")
    assert answer.status_code == status
    assert answer.json()["error"]["remedy"]
