"""My data: every event about a learner, in words, for that learner alone."""

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from privet.accounts.service import subjects_of
from privet.audit.models import Record
from privet.catalogue.registry import EVENTS
from privet.catalogue.uses import TERMS, Use
from privet.events.narrowing import kept_uses
from privet.events.personal_data import count_subject
from privet.web.centre.happenings import describe
from privet.web.centre.kinds import HappeningKind, kind_of
from tests.population import Learner, make_alice
from tests.web.conftest import SignIn

ROW: dict[str, object] = {
    "time": datetime(2026, 3, 31, 9, 5, tzinfo=UTC),
    "received": datetime(2026, 3, 31, 9, 6, tzinfo=UTC),
    "name": "problem_check", "uses": int(Use.INSTRUCTION | Use.ANALYTICS), "source": "api:hedgerow",
    "detail": '{"grade": 2, "success": true, "answers": {"a": "x"}, "unlisted": "y"}',
    "page_path": "/courses/p", "course": "S101", "object": "", "referrer_host": "",
    "campaign": "", "country": "ES", "region": None, "network_kind": "vpn", "organisation": "ISP",
    "browser": "Firefox 128", "os": "Linux", "device": "desktop", "sealed": b"x",
}  # fmt: skip


def test_every_event_is_there_and_counted(alice: Client, filled: list[Learner]) -> None:
    total = count_subject([filled[0].subject])
    seen, page = 0, alice.get("/privacy/data").content.decode()
    for number in range(1, -(-total // 30) + 1):
        page = alice.get(f"/privacy/data?page={number}").content.decode()
        seen += page.count('class="happening"')
    assert seen == total
    assert f"{total} events are kept about you." in alice.get("/privacy/data").content.decode()


def test_the_newest_come_first(alice: Client) -> None:
    page = alice.get("/privacy/data").content.decode()
    times = re.findall(r'<time datetime="([^"]+)"', page)
    assert times == sorted(times, reverse=True)


def test_one_kind_can_be_looked_at_alone(alice: Client) -> None:
    page = alice.get("/privacy/data?kind=coursework").content.decode()
    assert "You submitted an answer" in page
    assert "You opened a page" not in page


def test_nobody_sees_what_is_kept_about_another(filled: list[Learner], sign_in: SignIn) -> None:
    make_alice(filled[0])
    mallory = make_alice(filled[2])
    page = sign_in(mallory).get("/privacy/data").content.decode()
    assert f"{count_subject(subjects_of(mallory.pk))} events are kept" in page


def test_who_has_no_events_is_told_what_will_appear(bob: Client) -> None:
    page = bob.get("/privacy/data").content.decode()
    assert "No event is kept about you." in page
    assert "it appears here within seconds" in page


def test_each_look_is_an_act_in_the_audit_chain(alice: Client) -> None:
    alice.get("/privacy/data")
    assert Record.objects.filter(act="events.read_subject", by__startswith="account:").exists()


def test_the_page_is_in_spanish_for_who_asks(alice: Client) -> None:
    page = alice.get("/privacy/data", headers={"Accept-Language": "es"}).content.decode()
    assert "Qué guardamos sobre ti" in page
    assert "Abriste una página" in page


def test_an_event_says_what_where_from_whom_and_on_which_basis() -> None:
    said = describe(ROW, sealed_days=30)
    assert said.what == "You submitted an answer"
    assert said.where == "/courses/p · S101"
    assert said.source == "The server of hedgerow told us"
    assert [serving.basis for serving in said.servings] == [
        "to give you what you signed up for",
        "because you agreed",
    ]


def test_an_event_is_kept_until_its_last_use_ends() -> None:
    said = describe(ROW, sealed_days=30)
    assert [serving.until for serving in said.servings] == [date(2031, 3, 31), date(2027, 4, 30)]
    assert said.until == date(2031, 3, 31)


def test_an_imported_event_is_kept_from_its_import_on() -> None:
    old = {"time": datetime(2014, 1, 1, tzinfo=UTC), "source": "edx:hedgerow"}
    assert describe(ROW | old, sealed_days=30).until == date(2031, 3, 31)


def test_the_fields_are_said_in_the_catalogues_words() -> None:
    facts = dict(describe(ROW, sealed_days=30).facts)
    assert facts["Your points"] == "2"
    assert facts["Whether it was correct"] == "yes"
    assert facts["Your answers"] == '{"a": "x"}'
    assert facts["unlisted"] == "y"
    assert facts["The country (ISO 3166-1)"] == "Spain"
    assert facts["The kind of network"] == "VPN"
    assert facts["The type of device"] == "computer"


def test_what_is_sealed_is_said_with_its_end() -> None:
    facts = dict(describe(ROW, sealed_days=30).facts)
    assert "30 April 2026" in facts["Your address and your browser's full name"]
    assert "Your address and your browser's full name" not in dict(
        describe({**ROW, "sealed": None}, sealed_days=30).facts
    )


def test_a_long_value_is_cut_for_the_page() -> None:
    row = {**ROW, "detail": '{"success": "' + "x" * 400 + '"}'}
    assert dict(describe(row, sealed_days=30).facts)["Whether it was correct"].endswith("x…")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("web:s", "Your browser told us, on s"),
        ("edx:s", "From a log of s that was imported"),
        ("other", "other"),
    ],
)
def test_the_source_is_said(source: str, said: str) -> None:
    assert describe({**ROW, "source": source}, sealed_days=30).source == said


def test_an_event_without_any_place_has_none() -> None:
    row = {**ROW, "detail": None, "page_path": "", "course": ""}
    assert describe(row, sealed_days=30).where == ""


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("problem_check", HappeningKind.COURSEWORK),
        ("edx.course.enrollment.activated", HappeningKind.COURSES),
        ("edx.forum.thread.created", HappeningKind.FORUM),
        ("play_video", HappeningKind.VIDEOS),
        ("page_view", HappeningKind.PAGES),
        ("page_error", HappeningKind.TECHNIQUE),
        ("login", HappeningKind.ACCOUNT),
        ("ad_seen", HappeningKind.OFFERS),
        ("mail_open", HappeningKind.OFFERS),
        ("edx.course_discovery.search.initiated", HappeningKind.OTHER),
        ("nothing_like_it", HappeningKind.OTHER),
    ],
)
def test_events_are_of_a_kind_that_learners_know(name: str, kind: HappeningKind) -> None:
    assert kind_of(name) is kind


def test_every_event_of_the_catalogue_has_a_kind() -> None:
    assert {kind_of(name) for name in EVENTS} == set(HappeningKind)


@pytest.mark.parametrize("day", [date(2026, 1, 31), date(2024, 2, 29), date(2026, 12, 31)])
def test_the_promised_end_is_the_one_that_the_lake_keeps(day: date) -> None:
    for use in Use:
        end = TERMS[use].ends(day)
        before = date.fromordinal(end.toordinal() - 1)
        assert use & Use(kept_uses(day, before))
        assert not use & Use(kept_uses(day, end))
