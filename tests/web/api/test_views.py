"""The consent API, as pages, native apps and Mallory use it."""

import json
from http.cookies import Morsel
from uuid import uuid4

import pytest
from django.test import Client

from privet.consent.models import Decision, Standing
from privet.consent.rules import ALL_CHOICES
from privet.web.api.client import BURST
from privet.web.api.surroundings import installation

pytestmark = pytest.mark.django_db
SIGNALS = "&vendor_signals=true"
CATEGORIES = ["necessary", "performance", "functionality", "targeting"]


def cookie(answer, name="privet_consent") -> Morsel[str] | None:
    return answer.cookies.get(name)


def refused(answer, status, reason):
    said = answer.json()["error"]
    assert (answer.status_code, said["reason"]) == (status, reason)
    assert said["what"].endswith(".")
    assert said["remedy"].endswith(".")
    assert not Decision.objects.exists()
    assert "privet_consent" not in answer.cookies
    return said


# --- The state ---


def test_a_new_visitor_is_undecided_and_is_shown_the_notice(page):
    said = page.state().json()
    assert (said["decided"], said["learner"]) == (False, False)
    assert set(said["choices"].values()) == {False}
    assert (said["regime"], said["age"]) == ("opt_in", "unknown")
    assert said["notice"]["texts"]["reject_all"] == "Reject all"
    assert len(said["notice"]["hash"]) == 64
    assert [category["name"] for category in said["categories"]] == CATEGORIES
    assert len(said["asked"]) == 6


def test_asking_sets_no_cookie_and_records_nothing(page):
    answer = page.state()
    assert not answer.cookies
    assert not Decision.objects.exists()
    assert not Standing.objects.exists()


def test_the_categories_list_the_cookies_that_are_set(page):
    said = {one["name"]: one for one in page.state().json()["categories"]}
    assert "privet_consent" in [c["name"] for c in said["necessary"]["cookies"]]
    names = [c["name"] for c in said["performance"]["cookies"]]
    assert names == ["privet_visitor", "privet_visit", "privet_queue"]
    assert said["targeting"]["cookies"] == []
    assert said["targeting"]["summary"] == "no cookies"
    assert said["performance"]["summary"] == "3 cookies, all ours"


def test_the_notice_comes_in_the_language_asked_for(page):
    answer = page.client.get("/api/v1/consent?site=hedgerow&lang=es-MX")
    assert answer.json()["notice"]["language"] == "es"
    by_header = page.client.get(
        "/api/v1/consent?site=hedgerow", headers={"accept-language": "es-ES,es;q=0.9"}
    )
    assert by_header.json()["notice"]["language"] == "es"


def test_an_unknown_site_is_not_found(page):
    assert refused(page.client.get("/api/v1/consent?site=nowhere"), 404, "unknown_site")


@pytest.mark.parametrize("query", ["", "?site=", f"?site={'x' * 81}", "?site=a&lang=" + "x" * 36])
def test_a_bad_query_is_refused(page, query):
    assert page.client.get(f"/api/v1/consent{query}").status_code in (400, 404)


# --- A visitor decides ---


def test_a_refuser_gets_a_cookie_that_names_nobody(page, other_page):
    first, second = page.decide(), other_page.decide()
    assert first.status_code == second.status_code == 201
    assert cookie(first).value == cookie(second).value
    assert not Standing.objects.exists()
    assert set(Decision.objects.values_list("person_key", flat=True)) == {None}
    assert "privet_visitor" not in page.client.cookies or (
        page.client.cookies["privet_visitor"].value == ""
    )


def test_the_consent_cookie_is_readable_by_the_page_and_lasts_six_months(page):
    found = cookie(page.decide("performance"))
    assert found["max-age"] == 183 * 86_400
    assert (found["samesite"], found["path"], found["domain"]) == ("Lax", "/", "")
    assert not found["httponly"]
    assert not found["secure"]


def test_over_https_both_cookies_are_secure(page, settings):
    settings.SECURE_SSL_REDIRECT = False
    notice = page.notice()
    answer = page.client.post(
        "/api/v1/consent/decisions",
        {
            "site": "hedgerow",
            "choices": {"performance": True},
            "notice": notice,
            "control": "choose",
        },
        content_type="application/json",
        secure=True,
    )
    assert all(cookie(answer, name)["secure"] for name in ("privet_consent", "privet_visitor"))


