"""What the page tells others: Google's Consent Mode, the IAB's GPP, and tags that wait."""

from typing import Any

from playwright.sync_api import Page, Route, expect

from privet.catalogue.uses import Choice
from privet.consent.signals import (
    consent_mode,
    consent_mode_default,
    encode_gpp,
    usnat_of,
)
from tests.journeys.guard.conftest import Opener, answer_banner, until, withdraw
from tests.journeys.guard.site import GuardSite
from tests.journeys.sdk.eventually import eventually

LAYER = "(window.dataLayer ?? []).map((one) => [...one])"
READY = "!!window.privet?.decision"
ALL = Choice(63)
GOOGLE = (
    '<script type="text/plain" data-privet="performance" nonce="n0nce" async'
    ' data-src="https://www.googletagmanager.com/gtag/js?id=G-PLACEHOLDER"></script>'
    '<script type="text/plain" data-privet="performance" nonce="n0nce">'
    'gtag("js", new Date(0)); gtag("config", "G-PLACEHOLDER")</script>'
)
META = (
    '<script type="text/plain" data-privet="targeting" nonce="n0nce" async'
    ' data-src="https://connect.facebook.net/en_US/fbevents.js"></script>'
)


def _said(page: Page) -> list[Any]:
    return list(page.evaluate(LAYER))


def _says_last(page: Page, expected: list[Any]) -> bool:
    """Whether it says so in the end; what is said before does not count."""
    return eventually(page, lambda: _said(page)[-1] == expected)


def _ping(page: Page) -> dict[str, Any]:
    return dict(page.evaluate("new Promise((go) => __gpp('ping', go))"))


def test_all_is_denied_before_anything_else_is_said(open_page: Opener) -> None:
    page = open_page()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert _said(page) == [["consent", "default", consent_mode_default()]]


def test_each_load_and_each_choice_is_told(open_page: Opener) -> None:
    page = open_page(choices=int(Choice.PERFORMANCE))
    until(page, READY)
    first = ["consent", "update", consent_mode(Choice.PERFORMANCE)]
    assert eventually(page, lambda: _said(page)[1:] == [first])
    withdraw(page)
    assert eventually(
        page, lambda: _said(page)[-1] == ["consent", "update", consent_mode(Choice(0))]
    )


def test_it_says_what_the_server_would(open_page: Opener) -> None:
    for choices in (ALL, ALL & ~Choice.SALE_SHARING, Choice.TARGETING, Choice.FUNCTIONALITY):
        page = open_page(choices=int(choices))
        until(page, READY)
        expected = ["consent", "update", consent_mode(choices)]
        assert _says_last(page, expected)


def test_the_signal_denies_advertising(open_page: Opener) -> None:
    page = open_page(choices=int(ALL), gpc=True)
    until(page, READY)
    expected = ["consent", "update", consent_mode(ALL, gpc=True)]
    assert _says_last(page, expected)


def test_gpp_tells_what_is_decided_where_its_law_applies(open_page: Opener) -> None:
    for gpc in (False, True):
        page = open_page(choices=int(ALL), regime="opt_out", gpc=gpc)
        until(page, READY)
        said = _ping(page)
        assert said["gppString"] == encode_gpp(usnat_of(ALL, gpc=gpc))
        assert (said["signalStatus"], said["applicableSections"]) == ("ready", [7])
        field = "new Promise((go) => __gpp('getField', go, 'usnat.SaleOptOut'))"
        assert page.evaluate(field) == (1 if gpc else 2)


def test_gpp_says_where_its_law_does_not_apply(open_page: Opener) -> None:
    page = open_page(choices=int(ALL), regime="opt_in")
    until(page, READY)
    said = _ping(page)
    assert (said["gppString"], said["applicableSections"]) == ("DBAA", [-1])


def test_whoever_listens_hears_the_change(site: GuardSite, open_page: Opener) -> None:
    site.head = (
        '<script nonce="n0nce">window.heard = []; window.__gpp = function () {};'
        "__gpp.queue = [['addEventListener', (data) => heard.push([data.eventName,"
        " data.pingData.gppString])]]</script>"
    )
    page = open_page(choices=int(ALL), regime="opt_out")
    until(page, READY)
    string = encode_gpp(usnat_of(ALL))
    assert page.evaluate("heard[0][0]") == "listenerRegistered"
    eventually(page, lambda: ["sectionChange", string] in page.evaluate("heard"))
    assert page.evaluate("'__gppLocator' in frames") is True


def test_unknown_questions_are_answered_as_failed(open_page: Opener) -> None:
    page = open_page(choices=0)
    asks = "new Promise((go) => __gpp({0}, (...said) => go(said)))"
    for command in ("'nothing'", "'constructor'", "7"):
        assert page.evaluate(asks.format(command)) == [None, False]
    assert page.evaluate("new Promise((go) => __gpp('getField', go, 'x.__proto__'))") is None


def _route_others(asked: list[str]) -> Any:
    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="window.tag = true", content_type="text/javascript")

    def prepare(page: Page) -> None:
        page.route("https://www.googletagmanager.com/**", answer)
        page.route("https://connect.facebook.net/**", answer)

    return prepare


def test_the_examples_of_googles_and_metas_tags_wait(site: GuardSite, open_page: Opener) -> None:
    asked: list[str] = []
    site.body = GOOGLE + META
    page = open_page(prepare=_route_others(asked))
    expect(page.get_by_role("dialog")).to_be_visible()
    assert asked == []
    answer_banner(page, "Accept all")
    eventually(page, lambda: len(asked) == 2)
    eventually(page, lambda: ["config", "G-PLACEHOLDER"] in _said(page))
    words = [entry[1] for entry in _said(page) if entry[0] == "consent"]
    assert words[:2] == ["default", "update"]
