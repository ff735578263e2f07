"""The pages in a real browser: nothing that axe finds, nothing too wide, nothing blocked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from privet.accounts.roles import Role
from privet.accounts.service import grant_role
from privet.kernel.config import read_config
from tests.browser import PATIENCE_MS, database_beside_browser, launched
from tests.population import Learner, make_alice, make_staff
from tests.web.conftest import BACKEND
from tests.web.test_console import _let_arrive

AXE = Path(__file__).parents[2] / "sdk/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STAFF = (
    "/console/paths", "/console/ways", "/console/experiments", "/console/origin",
    "/console/content", "/console/at-risk", "/console/learners",
    "/console/activity", "/console/places", "/console/technique", "/console/live",
    "/console/reports", "/console/totals", "/console/intake", "/accounts/password/change/",
    "/console/cookies", "/console/registry", "/console/scans",
    "/console/integrity", "/console/integrity/findings",
    "/console/integrity/fairness", "/console/integrity/prevention",
    "/console/integrity/thresholds",
    "/console/privacy", "/console/consent", "/console/ledger",
    "/console/policies",
)  # fmt: skip
LEARNER = (
    "/privacy/", "/privacy/data", "/privacy/looks", "/privacy/choices", "/privacy/honor",
    "/privacy/regime", "/privacy/integrity",
)  # fmt: skip
VISITOR = (
    "/accounts/login/",
    "/accounts/signup/",
    "/privacy/choices",
    "/privacy/honor",
    "/privacy/regime",
    "/privacy/notices/sign-up",
    "/privacy/notices/enrolment",
    "/nothing",
    "/policies/cookies",
    "/policies/privacy",
    "/policies/cookies/changes",
)
PAGES = {"staff": STAFF, "learner": LEARNER, "visitor": VISITOR}
WIDTHS = (320, 768, 1440)
SETTLING = 50
"""Tenths of a second that a page may take to follow the window."""
TOO_WIDE = """() => [...document.querySelectorAll('main *, header *')]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 5).map((one) => one.outerHTML.slice(0, 90))"""
TOO_SMALL = """() => [...document.querySelectorAll('a, button, summary, select, input')]
  .filter((one) => {
    const box = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    return box.height > 0 && box.height < 43.5 && style.display !== 'inline'
      && one.type !== 'hidden' && !one.classList.contains('skip');
  }).map((one) => one.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with database_beside_browser(), launched() as browser:
        yield browser


@pytest.fixture
def sessions(transactional_db: None, filled: list[Learner]) -> dict[str, str]:
    """The session of each who looks; a visitor has none."""
    _let_arrive(read_config())
    staff = make_staff("oscar@example.org", Role.OPERATOR)
    grant_role(account_id=staff.pk, role=Role.ANALYST, by="test")
    grant_role(account_id=staff.pk, role=Role.TUTOR, by="test")
    grant_role(account_id=staff.pk, role=Role.MEMBER, by="test")
    grant_role(account_id=staff.pk, role=Role.PRIVACY_OFFICER, by="test")
    grant_role(account_id=staff.pk, role=Role.INTEGRITY_OFFICER, by="test")
    found = {"visitor": ""}
    for name, account in (("staff", staff), ("learner", make_alice(filled[0]))):
        client = Client()
        client.force_login(account, backend=BACKEND)
        found[name] = client.cookies["privet_session"].value
    return found


def _context(browser: Browser, live_server: LiveServer, session: str) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    if session:
        cookie = {"name": "privet_session", "value": session, "url": live_server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
    return context


def _faults(page: Page, url: str) -> Iterator[tuple[str, object]]:
    """What is wrong with a page, in every width and colour."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(url, wait_until="networkidle")
    # That a preloaded font waits for its page is said of a busy machine, not of the page.
    yield "console", [text for text in said if "404" not in text and "preload" not in text]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if not _fits(page):
            yield f"too wide at {width}", page.evaluate(TOO_WIDE)
        yield f"too small at {width}", page.evaluate(TOO_SMALL)
    page.evaluate(AXE.read_text())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        yield f"axe in {scheme}", [violation["id"] for violation in found["violations"]]


def _fits(page: Page) -> bool:
    """Whether nothing stands out at the right once the charts have followed the window."""
    for _ in range(SETTLING):
        if page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            return True
        page.wait_for_timeout(100)
    return False


@pytest.mark.parametrize("who", PAGES)
def test_no_page_has_a_fault_in_any_width_or_colour(
    who: str, browser: Browser, live_server: LiveServer, sessions: dict[str, str]
) -> None:
    with _context(browser, live_server, sessions[who]) as context:
        faults = {}
        for path in PAGES[who]:
            page = context.new_page()
            found = {kind: what for kind, what in _faults(page, live_server.url + path) if what}
            if found:
                faults[path] = found
            page.close()
    assert faults == {}


@pytest.fixture
def staff(browser: Browser, live_server: LiveServer, sessions: dict[str, str]) -> Iterator[Page]:
    with _context(browser, live_server, sessions["staff"]) as context:
        yield context.new_page()


def test_each_chart_is_drawn(staff: Page, live_server: LiveServer) -> None:
    drawn = {"paths": 3, "origin": 1, "activity": 2, "places": 2, "technique": 3}
    for path, number in drawn.items():
        staff.goto(f"{live_server.url}/console/{path}")
        staff.locator(".picture canvas").nth(number - 1).wait_for()
        assert staff.locator(".picture canvas").count() >= number, path


SHOWN_COLOURS = """() => [...document.querySelectorAll('[data-chart]')].flatMap((element) => {
  const chart = echarts.getInstanceByDom(element);
  return chart.getModel().getSeriesByType('bar').map((one) => {
    const [bars, plain] = [one.getData(), one.getData().getVisual('style').fill];
    return { name: one.name, legend: plain, bars: bars.mapArray(
      (_, index) => bars.getItemVisual(index, 'style')?.fill ?? plain) };
  }).filter(() => chart.getOption().legend?.[0]?.show);
})"""


def test_a_legend_shows_the_colour_of_its_bars(staff: Page, live_server: LiveServer) -> None:
    staff.goto(f"{live_server.url}/console/activity")
    staff.locator(".picture canvas").nth(5).wait_for()
    shown = staff.evaluate(SHOWN_COLOURS)
    assert shown
    assert all(set(one["bars"]) <= {one["legend"]} for one in shown), shown


FIT = """([names, width, lines]) => {
  const { colours, fitNames, measure } = privetCharts;
  const long = measure(colours(), 14);
  const written = [...fitNames(names, { width, lines }, long).values()];
  return written.map((text) => [text, Math.max(...text.split("\\n").map(long))]);
}"""
COURSE = "/courses/course-v1:Hedge+P120+2026"
ADDRESSES = {
    "end": [f"{COURSE}/units/{unit}" for unit in range(1, 13)],
    "beginning": [f"/{tool}/of/the/course/in/every/unit" for tool in ("forum", "notes", "wiki")],
    "middle": [f"{COURSE}/units/{unit}/of-the-course-in-autumn" for unit in ("hedge", "oak")],
    "short": ["/", "/courses", "/search"],
}


@pytest.mark.parametrize("differ", ADDRESSES)
@pytest.mark.parametrize(("width", "lines"), [(90, 2), (72, 1), (200, 1)])
def test_names_that_are_cut_stay_apart(
    differ: str, width: int, lines: int, staff: Page, live_server: LiveServer
) -> None:
    staff.goto(f"{live_server.url}/console/paths")
    fitted = staff.evaluate(FIT, [ADDRESSES[differ], width, lines])
    assert len({text for text, _ in fitted}) == len(ADDRESSES[differ]), fitted
    assert all(long <= width for _, long in fitted), fitted


BELOW = """() => [...document.querySelectorAll('[data-chart]')].flatMap((element) => {
  const chart = echarts.getInstanceByDom(element);
  const [axis] = chart.getOption().xAxis ?? [{}];
  const labels = axis.axisLabel?.formatter && chart.getOption().series[0].type === 'heatmap';
  return labels ? [[axis.data.map(axis.axisLabel.formatter), axis.axisLabel.interval]] : [];
})"""


def test_each_of_a_few_columns_of_squares_is_named(staff: Page, live_server: LiveServer) -> None:
    staff.goto(f"{live_server.url}/console/activity")
    staff.locator(".picture canvas").nth(5).wait_for()
    named = staff.evaluate(BELOW)
    assert named
    assert all(all(names) and interval == 0 for names, interval in named), named


LEGENDS = """() => [...document.querySelectorAll('[data-chart]')].flatMap((element) => {
  const chart = echarts.getInstanceByDom(element);
  return (chart.getOption().legend ?? []).filter(({ show }) => show).map(({ type }) => {
    const view = chart.getViewOfComponentModel(chart.getModel().getComponent('legend'));
    const box = view.group.getBoundingRect();
    const grid = chart.getModel().getComponent('grid').coordinateSystem.getRect();
    return { type, right: box.x + view.group.x + box.width <= chart.getWidth() + 1,
             above: box.y + view.group.y + box.height <= grid.y + 1 };
  });
})"""


@pytest.mark.parametrize("path", ["content", "activity"])
def test_a_legend_is_shown_whole_on_a_phone(
    path: str, staff: Page, live_server: LiveServer
) -> None:
    staff.set_viewport_size({"width": 360, "height": 800})
    staff.goto(f"{live_server.url}/console/{path}")
    staff.locator(".picture canvas").first.wait_for()
    shown = staff.evaluate(LEGENDS)
    assert shown
    assert shown == [{"type": "plain", "right": True, "above": True}] * len(shown)


INK = """() => {
  const shown = echarts.getInstanceByDom(document.querySelector('[data-chart]'));
  return shown.getOption().yAxis[0].axisLabel.color;
}"""


def test_a_picture_that_is_dark_on_the_screen_is_printed_light(
    staff: Page, live_server: LiveServer
) -> None:
    light_ink, dark_ink = "#59645c", "#9aa69e"
    theme = {"name": "privet_theme", "value": "dark", "url": live_server.url}
    staff.context.add_cookies([theme])  # type: ignore[list-item]
    staff.goto(f"{live_server.url}/console/activity")
    staff.locator(".picture canvas").first.wait_for()
    assert staff.evaluate(INK).lower() == dark_ink
    staff.emulate_media(media="print")
    staff.wait_for_function(f"({INK})().toLowerCase() === '{light_ink}'")


def test_a_page_without_scripts_has_its_figures_in_tables(
    browser: Browser, live_server: LiveServer, sessions: dict[str, str]
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        context.set_default_timeout(PATIENCE_MS)
        cookie = {"name": "privet_session", "value": sessions["staff"], "url": live_server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(f"{live_server.url}/console/places")
        page.locator("#chart-map summary", has_text="Table").click()
        expect(page.locator("#chart-map table")).to_be_visible()
        expect(page.locator("#chart-map .picture")).not_to_be_visible()


def test_a_filter_opens_and_closes_by_keyboard(staff: Page, live_server: LiveServer) -> None:
    staff.goto(f"{live_server.url}/console/activity")
    days = staff.locator("details.filter", has_text="last 28 days")
    days.locator("summary").focus()
    staff.keyboard.press("Enter")
    expect(days.locator(".panel")).to_be_visible()
    staff.keyboard.press("Escape")
    expect(days.locator(".panel")).not_to_be_visible()


def test_live_renews_itself(staff: Page, live_server: LiveServer) -> None:
    staff.goto(f"{live_server.url}/console/live")
    with staff.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        pass
    expect(staff.locator("#live table")).to_be_visible()


WITH_A_LONG_NAME = """() => {
  const table = document.querySelector('#live table');
  const name = table.querySelector('tbody tr').children[1];
  name.textContent = 'edx.course.enrollment.deactivated_again';
  const frame = table.closest('.table-wrap');
  return frame.scrollWidth <= frame.clientWidth;
}"""


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_column_of_live_is_cut_by_the_name_of_an_event(
    width: int, staff: Page, live_server: LiveServer
) -> None:
    staff.set_viewport_size({"width": width, "height": 900})
    staff.goto(f"{live_server.url}/console/live?show=paused")
    assert staff.evaluate(WITH_A_LONG_NAME)


def test_the_first_key_leads_past_the_navigation(staff: Page, live_server: LiveServer) -> None:
    staff.goto(f"{live_server.url}/console/activity")
    staff.keyboard.press("Tab")
    assert staff.evaluate("document.activeElement.getAttribute('href')") == "#main"
