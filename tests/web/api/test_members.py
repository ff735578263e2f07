"""Tokens for a browser with its decision and for no other; reports that name nobody."""

from datetime import timedelta
from typing import Any

import jwt
import pytest

from privet.accounts.registry import create_institution
from privet.consent.members.models import Unregistered
from privet.consent.members.service import accept_entry
from privet.web.api.surroundings import installation
from tests.consent.members.kit import CLOCK, OFFICER, propose
from tests.verifier.test_privet_consent import privet_consent
from tests.web.api.conftest import ORIGIN, Page, Platform
from tests.web.api.test_signals import forget_vendors_of

COURSE = "course-v1:Hedge+HR101+2026"


@pytest.fixture(autouse=True)
def _member(platform: Platform) -> None:
    create_institution(slug="hedge", name="Hedge University", by="operator")


def _ask(page: Page, *, institution: str = "hedge", course: str = COURSE, **headers: str) -> Any:
    return page.client.get(
        "/api/v1/consent/token",
        {"site": "hedgerow", "institution": institution, "course": course},
        headers={"origin": ORIGIN} | headers,
    )


def _read(page: Page, answer: Any, *, course: str = COURSE) -> Any:
    """What a member's server makes of the token, with the published key."""
    keys = page.client.get("/api/v1/consent/keys").json()
    verifier = privet_consent.Verifier(site="hedgerow", institution="hedge", keys=keys)
    return verifier.check(answer.json()["token"], course=course)


def test_a_browser_gets_a_token_of_its_decision(page):
    page.decide("performance")
    answer = _ask(page)
    assert answer.status_code == 200
    assert answer.json()["expires_in"] == 300
    assert answer["Cache-Control"] == "no-store"
    assert answer["Access-Control-Allow-Origin"] == ORIGIN
    consent = _read(page, answer)
    assert (consent.refused, consent.choices) == ("", {"performance"})


def test_who_refused_gets_a_token_that_allows_nothing(page):
    page.decide()
    assert _read(page, _ask(page)).choices == frozenset()


def test_without_a_decision_there_is_no_token(page):
    answer = _ask(page)
    assert (answer.status_code, answer.json()["error"]["reason"]) == (404, "no_decision")


def test_a_forged_cookie_is_no_decision(page):
    page.decide("performance")
    page.client.cookies["privet_consent"] = page.client.cookies["privet_consent"].value[:-2] + "xx"
    assert _ask(page).status_code == 404


def test_the_signal_of_the_request_narrows_the_token(page, platform):
    page.decide("performance", "targeting", token=platform.token())
    bearer = {"authorization": f"Bearer {platform.token()}"}
    assert _read(page, _ask(page, **bearer)).choices == {"performance", "targeting"}
    answer = _ask(page, **bearer, **{"sec-gpc": "1"})
    assert _read(page, answer).choices == {"performance"}
    claims = jwt.decode(answer.json()["token"], options={"verify_signature": False})
    assert claims["gpc"] is True


def test_a_learners_token_is_of_the_learners_decision(page, other_page, platform):
    page.decide("performance", "functionality", token=platform.token())
    bearer = {"authorization": f"Bearer {platform.token()}"}
    answer = _ask(other_page, **bearer)
    assert _read(page, answer).choices == {"performance", "functionality"}
    assert _ask(other_page).status_code == 404


def test_what_a_learner_decided_counts_for_nobody_after_signing_out(page, platform):
    page.decide("performance", token=platform.token())
    assert _ask(page).status_code == 404


def test_a_yes_that_does_not_cover_a_new_vendor_is_in_no_token(page, other_page, platform):
    page.decide("performance", "functionality", token=platform.token())
    other_page.decide("performance", "functionality")
    bearer = {"authorization": f"Bearer {platform.token()}"}
    assert "performance" in _read(page, _ask(page, **bearer)).choices
    forget_vendors_of("performance")
    for answer in (_ask(page, **bearer), _ask(other_page)):
        assert _read(page, answer).choices == {"functionality"}


def test_a_learner_who_has_not_decided_gets_none(page, platform):
    bearer = {"authorization": f"Bearer {platform.token('bob')}"}
    assert _ask(page, **bearer).status_code == 404


def test_a_bad_identity_token_is_refused(page):
    assert _ask(page, authorization="Bearer nonsense").status_code == 401


def test_a_page_of_another_site_gets_none(page):
    page.decide("performance")
    assert _ask(page, origin="https://mallory.example").status_code == 403


def test_there_is_no_token_for_an_unknown_institution(page):
    page.decide("performance")
    answer = _ask(page, institution="nowhere")
    assert (answer.status_code, answer.json()["error"]["reason"]) == (404, "unknown_institution")


def test_a_site_without_a_member_must_name_one(page):
    page.decide("performance")
    assert _ask(page, institution="").status_code == 404


def test_the_token_of_one_course_says_nothing_in_another(page):
    page.decide("performance")
    assert _read(page, _ask(page), course="other").refused == "for another course"


def test_two_browsers_that_chose_alike_get_the_same_claims(page, other_page):
    page.decide("performance")
    other_page.decide("performance")
    claims = [
        jwt.decode(_ask(one).json()["token"], options={"verify_signature": False})
        for one in (page, other_page)
    ]
    for claim in claims:
        del claim["iat"], claim["exp"]
    assert claims[0] == claims[1]


