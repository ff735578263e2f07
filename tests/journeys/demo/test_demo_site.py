"""The site itself in a browser: strict policy, no script, no barrier; and how the demo starts."""

import json
import signal
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demo.conftest import Open
from tests.journeys.demo.pages import PASSWORD
from tests.journeys.demo.running import ROOT, Demo, eventually, run_demo

AXE = ROOT / "sdk" / "node_modules" / "axe-core" / "axe.min.js"
OPEN = (
    "/",
    "/courses",
    "/courses/statistics",
    "/institutions",
    "/institutions/thicket",
    "/search?q=mean",
    "/sign-up",
    "/sign-in",
    "/workbench",
    "/about",
    "/nothing",
)
CLOSED = (
    "/courses/statistics/learn",
    "/courses/statistics/units/1",
    "/courses/statistics/units/3",
    "/courses/statistics/forum",
    "/progress",
    "/settings",
)


def test_no_page_breaks_its_own_policy_with_the_sdk_on_it(somebody: Open) -> None:
    alice = somebody()
    alice.sign_up()
    alice.answer_banner("Accept all")
    alice.enrol()
    for path in (*OPEN, *CLOSED):
        alice.go(path)
        assert alice.page.evaluate("typeof privet.track") == "function"
    assert [said for said in alice.complaints if "404" not in said] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_no_page_has_a_barrier(somebody: Open, scheme: str, width: int) -> None:
    size = {"width": width, "height": 800}
    alice = somebody(color_scheme=scheme, viewport=size, bypass_csp=True)
    alice.sign_up()
    expect(alice.page.get_by_role("dialog")).to_be_visible()
    found = _violations(alice.page)
    alice.answer_banner("Reject all")
    alice.enrol()
    for path in (*OPEN, *CLOSED):
        alice.go(path)
        found += _violations(alice.page)
        assert alice.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert found == []


def test_everything_works_without_scripts(somebody: Open) -> None:
    alice = somebody(java_script_enabled=False)
    alice.sign_up()
    alice.enrol()
    alice.solve_a_problem()
    # By the keyboard: the page jumps to the answer, and a pointer may miss what has moved.
    alice.page.get_by_role("link", name="Forum").press("Enter")
    expect(alice.page.get_by_role("heading", level=1)).to_have_text("Forum")
    alice.page.get_by_label("Title").fill("Why?")
    alice.page.get_by_label("Text", exact=True).fill("Because.")
    alice.page.get_by_role("button", name="Publish").click()
    expect(alice.page.get_by_role("heading", level=1)).to_have_text("Why?")
    alice.open_privacy_page()
    expect(alice.page.get_by_role("heading", level=1)).to_be_visible()


def test_a_visitor_without_scripts_can_decide(somebody: Open) -> None:
    mallory = somebody(java_script_enabled=False)
    mallory.go("/")
    mallory.page.get_by_role("contentinfo").get_by_role("link", name="Cookie choices").click()
    mallory.page.get_by_role("button", name="Reject all").click()
    assert "privet_consent" in mallory.cookies()
    assert "privet_visitor" not in mallory.cookies()


def test_the_privacy_page_opens_twice_from_one_page(somebody: Open) -> None:
    alice = somebody()
    alice.sign_up()
    alice.answer_banner("Reject all")
    for _ in range(2):
        alice.go("/about")
        alice.open_privacy_page()
        alice.page.go_back()
        alice.open_privacy_page()
        expect(alice.page.get_by_role("link", name="My data", exact=True).first).to_be_visible()


def test_an_account_of_the_box_opens_the_site(demo: Demo, somebody: Open) -> None:
    alice = somebody()
    alice.go("/sign-in")
    alice.page.get_by_label("E-mail address").fill("alice@hedgerow.example")
    alice.page.get_by_label("Password").fill(demo.password_of("alice@hedgerow.example"))
    alice.page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(alice.page.get_by_role("heading", name="Go on where you were")).to_be_visible()
    assert demo.password_of("alice@hedgerow.example") != PASSWORD


def test_every_role_of_the_box_comes_in(demo: Demo, somebody: Open) -> None:
    people = json.loads((demo.home / "accounts.json").read_text("utf-8"))
    roles = {
        "analyst", "tutor", "privacy_officer", "integrity_officer", "member", "operator",
    }  # fmt: skip
    for person in [one for one in people if one["role"] in roles]:
        staff = somebody()
        staff.enter_console(person["email"])
        assert "/console/" in staff.page.url


def test_the_demo_leaves_nothing_running_and_begins_again_where_it_was(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with run_demo(home) as first:
        accounts = (home / "accounts.json").read_bytes()
        group = _processes_of(home)
        assert len(group) >= 3
    assert first.process.returncode == 0
    eventually(lambda: _processes_of(home) == set())
    with pytest.raises(URLError):
        urlopen(f"{first.url}/health", timeout=2)  # noqa: S310 - our own address
    with run_demo(home) as second:
        assert (home / "accounts.json").read_bytes() == accounts
        with urlopen(f"{second.url}/health", timeout=20) as answer:  # noqa: S310 - the same
            assert answer.status == 200
        second.process.send_signal(signal.SIGKILL)
        eventually(lambda: _processes_of(home) == set())


def _violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{page.url} {one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]
    ]


def _processes_of(home: Path) -> set[int]:
    """The processes whose environment names this home."""
    mark = f"HEDGEROW_HOME={home}".encode()
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.add(int(process.name))
        except OSError:
            continue
    return found
