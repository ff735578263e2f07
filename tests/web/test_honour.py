"""The honor-code page: it says what is so, to everybody, and lets learners object."""

import html

import pytest
from django.test import Client

from privet.catalogue.registry import EVENTS
from privet.catalogue.uses import Use
from privet.integrity.findings import SUPPORTING, DetectorKind
from privet.integrity.reads import events_open_to_integrity, events_read
from privet.kernel.config import Config
from privet.web.detectors import DETECTORS
from tests.population import SITE

PAGE = "/privacy/honor"


def _page(client: Client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


@pytest.fixture
def visitor(empty_home: Config) -> Client:
    return Client()


def test_every_event_that_a_detector_reads_is_told(visitor: Client) -> None:
    page = _page(visitor)
    told = page[: page.index("All events that may be used for it")]
    assert all(EVENTS[name].says in told for name in events_read())


def test_every_event_that_might_be_read_is_told_too(visitor: Client) -> None:
    page = _page(visitor)
    assert all(EVENTS[name].says in page for name in events_open_to_integrity())
    nowhere = {EVENTS[name].says for name in EVENTS} - {
        EVENTS[name].says for name in events_open_to_integrity()
    }
    assert "You opened a page" not in page
    assert nowhere


def test_every_detector_is_told(visitor: Client) -> None:
    page = _page(visitor)
    for kind in DetectorKind:
        assert str(DETECTORS[kind].name) in page
    supporting = page[page.index("These only support") :]
    assert all(str(DETECTORS[kind].looks_at) in supporting for kind in SUPPORTING)


def test_the_periods_are_those_of_the_settings(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "26 weeks" in _page(visitor)
    monkeypatch.setenv("PRIVET_CASE_KEEP_WEEKS", "31")
    page = _page(visitor)
    assert "31 weeks" in page
    assert "3 years" in page


def test_a_visitor_is_told_where_to_object(visitor: Client) -> None:
    page = _page(visitor)
    assert "Sign in through your platform" in page
    assert 'name="aim"' not in page


def test_a_learner_objects_here_and_may_take_it_back(alice: Client) -> None:
    page = _page(alice)
    assert "of yours may be used for it" in page
    for before, to, after in (
        ("Object now", "off", "You have objected."),
        ("Take the objection back", "on", "It stops at once"),
    ):
        assert before in _page(alice)
        answer = alice.post("/privacy/", {"aim": "integrity", "to": to, "site": SITE})
        assert answer.status_code == 303
        assert after in _page(alice)


def test_my_data_shows_which_events_serve_it(alice: Client) -> None:
    page = alice.get("/privacy/data").content.decode()
    assert "Honest grades" in page
    assert Use.INTEGRITY in EVENTS["problem_check"].uses
