"""The script of the guard, and the cookies that end with the answer to a decision."""

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from privet.consent.members.service import accept_entry
from privet.consent.registry import OPERATORS_FILE
from privet.consent.signals import consent_mode_default, consent_mode_names
from privet.kernel.config import read_config
from tests.consent.members.kit import CLOCK, COURSE, OFFICER, make_members, propose
from tests.consent.test_clearing import ENTRY

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/guard.js?site=hedgerow"


@pytest.fixture
def _registered():
    path = read_config().home / OPERATORS_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    said = {"kind": "cookie", "party": "first", "host": ""}
    entries = (
        {"name": "seen_ad", "category": "targeting"},
        {"name": "seen_page", "category": "performance"},
    )
    path.write_text("version = 7\n" + "".join(ENTRY.format(**said, **one) for one in entries))
    yield
    path.unlink()


def _given(client: Client, more: str = "") -> dict[str, Any]:
    said = re.search(r"\)\((\{.*\})\);\n$", client.get(ADDRESS + more).content.decode())
    assert said is not None
    return dict(json.loads(said[1]))


@pytest.mark.usefixtures("platform", "_registered")
def test_it_holds_what_it_may_clear(client):
    known = _given(client)["known"]
    assert ["targeting", "cookie", "seen_ad"] in known
    assert ["functionality", "local_storage", "privet_prefs*"] in known


@pytest.fixture
def _with_entries(platform):
    make_members()
    for name, courses in (("lab_place", (COURSE,)), ("lab_other", ("course-v1:Hedge+X+2026",))):
        accept_entry(number=propose(name=name, courses=courses), by=OFFICER, clock=CLOCK)


@pytest.mark.usefixtures("_with_entries")
def test_for_a_course_it_holds_what_is_registered_there_and_whose_it_is(client):
    course = _given(client, f"&institution=hedge&course={quote(COURSE)}")["course"]
    assert (course["institution"], course["course"]) == ("hedge", COURSE)
    known = {name: is_members for _, kind, name, is_members in course["known"] if kind == "cookie"}
    assert known["lab_place"] is True
    assert known["privet_consent"] is False
    assert "lab_other" not in known


@pytest.mark.usefixtures("platform")
def test_for_no_course_it_keeps_nothing_out(client):
    assert "course" not in _given(client)


@pytest.mark.usefixtures("platform")
def test_an_institution_that_is_not_registered_gets_no_script(client):
    answer = client.get(ADDRESS + "&institution=thicketry")
    assert answer.status_code == 404
    assert answer.json()["error"]["reason"] == "unknown_institution"


@pytest.mark.usefixtures("platform")
def test_it_holds_the_one_table_of_googles_signals(client):
    mode = _given(client)["mode"]
    assert mode == consent_mode_names()
    names = {name for group in consent_mode_names().values() for name in group}
    assert names == set(consent_mode_default()) - {"security_storage", "wait_for_update"}


@pytest.mark.usefixtures("platform")
def test_it_may_be_kept_and_is_the_same_for_everybody(client):
    answer = client.get(ADDRESS, headers={"cookie": "privet_visitor=x"})
    assert answer["Cache-Control"] == "public, max-age=300"
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert answer.content == Client().get(ADDRESS).content


@pytest.mark.usefixtures("platform")
def test_a_site_that_is_not_registered_has_none(client):
    answer = client.get("/api/v1/guard.js?site=nowhere")
    assert (answer.status_code, answer.json()["error"]["reason"]) == (404, "unknown_site")
    assert client.post(ADDRESS).status_code == 405


def _ended(answer) -> set[tuple[str, str]]:
    return {
        (morsel.key, morsel["domain"])
        for morsel in answer.cookies.values()
        if morsel["max-age"] == 0
    }


@pytest.mark.usefixtures("_registered")
def test_what_is_refused_ends_with_the_answer_even_where_scripts_cannot_read_it(page):
    page.client.cookies["seen_ad"] = page.client.cookies["seen_page"] = "1"
    answer = page.decide("performance")
    assert ("seen_ad", "") in _ended(answer)
    assert not {name for name, _ in _ended(answer)} & {"seen_page", "privet_consent"}


@pytest.mark.usefixtures("_registered")
def test_what_is_allowed_stays(page):
    page.client.cookies["seen_page"] = "1"
    assert not _ended(page.decide("performance"))


def test_the_list_of_cookies_says_where_each_belongs_and_whether_it_is_a_family(page):
    said = [one for group in page.state().json()["categories"] for one in group["cookies"]]
    assert {one["is_pattern"] for one in said if one["name"] == "privet_prefs*"} == {True}
    assert {one["host"] for one in said} == {""}
