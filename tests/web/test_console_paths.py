"""The pages about paths, ways of linking and origin: what stands on them, and their files."""

import csv
import io

import pytest
from django.test import Client

from privet.accounts.roles import Role
from privet.insight.paths_results import UsedLine
from privet.kernel.config import Config
from privet.web.console.page_names import choose_page, say_page
from privet.web.console.used import used_table
from tests.insight.expected import agreed, shown
from tests.insight.scenes import NOON, Scene
from tests.insight.scenes import shown as shown_of
from tests.population import Learner, make_staff
from tests.web.conftest import SignIn

HOME, UNIT = "/courses/hedges/learn", "/courses/hedges/units/1"
DAYS = f"from={NOON:%Y-%m-%d}&to={NOON:%Y-%m-%d}"


def _rows(client: Client, address: str) -> list[dict[str, str]]:
    text = client.get(address).content.decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def scene(empty_home: Config) -> Scene:
    """A lake in which nothing has happened yet."""
    return Scene(empty_home)


@pytest.fixture
def walks(scene: Scene, sign_in: SignIn) -> Client:
    """Bob, and twenty learners who went from a course's home to its first unit by two links."""
    for learner in range(20):
        scene.act(learner, "page_view", page=HOME, order=1, referrer="duckduckgo.com")
        scene.act(learner, "page_leave", minute=1, page=HOME, visible_seconds=30.0, scrolled=1.0)
        scene.act(learner, "link_click", minute=1, page=HOME, target=UNIT,
                  text="Go on" if learner < 14 else "Unit 1", place="main")  # fmt: skip
        scene.act(learner, "page_view", minute=2, page=UNIT, order=2, previous=HOME)
        scene.act(learner, "control_use", minute=3, page=UNIT, control="<check>", role="button")
    scene.load()
    return sign_in(make_staff("bob@example.org", Role.ANALYST))


def test_paths_show_flows_ends_and_what_is_used(walks: Client) -> None:
    page = walks.get(f"/console/paths?{DAYS}").content.decode()
    for name in ("flow", "entries", "exits", "used"):
        assert f'id="chart-{name}-data"' in page
    assert "…/units/1" in page
    (flow,) = _rows(walks, f"/console/paths?{DAYS}&table=flow&format=csv")
    assert (flow["step"], flow["from"], flow["to"]) == (
        "2",
        "/courses/*/learn",
        "/courses/*/units/1",
    )
    assert int(flow["learners"]) == shown_of(range(20))


def test_the_heat_list_is_that_of_the_page_in_the_address(walks: Client) -> None:
    address = f"/console/paths?{DAYS}&path=/courses/*/units/1&table=used&format=csv"
    (control,) = _rows(walks, address)
    assert (control["what"], control["kind"], control["share"]) == ("<check>", "control", "1.0")
    page = walks.get(f"/console/paths?{DAYS}&path=/courses/*/units/1").content.decode()
    assert "What is used on …/units/1" in page
    assert '<option value="/courses/*/units/1" selected>' in page
    assert "<check>" not in page


def test_the_form_of_the_heat_list_keeps_the_other_filters(walks: Client) -> None:
    page = walks.get(f"/console/paths?{DAYS}&course=c1&sort=pages.page").content.decode()
    assert '<input type="hidden" name="course" value="c1">' in page
    assert 'name="sort"' not in page


def test_a_step_leads_to_its_ways_of_linking(walks: Client) -> None:
    page = walks.get(f"/console/paths?{DAYS}").content.decode()
    assert (
        f"/console/ways?{DAYS.replace('&', '&amp;')}&amp;path=%2Fcourses%2F%2A%2Flearn&amp;next="
        in page
    )


def test_ways_are_shown_with_their_learners_and_shares(walks: Client) -> None:
    address = f"/console/ways?{DAYS}&path=/courses/*/learn&next=/courses/*/units/1"
    rows = _rows(walks, f"{address}&table=ways&format=csv")
    assert [row["words"] for row in rows] == ["Go on", "Unit 1"]
    assert [int(row["learners"]) for row in rows] == [shown_of(range(14)), shown_of(range(14, 20))]
    assert sum(float(row["share"]) for row in rows) == pytest.approx(1)
    page = walks.get(address).content.decode()
    assert "From …/learn to …/units/1" in page


def test_before_two_pages_are_chosen_the_page_says_what_it_will_show(walks: Client) -> None:
    page = walks.get(f"/console/ways?{DAYS}").content.decode()
    assert "Choose two pages" in page
    assert '<option value="/courses/*/learn">' in page


def test_origin_shows_sites_and_says_whose_advertisements_it_reads(walks: Client) -> None:
    page = walks.get(f"/console/origin?{DAYS}").content.decode()
    assert "read under the <strong>marketing</strong> use" in page
    assert "No advertisement was seen in these days" in page
    (site,) = _rows(walks, f"/console/origin?{DAYS}&table=sites&format=csv")
    assert (site["origin"], site["kind"]) == ("duckduckgo.com", "search")
    assert int(site["learners"]) == shown_of(range(20))


def test_a_device_narrows_paths_and_origin(walks: Client) -> None:
    for address in ("paths?table=pages", "origin?table=kinds"):
        rows = _rows(walks, f"/console/{address}&{DAYS}&device=mobile&format=csv")
        assert int(rows[0]["learners"]) == shown_of(range(1, 20, 2))


def test_pages_of_a_month_count_those_who_agreed(bob: Client, filled: list[Learner]) -> None:
    rows = _rows(bob, "/console/paths?days=all&table=pages&format=csv")
    counted = {row["page"]: int(row["learners"]) for row in rows}
    assert counted["/courses/*"] == shown(agreed(filled))


def test_a_path_is_said_shortly() -> None:
    assert say_page("/courses/*") == "/courses/…"
    assert say_page("/courses/*/units/2") == "…/units/2"
    assert say_page("") == "unknown page"


def test_a_choice_has_each_page_once_and_the_chosen_one_in_any_case() -> None:
    choice = choose_page("page", "Page", "/gone", ["/b", "/a", "/b", ""])
    assert [value for value, _ in choice.options] == ["/a", "/b", "/gone"]


def test_what_has_no_name_is_called_unknown() -> None:
    line = UsedLine(name="link_click", target="", words="", place="", learners=3, clicks=3)
    control = UsedLine(name="control_use", target="", words="", place="", learners=3, clicks=0)
    first, second = used_table([line, control], is_one_page=False).rows
    assert (first[0].words, second[0].words) == ("unknown", "unknown")
    empty = used_table([control], is_one_page=True).rows[0]
    assert empty[-1] is None
