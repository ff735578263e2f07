"""Notices at sign-up and enrolment, as a platform gets them and says that they were shown."""

from typing import Any

import pytest
from django.test import Client

from privet.accounts.registry import create_institution
from privet.consent.ledger import find_faults
from privet.consent.members.service import accept_entry
from privet.consent.models import Served
from tests.consent.members.kit import CLOCK, COURSE, OFFICER, make_members, propose
from tests.web.api.conftest import ORIGIN

pytestmark = pytest.mark.django_db
SIGN_UP, ENROLMENT, SERVED = (
    f"/api/v1/notices/{name}" for name in ("sign-up", "enrolment", "served")
)


@pytest.fixture(autouse=True)
def _members(platform: Any) -> None:
    make_members()
    accept_entry(number=propose(), by=OFFICER, clock=CLOCK)


def _get(address: str, **query: str) -> Any:
    asked = {"site": "hedgerow", "lang": "en"} | query
    return Client().get(address, asked, headers={"origin": ORIGIN})


def _send(given: dict[str, Any], origin: str = ORIGIN) -> Any:
    body = {"site": "hedgerow"} | given
    return Client().post(SERVED, body, "application/json", headers={"origin": origin})


def _enrolment() -> dict[str, Any]:
    found: dict[str, Any] = _get(ENROLMENT, institution="hedge", course=COURSE).json()
    return found


def test_a_sign_up_notice_comes_with_words_hash_and_number() -> None:
    said = _get(SIGN_UP).json()
    assert (said["place"], said["version"], said["language"]) == ("sign_up", 1, "en")
    assert said["text"]["title"] == "What your account collects"
    assert len(said["hash"]) == 64
    assert said["choices"].endswith("/privacy/choices?site=hedgerow")


def test_an_enrolment_notice_names_the_member_and_its_cookies() -> None:
    said = _enrolment()
    lines = [line for section in said["text"]["sections"] for line in section["lines"]]
    assert "Hedge University" in said["text"]["title"]
    assert any(line.startswith("lab_layout") for line in lines)


def test_looking_leaves_no_record_and_is_not_kept_by_caches() -> None:
    assert _get(ENROLMENT, institution="hedge")["Cache-Control"] == "no-store"
    assert not Served.objects.exists()


def test_who_enrols_is_recorded_with_course_and_member(platform: Any) -> None:
    said = _enrolment()
    answer = _send({"served": said["served"], "token": platform.token()})
    assert (answer.status_code, answer.json()["record"]) == (201, said["served_id"])
    record = Served.objects.get()
    assert (record.place, record.institution, record.course) == ("enrolment", "hedge", COURSE)
    assert (record.notice_version, record.notice_digest) == (said["version"], said["hash"])
    assert record.person_key is not None
    assert record.registry
    assert list(find_faults()) == []


def test_who_signs_up_is_recorded_too(platform: Any) -> None:
    said = _get(SIGN_UP).json()
    assert _send({"served": said["served"], "token": platform.token("new")}).status_code == 201
    assert Served.objects.get().place == "sign_up"


def test_the_same_word_twice_adds_nothing(platform: Any) -> None:
    given = {"served": _enrolment()["served"], "token": platform.token()}
    assert [_send(given).status_code for _ in range(2)] == [201, 200]
    assert Served.objects.count() == 1


def test_one_word_for_a_whole_class_is_told_and_not_taken_for_recorded(platform: Any) -> None:
    word = _enrolment()["served"]
    assert _send({"served": word, "token": platform.token()}).status_code == 201
    answer = _send({"served": word, "token": platform.token("bob")})
    assert (answer.status_code, answer.json()["error"]["reason"]) == (409, "served_to_another")
    assert "for each learner" in answer.json()["error"]["remedy"]


@pytest.mark.parametrize("word", ["x", "e30.AAAA", "." * 2048])
def test_a_forged_word_is_refused(platform: Any, word: str) -> None:
    answer = _send({"served": word, "token": platform.token()})
    assert (answer.status_code, answer.json()["error"]["reason"]) == (400, "unknown_notice")
    assert not Served.objects.exists()


def test_the_word_of_a_banner_is_no_notice_of_an_occasion(platform: Any) -> None:
    banner = Client().get("/api/v1/consent?site=hedgerow", headers={"origin": ORIGIN}).json()
    answer = _send({"served": banner["notice"]["served"], "token": platform.token()})
    assert answer.json()["error"]["reason"] == "unknown_notice"


def test_nobody_is_recorded_without_a_token_of_theirs() -> None:
    answer = _send({"served": _enrolment()["served"], "token": "mallory"})
    assert (answer.status_code, answer.json()["error"]["reason"]) == (401, "bad_token")
    assert not Served.objects.exists()


def test_a_page_of_another_origin_speaks_for_nobody(platform: Any) -> None:
    given = {"served": _enrolment()["served"], "token": platform.token()}
    assert _send(given, origin="https://mallory.example").status_code == 403


@pytest.mark.parametrize(
    ("query", "status", "reason"),
    [
        ({"site": "nowhere"}, 404, "unknown_site"),
        ({"institution": "nowhere"}, 404, "unknown_institution"),
        ({}, 404, "unknown_institution"),
        ({"institution": "../x"}, 400, "bad_request"),
        ({"course": "x" * 161}, 400, "bad_request"),
        ({"lang": "x" * 36}, 400, "bad_request"),
    ],
)
def test_what_makes_no_sense_is_refused(query: dict[str, str], status: int, reason: str) -> None:
    answer = _get(ENROLMENT, **query)
    assert (answer.status_code, answer.json()["error"]["reason"]) == (status, reason)


@pytest.mark.parametrize(
    "given", [{}, {"served": ""}, {"served": "x", "token": "x", "more": 1}, {"served": 1}]
)
def test_a_body_that_is_not_as_it_must_be_is_refused(given: dict[str, Any]) -> None:
    assert _send(given).status_code == 400


def test_another_language_can_be_asked_for() -> None:
    assert _get(SIGN_UP, lang="es").json()["language"] == "es"


# --- The same as pages ---


def test_the_pages_say_the_same_without_scripts() -> None:
    page = Client().get("/privacy/notices/sign-up").content.decode()
    assert "What your account collects" in page
    assert "You signed in" in page
    page = (
        Client()
        .get("/privacy/notices/enrolment", {"institution": "hedge", "course": COURSE})
        .content.decode()
    )
    assert "lab_layout" in page
    assert _enrolment()["hash"] in page


def test_a_page_of_an_unknown_member_is_not_found() -> None:
    create_institution(slug="known", name="Known", by="test")
    pages = [
        Client().get("/privacy/notices/enrolment", {"institution": slug}).status_code
        for slug in ("known", "nowhere", "")
    ]
    assert pages == [200, 404, 404]


def test_the_closed_sign_up_leads_to_what_an_account_collects() -> None:
    page = Client().get("/accounts/signup/").content.decode()
    assert 'href="/privacy/notices/sign-up"' in page
    assert 'href="/privacy/choices"' in page
