"""The banner as people meet it: by eye, by keyboard, by screen reader, on small screens."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FloatRect, Page, expect

from tests.journeys.sdk.conftest import Opener
from tests.journeys.sdk.eventually import eventually
from tests.journeys.sdk.site import REPOSITORY, Site

AXE = REPOSITORY / "sdk" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = [(320, 256), (320, 568), (768, 1024), (1440, 900)]


def violations(page: Page) -> list[str]:
    """What axe-core finds, each with the element it is about."""
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG
    )
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def box_of(page: Page, name: str) -> FloatRect:
    """Where a button is."""
    found = page.get_by_role("button", name=name, exact=True).bounding_box()
    assert found is not None
    return found


def choose(page: Page) -> None:
    """Open the second layer."""
    page.get_by_role("button", name="Choose").click()
    expect(page.get_by_role("switch")).to_have_count(7)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_axe_finds_nothing_on_either_layer(
    banner_of: Opener, scheme: str, width: int, height: int
) -> None:
    page = banner_of(viewport={"width": width, "height": height}, color_scheme=scheme)
    assert violations(page) == []
    choose(page)
    page.get_by_text("2 cookies").click()
    assert violations(page) == []


def test_axe_finds_nothing_on_the_way_back(open_page: Opener) -> None:
    page = open_page(choices=0)
    expect(page.get_by_role("button", name="Your privacy")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_three_answers_have_the_same_weight(banner_of: Opener, width: int, height: int) -> None:
    page = banner_of(viewport={"width": width, "height": height})
    names = ("Reject all", "Accept all", "Choose")
    boxes = [box_of(page, name) for name in names]
    assert len({(round(box["width"]), round(box["height"])) for box in boxes}) == 1
    assert boxes[0]["height"] >= 44
    looks = [
        page.get_by_role("button", name=name, exact=True).evaluate(
            "(b) => { const s = getComputedStyle(b);"
            " return [s.color, s.backgroundColor, s.borderColor, s.fontWeight, s.fontSize].join() }"
        )
        for name in names
    ]
    assert len(set(looks)) == 1


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_cut_off_sideways(banner_of: Opener, width: int, height: int) -> None:
    page = banner_of(viewport={"width": width, "height": height})
    choose(page)
    page.get_by_text("2 cookies").click()
    inner = page.get_by_role("dialog").evaluate("(d) => [d.scrollWidth, d.clientWidth]")
    assert inner[0] <= inner[1]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_small_or_magnified_screen_every_answer_can_be_reached(banner_of: Opener) -> None:
    page = banner_of(viewport={"width": 320, "height": 256})
    for name in ("Reject all", "Accept all", "Choose"):
        button = page.get_by_role("button", name=name, exact=True)
        button.scroll_into_view_if_needed()
        expect(button).to_be_in_viewport(ratio=1)


def test_the_page_does_not_move_when_the_banner_comes(site: Site, open_page: Opener) -> None:
    site.body = "<p>One</p><p>Two</p>"
    page = open_page()
    expect(page.get_by_role("dialog")).to_be_visible()
    shifts = page.evaluate(
        "new Promise((go) => { new PerformanceObserver((l) => go(l.getEntries().length))"
        ".observe({type: 'layout-shift', buffered: true}); setTimeout(() => go(0), 500) })"
    )
    assert shifts == 0


def test_the_banner_takes_no_focus_but_is_the_first_stop(site: Site, banner_of: Opener) -> None:
    site.body = '<a href="/x">Next</a>'
    page = banner_of()
    assert page.evaluate("document.activeElement === document.body")
    page.keyboard.press("Tab")
    assert focused(page) == "Your privacy"


def test_choices_are_made_and_left_by_keyboard(site: Site, open_page: Opener) -> None:
    site.body = "<button data-privet-open>Cookies</button>"
    page = open_page(choices=0)
    opener = page.get_by_role("button", name="Cookies")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_focused()
    stops = ["Close", "Your privacy", "Why this rule holds here · Spain", "2 cookies, all ours", ""]
    for stop in stops:
        page.keyboard.press("Tab")
        assert focused(page) == stop
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("switch", name="Performance").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save my choices").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()
    assert page.evaluate("privet.choices().performance")


def test_escape_before_a_decision_goes_back_to_the_question(banner_of: Opener) -> None:
    page = banner_of()
    choose(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Choose")).to_be_visible()
    expect(page.get_by_role("switch")).to_have_count(0)


def test_the_way_back_gets_the_focus_back(open_page: Opener) -> None:
    page = open_page(choices=0)
    page.get_by_role("button", name="Your privacy").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Your privacy")).to_be_focused()


def test_a_page_with_its_own_way_back_gets_no_second(site: Site, open_page: Opener) -> None:
    site.body = '<a href="/privacy/choices" data-privet-open>Cookies</a>'
    page = open_page(choices=0)
    eventually(page, lambda: site.asked("/api/v1/consent/standing"))
    expect(page.get_by_role("button", name="Your privacy")).to_have_count(0)
    page.get_by_role("link", name="Cookies").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.url.endswith("/course/a")


def test_when_privet_does_not_answer_the_way_back_leads_to_the_page(
    site: Site, open_page: Opener
) -> None:
    page = open_page(choices=0)
    site.is_answering = False
    page.get_by_role("button", name="Your privacy").click()
    page.wait_for_url("**/privacy/choices")
    assert page.get_by_role("dialog").count() == 0


def test_the_number_of_cookies_is_the_real_one(banner_of: Opener) -> None:
    page = banner_of()
    items = page.get_by_role("dialog").get_by_role("listitem")
    expect(items).to_have_count(4)
    expect(items.nth(0)).to_contain_text("2 cookies")
    choose(page)
    page.get_by_text("2 cookies").click()
    cookie = page.get_by_role("listitem").filter(has_text="privet_necessary_1")
    expect(cookie).to_contain_text("183 days")


def test_the_banner_speaks_spanish(site: Site, open_page: Opener) -> None:
    site.language = "es"
    page = open_page(locale="es-ES")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog).to_have_attribute("lang", "es")
    assert violations(page) == []


def test_the_banner_reads_from_right_to_left(site: Site, open_page: Opener) -> None:
    site.direction = "rtl"
    page = open_page()
    expect(page.get_by_role("dialog")).to_be_visible()
    choose(page)
    switch = page.get_by_role("switch", name="Performance").bounding_box()
    words = page.get_by_text("Counts which pages").bounding_box()
    assert switch
    assert words
    assert switch["x"] < words["x"]
    assert violations(page) == []


def test_the_page_can_give_the_banner_its_own_colours(site: Site, banner_of: Opener) -> None:
    page = banner_of()
    page.evaluate(
        "document.adoptedStyleSheets = [new CSSStyleSheet()];"
        "document.adoptedStyleSheets[0].replaceSync('#privet-banner { --surface: rgb(1, 2, 3) }')"
    )
    colour = page.get_by_role("dialog").evaluate("(d) => getComputedStyle(d).backgroundColor")
    assert colour == "rgb(1, 2, 3)"


def test_a_page_may_be_light_only(site: Site, open_page: Opener) -> None:
    site.attributes = 'data-theme="light"'
    page = open_page(color_scheme="dark")
    colour = page.get_by_role("dialog").evaluate("(d) => getComputedStyle(d).backgroundColor")
    assert colour == "rgb(255, 255, 255)"


def test_forced_colours_leave_the_switches_readable(banner_of: Opener) -> None:
    page = banner_of(forced_colors="active")
    choose(page)
    knob = page.get_by_role("switch", name="Performance").evaluate(
        "(box) => { const k = getComputedStyle(box, '::before'), b = getComputedStyle(box);"
        " return [k.borderTopColor, b.backgroundColor] }"
    )
    assert knob[0] != knob[1]


def test_a_strict_policy_is_kept_on_every_layer(open_page: Opener) -> None:
    said: list[str] = []
    opened = open_page()
    page = (
        opened.context.new_page()
    )  # Not the same again: what a reload breaks off is complained of.
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(opened.url)
    expect(page.get_by_role("dialog")).to_be_visible()
    choose(page)
    page.get_by_role("button", name="Accept all").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert said == []


def test_the_script_twice_on_a_page_makes_one_banner(banner_of: Callable[..., Any]) -> None:
    page = banner_of()
    page.evaluate("""async () => {
      const again = document.createElement('script');
      again.nonce = 'n0nce'; again.dataset.site = 'hedgerow';
      const policy = trustedTypes.createPolicy('test', {createScriptURL: (url) => url});
      again.src = policy.createScriptURL('/t/privet.js');
      await new Promise((go) => { again.onload = go; document.head.append(again) });
    }""")
    page.wait_for_timeout(300)
    expect(page.get_by_role("dialog")).to_have_count(1)


def test_focus_below_the_banner_is_scrolled_into_sight(site: Site, banner_of: Opener) -> None:
    site.body = "".join(f'<p><a href="/{n}">Link {n}</a></p>' for n in range(60))
    page = banner_of(viewport={"width": 1000, "height": 700})
    for _ in range(30):
        page.keyboard.press("Tab")
    link = page.evaluate("document.activeElement.getBoundingClientRect().bottom")
    top = page.get_by_role("dialog").bounding_box()
    assert top
    assert link <= top["y"]


def focused(page: Page) -> str:
    """The words of what has the focus, in the banner or on the page."""
    found: str = page.evaluate(
        "(document.activeElement.shadowRoot ?? document).activeElement.textContent"
    )
    return found
