"""What a page is narrowed by goes along with its files, and with other days and filters."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.http import QueryDict
from django.test import Client

from privet.web.console.saved_filters import say_filters
from tests.population import HEDGE, Learner

NARROWED = f"institution={HEDGE}&from=2020-01-01&to=2040-01-01"
DASHBOARDS = {
    "activity": "compare=none",
    "paths": "device=desktop&path=/courses/*",
    "ways": "device=desktop&path=/courses&next=/courses/*",
    "content": "",
    "at-risk": "away=9",
    "origin": "device=desktop",
    "places": "country=ES",
    "technique": "",
}
WITHOUT_ROWS = {"ways", "at-risk"}
"""Of these the population has nothing to show, so they have no files."""


def _opened(client: Client, page: str) -> tuple[QueryDict, str]:
    query = f"{NARROWED}&{DASHBOARDS[page]}".rstrip("&")
    return QueryDict(query), client.get(f"/console/{page}?{query}").content.decode()


def _links(page: str) -> Iterator[QueryDict]:
    for link in re.findall(r'href="\?([^"#]*)', page):
        yield QueryDict(unescape(link))


@pytest.mark.parametrize("name", DASHBOARDS)
def test_each_file_is_narrowed_as_its_page_is(
    name: str, bob: Client, filled: list[Learner]
) -> None:
    asked, page = _opened(bob, name)
    files = [link for link in _links(page) if "format" in link]
    assert files or name in WITHOUT_ROWS
    for file in files:
        assert {key: file.get(key) for key in asked} == asked.dict(), file["table"]


@pytest.mark.parametrize("name", DASHBOARDS)
def test_other_days_leave_the_other_filters(name: str, bob: Client, filled: list[Learner]) -> None:
    asked, page = _opened(bob, name)
    (form,) = re.findall(r'<form method="get">(?:(?!</form>).)*name="from".*?</form>', page, re.S)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
    assert hidden == {key: value for key, value in asked.items() if key not in ("from", "to")}


def test_a_page_that_was_chosen_stays_chosen_when_a_filter_changes(
    bob: Client, filled: list[Learner]
) -> None:
    asked, page = _opened(bob, "ways")
    links = [link for link in _links(page) if link.get("days") == "7"]
    assert links
    for link in links:
        assert (link["path"], link["next"]) == (asked["path"], asked["next"])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Days: last 28 days"),
        ("days=all", "Days: all time"),
        (
            f"institution={HEDGE}&device=mobile&from=2026-10-05&to=2026-11-08",
            "Institution: Hedge University · 5 October \u2013 8 November 2026 · Device: phone",
        ),
        (
            "course=S101&grain=week",
            "Course: S101 · Days: last 28 days · By: week",
        ),
        ("event=page_view&compare=none", "Event: page_view · Compare with: nothing"),
        ("path=/courses/*&next=/courses/*/units/1", "Page: /courses/… · To: …/units/1"),
        ("problem=a@b@median&away=9", "Problem: median · Days away: 9"),
        ("regime=gdpr&language=es&version=3", "Language: Español · Notice: version 3"),
        ("days=x&regime=moon", "Days: last 28 days · Regime: moon"),
    ],
)
def test_a_saved_view_says_what_it_is_narrowed_by(
    query: str, words: str, filled: list[Learner]
) -> None:
    said = say_filters(query)
    assert all(part in said for part in words.split(" · ")), said


def test_a_saved_view_shows_its_filters_on_the_page_of_reports(
    bob: Client, filled: list[Learner]
) -> None:
    saved = {"name": "Phones", "page": "paths", "query": f"institution={HEDGE}&device=mobile"}
    bob.post("/console/reports/save", saved)
    page = bob.get("/console/reports").content.decode()
    assert "Institution: Hedge University · Days: last 28 days · Device: phone" in page