def test_the_published_key_is_public_and_the_same_for_all(page):
    answer = page.client.get("/api/v1/consent/keys")
    key = answer.json()["keys"][0]
    assert set(key) == {"kty", "crv", "alg", "use", "kid", "x"}
    assert "max-age=3600" in answer["Cache-Control"]
    assert "privet_" not in answer.cookies


def _report(page: Page, *names: str, origin: str = ORIGIN, **more: Any) -> Any:
    seen = [{"name": name, "kind": "cookie"} for name in names]
    body = {"site": "hedgerow", "institution": "hedge", "course": COURSE, "seen": seen} | more
    return page.client.post(
        "/api/v1/consent/unregistered",
        body,
        content_type="application/json",
        headers={"origin": origin},
    )


def test_a_report_counts_what_is_registered_nowhere(page):
    answer = _report(page, "sneaky", "privet_consent")
    assert answer.status_code == 202
    assert answer.json() == {"unregistered": 1, "registered": 1, "left_out": 0}
    row = Unregistered.objects.get()
    assert (row.institution, row.course, row.name, row.by_pages) == ("hedge", COURSE, "sneaky", 1)


def test_a_report_says_whose_script_it_was_and_on_which_page(page):
    where = {"setter": "lab.example:8443", "page": "/course/12345678/unit"}
    assert _report(page, seen=[{"name": "sneaky", "kind": "cookie", **where}]).status_code == 202
    row = Unregistered.objects.get()
    assert (row.setter, row.page) == ("lab.example:*", "/course/*/unit")


def test_what_lies_on_the_sites_own_host_is_its_own(page):
    seen = [{"name": "privet_consent", "kind": "cookie", "host": "hedgerow.example"}]
    assert _report(page, seen=seen).json()["registered"] == 1


@pytest.mark.parametrize(
    "more",
    [
        {"seen": []},
        {"seen": [{"name": "a", "kind": "cookie"}] * 51},
        {"seen": [{"name": "", "kind": "cookie"}]},
        {"seen": [{"name": "a", "kind": "telepathy"}]},
        {"seen": [{"name": "a", "kind": "cookie", "value": "secret"}]},
        {"seen": [{"name": "a", "kind": "cookie", "setter": "<script>"}]},
        {"seen": [{"name": "a", "kind": "cookie", "page": "/unit?learner=alice"}]},
        {"seen": [{"name": "a", "kind": "cookie", "page": "https://lab.example/"}]},
        {"institution": "No Such"},
        {"learner": "alice"},
    ],
)
def test_a_report_that_says_more_or_less_is_refused(page, more):
    assert _report(page, **more).status_code == 400
    assert not Unregistered.objects.exists()


def test_reports_come_from_pages_of_the_site(page):
    assert _report(page, "sneaky", origin="https://mallory.example").status_code == 403


def test_the_clock_of_tokens_is_the_installations(page):
    page.decide("performance")
    claims = jwt.decode(_ask(page).json()["token"], options={"verify_signature": False})
    apart = installation().clock.now().timestamp() - claims["iat"]
    assert abs(apart) < timedelta(minutes=1).total_seconds()


def _registry(page: Page, **query: str) -> Any:
    return page.client.get(
        "/api/v1/consent/registry", {"site": "hedgerow"} | query, headers={"origin": ORIGIN}
    )


def test_the_registry_of_a_place_has_the_platforms_entries_and_the_members(page):
    accept_entry(number=propose(), by=OFFICER, clock=CLOCK)
    everywhere = _registry(page).json()
    here = _registry(page, institution="hedge", course=COURSE, lang="es-MX").json()
    added = here["technologies"][len(everywhere["technologies"]) :]
    assert [(one["name"], one["institution"]) for one in added] == [("lab_layout", "hedge")]
    assert added[0]["says"] == "Recuerda su mesa."
    assert here["digest"] != everywhere["digest"]
    elsewhere = _registry(page, institution="hedge", course="other").json()
    assert elsewhere["digest"] == everywhere["digest"]


def test_the_registry_is_the_same_for_everybody_and_kept_for_a_minute(page):
    answer = _registry(page)
    assert answer["Cache-Control"] == "public, max-age=60"
    assert not answer.cookies
    assert _registry(page, institution="nowhere").status_code == 404


def test_the_banner_of_a_members_page_lists_the_members_cookies_and_owns_up_to_it(page):
    accept_entry(number=propose(), by=OFFICER, clock=CLOCK)
    where = {"site": "hedgerow", "lang": "en"}
    said = []
    for more in ({}, {"institution": "hedge", "course": COURSE}):
        answer = page.client.get("/api/v1/consent", where | more, headers={"origin": ORIGIN})
        said.append({one["name"]: one for one in answer.json()["categories"]}["functionality"])
    assert [[one["name"] for one in category["cookies"]] for category in said] == [
        ["privet_chance", "privet_prefs*", "privet_drafts*"],
        ["privet_chance", "privet_prefs*", "privet_drafts*", "lab_layout"],
    ]
    assert [category["summary"] for category in said] == [
        "3 cookies, all ours",
        "4 cookies, some of others",
    ]