def test_the_visitors_number_is_for_the_server_alone(page):
    found = cookie(page.decide("performance"), "privet_visitor")
    assert found["httponly"]
    assert found["max-age"] == 395 * 86_400


def test_a_later_decision_keeps_the_number_and_does_not_extend_it(page):
    first = cookie(page.decide("performance"), "privet_visitor").value
    again = cookie(page.decide("performance", "functionality"), "privet_visitor")
    assert again.value == first
    assert again["max-age"] == 395 * 86_400


def test_a_withdrawal_deletes_the_number(page):
    page.decide("performance")
    gone = cookie(page.decide(), "privet_visitor")
    assert (gone.value, gone["max-age"]) == ("", 0)


def test_a_decision_is_what_the_state_says_afterwards(page):
    page.decide("performance")
    said = page.state().json()
    assert said["decided"]
    assert said["choices"]["performance"]
    assert not said["choices"]["targeting"]
    assert said["expires"]


def test_the_answer_says_what_is_in_force_and_what_the_rules_refuse(page):
    said = page.decide("performance", "targeting").json()
    assert said["choices"]["performance"]
    assert not said["choices"]["targeting"]
    assert said["refused_by_rule"] == ["targeting"]
    assert said["refused_by_gpc"] == []


def test_rejecting_all_refuses_what_was_not_named_too(page):
    answer = page.decide(control="reject_all", choices={})
    assert answer.status_code == 201
    assert Decision.objects.get().asked == ALL_CHOICES


def test_the_same_decision_again_adds_nothing(page):
    assert page.decide("performance").status_code == 201
    again = page.decide("performance")
    assert (again.status_code, again.json()["record"]) == (200, None)
    page.client.cookies.clear()
    page.decide()
    assert page.decide().status_code == 200
    assert Decision.objects.count() == 2


def test_a_request_that_is_repeated_by_its_id_is_recorded_once(page):
    request = str(uuid4())
    first = page.decide("performance", id=request)
    page.client.cookies.clear()  # The first answer never arrived.
    again = page.decide("performance", id=request)
    assert first.json()["record"] == again.json()["record"]
    assert Decision.objects.count() == 1


def test_an_id_of_another_decision_is_a_conflict(page):
    request = str(uuid4())
    page.decide("performance", id=request)
    assert page.decide(id=request).status_code == 409


# --- What vendors' software asks for ---


def test_the_words_of_vendors_come_only_to_who_asks_for_them(page, platform):
    assert page.state().json()["vendor_signals"] is None
    assert page.state(platform.token()).json()["vendor_signals"] is None


def test_before_a_decision_vendors_are_told_of_no_consent_and_of_no_law_that_is_not_theirs(page):
    said = page.state(query=SIGNALS).json()["vendor_signals"]
    assert {name for name, how in said["consent_mode"].items() if how == "granted"} == {
        "security_storage"
    }
    assert said["gpp"] == "DBAA"


def test_vendors_are_told_what_an_american_allowed_and_what_the_signal_takes_back(page, platform):
    token = platform.token(country="US")
    page.decide("performance", "targeting", "sale_sharing", token=token)
    said = page.state(token, query=SIGNALS).json()["vendor_signals"]
    assert said["consent_mode"]["ad_storage"] == "granted"
    assert said["consent_mode"]["functionality_storage"] == "denied"
    assert said["gpp"] == "DBABLA~CVQqAAAAAACA"
    narrowed = page.state(token, SIGNALS, **{"sec-gpc": "1"}).json()["vendor_signals"]
    assert narrowed["consent_mode"]["ad_storage"] == "denied"
    assert narrowed["gpp"] == "DBABLA~CVQVAAAAAACA.YA"


# --- Global Privacy Control ---


@pytest.mark.parametrize("value", ["1", "0, 1", "1, 1"])
def test_with_gpc_targeting_and_sale_are_refused_whatever_is_asked(page, platform, value):
    answer = page.decide(
        "performance", "targeting", "sale_sharing",
        token=platform.token(), headers={"sec-gpc": value},
    ).json()  # fmt: skip
    assert answer["gpc"]
    assert answer["refused_by_gpc"] == ["targeting", "sale_sharing"]
    assert answer["choices"]["performance"]
    assert not answer["choices"]["targeting"]
    assert Decision.objects.get().gpc


