"""Small counts on pages and in files: the same noise on every path, and shares made of it."""

import csv
import io
import json

from django.test import Client

from tests.insight.expected import agreed, shown
from tests.population import Learner

PAGE = "/console/activity?days=all"


def _csv(client: Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(address).content.decode())))


def _json(client: Client, address: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(client.get(address).content)["rows"]
    return rows


def test_page_csv_and_json_say_the_same_and_again(bob: Client, filled: list[Learner]) -> None:
    as_csv = _csv(bob, f"{PAGE}&table=courses&format=csv")
    as_json = _json(bob, f"{PAGE}&table=courses&format=json")
    turned = _csv(bob, f"{PAGE}&table=courses&format=csv&sort=courses.learners")
    assert [row["learners"] for row in as_csv] == [str(row["learners"]) for row in as_json]
    assert sorted(map(str, as_csv)) == sorted(map(str, turned))
    assert as_csv == _csv(bob, f"{PAGE}&table=courses&format=csv")
    page = bob.get(PAGE).content.decode()
    for row in as_csv:
        assert f'<td class="amount">{row["learners"]}</td>' in page


def test_a_page_shows_the_protected_number_of_learners(bob: Client, filled: list[Learner]) -> None:
    page = bob.get(PAGE).content.decode()
    assert f'<dd class="value">{shown(agreed(filled))}</dd>' in page


def test_no_table_shows_one_or_two_learners(bob: Client, filled: list[Learner]) -> None:
    for page, tables in {
        "/console/activity": ("courses", "events", "over-time", "hours", "session-lengths"),
        "/console/places": ("countries", "network-kinds", "operators"),
    }.items():
        for table in tables:
            for row in _json(bob, f"{page}?days=all&table={table}&format=json"):
                assert row["learners"] not in (1, 2), (table, row)


def test_shares_are_made_of_protected_numbers(bob: Client, filled: list[Learner]) -> None:
    rows = _json(bob, "/console/places?days=all&table=countries&format=json")
    everybody = shown(agreed(filled))
    for row in rows:
        assert row["share"] == min(1, int(str(row["learners"])) / everybody)


def test_retention_is_made_of_protected_numbers(bob: Client, filled: list[Learner]) -> None:
    rows = _json(bob, f"{PAGE}&table=retention&format=json")
    assert rows
    for row in rows:
        enrolled, active = int(str(row["enrolled"])), int(str(row["learners"]))
        assert row["share"] == min(1, active / enrolled)
