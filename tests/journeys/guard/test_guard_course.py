"""In a course what nobody registered is kept out and told once, and nothing else is touched."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.guard.conftest import Opener, until, withdraw
from tests.journeys.guard.site import COURSE, GuardSite
from tests.journeys.sdk.eventually import eventually

PERFORMANCE = 1
KNOWN: list[list[object]] = [
    ["necessary", "cookie", "privet_consent", False],
    ["performance", "session_storage", "privet_visit", False],
    ["performance", "local_storage", "privet_queue", False],
    ["necessary", "cookie", "platform_session", False],
    ["necessary", "cookie", "lab_place", True],
    ["performance", "cookie", "lab_count", True],
    ["targeting", "cookie", "lab_ad", True],
    ["necessary", "local_storage", "lab.draft.*", True],
]


@pytest.fixture(autouse=True)
def _of_a_member(site: GuardSite) -> None:
    site.known_in_course = KNOWN


@pytest.fixture
def seen_by(site: GuardSite) -> Callable[[], list[dict[str, str]]]:
    """All that was reported of the course."""

    def found() -> list[dict[str, str]]:
        with site.lock:
            return [one for report in site.reports for one in report["seen"]]

    return found


def _cookies(page: Page) -> set[str]:
    return {str(one.get("name")) for one in page.context.cookies()} - {"privet_consent"}


def _open(open_page: Opener, script: str, site: GuardSite, *, choices: int = PERFORMANCE) -> Page:
    site.body = f'<script nonce="n0nce">{script}; window.over = true</script>'
    page = open_page("/course/a?learner=alice", choices=choices)
    until(page, "window.over")
    return page


def test_a_members_cookie_is_set_if_it_is_registered_and_allowed(
    site: GuardSite, open_page: Opener, seen_by: Callable[[], list[dict[str, str]]]
) -> None:
    script = "; ".join(
        f"document.cookie = '{name}=secret; path=/'"
        for name in ("lab_place", "lab_count", "lab_ad", "sneaky", "platform_session")
    )
    page = _open(open_page, script, site)
    assert eventually(
        page, lambda: _cookies(page) == {"lab_place", "lab_count", "platform_session"}
    )
    assert eventually(page, lambda: bool(seen_by()))
    # The one that only was not allowed is registered: nobody has to be told of it.
    assert seen_by() == [
        {
            "name": "sneaky",
            "kind": "cookie",
            "setter": "localhost",
            "page": "/course/a",
        }
    ]


def test_a_report_names_the_course_and_nobody(site: GuardSite, open_page: Opener) -> None:
    page = _open(open_page, "document.cookie = 'sneaky=secret'", site)
    assert eventually(page, lambda: bool(site.reports))
    [report] = site.reports
    del report["seen"]
    assert report == {"site": "hedgerow", "institution": "hedge", "course": COURSE}
    assert "alice" not in str(site.reports)
    assert "secret" not in str(site.reports)


def test_each_name_is_told_once(
    site: GuardSite, open_page: Opener, seen_by: Callable[[], list[dict[str, str]]]
) -> None:
    page = _open(open_page, "for (const i of [1, 2]) document.cookie = 'sneaky=' + i", site)
    page.evaluate("document.cookie = 'sneaky=3'; document.cookie = 'other=1'")
    assert eventually(page, lambda: "other" in {one["name"] for one in seen_by()})
    assert [one["name"] for one in seen_by()].count("sneaky") == 1


def test_storage_and_the_cookie_store_are_kept_clean_too(
    site: GuardSite, open_page: Opener, seen_by: Callable[[], list[dict[str, str]]]
) -> None:
    script = """
      localStorage.setItem('lab.draft.1', 'x'); localStorage.setItem('hidden', 'x');
      sessionStorage.setItem('hidden', 'x'); localStorage.assigned = 'x';
      cookieStore.set('stored', 'x'); cookieStore.set({name: 'lab_place', value: 'x'})"""
    page = _open(open_page, script, site)
    assert eventually(page, lambda: _cookies(page) == {"lab_place"})
    left = "Object.keys(localStorage).filter((key) => !key.startsWith('privet')).join()"
    until(page, f"{left} === 'lab.draft.1'")
    assert page.evaluate("sessionStorage.getItem('hidden')") is None
    assert eventually(page, lambda: len(seen_by()) == 4)
    assert {(one["kind"], one["name"]) for one in seen_by()} == {
        ("local_storage", "hidden"),
        ("session_storage", "hidden"),
        ("local_storage", "assigned"),
        ("cookie", "stored"),
    }


def test_a_cookie_that_a_header_brings_is_removed_after_the_fact(
    site: GuardSite, open_page: Opener, seen_by: Callable[[], list[dict[str, str]]]
) -> None:
    page = open_page(choices=PERFORMANCE)
    # Asked for by a script: what a page names itself may be there before the guard begins.
    page.evaluate("fetch('/probe/header.js')")
    assert eventually(page, lambda: [one["name"] for one in seen_by()] == ["by_header"])
    assert eventually(page, lambda: _cookies(page) == set())


def test_what_was_there_before_is_the_platforms_and_stays(
    site: GuardSite, open_page: Opener
) -> None:
    def prepare(page: Page) -> None:
        cookie = {"name": "csrftoken", "value": "x", "url": site.address}
        page.context.add_cookies([cookie])  # type: ignore[list-item]

    page = open_page(choices=PERFORMANCE, prepare=prepare)
    page.evaluate("document.cookie = 'sneaky=1'")
    assert eventually(page, lambda: bool(site.reports))
    assert eventually(page, lambda: _cookies(page) == {"csrftoken"})


def test_a_script_may_always_end_a_cookie(site: GuardSite, open_page: Opener) -> None:
    page = _open(open_page, "document.cookie = 'lab_count=1; path=/'", site)
    page.evaluate("document.cookie = 'lab_count=; path=/; max-age=0'")
    assert eventually(page, lambda: _cookies(page) == set())


def test_what_is_withdrawn_is_not_set_again(site: GuardSite, open_page: Opener) -> None:
    page = _open(open_page, "document.cookie = 'lab_count=1; path=/'", site)
    page.evaluate("document.cookie = 'lab_count=; path=/; max-age=0'")
    withdraw(page)
    until(page, "window.privet?.decision?.choices === 0")
    page.evaluate("document.cookie = 'lab_count=2; path=/'")
    assert eventually(page, lambda: _cookies(page) == set())


def test_a_page_of_no_course_keeps_what_it_likes(site: GuardSite, open_page: Opener) -> None:
    site.known_in_course = None
    page = _open(open_page, "document.cookie = 'sneaky=1'; localStorage.own = 1", site)
    assert eventually(page, lambda: _cookies(page) == {"sneaky"})
    assert page.evaluate("localStorage.own") == "1"
    assert not site.reports
