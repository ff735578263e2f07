"""What waits in a shadow root, or was written into the page, waits and starts like the rest."""

import pytest
from playwright.sync_api import expect

from tests.journeys.guard.conftest import Opener, answer_banner, until, withdraw
from tests.journeys.guard.site import GuardSite, waiting
from tests.journeys.sdk.eventually import eventually

RAN = "(window.ran??[]).join()"
FRAME = '<iframe data-privet="targeting" data-src="{0}/frame/film" title="Film"></iframe>'
DECLARED = '<div id="host"><template shadowrootmode="{0}">{1}</template></div>'
MADE = """([mode, isLate]) => {
  const host = document.createElement("div");
  if (!isLate) document.body.append(host);
  const image = document.createElement("img");
  image.dataset.privet = "performance";
  image.dataset.src = "/pixel.svg";
  host.attachShadow({ mode }).append(image);
  if (isLate) setTimeout(() => { document.body.append(host); window.done = true });
  else window.done = true;
}"""


def test_a_declared_root_waits_for_the_yes_and_ends_with_the_no(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = DECLARED.format("open", FRAME.format(site.elsewhere))
    page = open_page()
    expect(page.get_by_role("group", name="From")).to_be_visible()
    assert site.asked("/frame/") == 0
    answer_banner(page, "Accept all")
    film = page.frame_locator("iframe[title=Film]")
    expect(film.get_by_text("Frame film")).to_be_visible()
    withdraw(page)
    expect(page.get_by_role("group", name="From")).to_be_visible()
    expect(film.get_by_text("Frame film")).to_have_count(0)


def test_scripts_in_roots_run_in_the_order_of_the_page(site: GuardSite, open_page: Opener) -> None:
    site.body = (
        waiting("performance", "first")
        + DECLARED.format("open", waiting("performance", "inside"))
        + waiting("performance", "last")
    )
    page = open_page()
    answer_banner(page, "Accept all")
    until(page, "window.ran?.length === 3")
    assert page.evaluate(RAN) == "first,inside,last"


@pytest.mark.parametrize("is_late", [False, True])
def test_a_root_that_a_script_makes_is_looked_into(
    site: GuardSite, open_page: Opener, is_late: bool
) -> None:
    page = open_page()
    page.evaluate(MADE, ["open", is_late])
    until(page, "window.done")
    assert site.asked("/pixel") == 0
    answer_banner(page, "Accept all")
    expect(page.locator("img[src$='/pixel.svg']")).to_have_count(1)


def test_what_waits_in_a_closed_root_stays_off(site: GuardSite, open_page: Opener) -> None:
    page = open_page()
    page.evaluate(MADE, ["closed", False])
    page.evaluate(MADE, ["open", False])
    answer_banner(page, "Accept all")
    expect(page.locator("img[src$='/pixel.svg']")).to_have_count(1)
    eventually(page, lambda: site.asked("/pixel"))
    assert site.asked("/pixel") == 1


def test_what_is_written_while_the_page_loads_waits(site: GuardSite, open_page: Opener) -> None:
    frame = FRAME.format(site.elsewhere)
    # The page demands trusted types, so its own script needs a policy to write anything.
    site.body = (
        '<script nonce="n0nce">const same = trustedTypes.createPolicy("page",'
        " {createHTML: (text) => text});"
        f"document.write(same.createHTML('{frame}'))</script>"
    )
    page = open_page()
    expect(page.get_by_role("group", name="From")).to_be_visible()
    assert site.asked("/frame/") == 0
    answer_banner(page, "Accept all")
    expect(page.frame_locator("iframe[title=Film]").get_by_text("Frame film")).to_be_visible()
