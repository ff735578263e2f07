"""What the API says of signals, of the notice that was served, and of asking again."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from privet.catalogue.uses import Choice
from privet.consent.browser import read_browser
from privet.consent.cookies import CONSENT_DAYS, ConsentCookie, sign_consent
from privet.consent.models import Decision, Notice, NoticeText, Served, Standing
from privet.consent.notices import publish_notice
from privet.consent.receipt_keys import public_key
from privet.consent.registry import read_platform_registry
from privet.events.live import read_counters
from privet.kernel.clock import SystemClock
from privet.kernel.config import read_config
from privet.web.api.surroundings import installation

pytestmark = pytest.mark.django_db


def cookie_of(page) -> ConsentCookie:
    header = f"privet_consent={page.client.cookies['privet_consent'].value}"
    found = read_browser(header, site="hedgerow", here=installation()).consent
    assert found is not None
    return found


def publish_again(controllers=None, **changed: str) -> None:
    last = Notice.objects.order_by("-version")[0]
    texts = {
        text.language: json.loads(text.words) | changed
        for text in NoticeText.objects.filter(notice=last)
    }
    publish_notice(texts=texts, by="account:1", clock=SystemClock(), controllers=controllers)


def forget_vendors_of(category: str) -> None:
    """As if the notice had been published before the registry named these vendors."""
    notice = Notice.objects.get()
    said = json.loads(notice.material)
    said["categories"][category]["vendors"] = []
    Notice.objects.update(material=json.dumps(said, sort_keys=True, separators=(",", ":")))


def faults(name: str) -> int:
    return read_counters(read_config().live).get(f"dropped:{name}", 0)


def test_the_well_known_resource_says_the_same_to_everybody(client):
    answers = [client.get("/.well-known/gpc.json", headers={"sec-gpc": v}) for v in ("1", "0")]
    assert [answer.json()["gpc"] for answer in answers] == [True, True]
    assert answers[0].content == answers[1].content
    assert answers[0]["Content-Type"] == "application/json"
    assert not answers[0].cookies


def test_the_signal_of_one_browser_holds_for_the_account_in_another(page, other_page, platform):
    page.decide("performance", "targeting", "sale_sharing", token=platform.token())
    said = page.state(platform.token(), **{"sec-gpc": "1"}).json()["signal"]
    assert said == {
        "sent": True, "honoured": True, "confirmed": False,
        "holds_for": ["browser", "profile", "account"],
    }  # fmt: skip
    elsewhere = other_page.state(platform.token()).json()
    assert not elsewhere["choices"]["targeting"]
    assert elsewhere["choices"]["performance"]
    assert elsewhere["signal"]["honoured"]
    assert not elsewhere["signal"]["sent"]
    assert [row.kind for row in Decision.objects.order_by("sequence")] == ["decision", "signal"]


def test_the_signal_of_a_visitor_is_remembered_of_their_number(page, platform):
    page.decide("performance")
    for _ in range(2):
        page.state(**{"sec-gpc": "1"})
    said = page.state().json()
    assert said["signal"] == {
        "sent": False, "honoured": True, "confirmed": False, "holds_for": ["browser", "profile"],
    }  # fmt: skip
    assert said["choices"]["performance"]
    assert [row.kind for row in Decision.objects.order_by("sequence")] == ["decision", "signal"]
    signed_in = page.state(platform.token()).json()
    assert signed_in["signal"]["honoured"]


def test_the_signal_of_a_refuser_is_remembered_of_the_browser_alone(page):
    page.decide()
    page.state(**{"sec-gpc": "1"})
    assert cookie_of(page).gpc
    assert page.state().json()["signal"]["holds_for"] == ["browser"]
    assert [row.kind for row in Decision.objects.order_by("sequence")] == ["decision"]


def test_the_signal_is_recorded_once(page, platform):
    for _ in range(2):
        page.state(platform.token(), **{"sec-gpc": "1"})
    assert Decision.objects.count() == 1


def test_the_signal_holds_for_a_visitors_number_and_cookie(page):
    page.decide("performance")
    with_yes = sign_consent(
        replace(cookie_of(page), choices=Choice.PERFORMANCE | Choice.TARGETING),
        keys=installation().cookie_keys,
    )
    page.client.cookies["privet_consent"] = with_yes
    said = page.state(**{"sec-gpc": "1"}).json()
    assert said["signal"]["holds_for"] == ["browser", "profile"]
    assert not page.state().json()["choices"]["targeting"]
    assert Decision.objects.order_by("-sequence")[0].kind == "signal"


def test_a_cookie_that_is_written_anew_lives_no_longer_than_its_decision(page):
    page.decide()
    made = cookie_of(page)
    older = replace(made, day=made.day - 100)
    page.client.cookies["privet_consent"] = sign_consent(older, keys=installation().cookie_keys)
    page.state(**{"sec-gpc": "1"})
    assert cookie_of(page).day == older.day
    left = (CONSENT_DAYS - 100) * 86_400
    assert page.client.cookies["privet_consent"]["max-age"] == left


def test_a_visitor_without_the_signal_is_told_so(page):
    assert page.state().json()["signal"] == {
        "sent": False, "honoured": False, "confirmed": False, "holds_for": [],
    }  # fmt: skip


def test_a_yes_against_the_signal_is_a_conflict_until_it_is_confirmed(page, platform):
    headers = {"sec-gpc": "1"}
    asked = page.decide("targeting", token=platform.token(), headers=headers).json()
    assert asked["conflict"] == ["targeting"]
    assert not asked["choices"]["targeting"]
    more = {"token": platform.token(), "confirmed": True}
    confirmed = page.decide("targeting", headers=headers, **more).json()
    assert (confirmed["conflict"], confirmed["confirmed"]) == ([], True)
    assert confirmed["choices"]["targeting"]
    said = page.state(platform.token(), **headers).json()
    assert said["choices"]["targeting"]
    assert (said["signal"]["honoured"], said["signal"]["confirmed"]) == (False, True)


def test_what_is_refused_for_the_age_is_no_conflict_to_confirm(page, platform):
    young = platform.token(birth_year=2010)
    asked = page.decide("targeting", token=young, headers={"sec-gpc": "1"}).json()
    assert (asked["refused_by_gpc"], asked["conflict"]) == (["targeting"], [])


def test_the_regime_is_explained_with_its_source(page, platform):
    said = page.state(platform.token(country="ES")).json()["regime_explained"]
    assert (said["regime"], said["country"], said["age_of_consent"]) == ("opt_in", "ES", 14)
    assert "2002/58" in said["source"]["law"]
    assert len(said["words"]) == 4
    assert page.state().json()["regime_explained"]["source"] is None


# --- What was served, and asking again ---


def served(page) -> dict[str, Any]:
    said = page.state().json()["notice"]
    return {name: said[name] for name in ("version", "hash", "served")}


def test_a_decision_is_linked_to_the_notice_that_was_served(page, platform):
    answer = page.decide("performance", notice=served(page), token=platform.token()).json()
    record = Decision.objects.get()
    assert answer["notice_served"] == str(record.notice_served)
    assert Served.objects.get().record_id == record.notice_served
    assert Served.objects.get().registry.startswith(read_platform_registry().version)


@pytest.mark.parametrize("token", ["x", "e30.AAAA", "x" * 1024])
def test_a_forged_word_of_what_was_served_counts_as_none_and_is_counted(page, token):
    before = faults("notice_served_unknown")
    notice = served(page) | {"served": token}
    answer = page.decide("performance", notice=notice)
    assert answer.status_code == 201
    assert answer.json()["notice_served"] is None
    assert Decision.objects.get().notice_served is None
    assert faults("notice_served_unknown") == before + 1


def test_the_word_of_another_notice_counts_as_none(page):
    mine = served(page)
    publish_again(body="Other words.")
    other = served(page)
    answer = page.decide("performance", notice=mine | {"served": other["served"]})
    assert answer.json()["notice_served"] is None


def test_a_mended_word_asks_nobody_again(page, platform):
    page.decide("performance", token=platform.token())
    publish_again(body="Mended.")
    said = page.state(platform.token()).json()
    assert (said["decided"], said["asks_again"]) == (True, None)


def test_a_new_vendor_asks_again_about_its_category_alone(page, other_page, platform):
    page.decide("performance", "targeting", token=platform.token())
    other_page.decide("performance")
    forget_vendors_of("performance")
    for said in (page.state(platform.token()).json(), other_page.state().json()):
        assert not said["decided"]
        assert said["asks_again"] == {
            "because": ["vendor"],
            "choices": ["performance"],
            "new": [{"what": "vendor", "name": "Privet", "words": "Privet"}],
        }
        assert not said["choices"]["performance"]
    assert page.state(platform.token()).json()["choices"]["targeting"]


def test_a_vendor_that_left_the_registry_is_not_asked_about(page, platform):
    page.decide("performance", token=platform.token())
    publish_again()
    after = Notice.objects.order_by("-version")[0]
    said = json.loads(after.material)
    said["categories"]["performance"]["vendors"].append("Gone & Co")
    named = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    Notice.objects.filter(pk=after.pk).update(material=named)
    answer = page.state(platform.token()).json()
    assert (answer["decided"], answer["asks_again"]) == (True, None)
    assert answer["choices"]["performance"]


def test_who_answers_something_else_is_still_asked_about_what_is_new(page, platform):
    page.decide("performance", "targeting", token=platform.token())
    forget_vendors_of("performance")
    publish_again()
    page.send(only(page, platform, marketing_mail=False))
    said = page.state(platform.token()).json()
    assert said["asks_again"]["choices"] == ["performance"]
    assert not said["choices"]["performance"]
    assert said["choices"]["targeting"]
    page.send(only(page, platform, performance=True))
    said = page.state(platform.token()).json()
    assert (said["asks_again"], said["choices"]["performance"]) == (None, True)


def test_an_earlier_yes_does_not_cover_what_a_notice_named_and_nobody_answered(page, platform):
    page.decide("performance", "targeting", token=platform.token())
    forget_vendors_of("performance")
    publish_again()
    body = only(page, platform, functionality=False) | {"notice": served(page)}
    assert not page.send(body).json()["choices"]["performance"]
    said = page.state(platform.token()).json()
    assert (said["decided"], said["choices"]["performance"]) == (True, False)
    assert said["choices"]["targeting"]


def only(page, platform, **choices: bool) -> dict[str, Any]:
    """A decision that answers nothing else, and names no notice that was served."""
    return {
        "site": "hedgerow", "choices": choices, "notice": page.notice(), "control": "choose",
        "token": platform.token(),
    }  # fmt: skip


def test_a_new_controller_asks_again_about_all(page, platform):
    page.decide("performance", token=platform.token())
    publish_again(controllers=("Hill College",))
    said = page.state(platform.token()).json()["asks_again"]
    assert said["because"] == ["controller"]
    assert len(said["choices"]) == 6


def test_an_expired_decision_says_that_it_expired(page, platform):
    page.decide("performance", token=platform.token())
    Standing.objects.update(decided=datetime(2020, 1, 1, tzinfo=UTC))
    said = page.state(platform.token()).json()
    assert (said["decided"], said["asks_again"]["because"]) == (False, ["expiry"])


def test_the_key_of_receipts_is_published(client):
    said = client.get("/.well-known/privet-receipts.json").json()
    assert said == public_key(installation().ring)


# --- Bad input ---


@pytest.mark.parametrize(
    ("body", "counted"),
    [
        ({"choices": {"everything": True}}, "decision_bad_request"),
        ({"choices": {"performance": "yes"}}, "decision_bad_request"),
        ({"choices": {}}, "decision_no_choices"),
        ({"notice": {"version": 9, "hash": "0" * 64}}, "decision_unknown_notice"),
        ({"course": "x" * 20_000}, "decision_too_large"),
        ({"token": "x.y.z"}, "decision_bad_token"),
    ],
)
def test_a_bad_decision_is_no_consent_and_is_counted(page, body, counted):
    good = {
        "site": "hedgerow", "choices": {"performance": True}, "control": "choose",
        "notice": page.notice(),
    }  # fmt: skip
    before = faults(counted)
    answer = page.send(good | body)
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"]["remedy"]
    assert faults(counted) == before + 1
    assert not Decision.objects.exists()
    assert not page.state().json()["decided"]


@pytest.mark.parametrize(
    ("cookie", "counted"),
    [
        ("privet_consent=x", "cookie_malformed"),
        ("privet_consent=e30.AAAAAAAAAAAAAAAAAAAAAA", "cookie_forged"),
        ("privet_consent=a.b; privet_consent=c.d", "cookie_duplicate"),
        (f"privet_consent={'x' * 5000}.y", "cookie_malformed"),
    ],
)
def test_a_bad_cookie_is_no_consent_and_is_counted(page, cookie, counted):
    before = faults(counted)
    answer = page.state(cookie=cookie)
    assert (answer.status_code, answer.json()["decided"]) == (200, False)
    assert faults(counted) == before + 1
