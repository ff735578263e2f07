"""The console's pages, empty and filled, with their files."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client

from privet.accounts.roles import Role
from privet.catalogue.uses import Use
from privet.events.backlog import Room
from privet.events.live import Arrival, LiveWriter
from privet.events.worker_status import WorkerStatus, write_status
from privet.intake.models import Import
from privet.kernel.clock import SystemClock, to_micros
from privet.kernel.config import Config, read_config
from tests.insight.expected import agreed, shown
from tests.population import BRAMBLE, HEDGE, POETRY, STATISTICS, Learner, make_staff
from tests.web.conftest import SignIn

DASHBOARDS = ("/console/activity", "/console/places", "/console/technique")


def _rows(client: Client, address: str) -> list[dict[str, str]]:
    text = client.get(address).content.decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("address", DASHBOARDS)
def test_an_empty_dashboard_says_what_will_appear_and_how(
    address: str, empty_home: Config, sign_in: SignIn
) -> None:
    client = sign_in(make_staff("bob@example.org", Role.ANALYST))
    page = client.get(address).content.decode()
    assert "No events to show yet" in page
    assert "privet import edx" in page


@pytest.mark.parametrize("address", DASHBOARDS)
def test_a_filled_dashboard_has_its_pictures_and_their_tables(address: str, bob: Client) -> None:
    page = bob.get(address).content.decode()
    pictures = re.findall(r'data-chart="([^"]+)"', page)
    assert pictures
    for name in pictures:
        data = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page)
        assert data is not None
        assert json.loads(data[1])["labels"]
    assert page.count("<table>") >= len(pictures)


def test_activity_counts_those_who_agreed(bob: Client, filled: list[Learner]) -> None:
    rows = _rows(bob, "/console/activity?days=all&format=csv&table=courses")
    counted = {row["course"]: int(row["learners"]) for row in rows}
    at_poetry = [one for one in agreed(filled) if one.number % 3 == 2]
    assert counted[POETRY] == shown(at_poetry)


def test_the_page_says_what_share_of_learners_it_shows(bob: Client, filled: list[Learner]) -> None:
    page = bob.get("/console/activity?days=all").content.decode()
    share = round(100 * shown(agreed(filled)) / shown(filled))
    assert f"You see <strong>{share}\N{NARROW NO-BREAK SPACE}%</strong>" in page


def test_an_analyst_of_one_institution_sees_no_other(carol: Client) -> None:
    rows = _rows(carol, "/console/activity?days=all&format=csv&table=courses")
    assert {row["institution"] for row in rows} == {BRAMBLE}
    page = carol.get("/console/activity?days=all").content.decode()
    assert "Hedge University" not in page
    assert STATISTICS not in page


def test_asking_for_another_institution_shows_nothing_of_it(carol: Client) -> None:
    rows = _rows(carol, f"/console/activity?days=all&institution={HEDGE}&format=csv&table=courses")
    assert rows == []


def test_a_filter_in_the_address_narrows_the_page(bob: Client) -> None:
    rows = _rows(bob, f"/console/activity?days=all&institution={HEDGE}&format=csv&table=courses")
    assert {row["institution"] for row in rows} == {HEDGE}


def test_one_event_can_be_looked_at_alone(bob: Client) -> None:
    rows = _rows(bob, "/console/activity?days=all&event=page_view&format=csv&table=events")
    assert [row["event"] for row in rows] == ["page_view"]


def test_a_table_is_sorted_by_its_address(bob: Client) -> None:
    link = "/console/activity?days=all&format=csv&table=events&sort=events.event"
    names = [row["event"] for row in _rows(bob, link)]
    assert len(names) > 3
    assert _rows(bob, link.replace(".event", ".-event"))[0]["event"] != names[0]


def test_json_has_the_same_rows_as_csv(bob: Client) -> None:
    address = "/console/places?days=all&table=countries&format="
    found = json.loads(bob.get(f"{address}json").content)
    assert [row["country"] for row in found["rows"]] == [
        row["country"] for row in _rows(bob, f"{address}csv")
    ]


@pytest.mark.parametrize("wrong", ["format=csv&table=nothing", "format=xml&table=courses"])
def test_a_file_that_does_not_exist_is_not_found(wrong: str, bob: Client) -> None:
    assert bob.get(f"/console/activity?{wrong}").status_code == 404


@pytest.mark.parametrize(
    "days",
    ["days=x", "days=0", "days=99999999", "from=2026-02-31&to=2026-03-01", "from=2026-01-02"],
)
def test_days_that_cannot_be_read_are_said_and_replaced(days: str, bob: Client) -> None:
    page = bob.get(f"/console/activity?{days}").content.decode()
    assert "The last 28 days are shown instead." in page


@pytest.mark.parametrize("days", ["days=7", "days=90", "days=365", "days=all", "compare=none"])
def test_other_days_can_be_shown(days: str, bob: Client) -> None:
    assert bob.get(f"/console/activity?{days}").status_code == 200


def test_a_hostile_address_is_only_text(bob: Client) -> None:
    page = bob.get("/console/activity?course=%3Cscript%3Ealert(1)%3C/script%3E").content.decode()
    assert "<script>alert(1)" not in page


def test_places_name_countries_and_the_age_of_the_data(bob: Client) -> None:
    page = bob.get("/console/places?days=all").content.decode()
    assert "Spain" in page
    assert "Countries and networks are looked up in data of" in page


def _let_arrive(config: Config) -> None:
    live = LiveWriter(config.live, "test")
    now = to_micros(SystemClock().now())
    live.count("accepted", 3)
    live.count("dropped:undecided", 2)
    live.count("refused:bad_json", 1)
    live.count("field:unlisted_field", 4)
    live.count("requests", 5)
    live.room(2)
    live.show(
        [
            Arrival(name="page_view", uses=8, received=now, source="web:hedgerow", course=POETRY),
            Arrival(name="link_click", reason="undecided"),
        ]
    )
    live.flush()


def test_live_shows_what_the_gate_did_and_why(bob: Client) -> None:
    _let_arrive(read_config())
    page = bob.get("/console/live").content.decode()
    assert "page_view" in page
    assert "“You opened a page”" in page
    assert "The person has not decided yet" in page
    assert 'data-hx-trigger="every 2s"' in page


def test_of_a_dropped_event_live_shows_name_and_reason_only(bob: Client) -> None:
    _let_arrive(read_config())
    part = bob.get("/console/live", headers={"HX-Request": "true"}).content.decode()
    row = next(row for row in re.split(r"<tr\b[^>]*>", part) if "link_click" in row)
    assert "hedgerow" not in row
    assert POETRY not in row
    assert not re.search(r"\d\d:\d\d", row)


def test_live_sends_only_what_changes_to_its_own_script(bob: Client) -> None:
    part = bob.get("/console/live", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


def test_live_can_be_paused(bob: Client) -> None:
    assert "hx-trigger" not in bob.get("/console/live?show=paused").content.decode()


def test_an_empty_live_page_says_what_will_appear(empty_home: Config, sign_in: SignIn) -> None:
    client = sign_in(make_staff("bob@example.org", Role.ANALYST))
    assert "Nothing has arrived yet" in client.get("/console/live").content.decode()


def test_intake_explains_each_reason(oscar: Client) -> None:
    _let_arrive(read_config())
    page = oscar.get("/console/intake").content.decode()
    assert "The person has not decided yet" in page
    assert "The body was not JSON." in page
    assert "The catalogue lists no such field" in page


def test_intake_says_that_no_worker_runs(oscar: Client) -> None:
    (read_config().live / "worker.json").unlink(missing_ok=True)
    assert "worker not running" in oscar.get("/console/intake").content.decode()


def test_intake_says_how_far_the_rollups_are(oscar: Client) -> None:
    page = oscar.get("/console/intake").content.decode()
    assert "Rollups ready" in page
    assert "days; the others are counted from the events" in page


def test_intake_shows_what_waits_and_what_is_set_aside(oscar: Client, tmp_path: Path) -> None:
    config = read_config()
    waiting = config.log / "import-x"
    waiting.mkdir(parents=True, exist_ok=True)
    segment = waiting / f"{1:020d}.seg"
    segment.write_bytes(b"x" * 2000)
    config.quarantine.mkdir(parents=True, exist_ok=True)
    aside = config.quarantine / "part"
    aside.write_bytes(b"y")
    try:
        page = oscar.get("/console/intake").content.decode()
    finally:
        segment.unlink()
        aside.unlink()
    assert "1 segment, 2\N{NARROW NO-BREAK SPACE}kB" in page
    assert "1 damaged part of a segment" in page


@pytest.mark.parametrize(("left", "is_told"), [(200_000_000, True), (2_000_000_000, False)])
def test_intake_says_when_the_disk_is_nearly_full(
    oscar: Client, left: int, *, is_told: bool
) -> None:
    asked = oscar.get("/console/intake").wsgi_request
    page = render_to_string("console/intake.html", {"room": Room(free_bytes=left)}, asked)
    assert ("disk nearly full" in page) == is_told
    assert ("Make room on the disk" in page) == is_told


def test_intake_says_how_much_room_the_disk_has(oscar: Client) -> None:
    page = oscar.get("/console/intake").content.decode()
    assert re.search(r"<dt>Room on the disk</dt><dd>[\d.]+\s[kMGT]B</dd>", page)


def test_intake_lists_imports_with_what_became_of_each_line(oscar: Client) -> None:
    Import.objects.create(
        name="Spring",
        site="hedgerow",
        uses=int(Use.ANALYTICS),
        by="operator",
        started=SystemClock().now(),
        state="finished",
        request=b"x",
        lines=50,
        events=42,
        skipped={"comment": 5},
        rejected={"not_json": 3},
    )
    page = oscar.get("/console/intake").content.decode()
    assert "Spring" in page
    assert "comment 5, not_json 3" in page
    assert "Improving courses" in page


def test_intake_says_that_a_worker_runs_and_what_it_last_did(oscar: Client) -> None:
    _say_worker(read_config(), last_error="ab12cd34")
    page = oscar.get("/console/intake").content.decode()
    assert "worker running" in page
    assert "under the number ab12cd34" in page


def _say_worker(config: Config, **more: object) -> None:
    fields: dict[str, object] = {
        "beat": SystemClock().now(), "pid": 1, "segments_waiting": 0, "bytes_waiting": 0,
        "lag_seconds": 0.0, "events_loaded": 1, "dropped": {}, "parts_quarantined": 0,
        "last_pass": None, "lake_version": 1,
    }  # fmt: skip
    write_status(config.live, WorkerStatus(**(fields | more)))  # type: ignore[arg-type]


def test_intake_lists_the_data_about_addresses(oscar: Client) -> None:
    rows = _rows(oscar, "/console/intake?format=csv&table=sources")
    assert {row["licence"] for row in rows} >= {"PDDL"}


def test_home_leads_each_to_their_first_page(bob: Client, oscar: Client, alice: Client) -> None:
    assert bob.get("/console/")["Location"] == "/console/activity"
    assert oscar.get("/console/")["Location"] == "/console/live"
    assert alice.get("/console/")["Location"] == "/privacy/"


def test_the_navigation_has_only_what_opens(oscar: Client) -> None:
    page = oscar.get("/console/intake").content.decode()
    assert "/console/live" in page
    assert "/console/activity" not in page
