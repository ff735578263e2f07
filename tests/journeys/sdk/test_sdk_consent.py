"""The learner decides, and the browser obeys."""

import base64
import json
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Page, Route, expect

from tests.journeys.sdk.conftest import Opener
from tests.journeys.sdk.eventually import eventually, leave
from tests.journeys.sdk.site import CHOICES, Site

PERFORMANCE, FUNCTIONALITY, TARGETING, RESEARCH = 1, 2, 4, 32
SPY = """
window.touched = [];
for (const name of ['getItem', 'setItem', 'removeItem', 'key', 'clear']) {
  const real = Storage.prototype[name];
  Storage.prototype[name] = function (...given) {
    touched.push(name + ' ' + given[0]); return real.apply(this, given);
  };
}
const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
Object.defineProperty(Document.prototype, 'cookie', {
  get: cookie.get, set(value) { touched.push('cookie ' + value); cookie.set.call(this, value); }});
window.listening = [];
const listen = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (type, ...given) {
  listening.push(type); return listen.call(this, type, ...given); };
window.randomised = 0;
const random = crypto.getRandomValues.bind(crypto);
crypto.getRandomValues = (into) => { randomised++; return random(into); };
"""
COLLECTING = {"change", "auxclick", "scroll", "error", "play", "loadedmetadata", "popstate"}


def storages(page: Page) -> dict[str, str]:
    """What lies in both storages."""
    found: dict[str, str] = page.evaluate("({...localStorage, ...sessionStorage})")
    return found


def cookie_names(context: BrowserContext) -> set[str]:
    """The names of all cookies."""
    return {str(cookie.get("name")) for cookie in context.cookies()}


def press(page: Page, name: str) -> None:
    """Answer the banner, and wait until it is gone."""
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def use(page: Page) -> None:
    """Do a little of everything that could be recorded."""
    page.get_by_role("button", name="Press").click()
    page.evaluate("history.pushState({}, '', '/course/b')")
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('broken') })")
    page.evaluate("privet.track('tour', {value: 1})")


def test_before_a_decision_nothing_is_touched_and_nothing_is_sent(
    site: Site, open_page: Opener
) -> None:
    site.body = '<button id="press">Press</button>'
    page = open_page(script=SPY)
    expect(page.get_by_role("dialog")).to_be_visible()
    use(page)
    assert page.evaluate("touched") == []
    assert page.evaluate("randomised") == 0
    assert not COLLECTING & set(page.evaluate("listening"))
    assert cookie_names(page.context) == set()
    leave(page)
    assert site.asked("/t/events") == 0


def test_a_refusal_leaves_only_its_own_cookie(site: Site, banner_of: Opener) -> None:
    site.body = '<button id="press">Press</button>'
    page = banner_of()
    press(page, "Reject all")
    use(page)
    assert cookie_names(page.context) == {"privet_consent"}
    assert storages(page) == {}
    leave(page)
    assert site.events == []
    assert site.decisions[0]["choices"] == dict.fromkeys(CHOICES, False)
    assert (site.decisions[0]["control"], site.decisions[0]["layer"]) == ("reject_all", "banner")


