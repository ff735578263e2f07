"""A withdrawal ends what runs, clears what was set, and loads the page anew once if it must."""

from playwright.sync_api import Page, expect

from tests.journeys.guard.conftest import Opener, answer_banner, heard, until, withdraw
from tests.journeys.guard.site import GuardSite, waiting
from tests.journeys.sdk.eventually import eventually

ALL = 7
SET = """() => {
  document.cookie = 'shop_ad=1; path=/';
  document.cookie = 'shop_basket=1; path=/';
  document.cookie = 'seen_ad=1; path=/course';
  document.cookie = '_visits=1; path=/course/a';
  document.cookie = 'unheard=1; path=/';
  localStorage['ad.profile'] = sessionStorage['ad.visit'] = localStorage['own'] = 'x';
}"""
FRAME = '<iframe data-privet="targeting" data-src="{0}/frame/film" title="Film"></iframe>'
REFUSED = "window.privet?.decision?.choices === 0"


def _cookies(page: Page) -> set[str]:
    return {str(one.get("name")) for one in page.context.cookies()} - {"privet_consent"}


def _await_load(page: Page, site: GuardSite, times: int) -> None:
    eventually(page, lambda: site.asked("/course/a") == times)


def test_registered_cookies_and_storage_go_on_whatever_path_they_lie(
    site: GuardSite, open_page: Opener
) -> None:
    page = open_page(choices=ALL)
    page.evaluate(SET)
    withdraw(page)
    until(page, REFUSED)
    assert _cookies(page) == {"shop_basket", "unheard"}
    assert page.evaluate("Object.keys(localStorage).join()") == "own"
    assert page.evaluate("sessionStorage['ad.visit'] === undefined")
    assert site.asked("/course/a") == 1


def test_a_category_that_stays_allowed_keeps_its_own(open_page: Opener) -> None:
    page = open_page(choices=ALL)
    page.evaluate(SET)
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('privet:decision',"
        " {detail: {choices: 3, gpc: false, regime: 'opt_in'}}))"
    )
    assert _cookies(page) == {"shop_basket", "unheard", "_visits"}


def test_what_was_withdrawn_elsewhere_is_cleared_by_the_next_page(open_page: Opener) -> None:
    page = open_page(choices=0)
    page.evaluate(SET)
    page.reload()
    until(page, REFUSED)
    eventually(page, lambda: _cookies(page) == {"shop_basket", "unheard"})


def test_databases_and_caches_go(open_page: Opener) -> None:
    page = open_page(choices=ALL)
    page.evaluate(
        """async () => {
          for (const name of ['ads', 'own'])
            await new Promise((go) => {
              const opening = indexedDB.open(name);
              opening.onsuccess = () => { opening.result.close(); go(); };
            });
          for (const name of ['ads-1', 'own-1']) await caches.open(name);
        }"""
    )
    withdraw(page)
    until(page, REFUSED)
    left = """async () => [...(await indexedDB.databases()).map((one) => one.name),
      ...await caches.keys()].join()"""
    eventually(page, lambda: page.evaluate(left) == "own,own-1")


def test_a_script_that_ran_is_ended_by_one_reload(site: GuardSite, open_page: Opener) -> None:
    site.body = waiting("targeting", "ad")
    page = open_page(choices=ALL)
    until(page, "window.ran?.length === 1")
    withdraw(page)
    _await_load(page, site, 2)
    until(page, REFUSED)
    assert page.evaluate("window.ran") is None
    assert page.evaluate("sessionStorage.privet_reload") is None
    assert site.asked("/probe/ad.js") == 1
    assert site.asked("/course/a") == 2


def test_whoever_says_yes_and_no_again_is_obeyed_each_time(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = waiting("targeting", "ad")
    page = open_page()
    for round_ in (1, 2):
        if round_ == 1:
            answer_banner(page, "Accept all")
        else:
            page.evaluate("privet.open()")
            answer_banner(page, "Accept all")
        until(page, "window.ran?.length === 1")
        withdraw(page)
        _await_load(page, site, round_ + 1)
        until(page, REFUSED)


def test_without_a_script_there_is_no_reload_and_frames_are_emptied(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = FRAME.format(site.elsewhere)
    page = open_page(choices=ALL)
    film = page.frame_locator("iframe[title=Film]")
    expect(film.get_by_text("Frame film")).to_be_attached()
    withdraw(page)
    expect(page.get_by_role("group")).to_be_visible()
    expect(film.get_by_text("Frame film")).to_have_count(0)
    assert site.asked("/course/a") == 1


def test_a_page_that_ends_its_scripts_itself_is_not_loaded_anew(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = waiting("targeting", "ad")
    page = open_page(choices=ALL)
    until(page, "window.ran?.length === 1")
    page.evaluate(
        "document.addEventListener('privet:withdrawn',"
        " (event) => { event.preventDefault(); window.told = event.detail.choices })"
    )
    withdraw(page)
    until(page, "window.told === 0 && window.privet.decision.choices === 0")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.locator("script[src*='/probe/ad.js']").count() == 0
    assert site.asked("/course/a") == 1


def test_two_sources_that_contradict_each_other_make_no_loop(
    site: GuardSite, open_page: Opener
) -> None:
    says = "document.dispatchEvent(new CustomEvent('privet:decision',{detail:{choices:%d}}));"
    contradict = f"{says % 4}setTimeout(() => {{ {says % 0} window.over = true }}, 50);"
    site.body = (
        waiting("targeting", "ad")
        + f'<script nonce="n0nce">document.cookie="privet_consent=x;path=/";{contradict}</script>'
    )
    # Privet itself is left out: the page contradicts itself.
    lines: list[str] = []

    def prepare(page: Page) -> None:
        page.route("**/t/privet.js", lambda route: route.abort())
        page.on("console", lambda message: lines.append(message.text))

    page = open_page(prepare=prepare)
    eventually(page, lambda: any("may still run" in line for line in lines))
    assert site.asked("/course/a") == 2


def test_a_withdrawal_that_could_not_be_stored_holds_on_this_page(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = FRAME.format(site.elsewhere)
    page = open_page(choices=ALL)
    page.evaluate(SET)
    page.evaluate("privet.open()")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    site.is_answering = False
    dialog.get_by_role("button", name="Reject all").click()
    until(page, REFUSED)
    assert _cookies(page) == {"shop_basket", "unheard"}
    expect(page.locator("iframe[src]")).to_have_count(0)


def test_choices_that_are_none_allow_nothing(site: GuardSite, open_page: Opener) -> None:
    site.body = waiting("performance", "count")
    page = open_page()
    lines = heard(page)
    say = "document.dispatchEvent(new CustomEvent('privet:decision',{detail:{choices:%s}}))"
    for bad in ("'7'", "-1", "7.5", "{}", "1e9", "null"):
        page.evaluate(say % bad)
    page.evaluate("document.dispatchEvent(new CustomEvent('privet:decision'))")
    assert site.asked("/probe/") == 0
    assert not [line for line in lines if "error" in line]
