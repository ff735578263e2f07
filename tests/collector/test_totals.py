"""Anonymous page totals: only numbers, only where the setting says so, and nothing else is kept."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from privet.catalogue.uses import Choice
from privet.collector.totals import EVERY_SECONDS, Allowance, Totals
from privet.events.page_totals import Cell, read_spool, spool_files
from tests.collector.kit import REFUSER, HandNetwork, Rig, allows

DAY = date(2026, 11, 21)
VIEW = Cell(DAY, "hedgerow", "/courses/x", "ES", "desktop")


def make(tmp_path: Path, *words: str, **parts: Any) -> Rig:
    rig = Rig(tmp_path, **parts)
    rig.config = replace(rig.config, anonymous_totals=words)
    return rig


def counted(rig: Rig) -> Counter[Cell]:
    found: Counter[Cell] = Counter()
    for path in spool_files(rig.config.totals):
        found += read_spool(path)
    return found


def test_a_visitor_who_has_not_decided_is_a_number_and_no_row(tmp_path: Path):
    rig = make(tmp_path, "ES")
    assert rig.run(rig.post(rig.batch())) == []
    assert counted(rig) == {VIEW: 1}


def test_so_is_one_who_refused(tmp_path: Path):
    rig = make(tmp_path, "opt_in")
    rig.run(rig.post(rig.batch(), {"cookie": rig.visitor_cookies(Choice(0))}))
    assert counted(rig) == {VIEW: 1}


def test_one_who_refused_is_left_out_where_the_setting_says_so(tmp_path: Path):
    rig = make(tmp_path, "opt_in", "except_refused")
    refused = {"cookie": rig.visitor_cookies(Choice(0))}
    rig.run(rig.post(rig.batch(), refused))
    assert counted(rig) == {}


def test_by_default_nobody_in_a_place_of_opt_in_is_counted(tmp_path: Path):
    rig = Rig(tmp_path)
    rig.run(rig.post(rig.batch()))
    assert counted(rig) == {}


def test_who_allowed_something_is_stored_and_not_counted(tmp_path: Path):
    rig = make(tmp_path, "ES")
    cookies = rig.visitor_cookies(Choice.PERFORMANCE)
    assert len(rig.run(rig.post(rig.batch(), {"cookie": cookies}))) == 1
    assert counted(rig) == {}


@pytest.mark.parametrize(
    "standing", [allows(restricted=True)._replace(uses=0), REFUSER._replace(restricted=True)]
)
def test_who_is_restricted_is_not_counted(tmp_path: Path, standing: Any):
    rig = make(tmp_path, "ES")
    rig.decide("alice", standing)
    rig.run(rig.post(rig.batch(token=rig.token())))
    assert counted(rig) == {}


def test_only_views_count(tmp_path: Path):
    rig = make(tmp_path, "ES")
    events = [rig.event("link_click"), rig.event("page_leave"), rig.event(page="")]
    rig.run(rig.post(rig.batch(*events)))
    assert counted(rig) == {}


def test_a_platforms_server_is_not_counted(tmp_path: Path):
    rig = make(tmp_path, "ES")
    rig.run(rig.post_server(rig.batch()))
    assert counted(rig) == {}


def test_a_machine_is_not_counted(tmp_path: Path):
    rig = make(tmp_path, "ES")
    rig.run(rig.post(rig.batch(), {"user-agent": "some bot"}))
    assert counted(rig) == {}


def test_a_browsers_signal_matters_only_if_the_setting_says_so(tmp_path: Path):
    heeds, ignores = make(tmp_path / "a", "ES", "except_gpc"), make(tmp_path / "b", "ES")
    for rig in (heeds, ignores):
        rig.run(rig.post(rig.batch(), {"sec-gpc": "1"}))
    assert (counted(heeds), counted(ignores)) == ({}, {VIEW: 1})


def test_a_page_is_counted_without_its_query_and_without_what_people_typed(tmp_path: Path):
    rig = make(tmp_path, "ES")
    page = "https://learn.hedge.example/reset/ab12cd34ef56?mail=alice@example.org#x"
    rig.run(rig.post(rig.batch(rig.event(page=page, referrer="https://search.example/?q=me"))))
    assert [cell.page for cell in counted(rig)] == ["/reset/*"]


def test_a_file_holds_numbers_of_a_day_and_tells_no_time(tmp_path: Path):
    rig = make(tmp_path, "ES")
    rig.run(rig.post(rig.batch(rig.event(), rig.event())))
    (path,) = spool_files(rig.config.totals)
    assert json.loads(path.read_text()) == [
        ["2026-11-21", "hedgerow", "/courses/x", "ES", "desktop", 2]
    ]
    assert path.stat().st_mtime == 0
    assert b"203.0.113" not in path.read_bytes()


class Names:
    """File names that count up."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self) -> str:
        self.number += 1
        return f"n{self.number}"


@contextmanager
def totals_at(directory: Path, **limits: int) -> Iterator[tuple[Totals, list[float]]]:
    seconds = [0.0]
    yield (
        Totals(
            allowance=Allowance(words=frozenset({"ES"})), network=HandNetwork(),
            directory=directory, new_name=Names(), monotonic=lambda: seconds[0], **limits,
        ),
        seconds,
    )  # fmt: skip


def test_a_file_is_written_each_minute_and_only_if_there_is_something(tmp_path: Path):
    with totals_at(tmp_path) as (totals, seconds):
        totals.add(VIEW)
        totals.flush_if_due()
        assert list(spool_files(tmp_path)) == []
        seconds[0] = EVERY_SECONDS
        totals.flush_if_due()
        totals.flush()
        assert [path.name for path in spool_files(tmp_path)] == ["n1.totals"]


def test_a_disk_that_is_full_loses_nothing(tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with totals_at(blocked) as (totals, _):
        totals.add(VIEW)
        totals.flush()
        blocked.unlink()
        totals.flush()
        assert read_spool(next(spool_files(blocked))) == {VIEW: 1}


def test_pages_without_end_end_in_one_number(tmp_path: Path):
    with totals_at(tmp_path, most_cells=2) as (totals, _):
        for number in range(5):
            totals.add(VIEW._replace(page=f"/{number}"))
        totals.flush()
        found = read_spool(next(spool_files(tmp_path)))
        assert found[VIEW._replace(page="*")] == 3


@pytest.mark.parametrize(
    ("words", "country", "gpc", "counts"),
    [
        ("opt_out", "US", False, True),
        ("opt_out", "FR", False, False),
        ("opt_out", "", False, False),
        ("opt_in unknown", "", False, True),
        ("opt_in", "FR", False, True),
        ("GB", "GB", True, True),
        ("GB except_gpc", "GB", True, False),
        ("", "US", False, False),
    ],
)
def test_where_views_count(words: str, country: str, gpc: bool, counts: bool):
    allowance = Allowance(words=frozenset(words.split()))
    assert allowance.allows(country, gpc=gpc) is counts


def test_a_damaged_file_counts_nothing(tmp_path: Path):
    path = tmp_path / "x.totals"
    path.write_bytes(b"[[")
    assert read_spool(path) == {}
    assert read_spool(tmp_path / "gone") == {}