def test_a_refuser_is_not_asked_again_and_nothing_is_read_from_their_device(
    site: Site, open_page: Opener
) -> None:
    site.body = '<button id="press">Press</button>'
    page = open_page(choices=0, script=SPY)
    use(page)
    expect(page.get_by_role("button", name="Your privacy")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert site.asked("/api/v1/consent") == site.asked("/api/v1/consent/standing") == 1
    touched = page.evaluate("touched")
    assert touched == [f"removeItem privet_{name}" for name in ("queue", "visit", "chance")]
    assert not COLLECTING & set(page.evaluate("listening"))
    leave(page)
    assert site.events == []


def test_what_is_accepted_is_recorded_from_then_on(site: Site, banner_of: Opener) -> None:
    page = banner_of()
    assert site.events == []
    press(page, "Accept all")
    [view] = eventually(page, lambda: site.named("page_view"))
    assert view["page"] == "/course/a"
    assert site.batches[0]["site"] == "hedgerow"
    assert site.decisions[0]["notice"] == {"version": 1, "hash": "0" * 64}


def test_a_choice_of_performance_alone_is_sent_as_such(site: Site, banner_of: Opener) -> None:
    page = banner_of()
    page.get_by_role("button", name="Choose").click()
    for name in ("Performance", "Functionality", "Targeting"):
        expect(page.get_by_role("switch", name=name)).not_to_be_checked()
    page.get_by_role("switch", name="Performance").check()
    press(page, "Save my choices")
    assert site.decisions[0]["choices"] == {name: name == "performance" for name in CHOICES}
    assert (site.decisions[0]["control"], site.decisions[0]["layer"]) == ("choose", "preferences")


def test_withdrawal_stops_at_once_and_clears_what_was_kept(site: Site, open_page: Opener) -> None:
    site.body = '<button id="press">Press</button>'
    site.collector_status = 503
    page = open_page(choices=PERFORMANCE | FUNCTIONALITY)
    use(page)
    eventually(page, lambda: site.asked("/t/events"))
    eventually(page, lambda: "privet_queue" in storages(page))
    assert "privet_visit" in storages(page)
    page.get_by_role("button", name="Your privacy").click()
    expect(page.get_by_role("switch", name="Performance")).to_be_checked()
    press(page, "Reject all")
    assert storages(page) == {}
    tries = site.asked("/t/events")
    site.collector_status = 200
    use(page)
    page.wait_for_timeout(3000)
    leave(page)
    assert site.asked("/t/events") == tries
    assert site.events == []


def test_withdrawal_holds_even_if_it_cannot_be_stored(site: Site, open_page: Opener) -> None:
    page = open_page(choices=PERFORMANCE)
    eventually(page, lambda: "privet_visit" in storages(page))
    page.get_by_role("button", name="Your privacy").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    site.is_answering = False
    page.get_by_role("button", name="Reject all").click()
    expect(page.get_by_role("status")).to_contain_text("could not be saved")
    assert storages(page) == {}
    assert page.evaluate("privet.choices().performance") is False


def test_a_withdrawal_in_another_tab_counts_here(site: Site, open_page: Opener) -> None:
    site.body = '<button id="press">Press</button>'
    page = open_page(choices=PERFORMANCE)
    eventually(page, lambda: site.named("page_view"))
    other = page.context.new_page()
    other.goto(site.address + "/course/other")
    other.get_by_role("button", name="Your privacy").click()
    press(other, "Reject all")
    before = len(site.events)
    use(page)
    leave(page)
    assert [event["page"] for event in site.events[before:]] == []


def test_an_accept_that_cannot_be_stored_changes_nothing(site: Site, banner_of: Opener) -> None:
    page = banner_of()
    site.is_answering = False
    page.get_by_role("button", name="Accept all").click()
    expect(page.get_by_role("status")).to_contain_text("could not be saved")
    expect(page.get_by_role("dialog")).to_be_visible()
    leave(page)
    assert site.events == []


def test_without_an_answer_from_privet_there_is_no_banner_and_nothing_is_recorded(
    site: Site, open_page: Opener
) -> None:
    site.is_answering = False
    errors: list[str] = []
    page = open_page().context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(site.address + "/course/other")
    eventually(page, lambda: site.asked("/api/v1/consent") == 2)
    expect(page.get_by_role("dialog")).to_have_count(0)
    leave(page)
    assert (site.events, errors) == ([], [])


@pytest.mark.parametrize(
    ("choices", "names"),
    [
        (
            PERFORMANCE,
            {"page_view", "page_leave", "control_use", "custom", "page_error", "page_timing"},
        ),
        (FUNCTIONALITY, {"page_view", "page_leave", "control_use", "custom"}),
        (RESEARCH, {"page_view", "page_leave", "control_use", "custom"}),
        (TARGETING, set()),
    ],
)
def test_each_choice_lets_through_only_its_own_events(
    site: Site, open_page: Opener, choices: int, names: set[str]
) -> None:
    site.body = '<button id="press">Press</button>'
    site.attributes = 'data-token-url="/privet-token"'
    site.token = _token("alice")
    page = open_page(choices=choices, of="learner")
    expect(page.get_by_role("button", name="Your privacy")).to_be_visible()
    use(page)
    leave(page)
    eventually(page, lambda: {event["name"] for event in site.events} >= names)
    assert {event["name"] for event in site.events} == names


@pytest.mark.parametrize("choices", [FUNCTIONALITY, RESEARCH, TARGETING, FUNCTIONALITY | RESEARCH])
def test_a_visitor_who_has_no_number_sends_nothing(
    site: Site, open_page: Opener, choices: int
) -> None:
    site.body = '<button id="press">Press</button>'
    page = open_page(choices=choices)
    use(page)
    leave(page)
    assert site.asked("/t/events") == 0


def test_without_performance_nothing_is_kept_on_the_device(site: Site, open_page: Opener) -> None:
    page = open_page(choices=FUNCTIONALITY | RESEARCH)
    page.evaluate("privet.track('tour')")
    assert storages(page) == {}


def test_the_browsers_privacy_signal_keeps_targeting_off(site: Site, banner_of: Opener) -> None:
    page = banner_of(gpc=True)
    expect(page.get_by_role("listitem").filter(has_text="Targeting")).to_contain_text(
        "off, as your browser asks"
    )
    press(page, "Accept all")
    assert site.decisions[0]["choices"] == {
        "performance": True,
        "functionality": True,
        "targeting": False,
    }


def test_the_signal_wins_over_an_earlier_decision(site: Site, open_page: Opener) -> None:
    site.body = '<div data-privet-ad="a1"><button id="press">Press</button></div>'
    page = open_page(choices=PERFORMANCE | TARGETING, gpc=True)
    page.get_by_role("button", name="Press").click()
    leave(page)
    eventually(page, lambda: site.named("control_use"))
    assert site.named("ad_click") == []


def test_a_page_hears_of_changes(banner_of: Callable[..., Page]) -> None:
    page = banner_of()
    assert page.evaluate("privet.choices().decided") is False
    page.evaluate("window.heard = []; privet.on('change', (c) => heard.push(c)); 0")
    press(page, "Accept all")
    [heard] = page.evaluate("heard")
    assert heard["decided"]
    assert heard["performance"]
    assert not heard["research"]


def test_a_signed_in_learner_is_asked_about_by_their_token(site: Site, open_page: Opener) -> None:
    site.attributes = 'data-token-url="/privet-token"'
    site.token = _token("alice")
    page = open_page(choices=PERFORMANCE)
    eventually(page, lambda: site.named("page_view"))
    assert site.asked("/api/v1/consent") == 1
    assert site.batches[0]["token"] == site.token


def test_after_signing_out_events_are_nobodys_and_the_visit_is_another(
    site: Site, open_page: Opener
) -> None:
    page = open_page(choices=PERFORMANCE)
    page.evaluate("(token) => privet.identify(token)", _token("alice"))
    page.evaluate("privet.track('first')")
    page.evaluate("privet.identify()")
    page.evaluate("privet.track('second')")
    leave(page)
    eventually(page, lambda: len(site.named("custom")) == 2)
    batches = {
        event["data"]["label"]: (batch.get("token"), event["session"])
        for batch in site.batches
        for event in batch["events"]
        if event["name"] == "custom"
    }
    assert batches["first"][0]
    assert batches["second"][0] == ""
    assert batches["first"][1] != batches["second"][1]


def test_what_a_learner_left_behind_decides_for_nobody_who_comes_after(
    site: Site, open_page: Opener
) -> None:
    page = open_page(choices=PERFORMANCE, of="learner")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert storages(page) == {}
    leave(page)
    assert site.events == []


def test_a_learners_own_cookie_counts_while_they_are_signed_in(
    site: Site, open_page: Opener
) -> None:
    site.attributes = 'data-token-url="/privet-token"'
    site.token = _token("alice")
    page = open_page(choices=PERFORMANCE, of="learner")
    eventually(page, lambda: site.named("page_view"))
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_an_answer_from_before_a_decision_brings_nothing_back(
    site: Site, open_page: Opener
) -> None:
    page = open_page(choices=7)
    page.wait_for_function("window.privet.decision?.choices === 7")
    held: list[tuple[Route, APIResponse]] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    page.route("**/api/v1/consent?*", hold_the_first)
    page.evaluate("privet.identify()")
    eventually(page, lambda: held)
    page.evaluate("privet.open()")
    page.get_by_role("dialog").get_by_role("button", name="Reject all").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.evaluate("document.addEventListener('privet:decision', () => { window.told = true })")
    route, answer = held[0]
    with page.expect_event("requestfinished", lambda one: "/api/v1/consent?" in one.url):
        route.fulfill(response=answer)
    page.wait_for_timeout(300)
    assert page.evaluate("[window.told, privet.decision.choices]") == [None, 0]


def _token(sub: str) -> str:
    claims = json.dumps({"sub": sub, "exp": int(time.time()) + 900}).encode()
    return "e30." + base64.urlsafe_b64encode(claims).decode().rstrip("=") + ".signature"


def test_a_listener_of_the_page_that_fails_does_not_keep_a_withdrawal_from_the_server(
    site: Site, open_page: Opener
) -> None:
    page = open_page(choices=7)
    page.wait_for_function("privet.decision?.choices === 7")
    page.evaluate("void privet.on('change', () => { throw new Error('theirs') })")
    page.evaluate("void privet.on('change', (choices) => { window.heard = choices })")
    page.evaluate("privet.open()")
    press(page, "Reject all")
    assert [decision["control"] for decision in site.decisions] == ["reject_all"]
    assert page.evaluate("heard.performance") is False
