"""A withdrawal ends what runs, clears what was set, and loads the page anew once if it must."""

import base64

from playwright.sync_api import Page, Route, expect

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


def _hold(page: Page, addresses: str, held: list[Route]) -> None:
    """Let requests to these addresses wait, until they are continued one by one."""

    def hold(route: Route) -> None:
        held.append(route)

    page.route(addresses, hold)


def _withdraw_until_loaded_anew(page: Page, site: GuardSite, times: int) -> None:
    """Refuse everything, and wait until the page was loaded anew: so many times by then."""
    page.evaluate("window.isOld = true")
    withdraw(page)
    eventually(page, lambda: site.asked("/course/a") == times)
    # The old page stands, with its choices, until the new one has begun to come.
    until(page, f"!window.isOld && {REFUSED}")


def test_registered_cookies_and_storage_go_on_whatever_path_they_lie(
    site: GuardSite, open_page: Opener
) -> None:
    page = open_page(choices=ALL)
    page.evaluate(SET)
    withdraw(page)
    until(page, REFUSED)
    assert eventually(page, lambda: _cookies(page) == {"shop_basket", "unheard"})
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
    assert eventually(page, lambda: _cookies(page) == {"shop_basket", "unheard", "_visits"})


def test_what_was_withdrawn_elsewhere_is_cleared_by_the_next_page(open_page: Opener) -> None:
    page = open_page(choices=0)
    page.evaluate(SET)
    page.reload()
    until(page, REFUSED)
    assert eventually(page, lambda: _cookies(page) == {"shop_basket", "unheard"})


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
    assert eventually(page, lambda: page.evaluate(left) == "own,own-1")


def test_a_script_that_ran_is_ended_by_one_reload(site: GuardSite, open_page: Opener) -> None:
    site.body = waiting("targeting", "ad")
    page = open_page(choices=ALL)
    until(page, "window.ran?.length === 1")
    _withdraw_until_loaded_anew(page, site, 2)
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
        if round_ == 2:
            page.evaluate("privet.open()")
        answer_banner(page, "Accept all")
        until(page, "window.ran?.length === 1")
        _withdraw_until_loaded_anew(page, site, round_ + 1)
        assert page.evaluate("window.ran") is None


def test_the_page_waits_with_its_reload_until_the_withdrawal_is_stored(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = waiting("targeting", "ad")
    page = open_page(choices=ALL)
    until(page, "window.ran?.length === 1")
    held: list[Route] = []
    _hold(page, "**/api/v1/consent/decisions", held)
    page.evaluate("window.isOld = true; privet.open()")
    page.get_by_role("dialog").get_by_role("button", name="Reject all").click()
    assert eventually(page, lambda: held)
    page.wait_for_timeout(500)
    assert site.asked("/course/a") == 1
    held[0].continue_()
    until(page, f"!window.isOld && {REFUSED}")
    assert page.evaluate("window.ran") is None
    assert site.asked("/probe/ad.js") == 1


def test_what_was_withdrawn_in_another_tab_ends_here_by_a_reload_too(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = waiting("targeting", "ad")
    page = open_page(choices=ALL)
    other = page.context.new_page()
    other.goto(page.url)
    for one in (page, other):
        until(one, "window.ran?.length === 1")
        one.evaluate("window.isOld = true")
    withdraw(other)
    until(other, f"!window.isOld && {REFUSED}")
    page.evaluate("window.dispatchEvent(new Event('pageshow'))")
    until(page, f"!window.isOld && {REFUSED}")
    assert page.evaluate("window.ran") is None
    assert site.asked("/probe/ad.js") == 2
    assert site.asked("/course/a") == 4


def test_what_is_decided_in_another_tab_counts_here_before_it_is_looked_at(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = waiting("targeting", "ad")
    page = open_page()
    other = page.context.new_page()
    other.goto(page.url)
    expect(page.get_by_role("dialog")).to_be_visible()
    answer_banner(other, "Accept all")
    until(page, "window.ran?.length === 1")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.evaluate("window.isOld = true")
    withdraw(other)
    until(page, f"!window.isOld && {REFUSED}")
    assert page.evaluate("window.ran") is None


def test_a_script_of_a_learner_who_signs_out_in_place_is_ended_by_a_reload(
    site: GuardSite, open_page: Opener
) -> None:
    site.attributes = 'data-token-url="/privet-token"'
    site.token = "e30." + base64.urlsafe_b64encode(b'{"sub":"alice","exp":9e9}').decode() + ".s"
    site.body = waiting("targeting", "ad")
    page = open_page(choices=ALL, of="learner")
    until(page, "window.ran?.length === 1")
    site.token = ""
    page.evaluate("window.isOld = true; privet.identify()")
    until(page, "!window.isOld && window.privet?.decision?.choices === null")
    assert page.evaluate("window.ran") is None
    assert site.asked("/course/a") == 2


def test_without_a_script_there_is_no_reload_and_frames_are_emptied(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = FRAME.format(site.elsewhere)
    page = open_page(choices=ALL)
    film = page.frame_locator("iframe[title=Film]")
    expect(film.get_by_text("Frame film")).to_be_attached()
    withdraw(page)
    expect(page.get_by_role("group", name="From")).to_be_visible()
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
    assert eventually(page, lambda: _cookies(page) == {"shop_basket", "unheard"})
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


def test_a_script_that_was_still_loading_does_not_run_when_it_comes(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = waiting("targeting", "ad")
    held: list[Route] = []
    page = open_page(
        choices=ALL,
        wait="domcontentloaded",
        prepare=lambda page: _hold(page, "**/probe/ad.js*", held),
    )
    eventually(page, lambda: len(held) == 1)
    # Where a page is loaded anew this is over at once; a page may also stay as it is.
    page.evaluate(
        "document.addEventListener('privet:withdrawn', (event) => event.preventDefault())"
    )
    withdraw(page)
    until(page, REFUSED)
    with page.expect_event("requestfinished", lambda one: "/probe/ad.js" in one.url):
        held[0].continue_()
    page.evaluate("new Promise((go) => setTimeout(go, 300))")
    assert page.evaluate("window.ran") is None
    page.evaluate("privet.open()")
    answer_banner(page, "Accept all")
    eventually(page, lambda: len(held) == 2)
    held[1].continue_()
    until(page, "window.ran?.length === 1")


def test_a_listener_of_gpp_that_fails_does_not_keep_a_withdrawal_from_clearing(
    open_page: Opener,
) -> None:
    page = open_page(choices=ALL)
    page.evaluate(SET)
    page.evaluate(
        """__gpp('addEventListener', ({eventName}) => {
          if (eventName !== 'listenerRegistered') throw new Error('theirs');
        })"""
    )
    withdraw(page)
    until(page, REFUSED)
    assert eventually(page, lambda: _cookies(page) == {"shop_basket", "unheard"})