@pytest.mark.parametrize("value", ["0", "", "true", "11", "?1"])
def test_only_an_exact_1_is_gpc(page, platform, value):
    answer = page.decide("targeting", token=platform.token(), headers={"sec-gpc": value}).json()
    assert answer["choices"]["targeting"]


def test_gpc_narrows_what_the_state_says_of_an_earlier_decision(page, platform):
    page.decide("performance", "targeting", token=platform.token())
    said = page.state(platform.token(), **{"sec-gpc": "1"}).json()
    assert said["gpc"]
    assert not said["choices"]["targeting"]


# --- A learner decides ---


def test_a_learner_decides_by_token_and_is_known_in_another_browser(page, other_page, platform):
    answer = page.decide("performance", "targeting", token=platform.token())
    assert (answer.status_code, answer.json()["age"]) == (201, "adult")
    said = other_page.state(platform.token())
    assert said.json()["learner"]
    assert said.json()["decided"]
    assert said.json()["choices"]["targeting"]
    assert cookie(said).value == cookie(answer).value


def test_a_learners_decision_gives_no_visitors_number(page, platform):
    answer = page.decide("performance", token=platform.token())
    assert "privet_visitor" not in answer.cookies


def test_a_visitors_decision_is_joined_when_the_page_names_the_learner(page, platform):
    page.decide("performance")
    said = page.state(platform.token()).json()
    assert (said["decided"], said["learner"]) == (True, True)
    assert said["choices"]["performance"]
    assert Decision.objects.filter(kind="join").count() == 1
    page.state(platform.token())
    assert Decision.objects.filter(kind="join").count() == 1


def test_of_visitor_and_learner_the_most_restrictive_wins(page, other_page, platform):
    other_page.decide("performance", "functionality", token=platform.token())
    page.decide("functionality")
    said = page.state(platform.token()).json()
    assert [name for name, on in said["choices"].items() if on] == ["functionality"]


def test_an_undecided_learner_is_asked(page, platform):
    answer = page.state(platform.token())
    assert not answer.json()["decided"]
    assert answer.json()["age"] == "adult"
    assert not answer.cookies


def test_a_child_is_left_with_essentials(page, platform):
    answer = page.decide("performance", "targeting", token=platform.token(birth_year=2020)).json()
    assert answer["age"] == "child"
    assert set(answer["choices"].values()) == {False}
    assert answer["refused_by_rule"] == ["performance", "targeting"]


@pytest.mark.parametrize("token", ["x", "a.b.c"])
def test_a_token_that_proves_nothing_decides_nothing(page, token):
    assert refused(page.decide("performance", token=token), 401, "bad_token")
    assert page.state(token).status_code == 401


def test_a_token_of_another_site_decides_nothing(page, platform):
    assert refused(page.decide(token=platform.token(iss="orchard")), 401, "bad_token")


def test_a_native_app_sends_no_origin_and_decides_the_same(platform):
    app = Client()
    notice = app.get("/api/v1/consent?site=hedgerow").json()["notice"]
    answer = app.post(
        "/api/v1/consent/decisions",
        {
            "site": "hedgerow", "choices": {"performance": True}, "control": "choose",
            "layer": "app", "token": platform.token(),
            "notice": {"version": notice["version"], "hash": notice["hash"]},
        },
        content_type="application/json",
    )  # fmt: skip
    assert answer.status_code == 201
    assert Decision.objects.get().layer == "app"


# --- Mallory ---


def test_another_origin_can_neither_ask_nor_decide(page):
    notice = page.notice()
    for origin in ("https://mallory.example", "null", "http://hedgerow.example"):
        answer = page.decide("performance", notice=notice, headers={"origin": origin})
        refused(answer, 403, "origin_not_allowed")
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert page.state(origin=origin).status_code == 403


def test_a_form_cannot_decide(page):
    answer = page.client.post(
        "/api/v1/consent/decisions",
        json.dumps({"site": "hedgerow"}),
        content_type="text/plain",
        headers={"origin": "https://hedgerow.example"},
    )
    assert refused(answer, 415, "not_json")


