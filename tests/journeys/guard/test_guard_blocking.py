"""What declares a category waits for it, and starts without a reload."""

from playwright.sync_api import expect

from tests.journeys.guard.conftest import Opener, answer_banner, heard, until
from tests.journeys.guard.site import GuardSite, waiting
from tests.journeys.sdk.eventually import eventually

RAN = "(window.ran??[]).join()"
FRAME = (
    '<iframe data-privet="targeting" data-src="{0}/frame/film" title="Film"'
    ' width="400" height="240"></iframe>'
)
INLINE = (
    '<script type="text/plain" data-privet="performance" nonce="n0nce">'
    'window.ran.push("inline")</script>'
)


def test_before_a_decision_nothing_that_waits_is_even_asked_for(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = (
        waiting("performance", "count")
        + FRAME.format(site.elsewhere)
        + '<img data-privet="targeting" data-src="/pixel.svg" alt="" width="1" height="1">'
    )
    page = open_page()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert [site.asked(path) for path in ("/probe/", "/frame/", "/pixel")] == [0, 0, 0]


def test_after_the_yes_everything_starts_in_its_order_without_a_reload(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = (
        waiting("performance", "slow")
        + INLINE
        + waiting("performance", "last")
        + FRAME.format(site.elsewhere)
        + '<img data-privet="targeting" data-src="/pixel.svg" alt="">'
    )
    page = open_page()
    page.evaluate("window.here = true")
    answer_banner(page, "Accept all")
    expect(page.frame_locator("iframe[title=Film]").get_by_text("Frame film")).to_be_visible()
    assert page.evaluate(RAN) == ""
    site.slow.set()
    until(page, f"{RAN} === 'slow,inline,last'")
    assert page.evaluate("window.here") is True
    eventually(page, lambda: site.asked("/pixel"))
    assert site.asked("/pixel") == 1
    assert site.asked("/course/a") == 1


def test_an_asynchronous_script_holds_nobody_up(site: GuardSite, open_page: Opener) -> None:
    site.body = waiting("performance", "slow", "async") + waiting("performance", "second")
    page = open_page(choices=1, wait="domcontentloaded")
    until(page, f"{RAN} === 'second'")
    site.slow.set()
    until(page, "window.ran.length === 2")
    assert page.evaluate(RAN) == "second,slow"


def test_only_what_is_allowed_starts(site: GuardSite, open_page: Opener) -> None:
    site.body = (
        waiting("targeting", "ad")
        + waiting("performance targeting", "both")
        + waiting("performance", "count")
        + waiting("necessary", "needed")
    )
    page = open_page(choices=1)
    until(page, "(window.ran??[]).length === 2")
    assert sorted(page.evaluate("window.ran")) == ["count", "needed"]
    assert site.asked("/probe/ad.js") + site.asked("/probe/both.js") == 0


def test_an_unknown_category_never_starts_and_is_told_once(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = (
        waiting("analytics", "a") + waiting("analytics", "b") + waiting("performance", "count")
    )
    lines: list[str] = []
    page = open_page(
        choices=63, prepare=lambda page: page.on("console", lambda m: lines.append(m.text))
    )
    until(page, f"{RAN} === 'count'")
    assert site.asked("/probe/a.js") + site.asked("/probe/b.js") == 0
    eventually(page, lambda: any('"analytics"' in line for line in lines))
    assert len([line for line in lines if '"analytics"' in line]) == 1


def test_what_came_by_a_change_in_place_waits_and_starts_too(
    site: GuardSite, open_page: Opener
) -> None:
    add = """([src, title]) => {
      history.pushState({}, '', '/course/' + title);
      const frame = document.createElement('iframe');
      Object.assign(frame.dataset, { privet: 'targeting', src });
      frame.title = title;
      document.querySelector('main').replaceChildren(frame);
    }"""
    page = open_page()
    page.evaluate(add, [f"{site.elsewhere}/frame/one", "one"])
    expect(page.get_by_role("group")).to_be_visible()
    answer_banner(page, "Accept all")
    expect(page.frame_locator("iframe[title=one]").get_by_text("Frame one")).to_be_visible()
    page.evaluate(add, [f"{site.elsewhere}/frame/two", "two"])
    expect(page.frame_locator("iframe[title=two]").get_by_text("Frame two")).to_be_visible()
    expect(page.get_by_role("group")).to_have_count(0)


def test_a_frame_that_is_used_again_for_another_page_shows_that(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = FRAME.format(site.elsewhere)
    page = open_page(choices=4)
    film = page.frame_locator("iframe[title=Film]")
    expect(film.get_by_text("Frame film")).to_be_visible()
    page.evaluate(
        "src => { document.querySelector('iframe').dataset.src = src }",
        f"{site.elsewhere}/frame/other",
    )
    expect(film.get_by_text("Frame other")).to_be_visible()


def test_what_goes_takes_its_stand_in_with_it(site: GuardSite, open_page: Opener) -> None:
    site.body = FRAME.format(site.elsewhere)
    page = open_page()
    expect(page.get_by_role("group")).to_be_visible()
    page.evaluate("document.querySelector('iframe').remove()")
    expect(page.get_by_role("group")).to_have_count(0)


def test_markup_without_the_nonce_is_not_run_with_our_trust(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = waiting("performance", "smuggled").replace("n0nce", "guessed") + waiting(
        "performance", "count"
    )
    page = open_page(choices=1)
    until(page, f"{RAN} === 'count'")
    assert site.asked("/probe/smuggled.js") == 0


def test_an_address_that_is_none_of_the_web_is_never_loaded(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = (
        '<iframe data-privet="targeting" data-src="javascript:parent.ran=[1]" title="a"></iframe>'
        '<iframe data-privet="targeting" data-src="data:text/html,b" title="b"></iframe>'
        + waiting("performance", "count").replace("/probe/count.js", "data:text/javascript,ran=2")
        + waiting("performance", "last")
    )
    page = open_page(choices=5)
    until(page, f"{RAN} === 'last'")
    assert page.locator("iframe[src]").count() == 0


def test_it_works_under_a_strict_policy_with_trusted_types(
    site: GuardSite, open_page: Opener
) -> None:
    lines: list[str] = []

    def listen(page: object) -> None:
        lines.append("")
        lines[:] = heard(page)  # type: ignore[arg-type]

    site.body = waiting("performance", "count") + INLINE + FRAME.format(site.elsewhere)
    page = open_page(choices=5, prepare=listen)
    until(page, f"{RAN} === 'count,inline'")
    expect(page.frame_locator("iframe[title=Film]").get_by_text("Frame film")).to_be_visible()
    assert not [line for line in lines if "error" in line.lower() or "policy" in line.lower()]
