"""Anonymous page totals in the console, and the script that tells views for them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from privet.insight.models import PageTotal
from privet.insight.rules import Period
from privet.web.console.totals import totals_panel

TODAY = datetime.now(UTC).date()


@pytest.fixture
def counted(filled: object) -> None:
    for page, country, device, views in (
        ("/courses", "FR", "mobile", 40), ("/courses", "", "", 20), ("*", "FR", "desktop", 15),
        ("/rare", "FR", "mobile", 3),
    ):  # fmt: skip
        PageTotal.objects.create(
            day=TODAY - timedelta(days=1), site="hedgerow", page=page, country=country,
            device=device, views=views,
        )  # fmt: skip


def test_sums_are_shown_by_page_country_and_device(counted: None, bob: Client):
    page = bob.get("/console/totals").content.decode()
    for words in ("/courses", "France", "unknown", "all other pages", "Counted for people"):
        assert words in page
    assert "/rare" not in page


def test_each_table_is_a_file_too(counted: None, bob: Client):
    said = bob.get("/console/totals?format=json&table=pages").json()
    assert [row["views"] for row in said["rows"]] == [60, 15]


def test_of_a_hundred_years_only_days_are_shown_whose_totals_can_be_there(
    counted: None, bob: Client
):
    said = bob.get("/console/totals?days=36500&format=json&table=days").json()
    assert [row["views"] for row in said["rows"]][-2:] == [80, 0]
    assert len(said["rows"]) < 26 * 31


def test_before_the_first_view_it_says_how_to_begin(filled: object, bob: Client):
    assert "/api/v1/totals.js" in bob.get("/console/totals").content.decode()


def test_it_says_when_counting_is_off(filled: object, bob: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PRIVET_ANONYMOUS_TOTALS", "off")
    assert "Counting is off." in bob.get("/console/totals").content.decode()
    assert bob.get("/api/v1/totals.js").content == b""


def test_the_panel_has_the_sum_of_its_days(counted: None):
    period = Period(first=TODAY - timedelta(days=2), last=TODAY)
    assert totals_panel(period) == {"views": 80, "is_counting": True}


def test_the_script_may_be_loaded_by_any_platform(db: None):
    answer = Client().get("/api/v1/totals.js")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert b"sendBeacon" in answer.content