@pytest.mark.parametrize(
    "change",
    [
        {"choices": {"everything": True}},
        {"choices": {"performance": "yes"}},
        {"choices": {"performance": 1}},
        {"choices": None},
        {"choices": []},
        {"control": "click"},
        {"layer": "popup"},
        {"notice": {"version": 0, "hash": "0" * 64}},
        {"notice": {"version": 2**40, "hash": "0" * 64}},
        {"notice": {"version": 1, "hash": "x"}},
        {"notice": None},
        {"token": 7},
        {"token": "x" * 4097},
        {"id": "7"},
        {"surprise": 1},
        {"site": ""},
        {"site": 7},
    ],
    ids=str,
)
def test_a_body_of_another_form_is_refused_and_not_repeated(page, change):
    body = {
        "site": "hedgerow", "choices": {"performance": True}, "notice": page.notice(),
        "control": "choose",
    }  # fmt: skip
    said = refused(page.send(body | change), 400, "bad_request")
    assert "everything" not in said["what"]
    assert "surprise" not in said["what"]


def test_a_decision_that_answers_nothing_is_refused(page):
    assert refused(page.decide(choices={}), 400, "no_choices")


def test_a_notice_that_was_never_shown_cannot_be_agreed_to(page):
    answer = page.decide(notice={"version": 1, "hash": "0" * 64})
    assert refused(answer, 400, "unknown_notice")


@pytest.mark.parametrize("body", ["", "{", "[" * 9_000, "\0", '{"a":' * 2_000, "NaN", "\ud800"])
def test_what_is_no_json_is_refused(page, body):
    answer = page.client.post(
        "/api/v1/consent/decisions", body.encode("utf-8", "surrogatepass"),
        content_type="application/json",
    )  # fmt: skip
    assert answer.status_code == 400
    assert answer.json()["error"]["reason"] in ("bad_json", "bad_request")


def test_a_large_body_is_refused_before_it_is_read(page):
    assert refused(page.send({"site": "x" * 20_000}), 413, "too_large")


def test_a_zero_byte_is_refused_before_a_database_meets_it(page):
    assert refused(page.decide(site="hedge\x00row"), 400, "zero_byte")


def test_a_decision_for_an_unknown_site_is_not_found(page):
    assert refused(page.decide(site="nowhere"), 404, "unknown_site")


@pytest.mark.parametrize(
    "header",
    ["privet_consent=x", "privet_consent=a.b; privet_visitor=c.d", "privet_consent=\0", "=;;="],
)
def test_bad_cookies_are_no_consent_and_no_error(page, header):
    answer = page.client.get(
        "/api/v1/consent?site=hedgerow", headers={"cookie": header.replace("\0", "%00")}
    )
    assert answer.status_code == 200
    assert not answer.json()["decided"]


def test_bad_cookies_are_counted(page):
    from privet.events.live import read_counters
    from privet.kernel.config import read_config

    before = read_counters(read_config().live).get("dropped:cookie_malformed", 0)
    page.client.get("/api/v1/consent?site=hedgerow", headers={"cookie": "privet_consent=x"})
    assert read_counters(read_config().live)["dropped:cookie_malformed"] == before + 1


def test_a_cookie_of_another_site_is_no_consent_here(page, platform):
    from privet.accounts.registry import create_site

    value = cookie(page.decide("performance")).value
    create_site(slug="orchard", name="Orchard", origins=[], by="operator")
    answer = Client().get(
        "/api/v1/consent?site=orchard", headers={"cookie": f"privet_consent={value}"}
    )
    assert not answer.json()["decided"]


def test_who_asks_too_often_is_told_to_wait(page, still_buckets):
    answers = [page.state() for _ in range(2 * BURST)]
    assert answers[0].status_code == 200
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.headers["Retry-After"] == "60"
    assert refused.json()["error"]["reason"] == "too_often"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_not_allowed(page, method):
    assert getattr(page.client, method)("/api/v1/consent/decisions").status_code == 405


def test_no_answer_of_the_api_is_kept_by_a_cache(page):
    assert "no-store" in page.state().headers["Cache-Control"]


def test_privets_keys_are_made_once(platform):
    assert installation() is installation()


def test_what_the_framework_cannot_read_is_refused_in_the_same_form():
    from django.http import HttpRequest
    from ninja.errors import HttpError

    from privet.web.api.app import _unreadable

    answer = _unreadable(HttpRequest(), HttpError(400, "secret"))
    assert answer.status_code == 400
    assert b"bad_request" in answer.content
    assert b"secret" not in answer.content
