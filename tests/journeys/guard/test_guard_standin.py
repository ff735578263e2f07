"""The stand-in: who waits there, and two ways to see it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.guard.conftest import Opener, until
from tests.journeys.guard.site import AXE, GuardSite, waiting

EMBED = (
    '<iframe data-privet="targeting" data-privet-from="Fieldnotes" data-src="{0}/frame/{1}"'
    ' title="{1}" width="400" height="240"></iframe>'
)


def test_it_says_who_it_is_and_what_it_needs(site: GuardSite, open_page: Opener) -> None:
    site.body = EMBED.format(site.elsewhere, "film")
    page = open_page(choices=0)
    group = page.get_by_role("group", name="From Fieldnotes")
    expect(group).to_contain_text("those who allow targeting")
    expect(group.get_by_role("button")).to_have_text(["Show it once", "Open the choices"])


def test_without_a_name_it_says_the_host(site: GuardSite, open_page: Opener) -> None:
    site.body = EMBED.format(site.elsewhere, "film").replace('data-privet-from="Fieldnotes"', "")
    page = open_page(choices=0)
    host = site.elsewhere.removeprefix("http://")
    expect(page.get_by_role("group", name=f"From {host}")).to_be_visible()


def test_a_click_loads_this_one_once_and_decides_nothing(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = EMBED.format(site.elsewhere, "one") + EMBED.format(site.elsewhere, "two")
    page = open_page(choices=0)
    page.get_by_role("button", name="Show it once").first.click()
    expect(page.frame_locator("iframe[title=one]").get_by_text("Frame one")).to_be_visible()
    until(page, "document.activeElement !== document.body")
    assert page.evaluate("document.activeElement.title") == "one"
    expect(page.get_by_role("group", name="From Fieldnotes")).to_have_count(1)
    assert site.asked("/frame/two") == 0
    assert site.decisions == []
    page.reload()
    expect(page.get_by_role("group", name="From Fieldnotes")).to_have_count(2)


def test_a_focus_that_was_lost_while_the_frame_came_stands_on_it(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = EMBED.format(site.elsewhere, "slow")
    page = open_page(choices=0)
    page.get_by_role("button", name="Show it once").click()
    page.evaluate("document.activeElement.blur()")
    site.slow.set()
    until(page, "document.activeElement !== document.body")
    assert page.evaluate("document.activeElement.title") == "slow"


def test_who_went_elsewhere_while_the_frame_came_stays_there(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = EMBED.format(site.elsewhere, "slow") + "<input id=field>"
    page = open_page(choices=0)
    page.get_by_role("button", name="Show it once").click()
    page.locator("#field").fill("typed")
    site.slow.set()
    expect(page.frame_locator("iframe[title=slow]").get_by_text("Frame slow")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "field"


def test_a_share_button_by_a_script_has_one_too(site: GuardSite, open_page: Opener) -> None:
    site.body = waiting("targeting", "share", 'data-privet-from="Chirp"')
    page = open_page(choices=0)
    page.get_by_role("group", name="From Chirp").get_by_role("button", name="Show it once").click()
    until(page, "!!window.ran")
    assert page.evaluate("window.ran") == ["share"]


def test_the_other_button_opens_the_choices(site: GuardSite, open_page: Opener) -> None:
    site.body = EMBED.format(site.elsewhere, "film")
    page = open_page(choices=0)
    page.get_by_role("button", name="Open the choices").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Accept all").click()
    expect(page.frame_locator("iframe[title=film]").get_by_text("Frame film")).to_be_visible()


def test_a_pixel_has_none(site: GuardSite, open_page: Opener) -> None:
    small = EMBED.format(site.elsewhere, "film").replace('"400"', '"1"')
    site.body = small.replace('data-privet-from="Fieldnotes"', "") + (
        '<img data-privet="targeting" data-src="/pixel.svg" alt="">'
    )
    page = open_page(choices=0)
    until(page, "window.privet?.decision?.choices === 0")
    expect(page.get_by_role("group")).to_have_count(0)


def test_nothing_moves_when_the_frame_comes(site: GuardSite, open_page: Opener) -> None:
    site.body = EMBED.format(site.elsewhere, "film") + "<p id=below>Below</p>"
    page = open_page(choices=0, viewport={"width": 1000, "height": 700})
    before = page.locator("#below").bounding_box()
    page.get_by_role("button", name="Show it once").click()
    expect(page.frame_locator("iframe[title=film]").get_by_text("Frame film")).to_be_visible()
    after = page.locator("#below").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 16


def test_it_speaks_the_language_of_the_page(site: GuardSite, open_page: Opener) -> None:
    site.language = "es"
    site.body = EMBED.format(site.elsewhere, "film")
    page = open_page(choices=0)
    expect(page.get_by_role("group", name="De Fieldnotes")).to_contain_text("publicidad dirigida")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1200])
def test_nobody_is_shut_out(site: GuardSite, open_page: Opener, scheme: str, width: int) -> None:
    site.body = EMBED.format(site.elsewhere, "film")
    page = open_page(choices=0, color_scheme=scheme, viewport={"width": width, "height": 700})
    expect(page.get_by_role("group", name="From Fieldnotes")).to_be_visible()
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run('.privet-standin').then(r => r.violations.map(v => v.id))")
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
